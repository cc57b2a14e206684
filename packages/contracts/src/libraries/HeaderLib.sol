// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";

import {BatchHeader} from "../interfaces/IBatches.sol";
import {Chain} from "../interfaces/IContests.sol";
import {Claim, Claims} from "../interfaces/IPayments.sol";
import {ErrorsLib} from "./ErrorsLib.sol";

/// @title HeaderLib
/// @notice How a batch is named, and what its roots hold.
/// @dev Leaves are those of OpenZeppelin standard trees: hashed twice, so no inner node passes for one.
library HeaderLib {
    /// @dev Eleven words.
    uint256 private constant SIZE = 11 * 32;

    /// @dev `keccak256(abi.encode(header))`. The words are taken as they came: no batch is proposed with one that has
    /// more bits than its type, as the event that tells of it refuses them.
    function hash(BatchHeader calldata header) internal pure returns (bytes32 hash_) {
        uint256 size = SIZE;
        assembly ("memory-safe") {
            let words := mload(0x40)
            calldatacopy(words, header, size)
            hash_ := keccak256(words, size)
        }
    }

    /// @dev 192 bits: nobody finds two headers with the same ones, and a word has room for the batch's clock.
    function commitment(bytes32 batch, bytes32 payoutsRoot) internal pure returns (bytes24) {
        return bytes24(keccak256(abi.encode(batch, payoutsRoot)));
    }

    function requirePayout(bytes32 payoutsRoot, bytes32 batch, bytes32 campaignId, Claim calldata claim)
        internal
        pure
    {
        require(
            MerkleProof.verifyCalldata(
                claim.proof, payoutsRoot, _payoutLeaf(campaignId, claim.account, claim.amount)
            ),
            ErrorsLib.NotInPayouts(batch, claim.account, claim.amount)
        );
    }

    /// @dev With no lines at all any root would be proved, but nothing is paid.
    function requirePayouts(bytes32 payoutsRoot, bytes32 batch, bytes32 campaignId, Claims calldata claims)
        internal
        pure
    {
        address[] calldata accounts = claims.accounts;
        uint256[] calldata amounts = claims.amounts;
        uint256 count = accounts.length;
        require(amounts.length == count, ErrorsLib.LengthMismatch(count, amounts.length));
        bytes32[] memory leaves = new bytes32[](count);
        for (uint256 i = 0; i < count; ++i) {
            leaves[i] = _payoutLeaf(campaignId, accounts[i], amounts[i]);
        }
        require(
            MerkleProof.multiProofVerifyCalldata(claims.proof, claims.proofFlags, payoutsRoot, leaves),
            ErrorsLib.WrongMultiproof(batch)
        );
    }

    function requireChain(bytes32 recordsRoot, bytes32 batch, bytes32 campaignId, Chain calldata chain)
        internal
        pure
    {
        bytes32 leaf = keccak256(
            bytes.concat(keccak256(abi.encode(campaignId, chain.account, chain.count, chain.link)))
        );
        require(
            MerkleProof.verifyCalldata(chain.proof, recordsRoot, leaf),
            ErrorsLib.NotInRecords(batch, chain.account, chain.count)
        );
    }

    /// @dev `keccak256(bytes.concat(keccak256(abi.encode(campaignId, account, amount))))`, for hundreds at once.
    function _payoutLeaf(bytes32 campaignId, address account, uint256 amount) private pure returns (bytes32 leaf) {
        assembly ("memory-safe") {
            let words := mload(0x40)
            mstore(words, campaignId)
            mstore(add(words, 0x20), account)
            mstore(add(words, 0x40), amount)
            mstore(0x00, keccak256(words, 0x60))
            leaf := keccak256(0x00, 0x20)
        }
    }
}
