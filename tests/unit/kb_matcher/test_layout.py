"""The wrong keyboard layout."""

import pytest

from kb_matcher.engine import Engine
from kb_matcher.layout import meant, swap


@pytest.mark.parametrize(
    ("typed", "intended"),
    [("ghbdtn", "привет"), ("рщц ьгср", "how much"), ("'nj ,kjr", "это блок"), ("Cnjbvjcnm", "Стоимость")],
)
def test_swap(typed: str, intended: str) -> None:
    assert swap(typed) == intended


@pytest.mark.parametrize(
    ("before", "after", "kept"),
    [(0.8, 1.0, True), (0.74, 0.85, True), (0.74, 0.87, False), (0.0, 0.5, False), (0.3, 0.1, True)],
)
def test_a_text_is_swapped_only_when_the_index_knows_it_better(before: float, after: float, kept: bool) -> None:
    shares = {"ghbdtn": before, "привет": after}
    assert meant("ghbdtn", shares.__getitem__) == ("ghbdtn" if kept else "привет")


@pytest.mark.parametrize(
    ("typed", "article"),
    [("crjkmrj cnjbn htvjyn", "price"), ("ult pf,hfnm dtkjcbgtl", "pickup"), ("црут фку нщг щзут", "hours-en")],
)
def test_mistyped_questions_find_their_article(engine: Engine, typed: str, article: str) -> None:
    assert engine.match(typed).ranked[0].article_id == article


@pytest.mark.parametrize("text", ["when are you open", "как вас найти", "what is the capital of chile"])
def test_ordinary_texts_are_left_alone(engine: Engine, text: str) -> None:
    assert engine.index.read(text) == text.split()


@pytest.mark.parametrize(
    ("typed", "intended"),
    [
        ("rfr pfuhepbnm shorts?", "как загрузить shorts?"),
        ("rfr pfuhepbnm shirts", "как загрузить ыршкеы"),  # the index knows no such word
        ("rfr tv pfuhepbnm", "как ем загрузить"),  # two letters look like anything
    ],
)
def test_words_typed_as_meant_stay_in_a_text_that_is_swapped(typed: str, intended: str) -> None:
    words = {"как", "загрузить", "shorts", "shorts?", "tv"}

    def known(text: str) -> float:
        return sum(word in words for word in text.split()) / len(text.split())

    assert meant(typed, known) == intended
