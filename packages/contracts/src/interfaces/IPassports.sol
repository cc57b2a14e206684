// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";

import {BatchHeader, ICampaigns, Terms} from "./ICampaigns.sol";

/// @notice A final batch a dataset was made from, and its weight among the sources in basis points.
struct Source {
    bytes32 campaignId;
    bytes32 batch;
    uint16 weight;
}

/// @notice What shows that a source is real and the caller's: the preimages of its two hashes.
struct SourceProof {
    Terms terms;
    BatchHeader header;
}

/// @notice One version of a dataset.
struct Version {
    /// @dev The root over the dataset's bytes.
    bytes32 contentRoot;
    /// @dev The root over its encrypted bytes, as they are delivered.
    bytes32 cipherRoot;
    /// @dev The hash of the key they are encrypted with.
    bytes32 keyHash;
    /// @dev The hash of the document that says what may be done with it.
    bytes32 rightsHash;
    uint64 mintedAt;
}

/// @notice A version as its author gives it.
struct VersionInput {
    bytes32 contentRoot;
    bytes32 cipherRoot;
    bytes32 keyHash;
    bytes32 rightsHash;
    string uri;
}

/// @notice What the people behind a source are due of a sale, in parts of `SHARE_UNIT`.
struct Share {
    bytes32 batch;
    uint256 part;
}

/// @title IPassports
/// @notice The certificate a dataset carries: content, versions, rights, and the final batches it was made from.
/// @dev The share tree of a source is that batch's payouts root; there is no other.
/// @dev Warning: a passport without sources is allowed and says nothing about where its data came from.
interface IPassports is IERC721 {
    /// @notice Emitted when a dataset gets its passport.
    event PassportMinted(uint256 indexed passportId, address indexed owner, VersionInput version, Source[] sources);

    /// @notice Emitted when a passport gets a further version.
    event PassportVersion(uint256 indexed passportId, uint256 version, VersionInput input, Source[] sources);

    /// @notice Mints a passport with its first version to the caller.
    /// @dev Each source must be a final batch of a campaign whose requester is the caller. Weights must add up to all.
    /// @param proofs One per source, in the same order.
    /// @return passportId The id of the passport, counted from 1.
    function mint(VersionInput calldata input, Source[] calldata sources, SourceProof[] calldata proofs)
        external
        returns (uint256 passportId);

    /// @notice Adds a version. Only the passport's owner.
    /// @dev A source of the version before may be carried on by whoever owns the passport now; otherwise a passport
    /// that changed hands could only go on by dropping those who made it.
    /// @dev Warning: sales made from here on share revenue by the new version's sources, earlier ones keep theirs.
    function addVersion(
        uint256 passportId,
        VersionInput calldata input,
        Source[] calldata sources,
        SourceProof[] calldata proofs
    ) external;

    /// @notice The campaigns sources are checked against.
    function campaigns() external view returns (ICampaigns);

    /// @notice How many versions a passport has. They are numbered from 1.
    function versionCount(uint256 passportId) external view returns (uint256);

    /// @notice The number of a passport's newest version, and what it holds.
    function newestVersion(uint256 passportId) external view returns (uint256 version, bytes32 contentRoot);

    /// @notice One version of a passport.
    function versionOf(uint256 passportId, uint256 version) external view returns (Version memory);

    /// @notice The sources of one version.
    function sourcesOf(uint256 passportId, uint256 version) external view returns (Source[] memory);

    /// @notice What the people behind each source of a version are due of a sale.
    /// @dev `part` is the source's weight times its campaign's `contributorsBps`, in parts of 10^8. It is zero for a
    /// batch that paid nobody, as there is no one to share with.
    function sharesOf(uint256 passportId, uint256 version) external view returns (Share[] memory);
}
