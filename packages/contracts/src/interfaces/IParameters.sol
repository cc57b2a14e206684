// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title IParameters
/// @notice The network's numbers. The owner (a timelock) moves them inside bounds fixed in code.
/// @dev Whoever opens an escrow copies the numbers it depends on, so no change here reaches an open campaign or a
/// sale already made. The bounds keep even a hostile owner from pricing users out of what they have started.
interface IParameters {
    /// @notice Emitted when a parameter is set, once per parameter on deployment too.
    /// @param name The name of the parameter, as a left-aligned ASCII string.
    /// @param value The new value; an address is given as its number.
    event ParameterSet(bytes32 indexed name, uint256 value);

    /// @notice The protocol's fee on what is paid, in basis points.
    function protocolFeeBps() external view returns (uint16);

    /// @notice The highest fee an operator may ask on what is paid, in basis points.
    function maxOperatorFeeBps() external view returns (uint16);

    /// @notice The shortest challenge window a campaign may choose, in seconds.
    function minChallengeWindow() external view returns (uint64);

    /// @notice The longest challenge window a campaign may choose, in seconds.
    function maxChallengeWindow() external view returns (uint64);

    /// @notice The account protocol fees are paid to.
    function treasury() external view returns (address);

    /// @notice Sets the protocol's fee.
    /// @dev Open campaigns and sales keep the fee they started with.
    function setProtocolFeeBps(uint16 value) external;

    /// @notice Sets the cap on operators' fees.
    function setMaxOperatorFeeBps(uint16 value) external;

    /// @notice Sets the shortest challenge window.
    function setMinChallengeWindow(uint64 value) external;

    /// @notice Sets the longest challenge window.
    function setMaxChallengeWindow(uint64 value) external;

    /// @notice Sets the account protocol fees are paid to.
    /// @dev Warning: a treasury a token refuses delays the protocol's own fees and nothing else.
    function setTreasury(address value) external;
}
