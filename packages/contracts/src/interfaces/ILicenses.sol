// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";

import {BatchHeader} from "./IBatches.sol";
import {Permit} from "./IFunding.sol";
import {Claim} from "./IPayments.sol";
import {IERC5643} from "./IERC5643.sol";
import {IParameters} from "./IParameters.sol";
import {IPassports, Version} from "./IPassports.sol";
import {ISeals} from "./ISeals.sol";

/// @notice What a passport's owner offers. Its id is its hash, so it cannot change.
struct Offer {
    uint256 passportId;
    /// @dev The ERC-20 the price is paid in.
    address token;
    /// @dev How long a license lasts from its delivery, zero for ever. Also by how much one renewal prolongs it.
    uint64 duration;
    /// @dev How many accounts may use a license besides its owner.
    uint32 seats;
    uint256 price;
    /// @dev Who may deliver besides the seller, zero for nobody.
    address deliverer;
    /// @dev How long delivery may take from the purchase.
    uint64 deliverWithin;
    /// @dev Whether nobody else may hold a license of the passport while this one runs.
    bool isExclusive;
    /// @dev Whether a license may change hands.
    bool isTransferable;
    /// @dev Whether a licensee may make new datasets of this one. Told here; no contract can enforce it.
    bool mayDerive;
    /// @dev The hash of the document that says what a licensee may do.
    bytes32 rightsHash;
    uint256 nonce;
}

/// @notice An offer with what became of it.
struct OfferState {
    Offer offer;
    address seller;
    bool withdrawn;
}

/// @notice Where a sale stands.
enum SaleStatus {
    /// @dev Never bought, or its price was returned.
    None,
    /// @dev The price waits for the key.
    Paid,
    /// @dev The key is there; the price waits until the buyer has had time to look.
    Delivered,
    /// @dev The price is split.
    Released
}

/// @notice One license sold.
struct Sale {
    /// @dev The number its offer was stored under.
    uint40 offer;
    SaleStatus status;
    /// @dev The version of the passport that was bought, its newest at the time.
    uint24 version;
    /// @dev What the people behind the version's sources are due, in parts of 10^8.
    uint32 contributorsPart;
    /// @dev Until when the key may be delivered; once it was, until when the buyer may show that it is wrong.
    uint40 until;
    /// @dev How long the buyer may look at what was delivered.
    uint32 inspection;
    /// @dev When the license ends, zero before the delivery and the largest number for never.
    uint40 expiresAt;
    /// @dev The protocol's fee when the license was bought.
    uint16 protocolFeeBps;
    /// @dev The x coordinate of the buyer's one-time key; from the delivery on its hash with the sealed key.
    bytes32 key;
}

/// @title ILicenses
/// @notice Offers, sales and licenses of datasets, and the revenue that flows to those who made them.
/// @dev A price stays in escrow until the key is delivered and the buyer has had time to look. A wrong key is shown to
/// the contract itself, which opens it and returns the price; nobody has to be believed. Otherwise the price is split,
/// each part rounded down: the protocol's fee, a pool for the people behind the sources of the version sold, and the
/// rest to the seller. Fee and rest wait in `balances`; a pool waits for `claimShare`.
/// @dev At any time and for each token, the contract holds the prices of licenses not released yet, plus all balances,
/// plus what is left in all pools.
/// @dev Warning: that the key opens bytes with the passport's content root is proved off chain (`verifyDelivery`). Bytes
/// withheld, or wrong under the right key, are not settled here.
interface ILicenses is IERC721, IERC5643 {
    /* EVENTS */

    /// @notice Emitted when a passport's owner creates an offer.
    event OfferCreated(bytes32 indexed offerId, uint256 indexed passportId, Offer offer);

    /// @notice Emitted when an offer is withdrawn from sale.
    event OfferWithdrawn(bytes32 indexed offerId);

    /// @notice Emitted when a license is bought. The sealed key is awaited.
    event Purchased(
        uint256 indexed licenseId,
        bytes32 indexed offerId,
        address indexed buyer,
        uint256 passportId,
        uint256 version,
        uint256 price,
        bytes buyerPublicKey
    );

    /// @notice Emitted with the dataset's key, sealed to the buyer's public key.
    event Delivered(uint256 indexed licenseId, bytes sealedKey, uint256 inspectUntil);

    /// @notice Emitted when the price of a license is split.
    event Released(
        uint256 indexed licenseId, address indexed seller, uint256 protocolFee, uint256 contributors, uint256 rest
    );

    /// @notice Emitted with the one-time secret that shows a delivered key to be wrong.
    event DeliveryDisputed(uint256 indexed licenseId, uint256 secret);

    /// @notice Emitted when a license that was not delivered, or with a wrong key, is burned and its price returned.
    event LicenseRefunded(uint256 indexed licenseId, address indexed buyer, uint256 amount);

    /// @notice Emitted when a license is prolonged.
    event Renewed(
        uint256 indexed licenseId,
        address indexed by,
        uint256 periods,
        uint256 protocolFee,
        uint256 contributors,
        uint256 rest
    );

    /// @notice Emitted when a license's owner gives a seat to an account.
    event SeatTaken(uint256 indexed licenseId, address indexed owner, address indexed account);

    /// @notice Emitted when a seat is free again.
    event SeatFreed(uint256 indexed licenseId, address indexed owner, address indexed account);

    /// @notice Emitted when an account receives its share of the revenue of what it worked on.
    event ShareClaimed(
        uint256 indexed passportId,
        bytes32 indexed batch,
        address indexed account,
        uint256 version,
        address token,
        uint256 amount
    );

    /// @notice Emitted when a balance is paid out.
    event Withdrawn(address indexed token, address indexed account, uint256 amount);

