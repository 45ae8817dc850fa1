"""Misspelled words are read as the words of what is near; known words and other words stay."""

import numpy as np
import pytest

from kb_matcher.engine import Engine
from kb_matcher.spelling import mended, slipped


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("сколько стоит ремотн", "сколько стоит ремонт"),
        ("ремонт велосепедда", "ремонт велосипеда"),
        ("как выключить фару", "как выключить фару"),  # another prefix is another meaning
        ("прокт на сутки", "прокат на сутки"),
        ("new chian cost", "new chain cost"),
        ("еремонт велосипеда", "еремонт велосипеда"),  # so is a letter in front
        ("рремонт евлосипеда", "ремонт велосипеда"),
        ("взять наарокат", "взять напрокат"),
        ("ремонт цеи", "ремонт цеи"),  # three letters lost one: it may be anything
        ("кпк взять велосипед нпарокат", "как взять велосипед напрокат"),
        ("стоит 15000", "стоит 15000"),
        ("ремонт", "ремонт"),
        ("столица чили", "столица чили"),
    ],
)
def test_unknown_words_become_near_known_ones(engine: Engine, asked: str, meant: str) -> None:
    everything = np.arange(len(engine.index.wordings))
    got = mended(engine.index, asked.split(), everything)
    assert got == meant.split()


def test_a_hand_slips_to_a_key_beside_twice_or_to_the_next_letter() -> None:
    assert "как" in slipped("кпк")
    assert "word" in slipped("wprd")
    assert {"если", "омй", "мой"} & (slipped("еесли") | slipped("омй")) == {"если", "мой"}
    assert not {"выключить", "включить"} & (slipped("включить") | slipped("выключить"))
    assert slipped("") == set()


@pytest.mark.parametrize("text", ["сколко стоит ремотн велосипеда", "можно взять велосепед напракат"])
def test_a_misspelled_question_is_found(engine: Engine, text: str) -> None:
    assert engine.match(text).ranked[0].article_id in ("price", "rent")
