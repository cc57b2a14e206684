// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Campaigns} from "../../src/Campaigns.sol";
import {Licenses} from "../../src/Licenses.sol";
import {Parameters} from "../../src/Parameters.sol";
import {Passports} from "../../src/Passports.sol";
import {BatchHeader, Claim, Permit, Terms} from "../../src/interfaces/ICampaigns.sol";
import {Offer, Sale} from "../../src/interfaces/ILicenses.sol";
import {Source, SourceProof, VersionInput} from "../../src/interfaces/IPassports.sol";
import {HostileToken, Trick} from "../../src/mocks/HostileToken.sol";
import {Payouts} from "./Payouts.sol";
import {FuzzSelector, TestBase} from "../TestBase.sol";

/// @notice Acts for a seller, buyers and workers. No action may revert: each does what is allowed, or nothing.
/// @dev The handler itself requests the campaigns, owns the passports and sells; `_Operator` runs the campaigns.
contract LicensesHandler is TestBase {
    /// @dev A real point on P-256: its generator.
    bytes private constant KEY =
        hex"046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";

    Licenses public immutable licenses;
    Passports public immutable passports;
    Parameters public immutable parameters;
    HostileToken[2] public tokens;
    address[4] public workers;
    address[2] public treasuries = [address(0x7ea5), address(0x7ea6)];
    address public constant BUYER = address(0xb111);

    BatchHeader[2] private _headers;
    uint256[4][2] private _amounts;
    Offer[] private _offers;
    uint256 public lastLicense;

    constructor() {
        parameters = new Parameters(address(this), treasuries[0], 10);
        Campaigns campaigns = new Campaigns(parameters);
        passports = new Passports(campaigns);
        licenses = new Licenses(passports, parameters);
        for (uint160 i = 0; i < 4; ++i) workers[i] = address(0xa11ce0 + i);
        for (uint160 i = 0; i < 2; ++i) {
            tokens[i] = new HostileToken();
            vm.prank(BUYER);
            tokens[i].approve(address(licenses), type(uint256).max);
        }
        _mintPassports(campaigns, new Operator());
        for (uint256 i = 0; i < 4; ++i) {
            Offer memory offer = Offer({
                passportId: 1 + i / 2,
                token: address(tokens[i % 2]),
                price: 10 ** (3 * i) + i,
                duration: 0,
                deliverWithin: 100,
                rightsHash: 0,
                deliverer: address(0),
                nonce: i
            });
            licenses.createOffer(offer);
            _offers.push(offer);
        }
    }

    /// @dev One passport of two sources, one of a single source whose root promises more than its total.
    function _mintPassports(Campaigns campaigns, Operator operator) private {
        SourceProof[] memory proofs = new SourceProof[](2);
        Source[] memory sources = new Source[](2);
        HostileToken token = tokens[0];
        token.mint(address(this), 2_000);
        token.approve(address(campaigns), 2_000);
        _amounts[0] = [uint256(1), 10, 100, 333];
        _amounts[1] = [uint256(7), 0, 500, 2];
        for (uint256 i = 0; i < 2; ++i) {
            Terms memory terms = Terms({
                requester: address(this),
                operator: address(operator),
                receiptKey: address(0xbeef),
                token: address(token),
                specHash: 0,
                basePay: 1,
                floorPay: 1,
                operatorFeeBps: 0,
                protocolFeeBps: 250,
                contributorsBps: uint16(i == 0 ? 10_000 : 3_333),
                deadline: uint64(block.timestamp + 1),
                grace: 0,
                challengeWindow: 10,
                nonce: i
            });
            bytes32 id = campaigns.open(terms, 1_000, "", Permit(0, 0, 0, 0, 0));
            BatchHeader memory header;
            header.campaignId = id;
            header.payoutsRoot = Payouts.root(id, workers, _amounts[i]);
            header.payoutsTotal = i == 0 ? 444 : 505;
            operator.settle(campaigns, terms, header);
            _headers[i] = header;
            proofs[i] = SourceProof(terms, header);
            sources[i] = Source(id, keccak256(abi.encode(header)), uint16(i == 0 ? 6_001 : 3_999));
        }
        passports.mint(VersionInput(0, 0, 0, 0, ""), sources, proofs);
        sources[0] = sources[1];
        proofs[0] = proofs[1];
        assembly {
            mstore(sources, 1)
            mstore(proofs, 1)
        }
        sources[0].weight = 10_000;
        passports.mint(VersionInput(0, 0, 0, 0, ""), sources, proofs);
    }

    /* ACTIONS */

    function purchase(uint256 seed) external {
        Offer memory offer = _offers[seed % _offers.length];
        HostileToken token = HostileToken(offer.token);
        if (token.tricks(BUYER) != Trick.None) return;
        token.mint(BUYER, offer.price);
        vm.prank(BUYER);
        lastLicense = licenses.purchase(offer, 1, 0, offer.price, KEY, Permit(0, 0, 0, 0, 0));
    }

    function deliver(uint256 seed) external {
        (bool found, uint256 id, Sale memory sale) = _pending(seed);
        if (!found || block.timestamp > sale.deliverBy) return;
        licenses.deliver(id, "key");
    }

    function refund(uint256 seed) external {
        (bool found, uint256 id, Sale memory sale) = _pending(seed);
        if (!found || block.timestamp <= sale.deliverBy) return;
        if (HostileToken(licenses.offers(sale.offerId).offer.token).tricks(BUYER) != Trick.None) return;
        licenses.refundLicense(id);
    }

    function claimShare(uint256 token, uint256 passportId, uint256 source, uint256 worker) external {
        _claimShare(tokens[token % 2], 1 + passportId % 2, source % 2, worker % 4);
    }

    function withdraw(uint256 token, uint256 account) external {
        address[3] memory accounts = [address(this), treasuries[0], treasuries[1]];
        _withdraw(tokens[token % 2], accounts[account % 3]);
    }

    function playTrick(uint256 token, uint256 account, uint256 trick) external {
        address[7] memory accounts =
            [workers[0], workers[1], workers[2], workers[3], BUYER, address(this), treasuries[0]];
        Trick[5] memory all = [Trick.None, Trick.Refuse, Trick.Lie, Trick.TaxSender, Trick.TaxReceiver];
        tokens[token % 2].setTrick(accounts[account % 7], all[trick % 5]);
    }

    function setParameters(uint256 fee, uint256 treasury) external {
        parameters.setProtocolFeeBps(uint16(bound(fee, 0, 500)));
        parameters.setTreasury(treasuries[treasury % 2]);
    }

    function wait(uint256 time) external {
        vm.warp(block.timestamp + bound(time, 1, 60));
    }

    /* EXIT */

    /// @dev Delivers or refunds every sale and pays everyone out.
    function exitAll() external {
        for (uint256 t = 0; t < 2; ++t) {
            for (uint256 w = 0; w < 4; ++w) tokens[t].setTrick(workers[w], Trick.None);
            tokens[t].setTrick(BUYER, Trick.None);
            tokens[t].setTrick(address(this), Trick.None);
            tokens[t].setTrick(treasuries[0], Trick.None);
        }
        for (uint256 id = 1; id <= lastLicense; ++id) {
            Sale memory sale = licenses.sales(id);
            if (sale.offerId == 0 || sale.deliveredAt != 0) continue;
            if (block.timestamp <= sale.deliverBy) licenses.deliver(id, "key");
            else licenses.refundLicense(id);
        }
        for (uint256 t = 0; t < 2; ++t) {
            for (uint256 i = 0; i < 16; ++i) _claimShare(tokens[t], 1 + i / 8, (i / 4) % 2, i % 4);
            _withdraw(tokens[t], address(this));
            _withdraw(tokens[t], treasuries[0]);
            _withdraw(tokens[t], treasuries[1]);
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

    /* INTERNAL */

    function _pending(uint256 seed) private view returns (bool found, uint256 id, Sale memory sale) {
        if (lastLicense == 0) return (false, 0, sale);
        id = 1 + seed % lastLicense;
        sale = licenses.sales(id);
        found = sale.offerId != 0 && sale.deliveredAt == 0;
    }

    function _claimShare(HostileToken token, uint256 passportId, uint256 source, uint256 worker) private {
        if (token.tricks(workers[worker]) != Trick.None) return;
        bytes32 batch = batchOf(source);
        uint256 received = licenses.pool(passportId, batch, address(token));
        uint256 share = received * _amounts[source][worker] / _headers[source].payoutsTotal;
        uint256 paid = licenses.shareClaimed(passportId, batch, address(token), workers[worker]);
        uint256 allPaid = licenses.poolClaimed(passportId, batch, address(token));
        if (share <= paid) return;
        bool tooMuch = allPaid + share - paid > received;
        Claim memory line = Payouts.claim(_headers[source].campaignId, workers, _amounts[source], worker);
        try licenses.claimShare(address(token), passportId, _headers[source], line) {
            require(!tooMuch, "a pool paid more than it received");
        } catch {
            require(tooMuch, "a share was refused");
        }
    }

    function _withdraw(HostileToken token, address account) private {
        if (token.tricks(account) != Trick.None || licenses.balances(address(token), account) == 0) return;
        licenses.withdraw(address(token), account);
    }
}

/// @notice A campaign's operator that accepts everything.
contract Operator is TestBase {
    function isValidSignature(bytes32, bytes calldata) external pure returns (bytes4) {
        return 0x1626ba7e;
    }

    function settle(Campaigns campaigns, Terms calldata terms, BatchHeader calldata header) external {
        campaigns.propose(terms, header);
        vm.warp(block.timestamp + terms.challengeWindow);
        campaigns.finalize(terms, header);
    }
}

/// @notice Sentences about the revenue of datasets that hold after any history of sales.
contract LicensesInvariants is TestBase {
    LicensesHandler private _handler;
    Licenses private _licenses;

    function setUp() public {
        _handler = new LicensesHandler();
        _licenses = _handler.licenses();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function targetSelectors() public view returns (FuzzSelector[] memory selectors) {
        bytes4[] memory actions = new bytes4[](8);
        actions[0] = LicensesHandler.purchase.selector;
        actions[1] = LicensesHandler.deliver.selector;
        actions[2] = LicensesHandler.refund.selector;
        actions[3] = LicensesHandler.claimShare.selector;
        actions[4] = LicensesHandler.withdraw.selector;
        actions[5] = LicensesHandler.playTrick.selector;
        actions[6] = LicensesHandler.setParameters.selector;
        actions[7] = LicensesHandler.wait.selector;
        selectors = new FuzzSelector[](1);
        selectors[0] = FuzzSelector(address(_handler), actions);
    }

    /// @dev Per token, the contract holds the prices in escrow, all balances, and what is left in the pools.
    function invariant_holdsExactlyWhatIsOwed() public view {
        for (uint256 t = 0; t < 2; ++t) {
            HostileToken token = _handler.tokens(t);
            uint256 owed = _escrowed(token) + _licenses.balances(address(token), address(_handler))
                + _licenses.balances(address(token), _handler.treasuries(0))
                + _licenses.balances(address(token), _handler.treasuries(1)) + _pooled(token);
            assertEq(token.balanceOf(address(_licenses)), owed, "held");
        }
    }

    /// @dev Nobody receives more than their part of a pool, and nobody's part is taken by rounding.
    function invariant_sharesAreWithinParts() public view {
        for (uint256 i = 0; i < 8; ++i) {
            (address token, uint256 passportId, uint256 source) = (address(_handler.tokens(i % 2)), 1 + i / 4, (i / 2) % 2);
            bytes32 batch = _handler.batchOf(source);
            uint256 received = _licenses.pool(passportId, batch, token);
            uint256 sum = 0;
            for (uint256 w = 0; w < 4; ++w) {
                uint256 paid = _licenses.shareClaimed(passportId, batch, token, _handler.workers(w));
                assertLe(paid * _handler.totalOf(source), received * _handler.amountOf(source, w), "a worker's share");
                sum += paid;
            }
            assertEq(sum, _licenses.poolClaimed(passportId, batch, token), "sum of shares");
            assertLe(sum, received, "paid from a pool");
        }
    }

    /// @dev From any state everyone can be paid out; of an honest batch only rounding stays, under a unit per worker.
    function invariant_everyStateHasAnExit() public {
        _handler.exitAll();
        for (uint256 t = 0; t < 2; ++t) {
            HostileToken token = _handler.tokens(t);
            uint256 dishonest = _left(token, 1, 1) + _left(token, 2, 1);
            assertLe(_left(token, 1, 0), 3, "dust of an honest pool");
            assertEq(token.balanceOf(address(_licenses)), _left(token, 1, 0) + dishonest, "left");
        }
        invariant_sharesAreWithinParts();
    }

    function _escrowed(HostileToken token) private view returns (uint256 sum) {
        for (uint256 id = 1; id <= _handler.lastLicense(); ++id) {
            Sale memory sale = _licenses.sales(id);
            if (sale.offerId == 0 || sale.deliveredAt != 0) continue;
            Offer memory offer = _licenses.offers(sale.offerId).offer;
            if (offer.token == address(token)) sum += offer.price;
        }
    }

    function _pooled(HostileToken token) private view returns (uint256) {
        return _left(token, 1, 0) + _left(token, 1, 1) + _left(token, 2, 1);
    }

    function _left(HostileToken token, uint256 passportId, uint256 source) private view returns (uint256) {
        bytes32 batch = _handler.batchOf(source);
        return _licenses.pool(passportId, batch, address(token))
            - _licenses.poolClaimed(passportId, batch, address(token));
    }
}
