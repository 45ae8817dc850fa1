"""One match: exact wordings, strangers, languages, order of confidences, odd texts."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.model.articles import Article, Decision, Label, Library, Match
from bridge.model.ids import ArticleId
from kb_matcher.engine import Engine, build


def article(id_: str, title: str, lang: str | None, questions: tuple[str, ...]) -> Article:
    return Article(ArticleId(id_), title, "Ответ", questions, lang)


def first(match: Match) -> str:
    return match.ranked[0].article_id


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("сколько стоит ремонт велосипеда", "price"),
        ("Здравствуйте! СКОЛЬКО СТОИТ РЕМОНТ ВЕЛОСИПЕДА???", "price"),
        ("есть гарантия", "warranty"),
        ("Часы работы", "hours"),
        ("skolko stoit remont velosipeda", "price"),
        ("crjkmrj cnjbn htvjyn dtkjcbgtlf", "price"),
        ("сколько стоит ремонт велосепеда", "price"),
        ("Are you open on Sundays?", "hours-en"),
        ("can i rent a bike please", "rent-en"),
    ],
)
def test_a_repeated_wording_is_answered_without_any_labels(engine: Engine, text: str, expected: str) -> None:
    match = engine.match(text)
    assert engine.thresholds.answer is None
    assert (match.decision, match.exact, first(match)) == (Decision.ANSWER, True, expected)
    assert match.ranked[0].confidence >= 0.99


@pytest.mark.parametrize(
    "text",
    [
        "как выключить переднюю фару",  # a prefix turns the meaning round
        "сколько стоит ремонт самоката",
        "есть ли гарантия на самокат",
        "не открыты в выходные",
    ],
)
def test_nearly_the_same_words_with_another_meaning_are_not_exact(engine: Engine, text: str) -> None:
    match = engine.match(text)
    assert not match.exact
    assert match.decision is not Decision.ANSWER


@pytest.mark.parametrize(
    "text",
    ["", "   ", "🙂", "🙂🙂 👍", "...", "\u200b", "столица чили", "zzzz qqqq", "кто написал гамлета", "@@@@", "\x00"],
)
def test_strangers_and_wordless_texts_are_met_with_silence(engine: Engine, text: str) -> None:
    match = engine.match(text)
    assert match.decision is Decision.NONE
    assert not match.exact


def test_a_very_long_text_is_safe(engine: Engine) -> None:
    assert engine.match("где забрать велосипед " * 5000).ranked[0].article_id == "pickup"
    assert engine.match("ы" * 100_000).decision is Decision.NONE


KNOWN = ("сколько", "стоит", "ремонт", "велосипеда", "open", "price", "bike", "rent", "где", "ghbdtn", "🙂", "?")


@settings(max_examples=150)
@given(
    st.one_of(
        st.text(max_size=200),
        st.lists(st.sampled_from(KNOWN)).map(" ".join),
    ),
    st.sampled_from([None, "ru", "en", "xx"]),
)
def test_confidences_fall_strictly_inside_0_to_1_and_never_change(
    engine: Engine, text: str, language: str | None
) -> None:
    match = engine.match(text, 9, language)
    sure = [one.confidence for one in match.ranked]
    assert all(0 < value < 1 for value in sure)
    assert all(higher > lower for higher, lower in pairwise(sure))
    assert len({one.article_id for one in match.ranked}) == len(match.ranked)
    assert all("\n" not in one.why for one in match.ranked)
    assert engine.match(text, 9, language) == match


def test_the_limit_is_kept(engine: Engine) -> None:
    assert [len(engine.match("ремонт велосипеда", limit).ranked) for limit in (0, 1, 3)] == [0, 1, 3]


def test_the_first_place_is_explained(engine: Engine) -> None:
    best = engine.match("почём тут починка колеса").ranked[0]
    assert best.wording == "почём починка"
    assert 'like "почём починка"' in best.why
    assert "починка" in best.why.split("words in common: ")[1]
    assert "next: " in best.why


def test_a_wording_of_two_articles_is_offered_not_answered(library: Library) -> None:
    twice = article("price-2", "Цены", "ru", ("почём починка", "прайс"))
    match = build(replace(library, articles=(*library.articles, twice))).match("почём починка?")
    assert match.decision is Decision.OFFER
    assert not match.exact
    assert {one.article_id for one in match.ranked[:2]} == {"price", "price-2"}


def test_the_asked_language_decides_between_equals() -> None:
    pair = (
        article("wifi-ru", "Wi-Fi", "ru", ("wifi", "пароль")),
        article("wifi-en", "Wi-Fi", "en", ("wifi", "password")),
    )
    engine = build(Library((*pair, article("x", "Оплата", "ru", ("как платить",)))))
    for language in ("ru", "en"):
        match = engine.match("wifi", language=language)
        assert (first(match), match.exact) == (f"wifi-{language}", True)
    assert engine.match("wifi").decision is Decision.OFFER


def test_a_clearly_better_article_of_another_language_wins(engine: Engine) -> None:
    assert first(engine.match("do you have any bikes for rental", language="ru")) == "rent-en"


def test_thresholds_can_be_set_by_the_installation(library: Library) -> None:
    engine = build(library, answer=0.2, offer=0.1, suggest=0.05)
    assert (engine.thresholds.answer, engine.thresholds.offer, engine.thresholds.suggest) == (0.2, 0.1, 0.05)
    assert engine.match("почём тут починка колеса").decision is Decision.ANSWER


@pytest.mark.parametrize("count", [0, 1, 2])
def test_tiny_libraries_work(library: Library, count: int) -> None:
    engine = build(Library(library.articles[:count]))
    match = engine.match("сколько стоит ремонт велосипеда")
    assert len(match.ranked) == count
    assert match.decision is (Decision.ANSWER if count else Decision.NONE)


def test_articles_without_words_and_unpublished_ones_are_left_out(library: Library) -> None:
    odd = (article("empty", "???", None, ("!!!",)), replace(library.articles[0], id="draft", state="draft"))
    assert {one.id for one in build(Library((*library.articles, *odd))).index.articles} == {
        a.id for a in library.articles
    }


def test_labels_train_but_never_become_wordings(library: Library, many_labels: tuple[Label, ...]) -> None:
    engine = build(replace(library, labels=many_labels))
    assert list(engine.index.wordings) == list(build(library).index.wordings)
    assert engine.thresholds.answer is not None
    assert engine.thresholds.answer >= 0.90
    assert engine.match("слушайте ребята а есть ли аренда").ranked[0].article_id == "rent"
    assert engine.match("столица чили").decision is Decision.NONE


def test_models_are_kept_over_a_small_change_and_fitted_anew_over_a_large_one(
    library: Library, many_labels: tuple[Label, ...]
) -> None:
    many = tuple(article(f"x{n}", f"Деталь {n}{n}", "ru", (f"запчасть модели {n}{n}",)) for n in range(20))
    whole = Library((*library.articles, *many), many_labels)
    before = build(whole)
    small = replace(whole, articles=(*whole.articles, article("new", "Зимовка", "ru", ("оставить на зиму",))))
    after = build(small, previous=before)
    assert after.models is before.models
    assert first(after.match("хочу оставить на зиму")) == "new"
    assert build(library, previous=before).models is not before.models
    assert build(replace(small, labels=many_labels[:-1]), previous=before).models is not before.models