    /* OFFERS */

    /// @notice Creates an offer. Only the passport's owner.
    /// @dev An offer sells the passport's newest version. A buyer names the one they looked at.
    function createOffer(Offer calldata offer) external returns (bytes32 id);

    /// @notice Stops new sales and renewals of an offer for good. Licenses sold already run on.
    function withdrawOffer(bytes32 id) external;

    /* SALES */

    /// @notice Buys a license. The price waits in escrow for the delivery.
    /// @dev An offer sells only while its creator owns the passport. While an exclusive license of the passport runs,
    /// or awaits its key, nothing is sold; an exclusive one is not sold while any other runs or awaits its key.
    /// @param version The hash of the version the buyer looked at. Reverts if it is no longer the newest: what was added
    /// since could be worthless.
    /// @param maxPrice The most the buyer pays.
    /// @param buyerPublicKey A one-time key, as an uncompressed P-256 point (65 bytes), to seal the dataset's key to.
    function purchase(
        Offer calldata offer,
        bytes32 version,
        uint256 maxPrice,
        bytes calldata buyerPublicKey,
        Permit calldata permit
    ) external returns (uint256 licenseId);

    /// @notice Delivers the sealed key. Only the seller or the offer's deliverer, in time.
    /// @dev The license starts to run from here on; the price is released once the buyer has had time to look.
    /// @param sealedKey As `SealLib` says, 97 bytes.
    function deliver(uint256 licenseId, bytes calldata sealedKey) external;

    /// @notice Splits the price of a delivered license. Anyone may once the buyer's time to look is over; its owner,
    /// who is content with it, before.
    /// @dev The license may be transferred from here on, if its offer says so.
    function release(uint256 licenseId) external;

    /// @notice Returns the price of a license that was not delivered in time to its buyer. Anyone may.
    /// @dev An unreleased license cannot be transferred, so its owner is who paid.
    function refundLicense(uint256 licenseId) external;

    /// @notice Shows that the key delivered is not the one the passport names, and returns the price. In time to look;
    /// anyone may who knows the one-time secret.
    /// @dev Warning: the secret is public from then on, so it should open nothing of worth. Try the call before sending
    /// it: it reverts with `KeyMatches` when the key delivered is the right one.
    /// @dev The price waits in `balances` for the buyer.
    /// @param version The version that was bought, whose `keyHash` the key is held against.
    /// @param sealedKey The sealed key delivered.
    /// @param secret The private half of the one-time key given at the purchase.
    function disputeDelivery(uint256 licenseId, Version calldata version, bytes calldata sealedKey, uint256 secret)
        external;

    /// @notice Prolongs a running license by its offer's duration, `periods` times, at its offer's price. Anyone may pay.
    /// @dev The price is split at once, as that of the version that was bought, with the protocol's fee of today.
    /// @dev Warning: a renewal has no key to wait for and cannot be taken back.
    function renew(uint256 licenseId, uint256 periods, Permit calldata permit) external;

    /// @notice Gives an account a seat: it may use the license too. Only the license's owner.
    /// @dev Seats stay with who gave them: a license that changes hands comes without.
    function takeSeat(uint256 licenseId, address account) external;

    /// @notice Takes a seat back. Only the license's owner.
    function freeSeat(uint256 licenseId, address account) external;

    /* REVENUE */

    /// @notice Pays an account its share of what a source of a version has earned so far. Anyone may, for anyone.
    /// @dev The share is what the source received times the account's amount in the batch's payouts, over the payouts
    /// total, rounded down, less what was paid before. A source never pays more than it received, whatever the batch's
    /// root says.
    /// @param number The number of the version.
    /// @param version The version itself.
    /// @param header The header of the source's batch.
    /// @param claim The account's line in the batch's payouts root.
    function claimShare(
        address token,
        uint256 passportId,
        uint256 number,
        Version calldata version,
        BatchHeader calldata header,
        Claim calldata claim
    ) external;

    /// @notice Pays an account its balance in a token. Anyone may, for anyone.
    function withdraw(address token, address account) external;

    /* VIEWS */

    /// @notice The passports licenses are sold for.
    function passports() external view returns (IPassports);

    /// @notice The parameters the protocol's fee, the treasury and the time to look are read from.
    function parameters() external view returns (IParameters);

    /// @notice What opens the sealed keys of disputed deliveries.
    function seals() external view returns (ISeals);

    /// @notice The id of an offer, whether it was created or not.
    function offerId(Offer calldata offer) external pure returns (bytes32);

    /// @notice An offer with its seller. All zero if it was never created.
    function offers(bytes32 id) external view returns (OfferState memory);

    /// @notice The sale behind a license. All zero if there was none, or it was refunded.
    function sales(uint256 licenseId) external view returns (Sale memory);

    /// @notice The offer a license was bought at.
    function offerOf(uint256 licenseId) external view returns (OfferState memory);

    /// @notice Whether an account may use what a license opens now: it runs, and the account owns it or has a seat.
    function mayUse(uint256 licenseId, address account) external view returns (bool);

    /// @notice What an account may withdraw.
    function balances(address token, address account) external view returns (uint256);

    /// @notice Everything that sales of a version ever brought the people behind its sources.
    function pool(uint256 passportId, uint256 number, address token) external view returns (uint256);

    /// @notice Everything one source of a version has ever paid.
    function sourceClaimed(uint256 passportId, uint256 number, address token, bytes32 batch)
        external
        view
        returns (uint256);

    /// @notice Everything one source of a version has ever paid to one account.
    function shareClaimed(uint256 passportId, uint256 number, address token, bytes32 batch, address account)
        external
        view
        returns (uint256);
}
