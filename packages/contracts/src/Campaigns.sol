// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

import {BatchHeader, Campaign, Claim, ICampaigns, Permit, Status, Terms} from "./interfaces/ICampaigns.sol";
import {IParameters} from "./interfaces/IParameters.sol";
import {AttemptLib} from "./libraries/AttemptLib.sol";
import {ErrorsLib} from "./libraries/ErrorsLib.sol";
import {HeaderLib} from "./libraries/HeaderLib.sol";
import {TermsLib} from "./libraries/TermsLib.sol";
import {TransferLib} from "./libraries/TransferLib.sol";

/// @title Campaigns
/// @notice One shared escrow for all campaigns.
contract Campaigns is ICampaigns, EIP712, ReentrancyGuardTransient {
    using HeaderLib for BatchHeader;
    using SafeCast for uint256;
    using TermsLib for Terms;

    bytes32 private constant ACCEPTANCE_TYPEHASH = keccak256("Acceptance(bytes32 campaignId)");

    /* STORAGE */

    /// @inheritdoc ICampaigns
    IParameters public immutable parameters;

    /// @inheritdoc ICampaigns
    mapping(bytes32 id => mapping(bytes32 batch => bool)) public isFinal;

    /// @inheritdoc ICampaigns
    mapping(bytes32 id => mapping(address account => uint256)) public claimed;

    mapping(bytes32 id => Campaign) private _campaigns;

    constructor(IParameters parameters_) EIP712("Tagger Campaigns", "1") {
        require(address(parameters_) != address(0), ErrorsLib.ZeroAddress());
        parameters = parameters_;
    }

    /* FUNDING */

    /// @inheritdoc ICampaigns
    function open(Terms calldata terms, uint256 amount, bytes calldata acceptance, Permit calldata permit)
        external
        nonReentrant
        returns (bytes32 id)
    {
        id = terms.id(address(this));
        Campaign storage campaign = _campaigns[id];
        require(campaign.status == Status.None, ErrorsLib.CampaignExists(id));
        _requireValid(terms);
        // No need to verify that the operator is not zero: nobody signs for the zero address.
        require(
            SignatureChecker.isValidSignatureNowCalldata(terms.operator, acceptanceDigest(id), acceptance),
            ErrorsLib.InvalidAcceptance(id, terms.operator)
        );

        campaign.status = Status.Open;
        campaign.token = terms.token;
        campaign.operator = terms.operator;
        campaign.funded = amount.toUint128();

        emit CampaignOpened(id, terms.requester, terms.operator, terms, amount);

        TransferLib.pull(terms.token, amount, permit);
    }

    /// @inheritdoc ICampaigns
    function topUp(bytes32 id, uint256 amount, Permit calldata permit) external nonReentrant {
        Campaign storage campaign = _requireActive(id);

        campaign.funded = (campaign.funded + amount).toUint128();

        emit CampaignToppedUp(id, msg.sender, amount);

        TransferLib.pull(campaign.token, amount, permit);
    }

    /// @inheritdoc ICampaigns
    function close(Terms calldata terms) external {
        bytes32 id = terms.id(address(this));
        Campaign storage campaign = _campaigns[id];
        require(campaign.status == Status.Open, ErrorsLib.WrongStatus(id, campaign.status));
        require(
            msg.sender == terms.requester || block.timestamp >= terms.deadline,
            ErrorsLib.DeadlineNotPassed(terms.deadline)
        );

        campaign.status = Status.Closing;

        emit CampaignClosing(id, msg.sender);
    }

    /* BATCHES */

    /// @inheritdoc ICampaigns
    function propose(Terms calldata terms, BatchHeader calldata header) external {
        bytes32 id = terms.id(address(this));
        Campaign storage campaign = _requireActive(id);
        require(msg.sender == terms.operator, ErrorsLib.NotOperator(msg.sender, terms.operator));
        require(campaign.pendingSince == 0, ErrorsLib.BatchPending(id, campaign.pending));
        _requireNext(campaign, id, terms, header);

        bytes32 batch = header.hash();
        campaign.pending = batch;
        campaign.pendingSince = uint64(block.timestamp);
        // Safe without a check: the total is covered by the funds, which have 128 bits.
        campaign.pendingPayoutsTotal = uint128(header.payoutsTotal);

        emit BatchProposed(id, batch, header, uint64(block.timestamp) + terms.challengeWindow);
    }

    /// @inheritdoc ICampaigns
    function withdrawBatch(bytes32 id) external {
        Campaign storage campaign = _requireActive(id);
        require(msg.sender == campaign.operator, ErrorsLib.NotOperator(msg.sender, campaign.operator));
        bytes32 batch = campaign.pending;
        require(campaign.pendingSince != 0, ErrorsLib.NotPending(id, batch));

        _clearPending(campaign);

        emit BatchVoid(id, batch);
    }

    /// @inheritdoc ICampaigns
    function finalize(Terms calldata terms, BatchHeader calldata header) external {
        bytes32 id = terms.id(address(this));
        Campaign storage campaign = _requireActive(id);
        bytes32 batch = header.hash();
        require(campaign.pending == batch, ErrorsLib.NotPending(id, batch));
        uint256 finalAt = campaign.pendingSince + terms.challengeWindow;
        require(block.timestamp >= finalAt, ErrorsLib.WindowOpen(finalAt));

        campaign.payoutsTotal = campaign.pendingPayoutsTotal;
        campaign.lastFinal = batch;
        campaign.finalCount += 1;
        if (header.closing) campaign.status = Status.Closed;
        isFinal[id][batch] = true;
        _clearPending(campaign);

        emit BatchFinal(id, batch, header.payoutsTotal, header.closing);
    }

    /* PAYMENTS */

    /// @inheritdoc ICampaigns
    function claim(Terms calldata terms, BatchHeader calldata header, Claim calldata claim_) external nonReentrant {
        (bytes32 id, bytes32 batch) = _requireFinal(terms, header);
        _pay(id, terms.token, batch, header.payoutsRoot, claim_, claim_.account);
    }

    /// @inheritdoc ICampaigns
    function claimTo(Terms calldata terms, BatchHeader calldata header, Claim calldata claim_, address to)
        external
        nonReentrant
    {
        require(msg.sender == claim_.account, ErrorsLib.NotAccount(msg.sender, claim_.account));
        (bytes32 id, bytes32 batch) = _requireFinal(terms, header);
        _pay(id, terms.token, batch, header.payoutsRoot, claim_, to);
    }

    /// @inheritdoc ICampaigns
    function claimMany(Terms calldata terms, BatchHeader calldata header, Claim[] calldata claims)
        external
        nonReentrant
    {
        (bytes32 id, bytes32 batch) = _requireFinal(terms, header);
        for (uint256 i = 0; i < claims.length; ++i) {
            (bool paid, bytes memory reason) = AttemptLib.attempt(
                abi.encodeCall(this.attemptClaim, (id, terms.token, batch, header.payoutsRoot, claims[i]))
            );
            if (!paid) emit ClaimSkipped(id, claims[i].account, reason);
        }
    }

    /// @inheritdoc ICampaigns
    function collectFees(Terms calldata terms) external nonReentrant {
        bytes32 id = terms.id(address(this));
        Campaign storage campaign = _campaigns[id];
        (uint256 operatorFee, uint256 protocolFee) = terms.feesDown(campaign.payoutsTotal);
        operatorFee -= campaign.operatorFeePaid;
        protocolFee -= campaign.protocolFeePaid;
        require(operatorFee + protocolFee != 0, ErrorsLib.NothingToCollect(id));

        // Both fees count as paid before any token moves. Safe without a check: fees are below the funds.
        campaign.operatorFeePaid += uint128(operatorFee);
        campaign.protocolFeePaid += uint128(protocolFee);

        if (!_tryTransfer(id, terms.token, terms.operator, operatorFee)) {
            campaign.operatorFeePaid -= uint128(operatorFee);
            operatorFee = 0;
        }
        if (!_tryTransfer(id, terms.token, parameters.treasury(), protocolFee)) {
            campaign.protocolFeePaid -= uint128(protocolFee);
            protocolFee = 0;
        }

        emit FeesPaid(id, operatorFee, protocolFee);
    }

    /// @inheritdoc ICampaigns
    function refund(Terms calldata terms) external nonReentrant {
        bytes32 id = terms.id(address(this));
        Campaign storage campaign = _campaigns[id];
        require(campaign.status == Status.Closed, ErrorsLib.WrongStatus(id, campaign.status));
        (uint256 operatorFee, uint256 protocolFee) = terms.feesDown(campaign.payoutsTotal);
        uint256 amount = campaign.funded - campaign.payoutsTotal - operatorFee - protocolFee - campaign.refunded;
        require(amount != 0, ErrorsLib.NothingToRefund(id));

        campaign.refunded += uint128(amount);

        emit Refunded(id, amount);

        TransferLib.push(terms.token, terms.requester, amount);
    }

    /* ATTEMPTS */

    /// @dev Not `nonReentrant`: the guard is held by the function that attempts.
    modifier onlySelf() {
        require(msg.sender == address(this), ErrorsLib.OnlySelf(msg.sender));
        _;
    }

    /// @inheritdoc ICampaigns
    function attemptClaim(bytes32 id, address token, bytes32 batch, bytes32 payoutsRoot, Claim calldata claim_)
        external
        onlySelf
    {
        _pay(id, token, batch, payoutsRoot, claim_, claim_.account);
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
        return _hashTypedDataV4(keccak256(abi.encode(ACCEPTANCE_TYPEHASH, id)));
    }

    /// @inheritdoc ICampaigns
    function campaigns(bytes32 id) external view returns (Campaign memory) {
        return _campaigns[id];
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

    /* INTERNAL */

    /// @dev Checks everything about new terms that does not need the campaign's state.
    function _requireValid(Terms calldata terms) private view {
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

        uint256 protocolFeeBps = parameters.protocolFeeBps();
        require(
            terms.protocolFeeBps == protocolFeeBps, ErrorsLib.WrongProtocolFee(protocolFeeBps, terms.protocolFeeBps)
        );
        uint256 maxOperatorFeeBps = parameters.maxOperatorFeeBps();
        require(
            terms.operatorFeeBps <= maxOperatorFeeBps,
            ErrorsLib.OperatorFeeTooHigh(maxOperatorFeeBps, terms.operatorFeeBps)
        );
        uint256 min = parameters.minChallengeWindow();
        uint256 max = parameters.maxChallengeWindow();
        require(
            terms.challengeWindow >= min && terms.challengeWindow <= max,
            ErrorsLib.WindowOutOfBounds(terms.challengeWindow, min, max)
        );
    }

    /// @dev Checks that a header continues the campaign's last final batch and that the funds cover it.
    function _requireNext(Campaign storage campaign, bytes32 id, Terms calldata terms, BatchHeader calldata header)
        private
        view
    {
        require(header.campaignId == id, ErrorsLib.WrongCampaign(id, header.campaignId));
        require(header.previous == campaign.lastFinal, ErrorsLib.WrongPrevious(campaign.lastFinal, header.previous));
        require(header.index == campaign.finalCount, ErrorsLib.WrongIndex(campaign.finalCount, header.index));
        require(
            !header.closing || campaign.status == Status.Closing, ErrorsLib.WrongStatus(id, campaign.status)
        );
        uint256 total = header.payoutsTotal;
        uint256 funded = campaign.funded;
        require(total >= campaign.payoutsTotal, ErrorsLib.PayoutsFall(campaign.payoutsTotal, total));
        require(total <= funded, ErrorsLib.InsufficientFunds(funded, total));
        (uint256 operatorFee, uint256 protocolFee) = terms.feesDown(total);
        require(total + operatorFee + protocolFee <= funded, ErrorsLib.InsufficientFunds(funded, total));
    }

    function _requireActive(bytes32 id) private view returns (Campaign storage campaign) {
        campaign = _campaigns[id];
        require(
            campaign.status == Status.Open || campaign.status == Status.Closing,
            ErrorsLib.WrongStatus(id, campaign.status)
        );
    }

    /// @dev No need to compare the header's campaign with the terms': only headers that name the campaign were proposed.
    function _requireFinal(Terms calldata terms, BatchHeader calldata header)
        private
        view
        returns (bytes32 id, bytes32 batch)
    {
        id = terms.id(address(this));
        batch = header.hash();
        require(isFinal[id][batch], ErrorsLib.NotFinal(id, batch));
    }

    function _clearPending(Campaign storage campaign) private {
        campaign.pending = 0;
        campaign.pendingSince = 0;
        campaign.pendingPayoutsTotal = 0;
    }

    /// @dev Pays `to` what `claim_` says the account is owed beyond what it was already paid.
    function _pay(
        bytes32 id,
        address token,
        bytes32 batch,
        bytes32 payoutsRoot,
        Claim calldata claim_,
        address to
    ) private {
        HeaderLib.requirePayout(payoutsRoot, batch, id, claim_);
        address account = claim_.account;
        uint256 paid = claimed[id][account];
        require(claim_.amount > paid, ErrorsLib.NothingToClaim(account, claim_.amount));
        uint256 due = claim_.amount - paid;
        Campaign storage campaign = _campaigns[id];
        // A root that promises more than its total is the operator's fault; it must not reach other campaigns' funds.
        uint256 total = campaign.claimedTotal + due;
        require(total <= campaign.payoutsTotal, ErrorsLib.ClaimsExceedTotal(campaign.payoutsTotal, total));

        claimed[id][account] = claim_.amount;
        campaign.claimedTotal = uint128(total);

        emit Claimed(id, account, to, due, batch);

        TransferLib.push(token, to, due);
    }

    function _tryTransfer(bytes32 id, address token, address to, uint256 amount) private returns (bool success) {
        if (amount == 0) return true;
        bytes memory reason;
        (success, reason) = AttemptLib.attempt(abi.encodeCall(this.attemptTransfer, (token, to, amount)));
        if (!success) emit FeeSkipped(id, to, reason);
    }
}
