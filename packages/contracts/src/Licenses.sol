// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";

import {IERC5643} from "./interfaces/IERC5643.sol";
import {IParameters} from "./interfaces/IParameters.sol";
import {IPassports} from "./interfaces/IPassports.sol";
import {Offers} from "./licenses/Offers.sol";
import {Usage} from "./licenses/Usage.sol";

/// @title Licenses
/// @notice ERC-721 licenses of datasets, sold in escrow.
/// @dev Made of parts, each a file and built on the one before: Offers, Revenue, Sales, Usage.
contract Licenses is Usage {
    constructor(IPassports passports_, IParameters parameters_)
        ERC721("Tagger License", "TAGL")
        Offers(passports_, parameters_)
    {}

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) public view override(IERC165, ERC721) returns (bool) {
        return interfaceId == type(IERC5643).interfaceId || super.supportsInterface(interfaceId);
    }
}
