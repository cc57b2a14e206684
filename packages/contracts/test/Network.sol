// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Campaigns} from "../src/Campaigns.sol";
import {Disputes} from "../src/Disputes.sol";
import {Parameters} from "../src/Parameters.sol";
import {Staking} from "../src/Staking.sol";
import {TagToken} from "../src/TagToken.sol";

/// @notice The contracts that know one another, deployed as a deployer would: addresses follow from its nonce.
contract Network {
    Parameters public immutable parameters;
    TagToken public immutable tagToken;
    Staking public immutable staking;
    Campaigns public immutable campaigns;
    Disputes public immutable disputes;

    constructor(address owner, address treasury) {
        parameters = new Parameters(owner, treasury, 10);
        tagToken = new TagToken(address(this));
        staking = new Staking(address(tagToken), parameters, _addressAt(4), _addressAt(5));
        campaigns = new Campaigns(parameters, staking, _addressAt(5));
        disputes = new Disputes(campaigns, staking);
    }

    /// @notice TAG for whoever asks.
    function give(address to, uint256 amount) external {
        tagToken.transfer(to, amount);
    }

    /// @dev RLP of the deployer and a nonce below 128. A contract's first is 1.
    function _addressAt(uint8 nonce) private view returns (address) {
        return address(uint160(uint256(keccak256(abi.encodePacked(hex"d694", address(this), nonce)))));
    }
}
