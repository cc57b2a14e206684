"""Canonical DAG-CBOR: strict decoding, encoding, and the digest of a document."""

import hashlib
import math
import struct

_SAFE = 2**53 - 1


class NotCanonical(Exception):
    """The bytes are not the canonical encoding of any document."""


class Link:
    """A CID: the name of a block by its hash. `digest` is None when the hash is not SHA-256."""

    def __init__(self, cid: bytes):
        self.cid = cid
        hash_code, digest = split_cid(cid)
        self.digest = digest if hash_code == 0x12 else None

    def __eq__(self, other):
        return isinstance(other, Link) and self.cid == other.cid

    def __hash__(self):
        return hash(self.cid)


def read_varint(data: bytes, at: int):
    """An unsigned LEB128 number and where it ends."""
    value = shift = 0
    while True:
        if at >= len(data) or shift > 56:
            raise NotCanonical("a number of variable length without an end")
        value |= (data[at] & 0x7F) << shift
        at += 1
        if data[at - 1] < 0x80:
            return value, at
        shift += 7


def cid_end(data: bytes, at: int) -> int:
    """Where the CID that starts at `at` ends."""
    if data[at : at + 2] == b"\x12\x20":
        end = at + 34
    else:
        version, at = read_varint(data, at)
        if version != 1:
            raise NotCanonical("not a CID")
        _, at = read_varint(data, at)
        _, at = read_varint(data, at)
        size, at = read_varint(data, at)
        end = at + size
    if end > len(data):
        raise NotCanonical("a CID ends early")
    return end


def split_cid(cid: bytes):
    """Code and digest of a CID's hash."""
    if cid_end(cid, 0) != len(cid):
        raise NotCanonical("not a CID")
    if cid[:2] == b"\x12\x20":
        return 0x12, cid[2:]
    _, at = read_varint(cid, 1)
    code, at = read_varint(cid, at)
    _, at = read_varint(cid, at)
    return code, cid[at:]


def _head(major, value):
    if value < 24:
        return bytes([major << 5 | value])
    for code, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if value < 1 << (8 * size):
            return bytes([major << 5 | code]) + value.to_bytes(size, "big")
    raise NotCanonical("an integer is too large")


def _encode_float(value):
    if math.isnan(value) or math.isinf(value):
        raise NotCanonical("not a finite number")
    if value.is_integer() and abs(value) <= _SAFE:
        return encode(int(value))
    return b"\xfb" + struct.pack(">d", value)


def encode(value) -> bytes:
    """The canonical bytes of None, booleans, numbers, text, bytes, links, lists and string-keyed maps."""
    if value is None:
        return b"\xf6"
    if value is True:
        return b"\xf5"
    if value is False:
        return b"\xf4"
    if isinstance(value, int):
        if abs(value) > _SAFE:
            raise NotCanonical("not a safe integer")
        return _head(0, value) if value >= 0 else _head(1, -1 - value)
    if isinstance(value, float):
        return _encode_float(value)
    if isinstance(value, bytes):
        return _head(2, len(value)) + value
    if isinstance(value, str):
        try:
            data = value.encode("utf-8")
        except UnicodeEncodeError as error:
            raise NotCanonical("a lone surrogate") from error
        return _head(3, len(data)) + data
    if isinstance(value, list):
        return _head(4, len(value)) + b"".join(encode(each) for each in value)
    if isinstance(value, dict):
        # Shorter keys first, then by their bytes.
        entries = sorted((encode(key), encode(each)) for key, each in value.items())
        return _head(5, len(entries)) + b"".join(key + each for key, each in entries)
    if isinstance(value, Link):
        return b"\xd8\x2a" + encode(b"\x00" + value.cid)
    raise NotCanonical(f"no CBOR for {type(value).__name__}")


class _Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, size):
        if self.at + size > len(self.data):
            raise NotCanonical("the document ends early")
        piece = self.data[self.at : self.at + size]
        self.at += size
        return piece

    def argument(self, info):
        if info < 24:
            return info
        if info > 27:
            raise NotCanonical("indefinite or reserved length")
        return int.from_bytes(self.take(1 << (info - 24)), "big")

    def value(self, depth=0):
        if depth > 256:
            raise NotCanonical("nested too deeply")
        initial = self.take(1)[0]
        major, info = initial >> 5, initial & 31
        if major == 7:
            return self._simple(initial)
        argument = self.argument(info)
        if major == 0:
            return argument
        if major == 1:
            return -1 - argument
        if major == 2:
            return self.take(argument)
        if major == 3:
            return self._text(argument)
        if major == 4:
            return [self.value(depth + 1) for _ in range(argument)]
        if major == 5:
            return self._map(argument, depth)
        return self._link(argument, depth)

    def _simple(self, initial):
        simple = {0xF4: False, 0xF5: True, 0xF6: None}
        if initial in simple:
            return simple[initial]
        if initial == 0xFB:
            return struct.unpack(">d", self.take(8))[0]
        raise NotCanonical("neither a boolean, null nor a float64")

    def _text(self, size):
        try:
            text = self.take(size).decode("utf-8")
        except UnicodeDecodeError as error:
            raise NotCanonical("not UTF-8") from error
        if text.startswith("\ufeff"):
            raise NotCanonical("a text that begins with a byte order mark")
        return text

    def _map(self, size, depth):
        result = {}
        for _ in range(size):
            key = self.value(depth + 1)
            if not isinstance(key, str) or key in result or key == "__proto__":
                raise NotCanonical("a map key that is refused, no text or stands twice")
            result[key] = self.value(depth + 1)
        return result

    def _link(self, tag, depth):
        cid = self.value(depth + 1) if tag == 42 else None
        if not isinstance(cid, bytes) or cid[:1] != b"\x00":
            raise NotCanonical("a tag that is no link")
        return Link(cid[1:])


def parse(data: bytes):
    """The document in `data`, in canonical form or not."""
    reader = _Reader(data)
    value = reader.value()
    if reader.at != len(data):
        raise NotCanonical("bytes after the document")
    return value


def decode(data: bytes):
    """The document in `data`; anything but its one canonical encoding is refused."""
    value = parse(data)
    if encode(value) != data:
        raise NotCanonical("not in canonical form")
    return value


def digest(value) -> bytes:
    """SHA-256 of the canonical bytes of a document."""
    return hashlib.sha256(encode(value)).digest()
