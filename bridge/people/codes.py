"""One-time codes of six digits: made, kept as a hash, read out of what people type, compared. Pure but for chance."""

import hashlib
import hmac
import re
import secrets
from datetime import timedelta

#: How long a code is good for, and how often it may be mistyped.
LIVES = timedelta(minutes=10)
TRIES = 5
#: Cost of a hash (RFC 7914: N, r, p): some milliseconds, so that all codes together cost longer than one lives.
_COST = {"n": 1 << 12, "r": 8, "p": 1}

_TYPED = re.compile(
    r"(?:\W|\b(?:вот|мой|это|приш[её]л|пришло|прислали|держите|ввожу|my|is|the|here|it|s)\b)*"
    r"(\d{3})[ \u00a0-]?(\d{3})(?:\W|\b(?:спасибо|пожалуйста|thanks|please)\b)*",
    re.IGNORECASE,
)
#: Said to be a code, and none of the shop's own kinds, it may stand among any words: no other digit may.
_CALLED = re.compile(
    r"(?=.*\b(?:код|кода|кодом|code)\b)(?!.*\b(?:товар|заказ|артикул|домофон|подъезд|купон|скидк|промо|order|item|promo))"
    r"\D*\b(\d{3})[ \u00a0-]?(\d{3})\b\D*",
    re.IGNORECASE | re.DOTALL,
)
#: A code among other words: no part of a longer number, a word or an address.
_STANDING = re.compile(r"(?<![\w.+@-])\d{6}(?![\w@-])")
VEIL = "••••••"
#: Characters of a text that may be a code with words around it.
SHORT = 60


def made() -> str:
    """Return a code nobody can foresee."""
    return f"{secrets.randbelow(1_000_000):06}"


def salt() -> str:
    """Return what makes two hashes of one code differ."""
    return secrets.token_hex(16)


def sealed(code: str, salted: str) -> str:
    """Return the hash a code is kept as, hex."""
    return hashlib.scrypt(code.encode(), salt=salted.encode(), dklen=32, **_COST).hex()


def fits(code: str, salted: str, kept: str) -> bool:
    """Tell whether a code is the one kept, in a time that does not depend on it."""
    return hmac.compare_digest(sealed(code, salted), kept)


def veiled(text: str) -> str:
    """Return a text with dots in place of what may be a code."""
    return _STANDING.sub(VEIL, text)


def typed(text: str) -> str | None:
    """Return the code a text consists of, with a word of courtesy around it or said to be a code; None: it is none."""
    if len(text) > SHORT:
        return None
    match = _TYPED.fullmatch(text.strip()) or _CALLED.fullmatch(text)
    return match[1] + match[2] if match else None
