"""What proves who somebody of the desk is, beside his password."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bridge.model.ids import OperatorId


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """Codes of a person's authenticator app (RFC 6238); `id` is the person's, one each.

    `secret` is base32, as apps take it. It asks for codes from `confirmed_at` on: before it, the app may not have it.
    `step` is the number of the newest 30 s whose code was taken: none is taken twice. `spares` are hashes of the codes
    for a lost phone that were not used.
    """

    id: OperatorId
    secret: str
    created_at: datetime
    confirmed_at: datetime | None = None
    step: int = 0
    spares: tuple[str, ...] = ()
    version: int = 0


class Area(StrEnum):
    """What a token's scope is about: the first part of it; the second is `read` or `write`."""

    CONVERSATIONS = "conversations"
    CUSTOMERS = "customers"
    KNOWLEDGE = "kb"
    STAFF = "staff"
    CHANNELS = "channels"
    WEBHOOKS = "webhooks"


#: All scopes a token may have. To write something lets read it too.
SCOPES = tuple(f"{area.value}:{what}" for area in Area for what in ("read", "write"))


def allows(scopes: tuple[str, ...], scope: str) -> bool:
    """Tell whether a token with these scopes may do what asks for this one; without any it may what its owner may."""
    area, _, what = scope.partition(":")
    return not scopes or scope in scopes or (what == "read" and f"{area}:write" in scopes)
