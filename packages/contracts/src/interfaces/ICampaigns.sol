// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {BatchHeader, IBatches} from "./IBatches.sol";
import {IBooks} from "./IBooks.sol";
import {IContests} from "./IContests.sol";
import {IDisputable} from "./IDisputable.sol";
import {IFunding, Terms} from "./IFunding.sol";
import {IPayments} from "./IPayments.sol";
import {IReceipts} from "./IReceipts.sol";

/// @title ICampaigns
/// @notice One shared escrow for all campaigns: requesters pay in, workers are paid by batch, the rest goes back.
/// @dev What the contract relies on, and what it does not:
/// - Funds of a campaign leave by four doors only: `claim…` to workers named in a final batch, `claimReceipt` to workers
/// with a registered receipt, `collectFees` to the operator and the treasury, `refund` to the requester. No role can
/// open another.
/// - At any time `payoutsTotal + fees(payoutsTotal) + receiptsTotal + refunded <= funded`, and claims stay within
/// `payoutsTotal`, so a campaign never pays from another one's funds, even when both are in the same token.
/// - No account can stop a campaign: from every state but `Closed`, `advance` leads on once its time has come, whoever
/// stays away, and `voidBatch` where a contest was not answered. Contests extend a batch's wait by one more challenge window at most, a dispute by its rounds.
/// - Tokens are taken to be hostile. Every transfer must move exactly the amount, on both sides, or it does not count:
/// deposits revert, payments revert or are skipped. A token that shrinks or lies harms only campaigns paid in it.
/// - Terms and headers travel as calldata. A batch is remembered by 192 bits that commit to its header; amounts have
/// 96 bits, bonds whole TAG.
/// - Warning: that a batch pays the right people the right amounts is proved off chain, by running `verify` over the
/// anchored bundle during the challenge window.
interface ICampaigns is IBooks, IFunding, IBatches, IDisputable, IContests, IReceipts, IPayments {
    /// @notice Moves every clock of a campaign that is due. Anyone may.
    /// @dev In this order: a pending batch whose window has passed becomes final; an open campaign at its deadline is
    /// closing; one whose operator let deadline and grace pass, and has no batch pending, falls silent and costs the
    /// operator its bond; a silent one whose receipts are checked is closed. Reverts when nothing is due.
    /// @param header That of the pending batch; of no matter when none is pending.
    function advance(Terms calldata terms, BatchHeader calldata header) external;
}
