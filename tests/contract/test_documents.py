"""What every store of documents does with one document: insert, replace, delete, bump."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from storage.documents import Coll, Documents, Duplicate, Index, P, VersionConflict
from storage.mongo import MongoDocuments

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


async def test_a_taken_id_is_a_duplicate(store: Documents) -> None:
    first = await store.insert(THINGS, "x", thing(1))
    with pytest.raises(Duplicate) as caught:
        await store.insert(THINGS, "x", thing(2))
    assert caught.value.index == "_id"
    assert await store.get(THINGS, "x") == first


async def test_taken_unique_fields_are_a_duplicate_and_the_id_is_told_first(store: Documents) -> None:
    await store.insert(THINGS, "x", thing(1))
    for id, body, index in [
        ("y", thing(1, at=T0), "kind_place"),
        ("y", thing(2, at=T0 + timedelta(seconds=1)), "at"),
        ("y", thing(1), "kind_place"),
        ("x", thing(1), "_id"),
    ]:
        with pytest.raises(Duplicate) as caught:
            await store.insert(THINGS, id, body)
        assert caught.value.index == index
    assert await store.count(THINGS) == 1
    await store.insert(THINGS, "z", {**thing(1, at=T0), "kind": "b"})


async def test_replace_can_be_a_duplicate_and_then_changes_nothing(store: Documents) -> None:
    await store.insert(THINGS, "x", thing(1))
    second = await store.insert(THINGS, "y", thing(2))
    with pytest.raises(Duplicate) as caught:
        await store.replace(THINGS, "y", 1, thing(1, at=T0))
    assert caught.value.index == "kind_place"
    assert await store.get(THINGS, "y") == second
    await store.replace(THINGS, "y", 1, thing(2, owner="me"))  # its own keys are no obstacle
    await store.delete(THINGS, "x")
    await store.replace(THINGS, "y", 2, thing(1))  # and freed ones neither


async def test_replace_is_compare_and_swap(store: Documents) -> None:
    await store.insert(THINGS, "x", thing(1))
    doc = await store.replace(THINGS, "x", 1, thing(1, owner="me"))
    assert (doc.ver, doc.body["owner"]) == (2, "me")
    assert await store.get(THINGS, "x") == doc
    for id, found in (("x", 2), ("gone", None)):
        with pytest.raises(VersionConflict) as caught:
            await store.replace(THINGS, id, 1, thing(1))
        assert caught.value.found == found
    assert await store.get(THINGS, "x") == doc
    assert await store.get(THINGS, "gone") is None


async def test_a_conflict_is_told_before_a_duplicate(store: Documents) -> None:
    await store.insert(THINGS, "x", thing(1))
    await store.insert(THINGS, "y", thing(2))
    with pytest.raises(VersionConflict):
        await store.replace(THINGS, "y", 7, thing(1))


async def test_of_many_replacing_at_once_one_wins(store: Documents) -> None:
    await store.insert(THINGS, "x", thing(1))
    calls = [store.replace(THINGS, "x", 1, thing(1, owner=str(n))) for n in range(20)]
    results = await asyncio.gather(*calls, return_exceptions=True)
    won = [result for result in results if not isinstance(result, BaseException)]
    assert len(won) == 1
    assert all(isinstance(r, VersionConflict) and r.found == 2 for r in results if r not in won)
    assert await store.get(THINGS, "x") == won[0]


async def test_of_many_inserting_at_once_one_wins(store: Documents) -> None:
    results = await asyncio.gather(*(store.insert(LOOSE, "x", {"n": n}) for n in range(20)), return_exceptions=True)
    assert sum(isinstance(result, Duplicate) for result in results) == 19


async def test_delete(store: Documents) -> None:
    assert await store.delete(THINGS, "x") is False
    assert await store.delete(THINGS, "x", 1) is False
    await store.insert(THINGS, "x", thing(1))
    with pytest.raises(VersionConflict) as caught:
        await store.delete(THINGS, "x", 2)
    assert caught.value.found == 1
    assert await store.delete(THINGS, "x", 1) is True
    assert await store.get(THINGS, "x") is None
    assert (await store.insert(THINGS, "x", thing(1))).ver == 1
    assert await store.delete(THINGS, "x") is True


async def test_get_many_leaves_absent_ones_out(store: Documents) -> None:
    ids = [f"id{n}" for n in range(1200)]
    await asyncio.gather(*(store.insert(LOOSE, id, {"id": id}) for id in ids))
    found = await store.get_many(LOOSE, [*ids, "absent", "id0"])
    assert {id: doc.body["id"] for id, doc in found.items()} == {id: id for id in ids}
    assert await store.get_many(LOOSE, []) == {}


async def test_bump_makes_and_raises_counters(store: Documents) -> None:
    doc = await store.bump(LOOSE, "c", {"a": 2, "b": -1})
    assert (doc.ver, doc.body) == (1, {"a": 2, "b": -1})
    doc = await store.bump(LOOSE, "c", {"a": 1, "new": 5})
    assert (doc.ver, doc.body) == (2, {"a": 3, "b": -1, "new": 5})
    assert await store.get(LOOSE, "c") == doc
    await asyncio.gather(*(store.bump(LOOSE, "c", {"a": 1}) for _ in range(50)))
    last = await store.get(LOOSE, "c")
    assert last is not None
    assert (last.ver, last.body["a"]) == (52, 53)


async def test_bump_counts_a_token_once(store: Documents) -> None:
    first = await store.bump(LOOSE, "c", {"n": 1}, "т1")
    assert await store.bump(LOOSE, "c", {"n": 1}, "т1") == first
    assert (await store.bump(LOOSE, "c", {"n": 1}, "т2")).body == {"n": 2}
    await store.replace(LOOSE, "c", 2, {"n": 10})
    assert (await store.bump(LOOSE, "c", {"n": 1}, "т1")).body == {"n": 10}
    results = await asyncio.gather(*(store.bump(LOOSE, "c", {"n": 1}, "т3") for _ in range(10)))
    assert {doc.body["n"] for doc in results} == {11}
    await store.delete(LOOSE, "c")
    assert (await store.bump(LOOSE, "c", {"n": 1}, "т1")).body == {"n": 1}


async def test_bump_keeps_the_last_256_tokens(store: Documents) -> None:
    for n in range(257):
        await store.bump(LOOSE, "c", {"n": 1}, f"t{n}")
    assert (await store.bump(LOOSE, "c", {"n": 1}, "t1")).body == {"n": 257}
    assert (await store.bump(LOOSE, "c", {"n": 1}, "t0")).body == {"n": 258}


async def test_bump_refuses_what_cannot_be_counted(store: Documents) -> None:
    await store.insert(LOOSE, "x", {"s": "a", "yes": True, "none": None, "big": 2**63 - 1})
    for inc in ({"s": 1}, {"yes": 1}, {"none": 1}, {"big": 1}, {"n": 0.5}, {"n": True}, {"a.b": 1}):
        with pytest.raises(ValueError, match="loose"):
            await store.bump(LOOSE, "x", inc)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="things"):
        await store.bump(THINGS, "absent", {"place": 1})
    assert (await store.get(LOOSE, "x")).ver == 1  # type: ignore[union-attr]


async def test_bump_keeps_unique_indexes(store: Documents) -> None:
    await store.insert(THINGS, "x", thing(1))
    await store.insert(THINGS, "y", thing(2))
    with pytest.raises(Duplicate):
        await store.bump(THINGS, "x", {"place": 1}, "token")
    assert (await store.bump(THINGS, "x", {"place": 5}, "token")).body["place"] == 6


async def test_a_written_document_is_read_at_once(store: Documents) -> None:
    for n in range(50):
        await store.insert(THINGS, f"x{n}", thing(n, owner="me"))
        assert await store.count(THINGS, [P("owner", "eq", "me")]) == n + 1
        assert await store.get(THINGS, f"x{n}") is not None


async def test_many_new_documents_are_written_each_for_itself(store: Documents) -> None:
    """Also where no index is unique, which is the quick way; their words are found, and numbered ones follow."""
    said = Coll("said", fields={"who": "str"}, indexes=(Index(("who",)),), words="words")
    await store.open([said])
    assert await store.insert_many(said, []) == []
    old = await store.insert(said, "m1", {"who": "a", "words": "старое слово"})
    count = 30 if isinstance(store, MongoDocuments) else 3000  # beyond one portion where the test's server can bear it
    bodies = {f"m{n}": {"who": "b", "words": f"слово номер{n}" if n % 2 else None} for n in range(count)}
    told = await store.insert_many(said, list(bodies.items()))
    assert [each.index for each in told if isinstance(each, Duplicate)] == ["_id"]
    assert isinstance(told[1], Duplicate)
    assert told[0] == await store.get(said, "m0")
    assert (told[-1], await store.get(said, "m1")) == (await store.get(said, f"m{count - 1}"), old)
    await store.insert(said, "last", {"who": "b", "words": "последнее слово"})
    assert [doc.id for doc in await store.find(said, [P("words", "words", f"номер{count - 1} слово")])] == [
        f"m{count - 1}"
    ]
    assert [doc.id for doc in await store.find(said, [P("words", "words", "последнее")])] == ["last"]
    assert await store.count(said, [P("who", "eq", "b")]) == count
    await store.insert(THINGS, "x", thing(1))
    told = await store.insert_many(THINGS, [("y", thing(2)), ("z", thing(2, at=T0)), ("x", thing(1)), ("w", thing(3))])
    assert [each.index if isinstance(each, Duplicate) else each.id for each in told] == ["y", "kind_place", "_id", "w"]
    for bad in ([("v", thing(4)), ("v", thing(5))], [("v", thing(4)), ("u", {"kind": "a"})]):
        with pytest.raises(ValueError, match=r"twice|null"):
            await store.insert_many(THINGS, bad)
    assert await store.get(THINGS, "v") is None
