// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title IERC5643
/// @notice ERC-5643: NFTs that run for a time and can be renewed.
interface IERC5643 {
    /// @notice Emitted when the end of a token changes.
    event SubscriptionUpdate(uint256 indexed tokenId, uint64 expiration);

    /// @notice Lets a token run for `duration` seconds more.
    function renewSubscription(uint256 tokenId, uint64 duration) external payable;

    /// @notice Ends a token now.
    function cancelSubscription(uint256 tokenId) external payable;

    /// @notice When a token ends, in seconds since the epoch.
    function expiresAt(uint256 tokenId) external view returns (uint64);

    /// @notice Whether a token can be renewed.
    function isRenewable(uint256 tokenId) external view returns (bool);
}
