"""What proves who one is, as the API takes and shows it."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from bridge.model.credentials import SCOPES
from operator_panel.api.bodies import Asked
from operator_panel.api.shape import Shape, Time

Scope = Literal[SCOPES]  # type: ignore[valid-type]  # the table of the model, spelled out in the document
Secret = Annotated[str, StringConstraints(min_length=1, max_length=1000)]


class Factor(Shape):
    """Whether codes of an app are asked for, and how many spare codes are left."""

    on: bool
    since: Time | None
    spares: int


class PasswordAsked(Asked):
    """The caller's password, again."""

    password: Secret


class FactorBegun(Shape):
    """The secret for an authenticator app, as text, as an address and as a QR code (SVG); shown once."""

    secret: str
    address: str
    picture: str


class CodeAsked(Asked):
    """A code of the app."""

    code: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]


class Spares(Shape):
    """Codes for a lost phone, each good once; shown once."""

    codes: list[str]


class Seat(Shape):
    """A logged-in browser of the caller's."""

    id: str
    agent: str
    created_at: Time
    expires_at: Time
    here: bool


class Token(Shape):
    """A bearer token; without scopes it may what its owner may."""

    id: str
    name: str
    hint: str
    scopes: list[str]
    created_at: Time
    expires_at: Time | None
    used_at: Time | None


class NewToken(Asked):
    """A token to be made; `days` it lives, null: until it is revoked."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
    scopes: list[Scope] = Field([], max_length=len(SCOPES))
    days: int | None = Field(None, ge=1, le=3650)


class TokenMade(Token):
    """A token that was just made; `token` is shown this once."""

    token: str
