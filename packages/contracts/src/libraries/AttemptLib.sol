// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ErrorsLib} from "./ErrorsLib.sol";

/// @title AttemptLib
/// @notice Calls the contract itself so that a failure costs a bounded amount of gas and leaves no effect behind.
library AttemptLib {
    /// @dev Several times what a payment in a token with hooks and a deep proof costs.
    uint256 internal constant MAX_GAS = 500_000;

    /// @dev `MAX_GAS` and the 64th that a call leaves behind, with something to spare for making the call.
    uint256 internal constant MIN_GAS_LEFT = MAX_GAS * 64 / 63 + 10_000;

    /// @dev As much as any of our errors needs. More would let a token make the caller pay for copying.
    uint256 internal constant MAX_REASON = 256;

    /// @dev Reverts when there is not enough gas for a full attempt. Otherwise an attempt could fail for want of gas
    /// alone, and gas estimates, which look for the least that goes through, would settle on passing payees over.
    /// @return success Whether it went through.
    /// @return result The first word it returned, if it did.
    /// @return reason The start of what it reverted with, if it did not.
    function attempt(bytes memory call_) internal returns (bool success, uint256 result, bytes memory reason) {
        require(gasleft() >= MIN_GAS_LEFT, ErrorsLib.NotEnoughGas(gasleft(), MIN_GAS_LEFT));
        uint256 maxGas = MAX_GAS;
        uint256 maxReason = MAX_REASON;
        assembly ("memory-safe") {
            success := call(maxGas, address(), 0, add(call_, 0x20), mload(call_), 0, 0x20)
            result := mload(0)
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
