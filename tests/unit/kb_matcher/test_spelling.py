"""Misspelled words are read as the words of what is near; known words and other words stay."""

import numpy as np
import pytest

from kb_matcher.engine import Engine
from kb_matcher.spelling import mended


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("сколько стоит ремотн", "сколько стоит ремонт"),
        ("ремонт велосепедда", "ремонт велосипеда"),
        ("как выключить фару", "как выключить фару"),  # another prefix is another meaning
        ("прокт на сутки", "прокат на сутки"),
        ("new chian cost", "new chain cost"),
        ("стоит 15000", "стоит 15000"),
        ("ремонт", "ремонт"),
        ("столица чили", "столица чили"),
    ],
)
def test_unknown_words_become_near_known_ones(engine: Engine, asked: str, meant: str) -> None:
    everything = np.arange(len(engine.index.wordings))
    got = mended(engine.index, asked.split(), everything)
    assert got == meant.split()


@pytest.mark.parametrize("text", ["сколко стоит ремотн велосипеда", "можно взять велосепед напракат"])
def test_a_misspelled_question_is_found(engine: Engine, text: str) -> None:
    assert engine.match(text).ranked[0].article_id in ("price", "rent")
