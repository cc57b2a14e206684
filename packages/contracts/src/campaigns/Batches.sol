// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {BatchHeader, BatchStatus, IBatches} from "../interfaces/IBatches.sol";
import {DisputeStatus, Status} from "../interfaces/IBooks.sol";
import {IDisputable} from "../interfaces/IDisputable.sol";
import {Terms} from "../interfaces/IFunding.sol";
import {ErrorsLib} from "../libraries/ErrorsLib.sol";
import {HeaderLib} from "../libraries/HeaderLib.sol";
import {TermsLib} from "../libraries/TermsLib.sol";
import {Books} from "./Books.sol";

/// @title Batches
/// @notice From a batch's proposal to its end, with disputes that stop its clock.
abstract contract Batches is Books, IBatches, IDisputable {
    using HeaderLib for BatchHeader;
    using TermsLib for Terms;

    /// @dev The last place is kept for the closing batch.
    uint256 private constant LAST_INDEX = type(uint16).max - 1;

    /* BATCHES */

    /// @inheritdoc IBatches
    function propose(Terms calldata terms, BatchHeader calldata header, bytes32 previousRoot) external {
        (bytes32 id, Book storage book) = _requireActive(terms);
        require(msg.sender == terms.operator, ErrorsLib.NotOperator(msg.sender, terms.operator));
        uint256 silentFrom = terms.silentFrom() + book.disputedTime;
        require(block.timestamp < silentFrom, ErrorsLib.SilenceDue(silentFrom));
        _requireNext(id, book, terms, header, previousRoot);
        Batch storage pending = _batches[id][header.index];
        if (pending.proposedAt != 0) revert ErrorsLib.BatchPending(id, pending.commitment);

        bytes32 batch = header.hash();
        _batches[id][header.index] = Batch(
            HeaderLib.commitment(batch, header.payoutsRoot), uint32(block.timestamp), 0, DisputeStatus.None
        );

        emit BatchProposed(id, batch, header, uint64(block.timestamp) + terms.challengeWindow);

        if (!book.isBonded) {
            book.isBonded = true;
            staking.lock(terms.operator, book.bond * TAG);
        }
    }

    /// @inheritdoc IBatches
    function withdrawBatch(Terms calldata terms, BatchHeader calldata header) external {
        bytes32 id = terms.id(address(this));
        require(msg.sender == terms.operator, ErrorsLib.NotOperator(msg.sender, terms.operator));
        (bytes32 batch, Batch storage pending) = _requirePending(id, header);
        require(pending.contests == 0, ErrorsLib.ContestsOpen(batch, pending.contests));
        require(pending.dispute != DisputeStatus.Running, ErrorsLib.InDispute(id, batch));

        delete _batches[id][header.index];

        emit BatchVoid(id, batch);
    }

    /// @inheritdoc IBatches
    function finalize(Terms calldata terms, BatchHeader calldata header) external {
        (bytes32 id, Book storage book) = _bookOf(terms);
        (bytes32 batch, Batch storage pending) = _requirePending(id, header);
        require(pending.contests == 0, ErrorsLib.ContestsOpen(batch, pending.contests));
        uint256 elapsed = _elapsed(book, pending);
        require(
            elapsed >= terms.challengeWindow,
            ErrorsLib.WindowOpen(block.timestamp + terms.challengeWindow - elapsed)
        );

        _finalize(id, book, terms, header, batch);
    }

    /* DISPUTES */

    modifier onlyDisputes() {
        require(msg.sender == disputes, ErrorsLib.NotDisputes(msg.sender));
        _;
    }

    /// @inheritdoc IDisputable
    function beginDispute(Terms calldata terms, BatchHeader calldata header)
        external
        onlyDisputes
        returns (bytes32 id, bytes32 batch, uint64 proposedAt)
    {
        id = terms.id(address(this));
        Batch storage pending;
        (batch, pending) = _requireInWindow(id, terms, header);
        require(pending.dispute == DisputeStatus.None, ErrorsLib.AlreadyDisputed(id, batch));
        proposedAt = pending.proposedAt;

        pending.dispute = DisputeStatus.Running;
        Book storage book = _books[id];
        book.disputedOperator = terms.operator;
        book.disputedSince = uint32(block.timestamp);

        emit DisputeBegan(id, batch);
    }

    /// @inheritdoc IDisputable
    function endDispute(bytes32 id, bytes32 batch, bool isVoid, address challenger) external onlyDisputes {
        Book storage book = _books[id];
        Batch storage pending = _batches[id][book.finalCount];
        require(pending.dispute == DisputeStatus.Running, ErrorsLib.NotDisputed(id));
        // Without a verdict the proposal never was, and the operator has the time again.
        bool isUndecided = isVoid && challenger == address(0);
        uint32 stoodStill = uint32(block.timestamp) - (isUndecided ? pending.proposedAt : book.disputedSince);

        pending.dispute = DisputeStatus.Over;
        book.batchDisputedTime = stoodStill;
        book.disputedTime += stoodStill;
        if (isVoid) delete _batches[id][book.finalCount];

        emit DisputeEnded(id, batch, isVoid, stoodStill);

        if (!isVoid) return;
        emit BatchVoid(id, batch);
        if (challenger != address(0)) _slash(id, book, book.disputedOperator, challenger);
    }

    /* VIEWS */

    /// @inheritdoc IBatches
    function statusOf(BatchHeader calldata header) public view returns (BatchStatus) {
        Batch storage batch = _batches[header.campaignId][header.index];
        if (batch.commitment != commitmentOf(header)) return BatchStatus.None;
        return batch.proposedAt == 0 ? BatchStatus.Final : BatchStatus.Pending;
    }

    /// @inheritdoc IBatches
    function isFinal(bytes32 id, BatchHeader calldata header) external view returns (bool) {
        return header.campaignId == id && statusOf(header) == BatchStatus.Final;
    }

    /// @inheritdoc IBatches
    function headerHash(BatchHeader calldata header) external pure returns (bytes32) {
        return header.hash();
    }

    /// @inheritdoc IBatches
    function commitmentOf(BatchHeader calldata header) public pure returns (bytes24) {
        return HeaderLib.commitment(header.hash(), header.payoutsRoot);
    }

    /* INTERNAL: CHECKS */

    /// @dev Checks that a header continues the campaign's last final batch and that the funds cover it.
    function _requireNext(
        bytes32 id,
        Book storage book,
        Terms calldata terms,
        BatchHeader calldata header,
        bytes32 previousRoot
    ) private view {
        require(header.campaignId == id, ErrorsLib.WrongCampaign(id, header.campaignId));
        uint256 index = book.finalCount;
        require(header.index == index, ErrorsLib.WrongIndex(index, header.index));
        require(header.closing || index < LAST_INDEX, ErrorsLib.TooManyBatches(id));
        bytes24 last = index == 0 ? bytes24(0) : _batches[id][index - 1].commitment;
        bytes24 given = header.previous == 0 ? bytes24(0) : HeaderLib.commitment(header.previous, previousRoot);
        require(given == last, ErrorsLib.WrongPrevious(last, given));
        if (header.closing && book.status != Status.Closing) revert ErrorsLib.WrongStatus(id, book.status);
        uint256 total = header.payoutsTotal;
        uint256 funded = book.funded;
        uint256 payoutsTotal = book.payoutsTotal;
        require(total >= payoutsTotal, ErrorsLib.PayoutsFall(payoutsTotal, total));
        require(total <= funded, ErrorsLib.InsufficientFunds(funded, total));
        (uint256 operatorFee, uint256 protocolFee) = terms.feesDown(total);
        require(total + operatorFee + protocolFee <= funded, ErrorsLib.InsufficientFunds(funded, total));
    }

    /// @dev No need to look at the campaign's status: only active ones have a pending batch.
    function _requirePending(bytes32 id, BatchHeader calldata header)
        internal
        view
        returns (bytes32 batch, Batch storage pending)
    {
        require(header.campaignId == id, ErrorsLib.WrongCampaign(id, header.campaignId));
        batch = header.hash();
        pending = _batches[id][header.index];
        require(
            pending.commitment == HeaderLib.commitment(batch, header.payoutsRoot) && pending.proposedAt != 0,
            ErrorsLib.NotPending(id, batch)
        );
    }

    function _requireInWindow(bytes32 id, Terms calldata terms, BatchHeader calldata header)
        internal
        view
        returns (bytes32 batch, Batch storage pending)
    {
        (batch, pending) = _requirePending(id, header);
        require(_elapsed(_books[id], pending) < terms.challengeWindow, ErrorsLib.WindowPassed(id, batch));
    }

    /* INTERNAL: CLOCK */

    /// @dev How long a batch has been pending, leaving out a dispute.
    function _elapsed(Book storage book, Batch storage pending) internal view returns (uint256) {
        DisputeStatus dispute = pending.dispute;
        if (dispute == DisputeStatus.Running) return book.disputedSince - pending.proposedAt;
        uint256 elapsed = block.timestamp - pending.proposedAt;
        return dispute == DisputeStatus.None ? elapsed : elapsed - book.batchDisputedTime;
    }

    /// @dev Whether the pending batch may become final.
    function _isDue(bytes32 id, Book storage book, Terms calldata terms, BatchHeader calldata header)
        internal
        view
        returns (bool)
    {
        Batch storage pending = _batches[id][header.index];
        return header.campaignId == id && pending.proposedAt != 0 && pending.contests == 0
            && pending.commitment == commitmentOf(header) && _elapsed(book, pending) >= terms.challengeWindow;
    }

    /* INTERNAL: MOVES */

    function _finalize(
        bytes32 id,
        Book storage book,
        Terms calldata terms,
        BatchHeader calldata header,
        bytes32 batch
    ) internal {
        // Safe without a check: the total is covered by the funds, which have 96 bits.
        uint96 total = uint96(header.payoutsTotal);

        _batches[id][header.index].proposedAt = 0;
        book.purse.claimable += total - book.payoutsTotal;
        book.payoutsTotal = total;
        book.finalCount += 1;
        if (header.closing) book.status = Status.Closed;

        emit BatchFinal(id, batch, total, header.closing);

        if (header.closing && book.isBonded) {
            book.isBonded = false;
            staking.unlock(terms.operator, book.bond * TAG);
        }
    }

    /// @dev Nothing to lose is no reason to stop: what led here must happen anyway.
    function _slash(bytes32 id, Book storage book, address operator, address beneficiary) internal {
        if (!book.isBonded) return;
        uint256 bond = book.bond * TAG;

        book.isBonded = false;

        emit BondSlashed(id, operator, bond, beneficiary);

        staking.slash(operator, bond, bond, beneficiary, bond / 2);
    }
}
