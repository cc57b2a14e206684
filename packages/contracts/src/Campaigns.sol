// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

import {
    Account,
    BatchHeader,
    BatchStatus,
    Campaign,
    Chain,
    Claim,
    Claims,
    Contest,
    DisputeStatus,
    ICampaigns,
    Payouts,
    Permit,
    ReceiptStatus,
    Status,
    Terms,
    WorkReceipt
} from "./interfaces/ICampaigns.sol";
import {IDisputable} from "./interfaces/IDisputable.sol";
import {IParameters} from "./interfaces/IParameters.sol";
import {IStaking} from "./interfaces/IStaking.sol";
import {AttemptLib} from "./libraries/AttemptLib.sol";
import {DigestLib} from "./libraries/DigestLib.sol";
import {ErrorsLib} from "./libraries/ErrorsLib.sol";
import {HeaderLib} from "./libraries/HeaderLib.sol";
import {TermsLib} from "./libraries/TermsLib.sol";
import {TransferLib} from "./libraries/TransferLib.sol";

/// @title Campaigns
/// @notice One shared escrow for all campaigns.
contract Campaigns is ICampaigns, ReentrancyGuardTransient {
    using HeaderLib for BatchHeader;
    using SafeCast for uint256;
    using TermsLib for Terms;

    /// @dev Every state has an exit, so no term may put it off for ever.
    uint256 private constant MAX_DURATION = 5 * 365 days;
    uint256 private constant MAX_GRACE = 90 days;

    /// @dev The last place is kept for the closing batch.
    uint256 private constant LAST_INDEX = type(uint16).max - 1;

    /// @dev Bonds are kept in whole TAG.
    uint256 private constant TAG = 1e18;

    /// @dev One slot: all that a claim needs of a campaign.
    struct Purse {
        address token;
        uint96 claimable;
    }

    /// @dev A slot each paragraph. Opening writes two of them, as does settling a batch.
    struct Book {
        Purse purse;
        //
        uint96 funded;
        uint96 payoutsTotal;
        uint32 bond;
        uint16 finalCount;
        Status status;
        bool isBonded;
        //
        uint96 operatorFeePaid;
        uint96 protocolFeePaid;
        //
        address disputedOperator;
        uint32 disputedSince;
        uint32 batchDisputedTime;
        uint32 disputedTime;
        //
        uint96 receiptsDue;
        uint96 receiptsPool;
        uint32 silentAt;
        //
        uint96 receiptsTotal;
        uint96 refunded;
    }

    /// @dev One slot, written by the proposal. Final is what was not cleared and has no time any more.
    struct Batch {
        bytes24 commitment;
        /// @dev 32 bits of seconds last until 2106.
        uint32 proposedAt;
        uint24 contests;
        DisputeStatus dispute;
    }

    /* STORAGE */

    /// @inheritdoc ICampaigns
    IParameters public immutable parameters;

    /// @inheritdoc ICampaigns
    IStaking public immutable staking;

    /// @inheritdoc ICampaigns
    address public immutable disputes;

    mapping(bytes32 id => Book) private _books;

    /// @dev By index. The one after the last final batch is pending, if it is there.
    mapping(bytes32 id => mapping(uint256 index => Batch)) private _batches;

    mapping(bytes32 id => mapping(address account => Account)) private _accounts;

    mapping(bytes32 batch => mapping(address account => Contest)) private _contests;

    /// @dev The contract for disputes is named before it exists: its address follows from the deployer's nonce.
    constructor(IParameters parameters_, IStaking staking_, address disputes_) {
        require(
            address(parameters_) != address(0) && address(staking_) != address(0) && disputes_ != address(0),
            ErrorsLib.ZeroAddress()
        );
        parameters = parameters_;
        staking = staking_;
        disputes = disputes_;
    }

    /* FUNDING */

    /// @inheritdoc ICampaigns
    function open(Terms calldata terms, uint256 amount, bytes calldata acceptance, Permit calldata permit)
        external
        nonReentrant
        returns (bytes32 id)
    {
        id = terms.id(address(this));
        Book storage book = _books[id];
        require(book.status == Status.None, ErrorsLib.CampaignExists(id));
        uint256 bond = _requireValid(terms);
        // No need to verify that the operator is not zero: nobody signs for the zero address.
        require(
            SignatureChecker.isValidSignatureNowCalldata(terms.operator, acceptanceDigest(id), acceptance),
            ErrorsLib.InvalidAcceptance(id, terms.operator)
        );

        book.purse.token = terms.token;
        book.funded = amount.toUint96();
        book.bond = bond.toUint32();
        book.status = Status.Open;
        book.isBonded = true;

        emit CampaignOpened(id, terms.requester, terms.operator, terms, amount);

        staking.lock(terms.operator, bond * TAG);
        TransferLib.pull(terms.token, amount, permit);
    }

    /// @inheritdoc ICampaigns
    function topUp(Terms calldata terms, uint256 amount, Permit calldata permit) external nonReentrant {
        (bytes32 id, Book storage book) = _requireActive(terms);

        book.funded = (book.funded + amount).toUint96();

        emit CampaignToppedUp(id, msg.sender, amount);

        TransferLib.pull(terms.token, amount, permit);
    }

    /// @inheritdoc ICampaigns
    function close(Terms calldata terms) external {
        (bytes32 id, Book storage book) = _bookOf(terms);
        require(book.status == Status.Open, ErrorsLib.WrongStatus(id, book.status));
        require(
            msg.sender == terms.requester || block.timestamp >= terms.deadline,
            ErrorsLib.DeadlineNotPassed(terms.deadline)
        );

        _close(id, book);
    }

    /// @inheritdoc ICampaigns
    function advance(Terms calldata terms, BatchHeader calldata header) external {
        (bytes32 id, Book storage book) = _bookOf(terms);
        bool moved = _isDue(id, book, terms, header);
        if (moved) _finalize(id, book, terms, header, header.hash());
        if (book.status == Status.Open && block.timestamp >= terms.deadline) {
            _close(id, book);
            moved = true;
        }
        if (_isSilent(id, book, terms)) {
            _fallSilent(id, book, terms);
            moved = true;
        }
        if (book.status == Status.Silent && block.timestamp >= _checkUntil(book, terms)) {
            _closeSilent(id, book, terms);
            moved = true;
        }
        require(moved, ErrorsLib.NothingToAdvance(id));
    }

    /* BATCHES */

    /// @inheritdoc ICampaigns
    function propose(Terms calldata terms, BatchHeader calldata header, bytes32 previousRoot) external {
        (bytes32 id, Book storage book) = _requireActive(terms);
        require(msg.sender == terms.operator, ErrorsLib.NotOperator(msg.sender, terms.operator));
        uint256 silentFrom = terms.silentFrom() + book.disputedTime;
        require(block.timestamp < silentFrom, ErrorsLib.SilenceDue(silentFrom));
        _requireNext(id, book, terms, header, previousRoot);
        Batch storage pending = _batches[id][header.index];
        if (pending.proposedAt != 0) revert ErrorsLib.BatchPending(id, pending.commitment);

        bytes32 batch = header.hash();
        _batches[id][header.index] = Batch(
            HeaderLib.commitment(batch, header.payoutsRoot), uint32(block.timestamp), 0, DisputeStatus.None
        );

        emit BatchProposed(id, batch, header, uint64(block.timestamp) + terms.challengeWindow);

        if (!book.isBonded) {
            book.isBonded = true;
            staking.lock(terms.operator, book.bond * TAG);
        }
    }

    /// @inheritdoc ICampaigns
    function withdrawBatch(Terms calldata terms, BatchHeader calldata header) external {
        bytes32 id = terms.id(address(this));
        require(msg.sender == terms.operator, ErrorsLib.NotOperator(msg.sender, terms.operator));
        (bytes32 batch, Batch storage pending) = _requirePending(id, header);
        require(pending.contests == 0, ErrorsLib.ContestsOpen(batch, pending.contests));
        require(pending.dispute != DisputeStatus.Running, ErrorsLib.InDispute(id, batch));

        delete _batches[id][header.index];

        emit BatchVoid(id, batch);
    }

    /// @inheritdoc ICampaigns
    function finalize(Terms calldata terms, BatchHeader calldata header) external {
        (bytes32 id, Book storage book) = _bookOf(terms);
        (bytes32 batch, Batch storage pending) = _requirePending(id, header);
        require(pending.contests == 0, ErrorsLib.ContestsOpen(batch, pending.contests));
        uint256 elapsed = _elapsed(book, pending);
        require(
            elapsed >= terms.challengeWindow,
            ErrorsLib.WindowOpen(block.timestamp + terms.challengeWindow - elapsed)
        );

        _finalize(id, book, terms, header, batch);
    }

    /* CONTESTS */

    /// @inheritdoc ICampaigns
    function contest(
        Terms calldata terms,
        BatchHeader calldata header,
        WorkReceipt calldata receipt,
        bytes calldata signature
    ) external {
        bytes32 id = terms.id(address(this));
        (bytes32 batch, Batch storage pending) = _requireInWindow(id, terms, header);
        require(receipt.campaignId == id, ErrorsLib.WrongCampaign(id, receipt.campaignId));
        // An operator could leave receipts out of a closing batch by cutting it early.
        uint256 latest = header.closing ? pending.proposedAt : header.cutAt;
        require(receipt.issuedAt <= latest, ErrorsLib.ReceiptTooLate(latest, receipt.issuedAt));
        DigestLib.requireSigned(receipt, signature, terms.receiptKey, address(this));

        uint256 amount = header.closing ? Math.min(receipt.owedAtLeast, type(uint96).max) : 0;
        _contest(id, batch, pending, receipt.account, receipt.count, amount);
    }

    /// @inheritdoc ICampaigns
    function contestChain(
        Terms calldata terms,
        BatchHeader calldata header,
        BatchHeader calldata earlier,
        Chain calldata chain
    ) external {
        bytes32 id = terms.id(address(this));
        (bytes32 batch, Batch storage pending) = _requireInWindow(id, terms, header);
        bytes32 earlierBatch = earlier.hash();
        _requireFinal(id, earlier.index, earlierBatch, earlier.payoutsRoot);
        HeaderLib.requireChain(earlier.recordsRoot, earlierBatch, id, chain);

        _contest(id, batch, pending, chain.account, chain.count, 0);
    }

    /// @inheritdoc ICampaigns
    function contestAmount(
        Terms calldata terms,
        BatchHeader calldata header,
        Payouts calldata earlier,
        Claim calldata amount
    ) external {
        bytes32 id = terms.id(address(this));
        (bytes32 batch, Batch storage pending) = _requireInWindow(id, terms, header);
        _requireFinal(id, earlier.index, earlier.batch, earlier.root);
        HeaderLib.requirePayout(earlier.root, earlier.batch, id, amount);

        _contest(id, batch, pending, amount.account, 0, Math.min(amount.amount, type(uint96).max));
    }

    /// @inheritdoc ICampaigns
    function answer(
        Terms calldata terms,
        BatchHeader calldata header,
        Chain calldata chain,
        Claim calldata amount
    ) external {
        (bytes32 id, Book storage book) = _bookOf(terms);
        (bytes32 batch, Batch storage pending) = _requirePending(id, header);
        require(_elapsed(book, pending) < _answerTime(terms), ErrorsLib.AnswerLate(id, batch));
        Contest storage contest_ = _requireContested(batch, pending, chain.account);
        if (contest_.count != 0) {
            require(chain.count >= contest_.count, ErrorsLib.AnswerTooLow(contest_.count, chain.count));
            HeaderLib.requireChain(header.recordsRoot, batch, id, chain);
        }
        if (contest_.amount != 0) {
            require(amount.account == chain.account, ErrorsLib.NotAccount(amount.account, chain.account));
            require(amount.amount >= contest_.amount, ErrorsLib.AnswerTooLow(contest_.amount, amount.amount));
            HeaderLib.requirePayout(header.payoutsRoot, batch, id, amount);
        }

        contest_.isAnswered = true;
        pending.contests -= 1;

        emit ContestAnswered(id, batch, chain.account);
    }

    /// @inheritdoc ICampaigns
    function voidBatch(Terms calldata terms, BatchHeader calldata header, address account) external {
        (bytes32 id, Book storage book) = _bookOf(terms);
        (bytes32 batch, Batch storage pending) = _requirePending(id, header);
        _requireContested(batch, pending, account);
        require(_elapsed(book, pending) >= _answerTime(terms), ErrorsLib.AnswerDue(id, batch));

        delete _batches[id][header.index];

        emit BatchVoid(id, batch);

        _slash(id, book, terms.operator, account == terms.requester ? address(0) : account);
    }

    /* DISPUTES */

    modifier onlyDisputes() {
        require(msg.sender == disputes, ErrorsLib.NotDisputes(msg.sender));
        _;
    }

    /// @inheritdoc IDisputable
    function beginDispute(Terms calldata terms, BatchHeader calldata header)
        external
        onlyDisputes
        returns (bytes32 id, bytes32 batch, uint64 proposedAt)
    {
        id = terms.id(address(this));
        Batch storage pending;
        (batch, pending) = _requireInWindow(id, terms, header);
        require(pending.dispute == DisputeStatus.None, ErrorsLib.AlreadyDisputed(id, batch));
        proposedAt = pending.proposedAt;

        pending.dispute = DisputeStatus.Running;
        Book storage book = _books[id];
        book.disputedOperator = terms.operator;
        book.disputedSince = uint32(block.timestamp);

        emit DisputeBegan(id, batch);
    }

    /// @inheritdoc IDisputable
    function endDispute(bytes32 id, bytes32 batch, bool isVoid, address challenger) external onlyDisputes {
        Book storage book = _books[id];
        Batch storage pending = _batches[id][book.finalCount];
        require(pending.dispute == DisputeStatus.Running, ErrorsLib.NotDisputed(id));
        // Without a verdict the proposal never was, and the operator has the time again.
        bool isUndecided = isVoid && challenger == address(0);
        uint32 stoodStill = uint32(block.timestamp) - (isUndecided ? pending.proposedAt : book.disputedSince);

        pending.dispute = DisputeStatus.Over;
        book.batchDisputedTime = stoodStill;
        book.disputedTime += stoodStill;
        if (isVoid) delete _batches[id][book.finalCount];

        emit DisputeEnded(id, batch, isVoid, stoodStill);

        if (!isVoid) return;
        emit BatchVoid(id, batch);
        if (challenger != address(0)) _slash(id, book, book.disputedOperator, challenger);
    }

    /* PAYMENTS */

    /// @inheritdoc ICampaigns
    function claim(Payouts calldata payouts, Claim calldata claim_) external nonReentrant {
        _claim(payouts, claim_, claim_.account);
    }

    /// @inheritdoc ICampaigns
    function claimTo(Payouts calldata payouts, Claim calldata claim_, address to) external nonReentrant {
        require(msg.sender == claim_.account, ErrorsLib.NotAccount(msg.sender, claim_.account));

        emit ClaimRedirected(payouts.campaignId, claim_.account, to);

        _claim(payouts, claim_, to);
    }

    /// @inheritdoc ICampaigns
    function claimMany(Payouts calldata payouts, Claims calldata claims) external nonReentrant {
        bytes32 id = payouts.campaignId;
        _requireFinal(id, payouts.index, payouts.batch, payouts.root);
        HeaderLib.requirePayouts(payouts.root, payouts.batch, id, claims);
        // What is held is asked once. Should a token change it meanwhile, the payments after that are passed over.
        uint256 held = TransferLib.balanceOf(_books[id].purse.token, address(this));
        address[] calldata payees = claims.accounts;
        uint256[] calldata amounts = claims.amounts;
        for (uint256 i = 0; i < payees.length; ++i) {
            address account = payees[i];
            (bool success, uint256 paid, bytes memory reason) = AttemptLib.attempt(
                abi.encodeCall(this.attemptClaim, (id, account, amounts[i], held))
            );
            if (success) held -= paid;
            else emit ClaimSkipped(id, account, reason);
        }
    }

    /// @inheritdoc ICampaigns
    function collectFees(Terms calldata terms) external nonReentrant {
        (bytes32 id, Book storage book) = _bookOf(terms);
        (uint256 operatorFee, uint256 protocolFee) = terms.feesDown(book.payoutsTotal);
        operatorFee -= book.operatorFeePaid;
        protocolFee -= book.protocolFeePaid;
        require(operatorFee + protocolFee != 0, ErrorsLib.NothingToCollect(id));

        // Both fees count as paid before any token moves. Safe without a check: fees are below the funds.
        book.operatorFeePaid += uint96(operatorFee);
        book.protocolFeePaid += uint96(protocolFee);

        if (!_tryTransfer(id, terms.token, terms.operator, operatorFee)) {
            book.operatorFeePaid -= uint96(operatorFee);
            operatorFee = 0;
        }
        if (!_tryTransfer(id, terms.token, parameters.treasury(), protocolFee)) {
            book.protocolFeePaid -= uint96(protocolFee);
            protocolFee = 0;
        }

        emit FeesPaid(id, operatorFee, protocolFee);
    }

    /// @inheritdoc ICampaigns
    function refund(Terms calldata terms) external nonReentrant {
        (bytes32 id, Book storage book) = _bookOf(terms);
        require(book.status == Status.Closed, ErrorsLib.WrongStatus(id, book.status));
        uint256 amount = _unspent(book, terms) - book.receiptsTotal - book.refunded;
        require(amount != 0, ErrorsLib.NothingToRefund(id));

        book.refunded += uint96(amount);

        emit Refunded(id, amount);

        TransferLib.push(terms.token, terms.requester, amount);
    }

    /* RECEIPTS */

    /// @inheritdoc ICampaigns
    function registerReceipt(
        Terms calldata terms,
        WorkReceipt calldata receipt,
        bytes calldata signature,
        bytes32 evidence
    ) external {
        (bytes32 id, Book storage book) = _bookOf(terms);
        require(book.status == Status.Silent, ErrorsLib.WrongStatus(id, book.status));
        require(receipt.campaignId == id, ErrorsLib.WrongCampaign(id, receipt.campaignId));
        Account storage worker = _accounts[id][receipt.account];
        uint256 until = book.silentAt + terms.registerTime();
        if (worker.receiptStatus == ReceiptStatus.Registered) until += terms.challengeWindow;
        require(block.timestamp < until, ErrorsLib.RegisterOver(until));
        DigestLib.requireSigned(receipt, signature, terms.receiptKey, address(this));
        uint256 claimed_ = worker.claimed;
        uint256 worth = _worthDown(terms, receipt, claimed_);
        uint256 before = Math.max(claimed_, worker.receipt);
        require(worth > before, ErrorsLib.NotWorthMore(receipt.account, before, worth));

        worker.receipt = uint96(worth);
        worker.receiptStatus = ReceiptStatus.Registered;
        book.receiptsDue = (book.receiptsDue + worth - before).toUint96();

        emit ReceiptRegistered(id, receipt.account, worth, receipt.link, receipt.count, evidence);
    }

    /// @inheritdoc ICampaigns
    function claimReceipt(bytes32 id, address account, address to) external nonReentrant {
        require(to == account || msg.sender == account, ErrorsLib.NotAccount(msg.sender, account));
        Book storage book = _books[id];
        require(book.status == Status.Closed, ErrorsLib.WrongStatus(id, book.status));
        Account storage worker = _accounts[id][account];
        uint256 worth = worker.receipt;
        require(
            worker.receiptStatus == ReceiptStatus.Registered && worth > worker.claimed,
            ErrorsLib.NothingToClaim(account, worth)
        );
        uint256 due = worth - worker.claimed;
        uint256 pool = book.receiptsPool;
        // The last one gets what rounding left, so that nothing stays behind.
        uint256 amount = pool * due / book.receiptsDue;

        worker.receipt = uint96(amount);
        worker.receiptStatus = ReceiptStatus.Paid;
        book.receiptsDue -= uint96(due);
        book.receiptsPool = uint96(pool - amount);

        emit ReceiptPaid(id, account, to, amount);

        if (amount != 0) TransferLib.push(book.purse.token, to, amount);
    }

    /* ATTEMPTS */

    /// @dev Not `nonReentrant`: the guard is held by the function that attempts.
    modifier onlySelf() {
        require(msg.sender == address(this), ErrorsLib.OnlySelf(msg.sender));
        _;
    }

    /// @inheritdoc ICampaigns
    function attemptClaim(bytes32 id, address account, uint256 amount, uint256 held)
        external
        onlySelf
        returns (uint256 paid)
    {
        address token;
        (token, paid) = _settle(id, account, amount);
        if (paid != 0) TransferLib.push(token, account, paid, held);
    }

    /// @inheritdoc ICampaigns
    function attemptTransfer(address token, address to, uint256 amount) external onlySelf {
        TransferLib.push(token, to, amount);
    }

    /* VIEWS */

    /// @inheritdoc ICampaigns
    function campaignId(Terms calldata terms) external view returns (bytes32) {
        return terms.id(address(this));
    }

    /// @inheritdoc ICampaigns
    function acceptanceDigest(bytes32 id) public view returns (bytes32) {
        return DigestLib.acceptance(id, address(this));
    }

    /// @inheritdoc ICampaigns
    function receiptDigest(WorkReceipt calldata receipt_) external view returns (bytes32) {
        return DigestLib.receipt(receipt_, address(this));
    }

    /// @inheritdoc ICampaigns
    function campaigns(bytes32 id) external view returns (Campaign memory campaign) {
        Book storage book = _books[id];
        Batch storage pending = _batches[id][book.finalCount];
        campaign.token = book.purse.token;
        campaign.status = book.status;
        campaign.finalCount = book.finalCount;
        campaign.bond = book.bond * TAG;
        campaign.isBonded = book.isBonded;
        campaign.proposedAt = pending.proposedAt;
        campaign.contests = pending.contests;
        campaign.dispute = pending.dispute;
        campaign.pending = pending.commitment;
        if (book.finalCount != 0) campaign.lastFinal = _batches[id][book.finalCount - 1].commitment;
        campaign.funded = book.funded;
        campaign.payoutsTotal = book.payoutsTotal;
        campaign.claimedTotal = book.payoutsTotal - book.purse.claimable;
        campaign.operatorFeePaid = book.operatorFeePaid;
        campaign.protocolFeePaid = book.protocolFeePaid;
        campaign.refunded = book.refunded;
        campaign.disputedTime = book.disputedTime;
        campaign.silentAt = book.silentAt;
        campaign.receiptsDue = book.receiptsDue;
        campaign.receiptsPool = book.receiptsPool;
        campaign.receiptsTotal = book.receiptsTotal;
    }

    /// @inheritdoc ICampaigns
    function accounts(bytes32 id, address account) external view returns (Account memory) {
        return _accounts[id][account];
    }

    /// @inheritdoc ICampaigns
    function claimed(bytes32 id, address account) external view returns (uint256) {
        return _accounts[id][account].claimed;
    }

    /// @inheritdoc ICampaigns
    function contests(bytes32 batch, address account) external view returns (Contest memory) {
        return _contests[batch][account];
    }

    /// @inheritdoc ICampaigns
    function statusOf(BatchHeader calldata header) public view returns (BatchStatus) {
        Batch storage batch = _batches[header.campaignId][header.index];
        if (batch.commitment != commitmentOf(header)) return BatchStatus.None;
        return batch.proposedAt == 0 ? BatchStatus.Final : BatchStatus.Pending;
    }

    /// @inheritdoc ICampaigns
    function isFinal(bytes32 id, BatchHeader calldata header) external view returns (bool) {
        return header.campaignId == id && statusOf(header) == BatchStatus.Final;
    }

    /// @inheritdoc ICampaigns
    function feesOn(Terms calldata terms, uint256 payoutsTotal)
        external
        pure
        returns (uint256 operatorFee, uint256 protocolFee)
    {
        return terms.feesDown(payoutsTotal);
    }

    /// @inheritdoc ICampaigns
    function headerHash(BatchHeader calldata header) external pure returns (bytes32) {
        return header.hash();
    }

    /// @inheritdoc ICampaigns
    function commitmentOf(BatchHeader calldata header) public pure returns (bytes24) {
        return HeaderLib.commitment(header.hash(), header.payoutsRoot);
    }

    /* INTERNAL: CHECKS */

    /// @dev Checks everything about new terms that does not need the campaign's state.
    /// @return bond What the operator locks, in whole TAG.
    function _requireValid(Terms calldata terms) private view returns (uint256 bond) {
        require(msg.sender == terms.requester, ErrorsLib.NotRequester(msg.sender, terms.requester));
        require(terms.requester != terms.operator, ErrorsLib.RequesterIsOperator(terms.operator));
        require(terms.receiptKey != address(0), ErrorsLib.ZeroAddress());
        require(terms.token.code.length != 0, ErrorsLib.NotAToken(terms.token));
        require(terms.floorPay <= terms.basePay, ErrorsLib.FloorAboveBase(terms.floorPay, terms.basePay));
        require(
            terms.contributorsBps <= TermsLib.BPS,
            ErrorsLib.ContributorsShareTooHigh(TermsLib.BPS, terms.contributorsBps)
        );
        require(terms.deadline > block.timestamp, ErrorsLib.DeadlinePassed(terms.deadline));
        uint256 latest = block.timestamp + MAX_DURATION;
        require(terms.deadline <= latest, ErrorsLib.DeadlineTooFar(latest, terms.deadline));
        require(terms.grace <= MAX_GRACE, ErrorsLib.GraceTooLong(MAX_GRACE, terms.grace));

        (uint256 protocolFeeBps, uint256 maxOperatorFeeBps, uint256 min, uint256 max, uint256 operatorBond) =
            parameters.forCampaigns();
        require(
            terms.protocolFeeBps == protocolFeeBps, ErrorsLib.WrongProtocolFee(protocolFeeBps, terms.protocolFeeBps)
        );
        require(
            terms.operatorFeeBps <= maxOperatorFeeBps,
            ErrorsLib.OperatorFeeTooHigh(maxOperatorFeeBps, terms.operatorFeeBps)
        );
        require(
            terms.challengeWindow >= min && terms.challengeWindow <= max,
            ErrorsLib.WindowOutOfBounds(terms.challengeWindow, min, max)
        );
        return operatorBond / TAG;
    }

    /// @dev Checks that a header continues the campaign's last final batch and that the funds cover it.
    function _requireNext(
        bytes32 id,
        Book storage book,
        Terms calldata terms,
        BatchHeader calldata header,
        bytes32 previousRoot
    ) private view {
        require(header.campaignId == id, ErrorsLib.WrongCampaign(id, header.campaignId));
        uint256 index = book.finalCount;
        require(header.index == index, ErrorsLib.WrongIndex(index, header.index));
        require(header.closing || index < LAST_INDEX, ErrorsLib.TooManyBatches(id));
        bytes24 last = index == 0 ? bytes24(0) : _batches[id][index - 1].commitment;
        bytes24 given = header.previous == 0 ? bytes24(0) : HeaderLib.commitment(header.previous, previousRoot);
        require(given == last, ErrorsLib.WrongPrevious(last, given));
        if (header.closing && book.status != Status.Closing) revert ErrorsLib.WrongStatus(id, book.status);
        uint256 total = header.payoutsTotal;
        uint256 funded = book.funded;
        uint256 payoutsTotal = book.payoutsTotal;
        require(total >= payoutsTotal, ErrorsLib.PayoutsFall(payoutsTotal, total));
        require(total <= funded, ErrorsLib.InsufficientFunds(funded, total));
        (uint256 operatorFee, uint256 protocolFee) = terms.feesDown(total);
        require(total + operatorFee + protocolFee <= funded, ErrorsLib.InsufficientFunds(funded, total));
    }

    function _bookOf(Terms calldata terms) private view returns (bytes32 id, Book storage book) {
        id = terms.id(address(this));
        book = _books[id];
    }

    function _requireActive(Terms calldata terms) private view returns (bytes32 id, Book storage book) {
        (id, book) = _bookOf(terms);
        Status status = book.status;
        require(status == Status.Open || status == Status.Closing, ErrorsLib.WrongStatus(id, status));
    }

    /// @dev No need to look at the campaign's status: only active ones have a pending batch.
    function _requirePending(bytes32 id, BatchHeader calldata header)
        private
        view
        returns (bytes32 batch, Batch storage pending)
    {
        require(header.campaignId == id, ErrorsLib.WrongCampaign(id, header.campaignId));
        batch = header.hash();
        pending = _batches[id][header.index];
        require(
            pending.commitment == HeaderLib.commitment(batch, header.payoutsRoot) && pending.proposedAt != 0,
            ErrorsLib.NotPending(id, batch)
        );
    }

    function _requireInWindow(bytes32 id, Terms calldata terms, BatchHeader calldata header)
        private
        view
        returns (bytes32 batch, Batch storage pending)
    {
        (batch, pending) = _requirePending(id, header);
        require(_elapsed(_books[id], pending) < terms.challengeWindow, ErrorsLib.WindowPassed(id, batch));
    }

    function _requireFinal(bytes32 id, uint256 index, bytes32 batch, bytes32 payoutsRoot) private view {
        Batch storage stored = _batches[id][index];
        require(
            stored.commitment == HeaderLib.commitment(batch, payoutsRoot) && stored.proposedAt == 0,
            ErrorsLib.NotFinal(id, batch)
        );
    }

    function _requireContested(bytes32 batch, Batch storage pending, address account)
        private
        view
        returns (Contest storage contest_)
    {
        contest_ = _contests[batch][account];
        require(
            contest_.proposedAt == pending.proposedAt && !contest_.isAnswered,
            ErrorsLib.NotContested(batch, account)
        );
    }

    /* INTERNAL: CLOCKS */

    /// @dev How long a batch has been pending, leaving out a dispute.
    function _elapsed(Book storage book, Batch storage pending) private view returns (uint256) {
        DisputeStatus dispute = pending.dispute;
        if (dispute == DisputeStatus.Running) return book.disputedSince - pending.proposedAt;
        uint256 elapsed = block.timestamp - pending.proposedAt;
        return dispute == DisputeStatus.None ? elapsed : elapsed - book.batchDisputedTime;
    }

    /// @dev Whoever contests at the end of the window leaves a whole window for the answer.
    function _answerTime(Terms calldata terms) private pure returns (uint256) {
        return 2 * uint256(terms.challengeWindow);
    }

    function _checkUntil(Book storage book, Terms calldata terms) private view returns (uint256) {
        return book.silentAt + terms.registerTime() + terms.challengeWindow;
    }

    /// @dev Whether the pending batch may become final.
    function _isDue(bytes32 id, Book storage book, Terms calldata terms, BatchHeader calldata header)
        private
        view
        returns (bool)
    {
        Batch storage pending = _batches[id][header.index];
        return header.campaignId == id && pending.proposedAt != 0 && pending.contests == 0
            && pending.commitment == commitmentOf(header) && _elapsed(book, pending) >= terms.challengeWindow;
    }

    function _isSilent(bytes32 id, Book storage book, Terms calldata terms) private view returns (bool) {
        return (book.status == Status.Open || book.status == Status.Closing)
            && block.timestamp >= terms.silentFrom() + book.disputedTime
            && _batches[id][book.finalCount].proposedAt == 0;
    }

    /* INTERNAL: MOVES */

    function _close(bytes32 id, Book storage book) private {
        book.status = Status.Closing;

        emit CampaignClosing(id, msg.sender);
    }

    function _finalize(
        bytes32 id,
        Book storage book,
        Terms calldata terms,
        BatchHeader calldata header,
        bytes32 batch
    ) private {
        // Safe without a check: the total is covered by the funds, which have 96 bits.
        uint96 total = uint96(header.payoutsTotal);

        _batches[id][header.index].proposedAt = 0;
        book.purse.claimable += total - book.payoutsTotal;
        book.payoutsTotal = total;
        book.finalCount += 1;
        if (header.closing) book.status = Status.Closed;

        emit BatchFinal(id, batch, total, header.closing);

        if (header.closing && book.isBonded) {
            book.isBonded = false;
            staking.unlock(terms.operator, book.bond * TAG);
        }
    }

    function _fallSilent(bytes32 id, Book storage book, Terms calldata terms) private {
        book.status = Status.Silent;
        book.silentAt = uint32(block.timestamp);

        uint256 registerUntil = block.timestamp + terms.registerTime();
        emit CampaignSilent(id, uint64(registerUntil), uint64(registerUntil + terms.challengeWindow));

        _slash(id, book, terms.operator, address(0));
    }

    function _closeSilent(bytes32 id, Book storage book, Terms calldata terms) private {
        uint96 due = book.receiptsDue;
        uint96 pool = uint96(Math.min(due, _unspent(book, terms)));

        book.status = Status.Closed;
        book.receiptsPool = pool;
        book.receiptsTotal = pool;

        emit CampaignClosed(id, due, pool);
    }

    function _contest(
        bytes32 id,
        bytes32 batch,
        Batch storage pending,
        address account,
        uint256 count,
        uint256 amount
    ) private {
        Contest storage known = _contests[batch][account];
        uint32 proposedAt = pending.proposedAt;
        bool isOpen = false;
        if (known.proposedAt == proposedAt) {
            uint256 knownCount = known.count;
            uint256 knownAmount = known.amount;
            require(count > knownCount || amount > knownAmount, ErrorsLib.AlreadyContested(batch, account));
            count = Math.max(count, knownCount);
            amount = Math.max(amount, knownAmount);
            isOpen = !known.isAnswered;
        }
        known.amount = uint96(amount);
        known.count = uint64(count);
        known.proposedAt = proposedAt;
        known.isAnswered = false;
        if (!isOpen) pending.contests += 1;

        emit BatchContested(id, batch, account, count, amount);
    }

    /// @dev Nothing to lose is no reason to stop: what led here must happen anyway.
    function _slash(bytes32 id, Book storage book, address operator, address beneficiary) private {
        if (!book.isBonded) return;
        uint256 bond = book.bond * TAG;

        book.isBonded = false;

        emit BondSlashed(id, operator, bond, beneficiary);

        staking.slash(operator, bond, bond, beneficiary, bond / 2);
    }

    /* INTERNAL: MONEY */

    /// @dev What payouts and their fees leave of the funds.
    function _unspent(Book storage book, Terms calldata terms) private view returns (uint256) {
        (uint256 operatorFee, uint256 protocolFee) = terms.feesDown(book.payoutsTotal);
        return book.funded - book.payoutsTotal - operatorFee - protocolFee;
    }

    /// @dev Cumulative. No more than what was claimed and the floor pay of every record: a receipt promises no more.
    function _worthDown(Terms calldata terms, WorkReceipt calldata receipt, uint256 claimed_)
        private
        pure
        returns (uint256)
    {
        uint256 most = Math.saturatingAdd(claimed_, Math.saturatingMul(terms.floorPay, receipt.count));
        return Math.min(Math.min(receipt.owedAtLeast, most), type(uint96).max);
    }

    function _claim(Payouts calldata payouts, Claim calldata claim_, address to) private {
        bytes32 id = payouts.campaignId;
        _requireFinal(id, payouts.index, payouts.batch, payouts.root);
        HeaderLib.requirePayout(payouts.root, payouts.batch, id, claim_);
        (address token, uint256 due) = _settle(id, claim_.account, claim_.amount);
        if (due != 0) TransferLib.push(token, to, due);
    }

    /// @dev Writes down that an account is paid what a final batch owes it beyond what it was already paid.
    /// @return token What to pay in.
    /// @return due How much.
    function _settle(bytes32 id, address account, uint256 amount) private returns (address token, uint256 due) {
        Account storage worker = _accounts[id][account];
        Account memory known = worker;
        require(amount > known.claimed, ErrorsLib.NothingToClaim(account, amount));
        due = amount - known.claimed;
        Purse memory purse = _books[id].purse;
        // A root that promises more than its total is the operator's fault; it must not reach other campaigns' funds.
        require(due <= purse.claimable, ErrorsLib.ClaimsExceedTotal(purse.claimable, due));

        // Safe without a check: what is claimable has 96 bits, and amounts are at most what was.
        worker.claimed = uint96(amount);
        _books[id].purse.claimable = uint96(purse.claimable - due);
        if (known.receiptStatus != ReceiptStatus.None) due -= _offset(id, _books[id], worker, account, due);

        emit Claimed(id, account, due);

        token = purse.token;
    }

    /// @dev What an account claims is not owed for its receipt any more. What was paid for it already is not paid again.
    /// @return kept The part of the claim that the account already has.
    function _offset(bytes32 id, Book storage book, Account storage worker, address account, uint256 due)
        private
        returns (uint256 kept)
    {
        uint256 receipt = worker.receipt;
        if (worker.receiptStatus == ReceiptStatus.Paid) {
            kept = Math.min(receipt, due);
            worker.receipt = uint96(receipt - kept);
            book.receiptsTotal -= uint96(kept);
            emit ReceiptOffset(id, account, kept);
            return kept;
        }
        uint256 before = worker.claimed - due;
        if (receipt <= before) return 0;
        uint256 less = Math.min(receipt - before, due);
        uint256 freed = book.receiptsPool * less / book.receiptsDue;
        book.receiptsDue -= uint96(less);
        book.receiptsPool -= uint96(freed);
        book.receiptsTotal -= uint96(freed);
        emit ReceiptReduced(id, account, less, freed);
    }

    function _tryTransfer(bytes32 id, address token, address to, uint256 amount) private returns (bool success) {
        if (amount == 0) return true;
        bytes memory reason;
        (success,, reason) = AttemptLib.attempt(abi.encodeCall(this.attemptTransfer, (token, to, amount)));
        if (!success) emit FeeSkipped(id, to, reason);
    }
}
