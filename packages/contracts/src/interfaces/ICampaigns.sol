// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IDisputable} from "./IDisputable.sol";
import {IParameters} from "./IParameters.sol";
import {IStaking} from "./IStaking.sol";

/// @notice Where a campaign stands. It only ever moves to the right.
enum Status {
    None,
    Open,
    Closing,
    /// @dev The operator did not close in time: receipts are registered, then checked, then the campaign is closed.
    Silent,
    Closed
}

/// @notice Where a batch stands. A void one leaves nothing behind.
enum BatchStatus {
    None,
    Pending,
    Final
}

/// @notice Whether the pending batch is or was disputed.
enum DisputeStatus {
    None,
    Running,
    Over
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

/// @notice Names the payouts of a batch: all that a claim needs of its header.
struct Payouts {
    bytes32 campaignId;
    /// @dev The header's `index`.
    uint64 index;
    /// @dev The header's hash.
    bytes32 batch;
    /// @dev The header's `payoutsRoot`.
    bytes32 root;
}

/// @notice Lines of a payouts root, in the order of an OpenZeppelin multiproof, with one proof for all of them.
struct Claims {
    address[] accounts;
    uint256[] amounts;
    bytes32[] proof;
    bool[] proofFlags;
}

/// @notice A worker's line in a records root: how far its chain reaches, and the proof that it is there.
struct Chain {
    address account;
    uint64 count;
    bytes32 link;
    bytes32[] proof;
}

/// @notice The operator's word that it holds a chain up to `link`, with the least pay owed for it.
/// @dev Signed by the terms' `receiptKey` (EIP-712, domain "Tagger" 1 of this contract).
struct WorkReceipt {
    bytes32 campaignId;
    address account;
    bytes32 link;
    uint64 count;
    /// @dev Cumulative, with what final batches paid. Never falls.
    uint256 owedAtLeast;
    uint64 issuedAt;
}

/// @notice What the contract remembers of a campaign.
/// @dev Warning: amounts are in the smallest unit of `token` and only add up within one campaign.
struct Campaign {
    address token;
    Status status;
    uint64 finalCount;
    /// @dev The stake the operator locked for this campaign, in TAG.
    uint256 bond;
    /// @dev Whether it is locked now: not after a slash, until the operator proposes again, nor once closed.
    bool isBonded;
    /// @dev When the pending batch was proposed, zero if none is pending.
    uint64 proposedAt;
    /// @dev How many contests of the pending batch wait for an answer.
    uint256 contests;
    DisputeStatus dispute;
    /// @dev Commitments of the pending and of the last final batch, as `commitmentOf` gives them. Zero if there is none.
    bytes24 pending;
    bytes24 lastFinal;
    /// @dev Everything that was ever paid in.
    uint256 funded;
    /// @dev The payouts total of the last final batch.
    uint256 payoutsTotal;
    /// @dev What workers have claimed of it.
    uint256 claimedTotal;
    uint256 operatorFeePaid;
    uint256 protocolFeePaid;
    uint256 refunded;
    /// @dev For how long disputes have stopped the clock so far, not counting a running one. Puts off silence.
    uint256 disputedTime;
    /// @dev When the campaign fell silent, zero if it did not.
    uint64 silentAt;
    /// @dev What registered receipts are owed above what their accounts claimed, and were not paid yet.
    uint256 receiptsDue;
    /// @dev What is set aside for them. Zero until the campaign is closed.
    uint256 receiptsPool;
    /// @dev What was or will be paid for receipts in all.
    uint256 receiptsTotal;
}

/// @notice What the contract remembers of a worker in a campaign.
struct Account {
    /// @dev The cumulative amount of final batches the account was paid for.
    uint96 claimed;
    /// @dev What its registered receipt is worth, cumulative like `claimed`; once paid, what was paid for it.
    uint96 receipt;
    ReceiptStatus receiptStatus;
}

enum ReceiptStatus {
    None,
    Registered,
    Paid
}

/// @notice A contest of a batch: what the batch must hold of an account.
struct Contest {
    /// @dev A line of the payouts root not lower than this, unless zero.
    uint96 amount;
    /// @dev A line of the records root not lower than this, unless zero.
    uint64 count;
    /// @dev When the contested batch was proposed: the same batch proposed again is contested anew.
    uint32 proposedAt;
    bool isAnswered;
}

/// @title ICampaigns
/// @notice One shared escrow for all campaigns: requesters pay in, workers are paid by batch, the rest goes back.
/// @dev What the contract relies on, and what it does not:
/// - Funds of a campaign leave by four doors only: `claim…` to workers named in a final batch, `claimReceipt` to workers
/// with a registered receipt, `collectFees` to the operator and the treasury, `refund` to the requester. No role can
/// open another.
/// - At any time `payoutsTotal + fees(payoutsTotal) + receiptsTotal + refunded <= funded`, and claims stay within
/// `payoutsTotal`, so a campaign never pays from another one's funds, even when both are in the same token.
/// - No account can stop a campaign: from every state but `Closed`, `advance` leads on once its time has come, whoever
/// stays away. Contests extend a batch's wait by one more challenge window at most, a dispute by its rounds.
/// - Tokens are taken to be hostile. Every transfer must move exactly the amount, on both sides, or it does not count:
/// deposits revert, payments revert or are skipped. A token that shrinks or lies harms only campaigns paid in it.
/// - Terms and headers travel as calldata. A batch is remembered by 192 bits that commit to its header; amounts have
/// 96 bits, bonds whole TAG.
/// - Warning: that a batch pays the right people the right amounts is proved off chain, by running `verify` over the
/// anchored bundle during the challenge window.
interface ICampaigns is IDisputable {
    /* EVENTS */

