// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Disputes} from "../../src/Disputes.sol";
import {Parameters} from "../../src/Parameters.sol";
import {Staking} from "../../src/Staking.sol";
import {TagToken} from "../../src/TagToken.sol";
import {BatchHeader} from "../../src/interfaces/IBatches.sol";
import {Permit, Terms} from "../../src/interfaces/IFunding.sol";
import {Ballot, Choice, Dispute, Outcome} from "../../src/interfaces/IDisputes.sol";
import {Stake} from "../../src/interfaces/IStaking.sol";
import {MockCampaigns} from "../../src/mocks/MockCampaigns.sol";
import {FuzzSelector, TestBase} from "../TestBase.sol";

/// @notice Acts for operators, challengers and validators. No action may revert: each does what is allowed, or nothing.
contract DisputesHandler is TestBase {
    uint256 private constant MAX_DISPUTES = 6;
    uint128 private constant BOND = 20_000e18 + 1;
    address private constant OPERATOR = address(0x09e7);
    address private constant REQUESTER = address(0x7e90);

    TagToken public immutable tagToken;
    Parameters public immutable parameters;
    Staking public immutable staking;
    MockCampaigns public immutable campaigns;
    Disputes public immutable disputes;
    /// @dev The last of them challenges most batches.
    address[5] public validators;
    address[2] public treasuries = [address(0x7ea5), address(0x7ea6)];

    bytes32[] public ids;

    /// @dev Whether each voter votes for the batch; commitments are made and opened from this.
    mapping(bytes32 id => mapping(address voter => bool)) private _isValid;

    constructor() {
        tagToken = new TagToken(address(this));
        parameters = new Parameters(address(this), treasuries[0], 10);
        address campaignsAt = vm.computeCreateAddress(address(this), vm.getNonce(address(this)) + 1);
        address disputesAt = vm.computeCreateAddress(address(this), vm.getNonce(address(this)) + 2);
        staking = new Staking(address(tagToken), parameters, campaignsAt, disputesAt);
        campaigns = new MockCampaigns(staking, disputesAt);
        disputes = new Disputes(campaigns, staking);
        for (uint160 i = 0; i < 5; ++i) {
            validators[i] = address(0xa11ce0 + i);
            _stake(validators[i], 1e24 * (i + 1) + i);
            vm.prank(validators[i]);
            staking.startValidating(3e23 * (i + 1) + i);
        }
        _stake(OPERATOR, BOND * 100);
    }

    /* ACTIONS */

    function challengeNoRevert(uint256 seed) public {
        if (ids.length == MAX_DISPUTES) return;
        (Terms memory terms, BatchHeader memory header) = _proposal(ids.length);
        campaigns.propose(terms, header, BOND);
        uint64 proposedAt = uint64(block.timestamp);
        vm.warp(block.timestamp + 1 + seed % 5);
        address challenger = seed % 3 == 0 ? REQUESTER : validators[4 - seed % 2];
        tagToken.transfer(challenger, 1_000_000e18);
        vm.prank(challenger);
        tagToken.approve(address(disputes), type(uint256).max);
        vm.prank(challenger);
        ids.push(disputes.challenge(terms, header, "", Permit(0, 0, 0, 0, 0)));
        bytes32 batch = keccak256(abi.encode(header));
        require(ids[ids.length - 1] == disputes.disputeId(_campaignId(terms), batch, proposedAt), "another id");
    }

    /// @dev A whole round: who votes, how, and who keeps silent, by the bits of `seed`.
    function voteNoRevert(uint256 which, uint256 seed) external {
        (bool found, bytes32 id, Dispute memory dispute) = _pick(which);
        if (!found || dispute.outcome != Outcome.Open || block.timestamp >= dispute.commitEnds) return;
        for (uint256 v = 0; v < 5; ++v) if ((seed >> v) & 1 == 0) commitNoRevert(which, v, seed >> (8 + v));
        vm.warp(dispute.commitEnds);
        for (uint256 v = 0; v < 5; ++v) if ((seed >> (16 + 2 * v)) & 3 != 0) revealNoRevert(which, v);
        vm.warp(dispute.revealEnds);
        disputes.resolve(id);
    }

    function commitNoRevert(uint256 which, uint256 voter, uint256 isValid) public {
        (bool found, bytes32 id, Dispute memory dispute) = _pick(which);
        address account = validators[voter % 5];
        if (!found || dispute.outcome != Outcome.Open || block.timestamp >= dispute.commitEnds) return;
        if (account == dispute.challenger || disputes.ballots(id, account).weight != 0) return;
        uint256 weight = staking.getPastValidatorStake(account, dispute.proposedAt - 1);
        Stake memory stake_ = staking.stakes(account);
        if (weight == 0 || stake_.validating - stake_.engaged < (weight * dispute.slashBps + 9_999) / 10_000) return;
        _isValid[id][account] = isValid % 2 != 0;
        vm.prank(account);
        disputes.commitVote(id, keccak256(abi.encode(id, account, _isValid[id][account], bytes32(voter % 5))));
    }

    function revealNoRevert(uint256 which, uint256 voter) public {
        (bool found, bytes32 id, Dispute memory dispute) = _pick(which);
        address account = validators[voter % 5];
        if (!found || dispute.outcome != Outcome.Open) return;
        if (block.timestamp < dispute.commitEnds || block.timestamp >= dispute.revealEnds) return;
        Ballot memory ballot = disputes.ballots(id, account);
        if (ballot.round != dispute.round || ballot.choice != Choice.None) return;
        vm.prank(account);
        disputes.revealVote(id, _isValid[id][account], bytes32(voter % 5));
    }

    function resolveNoRevert(uint256 which) external {
        (bool found, bytes32 id, Dispute memory dispute) = _pick(which);
        if (!found || dispute.outcome != Outcome.Open || block.timestamp < dispute.revealEnds) return;
        disputes.resolve(id);
    }

    function settleNoRevert(uint256 which, uint256 voter) external {
        (bool found, bytes32 id, Dispute memory dispute) = _pick(which);
        if (!found || dispute.outcome == Outcome.Open) return;
        _settle(id, validators[voter % 5]);
    }

    function collectNoRevert(uint256 account) external {
        _collect(account % 2 == 0 ? treasuries[(account / 2) % 2] : validators[(account / 2) % 5]);
    }

    /// @dev Anyone may fetch what slashes have given to `Disputes`.
    function fetchNoRevert() external {
        if (staking.credits(address(disputes)) != 0) staking.collect(address(disputes));
    }

    function moveStakeNoRevert(uint256 voter, uint256 amount, bool isMore) external {
        address account = validators[voter % 5];
        Stake memory stake_ = staking.stakes(account);
        uint256 free = staking.freeStake(account);
        uint256 releasable = stake_.validating - stake_.engaged;
        uint256 min = parameters.minValidatorStake();
        if (isMore && free > min) {
            amount = bound(amount, min, free);
            vm.prank(account);
            staking.startValidating(amount);
        } else if (releasable != 0) {
            amount = bound(amount, 1, releasable);
            if (stake_.validating != amount && stake_.validating - amount < min) return;
            vm.prank(account);
            staking.stopValidating(amount);
        }
    }

    function setParametersNoRevert(uint256 bond, uint256 time, uint256 quorum, uint256 slash, uint256 to) external {
        parameters.setDisputeBond(uint128(bound(bond, 100e18, 1_000_000e18)));
        parameters.setCommitTime(uint64(bound(time, 10, 7 days)));
        parameters.setRevealTime(uint64(bound(time >> 64, 10, 7 days)));
        parameters.setDisputeQuorumBps(uint16(bound(quorum, 500, 5_000)));
        parameters.setVoterSlashBps(uint16(bound(slash, 100, 2_000)));
        parameters.setTreasury(treasuries[to % 2]);
    }

    /// @dev To where something may happen in a dispute, or some time on.
    function waitNoRevert(uint256 which, uint256 time) external {
        (bool found,, Dispute memory dispute) = _pick(which);
        if (found && dispute.outcome == Outcome.Open && time % 4 != 0) {
            if (block.timestamp < dispute.commitEnds) vm.warp(dispute.commitEnds);
            else if (block.timestamp < dispute.revealEnds) vm.warp(dispute.revealEnds);
        } else {
            vm.warp(block.timestamp + bound(time, 1, 2 days));
        }
    }

    /* EXIT */

    /// @dev Counts the votes of every dispute, settles every voter and pays everyone, with nobody's help.
    function exitAll() external {
        for (uint256 d = 0; d < ids.length; ++d) {
            for (uint256 round = 0; round < 2; ++round) {
                Dispute memory dispute = disputes.disputes(ids[d]);
                if (dispute.outcome != Outcome.Open) break;
                if (block.timestamp < dispute.revealEnds) vm.warp(dispute.revealEnds);
                disputes.resolve(ids[d]);
            }
            // Twice: the pool grows while voters are settled.
            for (uint256 v = 0; v < 10; ++v) _settle(ids[d], validators[v % 5]);
            _collect(disputes.disputes(ids[d]).challenger);
        }
        _collect(treasuries[0]);
        _collect(treasuries[1]);
    }

    /* VIEWS */

    function count() external view returns (uint256) {
        return ids.length;
    }

    /// @dev What `Disputes` owes beside the pools.
    function creditsAndBonds() external view returns (uint256 sum) {
        sum = disputes.credits(treasuries[0]) + disputes.credits(treasuries[1]) + disputes.credits(REQUESTER);
        for (uint256 i = 0; i < 5; ++i) sum += disputes.credits(validators[i]);
        for (uint256 d = 0; d < ids.length; ++d) {
            Dispute memory dispute = disputes.disputes(ids[d]);
            if (dispute.outcome == Outcome.Open) sum += dispute.bond;
        }
    }

    /* INTERNAL */

    function _stake(address account, uint256 amount) private {
        tagToken.transfer(account, amount);
        vm.prank(account);
        tagToken.approve(address(staking), amount);
        vm.prank(account);
        staking.stake(amount, Permit(0, 0, 0, 0, 0));
    }

    function _proposal(uint256 nonce) private pure returns (Terms memory terms, BatchHeader memory header) {
        terms.operator = OPERATOR;
        terms.requester = REQUESTER;
        terms.nonce = nonce;
        header.cutAt = uint64(nonce);
    }

    function _campaignId(Terms memory terms) private view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(campaigns), terms));
    }

    function _pick(uint256 which) private view returns (bool found, bytes32 id, Dispute memory dispute) {
        if (ids.length == 0) return (false, 0, dispute);
        id = ids[which % ids.length];
        return (true, id, disputes.disputes(id));
    }

    function _settle(bytes32 id, address voter) private {
        Ballot memory ballot = disputes.ballots(id, voter);
        if (ballot.weight == 0) return;
        if (!ballot.isSettled) return disputes.settle(id, voter);
        // Reverts when no more is due, and only then: the sums are checked by the invariants.
        try disputes.settle(id, voter) {
            require(disputes.ballots(id, voter).paid > ballot.paid, "nothing was paid");
        } catch {}
    }

    function _collect(address account) private {
        if (disputes.credits(account) != 0) disputes.collect(account);
    }
}

