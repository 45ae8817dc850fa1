"""Words of customers: learned from labels for articles that call it otherwise, from no message alone."""

from dataclasses import replace

import numpy as np
import pytest

from bridge.model.articles import Article, Label, Library
from kb_matcher import index, vocabulary
from kb_matcher.engine import build
from kb_matcher.hashing import Bag, bag, stem_features
from kb_matcher.normalise import words
from kb_matcher.packing import pack, unpack
from kb_matcher.samples import samples

ARTICLES = (
    Article("live", "Трансляция", "", ("как начать трансляцию", "трансляция прерывается")),
    Article("plan", "Расписание", "", ("как запланировать трансляцию",)),
    Article("pay", "Выплаты", "", ("когда приходят выплаты", "как получить выплаты за месяц")),
)
SAID = (
    ("как начать эфир", "live"), ("начать эфир на час", "live"), ("эфир прерывается", "live"),
    ("эфир как начать", "live"),
    ("когда приходит зарплата", "pay"), ("получить зарплату за месяц", "pay"), ("зарплата когда", "pay"),
    ("как получить один кешбэк", "pay"), ("как приходят новости", None),
)  # fmt: skip
BUILT = index.build(ARTICLES)
KNOWN = samples(BUILT, [Label(text, article) for text, article in SAID])


def asked(text: str) -> Bag:
    return bag(stem_features(words(text)))


def learned() -> tuple[vocabulary.Vocabulary, list[np.ndarray]]:
    found = vocabulary.learn(BUILT, KNOWN, [np.full(len(one.ids), 1 / len(one.ids)) for one in KNOWN])
    assert found is not None
    return found


def test_a_word_speaks_for_the_articles_it_was_said_about_and_those_like_them() -> None:
    live, plan, pay = learned()[0].column(asked("где эфир"), ["live", "plan", "pay"])
    assert live > plan > pay
    live, plan, pay = learned()[0].column(asked("зарплата"), ["live", "plan", "pay"])
    assert pay > max(live, plan)


@pytest.mark.parametrize("text", ["кешбэк", "погода", "как и что", ""])
def test_words_of_one_message_or_of_none_say_nothing(text: str) -> None:
    assert learned()[0].column(asked(text), ["live", "plan", "pay"]).tolist() == [0, 0, 0]


def test_articles_that_came_later_are_left_alone() -> None:
    told = learned()[0]
    assert told.column(asked("эфир"), ["new", "live"]).tolist() == [0, told.column(asked("эфир"), ["live"])[0]]


def test_what_a_sample_taught_does_not_tell_of_itself() -> None:
    told, columns = learned()
    once = [number for number, one in enumerate(KNOWN) if one.evidence.stems.features.size and columns[number].any()]
    whole = [told.column(KNOWN[number].evidence.stems, KNOWN[number].ids) for number in once]
    golds = [KNOWN[number].gold for number in once]
    gains = [
        whole[place][gold] - columns[number][gold]
        for place, (number, gold) in enumerate(zip(once, golds, strict=True))
        if gold is not None
    ]
    assert len(gains) >= 3
    assert min(gains) >= 0
    assert max(gains) > 0


def test_large_bases_and_unlabelled_ones_have_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert vocabulary.learn(BUILT, KNOWN[-1:], [np.ones(len(KNOWN[-1].ids))]) is None
    monkeypatch.setattr(vocabulary, "MAX_ARTICLES", 2)
    assert vocabulary.learn(BUILT, KNOWN, [np.ones(len(one.ids)) for one in KNOWN]) is None


def test_it_ranks_for_an_engine_and_is_published_with_it() -> None:
    others = tuple(Label(f"{text} {number}", article) for number in range(5) for text, article in SAID)
    engine = build(Library(ARTICLES, others))
    told = engine.models.vocabulary
    assert told is not None
    assert engine.match("эфир начать").ranked[0].article_id == "live"
    arrays: list[np.ndarray] = []
    again = unpack(pack(replace(engine.models), arrays), arrays)
    wanted = told.column(asked("эфир"), ["live", "pay"])
    assert again.vocabulary.column(asked("эфир"), ["live", "pay"]).tolist() == wanted.tolist()