    /// @notice Emitted when a campaign is opened.
    event CampaignOpened(
        bytes32 indexed id, address indexed requester, address indexed operator, Terms terms, uint256 amount
    );

    /// @notice Emitted when `from` adds funds to a campaign.
    event CampaignToppedUp(bytes32 indexed id, address indexed from, uint256 amount);

    /// @notice Emitted when `by` ends a campaign's intake of new work.
    event CampaignClosing(bytes32 indexed id, address by);

    /// @notice Emitted when the operator has let the time for its closing batch pass.
    /// @param registerUntil Until then receipts may be registered.
    /// @param checkUntil Until then registered receipts are checked.
    event CampaignSilent(bytes32 indexed id, uint64 registerUntil, uint64 checkUntil);

    /// @notice Emitted when a silent campaign is closed. `receiptsTotal` is set aside for receipts worth `receiptsDue`.
    event CampaignClosed(bytes32 indexed id, uint256 receiptsDue, uint256 receiptsTotal);

    /// @notice Emitted when the operator loses the stake it locked for a campaign.
    event BondSlashed(bytes32 indexed id, address indexed operator, uint256 amount, address beneficiary);

    /// @notice Emitted when the operator proposes a batch that becomes final at `finalAt` at the earliest.
    event BatchProposed(bytes32 indexed id, bytes32 indexed batch, BatchHeader header, uint64 finalAt);

    /// @notice Emitted when a pending batch is dropped. It leaves no trace but this event.
    event BatchVoid(bytes32 indexed id, bytes32 indexed batch);

    /// @notice Emitted when a batch becomes final. Its payouts stay claimable for ever.
    event BatchFinal(bytes32 indexed id, bytes32 indexed batch, uint256 payoutsTotal, bool closing);

    /// @notice Emitted when a pending batch is contested: it must hold at least this much of the account, all contests of
    /// the account taken together.
    event BatchContested(
        bytes32 indexed id, bytes32 indexed batch, address indexed account, uint256 count, uint256 amount
    );

    /// @notice Emitted when a contest is answered.
    event ContestAnswered(bytes32 indexed id, bytes32 indexed batch, address indexed account);

    /// @notice Emitted when a pending batch is disputed and the campaign's clock stops.
    event DisputeBegan(bytes32 indexed id, bytes32 indexed batch);

    /// @notice Emitted when the clock goes on, `stoodStill` seconds later. If the batch is void without a verdict, these
    /// are counted from its proposal.
    event DisputeEnded(bytes32 indexed id, bytes32 indexed batch, bool isVoid, uint256 stoodStill);

    /// @notice Emitted when `amount` owed to `account` by a final batch is paid.
    event Claimed(bytes32 indexed id, address indexed account, uint256 amount);

    /// @notice Emitted when an account has its pay sent to another place.
    event ClaimRedirected(bytes32 indexed id, address indexed account, address to);

    /// @notice Emitted when a payee of `claimMany` was passed over. The claim stays open.
    /// @param reason The start of what the failed attempt reverted with.
    event ClaimSkipped(bytes32 indexed id, address indexed account, bytes reason);

    /// @notice Emitted when a receipt is registered that is worth `worth` in all.
    /// @param evidence Where the chain the receipt is for is published: the digest of its root block.
    event ReceiptRegistered(
        bytes32 indexed id, address indexed account, uint256 worth, bytes32 link, uint64 count, bytes32 evidence
    );

    /// @notice Emitted when `amount` is paid to `to` for the receipt of `account`.
    event ReceiptPaid(bytes32 indexed id, address indexed account, address to, uint256 amount);

