// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IERC5643} from "../interfaces/IERC5643.sol";
import {Permit} from "../interfaces/IFunding.sol";
import {ILicenses, OfferState, Sale, SaleStatus} from "../interfaces/ILicenses.sol";
import {ErrorsLib} from "../libraries/ErrorsLib.sol";
import {TransferLib} from "../libraries/TransferLib.sol";
import {Sales} from "./Sales.sol";

/// @title Usage
/// @notice Licenses that run: renewal, seats, and who may use what they open.
abstract contract Usage is Sales {
    using SafeCast for uint256;

    struct Seats {
        uint256 taken;
        mapping(address account => bool) has;
    }

    /* STORAGE */

    mapping(uint256 licenseId => mapping(address owner => Seats)) private _seats;

    /* RENEWAL */

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

    /* SEATS */

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

    /* VIEWS */

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

    /* INTERNAL */

    function _requireLicensee(uint256 licenseId) private view {
        address owner = _requireOwned(licenseId);
        require(msg.sender == owner, ErrorsLib.NotLicensee(msg.sender, owner));
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
}
