"""How every store of documents hands work out, each piece once, and sweeps away what is past."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from storage.documents import Coll, Documents, Index, P, Unplanned

LANES = Coll(
    "lanes",
    fields={"direction": "str", "due": "ts", "holder": "str", "place": "str", "n": "int"},
    indexes=(Index(("direction", "due")), Index(("due",)), Index(("place",), unique=True)),
    optional=frozenset({"n"}),
    ttl="due",
)
T0 = datetime(2025, 3, 1, 12, 0, tzinfo=UTC)
IN = [P("direction", "eq", "in")]


def lane(id: str, seconds: float, direction: str = "in", **more: Any) -> dict[str, Any]:
    due = T0 + timedelta(seconds=seconds)
    return {"direction": direction, "due": due, "holder": "", "place": id, "note": "kept", **more}


@pytest.fixture
async def store(documents: Documents) -> Documents:
    await documents.open([LANES, Coll("plain", fields={"due": "ts"}, indexes=(Index(("due",)),))])
    return documents


def after(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


async def test_claim_takes_the_earliest_that_are_due(store: Documents) -> None:
    for id, seconds in (("late", 9), ("b", 1), ("a", 1), ("first", 0), ("other", -5), ("far", 10**9)):
        await store.insert(LANES, id, lane(id, seconds, "out" if id == "other" else "in"))
    taken = await store.claim(LANES, IN, "due", after(5), after(30), "me", 2)
    assert [doc.id for doc in taken] == ["first", "a"]
    assert taken[0].ver == 2
    assert taken[0].body == {**lane("first", 30), "holder": "me"}
    assert await store.get(LANES, "first") == taken[0]
    taken = await store.claim(LANES, IN, "due", after(5), after(30), "you", 10)
    assert [doc.id for doc in taken] == ["b"]
    assert await store.claim(LANES, IN, "due", after(5), after(30), "you", 10) == []
    taken = await store.claim(LANES, [], "due", after(9), after(60), "you", 10)
    assert [doc.id for doc in taken] == ["other", "late"]


async def test_a_document_is_due_at_its_very_time_and_again_when_the_lease_ends(store: Documents) -> None:
    await store.insert(LANES, "a", lane("a", 5))
    assert await store.claim(LANES, IN, "due", after(4.999), after(10), "me", 1) == []
    assert len(await store.claim(LANES, IN, "due", after(5), after(10), "me", 1)) == 1
    assert await store.claim(LANES, IN, "due", after(9.999), after(20), "you", 1) == []
    (again,) = await store.claim(LANES, IN, "due", after(10), after(20), "you", 1)
    assert (again.ver, again.body["holder"]) == (3, "you")


async def test_claim_is_narrowed_by_further_predicates(store: Documents) -> None:
    for n in range(6):
        await store.insert(LANES, f"l{n}", lane(f"l{n}", n, n=n) if n else lane("l0", 0))
    taken = await store.claim(LANES, [*IN, P("n", "ge", 2)], "due", after(60), after(90), "me", 2)
    assert [doc.id for doc in taken] == ["l2", "l3"]
    (one,) = await store.claim(LANES, [P("_id", "eq", "l5")], "due", after(60), after(90), "me", 5)
    assert one.id == "l5"
    assert await store.claim(LANES, [P("_id", "eq", "l5")], "due", after(60), after(90), "me", 5) == []
    assert await store.claim(LANES, IN, "due", after(60), after(90), "me", 0) == []


async def test_callers_at_once_share_the_work_without_overlap(store: Documents) -> None:
    await asyncio.gather(*(store.insert(LANES, f"l{n:03}", lane(f"l{n:03}", n % 7)) for n in range(120)))

    async def work(name: str) -> list[str]:
        mine: list[str] = []
        while taken := await store.claim(LANES, IN, "due", after(60), after(600), name, 7):
            assert all(doc.body["holder"] == name for doc in taken)
            mine += [doc.id for doc in taken]
        return mine

    shares = await asyncio.gather(*(work(f"w{n}") for n in range(8)))
    assert sorted(id for share in shares for id in share) == [f"l{n:03}" for n in range(120)]


async def test_what_cannot_be_claimed_is_refused(store: Documents) -> None:
    plain = Coll("plain", fields={"due": "ts"}, indexes=(Index(("due",)),))
    with pytest.raises(ValueError, match="holder"):
        await store.claim(plain, [], "due", T0, T0, "me", 1)
    with pytest.raises(ValueError, match="ts"):
        await store.claim(LANES, IN, "n", T0, T0, "me", 1)
    with pytest.raises(ValueError, match="lanes"):
        await store.claim(LANES, IN, "due", T0.replace(tzinfo=None), T0, "me", 1)
    with pytest.raises(ValueError, match="lanes"):
        await store.claim(LANES, IN, "due", T0, T0, 7, 1)  # type: ignore[arg-type]
    with pytest.raises(Unplanned):
        await store.claim(LANES, IN, "absent", T0, T0, "me", 1)
    with pytest.raises(Unplanned):
        await store.claim(LANES, [P("absent", "eq", "x")], "due", T0, T0, "me", 1)
    unique = Coll("u", fields={"due": "ts", "holder": "str"}, indexes=(Index(("due",), unique=True),))
    await store.open([unique])
    with pytest.raises(ValueError, match="unique"):
        await store.claim(unique, [], "due", T0, T0, "me", 1)


async def test_sweep_deletes_in_portions(store: Documents) -> None:
    for n in range(25):
        await store.insert(LANES, f"l{n}", lane(f"l{n}", n))
    past = [P("due", "lt", after(20))]
    assert await store.sweep(LANES, past, 8) == 8
    assert await store.sweep(LANES, past, 8) == 8
    assert await store.sweep(LANES, past, 8) == 4
    assert await store.sweep(LANES, past, 8) == 0
    assert [doc.id for doc in await store.find(LANES)] == ["l20", "l21", "l22", "l23", "l24"]
    assert await store.sweep(LANES, [*IN, P("n", "ge", 0)]) == 0
    assert await store.sweep(LANES, []) == 5
    assert await store.count(LANES) == 0
