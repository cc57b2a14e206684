// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @notice What a token may do when an account takes part in a transfer.
enum Trick {
    None,
    /// @dev Refuses, as a blacklist does.
    Refuse,
    /// @dev Refuses by returning false.
    ReturnFalse,
    /// @dev Moves nothing and says it did.
    Lie,
    /// @dev The receiver gets one unit less.
    TaxReceiver,
    /// @dev The sender pays one unit more.
    TaxSender,
    /// @dev Burns all gas it is given.
    BurnGas,
    /// @dev Reverts with a hundred thousand bytes.
    ReturnBomb,
    /// @dev Calls `reentryTarget` with `reentryData`, keeps the outcome, then transfers.
    Reenter,
    /// @dev Returns nothing, as some widely used tokens do.
    ReturnNothing
}

/// @title HostileToken
/// @notice An ERC-20 that plays a trick whenever a given account sends or receives it. For tests.
contract HostileToken is ERC20("Hostile", "EVIL") {
    mapping(address account => Trick) public tricks;
    address public reentryTarget;
    bytes public reentryData;
    bool public reentrySucceeded;
    bytes public reentryResult;

    uint256 private _sink;

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function setTrick(address account, Trick trick) external {
        tricks[account] = trick;
    }

    function setReentry(address target, bytes calldata data) external {
        reentryTarget = target;
        reentryData = data;
    }

    /// @notice Takes from `account` what nobody allowed, like a token that shrinks.
    function shrink(address account, uint256 amount) external {
        _burn(account, amount);
    }

    function transfer(address to, uint256 amount) public override returns (bool) {
        return _trick(msg.sender, to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) public override returns (bool) {
        _spendAllowance(from, msg.sender, amount);
        return _trick(from, to, amount);
    }

    function _trick(address from, address to, uint256 amount) private returns (bool) {
        Trick trick = tricks[to] != Trick.None ? tricks[to] : tricks[from];
        if (trick == Trick.Refuse) revert("refused");
        if (trick == Trick.ReturnFalse) return false;
        if (trick == Trick.Lie) return true;
        if (trick == Trick.BurnGas) while (true) _sink += 1;
        if (trick == Trick.ReturnBomb) {
            assembly {
                revert(0, 100000)
            }
        }
        if (trick == Trick.Reenter) (reentrySucceeded, reentryResult) = reentryTarget.call(reentryData);

        _transfer(from, to, amount);
        if (trick == Trick.TaxReceiver) _burn(to, 1);
        if (trick == Trick.TaxSender) _burn(from, 1);
        if (trick == Trick.ReturnNothing) {
            assembly {
                return(0, 0)
            }
        }
        return true;
    }
}
