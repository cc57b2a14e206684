// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Terms} from "./IFunding.sol";
import {IParameters} from "./IParameters.sol";
import {IStaking} from "./IStaking.sol";

/// @notice Where a campaign stands. It only ever moves to the right.
enum Status {
    None,
    Open,
    Closing,
    /// @dev The operator did not close in time: receipts are registered, then checked, then the campaign is closed.
    Silent,
    Closed
}

/// @notice Whether the pending batch is or was disputed.
enum DisputeStatus {
    None,
    Running,
    Over
}

/// @notice What the contract remembers of a campaign.
/// @dev Warning: amounts are in the smallest unit of `token` and only add up within one campaign.
struct Campaign {
    address token;
    Status status;
    uint64 finalCount;
    /// @dev The stake the operator locked for this campaign, in TAG.
    uint256 bond;
    /// @dev Whether it is locked now: not after a slash, until the operator proposes again, nor once closed.
    bool isBonded;
    /// @dev When the pending batch was proposed, zero if none is pending.
    uint64 proposedAt;
    /// @dev How many contests of the pending batch wait for an answer.
    uint256 contests;
    DisputeStatus dispute;
    /// @dev Commitments of the pending and of the last final batch, as `commitmentOf` gives them. Zero if there is none.
    bytes24 pending;
    bytes24 lastFinal;
    /// @dev Everything that was ever paid in.
    uint256 funded;
    /// @dev The payouts total of the last final batch.
    uint256 payoutsTotal;
    /// @dev What workers have claimed of it.
    uint256 claimedTotal;
    uint256 operatorFeePaid;
    uint256 protocolFeePaid;
    uint256 refunded;
    /// @dev For how long disputes have stopped the clock so far, not counting a running one. Puts off silence.
    uint256 disputedTime;
    /// @dev When the campaign fell silent, zero if it did not.
    uint64 silentAt;
    /// @dev What registered receipts are owed above what their accounts claimed, and were not paid yet.
    uint256 receiptsDue;
    /// @dev What is set aside for them. Zero until the campaign is closed.
    uint256 receiptsPool;
    /// @dev What was or will be paid for receipts in all.
    uint256 receiptsTotal;
}

/// @title IBooks
/// @notice What is remembered of campaigns, and of whom the escrow asks what it does not remember itself.
interface IBooks {
    /// @notice The parameters new campaigns are checked against.
    function parameters() external view returns (IParameters);

    /// @notice Where operators' bonds are locked.
    function staking() external view returns (IStaking);

    /// @notice The contract that may stop the clock.
    function disputes() external view returns (address);

    /// @notice The id of a campaign with these terms, whether it was opened or not.
    function campaignId(Terms calldata terms) external view returns (bytes32);

    /// @notice What the contract remembers of a campaign. All zero if it was never opened.
    function campaigns(bytes32 id) external view returns (Campaign memory);
}
