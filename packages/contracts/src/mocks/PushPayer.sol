// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title PushPayer
/// @notice Settlement as comparable systems do it: keeps a hash of the results and pays many accounts in one call. For
/// the benchmark that compares.
contract PushPayer {
    using SafeERC20 for IERC20;

    mapping(uint256 round => bytes32 resultsHash) public results;
    uint256 private _rounds;

    event Paid(address indexed account, uint256 amount);

    function pay(IERC20 token, address[] calldata accounts, uint256[] calldata amounts, bytes32 resultsHash) external {
        results[_rounds++] = resultsHash;
        for (uint256 i = 0; i < accounts.length; ++i) {
            token.safeTransferFrom(msg.sender, accounts[i], amounts[i]);
            emit Paid(accounts[i], amounts[i]);
        }
    }
}
