// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC2981} from "@openzeppelin/contracts/token/common/ERC2981.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";

import {ICampaigns} from "./interfaces/ICampaigns.sol";
import {IPassports, Share, Source, SourceProof, Version, VersionInput} from "./interfaces/IPassports.sol";
import {ErrorsLib} from "./libraries/ErrorsLib.sol";
import {TermsLib} from "./libraries/TermsLib.sol";

/// @title Passports
/// @notice ERC-721 certificates of datasets.
contract Passports is IPassports, ERC721, ERC2981 {
    uint256 private constant MAX_SOURCES = 8;

    /// @dev ERC-2981 is advice to marketplaces: five percent of a resale to the passport's first owner.
    uint96 private constant ROYALTY_BPS = 500;

    /// @dev A source with what its campaign's terms promise contributors, so that a sale needs no proof.
    struct StoredSource {
        bytes32 campaignId;
        bytes32 batch;
        uint16 weight;
        uint16 contributorsBps;
    }

    struct StoredVersion {
        Version version;
        string uri;
        StoredSource[] sources;
    }

    /* STORAGE */

    /// @inheritdoc IPassports
    ICampaigns public immutable campaigns;

    uint256 private _lastId;

    mapping(uint256 passportId => StoredVersion[]) private _versions;

    constructor(ICampaigns campaigns_) ERC721("Tagger Passport", "TAGP") {
        require(address(campaigns_) != address(0), ErrorsLib.ZeroAddress());
        campaigns = campaigns_;
    }

    /* VERSIONS */

    /// @inheritdoc IPassports
    function mint(VersionInput calldata input, Source[] calldata sources, SourceProof[] calldata proofs)
        external
        returns (uint256 passportId)
    {
        passportId = ++_lastId;
        _store(passportId, input, sources, proofs);
        // Not `_safeMint`: no callback may stand in the way of a state change.
        _mint(msg.sender, passportId);
        _setTokenRoyalty(passportId, msg.sender, ROYALTY_BPS);

        emit PassportMinted(passportId, msg.sender, input, sources);
    }

    /// @inheritdoc IPassports
    function addVersion(
        uint256 passportId,
        VersionInput calldata input,
        Source[] calldata sources,
        SourceProof[] calldata proofs
    ) external {
        require(ownerOf(passportId) == msg.sender, ErrorsLib.NotPassportOwner(passportId, msg.sender));

        _store(passportId, input, sources, proofs);

        emit PassportVersion(passportId, _versions[passportId].length, input, sources);
    }

    /* VIEWS */

    /// @inheritdoc IPassports
    function versionCount(uint256 passportId) external view returns (uint256) {
        return _versions[passportId].length;
    }

    /// @inheritdoc IPassports
    function newestVersion(uint256 passportId) external view returns (uint256 version, bytes32 contentRoot) {
        version = _versions[passportId].length;
        contentRoot = _at(passportId, version).version.contentRoot;
    }

    /// @inheritdoc IPassports
    function versionOf(uint256 passportId, uint256 version) external view returns (Version memory) {
        return _at(passportId, version).version;
    }

    /// @inheritdoc IPassports
    function sourcesOf(uint256 passportId, uint256 version) external view returns (Source[] memory sources) {
        StoredSource[] storage stored = _at(passportId, version).sources;
        sources = new Source[](stored.length);
        for (uint256 i = 0; i < sources.length; ++i) {
            sources[i] = Source(stored[i].campaignId, stored[i].batch, stored[i].weight);
        }
    }

    /// @inheritdoc IPassports
    function sharesOf(uint256 passportId, uint256 version) external view returns (Share[] memory shares) {
        StoredSource[] storage stored = _at(passportId, version).sources;
        shares = new Share[](stored.length);
        for (uint256 i = 0; i < shares.length; ++i) {
            shares[i] = Share(stored[i].batch, uint256(stored[i].weight) * stored[i].contributorsBps);
        }
    }

    /// @notice The document that describes the newest version.
    function tokenURI(uint256 passportId) public view override returns (string memory) {
        _requireOwned(passportId);
        return _at(passportId, _versions[passportId].length).uri;
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) public view override(IERC165, ERC721, ERC2981) returns (bool) {
        return super.supportsInterface(interfaceId);
    }

    /* INTERNAL */

    function _store(
        uint256 passportId,
        VersionInput calldata input,
        Source[] calldata sources,
        SourceProof[] calldata proofs
    ) private {
        require(sources.length <= MAX_SOURCES, ErrorsLib.TooManySources(MAX_SOURCES, sources.length));
        require(proofs.length == sources.length, ErrorsLib.ProofCountMismatch(sources.length, proofs.length));

        StoredVersion storage stored = _versions[passportId].push();
        stored.version = Version(
            input.contentRoot, input.cipherRoot, input.keyHash, input.rightsHash, uint64(block.timestamp)
        );
        stored.uri = input.uri;

        uint256 weights = 0;
        for (uint256 i = 0; i < sources.length; ++i) {
            weights += sources[i].weight;
            stored.sources.push(_verified(passportId, sources[i], proofs[i]));
        }
        require(sources.length == 0 || weights == TermsLib.BPS, ErrorsLib.WrongWeights(TermsLib.BPS, weights));
    }

    /// @dev Checks that a source is a final batch that the caller may mint from.
    function _verified(uint256 passportId, Source calldata source, SourceProof calldata proof)
        private
        view
        returns (StoredSource memory)
    {
        bytes32 campaignId = campaigns.campaignId(proof.terms);
        require(campaignId == source.campaignId, ErrorsLib.WrongCampaign(source.campaignId, campaignId));
        bytes32 batch = campaigns.headerHash(proof.header);
        require(batch == source.batch, ErrorsLib.WrongBatch(source.batch, batch));
        require(campaigns.isFinal(campaignId, batch), ErrorsLib.NotFinal(campaignId, batch));
        require(
            proof.terms.requester == msg.sender || _isCarriedOn(passportId, source),
            ErrorsLib.NotSourceRequester(campaignId, msg.sender)
        );
        // With nobody paid there is nobody to claim a share, and it would be locked.
        uint16 contributorsBps = proof.header.payoutsTotal == 0 ? 0 : proof.terms.contributorsBps;
        return StoredSource(campaignId, batch, source.weight, contributorsBps);
    }

    /// @dev Whether the version before the one being stored names this source too.
    function _isCarriedOn(uint256 passportId, Source calldata source) private view returns (bool) {
        uint256 count = _versions[passportId].length;
        if (count < 2) return false;
        StoredSource[] storage before = _versions[passportId][count - 2].sources;
        for (uint256 i = 0; i < before.length; ++i) {
            if (before[i].batch == source.batch) return true;
        }
        return false;
    }

    function _at(uint256 passportId, uint256 version) private view returns (StoredVersion storage) {
        StoredVersion[] storage versions = _versions[passportId];
        require(version != 0 && version <= versions.length, ErrorsLib.UnknownVersion(passportId, version));
        return versions[version - 1];
    }
}
