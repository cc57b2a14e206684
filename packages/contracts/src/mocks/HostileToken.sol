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
/// @notice An ERC-20 that plays a trick whenever a given account sends or receives it, can be paused, counts in whatever
/// unit it likes, and rebases: one stroke changes what everybody owns. For tests.
contract HostileToken is ERC20("Hostile", "EVIL") {
    /// @dev Everybody owns what is written down for them, times `scale`, over this.
    uint256 private constant ONE = 1_000_000;

    uint256 public scale = ONE;
    bool public paused;
    mapping(address account => Trick) public tricks;
    address public reentryTarget;
    bytes public reentryData;
    bool public reentrySucceeded;
    bytes public reentryResult;

    uint256 private _sink;
    uint8 private _decimals = 18;

    function mint(address to, uint256 amount) external {
        _mint(to, _written(amount));
    }

    function setDecimals(uint8 value) external {
        _decimals = value;
    }

    function setPaused(bool value) external {
        paused = value;
    }

    /// @notice Sets what each million written down is worth from now on.
    function rebase(uint256 value) external {
        scale = value;
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

    function decimals() public view override returns (uint8) {
        return _decimals;
    }

    function balanceOf(address account) public view override returns (uint256) {
        return super.balanceOf(account) * scale / ONE;
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
        if (paused) revert("paused");
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

        _transfer(from, to, _written(amount));
        if (trick == Trick.TaxReceiver) _burn(to, 1);
        if (trick == Trick.TaxSender) _burn(from, 1);
        if (trick == Trick.ReturnNothing) {
            assembly {
                return(0, 0)
            }
        }
        return true;
    }

    /// @dev Rounded up, so that a sender owns enough less.
    function _written(uint256 amount) private view returns (uint256) {
        return (amount * ONE + scale - 1) / scale;
    }
}
