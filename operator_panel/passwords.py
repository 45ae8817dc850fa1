"""Passwords and tokens: what is stored never opens a door by itself."""

import asyncio
import hashlib
import secrets
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

#: OWASP's password storage cheat sheet, argon2id: 19 MiB, 2 passes, 1 lane.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
#: More checks at once would only take memory and cores from each other.
_THREADS = ThreadPoolExecutor(2, "password")


def hash_password(text: str) -> str:
    """Return the argon2id hash to store; takes tens of milliseconds."""
    return _HASHER.hash(text)


async def hash_in_thread(text: str) -> str:
    """Return the hash to store without holding up the event loop."""
    return await asyncio.get_running_loop().run_in_executor(_THREADS, hash_password, text)


def new_token() -> tuple[str, str]:
    """Make a bearer token: what is shown once, and its id to store."""
    shown = f"mostik_{secrets.token_urlsafe(32)}"
    return shown, digest(shown)


def digest(secret: str) -> str:
    """Return the id under which a token or a session's cookie is stored (sha256, hex)."""
    return hashlib.sha256(secret.encode()).hexdigest()


@cache
def _nobody() -> str:
    return _HASHER.hash(secrets.token_urlsafe(16))


def _check(stored: str, text: str) -> bool:
    try:
        return _HASHER.verify(stored or _nobody(), text) and bool(stored)
    except (VerificationError, InvalidHashError):
        return False


async def check_password(stored: str, text: str) -> bool:
    """Compare off the event loop; an empty hash takes as long as a wrong password and never fits."""
    return await asyncio.get_running_loop().run_in_executor(_THREADS, _check, stored, text)


def stale(stored: str) -> bool:
    """Was it hashed with other parameters than today's?"""
    return _HASHER.check_needs_rehash(stored)
