"""Signing: a visitor's token, and the shop's word for who a visitor is; pure."""

import base64
import binascii
import hashlib
import hmac
import secrets
from dataclasses import dataclass

from bridge.model.ids import ChatId, derive

_RANDOM = 32  # bytes: nobody guesses a visitor
_CHAT = 16  # characters of a chat's id, as bridge.model.ids makes them
_MAC = 32


@dataclass(frozen=True, slots=True)
class Pass:
    """A token and the chat it opens; `first`: the one the chat was made with, when its visitor was a guest."""

    token: str
    chat: ChatId
    first: bool = False


def key_of(secret: str) -> bytes:
    """Make the key that signs tokens from a channel's secret: another secret revokes every token."""
    return hmac.digest(secret.encode(), b"mostik widget tokens", "sha256")


def issue(key: bytes, channel: str, chat: ChatId | None = None) -> Pass:
    """Make a token with a random visitor in it, for a chat of that visitor's own or for a known one."""
    visitor = secrets.token_bytes(_RANDOM)
    opened = chat or _made(channel, visitor)
    body = visitor + opened.encode("ascii")
    token = base64.urlsafe_b64encode(body + _mac(key, channel, body)).rstrip(b"=").decode()
    return Pass(token, opened, first=chat is None)


def read(key: bytes, channel: str, token: str) -> Pass | None:
    """Return what a token opens; None: it is none of ours, or signed with another key."""
    try:
        raw = base64.b64decode(token.encode("ascii") + b"=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        return None
    body, mac = raw[:-_MAC], raw[-_MAC:]
    if len(body) != _RANDOM + _CHAT or not hmac.compare_digest(mac, _mac(key, channel, body)):
        return None
    chat = ChatId(body[_RANDOM:].decode("ascii"))
    return Pass(token, chat, first=chat == _made(channel, body[:_RANDOM]))


def _made(channel: str, visitor: bytes) -> ChatId:
    return ChatId(derive("visitor", channel, visitor.hex()))


def _mac(key: bytes, channel: str, body: bytes) -> bytes:
    return hmac.digest(key, channel.encode() + b"\0" + body, "sha256")


def signature(secret: str, user_id: str) -> str:
    """Return what the shop signs a customer with: hex of HMAC-SHA256(secret, user_id)."""
    return hmac.new(secret.encode(), user_id.encode(), hashlib.sha256).hexdigest()


def proves(secret: str, user_id: str, given: str) -> bool:
    """Tell whether a signature is the shop's, in a time that tells nothing of it."""
    return hmac.compare_digest(signature(secret, user_id).encode(), given.strip().lower().encode())
