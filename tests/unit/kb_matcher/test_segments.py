"""Segments are joined and filtered to what counting at once gives; packed texts are found again."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb_matcher import segments
from kb_matcher.segments import MOST, Segment, filtered, joined, segment
from kb_matcher.texts import Places, Texts

documents = st.lists(st.lists(st.integers(0, 30) | st.just((1 << 21) - 1), max_size=8), max_size=12)


def same(one: Segment, other: Segment) -> bool:
    names = ("features", "starts", "documents", "counts")
    return one.size == other.size and all(
        getattr(one, name).tolist() == getattr(other, name).tolist() for name in names
    )


@settings(max_examples=30)
@given(st.lists(documents, max_size=4))
def test_joined_is_counted_at_once(parts: list[list[list[int]]]) -> None:
    whole = [text for part in parts for text in part]
    assert same(joined(segment(part) for part in parts), segment(whole))


@settings(max_examples=30)
@given(documents, st.data())
def test_filtered_is_counted_without_the_others(texts: list[list[int]], data: st.DataObject) -> None:
    kept = data.draw(st.lists(st.booleans(), min_size=len(texts), max_size=len(texts)))
    left = [text for text, stays in zip(texts, kept, strict=True) if stays]
    assert same(filtered(segment(texts), np.array(kept, bool)), segment(left))


def test_portions_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [[number % 7, number % 3, 5] for number in range(50)]
    at_once = joined([segment(texts), segment(texts)])
    kept = np.arange(100) % 4 > 0
    left = filtered(at_once, kept)
    monkeypatch.setattr(segments, "SLICE", 3)
    assert same(joined([segment(texts), segment(texts)]), at_once)
    assert same(filtered(at_once, kept), left)


def test_many_documents_and_many_of_one_feature() -> None:
    assert segment([[1]] * 70_000).documents[-1] == 69_999
    assert segment([[4] * 1000]).counts.tolist() == [MOST]


WORDS = st.lists(st.text(max_size=6) | st.sampled_from(["ab", "\ud800", ""]), max_size=10)


@settings(max_examples=30)
@given(WORDS, WORDS)
def test_texts_come_back_and_are_found(first: list[str], later: list[str]) -> None:
    places = Places.of(Texts.of(first)).added(later)
    every = [*first, *later]
    assert list(places.texts) == every
    assert [places.texts[one - len(every)] for one in range(len(every))] == every
    assert places.texts[1:5] == every[1:5]
    assert places.texts.many(np.arange(len(every))[::-1]) == every[::-1]
    for text in (*every, "nowhere"):
        assert places.get(text) == tuple(number for number, one in enumerate(every) if one == text)
        assert (text in places) == (text in every)


def test_equal_hashes_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kb_matcher.texts.fold", lambda text: 7)
    places = Places.of(Texts.of(["one", "two", "one"]))
    assert (places.get("one"), places.get("two"), places.get("three")) == ((0, 2), (1,), ())
