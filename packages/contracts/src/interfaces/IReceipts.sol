// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Terms} from "./IFunding.sol";

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

/// @title IReceipts
/// @notice How workers are paid by what they hold themselves when the operator of a campaign falls silent.
interface IReceipts {
    /* EVENTS */

    /// @notice Emitted when the operator has let the time for its closing batch pass.
    /// @param registerUntil Until then receipts may be registered.
    /// @param checkUntil Until then registered receipts are checked.
    event CampaignSilent(bytes32 indexed id, uint64 registerUntil, uint64 checkUntil);

    /// @notice Emitted when a silent campaign is closed. `receiptsTotal` is set aside for receipts worth `receiptsDue`.
    event CampaignClosed(bytes32 indexed id, uint256 receiptsDue, uint256 receiptsTotal);

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

    /// @notice What the receipt key signs.
    function receiptDigest(WorkReceipt calldata receipt) external view returns (bytes32);

    /// @notice What the contract remembers of a worker in a campaign.
    function accounts(bytes32 id, address account) external view returns (Account memory);
}
