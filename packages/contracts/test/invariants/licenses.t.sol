// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Licenses} from "../../src/Licenses.sol";
import {Parameters} from "../../src/Parameters.sol";
import {Passports} from "../../src/Passports.sol";
import {BatchHeader} from "../../src/interfaces/IBatches.sol";
import {ICampaigns} from "../../src/interfaces/ICampaigns.sol";
import {Permit, Terms} from "../../src/interfaces/IFunding.sol";
import {Claim} from "../../src/interfaces/IPayments.sol";
import {Offer, Sale, SaleStatus} from "../../src/interfaces/ILicenses.sol";
import {Source, SourceProof, Version} from "../../src/interfaces/IPassports.sol";
import {ErrorsLib} from "../../src/libraries/ErrorsLib.sol";
import {HostileToken, Trick} from "../../src/mocks/HostileToken.sol";
import {Payouts} from "./Payouts.sol";
import {FuzzSelector, TestBase} from "../TestBase.sol";

/// @notice What `Passports` asks of the campaigns, `isFinal`: yes, every batch here is.
contract FinalBatches {
    fallback(bytes calldata) external returns (bytes memory) {
        return abi.encode(true);
    }
}

/// @notice Acts for a seller, buyers and workers. No action may revert: each does what is allowed, or nothing.
/// @dev The handler itself requests the campaigns, owns the passports and sells. The first token (6 decimals) plays
/// tricks on accounts and pauses, the second (none) rebases and shrinks, the third (18) is honest. Whatever the second
/// does, calls about it may fail; calls about the others may only where a trick is the reason.
contract LicensesHandler is TestBase {
    /// @dev The buyer's one-time key and the point of every sealed key are the curve's generator: its secret is one.
    uint256 private constant SECRET = 1;
    bytes private constant POINT =
        hex"046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";
    bytes32 private constant X = 0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296;
    bytes32 private constant CONTENT_KEY = bytes32(uint256(0xc0de));

    uint256 public constant TOKENS = 3;
    uint256 public constant REBASING = 1;
    uint256 public constant MAX_VERSIONS = 3;

    Licenses public immutable licenses;
    Passports public immutable passports;
    Parameters public immutable parameters;
    HostileToken[TOKENS] public tokens;
    address[4] public workers;
    address[2] public treasuries = [address(0x7ea5), address(0x7ea6)];
    address[2] public buyers = [address(0xb111), address(0xb112)];

    /// @notice What was paid in and out, per token, as the calls that went through say.
    uint256[TOKENS] public paidIn;
    uint256[TOKENS] public paidOut;
    uint256 public lastLicense;

    BatchHeader[2] private _headers;
    uint256[4][2] private _amounts;
    Version[MAX_VERSIONS] private _first;
    Version private _second;
    uint256 private _versions = 1;
    Offer[] private _offers;
    mapping(uint256 licenseId => bytes) private _sealed;

    constructor() {
        parameters = new Parameters(address(this), treasuries[0], 10);
        passports = new Passports(ICampaigns(address(new FinalBatches())));
        licenses = new Licenses(passports, parameters);
        for (uint160 i = 0; i < 4; ++i) workers[i] = address(0xa11ce0 + i);
        for (uint256 t = 0; t < TOKENS; ++t) {
            tokens[t] = new HostileToken();
            tokens[t].setDecimals([6, 0, 18][t]);
            for (uint256 b = 0; b < 2; ++b) {
                vm.prank(buyers[b]);
                tokens[t].approve(address(licenses), type(uint256).max);
            }
        }
        _mintPassports();
        for (uint256 i = 0; i < 8; ++i) _offer(i);
    }

    /// @dev One passport of two sources, one of a single source whose root promises more than its total.
    function _mintPassports() private {
        _amounts[0] = [uint256(1), 10, 100, 333];
        _amounts[1] = [uint256(7), 0, 500, 2];
        SourceProof[] memory proofs = new SourceProof[](2);
        Version storage first = _first[0];
        for (uint256 i = 0; i < 2; ++i) {
            Terms memory terms;
            terms.requester = address(this);
            terms.contributorsBps = uint16(i == 0 ? 10_000 : 3_333);
            terms.nonce = i;
            bytes32 id = keccak256(abi.encode(block.chainid, passports.campaigns(), terms));
            _headers[i].campaignId = id;
            _headers[i].payoutsRoot = Payouts.root(id, workers, _amounts[i]);
            _headers[i].payoutsTotal = i == 0 ? 444 : 505;
            proofs[i] = SourceProof(terms, _headers[i]);
            first.sources.push(Source(id, batchOf(i), uint16(i == 0 ? 6_001 : 3_999), terms.contributorsBps));
        }
        first.keyHash = sha256(abi.encode(CONTENT_KEY));
        passports.mint(first, proofs);

        _second.keyHash = first.keyHash;
        _second.sources.push(first.sources[1]);
        _second.sources[0].weight = 10_000;
        proofs[0] = proofs[1];
        assembly {
            mstore(proofs, 1)
        }
        passports.mint(_second, proofs);
    }

    /// @dev Three offers in every token for each passport, an exclusive one, one for nothing.
    function _offer(uint256 i) private {
        bool isExclusive = i == 6;
        Offer memory offer;
        offer.passportId = i < 3 || isExclusive ? 1 : 2;
        offer.token = address(tokens[i % TOKENS]);
        offer.duration = offer.passportId == 1 ? uint64(20 + 20 * (i % 3)) : 0;
        offer.price = i == 7 ? 0 : 10 ** (3 * (i % 3)) * 1_001 + i;
        offer.deliverWithin = 100;
        offer.isExclusive = isExclusive;
        offer.isTransferable = i != 1;
        offer.nonce = i;
        licenses.createOffer(offer);
        _offers.push(offer);
    }

    /* ACTIONS */

    function purchaseNoRevert(uint256 seed, uint256 who) external {
        Offer memory offer = _offers[seed % _offers.length];
        address buyer = buyers[who % 2];
        uint256 t = _tokenOf(offer);
        tokens[t].mint(buyer, offer.price + 1);
        bytes32 version = passports.newest(offer.passportId).hash;
        vm.prank(buyer);
        try licenses.purchase(offer, version, offer.price, POINT, Permit(0, 0, 0, 0, 0)) returns (uint256 id) {
            lastLicense = id;
            paidIn[t] += offer.price;
        } catch (bytes memory reason) {
            bytes4 selector = bytes4(reason);
            require(
                selector == ErrorsLib.ExclusivelyLicensed.selector || selector == ErrorsLib.OthersRun.selector
                    || _mayFail(t, buyer),
                "a purchase was refused"
            );
        }
    }

    function deliverNoRevert(uint256 seed, bool isRight) external {
        (uint256 id, Sale memory sale) = _sale(seed, SaleStatus.Paid);
        if (id == 0 || block.timestamp > sale.until) return;
        bytes32 mask = sha256(abi.encodePacked(X, uint32(1), "tagger/seal/2", POINT, X));
        _sealed[id] = abi.encodePacked(POINT, (isRight ? CONTENT_KEY : bytes32(uint256(0xbad))) ^ mask);
        licenses.deliver(id, _sealed[id]);
    }

    function disputeNoRevert(uint256 seed) external {
        (uint256 id, Sale memory sale) = _sale(seed, SaleStatus.Delivered);
        if (id == 0 || block.timestamp > sale.until) return;
        Version memory version = licenses.offerOf(id).offer.passportId == 1 ? _first[sale.version - 1] : _second;
        try licenses.disputeDelivery(id, version, _sealed[id], SECRET) {
            require(_isWrong(id), "a right key was refunded");
        } catch (bytes memory reason) {
            require(!_isWrong(id) && bytes4(reason) == ErrorsLib.KeyMatches.selector, "a wrong key was upheld");
        }
    }

    function releaseNoRevert(uint256 seed, bool isBuyer) external {
        (uint256 id, Sale memory sale) = _sale(seed, SaleStatus.Delivered);
        if (id == 0 || (!isBuyer && block.timestamp <= sale.until)) return;
        if (isBuyer) vm.prank(licenses.ownerOf(id));
        licenses.release(id);
    }

    function refundNoRevert(uint256 seed) external {
        (uint256 id, Sale memory sale) = _sale(seed, SaleStatus.Paid);
        if (id == 0 || block.timestamp <= sale.until) return;
        _refund(id);
    }

    function renewNoRevert(uint256 seed, uint256 periods) external {
        (uint256 id,) = _sale(seed, SaleStatus.Released);
        if (id == 0 || !licenses.isRenewable(id)) return;
        Offer memory offer = licenses.offerOf(id).offer;
        uint256 t = _tokenOf(offer);
        periods = bound(periods, 1, 3);
        tokens[t].mint(buyers[0], offer.price * periods + 1);
        vm.prank(buyers[0]);
        try licenses.renew(id, periods, Permit(0, 0, 0, 0, 0)) {
            paidIn[t] += offer.price * periods;
        } catch {
            require(_mayFail(t, buyers[0]), "a renewal was refused");
        }
    }

    function cancelNoRevert(uint256 seed) external {
        (uint256 id, Sale memory sale) = _sale(seed, SaleStatus.Released);
        if (id == 0 || sale.expiresAt <= block.timestamp) return;
        vm.prank(licenses.ownerOf(id));
        licenses.cancelSubscription(id);
    }

    function transferNoRevert(uint256 seed, uint256 who) external {
        (uint256 id,) = _sale(seed, SaleStatus.Released);
        if (id == 0 || !licenses.offerOf(id).offer.isTransferable) return;
        address owner = licenses.ownerOf(id);
        vm.prank(owner);
        licenses.transferFrom(owner, buyers[who % 2], id);
    }

    /// @dev The same sources, weighed otherwise; they are carried on.
    function addVersionNoRevert(uint256 weight) external {
        if (_versions == MAX_VERSIONS) return;
        Version storage next = _first[_versions];
        next.keyHash = _first[0].keyHash;
        next.contentRoot = bytes32(_versions);
        for (uint256 i = 0; i < 2; ++i) next.sources.push(_first[0].sources[i]);
        next.sources[0].weight = uint16(bound(weight, 0, 10_000));
        next.sources[1].weight = 10_000 - next.sources[0].weight;
        passports.addVersion(1, _first[_versions - 1], next, new SourceProof[](0));
        _versions += 1;
    }

    function claimShareNoRevert(uint256 t, uint256 sold, uint256 source, uint256 worker) external {
        _claimShare(t % TOKENS, sold, source % 2, worker % 4);
    }

    function withdrawNoRevert(uint256 t, uint256 account) external {
        _withdraw(t % TOKENS, accounts(account % 5));
    }

    function playTrickNoRevert(uint256 account, uint256 trick) external {
        address[7] memory all =
            [workers[0], workers[1], workers[2], workers[3], buyers[0], address(this), treasuries[0]];
        Trick[8] memory tricks = [
            Trick.None,
            Trick.Refuse,
            Trick.ReturnFalse,
            Trick.Lie,
            Trick.TaxSender,
            Trick.TaxReceiver,
            Trick.ReturnNothing,
            Trick.Reenter
        ];
        tokens[0].setTrick(all[account % 7], tricks[trick % 8]);
        tokens[0].setReentry(
            address(licenses), abi.encodeCall(licenses.withdraw, (address(tokens[0]), all[account % 7]))
        );
    }

    function pauseNoRevert(bool value) external {
        tokens[0].setPaused(value);
    }

    function rebaseNoRevert(uint256 scale, uint256 loss) external {
        tokens[REBASING].rebase(bound(scale, 900_000, 1_100_000));
        uint256 held = tokens[REBASING].balanceOf(address(licenses));
        if (loss % 4 == 0 && held > 1) tokens[REBASING].shrink(address(licenses), held / 100);
    }

    function setParametersNoRevert(uint256 fee, uint256 treasury, uint256 window) external {
        parameters.setProtocolFeeBps(uint16(bound(fee, 0, 500)));
        parameters.setTreasury(treasuries[treasury % 2]);
        parameters.setMinChallengeWindow(uint64(bound(window, 10, 60)));
    }

    function waitNoRevert(uint256 time) external {
        vm.warp(block.timestamp + bound(time, 1, 60));
    }

    /* EXIT */

    /// @dev Ends every sale and pays everyone out, with tokens that behave again.
    function exitAll() external {
        tokens[0].setPaused(false);
        for (uint256 w = 0; w < 4; ++w) tokens[0].setTrick(workers[w], Trick.None);
        for (uint256 a = 0; a < 5; ++a) tokens[0].setTrick(accounts(a), Trick.None);
        vm.warp(block.timestamp + 1_000);
        for (uint256 id = 1; id <= lastLicense; ++id) {
            SaleStatus status = licenses.sales(id).status;
            if (status == SaleStatus.Paid) _refund(id);
            if (status == SaleStatus.Delivered) licenses.release(id);
        }
        for (uint256 t = 0; t < TOKENS; ++t) {
            for (uint256 i = 0; i < 8 * (MAX_VERSIONS + 1); ++i) _claimShare(t, i / 8, (i / 4) % 2, i % 4);
            for (uint256 a = 0; a < 5; ++a) _withdraw(t, accounts(a));
        }
    }

    /* VIEWS */

    function batchOf(uint256 source) public view returns (bytes32) {
        return keccak256(abi.encode(_headers[source]));
    }

    function amountOf(uint256 source, uint256 worker) external view returns (uint256) {
        return _amounts[source][worker];
    }

    function totalOf(uint256 source) external view returns (uint256) {
        return _headers[source].payoutsTotal;
    }

    /// @notice Everybody with a balance to withdraw, but workers.
    function accounts(uint256 i) public view returns (address) {
        return [address(this), treasuries[0], treasuries[1], buyers[0], buyers[1]][i];
    }

    /// @notice The passport and the number of the version that `sold` stands for: three of the first, one of the second.
    function versionOf(uint256 sold) public pure returns (uint256 passportId, uint256 number) {
        sold %= MAX_VERSIONS + 1;
        return sold < MAX_VERSIONS ? (1, sold + 1) : (2, 1);
    }

    /// @notice What a source has of what a version's sales brought, counted here from the parts of all its sources.
    function receivedOf(uint256 t, uint256 sold, uint256 source) public view returns (uint256) {
        (uint256 passportId, uint256 number) = versionOf(sold);
        if (passportId == 1 && number > _versions) return 0;
        Source[] memory sources = passportId == 1 ? _first[number - 1].sources : _second.sources;
        uint256 part = 0;
        uint256 whole = 0;
        for (uint256 i = 0; i < sources.length; ++i) {
            uint256 own = uint256(sources[i].weight) * sources[i].contributorsBps;
            whole += own;
            if (sources[i].batch == batchOf(source)) part = own;
        }
        return whole == 0 ? 0 : licenses.pool(passportId, number, address(tokens[t])) * part / whole;
    }

    function paidBy(uint256 t, uint256 sold, uint256 source) public view returns (uint256) {
        (uint256 passportId, uint256 number) = versionOf(sold);
        return licenses.sourceClaimed(passportId, number, address(tokens[t]), batchOf(source));
    }

    function paidTo(uint256 t, uint256 sold, uint256 source, uint256 worker) public view returns (uint256) {
        (uint256 passportId, uint256 number) = versionOf(sold);
        return licenses.shareClaimed(passportId, number, address(tokens[t]), batchOf(source), workers[worker]);
    }

    function sendShare(uint256 t, uint256 sold, uint256 source, uint256 worker) external {
        (uint256 passportId, uint256 number) = versionOf(sold);
        Claim memory line = Payouts.claim(_headers[source].campaignId, workers, _amounts[source], worker);
        Version memory version = passportId == 1 ? _first[number - 1] : _second;
        licenses.claimShare(address(tokens[t]), passportId, number, version, _headers[source], line);
    }

    /* INTERNAL */

    function _tokenOf(Offer memory offer) private view returns (uint256 t) {
        while (address(tokens[t]) != offer.token) ++t;
    }

    function _mayFail(uint256 t, address account) private view returns (bool) {
        Trick trick = tokens[t].tricks(account);
        bool isOdd = trick != Trick.None && trick != Trick.ReturnNothing && trick != Trick.Reenter;
        return t == REBASING || tokens[t].paused() || isOdd;
    }

    function _isWrong(uint256 id) private view returns (bool) {
        bytes32 mask = sha256(abi.encodePacked(X, uint32(1), "tagger/seal/2", POINT, X));
        return keccak256(_sealed[id]) != keccak256(abi.encodePacked(POINT, CONTENT_KEY ^ mask));
    }

    function _sale(uint256 seed, SaleStatus status) private view returns (uint256 id, Sale memory sale) {
        if (lastLicense == 0) return (0, sale);
        id = 1 + seed % lastLicense;
        sale = licenses.sales(id);
        if (sale.status != status) id = 0;
    }

    function _refund(uint256 id) private {
        Offer memory offer = licenses.offerOf(id).offer;
        uint256 t = _tokenOf(offer);
        address buyer = licenses.ownerOf(id);
        try licenses.refundLicense(id) {
            paidOut[t] += offer.price;
        } catch {
            require(_mayFail(t, buyer), "a refund was refused");
        }
    }

    function _claimShare(uint256 t, uint256 sold, uint256 source, uint256 worker) private {
        uint256 received = receivedOf(t, sold, source);
        uint256 share = received * _amounts[source][worker] / _headers[source].payoutsTotal;
        uint256 paid = paidTo(t, sold, source, worker);
        if (share <= paid) return;
        bool tooMuch = paidBy(t, sold, source) + share - paid > received;
        try this.sendShare(t, sold, source, worker) {
            require(!tooMuch, "a source paid more than it received");
            paidOut[t] += share - paid;
        } catch {
            require(tooMuch || _mayFail(t, workers[worker]), "a share was refused");
        }
    }

    function _withdraw(uint256 t, address account) private {
        uint256 amount = licenses.balances(address(tokens[t]), account);
        if (amount == 0) return;
        try licenses.withdraw(address(tokens[t]), account) {
            paidOut[t] += amount;
        } catch {
            require(_mayFail(t, account), "a balance was refused");
        }
    }
}

