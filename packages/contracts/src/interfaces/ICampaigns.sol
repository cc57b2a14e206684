// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IParameters} from "./IParameters.sol";

/// @notice Where a campaign stands. It only ever moves to the right.
enum Status {
    None,
    Open,
    Closing,
    Closed
}

/// @notice What the contract holds a campaign to. Passed as calldata; the campaign's id is its hash.
struct Terms {
    /// @dev Funds the campaign and receives what is left of it.
    address requester;
    /// @dev Runs the campaign and proposes its batches.
    address operator;
    /// @dev Signs the receipts workers hold against the operator. Never changed.
    address receiptKey;
    /// @dev The ERC-20 everything is paid in.
    address token;
    /// @dev The hash of the campaign's rules.
    bytes32 specHash;
    /// @dev The pay of a record before difficulty and quality.
    uint256 basePay;
    /// @dev The least a receipted record earns.
    uint256 floorPay;
    /// @dev The operator's fee on what is paid.
    uint16 operatorFeeBps;
    /// @dev The protocol's fee on what is paid, copied from the parameters when the campaign opens.
    uint16 protocolFeeBps;
    /// @dev The workers' part of what licenses of the resulting dataset earn.
    uint16 contributorsBps;
    /// @dev From here on anyone may close the campaign.
    uint64 deadline;
    /// @dev How long after the deadline the operator may take for the closing batch.
    uint64 grace;
    /// @dev How long a proposed batch stays pending.
    uint64 challengeWindow;
    /// @dev Tells apart campaigns that are equal otherwise.
    uint256 nonce;
}

/// @notice What a batch commits to. Passed as calldata; on chain a batch is the hash of its header.
struct BatchHeader {
    bytes32 campaignId;
    /// @dev The previous *final* batch, zero for the first.
    bytes32 previous;
    /// @dev How many batches were final before this one.
    uint64 index;
    /// @dev Records received up to here are in.
    uint64 cutAt;
    /// @dev The digest of the evidence bundle's root block.
    bytes32 bundle;
    /// @dev The root over (campaignId, account, count, link).
    bytes32 recordsRoot;
    /// @dev The root over (campaignId, item, resultHash, confidence).
    bytes32 resultsRoot;
    /// @dev The root over (campaignId, account, cumulative amount).
    bytes32 payoutsRoot;
    /// @dev The sum of all amounts under `payoutsRoot`. Never falls from batch to batch.
    uint256 payoutsTotal;
    /// @dev The hash of the settlement state after this batch.
    bytes32 state;
    /// @dev Whether this is the campaign's last batch.
    bool closing;
}

/// @notice An ERC-2612 permit given along with a payment. `deadline == 0` means none is given.
struct Permit {
    uint256 value;
    uint256 deadline;
    uint8 v;
    bytes32 r;
    bytes32 s;
}

/// @notice A payee's line in a payouts root: the cumulative amount and the proof that it is there.
struct Claim {
    address account;
    uint256 amount;
    bytes32[] proof;
}

/// @notice What the contract remembers of a campaign.
/// @dev Warning: amounts are in the smallest unit of `token` and only add up within one campaign.
struct Campaign {
    address token;
    Status status;
    uint64 finalCount;
    address operator;
    /// @dev When the pending batch was proposed, zero if none is pending.
    uint64 pendingSince;
    bytes32 pending;
    bytes32 lastFinal;
    /// @dev Everything that was ever paid in.
    uint128 funded;
    uint128 pendingPayoutsTotal;
    /// @dev The payouts total of the last final batch.
    uint128 payoutsTotal;
    /// @dev What workers have claimed of it.
    uint128 claimedTotal;
    uint128 operatorFeePaid;
    uint128 protocolFeePaid;
    uint128 refunded;
}

/// @title ICampaigns
/// @notice One shared escrow for all campaigns: requesters pay in, workers are paid by batch, the rest goes back.
/// @dev What the contract relies on, and what it does not:
/// - Funds of a campaign leave by three doors only: `claim…` to workers named in a final batch, `collectFees` to the
/// operator and the treasury, `refund` to the requester. No role can open another.
/// - At any time `payoutsTotal + fees(payoutsTotal) <= funded` and `claimedTotal <= payoutsTotal`, so a campaign never
/// pays from another one's funds, even when both are in the same token.
/// - Tokens are taken to be hostile. Every transfer must move exactly the amount, on both sides, or it does not count:
/// deposits revert, payments revert or are skipped. A token that shrinks or lies harms only campaigns paid in it.
/// - Warning: that a batch pays the right people the right amounts is proved off chain, by running `verify` over the
/// anchored bundle during the challenge window.
interface ICampaigns {
    /* EVENTS */

    /// @notice Emitted when a campaign is opened.
    event CampaignOpened(
        bytes32 indexed id, address indexed requester, address indexed operator, Terms terms, uint256 amount
    );

    /// @notice Emitted when `from` adds funds to a campaign.
    event CampaignToppedUp(bytes32 indexed id, address indexed from, uint256 amount);

    /// @notice Emitted when `by` ends a campaign's intake of new work.
    event CampaignClosing(bytes32 indexed id, address by);

    /// @notice Emitted when the operator proposes a batch that becomes final at `finalAt` at the earliest.
    event BatchProposed(bytes32 indexed id, bytes32 indexed batch, BatchHeader header, uint64 finalAt);

    /// @notice Emitted when a pending batch is dropped. It leaves no trace but this event.
    event BatchVoid(bytes32 indexed id, bytes32 indexed batch);

    /// @notice Emitted when a batch becomes final. Its payouts stay claimable for ever.
    event BatchFinal(bytes32 indexed id, bytes32 indexed batch, uint256 payoutsTotal, bool closing);

