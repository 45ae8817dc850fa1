"""Settings of a website's widget: the table [bots.<name>] with kind = "web"."""

import re
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, field_validator, model_validator

#: scheme://host[:port]; a host may begin with "*." for all below a domain, as in a Content-Security-Policy.
_ORIGIN = re.compile(r"https?://(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?|https?://\[[0-9a-f:]+\](:\d{1,5})?")


def _listed(value: object) -> object:
    """Read a list that came as one text, as the environment gives it."""
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _plain(origin: str) -> str:
    """Write a host in other letters than Latin as browsers do; one that cannot be is left as it is."""
    scheme, _, place = origin.partition("://")
    host, colon, port = place.partition(":")
    try:
        return origin if origin.isascii() else f"{scheme}://{host.encode('idna').decode()}{colon}{port}"
    except UnicodeError:
        return origin


def _usual(origin: str) -> str:
    """Leave out the port browsers leave out."""
    return origin.removesuffix(":443" if origin.startswith("https:") else ":80")


class WebSettings(BaseModel):
    """[bots.<name>]: one widget on one shop's pages."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    kind: Literal["web"] = "web"
    secret: SecretStr | None = Field(None, description="signs identify; empty: visitors stay guests")
    origins: Annotated[tuple[str, ...], BeforeValidator(_listed)] = Field(
        (), description="pages that may show the widget, https://shop.example; none: any page"
    )
    title: str = Field("", max_length=60, description="head of the widget; empty: the shop's name")
    color: str = Field("", pattern=r"^(#[0-9a-fA-F]{6})?$", description="of the button and the customer's words")
    greeting: dict[Literal["ru", "en"], str] = Field(default_factory=dict, description="first words, by language")
    questions: dict[Literal["ru", "en"], tuple[str, ...]] = Field(
        default_factory=dict, description="samples to begin with, by language"
    )
    position: Literal["left", "right"] = "right"
    language: Literal["auto", "ru", "en"] = "auto"
    required_identity: bool = Field(False, description="no guests: only visitors the shop signed for")
    rating: bool = Field(True, description="ask for a rating when an operator closes a conversation")
    max_length: int = Field(4000, ge=1, le=20_000, description="characters of a message")
    messages_per_minute: int = Field(20, ge=1, le=6000, description="of one visitor")
    sessions_per_minute: int = Field(30, ge=1, le=60_000, description="new visitors of one address")
    files_per_hour: int = Field(20, ge=0, le=10_000, description="of one visitor")

    @field_validator("origins")
    @classmethod
    def _origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        found = tuple(_usual(_plain(origin.lower().rstrip("/"))) for origin in origins)
        wrong = [origin for origin in found if not _ORIGIN.fullmatch(origin)]
        if wrong:
            raise ValueError(f'"{wrong[0]}" is no origin: write https://shop.example, without a path')
        return found

    @model_validator(mode="after")
    def _signed(self) -> "WebSettings":
        if self.required_identity and not self.secret:
            raise ValueError("required_identity needs a secret")
        return self
