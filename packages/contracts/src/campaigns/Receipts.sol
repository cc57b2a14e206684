// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {Status} from "../interfaces/IBooks.sol";
import {Terms} from "../interfaces/IFunding.sol";
import {Account, IReceipts, ReceiptStatus, WorkReceipt} from "../interfaces/IReceipts.sol";
import {DigestLib} from "../libraries/DigestLib.sol";
import {ErrorsLib} from "../libraries/ErrorsLib.sol";
import {TermsLib} from "../libraries/TermsLib.sol";
import {TransferLib} from "../libraries/TransferLib.sol";
import {Batches} from "./Batches.sol";

/// @title Receipts
/// @notice The way out when the operator falls silent: receipts are registered, checked, then paid.
abstract contract Receipts is Batches, IReceipts {
    using SafeCast for uint256;
    using TermsLib for Terms;

    /* RECEIPTS */

    /// @inheritdoc IReceipts
    function registerReceipt(
        Terms calldata terms,
        WorkReceipt calldata receipt,
        bytes calldata signature,
        bytes32 evidence
    ) external {
        (bytes32 id, Book storage book) = _bookOf(terms);
        require(book.status == Status.Silent, ErrorsLib.WrongStatus(id, book.status));
        require(receipt.campaignId == id, ErrorsLib.WrongCampaign(id, receipt.campaignId));
        Account storage worker = _accounts[id][receipt.account];
        uint256 until = book.silentAt + terms.registerTime();
        if (worker.receiptStatus == ReceiptStatus.Registered) until += terms.challengeWindow;
        require(block.timestamp < until, ErrorsLib.RegisterOver(until));
        DigestLib.requireSigned(receipt, signature, terms.receiptKey, address(this));
        uint256 claimed_ = worker.claimed;
        uint256 worth = _worthDown(terms, receipt, claimed_);
        uint256 before = Math.max(claimed_, worker.receipt);
        require(worth > before, ErrorsLib.NotWorthMore(receipt.account, before, worth));

        worker.receipt = uint96(worth);
        worker.receiptStatus = ReceiptStatus.Registered;
        book.receiptsDue = (book.receiptsDue + worth - before).toUint96();

        emit ReceiptRegistered(id, receipt.account, worth, receipt.link, receipt.count, evidence);
    }

    /// @inheritdoc IReceipts
    function claimReceipt(bytes32 id, address account, address to) external nonReentrant {
        require(to == account || msg.sender == account, ErrorsLib.NotAccount(msg.sender, account));
        Book storage book = _books[id];
        require(book.status == Status.Closed, ErrorsLib.WrongStatus(id, book.status));
        Account storage worker = _accounts[id][account];
        uint256 worth = worker.receipt;
        require(
            worker.receiptStatus == ReceiptStatus.Registered && worth > worker.claimed,
            ErrorsLib.NothingToClaim(account, worth)
        );
        uint256 due = worth - worker.claimed;
        uint256 pool = book.receiptsPool;
        // The last one gets what rounding left, so that nothing stays behind.
        uint256 amount = pool * due / book.receiptsDue;

        worker.receipt = uint96(amount);
        worker.receiptStatus = ReceiptStatus.Paid;
        book.receiptsDue -= uint96(due);
        book.receiptsPool = uint96(pool - amount);

        emit ReceiptPaid(id, account, to, amount);

        if (amount != 0) TransferLib.push(book.purse.token, to, amount);
    }

    /* VIEWS */

    /// @inheritdoc IReceipts
    function receiptDigest(WorkReceipt calldata receipt_) external view returns (bytes32) {
        return DigestLib.receipt(receipt_, address(this));
    }

    /// @inheritdoc IReceipts
    function accounts(bytes32 id, address account) external view returns (Account memory) {
        return _accounts[id][account];
    }

    /* INTERNAL: CLOCK */

    function _isSilent(bytes32 id, Book storage book, Terms calldata terms) internal view returns (bool) {
        return (book.status == Status.Open || book.status == Status.Closing)
            && block.timestamp >= terms.silentFrom() + book.disputedTime
            && _batches[id][book.finalCount].proposedAt == 0;
    }

    function _checkUntil(Book storage book, Terms calldata terms) internal view returns (uint256) {
        return book.silentAt + terms.registerTime() + terms.challengeWindow;
    }

    function _fallSilent(bytes32 id, Book storage book, Terms calldata terms) internal {
        book.status = Status.Silent;
        book.silentAt = uint32(block.timestamp);

        uint256 registerUntil = block.timestamp + terms.registerTime();
        emit CampaignSilent(id, uint64(registerUntil), uint64(registerUntil + terms.challengeWindow));

        _slash(id, book, terms.operator, address(0));
    }

    function _closeSilent(bytes32 id, Book storage book, Terms calldata terms) internal {
        uint96 due = book.receiptsDue;
        uint96 pool = uint96(Math.min(due, _unspent(book, terms)));

        book.status = Status.Closed;
        book.receiptsPool = pool;
        book.receiptsTotal = pool;

        emit CampaignClosed(id, due, pool);
    }

    /* INTERNAL: MONEY */

    /// @dev Cumulative. No more than what was claimed and the floor pay of every record: a receipt promises no more.
    function _worthDown(Terms calldata terms, WorkReceipt calldata receipt, uint256 claimed_)
        private
        pure
        returns (uint256)
    {
        uint256 most = Math.saturatingAdd(claimed_, Math.saturatingMul(terms.floorPay, receipt.count));
        return Math.min(Math.min(receipt.owedAtLeast, most), type(uint96).max);
    }

    /// @dev What an account claims is not owed for its receipt any more. What was paid for it already is not paid again.
    /// @return kept The part of the claim that the account already has.
    function _offset(bytes32 id, Book storage book, Account storage worker, address account, uint256 due)
        internal
        returns (uint256 kept)
    {
        uint256 receipt = worker.receipt;
        if (worker.receiptStatus == ReceiptStatus.Paid) {
            kept = Math.min(receipt, due);
            worker.receipt = uint96(receipt - kept);
            book.receiptsTotal -= uint96(kept);
            emit ReceiptOffset(id, account, kept);
            return kept;
        }
        uint256 before = worker.claimed - due;
        if (receipt <= before) return 0;
        uint256 less = Math.min(receipt - before, due);
        uint256 freed = book.receiptsPool * less / book.receiptsDue;
        book.receiptsDue -= uint96(less);
        book.receiptsPool -= uint96(freed);
        book.receiptsTotal -= uint96(freed);
        emit ReceiptReduced(id, account, less, freed);
    }
}