    /// @notice Emitted when a claim pays `less` of what was due for the account's receipt, which frees `freed` of what
    /// was set aside for receipts.
    event ReceiptReduced(bytes32 indexed id, address indexed account, uint256 less, uint256 freed);

    /// @notice Emitted when `amount` that was paid for a receipt counts as claimed instead: a final batch owes it too.
    event ReceiptOffset(bytes32 indexed id, address indexed account, uint256 amount);

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
    /// may not be the operator. Fees are copied and capped here and cannot change afterwards. The acceptance locks the
    /// operator's bond in `Staking`, in whole TAG, until the campaign is closed.
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
    function topUp(Terms calldata terms, uint256 amount, Permit calldata permit) external;

    /// @notice Ends the intake of new work: by the requester at any time, by anyone from the deadline on.
    function close(Terms calldata terms) external;

    /// @notice Moves every clock of a campaign that is due. Anyone may.
    /// @dev In this order: a pending batch whose window has passed becomes final; an open campaign at its deadline is
    /// closing; one whose operator let deadline and grace pass, and has no batch pending, falls silent and costs the
    /// operator its bond; a silent one whose receipts are checked is closed. Reverts when nothing is due.
    /// @param header That of the pending batch; of no matter when none is pending.
    function advance(Terms calldata terms, BatchHeader calldata header) external;

    /* BATCHES */

    /// @notice Proposes the campaign's next batch. Only the operator, one at a time.
    /// @dev The batch must continue the last final one, must not lower its payouts total, and the campaign's funds
    /// must cover it with all fees. A closing batch is refused until the campaign is closing, every batch once
    /// deadline and grace have passed. An operator that was slashed locks its bond again.
    /// @param previousRoot The payouts root of the last final batch; of no matter when there is none.
    function propose(Terms calldata terms, BatchHeader calldata header, bytes32 previousRoot) external;

    /// @notice Takes back the operator's own pending batch.
    /// @dev Not while it is contested or disputed: an operator that is caught does not get away.
    function withdrawBatch(Terms calldata terms, BatchHeader calldata header) external;

    /// @notice Makes the pending batch final once its challenge window has passed and all contests are answered.
    /// @dev Anyone may. A final closing batch closes the campaign and releases the operator's bond.
    function finalize(Terms calldata terms, BatchHeader calldata header) external;

    /* CONTESTS */

    /// @notice Contests a pending batch that leaves out what a receipt says. Anyone may, within the window.
    /// @dev The receipt must have been issued by the batch's `cutAt`; for a closing batch by its proposal, as no later
    /// batch will hold it. The batch must then hold a chain not shorter, and if it is closing, an amount not lower.
    /// What contests show of an account adds up, and each must show more than those before: so nobody, least of all the
    /// operator, forestalls one by showing little. A contest costs nothing but gas, and never more time than one more
    /// window.
    function contest(
        Terms calldata terms,
        BatchHeader calldata header,
        WorkReceipt calldata receipt,
        bytes calldata signature
    ) external;

    /// @notice Contests a pending batch by the chain that an earlier final batch holds of an account.
    function contestChain(
        Terms calldata terms,
        BatchHeader calldata header,
        BatchHeader calldata earlier,
        Chain calldata chain
    ) external;

    /// @notice Contests a pending batch by the amount that an earlier final batch holds of an account.
    function contestAmount(
        Terms calldata terms,
        BatchHeader calldata header,
        Payouts calldata earlier,
        Claim calldata amount
    ) external;

    /// @notice Answers the contest of `chain.account` with lines of the pending batch. Anyone may, in time.
    /// @param chain Not shorter than what the contest shows. Only its account counts if that was an amount.
    /// @param amount Not lower than what the contest shows, if it asks for an amount; of no matter otherwise.
    function answer(
        Terms calldata terms,
        BatchHeader calldata header,
        Chain calldata chain,
        Claim calldata amount
    ) external;

    /// @notice Drops a pending batch because a contest of it was not answered in time. Anyone may.
    /// @dev Costs the operator its bond. Half of that is for the contest's account, unless it is the requester.
    function voidBatch(Terms calldata terms, BatchHeader calldata header, address account) external;

    /* PAYMENTS */

    /// @notice Pays an account what a final batch owes it, less what it already received. Anyone may, for anyone.
    /// @dev The payouts may be those of any final batch of the campaign; amounts are cumulative, so using old ones
    /// pays less, never twice.
    function claim(Payouts calldata payouts, Claim calldata claim_) external;

    /// @notice Like `claim`, paid to `to`. Only the account itself.
    function claimTo(Payouts calldata payouts, Claim calldata claim_, address to) external;

