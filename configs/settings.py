"""The settings of an installation: typed, frozen, environment over TOML, secrets also from files, shown masked."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextvars import ContextVar
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bridge.people.identity import SHARED_KINDS
from configs.contacts import Contact, CustomerData, Mail
from configs.customers import Customers, RetentionTable
from configs.faults import Fault, SettingsError, in_words, unknown
from configs.masking import is_secret, may_be_file, shown
from configs.sources import Layer, read_environment, read_toml
from configs.staff import Staff

__all__ = ["DEFAULT_FILE", "DEMO_FILE", "EXAMPLE_FILE", "Settings", "SettingsError", "load", "masked"]

#: Where `mostik run` looks when no file is named.
DEFAULT_FILE = Path("mostik.toml")
#: The demo's settings, and the commented list of every option.
DEMO_FILE = Path(__file__).with_name("demo.toml")
EXAMPLE_FILE = Path(__file__).with_name("mostik.example.toml")

#: A channel's name stands in addresses, lanes and environment variables.
_CHANNEL = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")


class Section(BaseModel):
    """A table of the settings: unknown keys are faults, values never change, errors show no input."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


def _scheme(url: str, *schemes: str) -> str:
    if url.partition("://")[0] not in schemes or "://" not in url:
        raise ValueError("must begin with " + " or ".join(f"{scheme}://" for scheme in schemes))
    return url


def _port(url: str) -> None:
    try:
        _ = urlsplit(url).port
    except ValueError:
        raise ValueError("is no address: the port is a number from 0 to 65535") from None


class Store(Section):
    """Where everything is kept: an SQLite file, or a database on a MongoDB server."""

    url: str = Field(default="sqlite:///mostik.sqlite3", repr=False)

    @field_validator("url")
    @classmethod
    def _known(cls, url: str) -> str:
        return _scheme(url, "sqlite", "mongodb", "mongodb+srv")


class Bus(Section):
    """How several processes wake each other: a Redis server; empty: they look into the store every second."""

    url: str = Field(default="", repr=False)

    @field_validator("url")
    @classmethod
    def _known(cls, url: str) -> str:
        if url:
            _scheme(url, "redis", "rediss", "unix")
            _port(url)
        return url


class Panel(Section):
    """The web server: panel, API, webhooks and widget; `public_url` is how browsers and messengers reach it.

    `proxies` counts reverse proxies in front that set X-Forwarded-For; 0 trusts no such header. `undo_seconds`: how
    long a reply written in the panel can be taken back before it goes out.
    """

    host: str = Field(default="127.0.0.1", min_length=1)
    port: int = Field(default=8080, ge=0, le=65535)
    public_url: str = ""
    proxies: int = Field(default=0, ge=0, le=10)
    undo_seconds: float = Field(default=6.0, ge=0, le=15, allow_inf_nan=False)

    @field_validator("public_url")
    @classmethod
    def _address(cls, url: str) -> str:
        return _scheme(url, "http", "https").rstrip("/") if url else url


class Bot(Section):
    """How the bot behaves: times in seconds or hours, confidences 0..1; `answer` None: as the labels support it.

    `review`: what editors write is published by a supervisor or an administrator. `sampled`: share of automatic
    answers that editors are asked to look at.
    """

    burst_seconds: float = Field(default=2.0, ge=0, le=60, allow_inf_nan=False)
    answer: Annotated[float | None, BeforeValidator(lambda value: None if value == "auto" else value)] = Field(
        default=None, ge=0, le=1
    )
    offer: float = Field(default=0.45, ge=0, le=1)
    suggest: float = Field(default=0.25, ge=0, le=1)
    reopen_hours: float = Field(default=24.0, ge=0, allow_inf_nan=False)
    ask_contact: bool = True
    album_seconds: float = Field(default=0.8, ge=0, le=10, allow_inf_nan=False)
    review: bool = False
    sampled: float = Field(default=0.05, ge=0, le=1)
    language: Literal["ru", "en"] = "ru"

    @model_validator(mode="after")
    def _rising(self) -> "Bot":
        if not self.suggest <= self.offer <= (1.0 if self.answer is None else self.answer):
            raise ValueError("suggest, offer and answer must not fall in this order")
        return self


class Shop(Section):
    """Whose customers write: the name stands in the bot's words."""

    name: str = Field(default="Мостик", min_length=1)


