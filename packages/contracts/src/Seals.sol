// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {P256} from "@openzeppelin/contracts/utils/cryptography/P256.sol";

import {ISeals} from "./interfaces/ISeals.sol";
import {SealLib} from "./libraries/SealLib.sol";

/// @title Seals
/// @notice Opens sealed keys. Holds nothing; a contract of its own because the curve takes a third of the room that one
/// may have.
contract Seals is ISeals {
    /// @inheritdoc ISeals
    function publicKeyOf(uint256 secret) public view returns (bytes32) {
        return _xOfProduct(secret, bytes32(P256.GX), bytes32(P256.GY));
    }

    /// @inheritdoc ISeals
    function open(bytes calldata sealedKey, uint256 secret) external view returns (bytes32 key, bytes32 buyerKey) {
        SealLib.requireSealed(sealedKey);
        bytes calldata point = sealedKey[:SealLib.POINT_BYTES];
        bytes32 shared = _xOfProduct(secret, bytes32(point[1:33]), bytes32(point[33:65]));
        buyerKey = publicKeyOf(secret);
        key = bytes32(sealedKey[SealLib.POINT_BYTES:]) ^ SealLib.mask(shared, point, buyerKey);
    }

    /// @dev A signature over zero recovers to its own point times s / r. So the product is what (x, scalar · x)
    /// recovers to, or its negative when s is in the upper half; both have the same x coordinate.
    function _xOfProduct(uint256 scalar, bytes32 x, bytes32 y) private view returns (bytes32 product) {
        uint256 s = mulmod(scalar, uint256(x), P256.N);
        if (s > P256.N / 2) s = P256.N - s;
        (product,) = P256.recovery(0, uint8(y[31]) & 1, x, bytes32(s));
    }
}
