"""Whatever somebody writes gets a match: never an error, never a long search."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.model.articles import Article, Decision, Label, Library
from bridge.model.ids import ArticleId
from kb_matcher.engine import Engine, build
from kb_matcher.normalise import MAX_CHARS, clean, mask, question_words
from kb_matcher.several import loosely, split

RIGHT_TO_LEFT = "متى تفتحون غدا؟ \u202eגם בשבת\u202c"
EMOJI = "\U0001f6b2\U0001f527\U0001f468\u200d\U0001f469\u200d\U0001f467\U0001f3ff"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\x00\x01\x02\x1b[31m\x7f\x85",
        "\ud800\udfff",
        EMOJI * 40,
        RIGHT_TO_LEFT,
        "е\u0301" * 3000,
        "?" * 100_000,
        "а также " * 12_000,
        "[number] " * 12_000,
        "мой телефон, " * 8_000 + "[number]",
        "1 2-3(" * 17_000,
        "a@" * 50_000,
        "a." * 50_000 + "@b.c",
        "http://" * 14_000,
        "\n" * 100_000,
        "с" * 100_000,
        " ".join(string.printable) * 500,
        "сколько стоит ремонт велосипеда? " * 3_000,
    ],
    ids=range(18),
)
def test_odd_and_huge_texts_get_a_match(engine: Engine, text: str) -> None:
    match = engine.match(text)
    assert match.decision in Decision
    assert all(0 < one.confidence < 1 for one in match.ranked)


PIECES = (
    "сколько стоит",
    "ремонт",
    "?",
    "\n",
    "а также",
    "мой телефон",
    "+79123456789",
    "x@y.zz",
    "[number]",
    ",",
    EMOJI,
)


@settings(max_examples=120)
@given(st.one_of(st.text(max_size=400), st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join)))
def test_any_text_is_read_masked_and_cut(engine: Engine, text: str) -> None:
    assert engine.match(text) == engine.match(text)
    assert mask(mask(text)).split() == mask(text).split()
    assert not any(mark in clean(text) for mark in ("[number]", "[e-mail]", "[link]"))
    assert len(question_words(text)) <= MAX_CHARS
    assert all(question_words(part.text) for part in [*split(text), *loosely(text)])


def test_personal_data_in_wordings_is_masked_wherever_it_is_shown() -> None:
    odd = Article(
        ArticleId("call"),
        "Звонок",
        "Ответ",
        ("перезвоните Анне на +7 912 345-67-89", "пишите на anna@example.com скорее"),
    )
    built = build(Library((odd, Article(ArticleId("x"), "Часы работы", "Ответ", ("когда открыто",)))))
    for text in ("перезвоните Анне на +7 912 345-67-89", "пишите на anna@example.com скорее"):
        best = built.match(text).ranked[0]
        assert best.article_id == "call"
        assert "912" not in best.wording + best.why
        assert "anna@" not in best.wording + best.why


def test_personal_data_in_labels_is_masked_before_they_are_kept() -> None:
    article = Article(ArticleId("x"), "Часы работы", "Ответ", ("когда открыто",))
    label = Label("это Анна, anna@example.com, +7 912 345-67-89, когда открыто", ArticleId("x"))
    kept = build(Library((article,), (label,))).labels
    assert kept[0].article_id == "x"
    assert kept[0].text.split() == ["это", "Анна,", "[e-mail]", ",", "[number]", ",", "когда", "открыто"]
    assert build(Library((article,), kept)).labels == kept
