"""One client of a MongoDB server: how it is configured, the calls in flight, and its errors in the port's words."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC
from typing import Any
from urllib.parse import parse_qsl

import pymongo
from bson.codec_options import CodecOptions, TypeDecoder, TypeRegistry
from bson.errors import BSONError
from bson.int64 import Int64
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import PyMongoError
from pymongo.uri_parser import parse_uri

from storage.documents import Unavailable
from storage.mongo.faults import translated, unreadable

#: The database of an address that names none.
DATABASE = "mostik"
#: What an address may choose otherwise: how long a server is looked for, how long one command may take with its
#: retries (milliseconds), and how many commands run at once.
DEFAULTS = {"serverSelectionTimeoutMS": 5000, "connectTimeoutMS": 5000, "timeoutMS": 15_000, "maxPoolSize": 50}

# On DEBUG the driver logs whole commands, and with them what customers write.
logging.getLogger("pymongo").setLevel(logging.INFO)

Raw = dict[str, Any]
Database = AsyncDatabase[Raw]


class _PlainInt(TypeDecoder):
    """Ints beyond 32 bits come back as ints, not as the driver's own kind."""

    bson_type = Int64

    def transform_bson(self, value: Any) -> int:
        return int(value)


CODEC: CodecOptions[Raw] = CodecOptions(
    document_class=dict, tz_aware=True, tzinfo=UTC, type_registry=TypeRegistry([_PlainInt()])
)


class Connection:
    """A client that belongs to one event loop; `where` is the address without name, password and options."""

    def __init__(self, url: str) -> None:
        """Take an address apart; raises ValueError. Nothing is connected yet, names are not looked up."""
        self._url = url
        self.where = _place(url)
        _check(url)
        self._client: AsyncMongoClient[Raw] | None = None
        self._database: Database | None = None
        self._flying = 0
        self._landed = asyncio.Event()

    @property
    def is_open(self) -> bool:
        """Whether calls may be made."""
        return self._database is not None

    async def open(self) -> None:
        """Connect; raises Unavailable."""
        try:
            self._client = client = _client(self._url)
            with pymongo.timeout(client.options.server_selection_timeout):
                await client.admin.command("ping")
            self._database = client.get_default_database(DATABASE, codec_options=CODEC)
        except PyMongoError as error:
            await self.close()
            raise translated(self.where, error) from None
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Let the calls in flight finish, then disconnect."""
        client, self._client, self._database = self._client, None, None
        while self._flying:
            self._landed.clear()
            await self._landed.wait()
        if client is not None:
            await client.close()

    @asynccontextmanager
    async def call(self, patient: bool = False) -> AsyncIterator[Database]:
        """Make one call, with errors in the port's words; `patient` ones may take as long as they need."""
        client, database = self._client, self._database
        if client is None or database is None:
            raise Unavailable(f"{self.where} is closed")
        self._flying += 1
        try:
            with pymongo.timeout(None if patient else _patience(client)):
                yield database
        except (PyMongoError, BSONError) as error:
            found = translated(self.where, error)
            if found is error:
                raise
            raise found from None
        finally:
            self._flying -= 1
            if not self._flying:
                self._landed.set()


def _patience(client: AsyncMongoClient[Raw]) -> float | None:
    """Return how long a call may take: hardly anything when the server is known to be away. Seconds."""
    there = client.topology_description.has_writable_server()
    patience: float | None = client.options.timeout if there else client.options.server_selection_timeout
    return patience


def _client(url: str) -> AsyncMongoClient[Raw]:
    """Return a client whose durability is not the address's to choose.

    Writes are acknowledged by the majority and from the journal: a single server takes the first for itself. Reads
    come from the primary; they need no majority, since whoever acts on what he read writes first, and no later write
    survives a change of the primary that an earlier one does not.
    """
    chosen = {name.lower() for name, _ in parse_qsl(url.partition("?")[2])}
    options: dict[str, Any] = {name: value for name, value in DEFAULTS.items() if name.lower() not in chosen}
    return AsyncMongoClient(
        url,
        **options,
        appname="mostik",
        w="majority",
        journal=True,
        retryWrites=True,
        readConcernLevel="local",
        readPreference="primary",
    )


def _check(url: str) -> None:
    """Refuse an address that cannot be read, with ValueError; names are not looked up for it."""
    scheme, _, rest = url.partition("://")
    # Only a look-up tells which options a mongodb+srv address has in the end.
    readable = f"mongodb://{rest if scheme == 'mongodb' else rest.partition('?')[0]}"
    try:
        found = parse_uri(readable)
    except (PyMongoError, ValueError) as error:
        raise ValueError(f"store.url: {unreadable(error)}") from None
    if found["collection"] is not None:
        raise ValueError("store.url: the name of a database holds no dot")


def _place(url: str) -> str:
    """Return scheme, hosts and database of an address."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.partition('?')[0].rpartition('@')[2]}"
