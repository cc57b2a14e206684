// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";

import {BatchHeader, Claim, Permit} from "./ICampaigns.sol";
import {IParameters} from "./IParameters.sol";
import {IPassports} from "./IPassports.sol";

/// @notice What a passport's owner offers. Its id is its hash, so it cannot change.
struct Offer {
    uint256 passportId;
    /// @dev The ERC-20 the price is paid in.
    address token;
    uint256 price;
    /// @dev How long a license lasts from its delivery, zero for ever.
    uint64 duration;
    /// @dev How long delivery may take from the purchase.
    uint64 deliverWithin;
    /// @dev The hash of the document that says what a licensee may do.
    bytes32 rightsHash;
    /// @dev Who may deliver besides the seller, zero for nobody.
    address deliverer;
    uint256 nonce;
}

/// @notice An offer with what became of it.
struct OfferState {
    Offer offer;
    address seller;
    bool withdrawn;
}

/// @notice One license sold.
struct Sale {
    bytes32 offerId;
    /// @dev The version of the passport that was bought, its newest at the time.
    uint64 version;
    uint64 deliverBy;
    /// @dev When the key was delivered, zero before.
    uint64 deliveredAt;
    /// @dev The protocol's fee when the license was bought.
    uint16 protocolFeeBps;
}

/// @title ILicenses
/// @notice Offers, sales and licenses of datasets, and the revenue that flows to those who made them.
/// @dev A price stays in escrow until the key is delivered. Then it is split, each part rounded down: the protocol's
/// fee, a pool for the people behind each source of the version sold, and the rest to the seller. Fee and rest wait
/// in `balances`; a pool waits for `claimShare`. Without a delivery in time the price goes back to the buyer.
/// @dev At any time and for each token, the contract holds the prices of licenses not delivered yet, plus all balances,
/// plus what is left in all pools.
/// @dev Warning: that the sealed key opens the dataset is proved off chain; here the key only has to be on time.
interface ILicenses is IERC721 {
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
    event Delivered(uint256 indexed licenseId, bytes sealedKey);

    /// @notice Emitted when a license that was not delivered in time is burned and its price returned.
    event LicenseRefunded(uint256 indexed licenseId, address indexed buyer, uint256 amount);

    /// @notice Emitted when an account receives its share of the revenue of what it worked on.
    event ShareClaimed(
        uint256 indexed passportId, bytes32 indexed batch, address indexed account, address token, uint256 amount
    );

    /// @notice Emitted when a balance is paid out.
    event Withdrawn(address indexed token, address indexed account, uint256 amount);

    /* OFFERS */

    /// @notice Creates an offer. Only the passport's owner.
    /// @dev An offer sells the passport's newest version. A buyer names the one they looked at.
    function createOffer(Offer calldata offer) external returns (bytes32 id);

    /// @notice Stops new sales of an offer for good. Licenses sold already are not affected.
    function withdrawOffer(bytes32 id) external;

    /* SALES */

    /// @notice Buys a license. The price waits in escrow for the delivery.
    /// @dev An offer sells only while its creator owns the passport.
    /// @param version The version the buyer looked at. Reverts if it is no longer the newest: what was added since could
    /// be worthless.
    /// @param contentRoot What that version holds.
    /// @param maxPrice The most the buyer pays.
    /// @param buyerPublicKey A one-time key, as an uncompressed P-256 point (65 bytes), to seal the dataset's key to.
    function purchase(
        Offer calldata offer,
        uint256 version,
        bytes32 contentRoot,
        uint256 maxPrice,
        bytes calldata buyerPublicKey,
        Permit calldata permit
    ) external returns (uint256 licenseId);

    /// @notice Delivers the sealed key and releases the price. Only the seller or the offer's deliverer, in time.
    /// @dev The license starts to run and may be transferred from here on.
    function deliver(uint256 licenseId, bytes calldata sealedKey) external;

    /// @notice Returns the price of a license that was not delivered in time to its buyer. Anyone may.
    /// @dev An undelivered license cannot be transferred, so its owner is who paid.
    function refundLicense(uint256 licenseId) external;

    /* REVENUE */

    /// @notice Pays an account its share of what a source's pool has received so far. Anyone may, for anyone.
    /// @dev The share is the pool times the account's amount in the batch's payouts, over the payouts total, rounded
    /// down, less what was paid before. A pool never pays more than it received, whatever the batch's root says.
    /// @param header The header of the source's batch.
    /// @param claim The account's line in the batch's payouts root.
    function claimShare(address token, uint256 passportId, BatchHeader calldata header, Claim calldata claim)
        external;

    /// @notice Pays an account its balance in a token. Anyone may, for anyone.
    function withdraw(address token, address account) external;

    /* VIEWS */

    /// @notice The passports licenses are sold for.
    function passports() external view returns (IPassports);

    /// @notice The parameters the protocol's fee and the treasury are read from.
    function parameters() external view returns (IParameters);

    /// @notice The id of an offer, whether it was created or not.
    function offerId(Offer calldata offer) external pure returns (bytes32);

    /// @notice An offer with its seller. All zero if it was never created.
    function offers(bytes32 id) external view returns (OfferState memory);

    /// @notice The sale behind a license. All zero if there was none, or it was refunded.
    function sales(uint256 licenseId) external view returns (Sale memory);

    /// @notice When a license ends (as in ERC-5643), in seconds since the epoch.
    /// @dev Zero before the delivery, when it is not valid yet; the largest uint64 if it never ends.
    function expiresAt(uint256 licenseId) external view returns (uint64);

    /// @notice What an account may withdraw.
    function balances(address token, address account) external view returns (uint256);

    /// @notice Everything a source's pool has ever received.
    function pool(uint256 passportId, bytes32 batch, address token) external view returns (uint256);

    /// @notice Everything a source's pool has ever paid.
    function poolClaimed(uint256 passportId, bytes32 batch, address token) external view returns (uint256);

    /// @notice Everything a source's pool has ever paid to one account.
    function shareClaimed(uint256 passportId, bytes32 batch, address token, address account)
        external
        view
        returns (uint256);
}
