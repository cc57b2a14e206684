// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Status} from "../interfaces/IBooks.sol";
import {SaleStatus} from "../interfaces/ILicenses.sol";

/// @title ErrorsLib
/// @notice Every error of this codebase, each with the values that explain it.
library ErrorsLib {
    /* EVERYWHERE */

    /// @notice Thrown when an address must not be zero.
    error ZeroAddress();

    /// @notice Thrown when a function meant for the contract itself is called from outside.
    error OnlySelf(address caller);

    /// @notice Thrown when there is too little gas left to attempt a payment whatever its payee does.
    error NotEnoughGas(uint256 available, uint256 needed);

    /// @notice Thrown when an amount must not be zero.
    error ZeroAmount();

    /// @notice Thrown when a token's address holds no contract.
    error NotAToken(address token);

    /// @notice Thrown when a transfer leaves `account` with another balance than it must.
    error InexactTransfer(address token, address account, uint256 expected, uint256 balance);

    /// @notice Thrown when a test contract is deployed on another chain than the local one.
    error LocalChainOnly(uint256 chainId);

    /* PARAMETERS */

    /// @notice Thrown when a parameter is set outside its bounds.
    error OutOfBounds(bytes32 name, uint256 value, uint256 min, uint256 max);

    /// @notice Thrown when the owner of the parameters wants to leave them without one.
    error OwnerNeeded();

    /* CAMPAIGNS: TERMS */

    /// @notice Thrown when someone else than the requester opens or, before the deadline, closes a campaign.
    error NotRequester(address caller, address requester);

    /// @notice Thrown when requester and operator are the same account.
    error RequesterIsOperator(address account);

    /// @notice Thrown when the terms name another protocol fee than the current one.
    error WrongProtocolFee(uint256 expected, uint256 given);

    /// @notice Thrown when the operator's fee is above the cap.
    error OperatorFeeTooHigh(uint256 max, uint256 given);

    /// @notice Thrown when contributors are promised more than all of the revenue.
    error ContributorsShareTooHigh(uint256 max, uint256 given);

    /// @notice Thrown when the floor pay is above the base pay.
    error FloorAboveBase(uint256 floorPay, uint256 basePay);

    /// @notice Thrown when the challenge window is outside the network's bounds.
    error WindowOutOfBounds(uint256 window, uint256 min, uint256 max);

    /// @notice Thrown when a campaign would open after its deadline.
    error DeadlinePassed(uint256 deadline);

    /// @notice Thrown when a campaign would run for too long.
    error DeadlineTooFar(uint256 max, uint256 given);

    /// @notice Thrown when the operator would have too long to close a campaign.
    error GraceTooLong(uint256 max, uint256 given);

    /// @notice Thrown when the acceptance is not the operator's signature over these terms.
    error InvalidAcceptance(bytes32 id, address operator);

    /// @notice Thrown when a campaign with these terms exists already.
    error CampaignExists(bytes32 id);

    /* CAMPAIGNS: BATCHES */

    /// @notice Thrown when a campaign is not in a state that allows the call. `None` means it was never opened.
    error WrongStatus(bytes32 id, Status status);

    /// @notice Thrown when someone else than the requester closes a campaign before its deadline.
    error DeadlineNotPassed(uint256 deadline);

    /// @notice Thrown when someone else than the operator proposes or withdraws a batch.
    error NotOperator(address caller, address operator);

    /// @notice Thrown when a header belongs to another campaign.
    error WrongCampaign(bytes32 expected, bytes32 given);

    /// @notice Thrown when a batch is proposed while another one is pending.
    error BatchPending(bytes32 id, bytes24 commitment);

    /// @notice Thrown when a header does not continue the last final batch.
    error WrongPrevious(bytes24 expected, bytes24 given);

    /// @notice Thrown when a header does not count the final batches before it.
    error WrongIndex(uint256 expected, uint256 given);

    /// @notice Thrown when a batch would lower the payouts total.
    error PayoutsFall(uint256 last, uint256 given);

    /// @notice Thrown when the campaign's funds do not cover a batch with its fees.
    error InsufficientFunds(uint256 funded, uint256 payoutsTotal);

    /// @notice Thrown when a batch is not the pending one.
    error NotPending(bytes32 id, bytes32 batch);

    /// @notice Thrown when a batch is finalized before its challenge window has passed.
    error WindowOpen(uint256 finalAt);

    /// @notice Thrown when no more batches but the closing one fit into a campaign.
    error TooManyBatches(bytes32 id);

    /// @notice Thrown when it is too late for a batch: the operator has let deadline and grace pass.
    error SilenceDue(uint256 since);

    /// @notice Thrown when a campaign's clocks stand where they should.
    error NothingToAdvance(bytes32 id);

    /* CAMPAIGNS: CONTESTS AND DISPUTES */

    /// @notice Thrown when a pending batch's window has passed.
    error WindowPassed(bytes32 id, bytes32 batch);

    /// @notice Thrown when a receipt was issued too late to be in a batch.
    error ReceiptTooLate(uint256 latest, uint256 issuedAt);

    /// @notice Thrown when a receipt is not signed by the campaign's receipt key.
    error InvalidReceipt(address account, address receiptKey, address signer);

    /// @notice Thrown when a contest shows no more of an account than contests of the batch have shown already.
    error AlreadyContested(bytes32 batch, address account);

    /// @notice Thrown when a pending batch is not contested for this account, or that was answered.
    error NotContested(bytes32 batch, address account);

    /// @notice Thrown when an answer shows less than the contest.
    error AnswerTooLow(uint256 needed, uint256 given);

    /// @notice Thrown when an answer comes too late.
    error AnswerLate(bytes32 id, bytes32 batch);

    /// @notice Thrown when there is still time to answer.
    error AnswerDue(bytes32 id, bytes32 batch);

    /// @notice Thrown when contests of a batch wait for answers.
    error ContestsOpen(bytes32 batch, uint256 count);

    /// @notice Thrown when the batch's records root does not name this account with this count.
    error NotInRecords(bytes32 batch, address account, uint256 count);

    /// @notice Thrown when someone else than the contract for disputes touches the clock.
    error NotDisputes(address caller);

    /// @notice Thrown when a proposed batch is or was disputed.
    error AlreadyDisputed(bytes32 id, bytes32 batch);

    /// @notice Thrown when a campaign is not in dispute.
    error NotDisputed(bytes32 id);

    /// @notice Thrown when a batch in dispute is taken back.
    error InDispute(bytes32 id, bytes32 batch);

    /* CAMPAIGNS: PAYMENTS */

    /// @notice Thrown when a batch is not a final one of the campaign.
    error NotFinal(bytes32 id, bytes32 batch);

    /// @notice Thrown when someone redirects another account's pay.
    error NotAccount(address caller, address account);

    /// @notice Thrown when the batch's payouts root does not name this account with this amount.
    error NotInPayouts(bytes32 batch, address account, uint256 amount);

    /// @notice Thrown when the account has already received what it claims.
    error NothingToClaim(address account, uint256 amount);

    /// @notice Thrown when claims would exceed what there is to claim.
    error ClaimsExceedTotal(uint256 total, uint256 claimed);

    /// @notice Thrown when two lists that belong together differ in length.
    error LengthMismatch(uint256 expected, uint256 given);

    /// @notice Thrown when the lines do not lead to the batch's payouts root.
    error WrongMultiproof(bytes32 batch);

    /// @notice Thrown when no more receipts are registered.
    error RegisterOver(uint256 until);

    /// @notice Thrown when the account's receipt is worth no more than what it has.
    error NotWorthMore(address account, uint256 worth, uint256 given);

    /// @notice Thrown when all fees are paid.
    error NothingToCollect(bytes32 id);

    /// @notice Thrown when a closed campaign has nothing left for its requester.
    error NothingToRefund(bytes32 id);

    /* PASSPORTS */

    /// @notice Thrown when a version names more sources than allowed.
    error TooManySources(uint256 max, uint256 given);

    /// @notice Thrown when a version names the same batch twice.
    error SourceTwice(bytes32 batch);

    /// @notice Thrown when there is not exactly one proof per source that needs one.
    error ProofCountMismatch(uint256 sources, uint256 proofs);

    /// @notice Thrown when a header does not hash to the batch it is shown for.
    error WrongBatch(bytes32 expected, bytes32 given);

    /// @notice Thrown when a source's campaign is not the caller's.
    error NotSourceRequester(bytes32 campaignId, address caller);

    /// @notice Thrown when a source promises contributors another share than its campaign's terms do.
    error WrongContributorsShare(uint256 expected, uint256 given);

    /// @notice Thrown when the weights of the sources do not add up.
    error WrongWeights(uint256 expected, uint256 given);

    /// @notice Thrown when the caller does not own the passport.
    error NotPassportOwner(uint256 passportId, address caller);

    /// @notice Thrown when a passport has no such version.
    error UnknownVersion(uint256 passportId, uint256 number);

    /// @notice Thrown when a version is taken for a passport's newest, which is `newest`.
    error NotNewestVersion(uint256 passportId, bytes32 newest);

    /// @notice Thrown when what is shown is not the version that was sold.
    error WrongVersion(bytes32 expected, bytes32 given);

    /* LICENSES: OFFERS */

    /// @notice Thrown when the time to deliver is zero or too long.
    error DeliveryTimeOutOfBounds(uint256 given, uint256 max);

    /// @notice Thrown when the same offer was created before.
    error OfferExists(bytes32 offerId);

    /// @notice Thrown when an offer was never created, has been withdrawn, or its seller owns the passport no more.
    error OfferUnavailable(bytes32 offerId);

    /// @notice Thrown when someone else than the seller withdraws an offer.
    error NotSeller(address caller, address seller);

    /* LICENSES: SALES */

    /// @notice Thrown when a sale does not stand where the call needs it. `None` means never sold, or refunded.
    error WrongSaleStatus(uint256 licenseId, SaleStatus status);

    /// @notice Thrown when the price is above what the buyer agreed to.
    error PriceAboveMax(uint256 price, uint256 maxPrice);

    /// @notice Thrown when a key is not an uncompressed point on P-256.
    error InvalidPublicKey();

    /// @notice Thrown when nothing is sold because an exclusive license runs, or awaits its key.
    error ExclusivelyLicensed(uint256 passportId, uint256 licenseId);

    /// @notice Thrown when an exclusive license is not sold because others run, or await their keys.
    error OthersRun(uint256 passportId, uint256 waiting, uint256 runsUntil);

    /// @notice Thrown when someone who may not deliver tries to.
    error NotDeliverer(uint256 licenseId, address caller);

    /// @notice Thrown when a sealed key has another length than they all have.
    error InvalidSealedKey(uint256 length);

    /// @notice Thrown when it is too late to deliver.
    error DeliveryLate(uint256 deliverBy);

    /// @notice Thrown when there is still time to deliver.
    error DeliveryDue(uint256 deliverBy);

    /// @notice Thrown when someone else than the buyer releases the price while there is time to look.
    error InspectionRuns(uint256 until);

    /// @notice Thrown when it is too late to dispute a delivery.
    error InspectionOver(uint256 until);

    /// @notice Thrown when this sealed key was not delivered to the public half of this secret, which is `buyerKey`.
    error NotDeliveredTo(uint256 licenseId, bytes32 buyerKey);

    /// @notice Thrown when a disputed key is the one the passport names.
    error KeyMatches(uint256 licenseId);

    /* LICENSES: RUNNING */

    /// @notice Thrown when a license cannot move before its price is released.
    error NotReleased(uint256 licenseId);

    /// @notice Thrown when a license was sold as one that does not change hands.
    error NotTransferable(uint256 licenseId);

    /// @notice Thrown when someone else than a license's owner acts for it.
    error NotLicensee(address caller, address owner);

    /// @notice Thrown when a license cannot be renewed: not running, without an end, no longer on sale, or not for
    /// this long.
    error NotRenewable(uint256 licenseId);

    /// @notice Thrown when a license has ended already.
    error LicenseOver(uint256 licenseId, uint256 expiredAt);

    /// @notice Thrown when all seats of a license are taken.
    error NoSeatLeft(uint256 licenseId, uint256 seats);

    /// @notice Thrown when an account has a seat already.
    error SeatTakenAlready(uint256 licenseId, address account);

    /// @notice Thrown when an account has no seat.
    error NoSuchSeat(uint256 licenseId, address account);

    /// @notice Thrown when ether comes along where only tokens are taken.
    error NoEther(uint256 value);

    /* LICENSES: REVENUE */

    /// @notice Thrown when an account has no balance in this token.
    error NothingToWithdraw(address token, address account);

    /* STAKING */

    /// @notice Thrown when an account has less stake available than a call needs.
    error InsufficientStake(address account, uint256 available, uint256 needed);

    /// @notice Thrown when more is released than the locker has locked.
    error InsufficientLock(address account, address locker, uint256 locked, uint256 given);

    /// @notice Thrown when stake is withdrawn before it has cooled.
    error StillCooling(uint256 until);

    /// @notice Thrown when a validator would have less stake than it needs.
    error ValidatorStakeTooSmall(uint256 min, uint256 given);

    /// @notice Thrown when someone else than the two contracts that may lock stake tries to.
    error NotLocker(address caller);

    /* DISPUTES */

    /// @notice Thrown when the same proposal was challenged before.
    error DisputeExists(bytes32 id);

    /// @notice Thrown when a dispute takes no votes and no count: there is none, or it is resolved.
    error NotOpen(bytes32 id);

    /// @notice Thrown when voters are settled before the votes are counted.
    error NotResolved(bytes32 id);

    /// @notice Thrown when an operator challenges its own batch, or a party to a dispute votes in it.
    error IsParty(bytes32 id, address account);

    /// @notice Thrown when an account was no validator when the batch was proposed.
    error NoWeight(bytes32 id, address account);

    /// @notice Thrown when a validator votes twice.
    error AlreadyVoted(bytes32 id, address voter);

    /// @notice Thrown when it is too late to commit a vote.
    error CommitOver(uint256 commitEnds);

    /// @notice Thrown when votes are still being committed, so that none may be revealed.
    error CommitNotOver(uint256 commitEnds);

    /// @notice Thrown when it is too late to reveal a vote.
    error RevealOver(uint256 revealEnds);

    /// @notice Thrown when votes are still being revealed, so that they cannot be counted.
    error RevealNotOver(uint256 revealEnds);

    /// @notice Thrown when an account has no vote of this round left to reveal.
    error NothingToReveal(bytes32 id, address voter);

    /// @notice Thrown when what is revealed is not what was committed.
    error WrongReveal(bytes32 expected, bytes32 given);

    /// @notice Thrown when an account has not voted in a dispute.
    error NoVote(bytes32 id, address voter);

    /// @notice Thrown when a voter is settled already and no more is due to it.
    error NothingToSettle(bytes32 id, address voter);
}
