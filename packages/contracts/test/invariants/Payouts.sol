// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";

import {Chain} from "../../src/interfaces/IContests.sol";
import {Claim, Claims} from "../../src/interfaces/IPayments.sol";

/// @notice A payouts tree of four workers, built independently of the code under test.
library Payouts {
    function leaf(bytes32 id, address account, uint256 amount) internal pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(id, account, amount))));
    }

    function root(bytes32 id, address[4] memory workers, uint256[4] memory amounts) internal pure returns (bytes32) {
        bytes32 left = Hashes.commutativeKeccak256(leaf(id, workers[0], amounts[0]), leaf(id, workers[1], amounts[1]));
        bytes32 right = Hashes.commutativeKeccak256(leaf(id, workers[2], amounts[2]), leaf(id, workers[3], amounts[3]));
        return Hashes.commutativeKeccak256(left, right);
    }

    function claim(bytes32 id, address[4] memory workers, uint256[4] memory amounts, uint256 i)
        internal
        pure
        returns (Claim memory)
    {
        uint256 sibling = i ^ 1;
        uint256 cousin = i < 2 ? 2 : 0;
        bytes32[] memory proof = new bytes32[](2);
        proof[0] = leaf(id, workers[sibling], amounts[sibling]);
        proof[1] = Hashes.commutativeKeccak256(
            leaf(id, workers[cousin], amounts[cousin]), leaf(id, workers[cousin + 1], amounts[cousin + 1])
        );
        return Claim(workers[i], amounts[i], proof);
    }

    /// @dev All four lines with their one proof.
    function all(address[4] memory workers, uint256[4] memory amounts) internal pure returns (Claims memory claims) {
        claims = Claims(new address[](4), new uint256[](4), new bytes32[](0), new bool[](3));
        for (uint256 i = 0; i < 4; ++i) {
            claims.accounts[i] = workers[i];
            claims.amounts[i] = amounts[i];
        }
        for (uint256 i = 0; i < 3; ++i) claims.proofFlags[i] = true;
    }
}

/// @notice A records tree of four workers, whose chains all end in the same link.
library Records {
    function leaf(bytes32 id, address account, uint64 count) internal pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(id, account, count, bytes32(0)))));
    }

    function root(bytes32 id, address[4] memory workers, uint64[4] memory counts) internal pure returns (bytes32) {
        return Hashes.commutativeKeccak256(_pair(id, workers, counts, 0), _pair(id, workers, counts, 2));
    }

    function chain(bytes32 id, address[4] memory workers, uint64[4] memory counts, uint256 i)
        internal
        pure
        returns (Chain memory)
    {
        bytes32[] memory proof = new bytes32[](2);
        proof[0] = leaf(id, workers[i ^ 1], counts[i ^ 1]);
        proof[1] = _pair(id, workers, counts, i < 2 ? 2 : 0);
        return Chain(workers[i], counts[i], 0, proof);
    }

    function _pair(bytes32 id, address[4] memory workers, uint64[4] memory counts, uint256 i)
        private
        pure
        returns (bytes32)
    {
        return Hashes.commutativeKeccak256(leaf(id, workers[i], counts[i]), leaf(id, workers[i + 1], counts[i + 1]));
    }
}
