// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Terms} from "../interfaces/IFunding.sol";

/// @title TermsLib
/// @notice What follows from a campaign's terms alone.
library TermsLib {
    uint256 internal constant BPS = 10_000;

    /// @dev Fourteen words.
    uint256 private constant SIZE = 14 * 32;

    /// @dev `keccak256(abi.encode(chainId, campaigns, terms))`: the id binds chain and contract, so an acceptance or a
    /// receipt never counts elsewhere. The words are taken as they came: no campaign opens with one that has more bits
    /// than its type, as the event that tells of it refuses them.
    function id(Terms calldata terms, address campaigns) internal view returns (bytes32 id_) {
        uint256 size = SIZE;
        assembly ("memory-safe") {
            let words := mload(0x40)
            mstore(words, chainid())
            mstore(add(words, 0x20), campaigns)
            calldatacopy(add(words, 0x40), terms, size)
            id_ := keccak256(words, add(size, 0x40))
        }
    }

    /// @dev Callers keep `payoutsTotal` within 128 bits, which rules out an overflow.
    function feesDown(Terms calldata terms, uint256 payoutsTotal)
        internal
        pure
        returns (uint256 operatorFee, uint256 protocolFee)
    {
        operatorFee = payoutsTotal * terms.operatorFeeBps / BPS;
        protocolFee = payoutsTotal * terms.protocolFeeBps / BPS;
    }

    /// @dev When the operator has let its time pass, if no dispute stopped the clock.
    function silentFrom(Terms calldata terms) internal pure returns (uint256) {
        return uint256(terms.deadline) + terms.grace;
    }

    /// @dev The workers get as long as the operator had, and a window.
    function registerTime(Terms calldata terms) internal pure returns (uint256) {
        return uint256(terms.grace) + terms.challengeWindow;
    }
}
