"""How every store of documents answers questions: predicates, planning, order, pages, groups, words."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from storage.documents import Coll, Doc, Documents, Index, Key, Order, P, Unplanned

ROWS = Coll(
    "rows",
    fields={"kind": "str", "rank": "int", "at": "ts", "open": "bool", "price": "float", "owner": "str", "free": "str"},
    indexes=(
        Index(("kind", "rank")),
        Index(("rank",)),
        Index(("open", "at")),
        Index(("price",)),
        Index(("owner", "at")),
        Index(("at",)),
    ),
    optional=frozenset({"owner", "price"}),
    words="words",
)
T0 = datetime(2025, 3, 1, 12, 0, tzinfo=UTC)


def row(n: int, **more: Any) -> dict[str, Any]:
    """Row n of 24: kinds a, b, c; ranks 0..3 with ties; times a second apart, in pairs."""
    body = {"kind": "abc"[n % 3], "rank": n % 4, "at": T0 + timedelta(seconds=n // 2), "open": n % 2 == 0, "free": "f"}
    return {**body, **more}


@pytest.fixture
async def store(documents: Documents) -> Documents:
    await documents.open([ROWS])
    for n in range(24):
        more: dict[str, Any] = {}
        if n % 3 == 0:
            more["owner"] = "me" if n % 6 == 0 else None
        if n % 4 == 0:
            more["price"] = n / 8 if n % 8 else n // 8
        await documents.insert(ROWS, f"r{n:02}", row(n, **more))
    return documents


def numbers(docs: list[Doc]) -> list[int]:
    return [int(doc.id[1:]) for doc in docs]


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ([P("kind", "eq", "a")], range(0, 24, 3)),
        ([P("kind", "in", ("a", "b", "z"))], [n for n in range(24) if n % 3 < 2]),
        ([P("kind", "in", ())], []),
        ([P("kind", "in", ("a",)), P("rank", "ge", 2)], [n for n in range(0, 24, 3) if n % 4 >= 2]),
        ([P("rank", "in", (0, 3, 3))], [n for n in range(24) if n % 4 in (0, 3)]),
        ([P("kind", "eq", "a"), P("rank", "eq", 2)], [6, 18]),
        ([P("kind", "eq", "a"), P("rank", "gt", 0), P("rank", "lt", 3)], [6, 9, 18, 21]),
        ([P("rank", "le", 0)], range(0, 24, 4)),
        ([P("rank", "ge", 1), P("kind", "ne", "a")], [n for n in range(24) if n % 4 and n % 3]),
        ([P("open", "eq", True), P("at", "lt", T0 + timedelta(seconds=3))], [0, 2, 4]),
        ([P("at", "eq", T0 + timedelta(seconds=1, microseconds=999))], [2, 3]),
        ([P("price", "ge", 1)], [8, 12, 16, 20]),
        ([P("price", "eq", 1.0)], [8]),
        ([P("price", "in", (0.5, 2))], [4, 16]),
        ([P("owner", "eq", "me")], [0, 6, 12, 18]),
        ([P("kind", "eq", "a"), P("owner", "ne", "me")], []),  # absent and null match nothing
        ([P("kind", "eq", "a"), P("owner", "ne", "you")], [0, 6, 12, 18]),
        ([P("rank", "eq", 0), P("price", "lt", 100)], range(0, 24, 4)),
        ([P("rank", "eq", 1), P("price", "lt", 100)], []),
        ([P("_id", "eq", "r05")], [5]),
        ([P("_id", "eq", "r05"), P("open", "eq", True)], []),
        ([P("_id", "in", ("r07", "r02", "absent")), P("free", "eq", "f")], [2, 7]),
        ([P("_id", "in", ())], []),
        ([], range(24)),
    ],
    ids=repr,
)
async def test_predicates(store: Documents, where: list[P], expected: list[int]) -> None:
    assert numbers(await store.find(ROWS, where)) == list(expected)
    assert await store.count(ROWS, where) == len(list(expected))
    by_kind = {kind: len([n for n in expected if "abc"[n % 3] == kind]) for kind in "abc"}
    assert await store.group(ROWS, "kind", where) == {kind: count for kind, count in by_kind.items() if count}


@pytest.mark.parametrize("desc", [False, True], ids=["rising", "falling"])
@pytest.mark.parametrize(
    ("where", "field", "expected"),
    [
        ([], "rank", sorted(range(24), key=lambda n: (n % 4, n))),
        ([], "at", list(range(24))),
        ([P("kind", "eq", "b")], "rank", sorted(range(1, 24, 3), key=lambda n: (n % 4, n))),
        ([P("open", "eq", False)], "at", list(range(1, 24, 2))),
        ([P("kind", "eq", "c"), P("rank", "ge", 1)], "rank", sorted([5, 17, 2, 14, 11, 23], key=lambda n: (n % 4, n))),
        ([P("rank", "eq", 3)], "rank", list(range(3, 24, 4))),
        ([P("kind", "in", ("a", "c"))], "rank", sorted([n for n in range(24) if n % 3 != 1], key=lambda n: (n % 4, n))),
        ([P("_id", "in", ("r01", "r09", "r04"))], "rank", [4, 1, 9]),
    ],
    ids=repr,
)
async def test_order_and_pages(store: Documents, where: list[P], field: str, expected: list[int], desc: bool) -> None:
    expected = expected[::-1] if desc else expected
    order = Order(field, desc)
    assert numbers(await store.find(ROWS, where, order)) == expected
    for size in (1, 2, 5):
        read: list[int] = []
        after = None
        while page := await store.find(ROWS, where, order, after, size):
            assert len(page) <= size
            read += numbers(page)
            after = Key(page[-1].body[field], page[-1].id)
        assert read == expected


async def test_pages_by_id(store: Documents) -> None:
    first = await store.find(ROWS, [P("kind", "eq", "a")], limit=3)
    assert numbers(first) == [0, 3, 6]
    assert numbers(await store.find(ROWS, [P("kind", "eq", "a")], after=Key(None, first[-1].id), limit=3)) == [
        9,
        12,
        15,
    ]
    assert numbers(await store.find(ROWS, after=Key(None, "r20"))) == [21, 22, 23]


async def test_a_page_goes_on_where_a_vanished_document_stood(store: Documents) -> None:
    page = await store.find(ROWS, [], Order("rank"), None, 7)
    await store.delete(ROWS, page[-1].id)
    rest = await store.find(ROWS, [], Order("rank"), Key(page[-1].body["rank"], page[-1].id))
    assert numbers(rest) == sorted(range(24), key=lambda n: (n % 4, n))[7:]


@pytest.mark.parametrize("limit", [0, -1])
async def test_no_room_for_rows(store: Documents, limit: int) -> None:
    assert await store.find(ROWS, limit=limit) == []
    assert await store.sweep(ROWS, [], limit) == 0


async def test_group_values_come_back_in_their_kind(store: Documents) -> None:
    assert await store.group(ROWS, "open") == {True: 12, False: 12}
    assert [type(value) for value in await store.group(ROWS, "open")] == [bool, bool]
    assert await store.group(ROWS, "at", [P("rank", "eq", 0)]) == {T0 + timedelta(seconds=2 * n): 1 for n in range(6)}
    assert await store.group(ROWS, "owner") == {"me": 4}
    assert await store.group(ROWS, "price") == {0: 1, 0.5: 1, 1: 1, 1.5: 1, 2: 1, 2.5: 1}
    assert await store.group(ROWS, "rank", [P("kind", "eq", "a")]) == {0: 2, 1: 2, 2: 2, 3: 2}


@pytest.mark.parametrize(
    ("where", "order"),
    [
        ([P("free", "eq", "f")], None),
        ([P("kind", "ne", "a")], None),
        ([P("unknown", "eq", 1)], None),
        ([], Order("unknown")),
        ([], Order("free")),
        ([], Order("owner")),
        ([P("kind", "eq", "a"), P("rank", "eq", 1)], Order("free")),
        ([P("open", "eq", True)], Order("price")),
        ([P("free", "eq", "f")], Order("free")),
        ([P("kind", "words", "x")], None),
    ],
    ids=repr,
)
async def test_what_no_index_serves_is_refused(store: Documents, where: list[P], order: Order | None) -> None:
    with pytest.raises(Unplanned):
        await store.find(ROWS, where, order)
    if order is None:
        with pytest.raises(Unplanned):
            await store.count(ROWS, where)
        with pytest.raises(Unplanned):
            await store.group(ROWS, "kind", where)
        with pytest.raises(Unplanned):
            await store.sweep(ROWS, where)
    else:
        with pytest.raises(Unplanned):
            await store.claim(ROWS, [*where, P("free", "eq", "f")], "unknown", T0, T0, "me", 1)


async def test_group_by_something_undeclared_is_refused(store: Documents) -> None:
    with pytest.raises(Unplanned):
        await store.group(ROWS, "words")


@pytest.mark.parametrize(
    "predicate",
    [
        P("kind", "eq", None),
        P("kind", "eq", 1),
        P("rank", "eq", "1"),
        P("rank", "eq", True),
        P("rank", "lt", 2**63),
        P("open", "eq", 1),
        P("at", "gt", 5),
        P("at", "gt", datetime(2025, 1, 1)),  # noqa: DTZ001  # a naive one is what is refused
        P("price", "lt", float("nan")),
        P("kind", "in", "a"),
        P("kind", "in", ("a", None)),
        P("_id", "gt", "a"),
        P("_id", "eq", 1),
        P("words", "words", ("a", "b")),
    ],
    ids=repr,
)
async def test_a_value_of_another_kind_is_refused(store: Documents, predicate: P) -> None:
    with pytest.raises(ValueError, match="rows"):
        await store.find(ROWS, [predicate, P("_id", "in", ("r01",))])


async def test_a_key_of_another_kind_is_refused(store: Documents) -> None:
    with pytest.raises(ValueError, match="rows"):
        await store.find(ROWS, [], Order("rank"), Key("1", "r01"))


async def words(store: Documents, text: str, *more: P, order: Order | None = None) -> list[str]:
    return [doc.id for doc in await store.find(ROWS, [P("words", "words", text), *more], order)]


async def test_words_are_found_whole_and_all_of_them(store: Documents) -> None:
    texts = {
        "w1": "где мой заказ",
        "w2": "заказ пришел",
        "w3": 'Заказ №5 user@mail.example +7900 c++ "цитата" it\'s a-b',
        "w4": None,
        "w5": "",
        "w6": "заказы tag:vip ёж",
    }
    for n, (id, text) in enumerate(texts.items()):
        await store.insert(ROWS, id, row(n, words=text))
    assert await words(store, "заказ") == ["w1", "w2", "w3"]
    assert await words(store, "ЗАКАЗ мой") == ["w1"]
    assert await words(store, "мой  заказ где") == ["w1"]
    assert await words(store, "заказ", order=Order("rank", desc=True)) == ["w3", "w2", "w1"]
    assert await words(store, "заказ", P("kind", "ne", "a")) == ["w2", "w3"]
    for exact in ("user@mail.example", "+7900", "c++", '"цитата"', "it's", "a-b", "№5", "user@mail.example c++"):
        assert await words(store, exact) == ["w3"], exact
    for absent in ("user", "цитата", "a", "", "  ", "\0", "NOT", "заказ OR", "каз*", "*", "еж", "мой пришел"):
        assert await words(store, absent) == [], absent
    assert await words(store, "зака*") == ["w1", "w2", "w3", "w6"]
    assert await words(store, "где зака*") == ["w1"]
    assert await words(store, "user@* +79*") == await words(store, "it'*") == await words(store, '"ц*') == ["w3"]
    assert await words(store, "tag:vip") == ["w6"]
    assert await store.count(ROWS, [P("words", "words", "заказ")]) == 3
    assert await store.group(ROWS, "kind", [P("words", "words", "заказ")]) == {"a": 1, "b": 1, "c": 1}


async def test_the_word_index_follows_every_write(store: Documents) -> None:
    await store.insert(ROWS, "w1", row(1, words="один два"))
    await store.insert(ROWS, "w2", row(2, words="два три"))
    await store.replace(ROWS, "w1", 1, row(1, words="три четыре"))
    assert await words(store, "один") == []
    assert await words(store, "два") == ["w2"]
    assert await words(store, "три") == ["w1", "w2"]
    await store.replace(ROWS, "w1", 2, row(1, words="три четыре", owner="me"))
    assert await words(store, "четыре") == ["w1"]
    await store.replace(ROWS, "w2", 1, row(2))
    assert await words(store, "три") == ["w1"]
    await store.bump(ROWS, "w1", {"count": 1})
    assert await words(store, "четыре") == ["w1"]
    assert await store.delete(ROWS, "w1")
    assert await words(store, "три") == []
    await store.insert(ROWS, "w3", row(3, words="пять"))
    assert await words(store, "четыре") == []
    await store.insert(ROWS, "w4", row(4, words="пять шесть"))
    assert await store.sweep(ROWS, [P("words", "words", "шесть")]) == 1
    assert await words(store, "пять") == ["w3"]
    with pytest.raises(ValueError, match="words"):
        await store.insert(ROWS, "w5", row(5, words=["a"]))
