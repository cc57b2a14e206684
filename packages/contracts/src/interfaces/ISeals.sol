// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title ISeals
/// @notice Opens a sealed key with a one-time secret that its buyer has published, so that nobody has to be believed.
/// @dev The curve's arithmetic is done in code, as only some chains have it built in: about a third of a million gas
/// for each of two products.
interface ISeals {
    /// @notice The x coordinate of the public half of `secret`; zero for a secret that is none.
    /// @dev The negative of a secret has the same, and opens the same.
    function publicKeyOf(uint256 secret) external view returns (bytes32);

    /// @notice What was sealed to the public half of `secret`, and that half's x coordinate.
    /// @dev Warning: there is no tag. What comes out is right if it has the hash the passport names.
    function open(bytes calldata sealedKey, uint256 secret) external view returns (bytes32 key, bytes32 buyerKey);
}
