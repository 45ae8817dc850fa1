"""The numbers VK knows our messages by before they have one: made from our ids, so that sending again is harmless.

VK remembers the random_id of a community's messages and answers a repeated one with the message it made of the first.
"""

import hashlib
import json
from typing import Any

#: random_id is a signed 32-bit number; we use the positive half.
_MASK = 0x7FFF_FFFF


def random_id(message: str, part: int) -> int:
    """Return the random_id of a part of a message: never 0, which would switch VK's memory off."""
    digest = hashlib.sha256(f"{message}\x1f{part}".encode()).digest()
    return int.from_bytes(digest[:4], "big") & _MASK or 1


def payload(message: str, part: int) -> str:
    """Return what travels with a part: an echo shows it, and so whose it is, whichever process it comes to."""
    return json.dumps({"mostik": message, "part": part})


def is_ours(message: dict[str, Any]) -> bool:
    """Tell whether an echoed message is one that Mostik sent: its random_id fits the id that travels with it."""
    told = message.get("payload")
    try:
        told = json.loads(told) if isinstance(told, str) else told
    except ValueError:
        return False
    if not isinstance(told, dict) or not isinstance(told.get("part"), int):
        return False
    number: object = message.get("random_id")
    return number == random_id(str(told.get("mostik")), told["part"])
