// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Terms} from "./IFunding.sol";

/// @notice What a batch commits to. Passed as calldata; on chain a batch is the hash of its header.
struct BatchHeader {
    bytes32 campaignId;
    /// @dev The previous *final* batch, zero for the first.
    bytes32 previous;
    /// @dev How many batches were final before this one.
    uint64 index;
    /// @dev Records received up to here are in.
    uint64 cutAt;
    /// @dev The digest of the evidence bundle's root block.
    bytes32 bundle;
    /// @dev The root over (campaignId, account, count, link).
    bytes32 recordsRoot;
    /// @dev The root over (campaignId, item, resultHash, confidence).
    bytes32 resultsRoot;
    /// @dev The root over (campaignId, account, cumulative amount).
    bytes32 payoutsRoot;
    /// @dev The sum of all amounts under `payoutsRoot`. Never falls from batch to batch.
    uint256 payoutsTotal;
    /// @dev The hash of the settlement state after this batch.
    bytes32 state;
    /// @dev Whether this is the campaign's last batch.
    bool closing;
}

/// @notice Where a batch stands. A void one leaves nothing behind.
enum BatchStatus {
    None,
    Pending,
    Final
}

/// @title IBatches
/// @notice How a batch is proposed and becomes final.
interface IBatches {
    /* EVENTS */

    /// @notice Emitted when the operator loses the stake it locked for a campaign.
    event BondSlashed(bytes32 indexed id, address indexed operator, uint256 amount, address beneficiary);

    /// @notice Emitted when the operator proposes a batch that becomes final at `finalAt` at the earliest.
    event BatchProposed(bytes32 indexed id, bytes32 indexed batch, BatchHeader header, uint64 finalAt);

    /// @notice Emitted when a pending batch is dropped. It leaves no trace but this event.
    event BatchVoid(bytes32 indexed id, bytes32 indexed batch);

    /// @notice Emitted when a batch becomes final. Its payouts stay claimable for ever.
    event BatchFinal(bytes32 indexed id, bytes32 indexed batch, uint256 payoutsTotal, bool closing);

    /// @notice Emitted when a pending batch is disputed and the campaign's clock stops.
    event DisputeBegan(bytes32 indexed id, bytes32 indexed batch);

    /// @notice Emitted when the clock goes on, `stoodStill` seconds later. If the batch is void without a verdict, these
    /// are counted from its proposal.
    event DisputeEnded(bytes32 indexed id, bytes32 indexed batch, bool isVoid, uint256 stoodStill);

    /* BATCHES */

    /// @notice Proposes the campaign's next batch. Only the operator, one at a time.
    /// @dev The batch must continue the last final one, must not lower its payouts total, and the campaign's funds
    /// must cover it with all fees. A closing batch is refused until the campaign is closing, every batch once
    /// deadline and grace have passed. An operator that was slashed locks its bond again.
    /// @param previousRoot The payouts root of the last final batch; of no matter when there is none.
    function propose(Terms calldata terms, BatchHeader calldata header, bytes32 previousRoot) external;

    /// @notice Takes back the operator's own pending batch.
    /// @dev Not while it is contested or disputed: an operator that is caught does not get away.
    function withdrawBatch(Terms calldata terms, BatchHeader calldata header) external;

    /// @notice Makes the pending batch final once its challenge window has passed and all contests are answered.
    /// @dev Anyone may. A final closing batch closes the campaign and releases the operator's bond.
    function finalize(Terms calldata terms, BatchHeader calldata header) external;

    /* VIEWS */

    /// @notice Where the batch with this header stands.
    function statusOf(BatchHeader calldata header) external view returns (BatchStatus);

    /// @notice Whether the batch with this header is a final one of this campaign.
    function isFinal(bytes32 id, BatchHeader calldata header) external view returns (bool);

    /// @notice The hash a batch is known by.
    function headerHash(BatchHeader calldata header) external pure returns (bytes32);

    /// @notice The one word a proposal stores: the first 192 bits of the hash over the batch's hash and payouts root.
    /// @dev So that a claim proves its root without the rest of the header.
    function commitmentOf(BatchHeader calldata header) external pure returns (bytes24);
}
