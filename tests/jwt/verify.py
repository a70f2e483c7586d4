"""Verifies hxx's tokens with whole numbers and hashlib alone: RFC 7518 section 3, RFC 8017, FIPS 186-4, RFC 8032.

verify.py TOKENS: runs that program with keys made by `openssl`, and checks each token that it prints, and that the same
token with a bit flipped in its signature does not verify.
"""

import base64
import hashlib
import hmac
import json
import pathlib
import subprocess
import sys
import tempfile
import time

KEYS = {
    "RS256": ["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
    "ES256": ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
    "EdDSA": ["genpkey", "-algorithm", "ED25519"],
}


def decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def number(text: str) -> int:
    return int.from_bytes(decode(text), "big")


def verify_hmac(bits: int, jwk: dict, text: bytes, signature: bytes) -> bool:
    return hmac.digest(decode(jwk["k"]), text, f"sha{bits}") == signature


def verify_rs256(jwk: dict, text: bytes, signature: bytes) -> bool:
    n = number(jwk["n"])
    size = (n.bit_length() + 7) // 8
    info = bytes.fromhex("3031300d060960864801650304020105000420") + hashlib.sha256(text).digest()
    expected = b"\x00\x01" + b"\xff" * (size - len(info) - 3) + b"\x00" + info
    return len(signature) == size and pow(int.from_bytes(signature, "big"), number(jwk["e"]), n) == int.from_bytes(expected, "big")


class Weierstrass:
    """P-256; None is the point at infinity."""

    p = 2**256 - 2**224 + 2**192 + 2**96 - 1
    n = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    g = (
        0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
        0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
    )

    @classmethod
    def add(cls, a, b):
        if a is None or b is None:
            return a or b
        if a[0] == b[0]:
            if (a[1] + b[1]) % cls.p == 0:
                return None
            slope = (3 * a[0] ** 2 - 3) * pow(2 * a[1], -1, cls.p)
        else:
            slope = (b[1] - a[1]) * pow(b[0] - a[0], -1, cls.p)
        x = (slope**2 - a[0] - b[0]) % cls.p
        return x, (slope * (a[0] - x) - a[1]) % cls.p


class Edwards:
    """Ed25519 in affine coordinates."""

    p = 2**255 - 19
    n = 2**252 + 27742317777372353535851937790883648493
    d = -121665 * pow(121666, -1, p) % p

    @classmethod
    def add(cls, a, b):
        product = cls.d * a[0] * b[0] * a[1] * b[1]
        x = (a[0] * b[1] + b[0] * a[1]) * pow(1 + product, -1, cls.p)
        y = (a[1] * b[1] + a[0] * b[0]) * pow(1 - product, -1, cls.p)
        return x % cls.p, y % cls.p

    @classmethod
    def decode(cls, data: bytes):
        """The point, or None if there is none with that y."""
        y = int.from_bytes(data, "little")
        sign, y = y >> 255, y % 2**255
        square = (y * y - 1) * pow(cls.d * y * y + 1, -1, cls.p) % cls.p
        x = pow(square, (cls.p + 3) // 8, cls.p)
        if x * x % cls.p != square:
            x = x * pow(2, (cls.p - 1) // 4, cls.p) % cls.p
        if y >= cls.p or x * x % cls.p != square:
            return None
        return (x if x % 2 == sign else cls.p - x), y


def times(curve, factor: int, point, zero):
    result = zero
    while factor:
        if factor & 1:
            result = curve.add(result, point)
        point = curve.add(point, point)
        factor >>= 1
    return result


def verify_es256(jwk: dict, text: bytes, signature: bytes) -> bool:
    curve = Weierstrass
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    if len(signature) != 64 or not 0 < r < curve.n or not 0 < s < curve.n:
        return False
    inverse = pow(s, -1, curve.n)
    digest = int.from_bytes(hashlib.sha256(text).digest(), "big")
    point = curve.add(
        times(curve, digest * inverse % curve.n, curve.g, None),
        times(curve, r * inverse % curve.n, (number(jwk["x"]), number(jwk["y"])), None),
    )
    return point is not None and point[0] % curve.n == r


def verify_eddsa(jwk: dict, text: bytes, signature: bytes) -> bool:
    curve, zero = Edwards, (0, 1)
    s = int.from_bytes(signature[32:], "little")
    key, r = curve.decode(decode(jwk["x"])), curve.decode(signature[:32])
    if len(signature) != 64 or s >= curve.n or key is None or r is None:
        return False
    base = curve.decode((4 * pow(5, -1, curve.p) % curve.p).to_bytes(32, "little"))
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + decode(jwk["x"]) + text).digest(), "little") % curve.n
    return times(curve, s, base, zero) == curve.add(r, times(curve, challenge, key, zero))


VERIFY = {
    "HS256": lambda *parts: verify_hmac(256, *parts),
    "HS384": lambda *parts: verify_hmac(384, *parts),
    "HS512": lambda *parts: verify_hmac(512, *parts),
    "RS256": verify_rs256,
    "ES256": verify_es256,
    "EdDSA": verify_eddsa,
}


def check(line: str) -> str:
    """The line's algorithm; an AssertionError if its token is wrong."""
    algorithm, jwk, token = line.split()
    header, payload, signature = token.split(".")
    text, jwk, signature = f"{header}.{payload}".encode(), json.loads(jwk), decode(signature)
    head, claims = json.loads(decode(header)), json.loads(decode(payload))
    assert head["alg"] == algorithm and head["typ"] == "JWT", head
    assert claims["sub"] == "ада" and claims["n"] == 7 and claims["exp"] - claims["iat"] == 3600, claims
    assert abs(claims["iat"] - time.time()) < 600, claims
    assert VERIFY[algorithm](jwk, text, signature), f"{algorithm}: does not verify"
    flipped = signature[:-1] + bytes([signature[-1] ^ 1])
    assert not VERIFY[algorithm](jwk, text, flipped), f"{algorithm}: verifies when it should not"
    assert not VERIFY[algorithm](jwk, text + b"x", signature), f"{algorithm}: verifies another text"
    return algorithm


def main() -> None:
    with tempfile.TemporaryDirectory() as directory:
        arguments = []
        for algorithm, command in KEYS.items():
            file = pathlib.Path(directory) / f"{algorithm}.pem"
            subprocess.run(["openssl", *command, "-out", file], check=True, capture_output=True)
            arguments.append(f"{algorithm}={file}")
        lines = subprocess.run([sys.argv[1], *arguments], check=True, capture_output=True, text=True).stdout
    seen = {check(line) for line in lines.splitlines()}
    assert seen == VERIFY.keys(), seen


if __name__ == "__main__":
    main()
