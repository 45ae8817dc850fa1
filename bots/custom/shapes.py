"""What a program may send: one model for each `type`; unknown fields are refused, so that a slip is noticed."""

import base64
import binascii
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from bots.internet import address_fault
from bridge.files import MOST
from bridge.model.files import KINDS
from bridge.receive import TEXT_LIMIT


def clean(value: object) -> object:
    """Replace what no store and no screen can hold in a text: halves of letters, and the zero character."""
    if not isinstance(value, str):
        return value
    whole = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\0", "\N{REPLACEMENT CHARACTER}")


def _id(value: object) -> object:
    """Read an id; programs count their things in numbers too. Raises ValueError for what cannot be one."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, str) and (clean(value) != value or not value.isprintable() or value != value.strip()):
        raise ValueError("invalid")
    return value


def _word(value: object) -> object:
    return str(clean(value)).strip() if isinstance(value, str) else "" if value is None else value


#: Signs people put on words stand above this code point, letters of all alphabets below it.
_SIGNS = 0x2000
#: Who answered outside, when the program does not say.
ANONYMOUS = "operator"

Id = Annotated[str, Field(min_length=1, max_length=200), BeforeValidator(_id)]
Word = Annotated[str, BeforeValidator(_word)]
Text = Annotated[str, Field(max_length=TEXT_LIMIT), BeforeValidator(clean)]


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Person(_Shape):
    """A customer as the program knows him: his id is also his chat's."""

    id: Id
    name: Word = Field("", max_length=200)
    email: Word = Field("", max_length=254)
    phone: Word = Field("", max_length=40)
    language: Word = Field("", max_length=35)


class Colleague(_Shape):
    """Who answered outside of Mostik."""

    id: Id = ANONYMOUS
    name: Word = Field("", max_length=200)


class File(_Shape):
    """A file by its address, or standing in the call itself as base64."""

    url: str = Field("", max_length=4000)
    data: str = ""
    name: Word = Field("", max_length=255)
    mime: Word = Field("", max_length=127)
    kind: Word = ""

    @model_validator(mode="after")
    def _one_way(self) -> "File":
        if bool(self.url) == bool(self.data):
            raise ValueError("url_or_data")
        if self.url and (fault := address_fault(self.url)):
            raise ValueError(fault)
        if self.kind and self.kind not in KINDS:
            raise ValueError("unknown_kind")
        if self.data:
            self.bytes()
        return self

    def bytes(self) -> bytes:
        """Return what stands in the call. Raises ValueError for what is no base64."""
        try:
            return base64.b64decode(self.data, validate=True)
        except (binascii.Error, ValueError):
            raise ValueError("no_base64") from None


class _Event(_Shape):
    external_id: Id
    customer: Person
    at: AwareDatetime | None = None


class Message(_Event):
    """Words of a customer, or of somebody of the shop who answered in the program itself."""

    type: Literal["message"] = "message"
    text: Text = ""
    attachments: tuple[File, ...] = Field((), max_length=MOST)
    author: Literal["customer", "operator"] = "customer"
    operator: Colleague | None = None
    reply_to: Id | None = None
    forwarded: Word = Field("", max_length=200)

    @model_validator(mode="after")
    def _says_something(self) -> "Message":
        if not self.text.strip() and not self.attachments:
            raise ValueError("empty")
        return self


class Edit(_Event):
    """A customer changed a message."""

    type: Literal["edit"]
    message_id: Id
    text: Text = Field(min_length=1)


class Delete(_Event):
    """A customer took a message back."""

    type: Literal["delete"]
    message_id: Id


class Reaction(_Event):
    """A customer put a sign on a message, or took it away."""

    type: Literal["reaction"]
    message_id: Id
    emoji: Word = Field(max_length=32)

    @field_validator("emoji")
    @classmethod
    def _is_a_sign(cls, given: str) -> str:
        letters = any(sign.isspace() or (sign.isalpha() and ord(sign) < _SIGNS) for sign in given)
        if letters or (given and all(ord(sign) < _SIGNS for sign in given)):
            raise ValueError("no_emoji")
        return given


class Read(_Event):
    """A customer has read up to a message of ours."""

    type: Literal["read"]
    message_id: Id


class Press(_Event):
    """A customer pressed a button of ours."""

    type: Literal["press"]
    message_id: Id
    data: str = Field(min_length=1, max_length=64)
    text: Word = Field("", max_length=200)


class Blocked(_Event):
    """A customer wants to hear nothing more, or is gone."""

    type: Literal["blocked"]


class Unblocked(_Event):
    """A customer can be written to again."""

    type: Literal["unblocked"]


class Typing(_Shape):
    """A customer is writing: shown at once or never, not kept."""

    type: Literal["typing"]
    customer: Person
    external_id: Id = "typing"


Kept = Message | Edit | Delete | Reaction | Read | Press | Blocked | Unblocked
SHAPES: dict[str, type[Kept] | type[Typing]] = {
    "message": Message,
    "edit": Edit,
    "delete": Delete,
    "reaction": Reaction,
    "read": Read,
    "press": Press,
    "blocked": Blocked,
    "unblocked": Unblocked,
    "typing": Typing,
}


def shape_of(body: dict[str, Any]) -> type[Kept] | type[Typing] | None:
    """Return the model of a body's type, None for a type nobody knows."""
    kind = body.get("type", "message")
    return SHAPES.get(kind) if isinstance(kind, str) else None
