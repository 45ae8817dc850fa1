"""What is particular to the MongoDB store: servers that go away, lost answers, indexes, two processes at once."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from pymongo import AsyncMongoClient

from storage.documents import Coll, Duplicate, Index, Order, P, Unavailable, VersionConflict
from storage.mongo import MongoDocuments
from storage.mongo.layout import LAYOUT, OWN
from tests.mongo_server import MongoServer, database_of

pytestmark = pytest.mark.mongo
COLL = Coll(
    "rows",
    fields={"kind": "str", "rank": "int", "due": "ts", "holder": "str"},
    indexes=(Index(("kind", "rank")), Index(("kind", "due")), Index(("rank",), unique=True)),
    words="words",
)
T0 = datetime(2025, 1, 1, tzinfo=UTC)
#: Short patience: what is waited for here does not come.
HASTY = "?serverSelectionTimeoutMS=400&timeoutMS=400"


def row(n: int, words: str = "") -> dict[str, Any]:
    return {"kind": "a", "rank": n, "due": T0, "holder": "", "words": words}


@asynccontextmanager
async def opened(url: str, *colls: Coll) -> AsyncIterator[MongoDocuments]:
    store = MongoDocuments(url)
    await store.open(colls or [COLL])
    try:
        yield store
    finally:
        await store.close()


@asynccontextmanager
async def database(url: str) -> AsyncIterator[Any]:
    async with AsyncMongoClient(url) as client:
        yield client.get_default_database()


async def answers(store: MongoDocuments) -> None:
    """Wait until a server that came back is noticed: the driver looks for it now and then."""
    async with asyncio.timeout(30):
        while True:
            try:
                return await store.ping()
            except Unavailable:
                await asyncio.sleep(0.05)


@pytest.fixture
def own_server(mongo_server: MongoServer) -> Iterator[MongoServer]:
    """A server that a test may end or let stand still."""
    server = MongoServer()
    yield server
    server.stop()


@pytest.mark.usefixtures("absent_server")
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
async def test_a_server_that_goes_away_and_comes_back(own_server: MongoServer) -> None:
    async with opened(database_of(own_server.url + HASTY)) as store:
        await store.insert(COLL, "x", row(1))
        own_server.stop()
        for call in (
            store.ping(),
            store.get(COLL, "x"),
            store.get_many(COLL, ["x"]),
            store.insert(COLL, "y", row(2)),
            store.replace(COLL, "x", 1, row(3)),
            store.delete(COLL, "x"),
            store.find(COLL, [P("kind", "eq", "a")], Order("rank")),
            store.count(COLL),
            store.group(COLL, "kind"),
            store.bump(COLL, "c", {"n": 1}),
            store.claim(COLL, [P("kind", "eq", "a")], "due", T0, T0, "me", 1),
            store.sweep(COLL, []),
            store.open([Coll("more")]),
        ):
            with pytest.raises(Unavailable, match="does not answer"):
                await call
        back = MongoServer(own_server.port)
        try:
            await answers(store)
            await store.insert(COLL, "y", row(2))
        finally:
            back.stop()


@pytest.mark.usefixtures("absent_server")
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
async def test_a_server_that_stands_still_is_not_waited_for_for_ever(own_server: MongoServer) -> None:
    async with opened(database_of(own_server.url + HASTY)) as store:
        await store.insert(COLL, "x", row(1))
        own_server.freeze(True)
        for call in (store.get(COLL, "x"), store.insert(COLL, "y", row(2))):
            with pytest.raises(Unavailable):
                await call
        own_server.freeze(False)
        # Whether the write was done nobody knows; it can be repeated.
        async with asyncio.timeout(60):
            while True:
                with suppress(Unavailable, Duplicate):
                    await store.insert(COLL, "y", row(2))
                with suppress(Unavailable):
                    if (doc := await store.get(COLL, "y")) is not None:
                        break
        assert doc.ver == 1


class LossyLine:
    """A line to a server on which the next answer can be lost after the server has acted."""

    def __init__(self, port: int) -> None:
        self.loses = False
        self._port = port

    @asynccontextmanager
    async def open(self) -> AsyncIterator[int]:
        """Take connections; gives the port."""
        server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        async with server:
            yield server.sockets[0].getsockname()[1]

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self._port)
        with suppress(ConnectionError, asyncio.CancelledError):
            await asyncio.wait(
                [
                    asyncio.create_task(self._pass(reader, back, False)),
                    asyncio.create_task(self._pass(there, writer, True)),
                ],
                return_when=asyncio.FIRST_COMPLETED,
            )
        for end in (writer, back):
            end.close()

    async def _pass(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, answers: bool) -> None:
        with suppress(ConnectionError):
            while data := await source.read(65536):
                if answers and self.loses and b"hello" not in data and b"isWritablePrimary" not in data:
                    self.loses = False
                    return
                sink.write(data)
                await sink.drain()


async def test_a_write_whose_answer_is_lost_is_unavailable_and_harmless_to_repeat(mongo_url: str) -> None:
    host, _, name = mongo_url.removeprefix("mongodb://").partition("/")
    line = LossyLine(int(host.partition(":")[2]))
    async with line.open() as port, opened(f"mongodb://127.0.0.1:{port}/{name}") as store:

        async def lost(call: Any) -> None:
            line.loses = True
            with pytest.raises(Unavailable):
                await call
            assert not line.loses

        await lost(store.insert(COLL, "x", row(1)))
        with pytest.raises(Duplicate) as again:
            await store.insert(COLL, "x", row(1))
        assert again.value.index == "_id"
        await lost(store.replace(COLL, "x", 1, row(2)))
        with pytest.raises(VersionConflict) as conflict:
            await store.replace(COLL, "x", 1, row(2))
        assert conflict.value.found == 2
        await store.bump(COLL, "x", {"n": 0})
        await lost(store.bump(COLL, "x", {"n": 1}, "token"))
        assert (await store.bump(COLL, "x", {"n": 1}, "token")).body["n"] == 1
        later = T0.replace(year=2026)
        await lost(store.claim(COLL, [P("kind", "eq", "a")], "due", T0, later, "me", 1))
        (taken,) = await store.claim(COLL, [P("kind", "eq", "a")], "due", later, later.replace(year=2027), "you", 9)
        assert taken.body["holder"] == "you"


@pytest.mark.usefixtures("absent_server")
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
async def test_a_wrong_password_is_told_without_it(mongo_server: MongoServer) -> None:
    server = MongoServer(0, ("olga", "right-right"))
    try:
        place = f"127.0.0.1:{server.port}/shop?authSource=admin&authMechanism=SCRAM-SHA-256"
        with pytest.raises(Unavailable, match="the name or the password is wrong") as caught:
            await MongoDocuments(f"mongodb://olga:wrong-wrong@{place}").open([COLL])
        assert "wrong-wrong" not in str(caught.value)
        async with opened(f"mongodb://olga:right-right@{place}") as store:
            await store.ping()
    finally:
        server.stop()


async def test_indexes_are_those_declared_and_others_people_made_stay(mongo_url: str) -> None:
    async with opened(mongo_url):
        pass
    async with database(mongo_url) as db:
        await db["rows"].create_index([("body.words", "text")], name="by hand")
        await db["rows"].create_index([("body.kind", 1)], name="ix_gone")
        await db["rows"].drop_index("ix_kind_due")
        await db["rows"].create_index([("body.due", 1)], name="ix_kind_due")  # of another shape than declared
        async with opened(mongo_url):
            found = await db["rows"].index_information()
    assert {name: list(index["key"]) for name, index in found.items() if name != "by hand"} == {
        "_id_": [("_id", 1)],
        "ix_kind_rank": [("body.kind", 1), ("body.rank", 1), ("_id", 1)],
        "ix_kind_due": [("body.kind", 1), ("body.due", 1), ("_id", 1)],
        "ux_rank": [("body.rank", 1)],
        "ix_words words": [("words.words", 1)],
    }
    assert "by hand" in found
    assert found["ux_rank"]["unique"]


async def test_an_index_that_somebody_dropped_costs_time_and_not_the_answer(mongo_url: str) -> None:
    async with opened(mongo_url) as store, database(mongo_url) as db:
        await store.insert(COLL, "x", row(1))
        await db["rows"].drop_index("ix_kind_rank")
        await db["rows"].drop_index("ix_kind_due")
        asked = [P("kind", "eq", "a")]
        assert [doc.id for doc in await store.find(COLL, asked, Order("rank"))] == ["x"]
        assert await store.count(COLL, asked) == 1
        assert await store.group(COLL, "kind", asked) == {"a": 1}
        assert len(await store.claim(COLL, asked, "due", T0, T0.replace(year=2026), "me", 5)) == 1
        assert await store.sweep(COLL, asked) == 1


async def test_two_processes_open_a_new_database_at_once(mongo_url: str) -> None:
    async with opened(mongo_url) as one, opened(mongo_url) as two:
        await asyncio.gather(*(store.open([COLL, Coll("more", words="w")]) for store in (one, two) for _ in range(3)))
        results = await asyncio.gather(
            *(store.insert(COLL, f"x{n}", row(n)) for store in (one, two) for n in range(20)), return_exceptions=True
        )
        assert sum(isinstance(result, Duplicate) for result in results) == 20
        assert await two.count(COLL) == 20
        counted = await asyncio.gather(*(store.bump(COLL, "x1", {"n": 1}) for store in (one, two) for _ in range(20)))
        assert sorted(doc.body["n"] for doc in counted) == list(range(1, 41))


async def test_a_lease_that_ends_at_once_gives_nothing_twice(mongo_url: str) -> None:
    async with opened(mongo_url) as store:
        for n in range(4):
            await store.insert(COLL, f"x{n}", row(n))
        taken = await store.claim(COLL, [P("kind", "eq", "a")], "due", T0, T0, "me", 9)
        assert [doc.id for doc in taken] == ["x0", "x1", "x2", "x3"]


async def test_the_database_of_a_newer_program_is_left_alone(mongo_url: str) -> None:
    async with database(mongo_url) as db:
        await db[OWN].insert_one({"_id": "layout", "number": LAYOUT + 1})
    with pytest.raises(Unavailable, match=f"layout {LAYOUT + 1}"):
        await MongoDocuments(mongo_url).open([COLL])


async def test_what_is_too_large_for_a_document_is_the_caller_s_fault(mongo_url: str) -> None:
    async with opened(mongo_url) as store:
        with pytest.raises(ValueError, match="too large"):
            await store.insert(COLL, "x", row(1) | {"more": "я" * (9 << 20)})
        assert await store.get(COLL, "x") is None


async def test_ints_come_back_plain(mongo_url: str) -> None:
    async with opened(mongo_url, Coll("loose")) as store:
        await store.insert(Coll("loose"), "x", {"n": 2**40, "deep": [{"n": -(2**62)}]})
        doc = await store.get(Coll("loose"), "x")
    assert doc is not None
    assert [type(doc.body["n"]), type(doc.body["deep"][0]["n"])] == [int, int]