    /// @notice Emitted when `amount` owed to `account` is paid to `to`.
    event Claimed(bytes32 indexed id, address indexed account, address to, uint256 amount, bytes32 batch);

    /// @notice Emitted when a payee of `claimMany` was passed over. The claim stays open.
    /// @param reason The start of what the failed attempt reverted with.
    event ClaimSkipped(bytes32 indexed id, address indexed account, bytes reason);

    /// @notice Emitted with the fees just paid.
    event FeesPaid(bytes32 indexed id, uint256 operatorFee, uint256 protocolFee);

    /// @notice Emitted when a fee receiver could not be paid. The fee stays due.
    /// @param reason The start of what the failed attempt reverted with.
    event FeeSkipped(bytes32 indexed id, address indexed receiver, bytes reason);

    /// @notice Emitted when the requester receives what the campaign did not spend.
    event Refunded(bytes32 indexed id, uint256 amount);

    /* FUNDING */

    /// @notice Opens a campaign and pays `amount` into it, which may be zero.
    /// @dev Only the requester opens, and only with the operator's acceptance of exactly these terms; the requester
    /// may not be the operator. Fees are copied and capped here and cannot change afterwards.
    /// @dev Warning: `receiptKey` is not asked for a signature; the operator's acceptance stands for it.
    /// @param acceptance The operator's EIP-712 signature over `Acceptance(bytes32 campaignId)` (ERC-1271 for contracts).
    /// @param permit Saves the requester an approval. A permit that fails is ignored if the allowance is there already,
    /// so nobody can block the call by using the permit first.
    /// @return id The campaign's id.
    function open(Terms calldata terms, uint256 amount, bytes calldata acceptance, Permit calldata permit)
        external
        returns (bytes32 id);

    /// @notice Adds the caller's funds to a campaign that is open or closing.
    /// @dev Warning: funds added belong to the campaign. What it does not spend goes to its requester, whoever paid.
    function topUp(bytes32 id, uint256 amount, Permit calldata permit) external;

    /// @notice Ends the intake of new work: by the requester at any time, by anyone from the deadline on.
    function close(Terms calldata terms) external;

    /* BATCHES */

    /// @notice Proposes the campaign's next batch. Only the operator, one at a time.
    /// @dev The batch must continue the last final one, must not lower its payouts total, and the campaign's funds
    /// must cover it with all fees. A closing batch is refused until the campaign is closing.
    function propose(Terms calldata terms, BatchHeader calldata header) external;

    /// @notice Takes back the operator's own pending batch.
    function withdrawBatch(bytes32 id) external;

    /// @notice Makes the pending batch final once its challenge window has passed. Anyone may.
    /// @dev A final closing batch closes the campaign.
    function finalize(Terms calldata terms, BatchHeader calldata header) external;

    /* PAYMENTS */

    /// @notice Pays an account what a final batch owes it, less what it already received. Anyone may, for anyone.
    /// @dev The header may be that of any final batch of the campaign; amounts are cumulative, so using an old one
    /// pays less, never twice.
    function claim(Terms calldata terms, BatchHeader calldata header, Claim calldata claim_) external;

    /// @notice Like `claim`, paid to `to`. Only the account itself.
    function claimTo(Terms calldata terms, BatchHeader calldata header, Claim calldata claim_, address to) external;

    /// @notice Like `claim` for many accounts. Whoever cannot be paid is passed over and may be claimed for again.
    /// @dev Every attempt gets a bounded amount of gas and its effects are undone if it fails, so neither a payee nor
    /// a token can take the others down with it. The call reverts when there is not enough gas for a full attempt, so
    /// nobody is passed over for want of gas: leave half a million more than the payments use.
    function claimMany(Terms calldata terms, BatchHeader calldata header, Claim[] calldata claims) external;

    /// @notice Pays the operator and the treasury their fees on the last final payouts total. Anyone may.
    /// @dev A receiver that cannot be paid is passed over; its fee stays due and blocks nothing else.
    function collectFees(Terms calldata terms) external;

    /// @notice Pays the requester what a closed campaign has left over: funds less payouts less fees. Anyone may.
    /// @dev What is still to be claimed or collected stays in the escrow.
    function refund(Terms calldata terms) external;

    /// @notice One attempt of `claimMany`.
    /// @dev Only callable by the contract itself: the call is what makes an attempt undoable.
    function attemptClaim(bytes32 id, address token, bytes32 batch, bytes32 payoutsRoot, Claim calldata claim_)
        external;

    /// @notice One payment of `collectFees`.
    /// @dev Only callable by the contract itself: the call is what makes an attempt undoable.
    function attemptTransfer(address token, address to, uint256 amount) external;

    /* VIEWS */

    /// @notice The parameters new campaigns are checked against.
    function parameters() external view returns (IParameters);

    /// @notice The id of a campaign with these terms, whether it was opened or not.
    function campaignId(Terms calldata terms) external view returns (bytes32);

    /// @notice What the operator signs to accept a campaign.
    function acceptanceDigest(bytes32 id) external view returns (bytes32);

    /// @notice What the contract remembers of a campaign. All zero if it was never opened.
    function campaigns(bytes32 id) external view returns (Campaign memory);

    /// @notice The cumulative amount an account has been paid.
    function claimed(bytes32 id, address account) external view returns (uint256);

    /// @notice Whether `batch` is a final batch of this campaign.
    function isFinal(bytes32 id, bytes32 batch) external view returns (bool);

    /// @notice The fees due once `payoutsTotal` is final. Each is rounded down.
    function feesOn(Terms calldata terms, uint256 payoutsTotal)
        external
        pure
        returns (uint256 operatorFee, uint256 protocolFee);

    /// @notice The hash a batch is known by.
    function headerHash(BatchHeader calldata header) external pure returns (bytes32);
}