class Files(Section):
    """Files that customers and operators send: the largest that is kept, megabytes, and where."""

    max_mb: int = Field(default=20, ge=1, le=2000)
    folder: str = ""


class Webhooks(Section):
    """Programs that are told what happens (POST /webhooks): `private` lets their addresses lie in one's own network."""

    private: bool = False


class Log(Section):
    """What the process says of its work: lines for people, or JSON for machines."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["text", "json"] = "text"


#: What load() gives to the sources below; empty: only what the caller passes counts.
_layers: ContextVar[Sequence[PydanticBaseSettingsSource]] = ContextVar("layers", default=())


class Settings(BaseSettings):
    """Everything an installation may choose. `bots` are the raw tables by channel, each checked by its own file.

    Every table of `bots` has its `kind`; secrets named by `…_file` are already in their places.
    """

    model_config = SettingsConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    store: Store = Store()
    bus: Bus = Bus()
    panel: Panel = Panel()
    bot: Bot = Bot()
    shop: Shop = Shop()
    files: Files = Files()
    webhooks: Webhooks = Webhooks()
    staff: Staff = Staff()
    customers: Customers = Customers()
    retention: RetentionTable = RetentionTable()
    contact: Contact = Contact()
    mail: Mail = Mail()
    customer_data: CustomerData = CustomerData()
    log: Log = Log()
    bots: Mapping[str, Mapping[str, Any]] = Field(default_factory=dict, repr=False)

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], init_settings: PydanticBaseSettingsSource, *_sources: Any, **_more: Any
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Ask the layers of load() and nothing else: pydantic-settings' own reading of the environment stays out."""
        return (init_settings, *_layers.get())

    @field_validator("bots")
    @classmethod
    def _named(cls, bots: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
        wrong = [name for name in bots if not _CHANNEL.fullmatch(name)]
        if wrong:
            raise ValueError(f'channel "{wrong[0]}": a name has a-z, 0-9, _ and -, at most 32 of them')
        taken = [name for name in bots if name in SHARED_KINDS]
        if taken:
            raise ValueError(f'channel "{taken[0]}": a customer\'s {taken[0]} is known by this name, choose another')
        nameless = [name for name, table in bots.items() if not isinstance(table.get("kind", name), str)]
        if nameless:
            raise ValueError(f'channel "{nameless[0]}": kind must be a text')
        return {name: {"kind": name, **table} for name, table in bots.items()}


def load(path: Path | None, environ: Mapping[str, str], overrides: Mapping[str, Any] | None = None) -> Settings:
    """Read the settings: overrides over environment over the file over defaults.

    Without a path ./mostik.toml is read if it is there. Raises SettingsError with every fault there is.
    """
    if path is None and DEFAULT_FILE.exists():
        path = DEFAULT_FILE
    table = read_toml(path) if path else {}
    faults: list[Fault] = []
    channels = table.get("bots")
    variables, origins = read_environment(environ, channels if isinstance(channels, Mapping) else {}, faults)
    layers = [
        Layer(Settings, overrides or {}, Path(), faults),
        Layer(Settings, variables, Path(), faults),
        Layer(Settings, table, path.parent if path else Path(), faults),
    ]
    token = _layers.set(layers)
    try:
        settings = Settings()
    except ValidationError as error:
        faults += _faults_of(error, origins)
        raise SettingsError(faults) from None
    finally:
        _layers.reset(token)
    if faults:
        raise SettingsError(faults)
    return settings


def _faults_of(error: ValidationError, origins: Mapping[str, str]) -> Iterator[Fault]:
    for fault in error.errors(include_url=False):
        key = ".".join(str(part) for part in fault["loc"])
        if fault["type"] == "extra_forbidden":
            words = unknown(key, _known(key))
        else:
            words = in_words(fault, not (is_secret(key) or may_be_file(key)))
        yield key, words + (f" ({origins[key]})" if key in origins else "")


def _known(key: str) -> list[str]:
    section = Settings.model_fields.get(key.split(".")[0]) if "." in key else None
    kind = section.annotation if section else Settings
    return list(kind.model_fields) if isinstance(kind, type) and issubclass(kind, BaseModel) else []


def masked(settings: Settings) -> list[tuple[str, str]]:
    """Return every key with its value as it may be shown, in the order of the example file."""
    return [(key, shown(key, "auto" if value is None else value)) for key, value in _flat(settings.model_dump(), "")]


def _flat(table: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value
