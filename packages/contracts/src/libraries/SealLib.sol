// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {P256} from "@openzeppelin/contracts/utils/cryptography/P256.sol";

import {ErrorsLib} from "./ErrorsLib.sol";

/// @title SealLib
/// @notice The form of a dataset's key that is sealed to a buyer's one-time key.
/// @dev A sealed key is a point on P-256 (65 bytes, uncompressed) and the 32 bytes of the key, each bit flipped where
/// the mask says so. The mask is ANSI X9.63's key derivation by SHA-256 from the x coordinate both sides share.
library SealLib {
    uint256 internal constant POINT_BYTES = 65;
    uint256 internal constant SEALED_BYTES = POINT_BYTES + 32;
    bytes internal constant INFO = "tagger/seal/2";

    /// @dev The x coordinate of a point. A point off the curve could not be sealed to, and what is sealed with one
    /// could not be opened by `Seals`. Nor could it with a coordinate of zero or above the order, which `P256` takes for
    /// no signature: the secret zero would pass for that of a buyer's key at zero, and show any delivery to be wrong.
    function requirePoint(bytes calldata point) internal pure returns (bytes32 x) {
        require(point.length == POINT_BYTES && point[0] == 0x04, ErrorsLib.InvalidPublicKey());
        x = bytes32(point[1:33]);
        require(
            P256.isValidPublicKey(x, bytes32(point[33:65])) && x != 0 && uint256(x) < P256.N,
            ErrorsLib.InvalidPublicKey()
        );
    }

    function requireSealed(bytes calldata sealedKey) internal pure {
        require(sealedKey.length == SEALED_BYTES, ErrorsLib.InvalidSealedKey(sealedKey.length));
        requirePoint(sealedKey[:POINT_BYTES]);
    }

    function mask(bytes32 shared, bytes calldata point, bytes32 buyerKey) internal pure returns (bytes32) {
        return sha256(abi.encodePacked(shared, uint32(1), INFO, point, buyerKey));
    }
}
