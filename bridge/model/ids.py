"""Ids are types, and an id made from another one is always made the same way."""

import hashlib
import secrets
from typing import NewType

ConversationId = NewType("ConversationId", str)
MessageId = NewType("MessageId", str)
CustomerId = NewType("CustomerId", str)
IdentityId = NewType("IdentityId", str)
OperatorId = NewType("OperatorId", str)
ArticleId = NewType("ArticleId", str)
ChannelName = NewType("ChannelName", str)
ChatId = NewType("ChatId", str)
LaneId = NewType("LaneId", str)
FileId = NewType("FileId", str)
TeamId = NewType("TeamId", str)

#: Crockford's alphabet without look-alikes, lower case: safe in URLs, callback data and file names.
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_LENGTH = 16  # 80 bits: no collision to fear in 10^9 rows, and short enough for 64 bytes of callback data
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]
_SHIFTS = tuple(range(5 * (_LENGTH - 2), -1, -10))


def _encode(number: int) -> str:
    return "".join([_PAIRS[(number >> shift) & 1023] for shift in _SHIFTS])


def derive(*parts: object) -> str:
    """Make an id from parts: the same parts give the same id in every process, so a replay finds its own rows."""
    text = "\x1f".join(str(part) for part in parts)
    whole = text.encode("utf-8", "surrogatepass")  # a messenger may send halves of signs
    return _encode(int.from_bytes(hashlib.blake2b(whole, digest_size=10).digest(), "big"))


def fresh() -> str:
    """Make an id that nobody has; for things a person creates."""
    return _encode(secrets.randbits(80))
