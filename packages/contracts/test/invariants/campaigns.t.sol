// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Campaigns} from "../../src/Campaigns.sol";
import {Parameters} from "../../src/Parameters.sol";
import {BatchHeader, Campaign, Claim, Permit, Status, Terms} from "../../src/interfaces/ICampaigns.sol";
import {HostileToken, Trick} from "../../src/mocks/HostileToken.sol";
import {Payouts} from "./Payouts.sol";
import {FuzzSelector, TestBase} from "../TestBase.sol";

/// @notice Acts for everyone. No action may revert: each does what is allowed in the state it finds, or nothing.
/// @dev The handler itself is the operator of every campaign and accepts every one.
contract CampaignsHandler is TestBase {
    uint256 private constant MAX_CAMPAIGNS = 3;

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
        /// @dev The operator once proposed a root that promises more than its total.
        bool lied;
    }

    Campaigns public immutable campaigns;
    Parameters public immutable parameters;
    HostileToken[2] public tokens;
    address[4] public workers;
    address[2] public requesters;
    address public constant TREASURY = address(0x7ea5);

    Story[] private _stories;
    /// @dev What was given to the escrow without a campaign.
    mapping(HostileToken token => uint256) public donated;

    constructor() {
        parameters = new Parameters(address(this), TREASURY, 10);
        campaigns = new Campaigns(parameters);
        for (uint160 i = 0; i < 4; ++i) workers[i] = address(0xa11ce0 + i);
        for (uint160 i = 0; i < 2; ++i) {
            requesters[i] = address(0xb0b0 + i);
            tokens[i] = new HostileToken();
            vm.prank(requesters[i]);
            tokens[0].approve(address(campaigns), type(uint256).max);
        }
        for (uint160 i = 0; i < 2; ++i) {
            vm.prank(requesters[i]);
            tokens[1].approve(address(campaigns), type(uint256).max);
        }
    }

    /// @dev Two campaigns in one token are there from the start: one's money must never be the other's.
    function begin() external {
        open(0, 1e18, 500);
        open(1 << 8, 1_001, 777);
    }

    /// @dev ERC-1271: the operator accepts.
    function isValidSignature(bytes32, bytes calldata) external pure returns (bytes4) {
        return 0x1626ba7e;
    }

    /* ACTIONS */

    function open(uint256 seed, uint256 funds, uint256 fee) public {
        if (_stories.length == MAX_CAMPAIGNS) return;
        HostileToken token = tokens[seed % 2];
        address requester = requesters[(seed >> 8) % 2];
        if (token.tricks(requester) != Trick.None || token.tricks(address(campaigns)) != Trick.None) return;
        funds = bound(funds, 0, 1e30);
        token.mint(requester, funds);

        Story storage story = _stories.push();
        story.terms = Terms({
            requester: requester,
            operator: address(this),
            receiptKey: address(0xbeef),
            token: address(token),
            specHash: bytes32(seed),
            basePay: 2,
            floorPay: 1,
            operatorFeeBps: uint16(bound(fee, 0, 1_000)),
            protocolFeeBps: parameters.protocolFeeBps(),
            contributorsBps: 0,
            deadline: uint64(block.timestamp + bound(seed, 1, 1_000)),
            grace: 0,
            challengeWindow: uint64(bound(seed, 10, 100)),
            nonce: _stories.length
        });
        story.id = campaigns.campaignId(story.terms);
        vm.prank(requester);
        campaigns.open(story.terms, funds, "", _noPermit());
    }

    function topUp(uint256 seed, uint256 amount) external {
        (bool found, Story storage story) = _pick(seed);
        if (!found || _status(story) == Status.Closed) return;
        HostileToken token = HostileToken(story.terms.token);
        address from = requesters[(seed >> 8) % 2];
        if (token.tricks(from) != Trick.None) return;
        amount = bound(amount, 0, 1e30);
        token.mint(from, amount);
        vm.prank(from);
        campaigns.topUp(story.id, amount, _noPermit());
    }

    function donate(uint256 seed, uint256 amount) external {
        HostileToken token = tokens[seed % 2];
        amount = bound(amount, 0, 1e30);
        token.mint(address(campaigns), amount);
        donated[token] += amount;
    }

    function close(uint256 seed) external {
        (bool found, Story storage story) = _pick(seed);
        if (!found || _status(story) != Status.Open) return;
        if (block.timestamp < story.terms.deadline) vm.prank(story.terms.requester);
        campaigns.close(story.terms);
    }

    function propose(uint256 seed, uint256[4] calldata raises, bool lie) public {
        (bool found, Story storage story) = _pick(seed);
        if (!found) return;
        Campaign memory campaign = campaigns.campaigns(story.id);
        if (campaign.status == Status.Closed || campaign.pendingSince != 0) return;

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
            try campaigns.propose(story.terms, _header(story, amounts, total, false)) {
                revert("a batch without funds was accepted");
            } catch {
                return;
            }
        }
        if (lie && total != campaign.payoutsTotal) {
            amounts[0] += 1 + total;
            story.lied = true;
        }
        bool closing = campaign.status == Status.Closing && seed % 3 == 0;
        _propose(story, amounts, total, closing);
    }

    /// @dev Most histories are of batches that go well.
    function settle(uint256 seed, uint256[4] calldata raises) external {
        propose(seed, raises, false);
        (bool found, Story storage story) = _pick(seed);
        if (found) _finalize(story, true);
    }

    function withdrawBatch(uint256 seed) external {
        (bool found, Story storage story) = _pick(seed);
        if (!found || campaigns.campaigns(story.id).pendingSince == 0) return;
        campaigns.withdrawBatch(story.id);
    }

    function finalize(uint256 seed) external {
        (bool found, Story storage story) = _pick(seed);
        if (found) _finalize(story, false);
    }

    function claim(uint256 seed, uint256 batch, uint256 worker, bool redirect) external {
        (bool found, Story storage story) = _pick(seed);
        if (!found || story.finals.length == 0) return;
        Final storage last = story.finals[batch % story.finals.length];
        Claim memory line = Payouts.claim(story.id, workers, last.amounts, worker % 4);
        if (_isBlocked(story, line)) return;
        address to = redirect ? address(uint160(line.account) ^ (1 << 100)) : line.account;
        if (!redirect && HostileToken(story.terms.token).tricks(to) != Trick.None) return;
        if (redirect) {
            vm.prank(line.account);
            campaigns.claimTo(story.terms, last.header, line, to);
        } else {
            campaigns.claim(story.terms, last.header, line);
        }
    }

    function claimMany(uint256 seed, uint256 batch) external {
        (bool found, Story storage story) = _pick(seed);
        if (!found || story.finals.length == 0) return;
        _claimAll(story, story.finals[batch % story.finals.length]);
    }

    function collectFees(uint256 seed) external {
        (bool found, Story storage story) = _pick(seed);
        if (found) _collectFees(story);
    }

    function refund(uint256 seed) external {
        (bool found, Story storage story) = _pick(seed);
        if (!found || HostileToken(story.terms.token).tricks(story.terms.requester) != Trick.None) return;
        _refund(story);
    }

    /// @dev Anyone but the escrow may turn out to be refused, lied to or taxed, and change again.
    function playTrick(uint256 seed, uint256 trick) external {
        address[7] memory accounts = [
            workers[0], workers[1], workers[2], workers[3], requesters[0], TREASURY, address(this)
        ];
        Trick[5] memory all = [Trick.None, Trick.Refuse, Trick.Lie, Trick.TaxSender, Trick.TaxReceiver];
        tokens[seed % 2].setTrick(accounts[(seed >> 8) % 7], all[trick % 5]);
    }

    function setProtocolFee(uint256 value) external {
        parameters.setProtocolFeeBps(uint16(bound(value, 0, 500)));
    }

    function wait(uint256 time) external {
        vm.warp(block.timestamp + bound(time, 1, 200));
    }

    /* EXIT */

    /// @dev Ends every campaign from wherever it is, with the keys of its requester and operator only.
    function exitAll() external {
        for (uint256 i = 0; i < 2; ++i) {
            for (uint256 j = 0; j < 4; ++j) tokens[i].setTrick(workers[j], Trick.None);
            tokens[i].setTrick(requesters[0], Trick.None);
            tokens[i].setTrick(TREASURY, Trick.None);
            tokens[i].setTrick(address(this), Trick.None);
        }
        for (uint256 i = 0; i < _stories.length; ++i) {
            Story storage story = _stories[i];
            _finalize(story, true);
            Campaign memory campaign = campaigns.campaigns(story.id);
            if (campaign.status == Status.Open) {
                vm.prank(story.terms.requester);
                campaigns.close(story.terms);
            }
            if (campaign.status != Status.Closed) {
                _propose(story, _lastAmounts(story), campaign.payoutsTotal, true);
                _finalize(story, true);
            }
            _refund(story);
            _claimAll(story, story.finals[story.finals.length - 1]);
            _collectFees(story);
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

    function hasLied(uint256 i) external view returns (bool) {
        return _stories[i].lied;
    }

    /// @dev The most any final batch owed to a worker.
    function mostOwed(uint256 i, uint256 worker) external view returns (uint256 most) {
        Final[] storage finals = _stories[i].finals;
        for (uint256 j = 0; j < finals.length; ++j) {
            if (finals[j].amounts[worker] > most) most = finals[j].amounts[worker];
        }
    }

    /* INTERNAL */

    function _pick(uint256 seed) private view returns (bool, Story storage) {
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

    function _status(Story storage story) private view returns (Status) {
        return campaigns.campaigns(story.id).status;
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

    function _propose(Story storage story, uint256[4] memory amounts, uint256 total, bool closing) private {
        BatchHeader memory header = _header(story, amounts, total, closing);
        campaigns.propose(story.terms, header);
        story.pending = header;
        story.pendingAmounts = amounts;
    }

    function _header(Story storage story, uint256[4] memory amounts, uint256 total, bool closing)
        private
        view
        returns (BatchHeader memory header)
    {
        Campaign memory campaign = campaigns.campaigns(story.id);
        header.campaignId = story.id;
        header.previous = campaign.lastFinal;
        header.index = campaign.finalCount;
        header.cutAt = uint64(block.timestamp);
        header.payoutsRoot = Payouts.root(story.id, workers, amounts);
        header.payoutsTotal = total;
        header.closing = closing;
    }

    function _finalize(Story storage story, bool patient) private {
        Campaign memory campaign = campaigns.campaigns(story.id);
        if (campaign.pendingSince == 0) return;
        uint256 finalAt = campaign.pendingSince + story.terms.challengeWindow;
        if (block.timestamp < finalAt) {
            if (!patient) return;
            vm.warp(finalAt);
        }
        campaigns.finalize(story.terms, story.pending);
        Final storage last = story.finals.push();
        last.header = story.pending;
        last.amounts = story.pendingAmounts;
    }

    function _isBlocked(Story storage story, Claim memory line) private view returns (bool) {
        Campaign memory campaign = campaigns.campaigns(story.id);
        uint256 paid = campaigns.claimed(story.id, line.account);
        return line.amount <= paid || campaign.claimedTotal + line.amount - paid > campaign.payoutsTotal;
    }

    function _claimAll(Story storage story, Final storage last) private {
        Claim[] memory claims = new Claim[](4);
        for (uint256 i = 0; i < 4; ++i) claims[i] = Payouts.claim(story.id, workers, last.amounts, i);
        campaigns.claimMany(story.terms, last.header, claims);
    }

    function _collectFees(Story storage story) private {
        Campaign memory campaign = campaigns.campaigns(story.id);
        (uint256 operatorFee, uint256 protocolFee) = campaigns.feesOn(story.terms, campaign.payoutsTotal);
        if (operatorFee + protocolFee == uint256(campaign.operatorFeePaid) + campaign.protocolFeePaid) return;
        campaigns.collectFees(story.terms);
    }

    function _refund(Story storage story) private {
        Campaign memory campaign = campaigns.campaigns(story.id);
        if (campaign.status != Status.Closed) return;
        (uint256 operatorFee, uint256 protocolFee) = campaigns.feesOn(story.terms, campaign.payoutsTotal);
        uint256 left = campaign.funded - campaign.payoutsTotal - operatorFee - protocolFee;
        if (left == campaign.refunded) return;
        campaigns.refund(story.terms);
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
        bytes4[] memory actions = new bytes4[](15);
        actions[0] = CampaignsHandler.open.selector;
        actions[1] = CampaignsHandler.topUp.selector;
        actions[2] = CampaignsHandler.donate.selector;
        actions[3] = CampaignsHandler.close.selector;
        actions[4] = CampaignsHandler.propose.selector;
        actions[5] = CampaignsHandler.withdrawBatch.selector;
        actions[6] = CampaignsHandler.finalize.selector;
        actions[7] = CampaignsHandler.claim.selector;
        actions[8] = CampaignsHandler.claimMany.selector;
        actions[9] = CampaignsHandler.collectFees.selector;
        actions[10] = CampaignsHandler.refund.selector;
        actions[11] = CampaignsHandler.playTrick.selector;
        actions[12] = CampaignsHandler.wait.selector;
        actions[13] = CampaignsHandler.settle.selector;
        actions[14] = CampaignsHandler.setProtocolFee.selector;
        selectors = new FuzzSelector[](1);
        selectors[0] = FuzzSelector(address(_handler), actions);
    }

    /// @dev In = out + held, per token: the escrow holds what each campaign has left, and gifts, to the last unit.
    function invariant_holdsExactlyWhatCampaignsHaveLeft() public view {
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

    /// @dev Payouts and their fees are covered, claims are within payouts, fees within what is due.
    function invariant_promisesAreCovered() public view {
        for (uint256 i = 0; i < _handler.count(); ++i) {
            Campaign memory campaign = _campaigns.campaigns(_handler.idOf(i));
            Terms memory terms = _handler.termsOf(i);
            (uint256 operatorFee, uint256 protocolFee) = _campaigns.feesOn(terms, campaign.payoutsTotal);
            assertLe(campaign.claimedTotal, campaign.payoutsTotal, "claimed of payouts");
            assertLe(campaign.operatorFeePaid, operatorFee, "operator fee");
            assertLe(campaign.protocolFeePaid, protocolFee, "protocol fee");
            assertLe(
                campaign.payoutsTotal + operatorFee + protocolFee + campaign.refunded, campaign.funded, "promised"
            );
        }
    }

    /// @dev Nobody is paid twice: never more than the most a final batch owed, and claims add up.
    function invariant_nobodyIsPaidTwice() public view {
        for (uint256 i = 0; i < _handler.count(); ++i) {
            bytes32 id = _handler.idOf(i);
            uint256 sum = 0;
            for (uint256 w = 0; w < 4; ++w) {
                uint256 claimed = _campaigns.claimed(id, _handler.workers(w));
                assertLe(claimed, _handler.mostOwed(i, w), "claimed by a worker");
                sum += claimed;
            }
            assertEq(sum, _campaigns.campaigns(id).claimedTotal, "sum of claims");
        }
    }

    /// @dev From any state, closing, claims, fees and refund empty a campaign to the last unit. (What an invariant
    /// does is undone after it, so the history goes on as if nobody had left.)
    function invariant_everyStateHasAnExit() public {
        _handler.exitAll();
        for (uint256 i = 0; i < _handler.count(); ++i) {
            Campaign memory campaign = _campaigns.campaigns(_handler.idOf(i));
            // A root that promised more than its total may have paid one worker out of another one's share; the
            // campaign's own money is still all that was at stake.
            if (!_handler.hasLied(i)) assertEq(_left(campaign), 0, "left after everyone left");
            assertLe(_left(campaign), campaign.payoutsTotal, "left after a lie");
        }
        invariant_holdsExactlyWhatCampaignsHaveLeft();
        invariant_promisesAreCovered();
        invariant_nobodyIsPaidTwice();
    }

    function _left(Campaign memory campaign) private pure returns (uint256) {
        return uint256(campaign.funded) - campaign.claimedTotal - campaign.operatorFeePaid - campaign.protocolFeePaid
            - campaign.refunded;
    }
}
