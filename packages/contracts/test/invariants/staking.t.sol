// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Parameters} from "../../src/Parameters.sol";
import {Staking} from "../../src/Staking.sol";
import {TagToken} from "../../src/TagToken.sol";
import {Permit} from "../../src/interfaces/IFunding.sol";
import {Stake} from "../../src/interfaces/IStaking.sol";
import {FuzzSelector, TestBase} from "../TestBase.sol";

/// @notice Acts for stakers and for the two contracts that lock. No action may revert, but for those that must.
contract StakingHandler is TestBase {
    uint256 private constant MAX_STAKE = 1e30 / 8;

    Staking public immutable staking;
    TagToken public immutable tagToken;
    Parameters public immutable parameters;
    address[4] public actors;
    address[2] public treasuries = [address(0x7ea5), address(0x7ea6)];
    /// @dev Who acts as `Campaigns` and as `Disputes`.
    address[2] public lockers = [address(0xca), address(0xd1)];

    /// @dev What each locker should have locked, and what all slashes have taken and given.
    mapping(address locker => mapping(address account => uint256)) public locked;
    uint256 public taken;
    uint256 public given;

    constructor() {
        tagToken = new TagToken(address(this));
        parameters = new Parameters(address(this), treasuries[0], 10);
        staking = new Staking(address(tagToken), parameters, lockers[0], lockers[1]);
        for (uint160 i = 0; i < 4; ++i) {
            actors[i] = address(0xa11ce0 + i);
            tagToken.transfer(actors[i], tagToken.totalSupply() / 8);
            vm.prank(actors[i]);
            tagToken.approve(address(staking), type(uint256).max);
        }
    }

    /* ACTIONS */

    function stakeNoRevert(uint256 actor, uint256 amount) public {
        address account = actors[actor % 4];
        uint256 purse = tagToken.balanceOf(account);
        if (purse == 0) return;
        amount = bound(amount, 1, purse);
        vm.prank(account);
        staking.stake(amount, Permit(0, 0, 0, 0, 0));
    }

    function startCoolingNoRevert(uint256 actor, uint256 amount) external {
        address account = actors[actor % 4];
        uint256 free = staking.freeStake(account);
        if (free == 0) return;
        amount = bound(amount, 1, free);
        vm.prank(account);
        staking.startCooling(amount);
    }

    function withdrawNoRevert(uint256 actor) external {
        _withdraw(actors[actor % 4]);
    }

    function startValidatingNoRevert(uint256 actor, uint256 amount) external {
        address account = actors[actor % 4];
        uint256 free = staking.freeStake(account);
        uint256 validating = staking.stakes(account).validating;
        uint256 min = parameters.minValidatorStake();
        uint256 least = validating < min ? min - validating : 1;
        if (free < least) return;
        amount = bound(amount, least, free);
        vm.prank(account);
        staking.startValidating(amount);
    }

    function stopValidatingNoRevert(uint256 actor, uint256 amount) external {
        address account = actors[actor % 4];
        Stake memory stake_ = staking.stakes(account);
        uint256 releasable = stake_.validating - stake_.engaged;
        if (releasable == 0) return;
        amount = bound(amount, 1, releasable);
        uint256 left = stake_.validating - amount;
        if (left != 0 && left < parameters.minValidatorStake()) return;
        vm.prank(account);
        staking.stopValidating(amount);
    }

    function lockNoRevert(uint256 actor, uint256 which, uint256 amount) external {
        (address account, address locker) = (actors[actor % 4], lockers[which % 2]);
        Stake memory stake_ = staking.stakes(account);
        uint256 available = which % 2 == 0 ? staking.freeStake(account) : stake_.validating - stake_.engaged;
        amount = bound(amount, 0, available);
        locked[locker][account] += amount;
        vm.prank(locker);
        staking.lock(account, amount);
    }

    function unlockNoRevert(uint256 actor, uint256 which, uint256 amount) external {
        (address account, address locker) = (actors[actor % 4], lockers[which % 2]);
        _unlock(account, locker, bound(amount, 0, locked[locker][account]));
    }

    function slashNoRevert(uint256 actor, uint256 which, uint256 release, uint256 amount, uint256 part) external {
        (address account, address locker) = (actors[actor % 4], lockers[which % 2]);
        release = bound(release, 0, locked[locker][account]);
        // Often what is released, sometimes anything.
        amount = amount % 3 == 0 ? bound(amount, 0, MAX_STAKE) : release;
        address beneficiary = part % 5 == 0 ? address(0) : actors[part % 4];
        locked[locker][account] -= release;
        vm.prank(locker);
        (uint256 took, uint256 gave) = staking.slash(account, release, amount, beneficiary, bound(part, 0, amount));
        require(took <= amount && gave <= took / 2, "a slash took or gave too much");
        taken += took;
        given += gave;
    }

    function delegateNoRevert(uint256 actor, uint256 to) external {
        vm.prank(actors[actor % 4]);
        staking.delegate(to % 5 == 4 ? address(0) : actors[to % 5]);
    }

    function collectNoRevert(uint256 account) external {
        _collect(account % 2 == 0 ? treasuries[(account / 2) % 2] : actors[(account / 2) % 4]);
    }

    /// @dev What must fail: taking out what is locked, unlocking what another has locked, leaving before the wait ends.
    function takeTooMuchNoRevert(uint256 actor, uint256 more) external {
        address account = actors[actor % 4];
        Stake memory stake_ = staking.stakes(account);
        uint256 tooMuch = staking.freeStake(account) + bound(more, 1, MAX_STAKE);
        vm.prank(account);
        try staking.startCooling(tooMuch) {
            revert("locked stake was taken out");
        } catch {}
        for (uint256 i = 0; i < 2; ++i) {
            uint256 most = locked[lockers[i]][account];
            vm.prank(lockers[i]);
            try staking.unlock(account, most + 1) {
                revert("a locker released what another has locked");
            } catch {}
        }
        if (stake_.cooling == 0 || block.timestamp >= stake_.coolingUntil) return;
        vm.prank(account);
        try staking.withdraw() {
            revert("stake left before it had cooled");
        } catch {}
    }

    function setParametersNoRevert(uint256 cooldown, uint256 min, uint256 treasury) external {
        uint256 vote = uint256(parameters.votingDelay()) + parameters.votingPeriod();
        parameters.setStakeCooldown(uint64(bound(cooldown, vote, 60 days)));
        parameters.setMinValidatorStake(uint128(bound(min, 100e18, 10_000_000e18)));
        parameters.setTreasury(treasuries[treasury % 2]);
    }

    function waitNoRevert(uint256 time) external {
        vm.warp(block.timestamp + bound(time, 1, 20 days));
    }

    /* EXIT */

    /// @dev Releases all locks and takes everything out.
    function exitAll() external {
        for (uint256 i = 0; i < 4; ++i) {
            address account = actors[i];
            for (uint256 l = 0; l < 2; ++l) _unlock(account, lockers[l], locked[lockers[l]][account]);
            uint256 validating = staking.stakes(account).validating;
            if (validating != 0) {
                vm.prank(account);
                staking.stopValidating(validating);
            }
            uint256 free = staking.freeStake(account);
            if (free == 0) continue;
            vm.prank(account);
            staking.startCooling(free);
        }
        vm.warp(block.timestamp + 60 days);
        for (uint256 i = 0; i < 4; ++i) {
            _withdraw(actors[i]);
            _collect(actors[i]);
        }
        _collect(treasuries[0]);
        _collect(treasuries[1]);
    }

    /* INTERNAL */

    function _withdraw(address account) private {
        Stake memory stake_ = staking.stakes(account);
        if (stake_.cooling == 0 || block.timestamp < stake_.coolingUntil) return;
        vm.prank(account);
        staking.withdraw();
    }

    function _unlock(address account, address locker, uint256 amount) private {
        locked[locker][account] -= amount;
        vm.prank(locker);
        staking.unlock(account, amount);
    }

    function _collect(address account) private {
        if (staking.credits(account) != 0) staking.collect(account);
    }
}

