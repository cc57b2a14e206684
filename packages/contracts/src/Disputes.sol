// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {BatchHeader} from "./interfaces/IBatches.sol";
import {Permit, Terms} from "./interfaces/IFunding.sol";
import {IDisputable} from "./interfaces/IDisputable.sol";
import {Ballot, Choice, Dispute, IDisputes, Outcome} from "./interfaces/IDisputes.sol";
import {IParameters} from "./interfaces/IParameters.sol";
import {IStaking} from "./interfaces/IStaking.sol";
import {ErrorsLib} from "./libraries/ErrorsLib.sol";
import {TransferLib} from "./libraries/TransferLib.sol";

/// @title Disputes
/// @notice Anyone may challenge a pending batch with a bond; validators vote whether it stands.
contract Disputes is IDisputes, ReentrancyGuardTransient {
    using SafeCast for uint256;

    uint256 private constant BPS = 10_000;
    uint8 private constant LAST_ROUND = 2;

    /* STORAGE */

    /// @inheritdoc IDisputes
    IDisputable public immutable campaigns;

    /// @inheritdoc IDisputes
    IStaking public immutable staking;

    /// @inheritdoc IDisputes
    IParameters public immutable parameters;

    /// @inheritdoc IDisputes
    mapping(address account => uint256) public credits;

    mapping(bytes32 id => Dispute) private _disputes;
    mapping(bytes32 id => mapping(address voter => Ballot)) private _ballots;

    address private immutable _tagToken;

    constructor(IDisputable campaigns_, IStaking staking_) {
        require(address(campaigns_) != address(0) && address(staking_) != address(0), ErrorsLib.ZeroAddress());
        campaigns = campaigns_;
        staking = staking_;
        parameters = staking_.parameters();
        _tagToken = staking_.tagToken();
    }

    /* VOTING */

    /// @inheritdoc IDisputes
    function challenge(
        Terms calldata terms,
        BatchHeader calldata header,
        string calldata reason,
        Permit calldata permit
    ) external nonReentrant returns (bytes32 id) {
        // Ours, and it calls nobody: the batch is pending inside its window, or the whole call fails.
        (bytes32 campaignId, bytes32 batch, uint64 proposedAt) = campaigns.beginDispute(terms, header);
        id = disputeId(campaignId, batch, proposedAt);
        Dispute storage dispute = _disputes[id];
        require(dispute.outcome == Outcome.None, ErrorsLib.DisputeExists(id));
        require(msg.sender != terms.operator, ErrorsLib.IsParty(id, msg.sender));

        dispute.campaignId = campaignId;
        dispute.batch = batch;
        dispute.challenger = msg.sender;
        dispute.proposedAt = proposedAt;
        dispute.outcome = Outcome.Open;
        dispute.slashBps = parameters.voterSlashBps();
        dispute.quorumBps = parameters.disputeQuorumBps();
        dispute.operator = terms.operator;
        dispute.requester = terms.requester;
        dispute.commitTime = parameters.commitTime();
        dispute.revealTime = parameters.revealTime();
        dispute.bond = parameters.disputeBond();
        dispute.totalWeight = _totalWeight(dispute);

        emit Challenged(id, campaignId, batch, msg.sender, reason);

        _startRound(id, dispute);
        TransferLib.pull(_tagToken, dispute.bond, permit);
    }

    /// @inheritdoc IDisputes
    function commitVote(bytes32 id, bytes32 commitment) external {
        Dispute storage dispute = _requireOpen(id);
        require(block.timestamp < dispute.commitEnds, ErrorsLib.CommitOver(dispute.commitEnds));
        require(!_isParty(dispute, msg.sender), ErrorsLib.IsParty(id, msg.sender));
        Ballot storage ballot = _ballots[id][msg.sender];
        require(ballot.weight == 0, ErrorsLib.AlreadyVoted(id, msg.sender));
        uint256 weight = _weightOf(dispute, msg.sender);
        require(weight != 0, ErrorsLib.NoWeight(id, msg.sender));
        uint256 atRisk = Math.mulDiv(weight, dispute.slashBps, BPS, Math.Rounding.Ceil);

        ballot.commitment = commitment;
        // Safe without a check: the supply of TAG fits in 112 bits.
        ballot.weight = uint112(weight);
        ballot.atRisk = uint112(atRisk);
        ballot.round = dispute.round;

        emit VoteCommitted(id, msg.sender, weight, commitment);

        staking.lock(msg.sender, atRisk);
    }

    /// @inheritdoc IDisputes
    function revealVote(bytes32 id, bool isValid, bytes32 salt) external {
        Dispute storage dispute = _requireOpen(id);
        require(block.timestamp >= dispute.commitEnds, ErrorsLib.CommitNotOver(dispute.commitEnds));
        require(block.timestamp < dispute.revealEnds, ErrorsLib.RevealOver(dispute.revealEnds));
        Ballot storage ballot = _ballots[id][msg.sender];
        require(
            ballot.round == dispute.round && ballot.choice == Choice.None, ErrorsLib.NothingToReveal(id, msg.sender)
        );
        bytes32 commitment = keccak256(abi.encode(id, msg.sender, isValid, salt));
        require(commitment == ballot.commitment, ErrorsLib.WrongReveal(ballot.commitment, commitment));

        if (isValid) {
            ballot.choice = Choice.Valid;
            dispute.validWeight += ballot.weight;
        } else {
            ballot.choice = Choice.Invalid;
            dispute.invalidWeight += ballot.weight;
        }

        emit VoteRevealed(id, msg.sender, isValid, ballot.weight);
    }

    /// @inheritdoc IDisputes
    function resolve(bytes32 id) external nonReentrant {
        Dispute storage dispute = _requireOpen(id);
        require(block.timestamp >= dispute.revealEnds, ErrorsLib.RevealNotOver(dispute.revealEnds));
        uint256 revealed = uint256(dispute.validWeight) + dispute.invalidWeight;
        bool hasQuorum = revealed != 0 && revealed * BPS >= uint256(dispute.totalWeight) * dispute.quorumBps;

        if (!hasQuorum && dispute.round < LAST_ROUND) return _startRound(id, dispute);

        Outcome outcome = Outcome.Undecided;
        if (hasQuorum) outcome = dispute.invalidWeight > dispute.validWeight ? Outcome.Void : Outcome.Upheld;
        dispute.outcome = outcome;

        emit DisputeResolved(id, outcome, dispute.validWeight, dispute.invalidWeight);

        if (outcome == Outcome.Void) _void(dispute);
        else if (outcome == Outcome.Upheld) _uphold(dispute);
        else _giveUp(dispute, revealed);
    }

    /* PAYMENTS */

    /// @inheritdoc IDisputes
    function settle(bytes32 id, address voter) external nonReentrant {
        Dispute storage dispute = _disputes[id];
        require(dispute.outcome > Outcome.Open, ErrorsLib.NotResolved(id));
        Ballot storage ballot = _ballots[id][voter];
        require(ballot.weight != 0, ErrorsLib.NoVote(id, voter));

        bool isNew = !ballot.isSettled;
        if (isNew) _settleStake(id, dispute, ballot, voter);

        uint256 amount = _rewardDown(dispute, ballot) - ballot.paid;
        require(isNew || amount != 0, ErrorsLib.NothingToSettle(id, voter));
        if (amount == 0) return;
        ballot.paid += uint128(amount);

        emit RewardPaid(id, voter, amount);

        TransferLib.push(_tagToken, voter, amount);
    }

    /// @inheritdoc IDisputes
    function collect(address account) external nonReentrant {
        uint256 amount = credits[account];
        require(amount != 0, ErrorsLib.NothingToWithdraw(_tagToken, account));

        credits[account] = 0;

        emit CreditPaid(account, amount);

        TransferLib.push(_tagToken, account, amount);
    }

    /* VIEWS */

    /// @inheritdoc IDisputes
    function disputeId(bytes32 campaignId, bytes32 batch, uint64 proposedAt) public view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), campaignId, batch, proposedAt));
    }

    /// @inheritdoc IDisputes
    function disputes(bytes32 id) external view returns (Dispute memory) {
        return _disputes[id];
    }

    /// @inheritdoc IDisputes
    function ballots(bytes32 id, address voter) external view returns (Ballot memory) {
        return _ballots[id][voter];
    }

    /* ROUNDS */

    function _startRound(bytes32 id, Dispute storage dispute) private {
        uint8 round = dispute.round + 1;
        uint64 commitEnds = uint64(block.timestamp) + dispute.commitTime * round;
        uint64 revealEnds = commitEnds + dispute.revealTime * round;
        dispute.round = round;
        dispute.commitEnds = commitEnds;
        dispute.revealEnds = revealEnds;

        emit RoundStarted(id, round, commitEnds, revealEnds);
    }

    function _requireOpen(bytes32 id) private view returns (Dispute storage dispute) {
        dispute = _disputes[id];
        require(dispute.outcome == Outcome.Open, ErrorsLib.NotOpen(id));
    }

    function _isParty(Dispute storage dispute, address account) private view returns (bool) {
        return account == dispute.operator || account == dispute.requester || account == dispute.challenger;
    }

    function _weightOf(Dispute storage dispute, address account) private view returns (uint256) {
        return staking.getPastValidatorStake(account, dispute.proposedAt - 1);
    }

    /// @dev Parties do not vote, so their weight must not stand in the way of a quorum.
    function _totalWeight(Dispute storage dispute) private view returns (uint128) {
        uint256 total = staking.getPastTotalValidatorStake(dispute.proposedAt - 1);
        total -= _weightOf(dispute, dispute.operator) + _weightOf(dispute, dispute.requester);
        if (dispute.challenger != dispute.requester) total -= _weightOf(dispute, dispute.challenger);
        return total.toUint128();
    }

    /* OUTCOMES */

    /// @dev The bond goes back. What the operator's slash gives is shared by the challenger and those who voted so;
    /// a requester has no part in it, or it would pay to find fault.
    function _void(Dispute storage dispute) private {
        uint256 before = staking.credits(address(this));
        campaigns.endDispute(dispute.campaignId, dispute.batch, true, address(this));
        uint256 given = staking.credits(address(this)) - before;
        uint256 reward = dispute.challenger == dispute.requester ? 0 : given / 2;
        dispute.pool = uint128(given - reward);
        credits[dispute.challenger] += dispute.bond + reward;
        _fetch();
    }

    /// @dev Half of the bond is for those who voted so, half for the treasury.
    function _uphold(Dispute storage dispute) private {
        dispute.pool = dispute.bond / 2;
        credits[parameters.treasury()] += dispute.bond - dispute.bond / 2;
        campaigns.endDispute(dispute.campaignId, dispute.batch, false, address(0));
    }

    /// @dev Half of the bond is lost even when nobody votes: stopping a campaign must not be free.
    function _giveUp(Dispute storage dispute, uint256 revealed) private {
        uint128 lost = dispute.bond - dispute.bond / 2;
        credits[dispute.challenger] += dispute.bond / 2;
        if (revealed != 0) dispute.pool = lost;
        else credits[parameters.treasury()] += lost;
        campaigns.endDispute(dispute.campaignId, dispute.batch, true, address(0));
    }

    /* SETTLING */

    function _settleStake(bytes32 id, Dispute storage dispute, Ballot storage ballot, address voter) private {
        ballot.isSettled = true;
        if (!_isSlashed(dispute, ballot)) {
            emit VoteSettled(id, voter, 0);
            return staking.unlock(voter, ballot.atRisk);
        }

        // With nobody to share it, all of it is the treasury's.
        address beneficiary = _winnersWeight(dispute) == 0 ? address(0) : address(this);
        (uint256 taken, uint256 given) =
            staking.slash(voter, ballot.atRisk, ballot.atRisk, beneficiary, ballot.atRisk);
        dispute.pool += uint128(given);

        emit VoteSettled(id, voter, taken);

        _fetch();
    }

    function _isSlashed(Dispute storage dispute, Ballot storage ballot) private view returns (bool) {
        if (ballot.choice == Choice.None) return true;
        if (_isWinner(dispute, ballot)) return false;
        uint256 revealed = uint256(dispute.validWeight) + dispute.invalidWeight;
        return _winnersWeight(dispute) * 3 > revealed * 2;
    }

    function _isWinner(Dispute storage dispute, Ballot storage ballot) private view returns (bool) {
        if (dispute.outcome == Outcome.Upheld) return ballot.choice == Choice.Valid;
        if (dispute.outcome == Outcome.Void) return ballot.choice == Choice.Invalid;
        return ballot.choice != Choice.None;
    }

    function _winnersWeight(Dispute storage dispute) private view returns (uint256) {
        if (dispute.outcome == Outcome.Upheld) return dispute.validWeight;
        if (dispute.outcome == Outcome.Void) return dispute.invalidWeight;
        return uint256(dispute.validWeight) + dispute.invalidWeight;
    }

    function _rewardDown(Dispute storage dispute, Ballot storage ballot) private view returns (uint256) {
        if (!_isWinner(dispute, ballot)) return 0;
        return Math.mulDiv(dispute.pool, ballot.weight, _winnersWeight(dispute));
    }

    /// @dev Anyone may have fetched it before: what `slash` says it gave is what counts.
    function _fetch() private {
        if (staking.credits(address(this)) != 0) staking.collect(address(this));
    }
}
