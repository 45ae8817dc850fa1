"""Settings of a custom channel: the table [bots.<name>] with kind = "custom"."""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, field_validator
from yarl import URL

from bots.internet import origin_of


def _listed(value: object) -> object:
    """Read a list that came as one text, as the environment gives it."""
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


class CustomSettings(BaseModel):
    """[bots.<name>]: one program of one's own."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    kind: Literal["custom"] = "custom"
    secret: SecretStr = Field(min_length=8, description="signs calls both ways")
    url: str = Field(max_length=2000, description="where our webhooks go, https://shop.example/mostik")
    timeout: float = Field(10, gt=0, le=30, description="seconds to wait for an answer to a webhook")
    vouches: bool = Field(False, description="e-mail, phone and id of a customer are proved by the program")
    typing: bool = Field(True, description="tell that somebody is writing")
    file_origins: Annotated[tuple[str, ...], BeforeValidator(_listed)] = Field(
        (), description="where attachments may lie, https://files.shop.example; none: any public address"
    )
    max_body_mb: int = Field(10, ge=1, le=64, description="largest call, with the files that stand in it")

    @field_validator("url")
    @classmethod
    def _address(cls, url: str) -> str:
        try:
            origin_of(url)
        except ValueError:
            raise ValueError(
                "is no address without a password: write https://shop.example/mostik"
                if "@" in url
                else "is no address: write https://shop.example/mostik"
            ) from None
        if not url.isprintable():
            raise ValueError("is no address: write https://shop.example/mostik")
        return url

    @field_validator("file_origins")
    @classmethod
    def _origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        found = []
        for origin in origins:
            try:
                found.append(origin_of(origin))
                bare = URL(origin).path == "/"
            except ValueError:
                bare = False
            if not bare:
                raise ValueError(f'"{origin}" is no origin: write https://files.shop.example, without a path')
        return tuple(found)
