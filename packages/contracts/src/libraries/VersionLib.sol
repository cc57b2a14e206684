// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Source, Version} from "../interfaces/IPassports.sol";
import {TermsLib} from "./TermsLib.sol";

/// @title VersionLib
/// @notice What follows from a version of a passport alone.
library VersionLib {
    /// @dev A part of everything: all of the weight times all of the contributors' part.
    uint256 internal constant WHOLE = TermsLib.BPS * TermsLib.BPS;

    function hash(Version calldata version) internal pure returns (bytes32) {
        return keccak256(abi.encode(version));
    }

    /// @notice What the people behind a source are due of a sale, in parts of `WHOLE`.
    function part(Source calldata source) internal pure returns (uint256) {
        return uint256(source.weight) * source.contributorsBps;
    }

    /// @dev Weights add up to `BPS` at most, so this is no more than `WHOLE`.
    function contributorsPart(Version calldata version) internal pure returns (uint256 sum) {
        for (uint256 i = 0; i < version.sources.length; ++i) sum += part(version.sources[i]);
    }

    /// @dev What the source with this batch has of what a version's pool ever received; zero if there is none.
    function receivedDown(Version calldata version, bytes32 batch, uint256 pool) internal pure returns (uint256) {
        for (uint256 i = 0; i < version.sources.length; ++i) {
            if (version.sources[i].batch != batch) continue;
            // A pool that received something has a part above zero: it is by their parts that it receives.
            return pool == 0 ? 0 : Math.mulDiv(pool, part(version.sources[i]), contributorsPart(version));
        }
        return 0;
    }
}
