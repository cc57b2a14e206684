// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";

import {BatchHeader, Claim} from "../interfaces/ICampaigns.sol";
import {ErrorsLib} from "./ErrorsLib.sol";

/// @title HeaderLib
/// @notice How a batch is named, and what its payouts root holds.
library HeaderLib {
    function hash(BatchHeader calldata header) internal pure returns (bytes32) {
        return keccak256(abi.encode(header));
    }

    /// @dev The leaf is that of an OpenZeppelin standard tree: hashed twice, so no inner node passes for one.
    function requirePayout(bytes32 payoutsRoot, bytes32 batch, bytes32 campaignId, Claim calldata claim)
        internal
        pure
    {
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(campaignId, claim.account, claim.amount))));
        require(
            MerkleProof.verifyCalldata(claim.proof, payoutsRoot, leaf),
            ErrorsLib.NotInPayouts(batch, claim.account, claim.amount)
        );
    }
}
