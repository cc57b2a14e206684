// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {BatchHeader} from "./IBatches.sol";
import {Permit, Terms} from "./IFunding.sol";
import {IDisputable} from "./IDisputable.sol";
import {IParameters} from "./IParameters.sol";
import {IStaking} from "./IStaking.sol";

/// @notice Where a dispute stands, and how it ended.
enum Outcome {
    None,
    /// @dev Votes are being committed or revealed, or wait to be counted.
    Open,
    /// @dev The batch stands.
    Upheld,
    /// @dev The batch is void and the operator was slashed.
    Void,
    /// @dev Too few voted, twice: the batch is void and the operator is not slashed.
    Undecided
}

/// @notice A validator's answer to the one question: does `verify` pass on the anchored bundle?
enum Choice {
    None,
    Valid,
    Invalid
}

/// @notice What is remembered of a dispute. Amounts and weights are in TAG.
/// @dev Everything taken from the parameters is copied when the dispute starts.
struct Dispute {
    bytes32 campaignId;
    bytes32 batch;
    address challenger;
    /// @dev When the batch was proposed: weights are those of the second before.
    uint64 proposedAt;
    Outcome outcome;
    /// @dev 1, or 2 when too few voted in the first.
    uint8 round;
    /// @dev What a lost or unrevealed vote costs, in basis points of its weight.
    uint16 slashBps;
    /// @dev The part of `totalWeight` that must vote, in basis points.
    uint16 quorumBps;
    address operator;
    uint64 commitEnds;
    address requester;
    uint64 revealEnds;
    uint64 commitTime;
    uint64 revealTime;
    uint128 bond;
    /// @dev The weight of all validators but the parties.
    uint128 totalWeight;
    uint128 validWeight;
    uint128 invalidWeight;
    /// @dev What there is for those who voted with the majority. Grows as the others are settled.
    uint128 pool;
}

/// @notice What is remembered of a vote.
struct Ballot {
    bytes32 commitment;
    uint112 weight;
    /// @dev What is locked in `Staking` for it.
    uint112 atRisk;
    uint8 round;
    Choice choice;
    bool isSettled;
    /// @dev What the voter was paid from the pool.
    uint128 paid;
}

/// @title IDisputes
/// @notice Anyone may challenge a pending batch with a bond; validators vote whether it stands.
/// @dev What the contract relies on, and what it does not:
/// - The question has an answer everyone can compute: `verify` passes on the anchored bundle, or it does not. Whoever
/// cannot get the bytes votes no.
/// - A vote weighs what its validator had locked in the second before the batch was proposed, so nobody buys weight for
/// a dispute they see coming. Delegated stake has no weight. Operator, requester and challenger have none either.
/// - Votes are secret until revealed. Not revealing always costs what losing costs at most; losing costs something only when
/// more than two thirds of the weight revealed was on the other side.
/// - Nothing here is paid in a loop: each voter is settled alone, by anyone, whenever.
/// - A dispute always ends: after two rounds at the latest, by anyone's call, whoever stays away.
/// - Warning: validators with more than half of the weight that votes decide, right or wrong. What they can do at
/// worst is to let a wrong batch stand or to void a right one; they cannot direct a campaign's money.
interface IDisputes {
    /* EVENTS */

    /// @notice Emitted when a batch is challenged.
    /// @param reason What the challenger found, for people to read.
    event Challenged(
        bytes32 indexed id, bytes32 indexed campaignId, bytes32 indexed batch, address challenger, string reason
    );

    /// @notice Emitted when a round of voting starts.
    event RoundStarted(bytes32 indexed id, uint8 round, uint64 commitEnds, uint64 revealEnds);

    /// @notice Emitted when a validator commits a vote.
    event VoteCommitted(bytes32 indexed id, address indexed voter, uint256 weight, bytes32 commitment);

    /// @notice Emitted when a validator reveals its vote.
    event VoteRevealed(bytes32 indexed id, address indexed voter, bool isValid, uint256 weight);

    /// @notice Emitted when the votes have been counted and the batch stands or falls.
    event DisputeResolved(bytes32 indexed id, Outcome outcome, uint256 validWeight, uint256 invalidWeight);

    /// @notice Emitted when what a voter had at risk is released, less what it lost.
    event VoteSettled(bytes32 indexed id, address indexed voter, uint256 slashed);

    /// @notice Emitted when a voter is paid from a dispute's pool.
    event RewardPaid(bytes32 indexed id, address indexed voter, uint256 amount);

    /// @notice Emitted when what bonds have credited to an account is paid to it.
    event CreditPaid(address indexed account, uint256 amount);

    /* VOTING */

    /// @notice Challenges a pending batch inside its window and puts the bond at risk. Once per proposal.
    /// @dev The bond comes back if the batch is void, with a part of the operator's slash unless the challenger is the
    /// requester; half of it comes back if too few vote; none of it if the batch stands.
    /// @dev Warning: the operator cannot challenge its own batch, but whoever holds its keys may use another account.
    /// It then pays half of the slash to the treasury.
    /// @param reason What the challenger found, for people to read. Not stored.
    /// @param permit Saves an approval of the bond.
    /// @return id The dispute's id, which follows from the proposal.
    function challenge(
        Terms calldata terms,
        BatchHeader calldata header,
        string calldata reason,
        Permit calldata permit
    ) external returns (bytes32 id);

    /// @notice Commits the caller's vote and locks the part of its validator stake the vote may cost.
    /// @param commitment `keccak256(abi.encode(id, caller, isValid, salt))`: nobody can copy it and reveal it as theirs.
    /// @dev Warning: keep the salt. A vote that is not revealed is a vote that lost.
    function commitVote(bytes32 id, bytes32 commitment) external;

    /// @notice Reveals the caller's vote once nobody can commit any more.
    function revealVote(bytes32 id, bool isValid, bytes32 salt) external;

    /// @notice Counts the votes once they are revealed. Anyone may.
    /// @dev Without a quorum a second round of double length starts, in which those vote who have not voted yet;
    /// without one again the batch is void. A tie lets the batch stand: who challenges has to convince.
    function resolve(bytes32 id) external;

    /* PAYMENTS */

    /// @notice Releases or slashes what a voter had at risk, and pays its share of the pool so far. Anyone may.
    /// @dev The pool grows as others are settled, so this may be called again for the same voter.
    function settle(bytes32 id, address voter) external;

    /// @notice Pays an account what bonds have credited to it. Anyone may, for anyone.
    function collect(address account) external;

    /* VIEWS */

    /// @notice The contract whose batches are challenged.
    function campaigns() external view returns (IDisputable);

    /// @notice Where validators' stake is.
    function staking() external view returns (IStaking);

    /// @notice The parameters disputes start with.
    function parameters() external view returns (IParameters);

    /// @notice The id of a dispute about this proposal, whether there is one or not.
    function disputeId(bytes32 campaignId, bytes32 batch, uint64 proposedAt) external view returns (bytes32);

    /// @notice What is remembered of a dispute. All zero if there never was one.
    function disputes(bytes32 id) external view returns (Dispute memory);

    /// @notice What is remembered of a vote. All zero if there is none.
    function ballots(bytes32 id, address voter) external view returns (Ballot memory);

    /// @notice What bonds have credited to an account and it has not collected.
    function credits(address account) external view returns (uint256);
}