/// @notice Sentences about stake that hold after any history.
contract StakingInvariants is TestBase {
    StakingHandler private _handler;
    Staking private _staking;

    function setUp() public {
        _handler = new StakingHandler();
        _staking = _handler.staking();
        for (uint256 i = 0; i < 3; ++i) _handler.stakeNoRevert(i, 1e26 + i);
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function targetSelectors() public view returns (FuzzSelector[] memory selectors) {
        bytes4[] memory actions = new bytes4[](13);
        actions[0] = StakingHandler.stakeNoRevert.selector;
        actions[1] = StakingHandler.startCoolingNoRevert.selector;
        actions[2] = StakingHandler.withdrawNoRevert.selector;
        actions[3] = StakingHandler.startValidatingNoRevert.selector;
        actions[4] = StakingHandler.stopValidatingNoRevert.selector;
        actions[5] = StakingHandler.lockNoRevert.selector;
        actions[6] = StakingHandler.unlockNoRevert.selector;
        actions[7] = StakingHandler.slashNoRevert.selector;
        actions[8] = StakingHandler.delegateNoRevert.selector;
        actions[9] = StakingHandler.collectNoRevert.selector;
        actions[10] = StakingHandler.takeTooMuchNoRevert.selector;
        actions[11] = StakingHandler.setParametersNoRevert.selector;
        actions[12] = StakingHandler.waitNoRevert.selector;
        selectors = new FuzzSelector[](1);
        selectors[0] = FuzzSelector(address(_handler), actions);
    }

    /// @dev One function, so that every history is gone through once for all of these sentences.
    function invariant_everySentenceHolds() public view {
        _holdsExactlyWhatIsOwed();
        _votesAreStake();
        _locksAreCovered();
        _halfOfEverySlashIsTheTreasurys();
    }

    /// @dev The balance is what is staked, what is cooling, and what slashes have credited.
    function _holdsExactlyWhatIsOwed() private view {
        uint256 owed = _staking.credits(_handler.treasuries(0)) + _staking.credits(_handler.treasuries(1));
        for (uint256 i = 0; i < 4; ++i) {
            Stake memory stake_ = _staking.stakes(_handler.actors(i));
            owed += stake_.staked + stake_.cooling + _staking.credits(_handler.actors(i));
        }
        assertEq(_handler.tagToken().balanceOf(address(_staking)), owed, "held");
    }

    /// @dev Everyone has the votes of those who delegate to them, all stake that is not cooling votes, nothing else does.
    function _votesAreStake() private view {
        uint256 votes = 0;
        uint256 staked = 0;
        for (uint256 i = 0; i < 4; ++i) {
            uint256 delegated = 0;
            for (uint256 j = 0; j < 4; ++j) {
                if (_staking.delegates(_handler.actors(j)) != _handler.actors(i)) continue;
                delegated += _staking.stakes(_handler.actors(j)).staked;
            }
            assertEq(_staking.getVotes(_handler.actors(i)), delegated, "votes of one account");
            votes += delegated;
            staked += _staking.stakes(_handler.actors(i)).staked;
        }
        assertEq(votes, staked, "votes of all");
    }

    /// @dev What is locked is there, and is what the lockers have locked.
    function _locksAreCovered() private view {
        for (uint256 i = 0; i < 4; ++i) {
            address account = _handler.actors(i);
            Stake memory stake_ = _staking.stakes(account);
            assertEq(stake_.bonded, _handler.locked(_handler.lockers(0), account), "bonded");
            assertEq(stake_.engaged, _handler.locked(_handler.lockers(1), account), "engaged");
            assertLe(stake_.engaged, stake_.validating, "engaged stake is validator stake");
            assertLe(uint256(stake_.bonded) + stake_.validating, stake_.staked, "locked stake is stake");
        }
    }

    function _halfOfEverySlashIsTheTreasurys() private view {
        assertLe(_handler.given() * 2, _handler.taken(), "given");
    }

    /// @dev The weight of all validators is the sum of theirs; seen a second later, as weights of now are not known.
    function invariant_weightsAddUp() public {
        uint256 now_ = block.timestamp;
        vm.warp(now_ + 1);
        uint256 sum = 0;
        for (uint256 i = 0; i < 4; ++i) {
            address account = _handler.actors(i);
            uint256 weight = _staking.getPastValidatorStake(account, now_);
            assertEq(weight, _staking.stakes(account).validating, "weight of one validator");
            sum += weight;
        }
        assertEq(sum, _staking.getPastTotalValidatorStake(now_), "weight of all");
    }

    /// @dev From any state, once the locks are gone, everything can be taken out to the last unit.
    function invariant_everyStateHasAnExit() public {
        _handler.exitAll();
        assertEq(_handler.tagToken().balanceOf(address(_staking)), 0, "left");
    }
}