    /// @notice Like `claim` for many accounts. Whoever cannot be paid is passed over and may be claimed for again.
    /// @dev Every attempt gets a bounded amount of gas and its effects are undone if it fails, so neither a payee nor
    /// a token can take the others down with it. The call reverts when there is not enough gas for a full attempt, so
    /// nobody is passed over for want of gas: leave half a million more than the payments use.
    function claimMany(Payouts calldata payouts, Claims calldata claims) external;

    /// @notice Pays the operator and the treasury their fees on the last final payouts total. Anyone may.
    /// @dev A receiver that cannot be paid is passed over; its fee stays due and blocks nothing else.
    function collectFees(Terms calldata terms) external;

    /// @notice Pays the requester what a closed campaign has left over: funds less payouts, fees and receipts.
    /// @dev Anyone may. What is still to be claimed or collected stays in the escrow.
    function refund(Terms calldata terms) external;

    /// @notice One attempt of `claimMany`.
    /// @dev Only callable by the contract itself: the call is what makes an attempt undoable.
    /// @param held What the escrow holds of the campaign's token.
    /// @return paid What was paid.
    function attemptClaim(bytes32 id, address account, uint256 amount, uint256 held)
        external
        returns (uint256 paid);

    /// @notice One payment of `collectFees`.
    /// @dev Only callable by the contract itself: the call is what makes an attempt undoable.
    function attemptTransfer(address token, address to, uint256 amount) external;

    /* RECEIPTS */

    /// @notice Registers a receipt in a silent campaign, so that its account is paid. Anyone may, for anyone.
    /// @dev It is worth what it says, but no more than what its account has claimed plus the floor pay of every record
    /// of the chain: claim first, then register. A receipt that is worth more replaces the one before, also while
    /// receipts are checked. Whoever finds that an account is owed less than its receipt says, because a final batch
    /// pays it already, claims for it: what is claimed is no longer due for the receipt.
    /// @dev Warning: `evidence` is announced, not checked. What is checked is the signature of the operator's key.
    function registerReceipt(
        Terms calldata terms,
        WorkReceipt calldata receipt,
        bytes calldata signature,
        bytes32 evidence
    ) external;

    /// @notice Pays an account what its registered receipt is worth above what it claimed. Anyone may, for anyone.
    /// @dev Once the campaign is closed. When funds do not suffice, everyone gets the same part of what is due. No fees.
    /// @param to Where to pay; another place than the account only when the account itself calls.
    function claimReceipt(bytes32 id, address account, address to) external;

    /* VIEWS */

    /// @notice The parameters new campaigns are checked against.
    function parameters() external view returns (IParameters);

    /// @notice Where operators' bonds are locked.
    function staking() external view returns (IStaking);

    /// @notice The contract that may stop the clock.
    function disputes() external view returns (address);

    /// @notice The id of a campaign with these terms, whether it was opened or not.
    function campaignId(Terms calldata terms) external view returns (bytes32);

    /// @notice What the operator signs to accept a campaign.
    function acceptanceDigest(bytes32 id) external view returns (bytes32);

    /// @notice What the receipt key signs.
    function receiptDigest(WorkReceipt calldata receipt) external view returns (bytes32);

    /// @notice What the contract remembers of a campaign. All zero if it was never opened.
    function campaigns(bytes32 id) external view returns (Campaign memory);

    /// @notice What the contract remembers of a worker in a campaign.
    function accounts(bytes32 id, address account) external view returns (Account memory);

    /// @notice The cumulative amount of final batches an account has been paid for.
    function claimed(bytes32 id, address account) external view returns (uint256);

    /// @notice What the contract remembers of a contest, also of one of an earlier proposal of the same batch.
    function contests(bytes32 batch, address account) external view returns (Contest memory);

    /// @notice Where the batch with this header stands.
    function statusOf(BatchHeader calldata header) external view returns (BatchStatus);

    /// @notice Whether the batch with this header is a final one of this campaign.
    function isFinal(bytes32 id, BatchHeader calldata header) external view returns (bool);

    /// @notice The fees due once `payoutsTotal` is final. Each is rounded down.
    function feesOn(Terms calldata terms, uint256 payoutsTotal)
        external
        pure
        returns (uint256 operatorFee, uint256 protocolFee);

    /// @notice The hash a batch is known by.
    function headerHash(BatchHeader calldata header) external pure returns (bytes32);

    /// @notice The one word a proposal stores: the first 192 bits of the hash over the batch's hash and payouts root.
    /// @dev So that a claim proves its root without the rest of the header.
    function commitmentOf(BatchHeader calldata header) external pure returns (bytes24);
}
