"""The signature of calls between Mostik and other programs: one header, over the time and the raw body. Pure.

X-Mostik-Signature: t=UNIX,v1=HEX with v1 = HMAC-SHA256(secret, t + "." + body).
"""

import hashlib
import hmac

HEADER = "X-Mostik-Signature"
#: How far the time of a signature may lie off ours, seconds.
TOLERANCE = 300


def signature(secret: str, body: bytes, at: int) -> str:
    """Return the header's value for a body signed at a time (Unix seconds)."""
    return f"t={at},v1={digest(secret, f'{at}.'.encode() + body)}"


def digest(secret: str, signed: bytes) -> str:
    """Return the hex of HMAC-SHA256."""
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def fault(secret: str, header: str, body: bytes, now: float) -> str | None:
    """Return what is wrong with a signature: no_signature, stale_signature or bad_signature; None: nothing.

    Several v1 may stand in a header, so that a sender can change its secret; one that fits is enough.
    """
    parts = [part.strip().partition("=") for part in header[:1000].split(",")]
    at = next((value for name, _, value in parts if name == "t"), "")
    given = [value for name, _, value in parts if name == "v1"]
    if not (at.isascii() and at.isdigit()) or len(at) > 15 or not given:
        return "no_signature"
    wanted = digest(secret, f"{at}.".encode() + body).encode()
    if not any(hmac.compare_digest(each.lower().encode("utf-8", "surrogateescape"), wanted) for each in given):
        return "bad_signature"
    return "stale_signature" if abs(now - int(at)) > TOLERANCE else None
