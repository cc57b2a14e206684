// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {GovernorCountingSimple} from "@openzeppelin/contracts/governance/extensions/GovernorCountingSimple.sol";
import {GovernorTimelockControl} from "@openzeppelin/contracts/governance/extensions/GovernorTimelockControl.sol";
import {GovernorVotes} from "@openzeppelin/contracts/governance/extensions/GovernorVotes.sol";
import {GovernorVotesQuorumFraction} from
    "@openzeppelin/contracts/governance/extensions/GovernorVotesQuorumFraction.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";

import {IParameters} from "./interfaces/IParameters.sol";
import {IStaking} from "./interfaces/IStaking.sol";
import {ErrorsLib} from "./libraries/ErrorsLib.sol";

/// @title TagGovernor
/// @notice Staked TAG proposes and votes; what is decided waits in a timelock and is then executed by anyone.
/// @dev OpenZeppelin's Governor. What is ours: delay, period and threshold are the network's parameters, bounded there;
/// the quorum is a part of TAG's whole supply, not of what happens to be staked, so that a sleepy network is not
/// governed by the few who are awake.
/// @dev Warning: the most that governance can do is move parameters inside their bounds, spend what the treasury holds
/// and replace itself. No contract that holds others' money asks it for anything else.
contract TagGovernor is Governor, GovernorCountingSimple, GovernorVotesQuorumFraction, GovernorTimelockControl {
    uint256 private constant BPS = 10_000;
    uint256 private constant INITIAL_QUORUM_BPS = 400;
    uint256 private constant MIN_QUORUM_BPS = 100;
    uint256 private constant MAX_QUORUM_BPS = 2_000;

    /// @notice The parameters that say how long and by whom.
    IParameters public immutable parameters;

    uint256 private immutable _supply;

    constructor(IStaking staking, TimelockController timelock_)
        Governor("TagGovernor")
        GovernorVotes(staking)
        GovernorVotesQuorumFraction(INITIAL_QUORUM_BPS)
        GovernorTimelockControl(timelock_)
    {
        parameters = staking.parameters();
        _supply = IERC20(staking.tagToken()).totalSupply();
    }

    /* NUMBERS */

    /// @notice How long a proposal waits for the vote, in seconds.
    function votingDelay() public view override returns (uint256) {
        return parameters.votingDelay();
    }

    /// @notice How long the vote lasts, in seconds.
    function votingPeriod() public view override returns (uint256) {
        return parameters.votingPeriod();
    }

    /// @notice The votes it takes to make a proposal.
    function proposalThreshold() public view override returns (uint256) {
        return parameters.proposalThreshold();
    }

    /// @notice The votes, for or abstaining, that a proposal voted on since `timepoint` needs.
    function quorum(uint256 timepoint) public view override(Governor, GovernorVotesQuorumFraction) returns (uint256) {
        // Rounded down by less than one unit of TAG.
        return _supply * quorumNumerator(timepoint) / BPS;
    }

    /// @notice The quorum is counted in basis points of the supply.
    function quorumDenominator() public pure override returns (uint256) {
        return BPS;
    }

    function _updateQuorumNumerator(uint256 value) internal override {
        require(
            value >= MIN_QUORUM_BPS && value <= MAX_QUORUM_BPS,
            ErrorsLib.OutOfBounds("quorumBps", value, MIN_QUORUM_BPS, MAX_QUORUM_BPS)
        );
        super._updateQuorumNumerator(value);
    }

    /* WHAT TWO OF THE PARENTS ANSWER */

    function state(uint256 proposalId)
        public
        view
        override(Governor, GovernorTimelockControl)
        returns (ProposalState)
    {
        return super.state(proposalId);
    }

    function proposalNeedsQueuing(uint256 proposalId)
        public
        view
        override(Governor, GovernorTimelockControl)
        returns (bool)
    {
        return super.proposalNeedsQueuing(proposalId);
    }

    function _queueOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint48) {
        return super._queueOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _executeOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) {
        super._executeOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _cancel(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint256) {
        return super._cancel(targets, values, calldatas, descriptionHash);
    }

    function _executor() internal view override(Governor, GovernorTimelockControl) returns (address) {
        return super._executor();
    }
}
