"""Settings of a custom channel: the table [bots.<name>] with kind = "custom"."""

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, field_validator


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
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise ValueError("is no address: write https://shop.example/mostik") from None
        if parts.scheme not in ("http", "https") or not parts.hostname or port == 0 or not url.isprintable():
            raise ValueError("is no address: write https://shop.example/mostik")
        if parts.username is not None:
            raise ValueError("may hold no password: the signature proves who calls")
        return url

    @field_validator("file_origins")
    @classmethod
    def _origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        found = []
        for origin in origins:
            try:
                found.append(origin_of(origin))
            except ValueError:
                raise ValueError(f'"{origin}" is no origin: write https://files.shop.example, without a path') from None
            if urlsplit(origin).path.rstrip("/"):
                raise ValueError(f'"{origin}" is no origin: write https://files.shop.example, without a path')
        return tuple(found)


def origin_of(url: str) -> str:
    """Return scheme, host and port of an http(s) address in one spelling. Raises ValueError for any other."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise ValueError("no http address")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname.encode("idna").decode().lower()
    usual = 443 if parts.scheme == "https" else 80
    return f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port not in (None, usual) else "")
