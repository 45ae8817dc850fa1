"""How every store of documents is opened, changed in its declarations, and closed."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from storage.documents import Coll, Documents, Duplicate, Index, Key, Order, P, Unavailable

THINGS = Coll(
    "things",
    fields={"kind": "str", "place": "int", "at": "ts", "done": "bool", "weight": "float", "owner": "str"},
    indexes=(Index(("kind", "place"), unique=True), Index(("at",), unique=True), Index(("owner",))),
    optional=frozenset({"weight", "owner", "done"}),
)
LOOSE = Coll("loose")
T0 = datetime(2025, 3, 1, 12, 0, tzinfo=UTC)


def thing(place: int, **more: Any) -> dict[str, Any]:
    return {"kind": "a", "place": place, "at": T0 + timedelta(seconds=place), **more}


@pytest.fixture
async def store(documents: Documents) -> Documents:
    await documents.open([THINGS, LOOSE])
    return documents


async def test_ping(store: Documents) -> None:
    await store.ping()


async def test_nothing_works_before_open_and_after_close(documents: Documents) -> None:
    async def refuses_all() -> None:
        for call in (
            documents.ping(),
            documents.get(LOOSE, "x"),
            documents.get_many(LOOSE, ["x"]),
            documents.insert(LOOSE, "x", {}),
            documents.replace(LOOSE, "x", 1, {}),
            documents.delete(LOOSE, "x"),
            documents.find(LOOSE),
            documents.find(THINGS, [P("owner", "eq", "me")], None, Key(None, "x")),
            documents.count(LOOSE),
            documents.group(THINGS, "kind"),
            documents.bump(LOOSE, "x", {"n": 1}),
            documents.claim(THINGS, [], "at", T0, T0, "me", 1),
            documents.sweep(LOOSE, []),
        ):
            with pytest.raises(Unavailable):
                await call

    await refuses_all()
    await documents.open([THINGS, LOOSE])
    await documents.insert(LOOSE, "x", {"n": 1})
    await documents.close()
    await refuses_all()
    await documents.close()
    await documents.open([THINGS, LOOSE])
    assert (await documents.get(LOOSE, "x")).body == {"n": 1}  # type: ignore[union-attr]


async def test_close_finishes_accepted_writes(documents: Documents) -> None:
    await documents.open([LOOSE])
    writes = [asyncio.ensure_future(documents.insert(LOOSE, f"x{n}", {})) for n in range(100)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await documents.close()
    accepted = sum(not isinstance(r, Unavailable) for r in await asyncio.gather(*writes, return_exceptions=True))
    await documents.open([LOOSE])
    assert accepted == 100
    assert await documents.count(LOOSE) == 100


async def test_a_collection_that_was_not_opened_is_a_fault_of_the_caller(store: Documents) -> None:
    with pytest.raises(ValueError, match="strange was not opened"):
        await store.get(Coll("strange"), "x")
    await store.open([Coll("strange")])
    assert await store.get(Coll("strange"), "x") is None
    assert await store.get(LOOSE, "x") is None


@pytest.mark.parametrize(
    "coll",
    [
        Coll("Bad"),
        Coll("a__b"),
        Coll("a", fields={"x.y": "str"}),
        Coll("a", indexes=(Index(("x",)),)),
        Coll("a", optional=frozenset({"x"})),
        Coll("a", fields={"x": "str"}, indexes=(Index(("x",), unique=True),), optional=frozenset({"x"})),
        Coll("a", fields={"x": "str"}, indexes=(Index(("x", "x")),)),
        Coll("a", fields={"x": "str"}, indexes=(Index(("x",)), Index(("x",), unique=True))),
        Coll("a", fields={"x": "str"}, indexes=(Index(()),)),
        Coll("a", fields={"x": "str"}, ttl="x"),
    ],
    ids=repr,
)
async def test_a_wrong_declaration_is_refused(documents: Documents, coll: Coll) -> None:
    with pytest.raises(ValueError, match=coll.name):
        await documents.open([coll])


async def test_declarations_may_change_between_runs(documents: Documents) -> None:
    before = Coll("shop", fields={"a": "int", "old": "str"}, indexes=(Index(("a",)), Index(("old",))), words="text")
    await documents.open([before])
    for n in range(30):
        body = {"a": n, "old": "o", "new": n % 3, "at": T0 + timedelta(seconds=n), "text": "alpha", "title": f"n{n}"}
        await documents.insert(before, f"x{n:02}", body)
    await documents.close()
    after = Coll(
        "shop",
        fields={"a": "int", "new": "int", "at": "ts"},
        indexes=(Index(("a",), unique=True), Index(("new", "at"))),
        words="title",
    )
    await documents.open([after])
    found = await documents.find(after, [P("new", "eq", 1)], Order("at", desc=True), None, 3)
    assert [doc.id for doc in found] == ["x28", "x25", "x22"]
    assert [doc.id for doc in await documents.find(after, [P("title", "words", "n7")])] == ["x07"]
    with pytest.raises(Duplicate):
        await documents.insert(after, "y", {"a": 3, "new": 1, "at": T0})
    await documents.close()
    await documents.open([before])  # a key column that comes back is right for what was written without it
    await documents.insert(before, "y", {"a": 3, "old": "o"})
    assert await documents.count(before, [P("old", "eq", "o")]) == 31


async def test_a_new_unique_index_over_duplicates_is_refused_whole(documents: Documents) -> None:
    loose = Coll("shop", fields={"a": "int"}, indexes=(Index(("a",)),))
    await documents.open([loose])
    await documents.insert(loose, "x", {"a": 1})
    await documents.insert(loose, "y", {"a": 1})
    strict = Coll("shop", fields={"a": "int"}, indexes=(Index(("a",), unique=True),))
    with pytest.raises(Duplicate) as caught:
        await documents.open([strict])
    assert caught.value.index == "a"
    assert await documents.count(loose, [P("a", "eq", 1)]) == 2


async def test_room_is_given_back_and_what_stays_is_found_as_before(documents: Documents) -> None:
    words = Coll("words", {"kind": "str"}, (Index(("kind",)),), words="words")
    await documents.open([words])
    for n in range(40):
        await documents.insert(words, f"d{n}", {"kind": "even" if n % 2 == 0 else "odd", "words": f"all w{n}"})
    assert await documents.sweep(words, [P("kind", "eq", "odd")]) == 20
    portions = 0
    while await documents.give_back(8):
        portions += 1
        assert portions < 100
        await documents.insert(words, f"more{portions}", {"kind": "more", "words": "all"})
    while await documents.give_back(8):
        pass
    assert not await documents.give_back(8)
    assert [doc.id for doc in await documents.find(words, [P("words", "words", "all w38")])] == ["d38"]
    assert await documents.find(words, [P("words", "words", "w39")]) == []
    assert await documents.count(words, [P("words", "words", "all")]) == 20 + portions
    await documents.insert(words, "d39", {"kind": "odd", "words": "again"})
