"""The same random calls to every store: the answers and the kinds of refusal must be equal.

MOSTIK_STEPS and MOSTIK_SEEDS make the runs longer.
"""

import os
import random
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from storage.documents import Coll, Documents, Duplicate, Index, Key, Order, P, StoreError, VersionConflict
from storage.memory import MemoryDocuments

STEPS = int(os.environ.get("MOSTIK_STEPS", "600"))
SEEDS = int(os.environ.get("MOSTIK_SEEDS", "4"))

COLL = Coll(
    "docs",
    fields={
        "s": "str",
        "n": "int",
        "f": "float",
        "b": "bool",
        "t": "ts",
        "u": "int",
        "v": "str",
        "due": "ts",
        "holder": "str",
        "loose": "str",
    },
    indexes=(
        Index(("u",), unique=True),
        Index(("s", "v"), unique=True),
        Index(("s", "n")),
        Index(("b", "t")),
        Index(("t",)),
        Index(("f", "n")),
        Index(("b", "due")),
        Index(("loose",)),
    ),
    optional=frozenset({"f", "loose", "n"}),
    words="words",
)
T0 = datetime(2025, 1, 1, tzinfo=UTC)
WORDS = ("заказ", "где", "мой", "товар", "ёлка", "a@b.c", "+7900", "c++", '"', "it's", "тов*", "+*", "😀", "x" * 50)
Call = Callable[[Documents], Awaitable[Any]]


