// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

import {Status} from "../interfaces/IBooks.sol";
import {IFunding, Permit, Terms} from "../interfaces/IFunding.sol";
import {AttemptLib} from "../libraries/AttemptLib.sol";
import {DigestLib} from "../libraries/DigestLib.sol";
import {ErrorsLib} from "../libraries/ErrorsLib.sol";
import {TermsLib} from "../libraries/TermsLib.sol";
import {TransferLib} from "../libraries/TransferLib.sol";
import {Books} from "./Books.sol";

/// @title Funding
/// @notice Opening, topping up and closing campaigns; fees and refunds.
abstract contract Funding is Books, IFunding {
    using SafeCast for uint256;
    using TermsLib for Terms;

    /// @dev Every state has an exit, so no term may put it off for ever.
    uint256 private constant MAX_DURATION = 5 * 365 days;

    uint256 private constant MAX_GRACE = 90 days;

    /* OPENING AND CLOSING */

    /// @inheritdoc IFunding
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

    /// @inheritdoc IFunding
    function topUp(Terms calldata terms, uint256 amount, Permit calldata permit) external nonReentrant {
        (bytes32 id, Book storage book) = _requireActive(terms);

        book.funded = (book.funded + amount).toUint96();

        emit CampaignToppedUp(id, msg.sender, amount);

        TransferLib.pull(terms.token, amount, permit);
    }

    /// @inheritdoc IFunding
    function close(Terms calldata terms) external {
        (bytes32 id, Book storage book) = _bookOf(terms);
        require(book.status == Status.Open, ErrorsLib.WrongStatus(id, book.status));
        require(
            msg.sender == terms.requester || block.timestamp >= terms.deadline,
            ErrorsLib.DeadlineNotPassed(terms.deadline)
        );

        _close(id, book);
    }

    /* FEES AND REFUNDS */

    /// @inheritdoc IFunding
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

    /// @inheritdoc IFunding
    function refund(Terms calldata terms) external nonReentrant {
        (bytes32 id, Book storage book) = _bookOf(terms);
        require(book.status == Status.Closed, ErrorsLib.WrongStatus(id, book.status));
        uint256 amount = _unspent(book, terms) - book.receiptsTotal - book.refunded;
        require(amount != 0, ErrorsLib.NothingToRefund(id));

        book.refunded += uint96(amount);

        emit Refunded(id, amount);

        TransferLib.push(terms.token, terms.requester, amount);
    }

    /// @inheritdoc IFunding
    function attemptTransfer(address token, address to, uint256 amount) external onlySelf {
        TransferLib.push(token, to, amount);
    }

    /* VIEWS */

    /// @inheritdoc IFunding
    function acceptanceDigest(bytes32 id) public view returns (bytes32) {
        return DigestLib.acceptance(id, address(this));
    }

    /// @inheritdoc IFunding
    function feesOn(Terms calldata terms, uint256 payoutsTotal)
        external
        pure
        returns (uint256 operatorFee, uint256 protocolFee)
    {
        return terms.feesDown(payoutsTotal);
    }

    /* INTERNAL */

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

    function _close(bytes32 id, Book storage book) internal {
        book.status = Status.Closing;

        emit CampaignClosing(id, msg.sender);
    }

    function _tryTransfer(bytes32 id, address token, address to, uint256 amount) private returns (bool success) {
        if (amount == 0) return true;
        bytes memory reason;
        (success,, reason) = AttemptLib.attempt(abi.encodeCall(this.attemptTransfer, (token, to, amount)));
        if (!success) emit FeeSkipped(id, to, reason);
    }
}
