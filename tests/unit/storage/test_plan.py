"""Which declared index serves a find."""

from typing import Any, Literal

import pytest

from storage.documents import Coll, Index, Order, P, Unplanned, plan

COLL = Coll(
    "c",
    fields=dict.fromkeys(("a", "b", "c", "d"), "int"),
    indexes=(Index(("a",)), Index(("a", "b")), Index(("a", "b", "c")), Index(("b",)), Index(("d",), unique=True)),
    optional=frozenset({"c"}),
    words="words",
)
Op = Literal["eq", "ne", "lt", "le", "gt", "ge", "in", "words"]


def ask(text: str) -> list[P]:
    """Read "a= b> c? d!": a by eq, b by gt, c by in, d by ne."""
    ops: dict[str, tuple[Op, Any]] = {"=": ("eq", 1), ">": ("gt", 1), "?": ("in", (1,)), "!": ("ne", 1)}
    return [P(name, *ops[sign]) for name, sign in text.split()]


@pytest.mark.parametrize(
    ("where", "order", "index"),
    [
        ("a=", None, "a"),
        ("a= b=", None, "a_b"),
        ("a= b>", None, "a_b"),
        ("a> b=", None, "a"),
        ("a= b= c=", None, "a_b_c"),
        ("c= b= a=", None, "a_b_c"),
        ("a? b?", None, "a_b"),
        ("a= d!", None, "a"),
        ("a= c>", None, "a"),
        ("d>", None, "d"),
        ("", "a", "a"),
        ("a=", "b", "a_b"),
        ("a= b=", "b", "a_b"),
        ("a= b> c=", "b", "a_b"),
        ("a?", "b", "b"),
        ("a= b=", "a", "a_b"),
        ("c= a=", "a", "a"),
        ("c!", "d", "d"),
        ("a>", "a", "a"),
    ],
)
def test_the_index_that_serves_most(where: str, order: str | None, index: str) -> None:
    found = plan(COLL, ask(where), Order(order) if order else None)
    assert found is not None
    assert found.name == index


@pytest.mark.parametrize(
    ("where", "order"),
    [("c=", None), ("c= d!", None), ("b!", None), ("x=", None), ("", "x"), ("a=", "c"), ("a=", "words")],
)
def test_without_an_index_it_is_refused(where: str, order: str | None) -> None:
    with pytest.raises(Unplanned):
        plan(COLL, ask(where), Order(order) if order else None)


def test_ids_and_words_bring_their_own_index() -> None:
    assert plan(COLL, [], None) is None
    assert plan(COLL, [P("_id", "eq", "x"), *ask("c=")], Order("d")) is None
    assert plan(COLL, [P("words", "words", "x"), *ask("c=")], Order("b")) is None
    with pytest.raises(Unplanned):
        plan(COLL, [P("a", "words", "x")], None)
    with pytest.raises(Unplanned):
        plan(COLL, [P("words", "eq", "x")], None)
