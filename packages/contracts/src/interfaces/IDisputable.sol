// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {BatchHeader} from "./IBatches.sol";
import {Terms} from "./IFunding.sol";

/// @title IDisputable
/// @notice What `Disputes` needs of the contract whose batches are challenged.
interface IDisputable {
    /// @notice Stops the clock of a campaign whose pending batch is challenged. Only `Disputes`.
    /// @dev Reverts unless the header is that of the batch pending inside its challenge window.
    /// @return id The campaign's id.
    /// @return batch The batch's hash.
    /// @return proposedAt When the batch was proposed.
    function beginDispute(Terms calldata terms, BatchHeader calldata header)
        external
        returns (bytes32 id, bytes32 batch, uint64 proposedAt);

    /// @notice Lets the clock go on, and drops the batch if it is void. Only `Disputes`.
    /// @dev A void batch costs the operator, with `challenger` as the beneficiary. Not so if that is zero: then nobody
    /// knows whether the batch was right, and the operator has the time since its proposal again.
    function endDispute(bytes32 id, bytes32 batch, bool isVoid, address challenger) external;
}
