// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC5805} from "@openzeppelin/contracts/interfaces/IERC5805.sol";

import {Permit} from "./IFunding.sol";
import {IParameters} from "./IParameters.sol";

/// @notice What an account has staked. All amounts are in TAG.
/// @dev `bonded + validating <= staked` and `engaged <= validating`, always.
struct Stake {
    /// @dev Everything that is not cooling, with what is bonded or validating. Votes in the governor.
    uint128 staked;
    /// @dev On its way out: no votes, no locks, but still within reach of a slash.
    uint128 cooling;
    /// @dev Locked by `Campaigns` as an operator's bonds.
    uint128 bonded;
    /// @dev Locked by its owner to vote in disputes.
    uint128 validating;
    /// @dev The part of `validating` that is at risk in disputes voted on.
    uint128 engaged;
    /// @dev When what is cooling may be withdrawn.
    uint64 coolingUntil;
}

/// @title IStaking
/// @notice TAG at stake: it votes in the governor, stands behind operators, and weighs in disputes.
/// @dev What the contract relies on, and what it does not:
/// - It holds what is staked, what is cooling and what was slashed but not collected, to the last unit.
/// - Stake leaves by two doors only: `withdraw` after a cooldown, and a slash by one of two contracts that are fixed
/// for ever when this one is deployed. No role opens another, and there is no role to give or to revoke.
/// - A slash moves no tokens and calls nobody, so it cannot be blocked: it credits the treasury and the beneficiary,
/// who collect later.
/// - The clock is the block's timestamp (ERC-6372): a past moment is the end of that second.
/// - Warning: the first change in a second writes new checkpoints, later ones overwrite them. A gas estimate made in the
/// second of a change is too low by up to three writes: add 70,000.
interface IStaking is IERC5805 {
    /* EVENTS */

    /// @notice Emitted when an account adds to its stake.
    event Staked(address indexed account, uint256 amount);

    /// @notice Emitted when an account starts to take stake out. All that is cooling waits until `until`.
    event CoolingStarted(address indexed account, uint256 amount, uint64 until);

    /// @notice Emitted when an account has taken out what was cooling.
    event Withdrawn(address indexed account, uint256 amount);

    /// @notice Emitted when a validator's weight in disputes changes to `amount`.
    event ValidatorStakeSet(address indexed account, uint256 amount);

    /// @notice Emitted when `locker` locks stake of an account.
    event Locked(address indexed account, address indexed locker, uint256 amount);

    /// @notice Emitted when `locker` releases stake of an account.
    event Unlocked(address indexed account, address indexed locker, uint256 amount);

    /// @notice Emitted when `locker` takes stake from an account: `amount` in all, a part of it for the beneficiary.
    event Slashed(
        address indexed account, address indexed locker, uint256 amount, address beneficiary, uint256 beneficiaryAmount
    );

    /// @notice Emitted when what was credited to an account by slashes is paid to it.
    event Collected(address indexed account, uint256 amount);

    /* STAKE */

    /// @notice Adds the caller's TAG to its stake. It votes from now on, for the caller unless delegated.
    /// @param permit Saves an approval. A permit that fails is ignored if the allowance is there already.
    function stake(uint256 amount, Permit calldata permit) external;

    /// @notice Like `stake`, for an account that need not hold TAG itself, such as an operator's hot key.
    /// @dev Warning: what is added belongs to the account, which alone can take it out.
    function stakeFor(address account, uint256 amount, Permit calldata permit) external;

    /// @notice Starts to take out stake that is not locked. It stops voting at once.
    /// @dev Warning: this restarts the wait for everything that is cooling. Withdraw first what has waited enough.
    /// @dev The wait is copied from the parameters here; a later change does not reach it.
    function startCooling(uint256 amount) external;

    /// @notice Pays the caller all that is cooling, once it has waited.
    function withdraw() external;

    /* VALIDATORS */

    /// @notice Locks the caller's free stake for voting in disputes.
    /// @dev Only own stake counts; delegated votes do not. It weighs in disputes about batches proposed later.
    function startValidating(uint256 amount) external;

    /// @notice Releases validator stake that is not at risk in a dispute.
    /// @dev What remains must be zero or as much as a validator needs.
    function stopValidating(uint256 amount) external;

    /* LOCKERS */

    /// @notice Locks stake of an account: free stake for `Campaigns`, validator stake for `Disputes`.
    function lock(address account, uint256 amount) external;

    /// @notice Releases stake the caller has locked.
    function unlock(address account, uint256 amount) external;

    /// @notice Releases `locked` and takes up to `amount` from the account: first from what was locked for the caller,
    /// then from free stake, then from what is cooling. What others have locked is out of reach.
    /// @dev At least half of what is taken goes to the treasury; the beneficiary gets `beneficiaryAmount` or the other
    /// half, whichever is less.
    /// @return taken What was taken.
    /// @return given The beneficiary's part of it.
    function slash(address account, uint256 locked, uint256 amount, address beneficiary, uint256 beneficiaryAmount)
        external
        returns (uint256 taken, uint256 given);

    /// @notice Pays an account what slashes have credited to it. Anyone may, for anyone.
    /// @return amount What was paid.
    function collect(address account) external returns (uint256 amount);

    /* VIEWS */

    /// @notice The token at stake.
    function tagToken() external view returns (address);

    /// @notice The parameters.
    function parameters() external view returns (IParameters);

    /// @notice The contract that locks operators' bonds.
    function campaigns() external view returns (address);

    /// @notice The contract that engages validators' stake.
    function disputes() external view returns (address);

    /// @notice What an account has staked.
    function stakes(address account) external view returns (Stake memory);

    /// @notice What an account could take out or lock now.
    function freeStake(address account) external view returns (uint256);

    /// @notice What slashes have credited to an account and it has not collected.
    function credits(address account) external view returns (uint256);

    /// @notice A validator's weight at the end of a past second.
    function getPastValidatorStake(address account, uint256 timepoint) external view returns (uint256);

    /// @notice The weight of all validators at the end of a past second.
    function getPastTotalValidatorStake(uint256 timepoint) external view returns (uint256);
}
