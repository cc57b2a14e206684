"""Keccak-256, the hash of the Ethereum chain (not SHA3-256: the padding differs)."""

_MASK = (1 << 64) - 1
_RATE = 136


def _round_constants():
    """The 24 constants of the iota step, from the degree-8 shift register of the specification."""
    register, constants = 1, []
    for _ in range(24):
        constant = 0
        for power in range(7):
            if register & 1:
                constant |= 1 << ((1 << power) - 1)
            register = (register << 1) ^ (0x171 if register & 0x80 else 0)
        constants.append(constant)
    return constants


def _rho_pi():
    """The walk over the lanes: where each goes next and by how much it is rotated."""
    walk, x, y = [], 1, 0
    for step in range(24):
        x, y = y, (2 * x + 3 * y) % 5
        walk.append((x + 5 * y, ((step + 1) * (step + 2) // 2) % 64))
    return walk


_CONSTANTS = _round_constants()
_WALK = _rho_pi()


def _permute(lanes):
    for constant in _CONSTANTS:
        parity = [lanes[x] ^ lanes[x + 5] ^ lanes[x + 10] ^ lanes[x + 15] ^ lanes[x + 20] for x in range(5)]
        for x in range(5):
            right = parity[(x + 1) % 5]
            delta = parity[x - 1] ^ (right << 1 & _MASK) ^ right >> 63
            for y in (x, x + 5, x + 10, x + 15, x + 20):
                lanes[y] ^= delta
        carried = lanes[1]
        for target, by in _WALK:
            lanes[target], carried = carried << by & _MASK | carried >> 64 - by, lanes[target]
        for y in (0, 5, 10, 15, 20):
            a, b, c, d, e = lanes[y : y + 5]
            # ~x & y as y ^ (x & y): no negative numbers.
            lanes[y : y + 5] = (a ^ c ^ b & c, b ^ d ^ c & d, c ^ e ^ d & e, d ^ a ^ e & a, e ^ b ^ a & b)
        lanes[0] ^= constant


def keccak256(data: bytes) -> bytes:
    """The 32-byte digest of `data`."""
    padded = bytearray(data) + b"\x01" + b"\x00" * (_RATE - 1 - len(data) % _RATE)
    padded[-1] |= 0x80
    lanes = [0] * 25
    for start in range(0, len(padded), _RATE):
        for lane in range(_RATE // 8):
            at = start + 8 * lane
            lanes[lane] ^= int.from_bytes(padded[at : at + 8], "little")
        _permute(lanes)
    return b"".join(lane.to_bytes(8, "little") for lane in lanes[:4])
