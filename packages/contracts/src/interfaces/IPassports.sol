// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC2981} from "@openzeppelin/contracts/interfaces/IERC2981.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";

import {BatchHeader} from "./IBatches.sol";
import {ICampaigns} from "./ICampaigns.sol";
import {Terms} from "./IFunding.sol";

/// @notice A final batch a dataset was made from.
struct Source {
    bytes32 campaignId;
    bytes32 batch;
    /// @dev Its weight among the sources, in basis points.
    uint16 weight;
    /// @dev The workers' part of what its weight earns: what the campaign's terms promise, or zero for a batch that
    /// paid nobody, as there is no one to share with.
    uint16 contributorsBps;
}

/// @notice What shows that a source is real and the caller's: the preimages of its two hashes.
struct SourceProof {
    Terms terms;
    BatchHeader header;
}

/// @notice One version of a dataset. Passed as calldata; on chain a version is its hash.
struct Version {
    /// @dev The root over the dataset's bytes.
    bytes32 contentRoot;
    /// @dev The root over its encrypted bytes, as they are delivered.
    bytes32 cipherRoot;
    /// @dev The SHA-256 of the key they are encrypted with.
    bytes32 keyHash;
    /// @dev The hash of the document that says what may be done with it.
    bytes32 rightsHash;
    /// @dev The SHA-256 of the document that describes it.
    bytes32 manifest;
    Source[] sources;
}

/// @notice What the contract remembers of a passport's newest version.
struct Newest {
    /// @dev Its number, counted from 1.
    uint24 number;
    /// @dev How many sources it has. With none its origin is unproven.
    uint8 sources;
    /// @dev What all people behind its sources are due of a sale, in parts of 10^8.
    uint32 contributorsPart;
    bytes32 hash;
}

/// @title IPassports
/// @notice The certificate a dataset carries: content, versions, rights, and the final batches it was made from.
/// @dev The share tree of a source is that batch's payouts root; there is no other.
/// @dev Versions are told by events and shown again as calldata where they are needed; only their hashes are stored.
/// @dev Warning: a passport without sources is allowed and says nothing about where its data came from.
/// @dev Warning: nothing keeps a requester from minting two passports of the same batch.
interface IPassports is IERC721, IERC2981 {
    /// @notice Emitted when a dataset gets its passport.
    event PassportMinted(uint256 indexed passportId, address indexed owner, Version version);

    /// @notice Emitted when a passport gets a further version.
    event PassportVersion(uint256 indexed passportId, uint256 number, Version version);

    /// @notice Mints a passport with its first version to the caller.
    /// @dev Each source must be a final batch of a campaign whose requester is the caller, and no batch may be named
    /// twice. Weights must add up to all, unless there are no sources.
    /// @param proofs One per source, in the same order.
    /// @return passportId The id of the passport, counted from 1.
    function mint(Version calldata version, SourceProof[] calldata proofs) external returns (uint256 passportId);

    /// @notice Adds a version. Only the passport's owner.
    /// @dev A source of the version before may be carried on, with any weight and without a proof, by whoever owns the
    /// passport now; otherwise a passport that changed hands could only go on by dropping those who made it.
    /// @dev Warning: sales made from here on share revenue by the new version's sources, earlier ones keep theirs.
    /// @param before The version this one follows. Reverts if it is no longer the newest.
    /// @param proofs One per source that `before` does not name, in the same order.
    function addVersion(
        uint256 passportId,
        Version calldata before,
        Version calldata version,
        SourceProof[] calldata proofs
    ) external;

    /// @notice The campaigns sources are checked against.
    function campaigns() external view returns (ICampaigns);

    /// @notice The newest version of a passport.
    function newest(uint256 passportId) external view returns (Newest memory);

    /// @notice The hash of one version of a passport. They are numbered from 1.
    function hashOf(uint256 passportId, uint256 number) external view returns (bytes32);

    /// @notice The hash a version is known by.
    function versionHash(Version calldata version) external pure returns (bytes32);
}
