"""Labels as precedents: what likeness to earlier messages says, and which articles are meant often."""

from dataclasses import replace

import numpy as np
import pytest

from bridge.model.articles import Label, Library
from kb_matcher import precedents
from kb_matcher.engine import build
from kb_matcher.hashing import Bag, bag, letter_features, stem_features
from kb_matcher.normalise import words


def bags(text: str) -> tuple[Bag, Bag]:
    tokens = words(text)
    return bag(stem_features(tokens)), bag(letter_features(tokens))


TEXTS = ("где мой заказ", "когда привезут заказ", "какая погода завтра", "погода на неделю", "как вернуть товар")
GOLDS = ("order", "order", None, None, "return")
KEPT = precedents.gather([bags(text) for text in TEXTS], GOLDS, [True, True, False, False, False], 4)
COLUMN = {name: number for number, name in enumerate(precedents.NAMES)}


def told(text: str) -> np.ndarray:
    return KEPT.row(KEPT.near(*bags(text)))


def test_likeness_to_strangers_and_to_what_was_right() -> None:
    strange, known = told("погода в городе завтра"), told("где же мой заказ")
    assert strange[COLUMN["stranger"]] > 0.5 > known[COLUMN["stranger"]]
    for name in ("nearer", "nearer_three", "log_inside", "log_right"):
        assert strange[COLUMN[name]] < known[COLUMN[name]], name


def test_a_message_is_not_its_own_precedent() -> None:
    rows = precedents.rows(KEPT, [bags(text) for text in TEXTS])
    assert rows.shape == (5, len(precedents.NAMES))
    assert rows[2, COLUMN["stranger"]] < told(TEXTS[2])[COLUMN["stranger"]] - 0.5


def test_habits() -> None:
    habit = KEPT.habit(["order", "return", "never"])
    assert habit[0] > habit[1] > habit[2]
    assert KEPT.habit(["order"], "order")[0] == pytest.approx(habit[1])


def test_one_kind_of_label_alone_is_safe() -> None:
    for golds in (["order"] * 5, [None] * 5):
        kept = precedents.gather([bags(text) for text in TEXTS], golds, [False] * 5, 1)
        assert np.isfinite(kept.row(kept.near(*bags("где заказ")))).all()


def test_strangers_that_were_labelled_are_met_with_less_confidence(
    library: Library, many_labels: tuple[Label, ...]
) -> None:
    stranger = "сколько стоит самокат с мотором"
    plain = build(replace(library, labels=many_labels)).match(stranger).ranked[0].confidence
    taught = tuple(Label(f"сколько стоит {word} с мотором", None) for word in ("самокат", "катер", "скутер") * 10)
    assert build(replace(library, labels=many_labels + taught)).match(stranger).ranked[0].confidence < plain / 2
