// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

interface Vm {
    function warp(uint256 timestamp) external;
    function prank(address sender) external;
    function addr(uint256 key) external pure returns (address);
    function sign(uint256 key, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);
    function getNonce(address account) external view returns (uint64);
    function computeCreateAddress(address deployer, uint256 nonce) external pure returns (address);
}

/// @notice Which functions of a contract an invariant's history is made of.
struct FuzzSelector {
    address addr;
    bytes4[] selectors;
}

/// @notice The little that Solidity tests need: cheats, labelled asserts, bounds.
abstract contract TestBase {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    error Different(string what, uint256 left, uint256 right);
    error NotAtMost(string what, uint256 left, uint256 right);

    function assertEq(uint256 left, uint256 right, string memory what) internal pure {
        require(left == right, Different(what, left, right));
    }

    function assertLe(uint256 left, uint256 right, string memory what) internal pure {
        require(left <= right, NotAtMost(what, left, right));
    }

    /// @dev Folds any number into `[min, max]`.
    function bound(uint256 value, uint256 min, uint256 max) internal pure returns (uint256) {
        uint256 size = max - min + 1;
        return size == 0 ? value : min + value % size;
    }
}
