// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Claim, Claims, IPayments, Payouts} from "../interfaces/IPayments.sol";
import {Account, ReceiptStatus} from "../interfaces/IReceipts.sol";
import {AttemptLib} from "../libraries/AttemptLib.sol";
import {ErrorsLib} from "../libraries/ErrorsLib.sol";
import {HeaderLib} from "../libraries/HeaderLib.sol";
import {TransferLib} from "../libraries/TransferLib.sol";
import {Receipts} from "./Receipts.sol";

/// @title Payments
/// @notice What final batches owe workers, paid one by one or by the hundred.
abstract contract Payments is Receipts, IPayments {
    /* CLAIMS */

    /// @inheritdoc IPayments
    function claim(Payouts calldata payouts, Claim calldata claim_) external nonReentrant {
        _claim(payouts, claim_, claim_.account);
    }

    /// @inheritdoc IPayments
    function claimTo(Payouts calldata payouts, Claim calldata claim_, address to) external nonReentrant {
        require(msg.sender == claim_.account, ErrorsLib.NotAccount(msg.sender, claim_.account));

        emit ClaimRedirected(payouts.campaignId, claim_.account, to);

        _claim(payouts, claim_, to);
    }

    /// @inheritdoc IPayments
    function claimMany(Payouts calldata payouts, Claims calldata claims) external nonReentrant {
        bytes32 id = payouts.campaignId;
        _requireFinal(id, payouts.index, payouts.batch, payouts.root);
        HeaderLib.requirePayouts(payouts.root, payouts.batch, id, claims);
        // What is held is asked once. Should a token change it meanwhile, the payments after that are passed over.
        uint256 held = TransferLib.balanceOf(_books[id].purse.token, address(this));
        address[] calldata payees = claims.accounts;
        uint256[] calldata amounts = claims.amounts;
        for (uint256 i = 0; i < payees.length; ++i) {
            address account = payees[i];
            (bool success, uint256 paid, bytes memory reason) = AttemptLib.attempt(
                abi.encodeCall(this.attemptClaim, (id, account, amounts[i], held))
            );
            if (success) held -= paid;
            else emit ClaimSkipped(id, account, reason);
        }
    }

    /// @inheritdoc IPayments
    function attemptClaim(bytes32 id, address account, uint256 amount, uint256 held)
        external
        onlySelf
        returns (uint256 paid)
    {
        address token;
        (token, paid) = _settle(id, account, amount);
        if (paid != 0) TransferLib.push(token, account, paid, held);
    }

    /* VIEWS */

    /// @inheritdoc IPayments
    function claimed(bytes32 id, address account) external view returns (uint256) {
        return _accounts[id][account].claimed;
    }

    /* INTERNAL */

    function _claim(Payouts calldata payouts, Claim calldata claim_, address to) private {
        bytes32 id = payouts.campaignId;
        _requireFinal(id, payouts.index, payouts.batch, payouts.root);
        HeaderLib.requirePayout(payouts.root, payouts.batch, id, claim_);
        (address token, uint256 due) = _settle(id, claim_.account, claim_.amount);
        if (due != 0) TransferLib.push(token, to, due);
    }

    /// @dev Writes down that an account is paid what a final batch owes it beyond what it was already paid.
    /// @return token What to pay in.
    /// @return due How much.
    function _settle(bytes32 id, address account, uint256 amount) private returns (address token, uint256 due) {
        Account storage worker = _accounts[id][account];
        Book storage book = _books[id];
        uint256 before = worker.claimed;
        require(amount > before, ErrorsLib.NothingToClaim(account, amount));
        due = amount - before;
        uint256 claimable = book.purse.claimable;
        // A root that promises more than its total is the operator's fault; it must not reach other campaigns' funds.
        require(due <= claimable, ErrorsLib.ClaimsExceedTotal(claimable, due));
        token = book.purse.token;
        bool hasReceipt = worker.receiptStatus != ReceiptStatus.None;

        // Safe without a check: what is claimable has 96 bits, and amounts are at most what was.
        worker.claimed = uint96(amount);
        book.purse.claimable = uint96(claimable - due);
        if (hasReceipt) due -= _offset(id, book, worker, account, due);

        emit Claimed(id, account, due);
    }
}
