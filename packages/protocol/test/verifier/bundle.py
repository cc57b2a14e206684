"""Evidence bundles: CAR files whose root block names the parts, with payloads beside them."""

import hashlib

import shapes
from cbor import Link, NotCanonical, cid_end, decode, parse, read_varint


class Malformed(Exception):
    """A bundle cannot be read."""


class Bundle:
    """A bundle, opened: `root` is the true digest of its root block, `parts` the documents, `payloads` by hash."""

    def __init__(self, car: bytes):
        try:
            self._read(car)
        except (NotCanonical, shapes.Misshapen, KeyError, IndexError, TypeError) as error:
            raise Malformed(str(error)) from error

    def _read(self, car):
        root_block, blocks = _read_car(car)
        document = decode(root_block)
        root = shapes.ROOT(document)
        self.root = hashlib.sha256(root_block).digest()
        self.campaign_id = root["campaignId"]
        self.anchor = root["anchor"]
        links = document["parts"]
        named = set()

        def part(name):
            link = links[name]
            data = blocks[link.digest] if isinstance(link, Link) else None
            if data is None or hashlib.sha256(data).digest() != link.digest:
                raise Malformed(f"the block {name} is missing or does not hash to its name")
            named.add(link.digest)
            return data

        self.spec = part("spec")
        self.state = part("state")
        self.parts = {name: shape(decode(part(name))) for name, shape in shapes.PARTS.items()}
        self.payloads = {digest: data for digest, data in blocks.items() if digest not in named}

    def __getitem__(self, name):
        return self.parts[name]


def _read_car(car):
    """The root block and the other blocks by their SHA-256; of two with one name the later."""
    size, at = read_varint(car, 0)
    header = parse(car[at : at + size])
    if at + size > len(car) or not isinstance(header, dict) or header.get("version") != 1 or not header["roots"]:
        raise Malformed("no CAR file, version 1, with a root")
    root, at = header["roots"][0], at + size
    root_block, blocks = None, {}
    while at < len(car):
        size, at = read_varint(car, at)
        end = at + size
        start = cid_end(car, at)
        if end > len(car) or start > end:
            raise Malformed("a block ends early")
        link, data, at = Link(car[at:start]), car[start:end], end
        if link == root:
            root_block = data if root_block is None else root_block
        elif link.digest is not None:
            blocks[link.digest] = data
    if root_block is None:
        raise Malformed("no root block")
    return root_block, blocks
