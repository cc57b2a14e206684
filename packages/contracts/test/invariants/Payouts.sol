// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";

import {Claim} from "../../src/interfaces/ICampaigns.sol";

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
}
