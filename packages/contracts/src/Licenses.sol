// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {BatchHeader, Claim, Permit} from "./interfaces/ICampaigns.sol";
import {IERC5643} from "./interfaces/IERC5643.sol";
import {ILicenses, Offer, OfferState, Sale, SaleStatus} from "./interfaces/ILicenses.sol";
import {IParameters} from "./interfaces/IParameters.sol";
import {IPassports, Newest, Version} from "./interfaces/IPassports.sol";
import {ISeals} from "./interfaces/ISeals.sol";
import {Seals} from "./Seals.sol";
import {ErrorsLib} from "./libraries/ErrorsLib.sol";
import {HeaderLib} from "./libraries/HeaderLib.sol";
import {SealLib} from "./libraries/SealLib.sol";
import {TermsLib} from "./libraries/TermsLib.sol";
import {TransferLib} from "./libraries/TransferLib.sol";
import {VersionLib} from "./libraries/VersionLib.sol";

/// @title Licenses
/// @notice ERC-721 licenses of datasets, sold in escrow.
contract Licenses is ILicenses, ERC721, ReentrancyGuardTransient {
    using HeaderLib for BatchHeader;
    using SafeCast for uint256;
    using VersionLib for Version;

    /// @dev A buyer waits no longer than this for the key or the money.
    uint256 private constant MAX_DELIVERY = 30 days;

    /// @dev `expiresAt` of a license that never ends.
    uint40 private constant NEVER = type(uint40).max;

    /// @dev What runs or waits under one passport.
    struct Market {
        /// @dev When the last of the licenses released so far ends that are not exclusive.
        uint40 runsUntil;
        /// @dev How many licenses that are not exclusive were sold and not released or refunded yet.
        uint56 waiting;
        /// @dev The exclusive license sold last.
        uint160 exclusive;
    }

    /// @dev What one source of a version has paid in one token.
    struct Paid {
        uint256 total;
        mapping(address account => uint256) to;
    }

    struct Seats {
        uint256 taken;
        mapping(address account => bool) has;
    }

    /* STORAGE */

    /// @inheritdoc ILicenses
    IPassports public immutable passports;

    /// @inheritdoc ILicenses
    IParameters public immutable parameters;

    /// @inheritdoc ILicenses
    ISeals public immutable seals = new Seals();

    /// @inheritdoc ILicenses
    mapping(address token => mapping(address account => uint256)) public balances;

    /// @inheritdoc ILicenses
    mapping(uint256 passportId => mapping(uint256 number => mapping(address token => uint256))) public pool;

    /// @dev Both start above zero, so that the first costs what the others do, and zero means none.
    uint40 private _nextOffer = 1;
    uint256 private _nextId = 1;

    /// @dev Offers are numbered, so that a sale names its offer in a few bits.
    mapping(bytes32 offerId => uint256 number) private _offerNumbers;
    mapping(uint256 number => OfferState) private _offers;
    mapping(uint256 licenseId => Sale) private _sales;
    mapping(uint256 licenseId => mapping(address owner => Seats)) private _seats;
    mapping(uint256 passportId => Market) private _markets;
    mapping(uint256 passportId => mapping(uint256 number => mapping(address token => mapping(bytes32 batch => Paid))))
        private _paid;

    constructor(IPassports passports_, IParameters parameters_) ERC721("Tagger License", "TAGL") {
        require(
            address(passports_) != address(0) && address(parameters_) != address(0), ErrorsLib.ZeroAddress()
        );
        passports = passports_;
        parameters = parameters_;
    }

    /* OFFERS */

    /// @inheritdoc ILicenses
    function createOffer(Offer calldata offer) external returns (bytes32 id) {
        id = _id(offer);
        require(
            passports.ownerOf(offer.passportId) == msg.sender,
            ErrorsLib.NotPassportOwner(offer.passportId, msg.sender)
        );
        require(_offerNumbers[id] == 0, ErrorsLib.OfferExists(id));
        require(offer.token.code.length != 0, ErrorsLib.NotAToken(offer.token));
        require(
            offer.deliverWithin != 0 && offer.deliverWithin <= MAX_DELIVERY,
            ErrorsLib.DeliveryTimeOutOfBounds(offer.deliverWithin, MAX_DELIVERY)
        );

        uint256 number = _nextOffer++;
        _offerNumbers[id] = number;
        _offers[number].offer = offer;
        _offers[number].seller = msg.sender;

        emit OfferCreated(id, offer.passportId, offer);
    }

    /// @inheritdoc ILicenses
    function withdrawOffer(bytes32 id) external {
        OfferState storage state = _offers[_offerNumbers[id]];
        require(state.seller == msg.sender, ErrorsLib.NotSeller(msg.sender, state.seller));
        require(!state.withdrawn, ErrorsLib.OfferUnavailable(id));

        state.withdrawn = true;

        emit OfferWithdrawn(id);
    }

    /* SALES */

    /// @inheritdoc ILicenses
    function purchase(
        Offer calldata offer,
        bytes32 version,
        uint256 maxPrice,
        bytes calldata buyerPublicKey,
        Permit calldata permit
    ) external nonReentrant returns (uint256 licenseId) {
        Newest memory newest = passports.newest(offer.passportId);
        require(version == newest.hash, ErrorsLib.NotNewestVersion(offer.passportId, newest.hash));
        require(offer.price <= maxPrice, ErrorsLib.PriceAboveMax(offer.price, maxPrice));
        bytes32 key = SealLib.requirePoint(buyerPublicKey);

        licenseId = _nextId++;
        bytes32 id = _enter(licenseId, offer, newest, key);
        // Not `_safeMint`: no callback may stand in the way of a state change.
        _mint(msg.sender, licenseId);

        emit Purchased(licenseId, id, msg.sender, offer.passportId, newest.number, offer.price, buyerPublicKey);

        TransferLib.pull(offer.token, offer.price, permit);
    }

    /// @inheritdoc ILicenses
    function deliver(uint256 licenseId, bytes calldata sealedKey) external {
        Sale storage sale = _requireStatus(licenseId, SaleStatus.Paid);
        OfferState storage state = _offers[sale.offer];
        require(
            msg.sender == state.seller || msg.sender == state.offer.deliverer,
            ErrorsLib.NotDeliverer(licenseId, msg.sender)
        );
        require(block.timestamp <= sale.until, ErrorsLib.DeliveryLate(sale.until));
        SealLib.requireSealed(sealedKey);

        sale.status = SaleStatus.Delivered;
        sale.until = (block.timestamp + sale.inspection).toUint40();
        uint256 duration = state.offer.duration;
        sale.expiresAt = duration == 0 ? NEVER : uint40(Math.min(block.timestamp + duration, NEVER));
        sale.key = _commitment(sale.key, sealedKey);

        emit Delivered(licenseId, sealedKey, sale.until);
        emit SubscriptionUpdate(licenseId, _endOf(sale));
    }

    /// @inheritdoc ILicenses
    function release(uint256 licenseId) external {
        Sale storage sale = _requireStatus(licenseId, SaleStatus.Delivered);
        require(
            block.timestamp > sale.until || msg.sender == ownerOf(licenseId), ErrorsLib.InspectionRuns(sale.until)
        );
        OfferState storage state = _offers[sale.offer];

        sale.status = SaleStatus.Released;
        if (!state.offer.isExclusive) {
            Market storage market = _markets[state.offer.passportId];
            market.waiting -= 1;
            if (market.runsUntil < sale.expiresAt) market.runsUntil = sale.expiresAt;
        }
        (uint256 fee, uint256 contributors, uint256 rest) =
            _split(sale, state, state.offer.price, sale.protocolFeeBps);

        emit Released(licenseId, state.seller, fee, contributors, rest);
    }

    /// @inheritdoc ILicenses
    function refundLicense(uint256 licenseId) external nonReentrant {
        Sale storage sale = _requireStatus(licenseId, SaleStatus.Paid);
        require(block.timestamp > sale.until, ErrorsLib.DeliveryDue(sale.until));

        (address buyer, address token, uint256 price) = _undo(licenseId, sale);

        if (price != 0) TransferLib.push(token, buyer, price);
    }

    /// @inheritdoc ILicenses
    function disputeDelivery(uint256 licenseId, Version calldata version, bytes calldata sealedKey, uint256 secret)
        external
    {
        Sale storage sale = _requireStatus(licenseId, SaleStatus.Delivered);
        require(block.timestamp <= sale.until, ErrorsLib.InspectionOver(sale.until));
        bytes32 sold = passports.hashOf(_offers[sale.offer].offer.passportId, sale.version);
        require(version.hash() == sold, ErrorsLib.WrongVersion(sold, version.hash()));
        (bytes32 key, bytes32 buyerKey) = seals.open(sealedKey, secret);
        require(_commitment(buyerKey, sealedKey) == sale.key, ErrorsLib.NotDeliveredTo(licenseId, buyerKey));
        require(sha256(abi.encode(key)) != version.keyHash, ErrorsLib.KeyMatches(licenseId));

        emit DeliveryDisputed(licenseId, secret);

        (address buyer, address token, uint256 price) = _undo(licenseId, sale);
        // Not paid here: a token that refuses the buyer until the time to look is over must not decide this.
        balances[token][buyer] += price;
    }

    /* RUNNING LICENSES */

    /// @inheritdoc ILicenses
    function renew(uint256 licenseId, uint256 periods, Permit calldata permit) external nonReentrant {
        (address token, uint256 price) = _renew(licenseId, periods);
        TransferLib.pull(token, price, permit);
    }

    /// @inheritdoc IERC5643
    /// @dev Paid in the offer's token, which needs an allowance; `duration` must be so many times the offer's.
    function renewSubscription(uint256 licenseId, uint64 duration) external payable nonReentrant {
        require(msg.value == 0, ErrorsLib.NoEther(msg.value));
        uint256 period = _offers[_sales[licenseId].offer].offer.duration;
        require(period != 0 && duration % period == 0, ErrorsLib.NotRenewable(licenseId));
        (address token, uint256 price) = _renew(licenseId, duration / period);
        TransferLib.pull(token, price);
    }

    /// @inheritdoc IERC5643
    /// @dev Only the license's owner; nothing is paid back.
    function cancelSubscription(uint256 licenseId) external payable {
        require(msg.value == 0, ErrorsLib.NoEther(msg.value));
        _requireLicensee(licenseId);
        Sale storage sale = _requireStatus(licenseId, SaleStatus.Released);
        require(sale.expiresAt > block.timestamp, ErrorsLib.LicenseOver(licenseId, sale.expiresAt));

        sale.expiresAt = uint40(block.timestamp);

        emit SubscriptionUpdate(licenseId, uint64(block.timestamp));
    }

    /// @inheritdoc ILicenses
    function takeSeat(uint256 licenseId, address account) external {
        _requireLicensee(licenseId);
        require(account != address(0), ErrorsLib.ZeroAddress());
        Seats storage seats = _seats[licenseId][msg.sender];
        require(!seats.has[account], ErrorsLib.SeatTakenAlready(licenseId, account));
        uint256 max = _offers[_sales[licenseId].offer].offer.seats;
        require(seats.taken < max, ErrorsLib.NoSeatLeft(licenseId, max));

        seats.taken += 1;
        seats.has[account] = true;

        emit SeatTaken(licenseId, msg.sender, account);
    }

    /// @inheritdoc ILicenses
    function freeSeat(uint256 licenseId, address account) external {
        _requireLicensee(licenseId);
        Seats storage seats = _seats[licenseId][msg.sender];
        require(seats.has[account], ErrorsLib.NoSuchSeat(licenseId, account));

        seats.taken -= 1;
        seats.has[account] = false;

        emit SeatFreed(licenseId, msg.sender, account);
    }

    /* REVENUE */

    /// @inheritdoc ILicenses
    function claimShare(
        address token,
        uint256 passportId,
        uint256 number,
        Version calldata version,
        BatchHeader calldata header,
        Claim calldata claim
    ) external nonReentrant {
        bytes32 sold = passports.hashOf(passportId, number);
        require(version.hash() == sold, ErrorsLib.WrongVersion(sold, version.hash()));
        bytes32 batch = header.hash();
        HeaderLib.requirePayout(header.payoutsRoot, batch, header.campaignId, claim);
        Paid storage paid = _paid[passportId][number][token][batch];
        uint256 received = version.receivedDown(batch, pool[passportId][number][token]);
        uint256 due = _shareDown(paid, received, claim, header.payoutsTotal);

        paid.to[claim.account] += due;
        paid.total += due;

        emit ShareClaimed(passportId, batch, claim.account, number, token, due);

        TransferLib.push(token, claim.account, due);
    }

    /// @inheritdoc ILicenses
    function withdraw(address token, address account) external nonReentrant {
        uint256 amount = balances[token][account];
        require(amount != 0, ErrorsLib.NothingToWithdraw(token, account));

        balances[token][account] = 0;

        emit Withdrawn(token, account, amount);

        TransferLib.push(token, account, amount);
    }

    /* VIEWS */

    /// @inheritdoc ILicenses
    function offerId(Offer calldata offer) external pure returns (bytes32) {
        return _id(offer);
    }

    /// @inheritdoc ILicenses
    function offers(bytes32 id) external view returns (OfferState memory) {
        return _offers[_offerNumbers[id]];
    }

    /// @inheritdoc ILicenses
    function offerOf(uint256 licenseId) external view returns (OfferState memory) {
        return _offers[_sales[licenseId].offer];
    }

    /// @inheritdoc ILicenses
    function sales(uint256 licenseId) external view returns (Sale memory) {
        return _sales[licenseId];
    }

    /// @inheritdoc IERC5643
    /// @dev Zero before the delivery, when it is not valid yet; the largest uint64 if it never ends.
    function expiresAt(uint256 licenseId) external view returns (uint64) {
        _requireOwned(licenseId);
        return _endOf(_sales[licenseId]);
    }

    /// @inheritdoc IERC5643
    function isRenewable(uint256 licenseId) public view returns (bool) {
        _requireOwned(licenseId);
        Sale storage sale = _sales[licenseId];
        OfferState storage state = _offers[sale.offer];
        return sale.status == SaleStatus.Released && state.offer.duration != 0 && sale.expiresAt > block.timestamp
            && _isOnSale(state, state.offer.passportId);
    }

    /// @inheritdoc ILicenses
    function mayUse(uint256 licenseId, address account) external view returns (bool) {
        address owner = _ownerOf(licenseId);
        return _sales[licenseId].expiresAt > block.timestamp
            && (account == owner || _seats[licenseId][owner].has[account]);
    }

    /// @inheritdoc ILicenses
    function sourceClaimed(uint256 passportId, uint256 number, address token, bytes32 batch)
        external
        view
        returns (uint256)
    {
        return _paid[passportId][number][token][batch].total;
    }

    /// @inheritdoc ILicenses
    function shareClaimed(uint256 passportId, uint256 number, address token, bytes32 batch, address account)
        external
        view
        returns (uint256)
    {
        return _paid[passportId][number][token][batch].to[account];
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) public view override(IERC165, ERC721) returns (bool) {
        return interfaceId == type(IERC5643).interfaceId || super.supportsInterface(interfaceId);
    }

    /* INTERNAL */

    function _id(Offer calldata offer) private pure returns (bytes32) {
        return keccak256(abi.encode(offer));
    }

    /// @dev What a delivery is remembered by: from here on it takes both keys to say anything about it.
    function _commitment(bytes32 buyerKey, bytes calldata sealedKey) private pure returns (bytes32) {
        return keccak256(abi.encodePacked(buyerKey, sealedKey));
    }

    function _endOf(Sale storage sale) private view returns (uint64) {
        return sale.expiresAt == NEVER ? type(uint64).max : sale.expiresAt;
    }

    /// @dev The seller of an offer that was never created is nobody, who owns no passport.
    function _isOnSale(OfferState storage state, uint256 passportId) private view returns (bool) {
        address seller = state.seller;
        return seller != address(0) && !state.withdrawn && passports.ownerOf(passportId) == seller;
    }

    function _requireStatus(uint256 licenseId, SaleStatus status) private view returns (Sale storage sale) {
        sale = _sales[licenseId];
        require(sale.status == status, ErrorsLib.WrongSaleStatus(licenseId, sale.status));
    }

    function _requireLicensee(uint256 licenseId) private view {
        address owner = _requireOwned(licenseId);
        require(msg.sender == owner, ErrorsLib.NotLicensee(msg.sender, owner));
    }

    /// @dev Writes down the sale of a license.
    function _enter(uint256 licenseId, Offer calldata offer, Newest memory newest, bytes32 key)
        private
        returns (bytes32 id)
    {
        id = _id(offer);
        uint256 number = _offerNumbers[id];
        require(_isOnSale(_offers[number], offer.passportId), ErrorsLib.OfferUnavailable(id));

        _occupy(offer.passportId, licenseId, offer.isExclusive);
        _sales[licenseId] = Sale({
            offer: uint40(number),
            status: SaleStatus.Paid,
            version: newest.number,
            contributorsPart: newest.contributorsPart,
            until: (block.timestamp + offer.deliverWithin).toUint40(),
            inspection: uint256(parameters.minChallengeWindow()).toUint32(),
            expiresAt: 0,
            protocolFeeBps: parameters.protocolFeeBps(),
            key: key
        });
    }

    /// @dev Enters a license that is being bought into its passport's market, if there is room for it.
    function _occupy(uint256 passportId, uint256 licenseId, bool isExclusive) private {
        Market storage market = _markets[passportId];
        Sale storage exclusive = _sales[market.exclusive];
        require(
            exclusive.status == SaleStatus.None
                || (exclusive.status != SaleStatus.Paid && exclusive.expiresAt <= block.timestamp),
            ErrorsLib.ExclusivelyLicensed(passportId, market.exclusive)
        );
        if (!isExclusive) {
            market.waiting += 1;
            return;
        }
        require(
            market.waiting == 0 && market.runsUntil <= block.timestamp,
            ErrorsLib.OthersRun(passportId, market.waiting, market.runsUntil)
        );
        market.exclusive = uint160(licenseId);
    }

    /// @dev Burns a license and forgets its sale. What was paid for it is the buyer's from here on.
    function _undo(uint256 licenseId, Sale storage sale) private returns (address buyer, address token, uint256 price) {
        Offer storage offer = _offers[sale.offer].offer;
        buyer = ownerOf(licenseId);
        (token, price) = (offer.token, offer.price);

        if (!offer.isExclusive) _markets[offer.passportId].waiting -= 1;
        _burn(licenseId);
        delete _sales[licenseId];

        emit LicenseRefunded(licenseId, buyer, price);
    }

    /// @dev Prolongs a license and splits what that costs, which the caller of this takes in.
    function _renew(uint256 licenseId, uint256 periods) private returns (address token, uint256 price) {
        require(periods != 0 && isRenewable(licenseId), ErrorsLib.NotRenewable(licenseId));
        Sale storage sale = _sales[licenseId];
        OfferState storage state = _offers[sale.offer];
        (token, price) = (state.offer.token, state.offer.price * periods);

        sale.expiresAt = (sale.expiresAt + state.offer.duration * periods).toUint40();
        if (!state.offer.isExclusive) {
            Market storage market = _markets[state.offer.passportId];
            if (market.runsUntil < sale.expiresAt) market.runsUntil = sale.expiresAt;
        }
        (uint256 fee, uint256 contributors, uint256 rest) = _split(sale, state, price, parameters.protocolFeeBps());

        emit Renewed(licenseId, msg.sender, periods, fee, contributors, rest);
        emit SubscriptionUpdate(licenseId, sale.expiresAt);
    }

    /// @dev Credits a price to the treasury, to the pool of the version sold, and to the seller.
    function _split(Sale storage sale, OfferState storage state, uint256 price, uint256 protocolFeeBps)
        private
        returns (uint256 fee, uint256 contributors, uint256 rest)
    {
        address token = state.offer.token;
        fee = Math.mulDiv(price, protocolFeeBps, TermsLib.BPS);
        contributors = Math.mulDiv(price - fee, sale.contributorsPart, VersionLib.WHOLE);
        rest = price - fee - contributors;
        balances[token][parameters.treasury()] += fee;
        if (contributors != 0) pool[state.offer.passportId][sale.version][token] += contributors;
        balances[token][state.seller] += rest;
    }

    /// @dev What the account named in `claim` is still due of what a source received.
    function _shareDown(Paid storage paid, uint256 received, Claim calldata claim, uint256 payoutsTotal)
        private
        view
        returns (uint256 due)
    {
        // A source that received something has a payouts total above zero: Passports gives no part to others.
        uint256 share = received == 0 ? 0 : Math.mulDiv(received, claim.amount, payoutsTotal);
        uint256 before = paid.to[claim.account];
        require(share > before, ErrorsLib.NothingToClaim(claim.account, claim.amount));
        due = share - before;
        require(paid.total + due <= received, ErrorsLib.ClaimsExceedTotal(received, paid.total + due));
    }

    /// @dev Keeps an unreleased license with its buyer, to whom the price may have to be returned.
    function _update(address to, uint256 licenseId, address auth) internal override returns (address from) {
        from = super._update(to, licenseId, auth);
        if (from == address(0) || to == address(0)) return from;
        Sale storage sale = _sales[licenseId];
        require(sale.status == SaleStatus.Released, ErrorsLib.NotReleased(licenseId));
        require(_offers[sale.offer].offer.isTransferable, ErrorsLib.NotTransferable(licenseId));
    }
}
