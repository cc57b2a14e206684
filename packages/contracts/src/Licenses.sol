// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {P256} from "@openzeppelin/contracts/utils/cryptography/P256.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {BatchHeader, Claim, Permit} from "./interfaces/ICampaigns.sol";
import {ILicenses, Offer, OfferState, Sale} from "./interfaces/ILicenses.sol";
import {IParameters} from "./interfaces/IParameters.sol";
import {IPassports, Share} from "./interfaces/IPassports.sol";
import {ErrorsLib} from "./libraries/ErrorsLib.sol";
import {HeaderLib} from "./libraries/HeaderLib.sol";
import {TermsLib} from "./libraries/TermsLib.sol";
import {TransferLib} from "./libraries/TransferLib.sol";

/// @title Licenses
/// @notice ERC-721 licenses of datasets, sold in escrow.
contract Licenses is ILicenses, ERC721, ReentrancyGuardTransient {
    using HeaderLib for BatchHeader;

    /// @dev A buyer waits no longer than this for the key or the money.
    uint256 private constant MAX_DELIVERY = 30 days;

    /// @dev `Share.part` of everything: all of the weight times all of the contributors' part.
    uint256 private constant WHOLE = TermsLib.BPS * TermsLib.BPS;

    /// @dev What one source has earned in one token.
    struct Pool {
        uint256 received;
        uint256 paid;
        mapping(address account => uint256) paidTo;
    }

    /* STORAGE */

    /// @inheritdoc ILicenses
    IPassports public immutable passports;

    /// @inheritdoc ILicenses
    IParameters public immutable parameters;

    /// @inheritdoc ILicenses
    mapping(address token => mapping(address account => uint256)) public balances;

    uint256 private _lastId;

    mapping(bytes32 offerId => OfferState) private _offers;
    mapping(uint256 licenseId => Sale) private _sales;
    mapping(uint256 passportId => mapping(bytes32 batch => mapping(address token => Pool))) private _pools;

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
        require(_offers[id].seller == address(0), ErrorsLib.OfferExists(id));
        require(offer.token.code.length != 0, ErrorsLib.NotAToken(offer.token));
        require(
            offer.deliverWithin != 0 && offer.deliverWithin <= MAX_DELIVERY,
            ErrorsLib.DeliveryTimeOutOfBounds(offer.deliverWithin, MAX_DELIVERY)
        );

        _offers[id].offer = offer;
        _offers[id].seller = msg.sender;

        emit OfferCreated(id, offer.passportId, offer);
    }

    /// @inheritdoc ILicenses
    function withdrawOffer(bytes32 id) external {
        OfferState storage state = _offers[id];
        require(state.seller == msg.sender, ErrorsLib.NotSeller(msg.sender, state.seller));
        require(!state.withdrawn, ErrorsLib.OfferUnavailable(id));

        state.withdrawn = true;

        emit OfferWithdrawn(id);
    }

    /* SALES */

    /// @inheritdoc ILicenses
    function purchase(
        Offer calldata offer,
        uint256 version,
        bytes32 contentRoot,
        uint256 maxPrice,
        bytes calldata buyerPublicKey,
        Permit calldata permit
    ) external nonReentrant returns (uint256 licenseId) {
        bytes32 id = _id(offer);
        _requireOnSale(id, offer.passportId);
        _requireNewest(offer.passportId, version, contentRoot);
        require(offer.price <= maxPrice, ErrorsLib.PriceAboveMax(offer.price, maxPrice));
        _requirePublicKey(buyerPublicKey);

        licenseId = ++_lastId;
        _sales[licenseId] = Sale({
            offerId: id,
            version: uint64(version),
            deliverBy: uint64(block.timestamp) + offer.deliverWithin,
            deliveredAt: 0,
            protocolFeeBps: parameters.protocolFeeBps()
        });
        // Not `_safeMint`: no callback may stand in the way of a state change.
        _mint(msg.sender, licenseId);

        emit Purchased(licenseId, id, msg.sender, offer.passportId, version, offer.price, buyerPublicKey);

        TransferLib.pull(offer.token, offer.price, permit);
    }

    /// @inheritdoc ILicenses
    function deliver(uint256 licenseId, bytes calldata sealedKey) external nonReentrant {
        Sale storage sale = _requireUndelivered(licenseId);
        OfferState storage state = _offers[sale.offerId];
        require(
            msg.sender == state.seller || msg.sender == state.offer.deliverer,
            ErrorsLib.NotDeliverer(licenseId, msg.sender)
        );
        require(block.timestamp <= sale.deliverBy, ErrorsLib.DeliveryLate(sale.deliverBy));
        require(sealedKey.length != 0, ErrorsLib.EmptyKey());

        sale.deliveredAt = uint64(block.timestamp);
        _split(sale, state);

        emit Delivered(licenseId, sealedKey);
    }

    /// @inheritdoc ILicenses
    function refundLicense(uint256 licenseId) external nonReentrant {
        Sale storage sale = _requireUndelivered(licenseId);
        require(block.timestamp > sale.deliverBy, ErrorsLib.DeliveryDue(sale.deliverBy));
        Offer storage offer = _offers[sale.offerId].offer;
        address buyer = ownerOf(licenseId);

        _burn(licenseId);
        delete _sales[licenseId];

        emit LicenseRefunded(licenseId, buyer, offer.price);

        if (offer.price != 0) TransferLib.push(offer.token, buyer, offer.price);
    }

    /* REVENUE */

    /// @inheritdoc ILicenses
    function claimShare(address token, uint256 passportId, BatchHeader calldata header, Claim calldata claim)
        external
        nonReentrant
    {
        bytes32 batch = header.hash();
        // No need to verify that the batch is a source, or final: only such batches have a pool with anything in it.
        Pool storage pool_ = _pools[passportId][batch][token];
        HeaderLib.requirePayout(header.payoutsRoot, batch, header.campaignId, claim);
        uint256 due = _shareDown(pool_, claim, header.payoutsTotal);

        pool_.paidTo[claim.account] += due;
        pool_.paid += due;

        emit ShareClaimed(passportId, batch, claim.account, token, due);

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
        return _offers[id];
    }

    /// @inheritdoc ILicenses
    function sales(uint256 licenseId) external view returns (Sale memory) {
        return _sales[licenseId];
    }

    /// @inheritdoc ILicenses
    function expiresAt(uint256 licenseId) external view returns (uint64) {
        _requireOwned(licenseId);
        Sale storage sale = _sales[licenseId];
        if (sale.deliveredAt == 0) return 0;
        uint256 duration = _offers[sale.offerId].offer.duration;
        if (duration == 0) return type(uint64).max;
        return uint64(Math.min(sale.deliveredAt + duration, type(uint64).max));
    }

    /// @inheritdoc ILicenses
    function pool(uint256 passportId, bytes32 batch, address token) external view returns (uint256) {
        return _pools[passportId][batch][token].received;
    }

    /// @inheritdoc ILicenses
    function poolClaimed(uint256 passportId, bytes32 batch, address token) external view returns (uint256) {
        return _pools[passportId][batch][token].paid;
    }

    /// @inheritdoc ILicenses
    function shareClaimed(uint256 passportId, bytes32 batch, address token, address account)
        external
        view
        returns (uint256)
    {
        return _pools[passportId][batch][token].paidTo[account];
    }

    /* INTERNAL */

    function _id(Offer calldata offer) private pure returns (bytes32) {
        return keccak256(abi.encode(offer));
    }

    function _requireOnSale(bytes32 id, uint256 passportId) private view {
        OfferState storage state = _offers[id];
        require(state.seller != address(0) && !state.withdrawn, ErrorsLib.OfferUnavailable(id));
        require(
            passports.ownerOf(passportId) == state.seller, ErrorsLib.NotPassportOwner(passportId, state.seller)
        );
    }

    /// @dev Versions are never changed, so the number tells them apart; the content tells one seen from one that took its
    /// number on another fork of the chain.
    function _requireNewest(uint256 passportId, uint256 version, bytes32 contentRoot) private view {
        (uint256 newest, bytes32 newestRoot) = passports.newestVersion(passportId);
        require(
            version == newest && contentRoot == newestRoot,
            ErrorsLib.NotNewestVersion(passportId, newest, newestRoot)
        );
    }

    /// @dev A point off the curve could not be sealed to, and a buyer must not pay for that.
    function _requirePublicKey(bytes calldata key) private pure {
        require(
            key.length == 65 && key[0] == 0x04 && P256.isValidPublicKey(bytes32(key[1:33]), bytes32(key[33:65])),
            ErrorsLib.InvalidPublicKey()
        );
    }

    function _requireUndelivered(uint256 licenseId) private view returns (Sale storage sale) {
        sale = _sales[licenseId];
        require(sale.offerId != 0, ErrorsLib.UnknownLicense(licenseId));
        require(sale.deliveredAt == 0, ErrorsLib.AlreadyDelivered(licenseId));
    }

    /// @dev Credits the price of a delivered license: to the treasury, to the pools of its sources, to the seller.
    function _split(Sale storage sale, OfferState storage state) private {
        uint256 passportId = state.offer.passportId;
        address token = state.offer.token;
        uint256 price = state.offer.price;

        uint256 fee = Math.mulDiv(price, sale.protocolFeeBps, TermsLib.BPS);
        uint256 revenue = price - fee;
        uint256 rest = revenue;
        Share[] memory shares = passports.sharesOf(passportId, sale.version);
        for (uint256 i = 0; i < shares.length; ++i) {
            uint256 amount = Math.mulDiv(revenue, shares[i].part, WHOLE);
            _pools[passportId][shares[i].batch][token].received += amount;
            rest -= amount;
        }
        balances[token][parameters.treasury()] += fee;
        balances[token][state.seller] += rest;
    }

    /// @dev What the account named in `claim` is still due of a pool.
    function _shareDown(Pool storage pool_, Claim calldata claim, uint256 payoutsTotal)
        private
        view
        returns (uint256 due)
    {
        uint256 received = pool_.received;
        uint256 paid = pool_.paidTo[claim.account];
        // A pool that received something has a payouts total above zero: Passports gives no part to others.
        uint256 share = received == 0 ? 0 : Math.mulDiv(received, claim.amount, payoutsTotal);
        require(share > paid, ErrorsLib.NothingToClaim(claim.account, claim.amount));
        due = share - paid;
        require(pool_.paid + due <= received, ErrorsLib.ClaimsExceedTotal(received, pool_.paid + due));
    }

    /// @dev Keeps an undelivered license with its buyer, to whom the key will be sealed or the price returned.
    function _update(address to, uint256 licenseId, address auth) internal override returns (address from) {
        from = super._update(to, licenseId, auth);
        require(
            from == address(0) || to == address(0) || _sales[licenseId].deliveredAt != 0,
            ErrorsLib.NotDelivered(licenseId)
        );
    }
}
