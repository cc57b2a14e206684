// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Campaigns} from "../../src/Campaigns.sol";
import {Parameters} from "../../src/Parameters.sol";
import {Staking} from "../../src/Staking.sol";
import {BatchHeader} from "../../src/interfaces/IBatches.sol";
import {Campaign, DisputeStatus, Status} from "../../src/interfaces/IBooks.sol";
import {Chain, Contest} from "../../src/interfaces/IContests.sol";
import {Permit, Terms} from "../../src/interfaces/IFunding.sol";
import {Claim, Payouts as Named} from "../../src/interfaces/IPayments.sol";
import {Account, ReceiptStatus, WorkReceipt} from "../../src/interfaces/IReceipts.sol";
import {HostileToken, Trick} from "../../src/mocks/HostileToken.sol";
import {Network} from "../Network.sol";
import {FuzzSelector, TestBase} from "../TestBase.sol";
import {Payouts, Records} from "./Payouts.sol";

/// @notice Acts for everyone. No action may revert: each does what is allowed in the state it finds, or nothing.
/// @dev The handler itself is the operator of every campaign and accepts every one. Times of disputes are its own.
contract CampaignsHandler is TestBase {
    uint256 private constant MAX_CAMPAIGNS = 4;
    uint256 private constant RECEIPT_KEY = 0xbeef;
    address private constant ANYONE = address(0xa40e);

    struct Final {
        BatchHeader header;
        uint256[4] amounts;
    }

    struct Story {
        Terms terms;
        bytes32 id;
        BatchHeader pending;
        uint256[4] pendingAmounts;
        Final[] finals;
        /// @dev Of all workers' chains, in every batch.
        uint64 count;
        /// @dev The operator once proposed a root that promises more than its total.
        bool lied;
        /// @dev The most a worker's registered receipt was worth.
        uint256[4] mostWorth;
        /// @dev What a worker was really paid, wherever it was sent.
        uint256[4] received;
    }

    Campaigns public immutable campaigns;
    Parameters public immutable parameters;
    Staking public immutable staking;
    Network public immutable network;
    HostileToken[2] public tokens;
    address[4] public workers;
    address[2] public requesters;
    address public constant TREASURY = address(0x7ea5);

    /// @notice How many actions there were.
    uint256 public steps;

    HostileToken public rebasing;
    Story[] private _stories;
    /// @dev Not among the others: nothing is said of its money.
    Story private _shrinking;
    /// @dev How long a dispute about the batch with this commitment took.
    mapping(bytes24 pending => uint256) private _stoodStill;
    /// @dev What was given to the escrow without a campaign.
    mapping(HostileToken token => uint256) public donated;

    constructor() {
        network = new Network(address(this), TREASURY);
        parameters = network.parameters();
        campaigns = network.campaigns();
        staking = network.staking();
        network.give(address(this), 1e29);
        network.tagToken().approve(address(staking), 1e29);
        staking.stake(1e29, _noPermit());
        for (uint160 i = 0; i < 4; ++i) workers[i] = address(0xa11ce0 + i);
        for (uint160 i = 0; i < 2; ++i) {
            requesters[i] = address(0xb0b0 + i);
            tokens[i] = new HostileToken();
            // Six decimals and none: the escrow does not look.
            tokens[i].setDecimals(i == 0 ? 6 : 0);
            // Whoever reenters tries to be paid again.
            tokens[i].setReentry(address(campaigns), abi.encodeCall(campaigns.claimReceipt, (0, workers[0], workers[0])));
        }
        for (uint256 i = 0; i < 4; ++i) {
            vm.prank(requesters[i % 2]);
            tokens[i / 2].approve(address(campaigns), type(uint256).max);
        }
    }

    /// @dev Two campaigns in one token are there from the start: one's money must never be the other's.
    function begin() external {
        openNoRevert(0, 1e18, 500);
        openNoRevert(1 << 8, 1_001, 777);
        openNoRevert(1, 1e15, 100);
        _beginShrinking();
    }

    /// @dev A campaign with a final batch, in the token that rebases.
    function _beginShrinking() private {
        rebasing = new HostileToken();
        rebasing.mint(requesters[0], 10_000);
        vm.prank(requesters[0]);
        rebasing.approve(address(campaigns), type(uint256).max);
        _shrinking.terms = _stories[0].terms;
        _shrinking.terms.token = address(rebasing);
        _shrinking.terms.requester = requesters[0];
        _shrinking.id = campaigns.campaignId(_shrinking.terms);
        vm.prank(requesters[0]);
        campaigns.open(_shrinking.terms, 10_000, "", _noPermit());
        _shrinking.count = 1;
        _propose(_shrinking, [uint256(1_000), 2_000, 333, 1], 3_334, false);
        vm.warp(block.timestamp + _shrinking.terms.challengeWindow);
        campaigns.finalize(_shrinking.terms, _shrinking.pending);
    }

    /// @dev ERC-1271: the operator accepts.
    function isValidSignature(bytes32, bytes calldata) external pure returns (bytes4) {
        return 0x1626ba7e;
    }

    /* ACTIONS: CAMPAIGNS */

    function openNoRevert(uint256 seed, uint256 funds, uint256 fee) public {
        if (_stories.length == MAX_CAMPAIGNS) return;
        HostileToken token = tokens[seed % 2];
        address requester = requesters[(seed >> 8) % 2];
        if (!_moves(token, requester)) return;
        funds = bound(funds, 0, 1e28);
        token.mint(requester, funds);

        Story storage story = _stories.push();
        story.count = 5;
        story.terms = Terms({
            requester: requester,
            operator: address(this),
            receiptKey: vm.addr(RECEIPT_KEY),
            token: address(token),
            specHash: bytes32(seed),
            basePay: 1e20,
            floorPay: bound(seed, 1, 1e20),
            operatorFeeBps: uint16(bound(fee, 0, 1_000)),
            protocolFeeBps: parameters.protocolFeeBps(),
            contributorsBps: 0,
            deadline: uint64(block.timestamp + bound(seed, 200, 2_000)),
            grace: uint64(bound(seed >> 16, 0, 200)),
            challengeWindow: uint64(bound(seed, 10, 100)),
            nonce: _stories.length
        });
        story.id = campaigns.campaignId(story.terms);
        vm.prank(requester);
        campaigns.open(story.terms, funds, "", _noPermit());
    }

    function topUpNoRevert(uint256 seed, uint256 amount) external {
        (bool found, Story storage story) = _pick(seed);
        if (!found || !_isActive(story)) return;
        HostileToken token = HostileToken(story.terms.token);
        address from = requesters[(seed >> 8) % 2];
        if (!_moves(token, from)) return;
        amount = bound(amount, 0, 1e27);
        token.mint(from, amount);
        vm.prank(from);
        campaigns.topUp(story.terms, amount, _noPermit());
    }

    function donateNoRevert(uint256 seed, uint256 amount) external {
        HostileToken token = tokens[seed % 2];
        amount = bound(amount, 0, 1e28);
        token.mint(address(campaigns), amount);
        donated[token] += amount;
    }

    function closeNoRevert(uint256 seed) external {
        (bool found, Story storage story) = _pick(seed);
        if (!found || _campaign(story).status != Status.Open) return;
        if (block.timestamp < story.terms.deadline) vm.prank(story.terms.requester);
        campaigns.close(story.terms);
    }

    function advanceNoRevert(uint256 seed) external {
        (bool found, Story storage story) = _pick(seed);
        if (found) _advance(story);
    }

    /* ACTIONS: BATCHES */

    function proposeNoRevert(uint256 seed, uint256[4] calldata raises, bool lie) public {
        (bool found, Story storage story) = _pick(seed);
        if (!found || !_mayPropose(story)) return;
        Campaign memory campaign = _campaign(story);
        uint256[4] memory amounts = _lastAmounts(story);
        // Up to a quarter of what is free for each, so that with fees it is too much now and then.
        uint256 free = campaign.funded - campaign.payoutsTotal;
        uint256 total = campaign.payoutsTotal;
        for (uint256 i = 0; i < 4; ++i) {
            uint256 raise = bound(raises[i], 0, free / 4);
            amounts[i] += raise;
            total += raise;
        }
        if (_exceeds(story.terms, total, campaign.funded)) {
            BatchHeader memory header = _header(story, amounts, total, false);
            bytes32 previousRoot = _previousRoot(story);
            try campaigns.propose(story.terms, header, previousRoot) {
                revert("a batch without funds was accepted");
            } catch {
                return;
            }
        }
        if (lie && total != campaign.payoutsTotal) {
            amounts[0] += 1 + total;
            story.lied = true;
        }
        _propose(story, amounts, total, campaign.status == Status.Closing && seed % 3 == 0);
    }

    /// @dev Most histories are of batches that go well.
    function settleNoRevert(uint256 seed, uint256[4] calldata raises) external {
        proposeNoRevert(seed, raises, false);
        (bool found, Story storage story) = _pick(seed);
        if (!found) return;
        Campaign memory campaign = _campaign(story);
        if (campaign.proposedAt == 0 || campaign.dispute != DisputeStatus.None) return;
        uint256 finalAt = campaign.proposedAt + story.terms.challengeWindow;
        if (block.timestamp < finalAt) vm.warp(finalAt);
        _finalize(story);
    }

    function withdrawBatchNoRevert(uint256 seed) external {
        (bool found, Story storage story) = _pick(seed);
        if (!found) return;
        Campaign memory campaign = _campaign(story);
        if (campaign.proposedAt == 0 || campaign.contests != 0 || campaign.dispute == DisputeStatus.Running) return;
        campaigns.withdrawBatch(story.terms, story.pending);
    }

    function finalizeNoRevert(uint256 seed) external {
        (bool found, Story storage story) = _pick(seed);
        if (found) _finalize(story);
    }

    /* ACTIONS: CONTESTS AND DISPUTES */

    /// @dev A count above the batch's cannot be answered.
    function contestNoRevert(uint256 seed, uint256 worker, uint256 records) external {
        (bool found, Story storage story) = _pick(seed);
        if (!found) return;
        Campaign memory campaign = _campaign(story);
        if (campaign.proposedAt == 0 || _elapsed(campaign) >= story.terms.challengeWindow) return;
        bytes32 batch = campaigns.headerHash(story.pending);
        Contest memory known = campaigns.contests(batch, workers[worker % 4]);
        records = bound(records, 1, story.count + 2);
        if (known.proposedAt == campaign.proposedAt && records <= known.count) return;
        (WorkReceipt memory receipt, bytes memory signature) = _receipt(story, worker, uint64(records), 0);
        vm.prank(ANYONE);
        campaigns.contest(story.terms, story.pending, receipt, signature);
    }

    function answerNoRevert(uint256 seed, uint256 worker) external {
        (bool found, Story storage story) = _pick(seed);
        if (!found || !_isContested(story, worker)) return;
        if (_elapsed(_campaign(story)) >= 2 * story.terms.challengeWindow) return;
        if (campaigns.contests(campaigns.headerHash(story.pending), workers[worker % 4]).count > story.count) return;
        _answer(story, worker);
    }

    function voidBatchNoRevert(uint256 seed, uint256 worker) external {
        (bool found, Story storage story) = _pick(seed);
        if (!found || !_isContested(story, worker)) return;
        if (_elapsed(_campaign(story)) < 2 * story.terms.challengeWindow) return;
        vm.prank(ANYONE);
        campaigns.voidBatch(story.terms, story.pending, workers[worker % 4]);
    }

    function beginDisputeNoRevert(uint256 seed) external {
        (bool found, Story storage story) = _pick(seed);
        if (!found) return;
        Campaign memory campaign = _campaign(story);
        if (campaign.proposedAt == 0 || campaign.dispute != DisputeStatus.None) return;
        if (_elapsed(campaign) >= story.terms.challengeWindow) return;
        vm.prank(address(network.disputes()));
        campaigns.beginDispute(story.terms, story.pending);
    }

    function endDisputeNoRevert(uint256 seed) external {
        (bool found, Story storage story) = _pick(seed);
        if (found && _campaign(story).dispute == DisputeStatus.Running) _endDispute(story, seed);
    }

    /* ACTIONS: PAYMENTS */

    function claimNoRevert(uint256 seed, uint256 batch, uint256 worker, bool redirect) external {
        (bool found, Story storage story) = _pick(seed);
        if (!found || story.finals.length == 0) return;
        Final storage last = story.finals[batch % story.finals.length];
        Claim memory line = Payouts.claim(story.id, workers, last.amounts, worker % 4);
        if (_isBlocked(story, line)) return;
        address to = redirect ? _elsewhere(worker) : line.account;
        if (!_moves(HostileToken(story.terms.token), to)) return;
        uint256 before = _owned(story, worker);
        Named memory named = _named(last.header);
        if (redirect) {
            vm.prank(line.account);
            campaigns.claimTo(named, line, to);
        } else {
            campaigns.claim(named, line);
        }
        story.received[worker % 4] += _owned(story, worker) - before;
    }

    function claimManyNoRevert(uint256 seed, uint256 batch) external {
        (bool found, Story storage story) = _pick(seed);
        if (found && story.finals.length != 0) _claimAll(story, story.finals[batch % story.finals.length]);
    }

    function registerNoRevert(uint256 seed, uint256 worker, uint256 records, uint256 owed) external {
        (bool found, Story storage story) = _pick(seed);
        if (!found) return;
        Campaign memory campaign = _campaign(story);
        if (campaign.status != Status.Silent) return;
        Account memory account = campaigns.accounts(story.id, workers[worker % 4]);
        uint256 until = campaign.silentAt + story.terms.grace + story.terms.challengeWindow;
        if (account.receiptStatus == ReceiptStatus.Registered) until += story.terms.challengeWindow;
        if (block.timestamp >= until) return;
        records = bound(records, 1, 1_000);
        owed = bound(owed, 1, 2 * story.terms.floorPay * records + account.claimed);
        uint256 worth = account.claimed + story.terms.floorPay * records;
        if (owed < worth) worth = owed;
        if (worth <= account.claimed || worth <= account.receipt) return;
        (WorkReceipt memory receipt, bytes memory signature) = _receipt(story, worker, uint64(records), owed);
        vm.prank(ANYONE);
        campaigns.registerReceipt(story.terms, receipt, signature, 0);
        if (worth > story.mostWorth[worker % 4]) story.mostWorth[worker % 4] = worth;
    }

    function claimReceiptNoRevert(uint256 seed, uint256 worker) external {
        (bool found, Story storage story) = _pick(seed);
        if (!found || !_moves(HostileToken(story.terms.token), workers[worker % 4])) return;
        _claimReceipt(story, worker);
    }

    function collectFeesNoRevert(uint256 seed) external {
        (bool found, Story storage story) = _pick(seed);
        if (found) _collectFees(story);
    }

    function refundNoRevert(uint256 seed) external {
        (bool found, Story storage story) = _pick(seed);
        if (!found || !_moves(HostileToken(story.terms.token), story.terms.requester)) return;
        _refund(story);
    }

    /* ACTIONS: THE WORLD */

    /// @dev Anyone but the escrow may turn out to be refused, lied to or taxed, and change again.
    function playTrickNoRevert(uint256 seed, uint256 trick) external {
        address[7] memory accounts =
            [workers[0], workers[1], workers[2], workers[3], requesters[0], TREASURY, address(this)];
        Trick[8] memory all = [
            Trick.None,
            Trick.Refuse,
            Trick.Lie,
            Trick.TaxSender,
            Trick.TaxReceiver,
            Trick.ReturnFalse,
            Trick.ReturnNothing,
            Trick.Reenter
        ];
        tokens[seed % 2].setTrick(accounts[(seed >> 8) % 7], all[trick % 8]);
    }

    function pauseNoRevert(uint256 seed) external {
        tokens[seed % 2].setPaused(seed % 3 == 0);
    }

    /// @dev A third token changes what everybody owns of it. What happens to a campaign in it is its own affair, so its
    /// calls may fail; the sentences are about the others.
    function rebaseNoRevert(uint256 seed, uint256 scale) external {
        rebasing.rebase(bound(scale, 1, 3_000_000));
        Claim[2] memory lines = [
            Payouts.claim(_shrinking.id, workers, _shrinking.pendingAmounts, seed % 4),
            Payouts.claim(_shrinking.id, workers, _shrinking.pendingAmounts, (seed >> 8) % 4)
        ];
        Named memory named = _named(_shrinking.pending);
        campaigns.claimMany(named, Payouts.all(workers, _shrinking.pendingAmounts));
        for (uint256 i = 0; i < 2; ++i) {
            try campaigns.claim(named, lines[i]) {} catch {}
        }
        try campaigns.collectFees(_shrinking.terms) {} catch {}
        rebasing.mint(requesters[0], 1_000);
        vm.prank(requesters[0]);
        try campaigns.topUp(_shrinking.terms, 1 + seed % 500, _noPermit()) {} catch {}
    }

    function setParametersNoRevert(uint256 fee, uint256 bond) external {
        parameters.setProtocolFeeBps(uint16(bound(fee, 0, 500)));
        parameters.setOperatorBond(uint128(bound(bond, 100e18, 10_000_000e18)));
    }

    function waitNoRevert(uint256 time) external {
        vm.warp(block.timestamp + bound(time, 1, 400));
    }

    /* EXIT */

    /// @dev Ends every campaign from wherever it is without a key that anyone else would not have.
    function exitAll() external {
        for (uint256 i = 0; i < 2; ++i) {
            tokens[i].setPaused(false);
            for (uint256 j = 0; j < 4; ++j) tokens[i].setTrick(workers[j], Trick.None);
            tokens[i].setTrick(requesters[0], Trick.None);
            tokens[i].setTrick(TREASURY, Trick.None);
            tokens[i].setTrick(address(this), Trick.None);
        }
        for (uint256 i = 0; i < _stories.length; ++i) {
            Story storage story = _stories[i];
            if (_campaign(story).dispute == DisputeStatus.Running) _endDispute(story, i);
            for (uint256 step = 0; step < 5 && _campaign(story).status != Status.Closed; ++step) {
                vm.warp(block.timestamp + 3_000);
                for (uint256 worker = 0; worker < 4; ++worker) {
                    if (!_isContested(story, worker)) continue;
                    vm.prank(ANYONE);
                    campaigns.voidBatch(story.terms, story.pending, workers[worker]);
                }
                _advance(story);
            }
            _refund(story);
            for (uint256 worker = 0; worker < 4; ++worker) _claimReceipt(story, worker);
            if (story.finals.length != 0) _claimAll(story, story.finals[story.finals.length - 1]);
            _collectFees(story);
            _refund(story);
        }
    }

    /* VIEWS */

    function count() external view returns (uint256) {
        return _stories.length;
    }

    function idOf(uint256 i) external view returns (bytes32) {
        return _stories[i].id;
    }

    function termsOf(uint256 i) external view returns (Terms memory) {
        return _stories[i].terms;
    }

    function shrinkingId() external view returns (bytes32) {
        return _shrinking.id;
    }

    function hasLied(uint256 i) external view returns (bool) {
        return _stories[i].lied;
    }

    function receivedBy(uint256 i, uint256 worker) external view returns (uint256) {
        return _stories[i].received[worker];
    }

    /// @dev The most any final batch or a registered receipt owed to a worker.
    function mostOwed(uint256 i, uint256 worker) external view returns (uint256 most) {
        most = mostFinal(i, worker);
        if (_stories[i].mostWorth[worker] > most) most = _stories[i].mostWorth[worker];
    }

    function mostFinal(uint256 i, uint256 worker) public view returns (uint256 most) {
        Final[] storage finals = _stories[i].finals;
        for (uint256 j = 0; j < finals.length; ++j) {
            if (finals[j].amounts[worker] > most) most = finals[j].amounts[worker];
        }
    }

    /* INTERNAL: STATE */

    /// @dev Whether the token does what it is asked to when this account takes part.
    function _moves(HostileToken token, address account) private view returns (bool) {
        Trick trick = token.tricks(account);
        bool harmless = trick == Trick.None || trick == Trick.ReturnNothing || trick == Trick.Reenter;
        return harmless && !token.paused();
    }

    function _pick(uint256 seed) private returns (bool, Story storage) {
        ++steps;
        // The story of an empty house is never used.
        if (_stories.length == 0) {
            Story storage none;
            assembly {
                none.slot := 0
            }
            return (false, none);
        }
        return (true, _stories[(seed >> 16) % _stories.length]);
    }

    function _campaign(Story storage story) private view returns (Campaign memory) {
        return campaigns.campaigns(story.id);
    }

    function _isActive(Story storage story) private view returns (bool) {
        Status status = _campaign(story).status;
        return status == Status.Open || status == Status.Closing;
    }

    function _mayPropose(Story storage story) private view returns (bool) {
        Campaign memory campaign = _campaign(story);
        return _isActive(story) && campaign.proposedAt == 0
            && block.timestamp < story.terms.deadline + story.terms.grace + campaign.disputedTime
            && (campaign.isBonded || staking.freeStake(address(this)) >= campaign.bond);
    }

    /// @dev In a dispute, which begins inside the window, the clock stands still there.
    function _elapsed(Campaign memory campaign) private view returns (uint256) {
        if (campaign.dispute == DisputeStatus.Running) return 0;
        uint256 elapsed = block.timestamp - campaign.proposedAt;
        return campaign.dispute == DisputeStatus.None ? elapsed : elapsed - _stoodStill[campaign.pending];
    }

    function _isContested(Story storage story, uint256 worker) private view returns (bool) {
        Campaign memory campaign = _campaign(story);
        if (campaign.proposedAt == 0) return false;
        bytes32 batch = campaigns.headerHash(story.pending);
        return campaigns.contests(batch, workers[worker % 4]).proposedAt == campaign.proposedAt
            && !campaigns.contests(batch, workers[worker % 4]).isAnswered;
    }

    function _isBlocked(Story storage story, Claim memory line) private view returns (bool) {
        Campaign memory campaign = _campaign(story);
        uint256 paid = campaigns.claimed(story.id, line.account);
        return line.amount <= paid || campaign.claimedTotal + line.amount - paid > campaign.payoutsTotal;
    }

    function _elsewhere(uint256 worker) private view returns (address) {
        return address(uint160(workers[worker % 4]) ^ (1 << 100));
    }

    function _owned(Story storage story, uint256 worker) private view returns (uint256) {
        HostileToken token = HostileToken(story.terms.token);
        return token.balanceOf(workers[worker % 4]) + token.balanceOf(_elsewhere(worker));
    }

    /// @dev What is owed so far, as the operator honestly counts: a lie is not carried on.
    function _lastAmounts(Story storage story) private view returns (uint256[4] memory amounts) {
        if (story.finals.length == 0) return amounts;
        amounts = story.finals[story.finals.length - 1].amounts;
        uint256 total = story.finals[story.finals.length - 1].header.payoutsTotal;
        uint256 sum = amounts[0] + amounts[1] + amounts[2] + amounts[3];
        amounts[0] -= sum - total;
    }

    function _exceeds(Terms memory terms, uint256 total, uint256 funded) private view returns (bool) {
        (uint256 operatorFee, uint256 protocolFee) = campaigns.feesOn(terms, total);
        return total + operatorFee + protocolFee > funded;
    }

    /* INTERNAL: MOVES */

    function _propose(Story storage story, uint256[4] memory amounts, uint256 total, bool closing) private {
        BatchHeader memory header = _header(story, amounts, total, closing);
        campaigns.propose(story.terms, header, _previousRoot(story));
        story.pending = header;
        story.pendingAmounts = amounts;
    }

    function _header(Story storage story, uint256[4] memory amounts, uint256 total, bool closing)
        private
        view
        returns (BatchHeader memory header)
    {
        Final[] storage finals = story.finals;
        header.campaignId = story.id;
        if (finals.length != 0) header.previous = campaigns.headerHash(finals[finals.length - 1].header);
        header.index = uint64(finals.length);
        header.cutAt = uint64(block.timestamp);
        header.recordsRoot =
            Records.root(story.id, workers, [story.count, story.count, story.count, story.count]);
        header.payoutsRoot = Payouts.root(story.id, workers, amounts);
        header.payoutsTotal = total;
        header.closing = closing;
    }

    function _previousRoot(Story storage story) private view returns (bytes32) {
        Final[] storage finals = story.finals;
        return finals.length == 0 ? bytes32(0) : finals[finals.length - 1].header.payoutsRoot;
    }

    function _named(BatchHeader memory header) private view returns (Named memory) {
        return Named(header.campaignId, header.index, campaigns.headerHash(header), header.payoutsRoot);
    }

    function _finalize(Story storage story) private {
        Campaign memory campaign = _campaign(story);
        if (campaign.proposedAt == 0 || campaign.contests != 0) return;
        if (_elapsed(campaign) < story.terms.challengeWindow) return;
        vm.prank(ANYONE);
        campaigns.finalize(story.terms, story.pending);
        _remember(story);
    }

    function _remember(Story storage story) private {
        Final storage last = story.finals.push();
        last.header = story.pending;
        last.amounts = story.pendingAmounts;
    }

    /// @dev Says itself what must be due, so that a clock that is not moved is found.
    function _advance(Story storage story) private {
        Campaign memory campaign = _campaign(story);
        bool becomesFinal = campaign.proposedAt != 0 && campaign.contests == 0
            && _elapsed(campaign) >= story.terms.challengeWindow;
        bool isActive = _isActive(story);
        uint256 silentFrom = story.terms.deadline + story.terms.grace + campaign.disputedTime;
        bool isDue = becomesFinal || (campaign.status == Status.Open && block.timestamp >= story.terms.deadline)
            || (isActive && campaign.proposedAt == 0 && block.timestamp >= silentFrom)
            || (campaign.status == Status.Silent
                && block.timestamp
                    >= campaign.silentAt + story.terms.grace + 2 * uint256(story.terms.challengeWindow));
        vm.prank(ANYONE);
        try campaigns.advance(story.terms, story.pending) {
            require(isDue, "a clock moved that was not due");
        } catch {
            require(!isDue, "a clock did not move");
        }
        if (becomesFinal) _remember(story);
    }

    function _answer(Story storage story, uint256 worker) private {
        Chain memory chain = Records.chain(
            story.id, workers, [story.count, story.count, story.count, story.count], worker % 4
        );
        Claim memory line = Payouts.claim(story.id, workers, story.pendingAmounts, worker % 4);
        vm.prank(ANYONE);
        campaigns.answer(story.terms, story.pending, chain, line);
    }

    function _endDispute(Story storage story, uint256 seed) private {
        bytes24 pending = _campaign(story).pending;
        uint256 before = _campaign(story).disputedTime;
        bytes32 batch = campaigns.headerHash(story.pending);
        vm.prank(address(network.disputes()));
        campaigns.endDispute(story.id, batch, seed % 3 == 0, seed % 2 == 0 ? address(0) : ANYONE);
        _stoodStill[pending] = _campaign(story).disputedTime - before;
    }

    function _claimAll(Story storage story, Final storage last) private {
        uint256[4] memory before;
        for (uint256 i = 0; i < 4; ++i) before[i] = _owned(story, i);
        campaigns.claimMany(_named(last.header), Payouts.all(workers, last.amounts));
        for (uint256 i = 0; i < 4; ++i) story.received[i] += _owned(story, i) - before[i];
    }

    function _claimReceipt(Story storage story, uint256 worker) private {
        address account = workers[worker % 4];
        Account memory known = campaigns.accounts(story.id, account);
        if (_campaign(story).status != Status.Closed || known.receiptStatus != ReceiptStatus.Registered) return;
        if (known.receipt <= known.claimed) return;
        uint256 before = _owned(story, worker);
        campaigns.claimReceipt(story.id, account, account);
        story.received[worker % 4] += _owned(story, worker) - before;
    }

    function _collectFees(Story storage story) private {
        Campaign memory campaign = _campaign(story);
        (uint256 operatorFee, uint256 protocolFee) = campaigns.feesOn(story.terms, campaign.payoutsTotal);
        if (operatorFee + protocolFee == campaign.operatorFeePaid + campaign.protocolFeePaid) return;
        campaigns.collectFees(story.terms);
    }

    function _refund(Story storage story) private {
        Campaign memory campaign = _campaign(story);
        if (campaign.status != Status.Closed) return;
        (uint256 operatorFee, uint256 protocolFee) = campaigns.feesOn(story.terms, campaign.payoutsTotal);
        uint256 kept = campaign.payoutsTotal + operatorFee + protocolFee + campaign.receiptsTotal;
        if (campaign.funded - kept == campaign.refunded) return;
        campaigns.refund(story.terms);
    }

    function _receipt(Story storage story, uint256 worker, uint64 count_, uint256 owed)
        private
        view
        returns (WorkReceipt memory receipt, bytes memory signature)
    {
        receipt = WorkReceipt(story.id, workers[worker % 4], 0, count_, owed, story.pending.cutAt);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(RECEIPT_KEY, campaigns.receiptDigest(receipt));
        signature = abi.encodePacked(r, s, v);
    }

    function _noPermit() private pure returns (Permit memory) {
        return Permit(0, 0, 0, 0, 0);
    }
}

