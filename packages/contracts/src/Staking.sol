// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IERC6372} from "@openzeppelin/contracts/interfaces/IERC6372.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Time} from "@openzeppelin/contracts/utils/types/Time.sol";
import {Votes} from "@openzeppelin/contracts/governance/utils/Votes.sol";

import {Permit} from "./interfaces/IFunding.sol";
import {IParameters} from "./interfaces/IParameters.sol";
import {IStaking, Stake} from "./interfaces/IStaking.sol";
import {ErrorsLib} from "./libraries/ErrorsLib.sol";
import {TransferLib} from "./libraries/TransferLib.sol";

/// @title Staking
/// @notice TAG at stake: it votes in the governor, stands behind operators, and weighs in disputes.
contract Staking is IStaking, Votes, ReentrancyGuardTransient {
    using Checkpoints for Checkpoints.Trace208;
    using SafeCast for uint256;

    /* STORAGE */

    /// @inheritdoc IStaking
    address public immutable tagToken;

    /// @inheritdoc IStaking
    IParameters public immutable parameters;

    /// @inheritdoc IStaking
    address public immutable campaigns;

    /// @inheritdoc IStaking
    address public immutable disputes;

    /// @inheritdoc IStaking
    mapping(address account => uint256) public credits;

    mapping(address account => Stake) private _stakes;
    mapping(address account => Checkpoints.Trace208) private _validatorStakes;
    Checkpoints.Trace208 private _totalValidatorStake;

    /// @dev The lockers are named before they exist: their addresses follow from the deployer's nonce.
    constructor(address tagToken_, IParameters parameters_, address campaigns_, address disputes_)
        EIP712("Tagger Staking", "1")
    {
        require(
            tagToken_ != address(0) && address(parameters_) != address(0) && campaigns_ != address(0)
                && disputes_ != address(0),
            ErrorsLib.ZeroAddress()
        );
        tagToken = tagToken_;
        parameters = parameters_;
        campaigns = campaigns_;
        disputes = disputes_;
    }

    /* STAKE */

    /// @inheritdoc IStaking
    function stake(uint256 amount, Permit calldata permit) external nonReentrant {
        _stake(msg.sender, amount, permit);
    }

    /// @inheritdoc IStaking
    function stakeFor(address account, uint256 amount, Permit calldata permit) external nonReentrant {
        require(account != address(0), ErrorsLib.ZeroAddress());
        _stake(account, amount, permit);
    }

    /// @inheritdoc IStaking
    function startCooling(uint256 amount) external {
        Stake storage stake_ = _stakes[msg.sender];
        _requireFree(msg.sender, stake_, amount);
        uint64 until = uint64(block.timestamp) + parameters.stakeCooldown();

        stake_.staked -= uint128(amount);
        stake_.cooling += uint128(amount);
        stake_.coolingUntil = until;
        _transferVotingUnits(msg.sender, address(0), amount);

        emit CoolingStarted(msg.sender, amount, until);
    }

    /// @inheritdoc IStaking
    function withdraw() external nonReentrant {
        Stake storage stake_ = _stakes[msg.sender];
        uint256 amount = stake_.cooling;
        require(amount != 0, ErrorsLib.NothingToWithdraw(tagToken, msg.sender));
        require(block.timestamp >= stake_.coolingUntil, ErrorsLib.StillCooling(stake_.coolingUntil));

        stake_.cooling = 0;
        stake_.coolingUntil = 0;

        emit Withdrawn(msg.sender, amount);

        TransferLib.push(tagToken, msg.sender, amount);
    }

    /* VALIDATORS */

    /// @inheritdoc IStaking
    function startValidating(uint256 amount) external {
        Stake storage stake_ = _stakes[msg.sender];
        _requireFree(msg.sender, stake_, amount);

        _setValidating(msg.sender, stake_, stake_.validating + amount);
        _requireEnoughToValidate(stake_.validating);
    }

    /// @inheritdoc IStaking
    function stopValidating(uint256 amount) external {
        Stake storage stake_ = _stakes[msg.sender];
        require(amount != 0, ErrorsLib.ZeroAmount());
        uint256 releasable = stake_.validating - stake_.engaged;
        require(amount <= releasable, ErrorsLib.InsufficientStake(msg.sender, releasable, amount));

        _setValidating(msg.sender, stake_, stake_.validating - amount);
        if (stake_.validating != 0) _requireEnoughToValidate(stake_.validating);
    }

    /* LOCKERS */

    modifier onlyLocker() {
        require(msg.sender == campaigns || msg.sender == disputes, ErrorsLib.NotLocker(msg.sender));
        _;
    }

    /// @inheritdoc IStaking
    function lock(address account, uint256 amount) external onlyLocker {
        Stake storage stake_ = _stakes[account];
        bool isBond = msg.sender == campaigns;
        uint256 available = isBond ? _free(stake_) : stake_.validating - stake_.engaged;
        require(amount <= available, ErrorsLib.InsufficientStake(account, available, amount));

        if (isBond) stake_.bonded += uint128(amount);
        else stake_.engaged += uint128(amount);

        emit Locked(account, msg.sender, amount);
    }

    /// @inheritdoc IStaking
    function unlock(address account, uint256 amount) external onlyLocker {
        _release(account, _stakes[account], amount);

        emit Unlocked(account, msg.sender, amount);
    }

    /// @inheritdoc IStaking
    function slash(address account, uint256 locked, uint256 amount, address beneficiary, uint256 beneficiaryAmount)
        external
        onlyLocker
        returns (uint256 taken, uint256 given)
    {
        Stake storage stake_ = _stakes[account];
        _release(account, stake_, locked);

        uint256 fromStake = 0;
        if (msg.sender == disputes) {
            fromStake = Math.min(amount, stake_.validating - stake_.engaged);
            _setValidating(account, stake_, stake_.validating - fromStake);
            stake_.staked -= uint128(fromStake);
        }
        uint256 fromFree = Math.min(amount - fromStake, _free(stake_));
        stake_.staked -= uint128(fromFree);
        fromStake += fromFree;
        uint256 fromCooling = Math.min(amount - fromStake, stake_.cooling);
        stake_.cooling -= uint128(fromCooling);
        _transferVotingUnits(account, address(0), fromStake);

        taken = fromStake + fromCooling;
        given = beneficiary == address(0) ? 0 : Math.min(beneficiaryAmount, taken / 2);
        if (given != 0) credits[beneficiary] += given;
        credits[parameters.treasury()] += taken - given;

        emit Slashed(account, msg.sender, taken, beneficiary, given);
    }

    /// @inheritdoc IStaking
    function collect(address account) external nonReentrant returns (uint256 amount) {
        amount = credits[account];
        require(amount != 0, ErrorsLib.NothingToWithdraw(tagToken, account));

        credits[account] = 0;

        emit Collected(account, amount);

        TransferLib.push(tagToken, account, amount);
    }

    /* VIEWS */

    /// @inheritdoc IStaking
    function stakes(address account) external view returns (Stake memory) {
        return _stakes[account];
    }

    /// @inheritdoc IStaking
    function freeStake(address account) external view returns (uint256) {
        return _free(_stakes[account]);
    }

    /// @inheritdoc IStaking
    function getPastValidatorStake(address account, uint256 timepoint) external view returns (uint256) {
        return _validatorStakes[account].upperLookupRecent(_validateTimepoint(timepoint));
    }

    /// @inheritdoc IStaking
    function getPastTotalValidatorStake(uint256 timepoint) external view returns (uint256) {
        return _totalValidatorStake.upperLookupRecent(_validateTimepoint(timepoint));
    }

    /* VOTES */

    function clock() public view override(Votes, IERC6372) returns (uint48) {
        return Time.timestamp();
    }

    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() public pure override(Votes, IERC6372) returns (string memory) {
        return "mode=timestamp";
    }

    /// @dev An account votes for itself until it delegates, so that all stake votes.
    function delegates(address account) public view override(Votes, IVotes) returns (address) {
        address delegatee = super.delegates(account);
        return delegatee == address(0) ? account : delegatee;
    }

    /// @dev Delegating to nobody means voting oneself again.
    function _delegate(address account, address delegatee) internal override {
        super._delegate(account, delegatee == address(0) ? account : delegatee);
    }

    function _getVotingUnits(address account) internal view override returns (uint256) {
        return _stakes[account].staked;
    }

    /* INTERNAL */

    function _stake(address account, uint256 amount, Permit calldata permit) private {
        require(amount != 0, ErrorsLib.ZeroAmount());

        _stakes[account].staked += amount.toUint128();
        _transferVotingUnits(address(0), account, amount);

        emit Staked(account, amount);

        TransferLib.pull(tagToken, amount, permit);
    }

    function _free(Stake storage stake_) private view returns (uint256) {
        return stake_.staked - stake_.bonded - stake_.validating;
    }

    function _requireFree(address account, Stake storage stake_, uint256 amount) private view {
        require(amount != 0, ErrorsLib.ZeroAmount());
        uint256 free = _free(stake_);
        require(amount <= free, ErrorsLib.InsufficientStake(account, free, amount));
    }

    function _requireEnoughToValidate(uint256 amount) private view {
        uint256 min = parameters.minValidatorStake();
        require(amount >= min, ErrorsLib.ValidatorStakeTooSmall(min, amount));
    }

    function _release(address account, Stake storage stake_, uint256 amount) private {
        bool isBond = msg.sender == campaigns;
        uint256 locked = isBond ? stake_.bonded : stake_.engaged;
        require(amount <= locked, ErrorsLib.InsufficientLock(account, msg.sender, locked, amount));
        if (isBond) stake_.bonded -= uint128(amount);
        else stake_.engaged -= uint128(amount);
    }

    /// @dev Every amount of TAG fits in 128 bits: the supply is fixed, and far below.
    function _setValidating(address account, Stake storage stake_, uint256 amount) private {
        uint256 before = stake_.validating;
        if (amount == before) return;

        stake_.validating = uint128(amount);
        _validatorStakes[account].push(clock(), uint208(amount));
        _totalValidatorStake.push(clock(), uint208(_totalValidatorStake.latest() + amount - before));

        emit ValidatorStakeSet(account, amount);
    }
}