class Calls:
    """Random calls; what they ask for is drawn from small sets, so that they meet."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def value(self, kind: str) -> Any:
        pick = self.random
        if pick.random() < 0.02:
            return pick.choice([None, 1, "x", True, 2**64, float("nan")])
        match kind:
            case "str":
                return pick.choice(["", "a", "b", "я", "яя", "Z", "a\0b", "😀"])
            case "int":
                return pick.choice([-(2**63), -1, 0, 1, 2, 3, 2**63 - 1])
            case "float":
                return pick.choice([-1.5, 0, -0.0, 1, 1.0, 2.5, 1e300, 2**53 + 1])
            case "bool":
                return pick.random() < 0.5
        return T0 + timedelta(milliseconds=pick.randrange(-3, 12) * 500 + pick.random())

    def id(self) -> str:
        return self.random.choice(["a", "b", "c", "d", "e", "ж", "é", "x1", "x2", "x3"])

    def body(self) -> dict[str, Any]:
        body = {name: self.value(kind) for name, kind in COLL.fields.items()}
        body["u"] = self.random.randrange(14)
        body["v"] = self.random.choice("pqrstuw")
        for name in COLL.optional:
            if self.random.random() < 0.3:
                body[name] = None
                if self.random.random() < 0.5:
                    del body[name]
        if self.random.random() < 0.8:
            body["words"] = " ".join(self.random.choices(WORDS, k=self.random.randrange(5)))
        body["extra"] = {"list": [self.value("ts"), self.value("float")], "c": self.random.randrange(3)}
        return body

    def predicate(self) -> P:
        pick = self.random
        if pick.random() < 0.15:
            return P("words", "words", " ".join(pick.choices(WORDS, k=pick.choice([0, 1, 1, 1, 2]))))
        if pick.random() < 0.1:
            return pick.choice([P("_id", "eq", self.id()), P("_id", "in", tuple(self.id() for _ in range(4)))])
        name = pick.choice([*COLL.fields, "s", "b", "s", "b", "t", "unknown"])
        kind = COLL.fields.get(name, "str")
        op: Any = pick.choice(["eq", "eq", "eq", "eq", "ne", "lt", "le", "gt", "ge", "in"])
        value = tuple(self.value(kind) for _ in range(pick.randrange(4))) if op == "in" else self.value(kind)
        return P(name, op, value)

    def where(self) -> list[P]:
        return [self.predicate() for _ in range(self.random.choice([0, 1, 1, 1, 2, 2, 3]))]

    def order(self) -> Order | None:
        if self.random.random() < 0.5:
            return None
        return Order(self.random.choice([*COLL.fields, "t", "u", "s", "unknown"]), self.random.random() < 0.5)

    def next(self) -> tuple[str, Call]:
        """Return the next call, with its name for the report."""
        name = self.random.choices(list(CHOICES), [weight for _, weight in CHOICES.values()])[0]
        return name, CHOICES[name][0](self)


def insert(c: Calls) -> Call:
    id, body = c.id(), c.body()
    return lambda d: d.insert(COLL, id, body)


def insert_many(c: Calls) -> Call:
    coll = c.random.choice([COLL, Coll("counters")])
    docs = [(c.id(), c.body() if coll is COLL else {"count": n}) for n in range(c.random.choice([0, 1, 2, 3, 4]))]

    async def call(d: Documents) -> Any:
        told = await d.insert_many(coll, docs)
        return [each.index if isinstance(each, Duplicate) else each for each in told]

    return call


def replace(c: Calls) -> Call:
    id, body, ver = c.id(), c.body(), c.random.choice([None, None, None, 1])

    async def call(d: Documents) -> Any:
        doc = await d.get(COLL, id)
        return await d.replace(COLL, id, ver or (doc.ver if doc else 1), body)

    return call


def delete(c: Calls) -> Call:
    id, ver = c.id(), c.random.choice([None, 1, 2])
    return lambda d: d.delete(COLL, id, ver)


def find(c: Calls) -> Call:
    where, order, limit = c.where(), c.order(), c.random.choice([1, 2, 3, 100])
    after = None
    if c.random.random() < 0.5:
        after = Key(c.value(COLL.fields.get(order.field, "str")) if order else None, c.id())
    return lambda d: d.find(COLL, where, order, after, limit)


def get_many(c: Calls) -> Call:
    ids = [c.id() for _ in range(4)]
    return lambda d: d.get_many(COLL, ids)


def count(c: Calls) -> Call:
    where = c.where()
    return lambda d: d.count(COLL, where)


def group(c: Calls) -> Call:
    by, where = c.random.choice([*COLL.fields, "unknown"]), c.where()
    return lambda d: d.group(COLL, by, where)


def bump(c: Calls) -> Call:
    coll = c.random.choice([COLL, Coll("counters"), Coll("counters")])
    name = c.random.choice(["count", "count", "u", "n", "s", "a.b"])
    inc, id, token = {name: c.random.choice([1, 2, -1, 2**62])}, c.id(), c.random.choice([None, "t1", "t2", "т3"])
    return lambda d: d.bump(coll, id, inc, token)


def claim(c: Calls) -> Call:
    where, now, limit = c.where(), c.value("ts"), c.random.choice([1, 3, 100])
    until = now + timedelta(seconds=2) if isinstance(now, datetime) else T0
    return lambda d: d.claim(COLL, where, "due", now, until, "me", limit)


def sweep(c: Calls) -> Call:
    where = [*c.where(), *c.where()]
    return lambda d: d.sweep(COLL, where or [P("u", "eq", 3)])


def reopen(c: Calls) -> Call:
    async def call(d: Documents) -> None:
        await d.close()
        await d.open([COLL, Coll("counters")])

    return call


def everything(c: Calls) -> Call:
    return lambda d: d.find(COLL)


CHOICES: dict[str, tuple[Callable[[Calls], Call], float]] = {
    "insert": (insert, 30),
    "insert_many": (insert_many, 8),
    "replace": (replace, 18),
    "delete": (delete, 5),
    "find": (find, 30),
    "get_many": (get_many, 3),
    "count": (count, 6),
    "group": (group, 6),
    "bump": (bump, 8),
    "claim": (claim, 8),
    "sweep": (sweep, 3),
    "reopen": (reopen, 0.5),
    "everything": (everything, 4),
}


async def told(call: Call, store: Documents) -> Any:
    """Return what a store says to a call: its answer, or the kind of its refusal."""
    try:
        return await call(store)
    except Duplicate as error:
        return ("Duplicate", error.index)
    except VersionConflict as error:
        return ("VersionConflict", error.found)
    except (StoreError, ValueError) as error:
        return (type(error).__name__, str(error))


@pytest.mark.parametrize("seed", range(SEEDS))
async def test_every_store_says_the_same(seed: int, documents: Documents) -> None:
    """Every store beside the readable twin (the twin, too: so the calls prove to be the same for both)."""
    twin, calls, answers, refusals = MemoryDocuments(), Calls(seed), 0, 0
    for store in (twin, documents):
        await store.open([COLL, Coll("counters")])
    for step in range(STEPS):
        name, call = calls.next()
        first, other = await told(call, twin), await told(call, documents)
        assert other == first, f"seed {seed}, step {step}, {name}"
        refusals += isinstance(first, tuple)
        answers += bool(first) and not isinstance(first, tuple)
    # Both happened often enough for the run to prove something.
    assert answers > STEPS / 5
    assert refusals > STEPS / 10
