// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Bytes} from "@openzeppelin/contracts/utils/Bytes.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {IERC2981} from "@openzeppelin/contracts/interfaces/IERC2981.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";

import {BatchHeader} from "./interfaces/IBatches.sol";
import {ICampaigns} from "./interfaces/ICampaigns.sol";
import {Terms} from "./interfaces/IFunding.sol";
import {IPassports, Newest, Source, SourceProof, Version} from "./interfaces/IPassports.sol";
import {ErrorsLib} from "./libraries/ErrorsLib.sol";
import {HeaderLib} from "./libraries/HeaderLib.sol";
import {TermsLib} from "./libraries/TermsLib.sol";
import {VersionLib} from "./libraries/VersionLib.sol";

/// @title Passports
/// @notice ERC-721 certificates of datasets.
contract Passports is IPassports, ERC721 {
    using HeaderLib for BatchHeader;
    using TermsLib for Terms;
    using VersionLib for Source;
    using VersionLib for Version;

    uint256 private constant MAX_SOURCES = 8;

    /// @dev ERC-2981 is advice to marketplaces: five percent of a resale to the passport's first owner.
    uint256 private constant ROYALTY_BPS = 500;

    /// @dev A CID is its codec (raw bytes), hash function (SHA-256) and length, then the hash, here in base 16.
    string private constant URI_BEFORE_DIGEST = "ipfs://f01551220";

    /// @dev The first slot holds everything a sale asks for but the hash.
    struct Passport {
        address author;
        uint24 versions;
        uint8 sources;
        uint32 contributorsPart;
        bytes32 manifest;
    }

    /* STORAGE */

    /// @inheritdoc IPassports
    ICampaigns public immutable campaigns;

    /// @dev Starts above zero, so that the first passport costs what the others do.
    uint256 private _nextId = 1;

    mapping(uint256 passportId => Passport) private _passports;
    mapping(uint256 passportId => mapping(uint256 number => bytes32)) private _hashes;

    constructor(ICampaigns campaigns_) ERC721("Tagger Passport", "TAGP") {
        require(address(campaigns_) != address(0), ErrorsLib.ZeroAddress());
        campaigns = campaigns_;
    }

    /* VERSIONS */

    /// @inheritdoc IPassports
    function mint(Version calldata version, SourceProof[] calldata proofs) external returns (uint256 passportId) {
        require(
            proofs.length == version.sources.length,
            ErrorsLib.ProofCountMismatch(version.sources.length, proofs.length)
        );
        _requireWeights(version.sources);
        for (uint256 i = 0; i < proofs.length; ++i) _requireOwn(version.sources[i], proofs[i]);

        passportId = _nextId++;
        _passports[passportId].author = msg.sender;
        _store(passportId, version);
        // Not `_safeMint`: no callback may stand in the way of a state change.
        _mint(msg.sender, passportId);

        emit PassportMinted(passportId, msg.sender, version);
    }

    /// @inheritdoc IPassports
    function addVersion(
        uint256 passportId,
        Version calldata before,
        Version calldata version,
        SourceProof[] calldata proofs
    ) external {
        require(ownerOf(passportId) == msg.sender, ErrorsLib.NotPassportOwner(passportId, msg.sender));
        bytes32 newestHash = _hashes[passportId][_passports[passportId].versions];
        require(before.hash() == newestHash, ErrorsLib.NotNewestVersion(passportId, newestHash));
        _requireWeights(version.sources);
        uint256 shown = 0;
        for (uint256 i = 0; i < version.sources.length; ++i) {
            if (_isCarriedOn(before, version.sources[i])) continue;
            require(shown < proofs.length, ErrorsLib.ProofCountMismatch(shown + 1, proofs.length));
            _requireOwn(version.sources[i], proofs[shown++]);
        }
        require(shown == proofs.length, ErrorsLib.ProofCountMismatch(shown, proofs.length));

        uint256 number = _store(passportId, version);

        emit PassportVersion(passportId, number, version);
    }

    /* VIEWS */

    /// @inheritdoc IPassports
    function newest(uint256 passportId) external view returns (Newest memory) {
        Passport storage passport = _passports[passportId];
        uint24 number = passport.versions;
        return Newest(number, passport.sources, passport.contributorsPart, hashOf(passportId, number));
    }

    /// @inheritdoc IPassports
    function hashOf(uint256 passportId, uint256 number) public view returns (bytes32 hash) {
        hash = _hashes[passportId][number];
        require(hash != 0, ErrorsLib.UnknownVersion(passportId, number));
    }

    /// @inheritdoc IPassports
    function versionHash(Version calldata version) external pure returns (bytes32) {
        return version.hash();
    }

    /// @inheritdoc IERC2981
    function royaltyInfo(uint256 passportId, uint256 price) external view returns (address receiver, uint256 amount) {
        return (_passports[passportId].author, Math.mulDiv(price, ROYALTY_BPS, TermsLib.BPS));
    }

    /// @notice The document that describes the newest version.
    function tokenURI(uint256 passportId) public view override returns (string memory) {
        _requireOwned(passportId);
        bytes memory digest = bytes(Strings.toHexString(uint256(_passports[passportId].manifest), 32));
        return string.concat(URI_BEFORE_DIGEST, string(Bytes.slice(digest, 2)));
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) public view override(IERC165, ERC721) returns (bool) {
        return interfaceId == type(IERC2981).interfaceId || super.supportsInterface(interfaceId);
    }

    /* INTERNAL */

    function _store(uint256 passportId, Version calldata version) private returns (uint24 number) {
        Passport storage passport = _passports[passportId];
        number = passport.versions + 1;
        passport.versions = number;
        // Safe without checks: there are 8 sources at most, and their parts add up to 10^8 at most.
        passport.sources = uint8(version.sources.length);
        passport.contributorsPart = uint32(version.contributorsPart());
        passport.manifest = version.manifest;
        _hashes[passportId][number] = version.hash();
    }

    /// @dev Checks everything about sources that they show by themselves. There are few, so all pairs are compared.
    function _requireWeights(Source[] calldata sources) private pure {
        require(sources.length <= MAX_SOURCES, ErrorsLib.TooManySources(MAX_SOURCES, sources.length));
        uint256 weights = 0;
        for (uint256 i = 0; i < sources.length; ++i) {
            weights += sources[i].weight;
            for (uint256 k = 0; k < i; ++k) {
                require(sources[k].batch != sources[i].batch, ErrorsLib.SourceTwice(sources[i].batch));
            }
        }
        require(sources.length == 0 || weights == TermsLib.BPS, ErrorsLib.WrongWeights(TermsLib.BPS, weights));
    }

    /// @dev Checks that a source is a final batch that the caller may mint from.
    function _requireOwn(Source calldata source, SourceProof calldata proof) private view {
        bytes32 campaignId = proof.terms.id(address(campaigns));
        require(campaignId == source.campaignId, ErrorsLib.WrongCampaign(source.campaignId, campaignId));
        bytes32 batch = proof.header.hash();
        require(batch == source.batch, ErrorsLib.WrongBatch(source.batch, batch));
        require(campaigns.isFinal(campaignId, proof.header), ErrorsLib.NotFinal(campaignId, batch));
        require(
            proof.terms.requester == msg.sender, ErrorsLib.NotSourceRequester(campaignId, msg.sender)
        );
        // With nobody paid there is nobody to claim a share, and it would be locked.
        uint256 contributorsBps = proof.header.payoutsTotal == 0 ? 0 : proof.terms.contributorsBps;
        require(
            source.contributorsBps == contributorsBps,
            ErrorsLib.WrongContributorsShare(contributorsBps, source.contributorsBps)
        );
    }

    /// @dev Whether the version before names this source too, in all but its weight.
    function _isCarriedOn(Version calldata before, Source calldata source) private pure returns (bool) {
        for (uint256 i = 0; i < before.sources.length; ++i) {
            Source calldata known = before.sources[i];
            if (
                known.batch == source.batch && known.campaignId == source.campaignId
                    && known.contributorsBps == source.contributorsBps
            ) return true;
        }
        return false;
    }
}
