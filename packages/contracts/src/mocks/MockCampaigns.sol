// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {BatchHeader} from "../interfaces/IBatches.sol";
import {Terms} from "../interfaces/IFunding.sol";
import {IDisputable} from "../interfaces/IDisputable.sol";
import {IStaking} from "../interfaces/IStaking.sol";
import {HeaderLib} from "../libraries/HeaderLib.sol";
import {TermsLib} from "../libraries/TermsLib.sol";

/// @title MockCampaigns
/// @notice Campaigns whose pending batches are whatever a test says. For tests.
contract MockCampaigns is IDisputable {
    using HeaderLib for BatchHeader;
    using TermsLib for Terms;

    struct Proposal {
        bytes32 batch;
        address operator;
        uint64 proposedAt;
        uint128 bond;
        bool isDisputed;
    }

    error NotDisputes(address caller);
    error NotDisputable(bytes32 id, bytes32 batch);

    event DisputeBegan(bytes32 indexed id, bytes32 indexed batch);
    event DisputeEnded(bytes32 indexed id, bytes32 indexed batch, bool isVoid, address challenger);

    IStaking public immutable staking;
    address public immutable disputes;
    mapping(bytes32 id => Proposal) public proposals;

    constructor(IStaking staking_, address disputes_) {
        staking = staking_;
        disputes = disputes_;
    }

    /// @notice Makes a batch pending, with a bond of its operator behind it.
    function propose(Terms calldata terms, BatchHeader calldata header, uint128 bond) external {
        staking.lock(terms.operator, bond);
        proposals[terms.id(address(this))] =
            Proposal(header.hash(), terms.operator, uint64(block.timestamp), bond, false);
    }

    function beginDispute(Terms calldata terms, BatchHeader calldata header)
        external
        returns (bytes32 id, bytes32 batch, uint64 proposedAt)
    {
        require(msg.sender == disputes, NotDisputes(msg.sender));
        (id, batch) = (terms.id(address(this)), header.hash());
        Proposal storage proposal = proposals[id];
        require(proposal.batch == batch && !proposal.isDisputed, NotDisputable(id, batch));
        proposal.isDisputed = true;
        proposedAt = proposal.proposedAt;
        emit DisputeBegan(id, batch);
    }

    function endDispute(bytes32 id, bytes32 batch, bool isVoid, address challenger) external {
        require(msg.sender == disputes, NotDisputes(msg.sender));
        Proposal memory proposal = proposals[id];
        require(proposal.batch == batch && proposal.isDisputed, NotDisputable(id, batch));
        proposals[id].isDisputed = false;
        if (isVoid) delete proposals[id];
        emit DisputeEnded(id, batch, isVoid, challenger);
        if (!isVoid) return;
        if (challenger == address(0)) staking.unlock(proposal.operator, proposal.bond);
        else staking.slash(proposal.operator, proposal.bond, proposal.bond, challenger, proposal.bond / 2);
    }
}
