// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Books} from "./campaigns/Books.sol";
import {Contests} from "./campaigns/Contests.sol";
import {Funding} from "./campaigns/Funding.sol";
import {Payments} from "./campaigns/Payments.sol";
import {BatchHeader} from "./interfaces/IBatches.sol";
import {Status} from "./interfaces/IBooks.sol";
import {ICampaigns} from "./interfaces/ICampaigns.sol";
import {Terms} from "./interfaces/IFunding.sol";
import {IParameters} from "./interfaces/IParameters.sol";
import {IStaking} from "./interfaces/IStaking.sol";
import {ErrorsLib} from "./libraries/ErrorsLib.sol";
import {HeaderLib} from "./libraries/HeaderLib.sol";
import {TermsLib} from "./libraries/TermsLib.sol";

/// @title Campaigns
/// @notice One shared escrow for all campaigns.
/// @dev Made of parts, each a file: Books, which the others build on; Funding; Batches; Contests and Receipts, which build
/// on Batches; Payments, which reduce what is due for receipts. What is left here moves all clocks.
contract Campaigns is ICampaigns, Funding, Contests, Payments {
    using HeaderLib for BatchHeader;
    using TermsLib for Terms;

    constructor(IParameters parameters_, IStaking staking_, address disputes_) Books(parameters_, staking_, disputes_) {}

    /// @inheritdoc ICampaigns
    function advance(Terms calldata terms, BatchHeader calldata header) external {
        (bytes32 id, Book storage book) = _bookOf(terms);
        bool moved = _isDue(id, book, terms, header);
        if (moved) _finalize(id, book, terms, header, header.hash());
        if (book.status == Status.Open && block.timestamp >= terms.deadline) {
            _close(id, book);
            moved = true;
        }
        if (_isSilent(id, book, terms)) {
            _fallSilent(id, book, terms);
            moved = true;
        }
        if (book.status == Status.Silent && block.timestamp >= _checkUntil(book, terms)) {
            _closeSilent(id, book, terms);
            moved = true;
        }
        require(moved, ErrorsLib.NothingToAdvance(id));
    }
}