/// @notice Sentences about disputes that hold after any history.
contract DisputesInvariants is TestBase {
    DisputesHandler private _handler;
    Disputes private _disputes;

    function setUp() public {
        _handler = new DisputesHandler();
        _disputes = _handler.disputes();
        vm.warp(block.timestamp + 10);
        _handler.challengeNoRevert(0);
        _handler.challengeNoRevert(1);
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function targetSelectors() public view returns (FuzzSelector[] memory selectors) {
        bytes4[] memory actions = new bytes4[](11);
        actions[0] = DisputesHandler.challengeNoRevert.selector;
        actions[1] = DisputesHandler.commitNoRevert.selector;
        actions[2] = DisputesHandler.revealNoRevert.selector;
        actions[3] = DisputesHandler.resolveNoRevert.selector;
        actions[4] = DisputesHandler.settleNoRevert.selector;
        actions[5] = DisputesHandler.collectNoRevert.selector;
        actions[6] = DisputesHandler.fetchNoRevert.selector;
        actions[7] = DisputesHandler.moveStakeNoRevert.selector;
        actions[8] = DisputesHandler.setParametersNoRevert.selector;
        actions[9] = DisputesHandler.waitNoRevert.selector;
        actions[10] = DisputesHandler.voteNoRevert.selector;
        selectors = new FuzzSelector[](1);
        selectors[0] = FuzzSelector(address(_handler), actions);
    }

    /// @dev One function, so that every history is gone through once for all of these sentences.
    function invariant_everySentenceHolds() public view {
        _holdsExactlyWhatIsOwed();
        _riskIsLocked();
        _weightsAreThoseOfBallots();
    }

    /// @dev The balance is the bonds of open disputes, all credits, and what is left in the pools.
    function _holdsExactlyWhatIsOwed() private view {
        uint256 owed = _handler.creditsAndBonds();
        for (uint256 d = 0; d < _handler.count(); ++d) owed += _left(_handler.ids(d));
        assertEq(_handler.tagToken().balanceOf(address(_disputes)), owed, "held");
    }

    /// @dev What votes may cost is locked until they are settled, and nothing else is.
    function _riskIsLocked() private view {
        for (uint256 i = 0; i < 5; ++i) {
            address voter = _handler.validators(i);
            uint256 atRisk = 0;
            for (uint256 d = 0; d < _handler.count(); ++d) {
                Ballot memory ballot = _disputes.ballots(_handler.ids(d), voter);
                if (!ballot.isSettled) atRisk += ballot.atRisk;
            }
            assertEq(_handler.staking().stakes(voter).engaged, atRisk, "engaged");
        }
    }

    /// @dev Weights counted are those of the ballots revealed; nobody outvotes the weight there was.
    function _weightsAreThoseOfBallots() private view {
        for (uint256 d = 0; d < _handler.count(); ++d) {
            bytes32 id = _handler.ids(d);
            Dispute memory dispute = _disputes.disputes(id);
            uint256[3] memory weights;
            for (uint256 i = 0; i < 5; ++i) {
                Ballot memory ballot = _disputes.ballots(id, _handler.validators(i));
                weights[uint256(ballot.choice)] += ballot.weight;
            }
            assertEq(weights[1], dispute.validWeight, "for the batch");
            assertEq(weights[2], dispute.invalidWeight, "against the batch");
            assertLe(weights[0] + weights[1] + weights[2], dispute.totalWeight, "all weight");
            assertLe(dispute.round, 2, "rounds");
        }
    }

    /// @dev From any state every dispute ends and everyone is paid; of each pool only rounding stays.
    function invariant_everyStateHasAnExit() public {
        _handler.exitAll();
        uint256 dust = 0;
        for (uint256 d = 0; d < _handler.count(); ++d) {
            uint256 left = _left(_handler.ids(d));
            assertLe(left, 4, "dust of a pool");
            dust += left;
        }
        assertEq(_handler.tagToken().balanceOf(address(_disputes)), dust, "left");
        for (uint256 i = 0; i < 5; ++i) {
            assertEq(_handler.staking().stakes(_handler.validators(i)).engaged, 0, "still engaged");
        }
    }

    function _left(bytes32 id) private view returns (uint256) {
        uint256 paid = 0;
        for (uint256 i = 0; i < 5; ++i) paid += _disputes.ballots(id, _handler.validators(i)).paid;
        return _disputes.disputes(id).pool - paid;
    }
}
