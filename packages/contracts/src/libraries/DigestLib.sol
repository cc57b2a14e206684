// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";

import {WorkReceipt} from "../interfaces/IReceipts.sol";
import {ErrorsLib} from "./ErrorsLib.sol";

/// @title DigestLib
/// @notice What operators sign (EIP-712): acceptances in the escrow's own domain, receipts in that of all signatures
/// about work.
library DigestLib {
    bytes32 private constant DOMAIN_TYPEHASH =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");

    bytes32 private constant ACCEPTANCE_TYPEHASH = keccak256("Acceptance(bytes32 campaignId)");

    bytes32 private constant RECEIPT_TYPEHASH = keccak256(
        "WorkReceipt(bytes32 campaignId,address account,bytes32 link,uint64 count,uint256 owedAtLeast,uint64 issuedAt)"
    );

    function acceptance(bytes32 campaignId, address campaigns) internal view returns (bytes32) {
        return _digest(
            keccak256("Tagger Campaigns"), campaigns, keccak256(abi.encode(ACCEPTANCE_TYPEHASH, campaignId))
        );
    }

    function receipt(WorkReceipt calldata receipt_, address campaigns) internal view returns (bytes32) {
        return _digest(keccak256("Tagger"), campaigns, keccak256(abi.encode(RECEIPT_TYPEHASH, receipt_)));
    }

    /// @dev As lenient as `verify` is: either s, and v with or without 27. A receipt that convinced its worker must
    /// convince the contract too, and nothing hangs on there being one signature only.
    function requireSigned(
        WorkReceipt calldata receipt_,
        bytes calldata signature,
        address receiptKey,
        address campaigns
    ) internal view {
        address signer = address(0);
        if (signature.length == 65) {
            uint8 v = uint8(signature[64]);
            signer = ecrecover(
                receipt(receipt_, campaigns), v < 27 ? v + 27 : v, bytes32(signature[:32]), bytes32(signature[32:64])
            );
        }
        // No need to verify that the signer is not zero: no campaign opens with a receipt key that is.
        require(signer == receiptKey, ErrorsLib.InvalidReceipt(receipt_.account, receiptKey, signer));
    }

    function _digest(bytes32 name, address campaigns, bytes32 structHash) private view returns (bytes32) {
        bytes32 domain = keccak256(abi.encode(DOMAIN_TYPEHASH, name, keccak256("1"), block.chainid, campaigns));
        return MessageHashUtils.toTypedDataHash(domain, structHash);
    }
}
