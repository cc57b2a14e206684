"""Words of the Ethereum ABI, OpenZeppelin standard trees and what is hashed with them."""

import hashlib

from cbor import digest, encode
from keccak import keccak256


def raw(hex_text: str) -> bytes:
    """The bytes behind 0x-hex text."""
    return bytes.fromhex(hex_text[2:])


def hexed(data: bytes) -> str:
    """Lower-case 0x-hex text."""
    return "0x" + data.hex()


def word(value) -> bytes:
    """One 32-byte word of `abi.encode`: a number, or hex text padded on the left."""
    if isinstance(value, int):
        return (max(value, 0) % 2**256).to_bytes(32, "big")
    return raw(value).rjust(32, b"\x00")


def _parent(left, right):
    return keccak256(min(left, right) + max(left, right))


def _leaf(data):
    return keccak256(keccak256(data))


def tree_root(leaves) -> str:
    """Root of the standard tree over encoded leaves; of no leaves, zero."""
    count = len(leaves)
    if count == 0:
        return hexed(bytes(32))
    # Complete tree in one array: leaf hashes rise from its end towards the front.
    nodes = [b""] * (count - 1) + sorted((_leaf(leaf) for leaf in leaves), reverse=True)
    for at in range(count - 2, -1, -1):
        nodes[at] = _parent(nodes[2 * at + 1], nodes[2 * at + 2])
    return hexed(nodes[0])


def proof_leads(leaf: bytes, proof, root: str) -> bool:
    """Whether siblings lead from an encoded leaf to a root."""
    node = _leaf(leaf)
    for sibling in proof:
        node = _parent(node, raw(sibling))
    return hexed(node) == root


def is_gold_committed(reveal, root: str) -> bool:
    """Whether a revealed answer is a leaf of the committed root."""
    commitment = hashlib.sha256(raw(reveal["salt"]) + encode(reveal["label"])).digest()
    return proof_leads(raw(reveal["item"]) + commitment, reveal["proof"], root)


def campaign_id(terms, deployment) -> str:
    """`keccak256(abi.encode(chainId, Campaigns, terms))`."""
    words = [deployment["chainId"], deployment["campaigns"], *(terms[name] for name in _TERMS)]
    return hexed(keccak256(b"".join(map(word, words))))


_TERMS = (
    "requester operator receiptKey token specHash basePay floorPay operatorFeeBps protocolFeeBps contributorsBps "
    "deadline grace challengeWindow nonce"
).split()


def header_hash(header) -> str:
    """`keccak256(abi.encode(header))`: the id of a batch."""
    names = "campaignId previous index cutAt bundle recordsRoot resultsRoot payoutsRoot payoutsTotal state closing"
    return hexed(keccak256(b"".join(word(header[name]) for name in names.split())))


def typed_digest(deployment, struct_type: str, words) -> bytes:
    """EIP-712 digest of a struct of already encoded words in the domain of a deployment."""
    domain_type = "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    names = [keccak256(text.encode()) for text in (domain_type, "Tagger", "1")]
    domain = keccak256(b"".join(names) + word(deployment["chainId"]) + word(deployment["campaigns"]))
    struct = keccak256(keccak256(struct_type.encode()) + b"".join(words))
    return keccak256(b"\x19\x01" + domain + struct)


def records_root(campaign: str, chains) -> str:
    """Root over (campaignId, account, count, link)."""
    return tree_root(
        [word(campaign) + word(c["account"]) + word(c["count"]) + word(c["link"]) for c in chains]
    )


def results_root(campaign: str, results) -> str:
    """Root over (campaignId, item, resultHash, confidence)."""
    return tree_root(
        [word(campaign) + word(r["item"]) + digest(r) + word(r["confidence"]) for r in results]
    )


def payouts_root(campaign: str, payouts) -> str:
    """Root over (campaignId, account, cumulative amount)."""
    return tree_root([word(campaign) + word(p["account"]) + word(p["amount"]) for p in payouts])
