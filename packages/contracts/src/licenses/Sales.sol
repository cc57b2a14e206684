// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {Permit} from "../interfaces/IFunding.sol";
import {ILicenses, Offer, OfferState, Sale, SaleStatus} from "../interfaces/ILicenses.sol";
import {Newest, Version} from "../interfaces/IPassports.sol";
import {ISeals} from "../interfaces/ISeals.sol";
import {ErrorsLib} from "../libraries/ErrorsLib.sol";
import {SealLib} from "../libraries/SealLib.sol";
import {TransferLib} from "../libraries/TransferLib.sol";
import {VersionLib} from "../libraries/VersionLib.sol";
import {Seals} from "../Seals.sol";
import {Revenue} from "./Revenue.sol";

/// @title Sales
/// @notice A sale from the purchase to its release or refund, with the price in escrow.
abstract contract Sales is Revenue {
    using SafeCast for uint256;
    using VersionLib for Version;

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

    /* STORAGE */

    /// @inheritdoc ILicenses
    ISeals public immutable seals = new Seals();

    /// @dev Starts above zero, as numbers of offers do.
    uint256 private _nextId = 1;

    mapping(uint256 licenseId => Sale) internal _sales;

    mapping(uint256 passportId => Market) internal _markets;

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

    /* VIEWS */

    /// @inheritdoc ILicenses
    function offerOf(uint256 licenseId) external view returns (OfferState memory) {
        return _offers[_sales[licenseId].offer];
    }

    /// @inheritdoc ILicenses
    function sales(uint256 licenseId) external view returns (Sale memory) {
        return _sales[licenseId];
    }

    /* INTERNAL */

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

    function _requireStatus(uint256 licenseId, SaleStatus status) internal view returns (Sale storage sale) {
        sale = _sales[licenseId];
        require(sale.status == status, ErrorsLib.WrongSaleStatus(licenseId, sale.status));
    }

    function _endOf(Sale storage sale) internal view returns (uint64) {
        return sale.expiresAt == NEVER ? type(uint64).max : sale.expiresAt;
    }

    /// @dev What a delivery is remembered by: from here on it takes both keys to say anything about it.
    function _commitment(bytes32 buyerKey, bytes calldata sealedKey) private pure returns (bytes32) {
        return keccak256(abi.encodePacked(buyerKey, sealedKey));
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
