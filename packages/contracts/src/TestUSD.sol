// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

import {ErrorsLib} from "./libraries/ErrorsLib.sol";

/// @title TestUSD
/// @notice A stablecoin for the local network, free for everyone, and impossible to deploy anywhere else.
contract TestUSD is ERC20, ERC20Permit {
    constructor() ERC20("Test USD", "tUSD") ERC20Permit("Test USD") {
        require(block.chainid == 31337, ErrorsLib.LocalChainOnly(block.chainid));
    }

    /// @notice Mints `amount` to `to`. Anyone may.
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    /// @notice Six decimals, like the stablecoins it stands in for.
    function decimals() public pure override returns (uint8) {
        return 6;
    }
}
