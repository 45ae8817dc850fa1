"""What every store of documents keeps of a body, and what it refuses."""

from datetime import UTC, datetime, timedelta, timezone
from enum import IntEnum, StrEnum
from typing import Any

import pytest

from storage.documents import Coll, Documents, Index, check_change

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


async def test_insert_and_get_give_the_body_back(store: Documents) -> None:
    body = {
        "none": None,
        "yes": True,
        "ints": [0, -(2**63), 2**63 - 1],
        "floats": [0.5, -1e300, 1.0],
        "text": 'Привет, «мир» {"$d": 1} \\ \n\0 😀',
        "at": T0,
        "far": datetime(9999, 12, 31, 23, 59, 59, 999000, tzinfo=UTC),
        "early": datetime(1, 1, 1, tzinfo=UTC),
        "deep": {"list": [{"at": T0}, [[]], {}]},
    }
    doc = await store.insert(LOOSE, "один", body)
    assert (doc.id, doc.ver, doc.body) == ("один", 1, body)
    assert await store.get(LOOSE, "один") == doc
    read = await store.get(LOOSE, "один")
    assert read is not None
    assert type(read.body["floats"][2]) is float
    assert read.body["at"].tzinfo is UTC
    assert await store.get(LOOSE, "другой") is None


async def test_bodies_are_copied_in(store: Documents) -> None:
    body = {"list": [1], "map": {"a": 1}}
    doc = await store.insert(LOOSE, "x", body)
    body["list"].append(2)
    assert doc.body == {"list": [1], "map": {"a": 1}}
    found = await store.get(LOOSE, "x")
    assert found is not None
    assert found.body == {"list": [1], "map": {"a": 1}}


async def test_a_stored_body_with_changes_is_checked_where_it_changed(store: Documents) -> None:
    was = await store.insert(LOOSE, "x", {"list": [1], "map": {"a": 1}})
    at = datetime(2025, 3, 1, 15, 0, 0, 123999, tzinfo=UTC)
    changed = check_change(LOOSE, was.body, {"list": (2, at), "new": "é"})
    now = await store.replace(LOOSE, "x", 1, changed)
    found = await store.get(LOOSE, "x")
    assert found is not None
    assert found == now
    assert found.body == {"list": [2, at.replace(microsecond=123000)], "map": {"a": 1}, "new": "é"}
    with pytest.raises(ValueError, match=r"\.map\.a: not a finite number"):
        check_change(LOOSE, found.body, {"map": {"a": float("nan")}})


async def test_values_come_back_plain(store: Documents) -> None:
    class Colour(StrEnum):
        RED = "red"

    class Level(IntEnum):
        HIGH = 3

    moscow = timezone(timedelta(hours=3))
    at = datetime(2025, 3, 1, 15, 0, 0, 123999, tzinfo=moscow)
    doc = await store.insert(LOOSE, "x", {"c": Colour.RED, "n": Level.HIGH, "at": at, "pair": (1, "b")})
    read = await store.get(LOOSE, "x")
    assert read == doc
    assert doc.body == {"c": "red", "n": 3, "at": T0.replace(microsecond=123000), "pair": [1, "b"]}
    assert type(doc.body["c"]) is str
    assert type(doc.body["n"]) is int
    assert doc.body["at"].utcoffset() == timedelta(0)


BAD_BODIES: list[Any] = [
    {"n": 2**63},
    {"n": -(2**63) - 1},
    {"f": float("nan")},
    {"f": float("inf")},
    {"at": datetime(2025, 1, 1)},  # noqa: DTZ001  # a naive one is what is refused
    {"b": b"bytes"},
    {"s": {1, 2}},
    {"s": "\ud800"},
    {"a.b": 1},
    {"$d": 1},
    {"a\0": 1},
    {"": 1},
    {1: 1},
    {"deep": [{"x": {"$d": 5}}]},
    [],
]


@pytest.mark.parametrize("body", BAD_BODIES, ids=lambda body: ascii(body)[:30])
async def test_bodies_no_store_could_keep_are_refused(store: Documents, body: Any) -> None:
    with pytest.raises(ValueError, match="loose"):
        await store.insert(LOOSE, "x", body)
    assert await store.get(LOOSE, "x") is None


@pytest.mark.parametrize(
    "change",
    [{"kind": None}, {"kind": 1}, {"place": True}, {"place": "1"}, {"at": "2025"}, {"done": 1}, {"weight": "1"}],
    ids=str,
)
async def test_declared_fields_keep_their_kind(store: Documents, change: dict[str, Any]) -> None:
    doc = await store.insert(THINGS, "x", thing(1))
    with pytest.raises(ValueError, match="things"):
        await store.insert(THINGS, "y", {**thing(2), **change})
    with pytest.raises(ValueError, match="things"):
        await store.replace(THINGS, "x", 1, {**thing(2), **change})
    assert await store.get(THINGS, "x") == doc


async def test_an_optional_field_may_be_absent_or_null(store: Documents) -> None:
    await store.insert(THINGS, "x", thing(1))
    await store.insert(THINGS, "y", thing(2, owner=None, weight=3))
    doc = await store.get(THINGS, "y")
    assert doc is not None
    assert doc.body["weight"] == 3


@pytest.mark.parametrize("id", ["", None, 1, "\udfff"], ids=ascii)
async def test_an_id_is_a_string(store: Documents, id: Any) -> None:
    for call in (
        store.get(LOOSE, id),
        store.get_many(LOOSE, ["a", id]),
        store.insert(LOOSE, id, {}),
        store.replace(LOOSE, id, 1, {}),
        store.delete(LOOSE, id),
        store.bump(LOOSE, id, {"n": 1}),
    ):
        with pytest.raises(ValueError, match="id"):
            await call
