// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// @title TagToken
/// @notice TAG: a fixed supply, minted once. No owner, nothing to change.
contract TagToken is ERC20, ERC20Permit {
    uint256 private constant SUPPLY = 405_380_800_000e18;

    constructor(address receiver) ERC20("Tagger", "TAG") ERC20Permit("Tagger") {
        _mint(receiver, SUPPLY);
    }
}
