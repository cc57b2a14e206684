"""Elliptic curves: checking P-256 (ES256) signatures and recovering the signer of secp256k1 ones."""

import hashlib
from functools import cache

from keccak import keccak256


class Curve:
    """A short Weierstrass curve y² = x³ + ax + b of prime order, in Jacobian coordinates."""

    def __init__(self, p, a, b, n, gx, gy):
        self.p, self.a, self.b, self.n = p, a, b, n
        self.generator = (gx, gy)

    def contains(self, point):
        """Whether the affine point lies on the curve."""
        x, y = point
        return x < self.p and y < self.p and (y * y - (x * x * x + self.a * x + self.b)) % self.p == 0

    def _double(self, point):
        x, y, z = point
        if y == 0 or z == 0:
            return (0, 1, 0)
        p = self.p
        yy = y * y % p
        s = 4 * x * yy % p
        m = (3 * x * x + self.a * pow(z, 4, p)) % p
        nx = (m * m - 2 * s) % p
        return (nx, (m * (s - nx) - 8 * yy * yy) % p, 2 * y * z % p)

    def _add(self, left, right):
        if left[2] == 0:
            return right
        if right[2] == 0:
            return left
        p = self.p
        (x1, y1, z1), (x2, y2, z2) = left, right
        z1z1, z2z2 = z1 * z1 % p, z2 * z2 % p
        u1, u2 = x1 * z2z2 % p, x2 * z1z1 % p
        s1, s2 = y1 * z2 * z2z2 % p, y2 * z1 * z1z1 % p
        if u1 == u2:
            return self._double(left) if s1 == s2 else (0, 1, 0)
        h, r = u2 - u1, s2 - s1
        hh = h * h % p
        hhh = h * hh % p
        v = u1 * hh % p
        nx = (r * r - hhh - 2 * v) % p
        return (nx, (r * (v - nx) - s1 * hhh) % p, h * z1 * z2 % p)

    def combine(self, u, first, v, second):
        """u·first + v·second as an affine point, or None for the point at infinity."""
        a, b = (*first, 1), (*second, 1)
        choices = (None, a, b, self._add(a, b))
        total = (0, 1, 0)
        for bit in range(max(u.bit_length(), v.bit_length()) - 1, -1, -1):
            total = self._double(total)
            choice = choices[(u >> bit & 1) + 2 * (v >> bit & 1)]
            if choice is not None:
                total = self._add(total, choice)
        x, y, z = total
        if z == 0:
            return None
        inverse = pow(z, -1, self.p)
        return (x * inverse**2 % self.p, y * inverse**3 % self.p)


P256 = Curve(
    p=0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF,
    a=-3,
    b=0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B,
    n=0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
    gx=0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    gy=0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)

SECP256K1 = Curve(
    p=2**256 - 2**32 - 977,
    a=0,
    b=7,
    n=0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141,
    gx=0x79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798,
    gy=0x483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8,
)


def _integers(signature):
    return int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:64], "big")


@cache
def verify_es256(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether a 64-byte r‖s with low s is a P-256 signature over SHA-256 of the message."""
    if len(public_key) != 65 or public_key[0] != 4 or len(signature) != 64:
        return False
    point = (int.from_bytes(public_key[1:33], "big"), int.from_bytes(public_key[33:], "big"))
    r, s = _integers(signature)
    n = P256.n
    if not P256.contains(point) or not 0 < r < n or not 0 < s <= n // 2:
        return False
    e = int.from_bytes(hashlib.sha256(message).digest(), "big") % n
    w = pow(s, -1, n)
    found = P256.combine(e * w % n, P256.generator, r * w % n, point)
    return found is not None and found[0] % n == r


@cache
def recover_address(digest: bytes, signature: bytes):
    """The 20-byte account whose secp256k1 key made the 65-byte r‖s‖v over the digest, or None."""
    if len(signature) != 65:
        return None
    r, s = _integers(signature)
    parity = {0: 0, 1: 1, 27: 0, 28: 1}.get(signature[64])
    curve = SECP256K1
    if parity is None or not 0 < r < curve.n or not 0 < s < curve.n:
        return None
    y = pow(r**3 + curve.b, (curve.p + 1) // 4, curve.p)
    if y & 1 != parity:
        y = curve.p - y
    if not curve.contains((r, y)):
        return None
    e = int.from_bytes(digest, "big")
    inverse = pow(r, -1, curve.n)
    found = curve.combine(-e * inverse % curve.n, curve.generator, s * inverse % curve.n, (r, y))
    if found is None:
        return None
    return keccak256(found[0].to_bytes(32, "big") + found[1].to_bytes(32, "big"))[12:]
