// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {Permit} from "../interfaces/IFunding.sol";
import {ErrorsLib} from "./ErrorsLib.sol";

/// @title TransferLib
/// @notice Moves tokens that may be hostile: exactly the amount, or not at all.
library TransferLib {
    using SafeERC20 for IERC20;

    /// @dev Takes `amount` from the caller. A permit that fails is no reason to stop: someone may have used it first,
    /// and if the allowance is missing the transfer says so.
    function pull(address token, uint256 amount, Permit calldata permit) internal {
        if (amount != 0 && permit.deadline != 0) {
            try IERC20Permit(token).permit(
                msg.sender, address(this), permit.value, permit.deadline, permit.v, permit.r, permit.s
            ) {} catch {}
        }
        pull(token, amount);
    }

    /// @dev Takes `amount` from the caller, who has allowed it.
    function pull(address token, uint256 amount) internal {
        if (amount == 0) return;
        uint256 held = balanceOf(token, address(this));
        IERC20(token).safeTransferFrom(msg.sender, address(this), amount);
        _requireBalance(token, address(this), held + amount);
    }

    /// @dev Pays `amount` to `to`. Paying the contract itself fails, as its balance does not change.
    function push(address token, address to, uint256 amount) internal {
        push(token, to, amount, balanceOf(token, address(this)));
    }

    /// @dev For a caller that knows what it holds of the token. Saying it wrong makes the payment fail.
    function push(address token, address to, uint256 amount, uint256 held) internal {
        uint256 owned = balanceOf(token, to);
        IERC20(token).safeTransfer(to, amount);
        _requireBalance(token, address(this), held - amount);
        _requireBalance(token, to, owned + amount);
    }

    function _requireBalance(address token, address account, uint256 expected) private view {
        uint256 balance = balanceOf(token, account);
        require(balance == expected, ErrorsLib.InexactTransfer(token, account, expected, balance));
    }

    /// @dev `IERC20.balanceOf`, in scratch space: it is read four times a payment.
    function balanceOf(address token, address account) internal view returns (uint256 units) {
        bytes4 selector = IERC20.balanceOf.selector;
        bool success;
        assembly ("memory-safe") {
            mstore(0x00, selector)
            mstore(0x04, account)
            success := and(gt(returndatasize(), 0x1f), staticcall(gas(), token, 0x00, 0x24, 0x00, 0x20))
            units := mload(0x00)
        }
        require(success, ErrorsLib.NotAToken(token));
    }
}
