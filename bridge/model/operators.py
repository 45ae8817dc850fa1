"""Staff: operators, their roles, sessions and tokens."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bridge.model.ids import OperatorId


class Role(StrEnum):
    """What a person of the desk may do (bridge/rights.py)."""

    ADMIN = "admin"
    SUPERVISOR = "supervisor"
    OPERATOR = "operator"
    OBSERVER = "observer"
    EDITOR = "editor"


@dataclass(frozen=True, slots=True)
class Operator:
    """A person of the desk; `password` is an argon2 hash, empty: cannot log in."""

    id: OperatorId
    email: str
    name: str
    role: Role
    password: str
    created_at: datetime
    telegram_user_id: int | None = None
    disabled: bool = False
    language: str = "ru"
    theme: str = "system"
    version: int = 0


@dataclass(frozen=True, slots=True)
class Session:
    """A logged-in browser: `id` is the hash of the cookie, `csrf` the word a form must repeat."""

    id: str
    operator: OperatorId
    csrf: str
    created_at: datetime
    expires_at: datetime
    agent: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A bearer token of the API: `id` is the hash of the token, which is shown once and never stored."""

    id: str
    operator: OperatorId
    created_at: datetime
    name: str = ""
    version: int = 0
