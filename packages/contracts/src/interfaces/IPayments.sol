// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice A payee's line in a payouts root: the cumulative amount and the proof that it is there.
struct Claim {
    address account;
    uint256 amount;
    bytes32[] proof;
}

/// @notice Names the payouts of a batch: all that a claim needs of its header.
struct Payouts {
    bytes32 campaignId;
    /// @dev The header's `index`.
    uint64 index;
    /// @dev The header's hash.
    bytes32 batch;
    /// @dev The header's `payoutsRoot`.
    bytes32 root;
}

/// @notice Lines of a payouts root, in the order of an OpenZeppelin multiproof, with one proof for all of them.
struct Claims {
    address[] accounts;
    uint256[] amounts;
    bytes32[] proof;
    bool[] proofFlags;
}

/// @title IPayments
/// @notice How workers are paid what final batches owe them.
interface IPayments {
    /* EVENTS */

    /// @notice Emitted when `amount` owed to `account` by a final batch is paid.
    event Claimed(bytes32 indexed id, address indexed account, uint256 amount);

    /// @notice Emitted when an account has its pay sent to another place.
    event ClaimRedirected(bytes32 indexed id, address indexed account, address to);

    /// @notice Emitted when a payee of `claimMany` was passed over. The claim stays open.
    /// @param reason The start of what the failed attempt reverted with.
    event ClaimSkipped(bytes32 indexed id, address indexed account, bytes reason);

    /* PAYMENTS */

    /// @notice Pays an account what a final batch owes it, less what it already received. Anyone may, for anyone.
    /// @dev The payouts may be those of any final batch of the campaign; amounts are cumulative, so using old ones
    /// pays less, never twice.
    function claim(Payouts calldata payouts, Claim calldata claim_) external;

    /// @notice Like `claim`, paid to `to`. Only the account itself.
    function claimTo(Payouts calldata payouts, Claim calldata claim_, address to) external;

    /// @notice Like `claim` for many accounts. Whoever cannot be paid is passed over and may be claimed for again.
    /// @dev Every attempt gets a bounded amount of gas and its effects are undone if it fails, so neither a payee nor
    /// a token can take the others down with it. The call reverts when there is not enough gas for a full attempt, so
    /// nobody is passed over for want of gas: leave half a million more than the payments use.
    function claimMany(Payouts calldata payouts, Claims calldata claims) external;

    /// @notice One attempt of `claimMany`.
    /// @dev Only callable by the contract itself: the call is what makes an attempt undoable.
    /// @param held What the escrow holds of the campaign's token.
    /// @return paid What was paid.
    function attemptClaim(bytes32 id, address account, uint256 amount, uint256 held)
        external
        returns (uint256 paid);

    /* VIEWS */

    /// @notice The cumulative amount of final batches an account has been paid for.
    function claimed(bytes32 id, address account) external view returns (uint256);
}
