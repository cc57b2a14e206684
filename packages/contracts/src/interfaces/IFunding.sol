// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

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

/// @notice An ERC-2612 permit given along with a payment. `deadline == 0` means none is given.
struct Permit {
    uint256 value;
    uint256 deadline;
    uint8 v;
    bytes32 r;
    bytes32 s;
}

/// @title IFunding
/// @notice How a campaign opens, what goes into it, and what goes back or to those who run it.
interface IFunding {
    /* EVENTS */

    /// @notice Emitted when a campaign is opened.
    event CampaignOpened(
        bytes32 indexed id, address indexed requester, address indexed operator, Terms terms, uint256 amount
    );

    /// @notice Emitted when `from` adds funds to a campaign.
    event CampaignToppedUp(bytes32 indexed id, address indexed from, uint256 amount);

    /// @notice Emitted when `by` ends a campaign's intake of new work.
    event CampaignClosing(bytes32 indexed id, address by);

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

    /// @notice Pays the operator and the treasury their fees on the last final payouts total. Anyone may.
    /// @dev A receiver that cannot be paid is passed over; its fee stays due and blocks nothing else.
    function collectFees(Terms calldata terms) external;

    /// @notice Pays the requester what a closed campaign has left over: funds less payouts, fees and receipts.
    /// @dev Anyone may. What is still to be claimed or collected stays in the escrow.
    function refund(Terms calldata terms) external;

    /// @notice One payment of `collectFees`.
    /// @dev Only callable by the contract itself: the call is what makes an attempt undoable.
    function attemptTransfer(address token, address to, uint256 amount) external;

    /* VIEWS */

    /// @notice The fees due once `payoutsTotal` is final. Each is rounded down.
    function feesOn(Terms calldata terms, uint256 payoutsTotal)
        external
        pure
        returns (uint256 operatorFee, uint256 protocolFee);

    /// @notice What the operator signs to accept a campaign.
    function acceptanceDigest(bytes32 id) external view returns (bytes32);
}
