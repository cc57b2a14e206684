// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Terms} from "../interfaces/ICampaigns.sol";

/// @title TermsLib
/// @notice What follows from a campaign's terms alone.
library TermsLib {
    uint256 internal constant BPS = 10_000;

    /// @dev The id binds chain and contract, so an acceptance or a receipt never counts elsewhere.
    function id(Terms calldata terms, address campaigns) internal view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, campaigns, terms));
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
}
