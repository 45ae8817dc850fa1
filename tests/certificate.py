"""Certificates made in tests: self-signed, of a key on P-256 (FIPS 186-5), in DER (X.690) made by hand."""

import base64
import hashlib
import secrets
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

_P = 2**256 - 2**224 + 2**192 + 2**96 - 1
_N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_G = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)
_Point = tuple[int, int] | None
_CURVE = bytes.fromhex("06082a8648ce3d030107")  # the OID of P-256
_EC_KEY = bytes.fromhex("06072a8648ce3d0201")
_SIGNED_BY = bytes.fromhex("300a06082a8648ce3d040302")  # ECDSA with SHA-256


def _add(one: _Point, other: _Point) -> _Point:
    if one is None or other is None:
        return one or other
    if one[0] == other[0] and (one[1] + other[1]) % _P == 0:
        return None
    if one == other:
        slope = (3 * one[0] ** 2 - 3) * pow(2 * one[1], -1, _P) % _P
    else:
        slope = (other[1] - one[1]) * pow(other[0] - one[0], -1, _P) % _P
    x = (slope**2 - one[0] - other[0]) % _P
    return x, (slope * (one[0] - x) - one[1]) % _P


def _times(number: int) -> tuple[int, int]:
    found: _Point = None
    power: _Point = _G
    while number:
        found = _add(found, power) if number & 1 else found
        power, number = _add(power, power), number >> 1
    assert found is not None
    return found


def _der(tag: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    length = len(body)
    told = bytes([length]) if length < 128 else bytes([0x80 + (length.bit_length() + 7) // 8]) + _big(length)
    return bytes([tag]) + told + body


def _big(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def _integer(number: int) -> bytes:
    return _der(2, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def _bits(body: bytes) -> bytes:
    return _der(3, b"\0", body)


def _extension(oid: str, body: bytes) -> bytes:
    return _der(0x30, bytes.fromhex(oid), b"\x01\x01\xff", _der(4, body))  # critical


def _signed(body: bytes, key: int) -> bytes:
    digest = int.from_bytes(hashlib.sha256(body).digest(), "big")
    once = secrets.randbelow(_N - 1) + 1
    r = _times(once)[0] % _N
    return _bits(_der(0x30, _integer(r), _integer(pow(once, -1, _N) * (digest + r * key) % _N)))


def _pem(kind: str, body: bytes) -> str:
    lines = base64.encodebytes(body).decode()
    return f"-----BEGIN {kind}-----\n{lines}-----END {kind}-----\n"


def certificate(folder: Path, host: str) -> tuple[ssl.SSLContext, Path]:
    """Make a certificate for a name or an address; returns what a server proves itself with, and the file to trust."""
    key = secrets.randbelow(_N - 1) + 1
    point = b"\x04" + b"".join(each.to_bytes(32, "big") for each in _times(key))
    name = _der(0x30, _der(0x31, _der(0x30, bytes.fromhex("0603550403"), _der(0x0C, host.encode()))))
    now = datetime.now(UTC)
    days = [_der(0x17, f"{now + timedelta(each):%y%m%d%H%M%SZ}".encode()) for each in (-1, 30)]
    try:
        place = _der(0x87, ip_address(host).packed)
    except ValueError:
        place = _der(0x82, host.encode())
    extensions = (
        _extension("0603551d11", _der(0x30, place)),
        _extension("0603551d13", _der(0x30, b"\x01\x01\xff")),  # its own authority
        _extension("0603551d0f", bytes.fromhex("03020284")),  # signs letters of the handshake, and certificates
    )
    public = _der(0x30, _der(0x30, _EC_KEY, _CURVE), _bits(point))
    told = _der(
        0x30,
        *(_der(0xA0, _integer(2)), _integer(secrets.randbits(64) + 1), _SIGNED_BY, name, _der(0x30, *days), name),
        *(public, _der(0xA3, _der(0x30, *extensions))),
    )
    private = _der(0x30, _integer(1), _der(4, key.to_bytes(32, "big")), _der(0xA0, _CURVE), _der(0xA1, _bits(point)))
    trusted, own = folder / f"{host}.pem", folder / f"{host}-key.pem"
    trusted.write_text(_pem("CERTIFICATE", _der(0x30, told, _SIGNED_BY, _signed(told, key))))
    own.write_text(_pem("EC PRIVATE KEY", private))
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(trusted, own)
    return server, trusted
