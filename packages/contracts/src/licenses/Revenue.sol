// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {BatchHeader} from "../interfaces/IBatches.sol";
import {ILicenses, OfferState, Sale} from "../interfaces/ILicenses.sol";
import {Version} from "../interfaces/IPassports.sol";
import {Claim} from "../interfaces/IPayments.sol";
import {ErrorsLib} from "../libraries/ErrorsLib.sol";
import {HeaderLib} from "../libraries/HeaderLib.sol";
import {TermsLib} from "../libraries/TermsLib.sol";
import {TransferLib} from "../libraries/TransferLib.sol";
import {VersionLib} from "../libraries/VersionLib.sol";
import {Offers} from "./Offers.sol";

/// @title Revenue
/// @notice What licenses bring: the split of a price, and how everyone gets their part.
abstract contract Revenue is Offers {
    using HeaderLib for BatchHeader;
    using VersionLib for Version;

    /// @dev What one source of a version has paid in one token.
    struct Paid {
        uint256 total;
        mapping(address account => uint256) to;
    }

    /* STORAGE */

    /// @inheritdoc ILicenses
    mapping(address token => mapping(address account => uint256)) public balances;

    /// @inheritdoc ILicenses
    mapping(uint256 passportId => mapping(uint256 number => mapping(address token => uint256))) public pool;

    mapping(uint256 passportId => mapping(uint256 number => mapping(address token => mapping(bytes32 batch => Paid))))
        private _paid;

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

    /* INTERNAL */

    /// @dev Credits a price to the treasury, to the pool of the version sold, and to the seller.
    function _split(Sale storage sale, OfferState storage state, uint256 price, uint256 protocolFeeBps)
        internal
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
}
