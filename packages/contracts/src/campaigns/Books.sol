// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {Campaign, DisputeStatus, IBooks, Status} from "../interfaces/IBooks.sol";
import {Contest} from "../interfaces/IContests.sol";
import {Terms} from "../interfaces/IFunding.sol";
import {IParameters} from "../interfaces/IParameters.sol";
import {Account} from "../interfaces/IReceipts.sol";
import {IStaking} from "../interfaces/IStaking.sol";
import {ErrorsLib} from "../libraries/ErrorsLib.sol";
import {HeaderLib} from "../libraries/HeaderLib.sol";
import {TermsLib} from "../libraries/TermsLib.sol";

/// @title Books
/// @notice What is remembered of campaigns, and what every part of the escrow asks of it.
abstract contract Books is IBooks, ReentrancyGuardTransient {
    using TermsLib for Terms;

    /// @dev Bonds are kept in whole TAG.
    uint256 internal constant TAG = 1e18;

    /// @dev One slot: all that a claim needs of a campaign.
    struct Purse {
        address token;
        uint96 claimable;
    }

    /// @dev A slot each paragraph. Opening writes two of them, as does settling a batch.
    struct Book {
        Purse purse;
        //
        uint96 funded;
        uint96 payoutsTotal;
        uint32 bond;
        uint16 finalCount;
        Status status;
        bool isBonded;
        //
        uint96 operatorFeePaid;
        uint96 protocolFeePaid;
        //
        address disputedOperator;
        uint32 disputedSince;
        uint32 batchDisputedTime;
        uint32 disputedTime;
        //
        uint96 receiptsDue;
        uint96 receiptsPool;
        uint32 silentAt;
        //
        uint96 receiptsTotal;
        uint96 refunded;
    }

    /// @dev One slot, written by the proposal. Final is what was not cleared and has no time any more.
    struct Batch {
        bytes24 commitment;
        /// @dev 32 bits of seconds last until 2106.
        uint32 proposedAt;
        uint24 contests;
        DisputeStatus dispute;
    }

    /* STORAGE */

    /// @inheritdoc IBooks
    IParameters public immutable parameters;

    /// @inheritdoc IBooks
    IStaking public immutable staking;

    /// @inheritdoc IBooks
    address public immutable disputes;

    mapping(bytes32 id => Book) internal _books;

    /// @dev By index. The one after the last final batch is pending, if it is there.
    mapping(bytes32 id => mapping(uint256 index => Batch)) internal _batches;

    mapping(bytes32 id => mapping(address account => Account)) internal _accounts;

    mapping(bytes32 batch => mapping(address account => Contest)) internal _contests;

    /// @dev The contract for disputes is named before it exists: its address follows from the deployer's nonce.
    constructor(IParameters parameters_, IStaking staking_, address disputes_) {
        require(
            address(parameters_) != address(0) && address(staking_) != address(0) && disputes_ != address(0),
            ErrorsLib.ZeroAddress()
        );
        parameters = parameters_;
        staking = staking_;
        disputes = disputes_;
    }

    /* VIEWS */

    /// @inheritdoc IBooks
    function campaignId(Terms calldata terms) external view returns (bytes32) {
        return terms.id(address(this));
    }

    /// @inheritdoc IBooks
    function campaigns(bytes32 id) external view returns (Campaign memory campaign) {
        Book storage book = _books[id];
        Batch storage pending = _batches[id][book.finalCount];
        campaign.token = book.purse.token;
        campaign.status = book.status;
        campaign.finalCount = book.finalCount;
        campaign.bond = book.bond * TAG;
        campaign.isBonded = book.isBonded;
        campaign.proposedAt = pending.proposedAt;
        campaign.contests = pending.contests;
        campaign.dispute = pending.dispute;
        campaign.pending = pending.commitment;
        if (book.finalCount != 0) campaign.lastFinal = _batches[id][book.finalCount - 1].commitment;
        campaign.funded = book.funded;
        campaign.payoutsTotal = book.payoutsTotal;
        campaign.claimedTotal = book.payoutsTotal - book.purse.claimable;
        campaign.operatorFeePaid = book.operatorFeePaid;
        campaign.protocolFeePaid = book.protocolFeePaid;
        campaign.refunded = book.refunded;
        campaign.disputedTime = book.disputedTime;
        campaign.silentAt = book.silentAt;
        campaign.receiptsDue = book.receiptsDue;
        campaign.receiptsPool = book.receiptsPool;
        campaign.receiptsTotal = book.receiptsTotal;
    }

    /* INTERNAL */

    /// @dev Not `nonReentrant`: the guard is held by the function that attempts.
    modifier onlySelf() {
        require(msg.sender == address(this), ErrorsLib.OnlySelf(msg.sender));
        _;
    }

    function _bookOf(Terms calldata terms) internal view returns (bytes32 id, Book storage book) {
        id = terms.id(address(this));
        book = _books[id];
    }

    function _requireActive(Terms calldata terms) internal view returns (bytes32 id, Book storage book) {
        (id, book) = _bookOf(terms);
        Status status = book.status;
        require(status == Status.Open || status == Status.Closing, ErrorsLib.WrongStatus(id, status));
    }

    function _requireFinal(bytes32 id, uint256 index, bytes32 batch, bytes32 payoutsRoot) internal view {
        Batch storage stored = _batches[id][index];
        require(
            stored.commitment == HeaderLib.commitment(batch, payoutsRoot) && stored.proposedAt == 0,
            ErrorsLib.NotFinal(id, batch)
        );
    }

    /// @dev What payouts and their fees leave of the funds.
    function _unspent(Book storage book, Terms calldata terms) internal view returns (uint256) {
        (uint256 operatorFee, uint256 protocolFee) = terms.feesDown(book.payoutsTotal);
        return book.funded - book.payoutsTotal - operatorFee - protocolFee;
    }
}
