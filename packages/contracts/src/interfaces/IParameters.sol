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

    /// @notice The stake an operator locks for each campaign it runs, in TAG.
    function operatorBond() external view returns (uint128);

    /// @notice What a campaign is checked against and copies when it opens, in one call.
    function forCampaigns()
        external
        view
        returns (
            uint256 protocolFeeBps,
            uint256 maxOperatorFeeBps,
            uint256 minChallengeWindow,
            uint256 maxChallengeWindow,
            uint256 operatorBond
        );

    /// @notice How long stake cools before it can be withdrawn, in seconds.
    function stakeCooldown() external view returns (uint64);

    /// @notice The least stake a validator locks, in TAG.
    function minValidatorStake() external view returns (uint128);

    /// @notice What a challenger of a batch puts at risk, in TAG.
    function disputeBond() external view returns (uint128);

    /// @notice How long validators may commit votes in the first round of a dispute, in seconds.
    function commitTime() external view returns (uint64);

    /// @notice How long they may reveal them afterwards, in seconds.
    function revealTime() external view returns (uint64);

    /// @notice The part of all validator stake that must vote in a dispute, in basis points.
    function disputeQuorumBps() external view returns (uint16);

    /// @notice What a validator loses by a lost or unrevealed vote, in basis points of its weight.
    function voterSlashBps() external view returns (uint16);

    /// @notice How long a proposal waits before the governor votes on it, in seconds.
    function votingDelay() external view returns (uint64);

    /// @notice How long the governor votes on a proposal, in seconds.
    function votingPeriod() external view returns (uint64);

    /// @notice The votes it takes to make a proposal, in TAG.
    function proposalThreshold() external view returns (uint128);

    /// @notice The shortest that rounds and votes may be set to: the shortest challenge window at deployment, or an hour.
    function shortestTime() external view returns (uint64);

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

    /// @notice Sets the bond operators lock for a campaign.
    /// @dev Open campaigns keep the bond they started with.
    function setOperatorBond(uint128 value) external;

    /// @notice Sets the cooldown of stake.
    /// @dev Never shorter than a vote of the governor takes. Stake that is cooling keeps the time it started with.
    function setStakeCooldown(uint64 value) external;

    /// @notice Sets the least stake of a validator.
    /// @dev Validators that have less keep their weight.
    function setMinValidatorStake(uint128 value) external;

    /// @notice Sets the bond of a challenger.
    /// @dev Disputes keep the value they started with.
    function setDisputeBond(uint128 value) external;

    /// @notice Sets the time to commit votes in a dispute.
    /// @dev Disputes keep the value they started with.
    function setCommitTime(uint64 value) external;

    /// @notice Sets the time to reveal them.
    /// @dev Disputes keep the value they started with.
    function setRevealTime(uint64 value) external;

    /// @notice Sets the quorum of a dispute.
    /// @dev Disputes keep the value they started with.
    function setDisputeQuorumBps(uint16 value) external;

    /// @notice Sets what a lost or unrevealed vote costs.
    /// @dev Disputes keep the value they started with.
    function setVoterSlashBps(uint16 value) external;

    /// @notice Sets the governor's delay before a vote.
    /// @dev Together, delay and period never exceed the cooldown of stake.
    function setVotingDelay(uint64 value) external;

    /// @notice Sets the time the governor votes.
    /// @dev Together, delay and period never exceed the cooldown of stake.
    function setVotingPeriod(uint64 value) external;

    /// @notice Sets the votes it takes to make a proposal.
    function setProposalThreshold(uint128 value) external;
}
