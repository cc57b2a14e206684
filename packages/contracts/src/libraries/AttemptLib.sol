// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title AttemptLib
/// @notice Calls the contract itself so that a failure costs a bounded amount of gas and leaves no effect behind.
library AttemptLib {
    /// @dev Several times what a payment in a token with hooks and a deep proof costs.
    uint256 internal constant MAX_GAS = 500_000;

    /// @dev As much as any of our errors needs. More would let a token make the caller pay for copying.
    uint256 internal constant MAX_REASON = 256;

    function attempt(bytes memory call_) internal returns (bool success, bytes memory reason) {
        uint256 maxGas = MAX_GAS;
        uint256 maxReason = MAX_REASON;
        assembly ("memory-safe") {
            success := call(maxGas, address(), 0, add(call_, 0x20), mload(call_), 0, 0)
            if iszero(success) {
                let size := returndatasize()
                if gt(size, maxReason) { size := maxReason }
                reason := mload(0x40)
                mstore(reason, size)
                returndatacopy(add(reason, 0x20), 0, size)
                mstore(0x40, add(add(reason, 0x20), and(add(size, 0x1f), not(0x1f))))
            }
        }
    }
}
