"""Values on their way through text and columns, and the words of a text."""

import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.checks import bumped, remember, words_in
from storage.documents import Coll, check_body
from storage.sqlite.tables import Table
from storage.sqlite.text import decode, encode, from_column, millis, moment, to_column
from storage.values import Refused, clean_value

COLL = Coll("c")
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]))
    | st.datetimes(timezones=st.just(UTC))
)
KEYS = st.text(st.characters(exclude_characters="$.\0", exclude_categories=["Cs"]), min_size=1)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner), max_leaves=8)


@settings(max_examples=50)
@given(st.dictionaries(KEYS, VALUES, max_size=4))
def test_a_checked_body_survives_its_text(body: dict[str, Any]) -> None:
    clean = check_body(COLL, body)
    assert decode(encode(clean)) == clean
    assert check_body(COLL, clean) == clean


@given(st.datetimes(timezones=st.just(UTC)), st.datetimes(timezones=st.just(UTC)))
def test_milliseconds_keep_the_order_of_times(a: datetime, b: datetime) -> None:
    a, b = clean_value(a), clean_value(b)
    assert moment(millis(a)) == a
    assert (millis(a) < millis(b)) == (a < b)


@pytest.mark.parametrize(
    ("value", "kind", "column"),
    [
        (datetime(1969, 12, 31, 23, 59, 59, 999000, tzinfo=UTC), "ts", -1),
        (True, "bool", 1),
        (0.5, "float", 0.5),
        (7, "int", 7),
        ("я", "str", "я"),
        (None, "ts", None),
    ],
)
def test_columns(value: Any, kind: Any, column: Any) -> None:
    assert to_column(value, kind) == column
    if value is not None:
        assert from_column(column, kind) == value
        assert type(from_column(int(column) if kind == "bool" else column, kind)) is type(value)


def test_a_refusal_tells_where() -> None:
    with pytest.raises(ValueError, match=r"^c\.a\.b: set cannot be stored$"):
        check_body(COLL, {"ok": 1, "a": {"b": {1}}})
    with pytest.raises(Refused):
        clean_value({"x": [1, {"y": float("nan")}]})


def test_a_time_beyond_the_calendar_is_refused() -> None:
    with pytest.raises(Refused):
        clean_value(datetime.max.replace(tzinfo=timezone(timedelta(hours=-3))))


def test_words_are_cut_where_sqlite_cuts_them() -> None:
    """Every character that Python takes for a part of a word must be one for the word index, too."""
    conn = sqlite3.connect(":memory:")
    conn.execute(Table(Coll("c", words="w")).create_words)
    conn.execute("CREATE VIRTUAL TABLE vocabulary USING fts5vocab('w_c__w', 'row')")
    texts = [f"x{chr(code)}y" for code in range(1, 0x30000) if not 0xD800 <= code < 0xE000]
    single = [text for text in texts if len(words_in(text)) == 1]
    conn.executemany("INSERT INTO w_c__w (rowid, words) VALUES (?, ?)", enumerate(single, 1))
    cut = conn.execute("SELECT term, doc FROM vocabulary WHERE term IN ('x', 'y')").fetchall()
    (terms,) = conn.execute("SELECT count(*) FROM vocabulary").fetchone()
    conn.close()
    assert cut == []
    assert terms > len(single) * 0.9  # capital letters fall together with small ones
    assert {text[1] for text in texts if len(words_in(text)) == 2} >= set(
        " \t\n\x01\x7f\x85\xa0\u180e\u2003\u2028\u3000"
    )


def test_counters_and_tokens() -> None:
    assert bumped(COLL, {"a": 1, "x": "y"}, {"a": 2, "b": -1}) == {"a": 3, "b": -1, "x": "y"}
    seen: list[str] = []
    for n in range(300):
        seen = remember(seen, str(n))
    assert seen == [str(n) for n in range(44, 300)]
