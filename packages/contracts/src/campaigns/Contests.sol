// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {BatchHeader} from "../interfaces/IBatches.sol";
import {Chain, Contest, IContests} from "../interfaces/IContests.sol";
import {Terms} from "../interfaces/IFunding.sol";
import {Claim, Payouts} from "../interfaces/IPayments.sol";
import {WorkReceipt} from "../interfaces/IReceipts.sol";
import {DigestLib} from "../libraries/DigestLib.sol";
import {ErrorsLib} from "../libraries/ErrorsLib.sol";
import {HeaderLib} from "../libraries/HeaderLib.sol";
import {TermsLib} from "../libraries/TermsLib.sol";
import {Batches} from "./Batches.sol";

/// @title Contests
/// @notice Showing that a pending batch leaves something out, and answering that it does not.
abstract contract Contests is Batches, IContests {
    using HeaderLib for BatchHeader;
    using TermsLib for Terms;

    /* CONTESTS */

    /// @inheritdoc IContests
    function contest(
        Terms calldata terms,
        BatchHeader calldata header,
        WorkReceipt calldata receipt,
        bytes calldata signature
    ) external {
        bytes32 id = terms.id(address(this));
        (bytes32 batch, Batch storage pending) = _requireInWindow(id, terms, header);
        require(receipt.campaignId == id, ErrorsLib.WrongCampaign(id, receipt.campaignId));
        // An operator could leave receipts out of a closing batch by cutting it early.
        uint256 latest = header.closing ? pending.proposedAt : header.cutAt;
        require(receipt.issuedAt <= latest, ErrorsLib.ReceiptTooLate(latest, receipt.issuedAt));
        DigestLib.requireSigned(receipt, signature, terms.receiptKey, address(this));

        uint256 amount = header.closing ? Math.min(receipt.owedAtLeast, type(uint96).max) : 0;
        _contest(id, batch, pending, receipt.account, receipt.count, amount);
    }

    /// @inheritdoc IContests
    function contestChain(
        Terms calldata terms,
        BatchHeader calldata header,
        BatchHeader calldata earlier,
        Chain calldata chain
    ) external {
        bytes32 id = terms.id(address(this));
        (bytes32 batch, Batch storage pending) = _requireInWindow(id, terms, header);
        bytes32 earlierBatch = earlier.hash();
        _requireFinal(id, earlier.index, earlierBatch, earlier.payoutsRoot);
        HeaderLib.requireChain(earlier.recordsRoot, earlierBatch, id, chain);

        _contest(id, batch, pending, chain.account, chain.count, 0);
    }

    /// @inheritdoc IContests
    function contestAmount(
        Terms calldata terms,
        BatchHeader calldata header,
        Payouts calldata earlier,
        Claim calldata amount
    ) external {
        bytes32 id = terms.id(address(this));
        (bytes32 batch, Batch storage pending) = _requireInWindow(id, terms, header);
        _requireFinal(id, earlier.index, earlier.batch, earlier.root);
        HeaderLib.requirePayout(earlier.root, earlier.batch, id, amount);

        _contest(id, batch, pending, amount.account, 0, Math.min(amount.amount, type(uint96).max));
    }

    /* ANSWERS */

    /// @inheritdoc IContests
    function answer(
        Terms calldata terms,
        BatchHeader calldata header,
        Chain calldata chain,
        Claim calldata amount
    ) external {
        (bytes32 id, Book storage book) = _bookOf(terms);
        (bytes32 batch, Batch storage pending) = _requirePending(id, header);
        require(_elapsed(book, pending) < _answerTime(terms), ErrorsLib.AnswerLate(id, batch));
        Contest storage contest_ = _requireContested(batch, pending, chain.account);
        if (contest_.count != 0) {
            require(chain.count >= contest_.count, ErrorsLib.AnswerTooLow(contest_.count, chain.count));
            HeaderLib.requireChain(header.recordsRoot, batch, id, chain);
        }
        if (contest_.amount != 0) {
            require(amount.account == chain.account, ErrorsLib.NotAccount(amount.account, chain.account));
            require(amount.amount >= contest_.amount, ErrorsLib.AnswerTooLow(contest_.amount, amount.amount));
            HeaderLib.requirePayout(header.payoutsRoot, batch, id, amount);
        }

        contest_.isAnswered = true;
        pending.contests -= 1;

        emit ContestAnswered(id, batch, chain.account);
    }

    /// @inheritdoc IContests
    function voidBatch(Terms calldata terms, BatchHeader calldata header, address account) external {
        (bytes32 id, Book storage book) = _bookOf(terms);
        (bytes32 batch, Batch storage pending) = _requirePending(id, header);
        _requireContested(batch, pending, account);
        require(_elapsed(book, pending) >= _answerTime(terms), ErrorsLib.AnswerDue(id, batch));

        delete _batches[id][header.index];

        emit BatchVoid(id, batch);

        _slash(id, book, terms.operator, account == terms.requester ? address(0) : account);
    }

    /* VIEWS */

    /// @inheritdoc IContests
    function contests(bytes32 batch, address account) external view returns (Contest memory) {
        return _contests[batch][account];
    }

    /* INTERNAL */

    function _contest(
        bytes32 id,
        bytes32 batch,
        Batch storage pending,
        address account,
        uint256 count,
        uint256 amount
    ) private {
        Contest storage known = _contests[batch][account];
        uint32 proposedAt = pending.proposedAt;
        bool isOpen = false;
        if (known.proposedAt == proposedAt) {
            uint256 knownCount = known.count;
            uint256 knownAmount = known.amount;
            require(count > knownCount || amount > knownAmount, ErrorsLib.AlreadyContested(batch, account));
            count = Math.max(count, knownCount);
            amount = Math.max(amount, knownAmount);
            isOpen = !known.isAnswered;
        }
        known.amount = uint96(amount);
        known.count = uint64(count);
        known.proposedAt = proposedAt;
        known.isAnswered = false;
        if (!isOpen) pending.contests += 1;

        emit BatchContested(id, batch, account, count, amount);
    }

    function _requireContested(bytes32 batch, Batch storage pending, address account)
        private
        view
        returns (Contest storage contest_)
    {
        contest_ = _contests[batch][account];
        require(
            contest_.proposedAt == pending.proposedAt && !contest_.isAnswered,
            ErrorsLib.NotContested(batch, account)
        );
    }

    /// @dev Whoever contests at the end of the window leaves a whole window for the answer.
    function _answerTime(Terms calldata terms) private pure returns (uint256) {
        return 2 * uint256(terms.challengeWindow);
    }
}
