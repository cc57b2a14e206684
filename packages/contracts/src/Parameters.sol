// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

import {IParameters} from "./interfaces/IParameters.sol";
import {ErrorsLib} from "./libraries/ErrorsLib.sol";

/// @title Parameters
/// @notice The network's numbers and the bounds nobody can move them out of.
contract Parameters is IParameters, Ownable {
    uint256 private constant MAX_PROTOCOL_FEE_BPS = 500;
    uint256 private constant MAX_OPERATOR_FEE_BPS = 1_500;
    uint256 private constant MIN_CHALLENGE_WINDOW = 10 seconds;
    /// @dev The shortest window may be set no higher than this, so that governance cannot slow everyone down.
    uint256 private constant MAX_MIN_CHALLENGE_WINDOW = 7 days;
    uint256 private constant MAX_CHALLENGE_WINDOW = 14 days;

    /* STORAGE */

    /// @inheritdoc IParameters
    uint16 public protocolFeeBps;

    /// @inheritdoc IParameters
    uint16 public maxOperatorFeeBps;

    /// @inheritdoc IParameters
    uint64 public minChallengeWindow;

    /// @inheritdoc IParameters
    uint64 public maxChallengeWindow;

    /// @inheritdoc IParameters
    address public treasury;

    /// @dev The longest window is set first: the shortest is checked against it.
    constructor(address owner, address treasury_, uint64 minChallengeWindow_) Ownable(owner) {
        _setProtocolFeeBps(250);
        _setMaxOperatorFeeBps(1_000);
        _setMaxChallengeWindow(14 days);
        _setMinChallengeWindow(minChallengeWindow_);
        _setTreasury(treasury_);
    }

    /* SETTERS */

    /// @inheritdoc IParameters
    function setProtocolFeeBps(uint16 value) external onlyOwner {
        _setProtocolFeeBps(value);
    }

    /// @inheritdoc IParameters
    function setMaxOperatorFeeBps(uint16 value) external onlyOwner {
        _setMaxOperatorFeeBps(value);
    }

    /// @inheritdoc IParameters
    function setMinChallengeWindow(uint64 value) external onlyOwner {
        _setMinChallengeWindow(value);
    }

    /// @inheritdoc IParameters
    function setMaxChallengeWindow(uint64 value) external onlyOwner {
        _setMaxChallengeWindow(value);
    }

    /// @inheritdoc IParameters
    function setTreasury(address value) external onlyOwner {
        _setTreasury(value);
    }

    /* INTERNAL */

    function _setProtocolFeeBps(uint16 value) private {
        _announce("protocolFeeBps", value, 0, MAX_PROTOCOL_FEE_BPS);
        protocolFeeBps = value;
    }

    function _setMaxOperatorFeeBps(uint16 value) private {
        _announce("maxOperatorFeeBps", value, 0, MAX_OPERATOR_FEE_BPS);
        maxOperatorFeeBps = value;
    }

    function _setMinChallengeWindow(uint64 value) private {
        uint256 max = maxChallengeWindow < MAX_MIN_CHALLENGE_WINDOW ? maxChallengeWindow : MAX_MIN_CHALLENGE_WINDOW;
        _announce("minChallengeWindow", value, MIN_CHALLENGE_WINDOW, max);
        minChallengeWindow = value;
    }

    function _setMaxChallengeWindow(uint64 value) private {
        uint256 min = minChallengeWindow < MIN_CHALLENGE_WINDOW ? MIN_CHALLENGE_WINDOW : minChallengeWindow;
        _announce("maxChallengeWindow", value, min, MAX_CHALLENGE_WINDOW);
        maxChallengeWindow = value;
    }

    function _setTreasury(address value) private {
        require(value != address(0), ErrorsLib.ZeroAddress());
        _announce("treasury", uint160(value), 1, type(uint160).max);
        treasury = value;
    }

    function _announce(bytes32 name, uint256 value, uint256 min, uint256 max) private {
        require(value >= min && value <= max, ErrorsLib.OutOfBounds(name, value, min, max));
        emit ParameterSet(name, value);
    }
}