/// @notice Sentences about sales and the revenue of datasets that hold after any history.
contract LicensesInvariants is TestBase {
    LicensesHandler private _handler;
    Licenses private _licenses;
    uint256 private _tokens;
    uint256 private _rebasing;
    uint256 private _sold;

    function setUp() public {
        _handler = new LicensesHandler();
        _licenses = _handler.licenses();
        _tokens = _handler.TOKENS();
        _rebasing = _handler.REBASING();
        _sold = _handler.MAX_VERSIONS() + 1;
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function targetSelectors() public view returns (FuzzSelector[] memory selectors) {
        bytes4[16] memory actions = [
            LicensesHandler.purchaseNoRevert.selector,
            LicensesHandler.purchaseNoRevert.selector,
            LicensesHandler.deliverNoRevert.selector,
            LicensesHandler.disputeNoRevert.selector,
            LicensesHandler.releaseNoRevert.selector,
            LicensesHandler.refundNoRevert.selector,
            LicensesHandler.renewNoRevert.selector,
            LicensesHandler.cancelNoRevert.selector,
            LicensesHandler.transferNoRevert.selector,
            LicensesHandler.addVersionNoRevert.selector,
            LicensesHandler.claimShareNoRevert.selector,
            LicensesHandler.withdrawNoRevert.selector,
            LicensesHandler.playTrickNoRevert.selector,
            LicensesHandler.rebaseNoRevert.selector,
            LicensesHandler.setParametersNoRevert.selector,
            LicensesHandler.waitNoRevert.selector
        ];
        selectors = new FuzzSelector[](1);
        selectors[0].addr = address(_handler);
        selectors[0].selectors = new bytes4[](17);
        for (uint256 i = 0; i < 16; ++i) selectors[0].selectors[i] = actions[i];
        selectors[0].selectors[16] = LicensesHandler.pauseNoRevert.selector;
    }

    /// @dev One history for all sentences, so that there can be many.
    /// hardhat-config: invariant.depth = 100
    function invariant_moneySharesAndExclusivity() public view {
        requireMoneyInIsMoneyOutAndHeld();
        requireShareClaimsWithinRevenue();
        requireExclusiveIsAlone();
        requireNoTokenComesBackIn();
    }

    /// @dev Money in is money out and held; what is held are the prices in escrow, all balances, and what the pools
    /// have left. Of the token that rebases the books still add up, whatever it did to what is held.
    function requireMoneyInIsMoneyOutAndHeld() private view {
        for (uint256 t = 0; t < _tokens; ++t) {
            HostileToken token = _handler.tokens(t);
            uint256 owed = _escrowed(token) + _balances(token) + _pooled(token);
            assertEq(_handler.paidIn(t), _handler.paidOut(t) + owed, "in = out + owed");
            if (t != _rebasing) assertEq(token.balanceOf(address(_licenses)), owed, "held");
        }
    }

    /// @dev Share claims never exceed the revenue, of no source and no version; nobody gets more than their part.
    function requireShareClaimsWithinRevenue() private view {
        for (uint256 t = 0; t < _tokens; ++t) {
            for (uint256 sold = 0; sold < _sold; ++sold) _requireWithin(t, sold);
        }
    }

    /// @dev Nobody holds an exclusive license beside another one that runs or waits.
    function requireExclusiveIsAlone() private view {
        uint256 others = 0;
        uint256 exclusives = 0;
        for (uint256 id = 1; id <= _handler.lastLicense(); ++id) {
            Sale memory sale = _licenses.sales(id);
            if (sale.status == SaleStatus.None) continue;
            Offer memory offer = _licenses.offerOf(id).offer;
            bool isLive = sale.status == SaleStatus.Paid || sale.expiresAt > block.timestamp;
            if (offer.passportId != 1 || !isLive) continue;
            if (offer.isExclusive) ++exclusives;
            else ++others;
        }
        assertLe(exclusives, others == 0 ? 1 : 0, "exclusive licenses");
    }

    /// @dev No token came back in while it was being moved.
    function requireNoTokenComesBackIn() private view {
        assertEq(_handler.tokens(0).reentrySucceeded() ? 1 : 0, 0, "reentered");
    }

    /// @dev Where a history ends, everyone can be paid out; of an honest source only rounding stays, under a unit per worker
    /// and source.
    function afterInvariant() public {
        _handler.exitAll();
        for (uint256 t = 0; t < _tokens; ++t) {
            if (t == _rebasing) continue;
            HostileToken token = _handler.tokens(t);
            assertEq(_escrowed(token) + _balances(token), 0, "waiting");
            assertEq(token.balanceOf(address(_licenses)), _pooled(token), "left");
            for (uint256 sold = 0; sold < _sold; ++sold) {
                assertLe(
                    _handler.receivedOf(t, sold, 0) - _handler.paidBy(t, sold, 0), 3, "dust of an honest source"
                );
            }
        }
        requireShareClaimsWithinRevenue();
    }

    /* INTERNAL */

    function _requireWithin(uint256 t, uint256 sold) private view {
        uint256 all = 0;
        for (uint256 source = 0; source < 2; ++source) {
            uint256 received = _handler.receivedOf(t, sold, source);
            uint256 sum = 0;
            for (uint256 w = 0; w < 4; ++w) {
                uint256 paid = _handler.paidTo(t, sold, source, w);
                assertLe(paid * _handler.totalOf(source), received * _handler.amountOf(source, w), "a worker's share");
                sum += paid;
            }
            assertEq(sum, _handler.paidBy(t, sold, source), "sum of shares");
            assertLe(sum, received, "paid from a source");
            all += sum;
        }
        (uint256 passportId, uint256 number) = _handler.versionOf(sold);
        assertLe(all, _licenses.pool(passportId, number, address(_handler.tokens(t))), "paid from a pool");
    }

    function _escrowed(HostileToken token) private view returns (uint256 sum) {
        for (uint256 id = 1; id <= _handler.lastLicense(); ++id) {
            SaleStatus status = _licenses.sales(id).status;
            if (status != SaleStatus.Paid && status != SaleStatus.Delivered) continue;
            Offer memory offer = _licenses.offerOf(id).offer;
            if (offer.token == address(token)) sum += offer.price;
        }
    }

    function _balances(HostileToken token) private view returns (uint256 sum) {
        for (uint256 a = 0; a < 5; ++a) sum += _licenses.balances(address(token), _handler.accounts(a));
    }

    function _pooled(HostileToken token) private view returns (uint256 sum) {
        for (uint256 sold = 0; sold < _sold; ++sold) {
            (uint256 passportId, uint256 number) = _handler.versionOf(sold);
            sum += _licenses.pool(passportId, number, address(token));
            for (uint256 source = 0; source < 2; ++source) {
                sum -= _licenses.sourceClaimed(passportId, number, address(token), _handler.batchOf(source));
            }
        }
    }
}