/// @notice Sentences about money that hold after any history of campaigns, honest and hostile.
contract CampaignsInvariants is TestBase {
    CampaignsHandler private _handler;
    Campaigns private _campaigns;

    function setUp() public {
        _handler = new CampaignsHandler();
        _handler.begin();
        _campaigns = _handler.campaigns();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function targetSelectors() public view returns (FuzzSelector[] memory selectors) {
        bytes4[] memory actions = new bytes4[](25);
        actions[0] = CampaignsHandler.openNoRevert.selector;
        actions[1] = CampaignsHandler.topUpNoRevert.selector;
        actions[2] = CampaignsHandler.donateNoRevert.selector;
        actions[3] = CampaignsHandler.closeNoRevert.selector;
        actions[4] = CampaignsHandler.advanceNoRevert.selector;
        actions[5] = CampaignsHandler.proposeNoRevert.selector;
        actions[6] = CampaignsHandler.settleNoRevert.selector;
        actions[7] = CampaignsHandler.withdrawBatchNoRevert.selector;
        actions[8] = CampaignsHandler.finalizeNoRevert.selector;
        actions[9] = CampaignsHandler.contestNoRevert.selector;
        actions[10] = CampaignsHandler.answerNoRevert.selector;
        actions[11] = CampaignsHandler.voidBatchNoRevert.selector;
        actions[12] = CampaignsHandler.beginDisputeNoRevert.selector;
        actions[13] = CampaignsHandler.endDisputeNoRevert.selector;
        actions[14] = CampaignsHandler.claimNoRevert.selector;
        actions[15] = CampaignsHandler.claimManyNoRevert.selector;
        actions[16] = CampaignsHandler.registerNoRevert.selector;
        actions[17] = CampaignsHandler.claimReceiptNoRevert.selector;
        actions[18] = CampaignsHandler.collectFeesNoRevert.selector;
        actions[19] = CampaignsHandler.refundNoRevert.selector;
        actions[20] = CampaignsHandler.playTrickNoRevert.selector;
        actions[21] = CampaignsHandler.setParametersNoRevert.selector;
        actions[22] = CampaignsHandler.waitNoRevert.selector;
        actions[23] = CampaignsHandler.pauseNoRevert.selector;
        actions[24] = CampaignsHandler.rebaseNoRevert.selector;
        selectors = new FuzzSelector[](1);
        selectors[0] = FuzzSelector(address(_handler), actions);
    }

    /// @dev One function, so that every history is gone through once for all of these sentences.
    function invariant_everySentenceHolds() public view {
        _holdsExactlyWhatCampaignsHaveLeft();
        _promisesAreCovered();
        _nobodyIsPaidTwice();
        _bondsAreLocked();
    }

    /// @dev In = out + held, per token: the escrow holds what each campaign has left, and gifts, to the last unit.
    function _holdsExactlyWhatCampaignsHaveLeft() private view {
        for (uint256 t = 0; t < 2; ++t) {
            HostileToken token = _handler.tokens(t);
            uint256 held = _handler.donated(token);
            for (uint256 i = 0; i < _handler.count(); ++i) {
                Campaign memory campaign = _campaigns.campaigns(_handler.idOf(i));
                if (campaign.token == address(token)) held += _left(campaign);
            }
            assertEq(token.balanceOf(address(_campaigns)), held, "held");
        }
    }

    /// @dev Payouts, their fees and receipts are covered, claims are within payouts, fees within what is due.
    function _promisesAreCovered() private view {
        for (uint256 i = 0; i < _handler.count(); ++i) {
            Campaign memory campaign = _campaigns.campaigns(_handler.idOf(i));
            Terms memory terms = _handler.termsOf(i);
            (uint256 operatorFee, uint256 protocolFee) = _campaigns.feesOn(terms, campaign.payoutsTotal);
            assertLe(campaign.claimedTotal, campaign.payoutsTotal, "claimed of payouts");
            assertLe(campaign.operatorFeePaid, operatorFee, "operator fee");
            assertLe(campaign.protocolFeePaid, protocolFee, "protocol fee");
            assertLe(campaign.receiptsPool, campaign.receiptsDue, "set aside for receipts");
            assertLe(campaign.receiptsPool, campaign.receiptsTotal, "left for receipts");
            assertLe(
                campaign.payoutsTotal + operatorFee + protocolFee + campaign.receiptsTotal + campaign.refunded,
                campaign.funded,
                "promised"
            );
        }
    }

    /// @dev Nobody is paid twice: never more than the most a final batch or a receipt owed, and claims add up.
    function _nobodyIsPaidTwice() private view {
        for (uint256 i = 0; i < _handler.count(); ++i) {
            bytes32 id = _handler.idOf(i);
            Campaign memory campaign = _campaigns.campaigns(id);
            uint256 claimed = 0;
            uint256 received = 0;
            for (uint256 w = 0; w < 4; ++w) {
                assertLe(_handler.receivedBy(i, w), _handler.mostOwed(i, w), "received by a worker");
                claimed += _campaigns.claimed(id, _handler.workers(w));
                received += _handler.receivedBy(i, w);
            }
            assertEq(claimed, campaign.claimedTotal, "sum of claims");
            assertEq(
                received, campaign.claimedTotal + campaign.receiptsTotal - campaign.receiptsPool, "sum of payments"
            );
        }
    }

    /// @dev Exactly the bonds of campaigns that have one are locked.
    function _bondsAreLocked() private view {
        // One more campaign, in the token that rebases, is open for ever.
        uint256 bonds = _campaigns.campaigns(_handler.shrinkingId()).bond;
        for (uint256 i = 0; i < _handler.count(); ++i) {
            Campaign memory campaign = _campaigns.campaigns(_handler.idOf(i));
            if (campaign.isBonded) bonds += campaign.bond;
            require(!campaign.isBonded || campaign.status < Status.Silent, "a bond outlived its campaign");
        }
        assertEq(_handler.staking().stakes(address(_handler)).bonded, bonds, "bonds");
    }

    /// @dev From any state a run without privileged keys empties every campaign to the last unit, and every worker has
    /// what the last final batch owed. (What an invariant does is undone after it, so the history goes on as if nobody
    /// had left.)
    function invariant_everyStateHasAnExit() public {
        // An exit takes as long as half a history: every eighth state has to do.
        if (_handler.steps() % 8 != 0) return;
        _handler.exitAll();
        for (uint256 i = 0; i < _handler.count(); ++i) {
            Campaign memory campaign = _campaigns.campaigns(_handler.idOf(i));
            require(campaign.status == Status.Closed, "a campaign has no exit");
            assertLe(_left(campaign), campaign.payoutsTotal, "left after a lie");
            // A root that promised more than its total may have paid one worker out of another one's share; the
            // campaign's own money is still all that was at stake.
            if (_handler.hasLied(i)) continue;
            assertEq(_left(campaign), 0, "left after everyone left");
            for (uint256 w = 0; w < 4; ++w) {
                assertLe(_handler.mostFinal(i, w), _handler.receivedBy(i, w), "owed by a final batch");
            }
        }
        invariant_everySentenceHolds();
    }

    function _left(Campaign memory campaign) private pure returns (uint256) {
        return campaign.funded + campaign.receiptsPool - campaign.claimedTotal - campaign.receiptsTotal
            - campaign.operatorFeePaid - campaign.protocolFeePaid - campaign.refunded;
    }
}
