"""What workers signed: delegations, chains, heads, receipts, payloads."""

import hashlib
import re

import shapes
from cbor import NotCanonical, decode
from curves import recover_address, verify_es256
from fault import Fault
from keccak import keccak256
from merkle import hexed, raw, typed_digest, word

_SESSION_KEY = (
    "SessionKey(address account,bytes publicKey,bytes32 scope,uint64 notBefore,uint64 notAfter,uint256 nonce)"
)
_RECEIPT = (
    "WorkReceipt(bytes32 campaignId,address account,bytes32 link,uint64 count,uint256 owedAtLeast,uint64 issuedAt)"
)


def _sha256(data):
    return hexed(hashlib.sha256(data).digest())


def first_link(campaign, account):
    """The link before a worker's first record."""
    return _sha256(b"tagger/chain/1" + raw(campaign) + raw(account))


def verify_worker(worker, campaign, deployment, terms, cut_at, before):
    """Checks one worker's segment; `before` is (count, link) of the last final batch."""
    account, delegation, head, receipt = (worker[name] for name in ("account", "delegation", "head", "receipt"))
    place = {"account": account, "seq": head["count"]}
    if delegation["account"] != account or delegation["publicKey"] != head["publicKey"]:
        raise Fault("delegation-invalid", **place)
    if not _is_delegated(delegation, deployment):
        raise Fault("delegation-invalid", **place)
    _verify_links(worker, before)
    message = b"tagger/head/1" + raw(campaign) + head["count"].to_bytes(8, "big") + raw(head["link"])
    if not verify_es256(raw(head["publicKey"]), message, raw(head["signature"])):
        raise Fault("head-signature-invalid", **place)
    is_answer = (
        receipt["campaignId"] == campaign
        and receipt["account"] == account
        and receipt["count"] == head["count"]
        and receipt["link"] == head["link"]
        and receipt["issuedAt"] <= cut_at
    )
    if not is_answer or not _is_receipted(receipt, deployment, terms["receiptKey"]):
        raise Fault("receipt-invalid", **place)
    is_in_scope = delegation["scope"] in (hexed(bytes(32)), campaign)
    if not is_in_scope or not delegation["notBefore"] <= receipt["issuedAt"] <= delegation["notAfter"]:
        raise Fault("session-key-expired", **place)


def _is_delegated(key, deployment):
    if not re.fullmatch("0x04[0-9a-f]{128}", key["publicKey"]):
        return False
    words = [word(key["account"]), keccak256(raw(key["publicKey"])), raw(key["scope"])]
    words += [word(key[name]) for name in ("notBefore", "notAfter", "nonce")]
    signer = recover_address(typed_digest(deployment, _SESSION_KEY, words), raw(key["signature"]))
    return signer == raw(key["account"])


def _is_receipted(receipt, deployment, receipt_key):
    words = [word(receipt[name]) for name in ("campaignId", "account", "link", "count", "owedAtLeast", "issuedAt")]
    signer = recover_address(typed_digest(deployment, _RECEIPT, words), raw(receipt["signature"]))
    return signer == raw(receipt_key)


def _verify_links(worker, before):
    account, head = worker["account"], worker["head"]
    count, link = worker["from"]["count"], worker["from"]["link"]
    if (count, link) != before:
        raise Fault("chain-gap", account=account, seq=count + 1)
    hashes, links = worker["payloadHashes"], worker["links"]
    length = max(len(hashes), len(links))
    for at in range(length):
        if at < len(hashes):
            link = _sha256(raw(link) + raw(hashes[at]))
        if at >= len(hashes) or at >= len(links) or links[at] != link:
            raise Fault("link-mismatch", account=account, seq=count + at + 1)
    if (head["count"], head["link"]) != (count + length, link):
        raise Fault("head-mismatch", account=account, seq=min(head["count"], count + length + 1))


def open_payloads(settled, payloads, campaign):
    """The records of payloads that are there, and how many are not."""
    records, erased = [], 0
    for entry in settled:
        place = {"account": entry["account"], "seq": entry["seq"]}
        payload = payloads.get(raw(entry["payloadHash"]))
        if payload is None:
            erased += 1
            continue
        record = _read_record(payload)
        item = {} if record is None else {"item": record["item"]}
        if _sha256(payload) != entry["payloadHash"]:
            raise Fault("payload-mismatch", **place, **item)
        if record is None or any(
            record[name] != value for name, value in {"campaign": campaign, **place}.items()
        ):
            raise Fault("record-invalid", **place, **item)
        records.append(record)
    return records, erased


def _read_record(payload):
    try:
        return shapes.RECORD(decode(payload))
    except (NotCanonical, shapes.Misshapen):
        return None
