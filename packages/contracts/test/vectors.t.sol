// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";

import {Seals} from "../src/Seals.sol";
import {BatchHeader} from "../src/interfaces/IBatches.sol";
import {Chain} from "../src/interfaces/IContests.sol";
import {Terms} from "../src/interfaces/IFunding.sol";
import {Claim} from "../src/interfaces/IPayments.sol";
import {WorkReceipt} from "../src/interfaces/IReceipts.sol";
import {DigestLib} from "../src/libraries/DigestLib.sol";
import {HeaderLib} from "../src/libraries/HeaderLib.sol";
import {TermsLib} from "../src/libraries/TermsLib.sol";
import {TestBase} from "./TestBase.sol";

interface JsonVm {
    function readFile(string calldata path) external view returns (string memory);
    function parseJsonUint(string calldata json, string calldata key) external pure returns (uint256);
    function parseJsonBool(string calldata json, string calldata key) external pure returns (bool);
    function parseJsonAddress(string calldata json, string calldata key) external pure returns (address);
    function parseJsonBytes32(string calldata json, string calldata key) external pure returns (bytes32);
    function parseJsonBytes32Array(string calldata json, string calldata key)
        external
        pure
        returns (bytes32[] memory);
    function parseJsonBytes(string calldata json, string calldata key) external pure returns (bytes memory);
    function toString(uint256 value) external pure returns (string memory);
}

