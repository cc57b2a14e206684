// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {BatchHeader} from "./IBatches.sol";
import {Terms} from "./IFunding.sol";
import {Claim, Payouts} from "./IPayments.sol";
import {WorkReceipt} from "./IReceipts.sol";

/// @notice A worker's line in a records root: how far its chain reaches, and the proof that it is there.
struct Chain {
    address account;
    uint64 count;
    bytes32 link;
    bytes32[] proof;
}

/// @notice A contest of a batch: what the batch must hold of an account.
struct Contest {
    /// @dev A line of the payouts root not lower than this, unless zero.
    uint96 amount;
    /// @dev A line of the records root not lower than this, unless zero.
    uint64 count;
    /// @dev When the contested batch was proposed: the same batch proposed again is contested anew.
    uint32 proposedAt;
    bool isAnswered;
}

/// @title IContests
/// @notice How anyone shows, without a vote, that a pending batch leaves out what an account is owed.
interface IContests {
    /* EVENTS */

    /// @notice Emitted when a pending batch is contested: it must hold at least this much of the account, all contests of
    /// the account taken together.
    event BatchContested(
        bytes32 indexed id, bytes32 indexed batch, address indexed account, uint256 count, uint256 amount
    );

    /// @notice Emitted when a contest is answered.
    event ContestAnswered(bytes32 indexed id, bytes32 indexed batch, address indexed account);

    /* CONTESTS */

    /// @notice Contests a pending batch that leaves out what a receipt says. Anyone may, within the window.
    /// @dev The receipt must have been issued by the batch's `cutAt`; for a closing batch by its proposal, as no later
    /// batch will hold it. The batch must then hold a chain not shorter, and if it is closing, an amount not lower.
    /// What contests show of an account adds up, and each must show more than those before: so nobody, least of all the
    /// operator, forestalls one by showing little. A contest costs nothing but gas, and never more time than one more
    /// window.
    function contest(
        Terms calldata terms,
        BatchHeader calldata header,
        WorkReceipt calldata receipt,
        bytes calldata signature
    ) external;

    /// @notice Contests a pending batch by the chain that an earlier final batch holds of an account.
    function contestChain(
        Terms calldata terms,
        BatchHeader calldata header,
        BatchHeader calldata earlier,
        Chain calldata chain
    ) external;

    /// @notice Contests a pending batch by the amount that an earlier final batch holds of an account.
    function contestAmount(
        Terms calldata terms,
        BatchHeader calldata header,
        Payouts calldata earlier,
        Claim calldata amount
    ) external;

    /// @notice Answers the contest of `chain.account` with lines of the pending batch. Anyone may, in time.
    /// @param chain Not shorter than what the contest shows. Only its account counts if that was an amount.
    /// @param amount Not lower than what the contest shows, if it asks for an amount; of no matter otherwise.
    function answer(
        Terms calldata terms,
        BatchHeader calldata header,
        Chain calldata chain,
        Claim calldata amount
    ) external;

    /// @notice Drops a pending batch because a contest of it was not answered in time. Anyone may.
    /// @dev Costs the operator its bond. Half of that is for the contest's account, unless it is the requester.
    function voidBatch(Terms calldata terms, BatchHeader calldata header, address account) external;

    /* VIEWS */

    /// @notice What the contract remembers of a contest, also of one of an earlier proposal of the same batch.
    function contests(bytes32 batch, address account) external view returns (Contest memory);
}
