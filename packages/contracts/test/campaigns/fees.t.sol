// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Campaigns} from "../../src/Campaigns.sol";
import {Terms} from "../../src/interfaces/IFunding.sol";
import {Network} from "../Network.sol";
import {TestBase} from "../TestBase.sol";

/// @notice What must be true of fees for any rate and any amount.
contract FeesTest is TestBase {
    Campaigns private _campaigns;

    function setUp() public {
        _campaigns = new Network(address(this), address(1)).campaigns();
    }

    function testFuzz_feesAreTheLargestWholeNumberWithinTheRate(uint256 total, uint256 rate, uint256 protocolRate)
        public
        view
    {
        total = bound(total, 0, type(uint128).max);
        Terms memory terms = _terms(bound(rate, 0, 1_500), bound(protocolRate, 0, 500));
        (uint256 operatorFee, uint256 protocolFee) = _campaigns.feesOn(terms, total);

        assertLe(operatorFee * 10_000, total * terms.operatorFeeBps, "operator fee");
        assertLe(total * terms.operatorFeeBps, operatorFee * 10_000 + 9_999, "operator fee is not less");
        assertLe(protocolFee * 10_000, total * terms.protocolFeeBps, "protocol fee");
        assertLe(total * terms.protocolFeeBps, protocolFee * 10_000 + 9_999, "protocol fee is not less");
        assertLe((operatorFee + protocolFee) * 5, total, "a fifth at most");
    }

    function testFuzz_feesNeverFallAsPayGrows(uint256 total, uint256 more, uint256 rate) public view {
        total = bound(total, 0, type(uint120).max);
        more = bound(more, 0, type(uint120).max);
        Terms memory terms = _terms(bound(rate, 0, 1_500), 250);
        (uint256 before, uint256 protocolBefore) = _campaigns.feesOn(terms, total);
        (uint256 later, uint256 protocolLater) = _campaigns.feesOn(terms, total + more);
        assertLe(before, later, "operator fee");
        assertLe(protocolBefore, protocolLater, "protocol fee");
    }

    function testFuzz_everyTermIsInTheId(uint256 field) public view {
        Terms memory terms = _terms(100, 250);
        bytes32 id = _campaigns.campaignId(terms);
        bytes memory encoded = abi.encode(terms);
        // Each of the fourteen words, changed in its lowest bit: the narrowest field keeps it in range.
        uint256 offset = 32 + 32 * bound(field, 0, 13);
        assembly {
            let word := add(encoded, offset)
            mstore(word, xor(mload(word), 1))
        }
        Terms memory changed = abi.decode(encoded, (Terms));
        require(_campaigns.campaignId(changed) != id, "two campaigns with one id");
    }

    function _terms(uint256 operatorFeeBps, uint256 protocolFeeBps) private pure returns (Terms memory terms) {
        terms.operatorFeeBps = uint16(operatorFeeBps);
        terms.protocolFeeBps = uint16(protocolFeeBps);
    }
}