/// @notice The golden vectors of `packages/protocol`: what was computed in TypeScript, computed here by the libraries of
/// the contracts, or by Solidity itself where no contract looks inside.
contract VectorsTest is TestBase {
    using HeaderLib for BatchHeader;
    using TermsLib for Terms;

    JsonVm private constant jsonVm = JsonVm(address(vm));
    bytes32 private constant DOMAIN_TYPEHASH =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    bytes32 private constant SESSION_TYPEHASH = keccak256(
        "SessionKey(address account,bytes publicKey,bytes32 scope,uint64 notBefore,uint64 notAfter,uint256 nonce)"
    );

    string private _json;

    function setUp() public {
        _json = jsonVm.readFile("../protocol/test/vectors/contracts.json");
    }

    function test_campaignIdsAreTheHashOfTheTerms() public view {
        require(_uint(".deployment.chainId") == block.chainid, "the vectors are of another chain");
        assertEq(this.campaignIdOf(_terms(), _campaigns()), _hash(".campaignId"), "campaign id");
    }

    function test_feesAreRoundedDownAlike() public view {
        (uint256 operator, uint256 protocol) = this.feesOn(_terms(), _uint(".header.payoutsTotal"));
        assertEq(operator, _uint(".fees.operator"), "operator fee");
        assertEq(protocol, _uint(".fees.protocol"), "protocol fee");
    }

    function test_batchesAreTheHashOfTheirHeader() public view {
        assertEq(this.headerHashOf(_header()), _hash(".batch"), "batch");
    }

    function test_payoutLeavesAreInTheRoot() public view {
        for (uint256 i = 0; i < 5; ++i) {
            string memory line = _at(".payouts", i);
            Claim memory claim = Claim(
                _address(string.concat(line, ".account")),
                _uint(string.concat(line, ".amount")),
                _proof(string.concat(line, ".proof"))
            );
            this.requirePayout(_hash(".header.payoutsRoot"), _hash(".campaignId"), claim);
        }
    }

    function test_recordLeavesAreInTheRoot() public view {
        for (uint256 i = 0; i < 5; ++i) {
            string memory line = _at(".records", i);
            Chain memory chain = Chain(
                _address(string.concat(line, ".account")),
                uint64(_uint(string.concat(line, ".count"))),
                _hash(string.concat(line, ".link")),
                _proof(string.concat(line, ".proof"))
            );
            this.requireChain(_hash(".header.recordsRoot"), _hash(".campaignId"), chain);
        }
    }

    function test_resultLeavesAreInTheRoot() public view {
        for (uint256 i = 0; i < 3; ++i) {
            string memory line = _at(".results", i);
            bytes memory leaf = abi.encode(
                _hash(".campaignId"),
                _hash(string.concat(line, ".item")),
                _hash(string.concat(line, ".resultHash")),
                _uint(string.concat(line, ".confidence"))
            );
            _requireLeaf(leaf, ".header.resultsRoot", line);
        }
    }

    function test_receiptsAreSignedByTheReceiptKey() public view {
        WorkReceipt memory receipt = WorkReceipt(
            _hash(".receipt.campaignId"),
            _address(".receipt.account"),
            _hash(".receipt.link"),
            uint64(_uint(".receipt.count")),
            _uint(".receipt.owedAtLeast"),
            uint64(_uint(".receipt.issuedAt"))
        );
        assertEq(this.receiptDigestOf(receipt, _campaigns()), _hash(".receipt.digest"), "digest");
        this.requireReceipt(receipt, _bytes(".receipt.signature"), _address(".terms.receiptKey"), _campaigns());
    }

    function test_sessionKeysAreSignedByTheirAccount() public view {
        bytes memory fields = abi.encode(
            SESSION_TYPEHASH,
            _address(".sessionKey.account"),
            keccak256(_bytes(".sessionKey.publicKey")),
            _hash(".sessionKey.scope"),
            _uint(".sessionKey.notBefore"),
            _uint(".sessionKey.notAfter"),
            _uint(".sessionKey.nonce")
        );
        bytes32 domain = keccak256(
            abi.encode(DOMAIN_TYPEHASH, keccak256("Tagger"), keccak256("1"), block.chainid, _campaigns())
        );
        bytes32 digest = MessageHashUtils.toTypedDataHash(domain, keccak256(fields));
        assertEq(digest, _hash(".sessionKey.digest"), "digest");
        address signer = ECDSA.recover(digest, _bytes(".sessionKey.signature"));
        require(signer == _address(".sessionKey.account"), "signed by somebody else");
    }

    function test_sealedKeysOpenToTheContentKey() public {
        (bytes32 key, bytes32 buyerKey) = new Seals().open(_bytes(".seal.sealed"), _uint(".seal.secret"));
        assertEq(key, _hash(".seal.contentKey"), "content key");
        assertEq(sha256(abi.encode(key)), _hash(".seal.keyHash"), "key hash");
        bytes memory point = _bytes(".seal.publicKey");
        bytes32 x;
        assembly {
            x := mload(add(point, 0x21))
        }
        assertEq(buyerKey, x, "public key");
    }

    /* THE LIBRARIES, WHICH TAKE CALLDATA */

    function campaignIdOf(Terms calldata terms, address campaigns) external view returns (bytes32) {
        return terms.id(campaigns);
    }

    function feesOn(Terms calldata terms, uint256 total) external pure returns (uint256, uint256) {
        return terms.feesDown(total);
    }

    function headerHashOf(BatchHeader calldata header) external pure returns (bytes32) {
        return header.hash();
    }

    function requireChain(bytes32 root, bytes32 campaignId, Chain calldata chain) external pure {
        HeaderLib.requireChain(root, 0, campaignId, chain);
    }

    function receiptDigestOf(WorkReceipt calldata receipt, address campaigns) external view returns (bytes32) {
        return DigestLib.receipt(receipt, campaigns);
    }

    function requireReceipt(
        WorkReceipt calldata receipt,
        bytes calldata signature,
        address receiptKey,
        address campaigns
    ) external view {
        DigestLib.requireSigned(receipt, signature, receiptKey, campaigns);
    }

    function requirePayout(bytes32 root, bytes32 campaignId, Claim calldata claim) external pure {
        HeaderLib.requirePayout(root, 0, campaignId, claim);
    }

    /* READING */

    function _terms() private view returns (Terms memory terms) {
        terms.requester = _address(".terms.requester");
        terms.operator = _address(".terms.operator");
        terms.receiptKey = _address(".terms.receiptKey");
        terms.token = _address(".terms.token");
        terms.specHash = _hash(".terms.specHash");
        terms.basePay = _uint(".terms.basePay");
        terms.floorPay = _uint(".terms.floorPay");
        terms.operatorFeeBps = uint16(_uint(".terms.operatorFeeBps"));
        terms.protocolFeeBps = uint16(_uint(".terms.protocolFeeBps"));
        terms.contributorsBps = uint16(_uint(".terms.contributorsBps"));
        terms.deadline = uint64(_uint(".terms.deadline"));
        terms.grace = uint64(_uint(".terms.grace"));
        terms.challengeWindow = uint64(_uint(".terms.challengeWindow"));
        terms.nonce = _uint(".terms.nonce");
    }

    function _header() private view returns (BatchHeader memory header) {
        header.campaignId = _hash(".header.campaignId");
        header.previous = _hash(".header.previous");
        header.index = uint64(_uint(".header.index"));
        header.cutAt = uint64(_uint(".header.cutAt"));
        header.bundle = _hash(".header.bundle");
        header.recordsRoot = _hash(".header.recordsRoot");
        header.resultsRoot = _hash(".header.resultsRoot");
        header.payoutsRoot = _hash(".header.payoutsRoot");
        header.payoutsTotal = _uint(".header.payoutsTotal");
        header.state = _hash(".header.state");
        header.closing = jsonVm.parseJsonBool(_json, ".header.closing");
    }

    function _requireLeaf(bytes memory leaf, string memory root, string memory line) private view {
        bytes32 hash = keccak256(bytes.concat(keccak256(leaf)));
        require(MerkleProof.verify(_proof(string.concat(line, ".proof")), _hash(root), hash), line);
    }

    function _campaigns() private view returns (address) {
        return _address(".deployment.campaigns");
    }

    function _at(string memory list, uint256 i) private pure returns (string memory) {
        return string.concat(list, "[", jsonVm.toString(i), "]");
    }

    function _uint(string memory key) private view returns (uint256) {
        return jsonVm.parseJsonUint(_json, key);
    }

    function _address(string memory key) private view returns (address) {
        return jsonVm.parseJsonAddress(_json, key);
    }

    function _hash(string memory key) private view returns (bytes32) {
        return jsonVm.parseJsonBytes32(_json, key);
    }

    function _bytes(string memory key) private view returns (bytes memory) {
        return jsonVm.parseJsonBytes(_json, key);
    }

    function _proof(string memory key) private view returns (bytes32[] memory) {
        return jsonVm.parseJsonBytes32Array(_json, key);
    }

    function assertEq(bytes32 left, bytes32 right, string memory what) private pure {
        assertEq(uint256(left), uint256(right), what);
    }
}
