// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

import {IParameters} from "./interfaces/IParameters.sol";
import {ErrorsLib} from "./libraries/ErrorsLib.sol";

/// @title Parameters
/// @notice The network's numbers and the bounds nobody can move them out of.
contract Parameters is IParameters, Ownable {
    uint256 private constant MAX_PROTOCOL_FEE_BPS = 500;
    uint256 private constant MAX_OPERATOR_FEE_BPS = 1_500;
    uint256 private constant MIN_CHALLENGE_WINDOW = 10 seconds;
    /// @dev The shortest window may be set no higher than this, so that governance cannot slow everyone down.
    uint256 private constant MAX_MIN_CHALLENGE_WINDOW = 7 days;
    uint256 private constant MAX_CHALLENGE_WINDOW = 14 days;
    uint256 private constant MIN_TAG = 100e18;
    uint256 private constant MAX_BOND = 10_000_000e18;
    /// @dev Low enough that a batch can be challenged whatever governance wishes.
    uint256 private constant MAX_DISPUTE_BOND = 1_000_000e18;
    uint256 private constant MAX_COOLDOWN = 60 days;
    uint256 private constant MAX_SHORTEST_TIME = 1 hours;
    uint256 private constant MAX_ROUND_TIME = 7 days;
    uint256 private constant MIN_DISPUTE_QUORUM_BPS = 500;
    uint256 private constant MAX_DISPUTE_QUORUM_BPS = 5_000;
    uint256 private constant MIN_VOTER_SLASH_BPS = 100;
    uint256 private constant MAX_VOTER_SLASH_BPS = 2_000;
    uint256 private constant MAX_VOTING_DELAY = 7 days;
    uint256 private constant MAX_VOTING_PERIOD = 14 days;
    /// @dev A thousandth of the supply.
    uint256 private constant MAX_PROPOSAL_THRESHOLD = 405_380_800e18;

    /* STORAGE */

    /// @inheritdoc IParameters
    uint16 public protocolFeeBps;

    /// @inheritdoc IParameters
    uint16 public maxOperatorFeeBps;

    /// @inheritdoc IParameters
    uint64 public minChallengeWindow;

    /// @inheritdoc IParameters
    uint64 public maxChallengeWindow;

    /// @inheritdoc IParameters
    address public treasury;

    /// @inheritdoc IParameters
    uint128 public operatorBond;

    /// @inheritdoc IParameters
    uint64 public stakeCooldown;

    /// @inheritdoc IParameters
    uint128 public minValidatorStake;

    /// @inheritdoc IParameters
    uint128 public disputeBond;

    /// @inheritdoc IParameters
    uint64 public commitTime;

    /// @inheritdoc IParameters
    uint64 public revealTime;

    /// @inheritdoc IParameters
    uint16 public disputeQuorumBps;

    /// @inheritdoc IParameters
    uint16 public voterSlashBps;

    /// @inheritdoc IParameters
    uint64 public votingDelay;

    /// @inheritdoc IParameters
    uint64 public votingPeriod;

    /// @inheritdoc IParameters
    uint128 public proposalThreshold;

    /// @inheritdoc IParameters
    uint64 public immutable shortestTime;

    /// @dev The longest window is set first: the shortest is checked against it. So is the cooldown: votes are.
    constructor(address owner, address treasury_, uint64 minChallengeWindow_) Ownable(owner) {
        _setProtocolFeeBps(250);
        _setMaxOperatorFeeBps(1_000);
        _setMaxChallengeWindow(14 days);
        _setMinChallengeWindow(minChallengeWindow_);
        _setTreasury(treasury_);
        shortestTime = uint64(Math.min(minChallengeWindow_, MAX_SHORTEST_TIME));
        _setOperatorBond(10_000e18);
        _setStakeCooldown(21 days);
        _setMinValidatorStake(10_000e18);
        _setDisputeBond(10_000e18);
        _setCommitTime(2 days);
        _setRevealTime(1 days);
        _setDisputeQuorumBps(2_000);
        _setVoterSlashBps(500);
        _setVotingDelay(1 days);
        _setVotingPeriod(5 days);
        _setProposalThreshold(1_000_000e18);
    }

    /* SETTERS */

    /// @inheritdoc IParameters
    function setProtocolFeeBps(uint16 value) external onlyOwner {
        _setProtocolFeeBps(value);
    }

    /// @inheritdoc IParameters
    function setMaxOperatorFeeBps(uint16 value) external onlyOwner {
        _setMaxOperatorFeeBps(value);
    }

    /// @inheritdoc IParameters
    function setMinChallengeWindow(uint64 value) external onlyOwner {
        _setMinChallengeWindow(value);
    }

    /// @inheritdoc IParameters
    function setMaxChallengeWindow(uint64 value) external onlyOwner {
        _setMaxChallengeWindow(value);
    }

    /// @inheritdoc IParameters
    function setTreasury(address value) external onlyOwner {
        _setTreasury(value);
    }

    /// @inheritdoc IParameters
    function setOperatorBond(uint128 value) external onlyOwner {
        _setOperatorBond(value);
    }

    /// @inheritdoc IParameters
    function setStakeCooldown(uint64 value) external onlyOwner {
        _setStakeCooldown(value);
    }

    /// @inheritdoc IParameters
    function setMinValidatorStake(uint128 value) external onlyOwner {
        _setMinValidatorStake(value);
    }

    /// @inheritdoc IParameters
    function setDisputeBond(uint128 value) external onlyOwner {
        _setDisputeBond(value);
    }

    /// @inheritdoc IParameters
    function setCommitTime(uint64 value) external onlyOwner {
        _setCommitTime(value);
    }

    /// @inheritdoc IParameters
    function setRevealTime(uint64 value) external onlyOwner {
        _setRevealTime(value);
    }

    /// @inheritdoc IParameters
    function setDisputeQuorumBps(uint16 value) external onlyOwner {
        _setDisputeQuorumBps(value);
    }

    /// @inheritdoc IParameters
    function setVoterSlashBps(uint16 value) external onlyOwner {
        _setVoterSlashBps(value);
    }

    /// @inheritdoc IParameters
    function setVotingDelay(uint64 value) external onlyOwner {
        _setVotingDelay(value);
    }

    /// @inheritdoc IParameters
    function setVotingPeriod(uint64 value) external onlyOwner {
        _setVotingPeriod(value);
    }

    /// @inheritdoc IParameters
    function setProposalThreshold(uint128 value) external onlyOwner {
        _setProposalThreshold(value);
    }

    /// @dev The network always has someone to move its numbers.
    function renounceOwnership() public view override onlyOwner {
        revert ErrorsLib.OwnerNeeded();
    }

    /* VIEWS */

    /// @inheritdoc IParameters
    function forCampaigns() external view returns (uint256, uint256, uint256, uint256, uint256) {
        return (protocolFeeBps, maxOperatorFeeBps, minChallengeWindow, maxChallengeWindow, operatorBond);
    }

    /* INTERNAL */

    function _setProtocolFeeBps(uint16 value) private {
        _announce("protocolFeeBps", value, 0, MAX_PROTOCOL_FEE_BPS);
        protocolFeeBps = value;
    }

    function _setMaxOperatorFeeBps(uint16 value) private {
        _announce("maxOperatorFeeBps", value, 0, MAX_OPERATOR_FEE_BPS);
        maxOperatorFeeBps = value;
    }

    function _setMinChallengeWindow(uint64 value) private {
        uint256 max = maxChallengeWindow < MAX_MIN_CHALLENGE_WINDOW ? maxChallengeWindow : MAX_MIN_CHALLENGE_WINDOW;
        _announce("minChallengeWindow", value, MIN_CHALLENGE_WINDOW, max);
        minChallengeWindow = value;
    }

    function _setMaxChallengeWindow(uint64 value) private {
        uint256 min = minChallengeWindow < MIN_CHALLENGE_WINDOW ? MIN_CHALLENGE_WINDOW : minChallengeWindow;
        _announce("maxChallengeWindow", value, min, MAX_CHALLENGE_WINDOW);
        maxChallengeWindow = value;
    }

    function _setTreasury(address value) private {
        require(value != address(0), ErrorsLib.ZeroAddress());
        _announce("treasury", uint160(value), 1, type(uint160).max);
        treasury = value;
    }

    function _setOperatorBond(uint128 value) private {
        _announce("operatorBond", value, MIN_TAG, MAX_BOND);
        operatorBond = value;
    }

    function _setStakeCooldown(uint64 value) private {
        _announce("stakeCooldown", value, uint256(votingDelay) + votingPeriod, MAX_COOLDOWN);
        stakeCooldown = value;
    }

    function _setMinValidatorStake(uint128 value) private {
        _announce("minValidatorStake", value, MIN_TAG, MAX_BOND);
        minValidatorStake = value;
    }

    function _setDisputeBond(uint128 value) private {
        _announce("disputeBond", value, MIN_TAG, MAX_DISPUTE_BOND);
        disputeBond = value;
    }

    function _setCommitTime(uint64 value) private {
        _announce("commitTime", value, shortestTime, MAX_ROUND_TIME);
        commitTime = value;
    }

    function _setRevealTime(uint64 value) private {
        _announce("revealTime", value, shortestTime, MAX_ROUND_TIME);
        revealTime = value;
    }

    function _setDisputeQuorumBps(uint16 value) private {
        _announce("disputeQuorumBps", value, MIN_DISPUTE_QUORUM_BPS, MAX_DISPUTE_QUORUM_BPS);
        disputeQuorumBps = value;
    }

    function _setVoterSlashBps(uint16 value) private {
        _announce("voterSlashBps", value, MIN_VOTER_SLASH_BPS, MAX_VOTER_SLASH_BPS);
        voterSlashBps = value;
    }

    function _setVotingDelay(uint64 value) private {
        _announce("votingDelay", value, shortestTime, Math.min(stakeCooldown - votingPeriod, MAX_VOTING_DELAY));
        votingDelay = value;
    }

    function _setVotingPeriod(uint64 value) private {
        _announce("votingPeriod", value, shortestTime, Math.min(stakeCooldown - votingDelay, MAX_VOTING_PERIOD));
        votingPeriod = value;
    }

    function _setProposalThreshold(uint128 value) private {
        _announce("proposalThreshold", value, MIN_TAG, MAX_PROPOSAL_THRESHOLD);
        proposalThreshold = value;
    }

    function _announce(bytes32 name, uint256 value, uint256 min, uint256 max) private {
        require(value >= min && value <= max, ErrorsLib.OutOfBounds(name, value, min, max));
        emit ParameterSet(name, value);
    }
}
