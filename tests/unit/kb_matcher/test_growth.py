"""An index that grew answers as one built at once: by plain arithmetic while it has a tail, bit by bit once merged."""

import math
from collections import Counter
from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.model.articles import Article, Decision, Library
from bridge.model.ids import ArticleId
from kb_matcher import engine, growth, index
from kb_matcher.hashing import bag, letter_features, stem_features
from kb_matcher.index import VIEWS, Index
from kb_matcher.normalise import words
from kb_matcher.postings import Postings
from kb_matcher.room import ROOM, extended

VOCABULARY = (
    "велосипед",
    "ремонт",
    "цена",
    "аренда",
    "цепь",
    "тормоз",
    "chain",
    "brake",
    "rent",
    "price",
    "2024",
    "как",
)
QUESTIONS = ("ремонт цепи", "сколько цена аренды велосипеда", "price of a brake", "rent 2024", "luna park", "как")

#: Numbers alone are masked as somebody's own, and say nothing that could be searched.
texts = st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=4).map(" ".join).filter(words)
articles = st.builds(
    lambda id_, title, questions, lang, state: Article(
        ArticleId(id_), title, f"Ответ {title}", questions, lang, state=state
    ),
    st.sampled_from([f"a{number}" for number in range(9)]),
    texts,
    st.lists(texts, max_size=4).map(tuple),
    st.sampled_from([None, "ru", "en"]),
    st.sampled_from(["published"] * 5 + ["draft"]),
)
steps = st.lists(
    st.one_of(
        st.lists(articles, min_size=1, max_size=4).map(lambda put: ("put", put)),
        st.sampled_from([f"a{number}" for number in range(9)]).map(lambda id_: ("gone", id_)),
        st.just(("merge", None)),
    ),
    max_size=8,
)


def grown(start: list[Article], course: list[tuple[str, Any]]) -> tuple[Index, dict[str, Article], Index]:
    """Return the index after all steps, what is to be in it, and the index as it was made last."""
    held = {one.id: one for one in start}
    made = now = index.build(list(held.values()))
    for step, what in course:
        if step == "put":
            now = growth.changed(now, what)
            held |= {one.id: one for one in what}
        elif step == "gone":
            now = growth.changed(now, [], [ArticleId(what)])
            held.pop(what, None)
        else:
            made = now = growth.merged(now)
    return now, {id_: one for id_, one in held.items() if one.state == "published"}, made


def differs(one: Any, other: Any, name: str = "") -> str | None:
    """Name the first place where two pieces differ in a bit."""
    if isinstance(one, np.ndarray):
        return None if one.dtype == other.dtype and one.tobytes() == other.tobytes() else name
    if is_dataclass(one):
        kept = [field.name for field in fields(one) if field.compare]
        found = (differs(getattr(one, part), getattr(other, part), f"{name}.{part}") for part in kept)
        return next((place for place in found if place), None)
    return None if one == other else name


def cosines(view: Postings, made: Postings, documents: list[list[int]], asked: list[int]) -> np.ndarray:
    """Weigh everything by the statistics of `made`, one document after the other, by dictionaries."""
    idf = dict(zip(made.features.tolist(), made.idf.tolist(), strict=True))

    def vector(features: list[int]) -> dict[int, float]:
        weights = {f: (1 + math.log(count)) * idf.get(f, made.unknown) for f, count in Counter(features).items()}
        length = math.sqrt(sum(weight**2 for weight in weights.values()))
        return {feature: weight / length for feature, weight in weights.items()}

    question = vector(asked)
    return np.array([sum(question.get(f, 0) * weight for f, weight in vector(one).items()) for one in documents])


@settings(max_examples=25)
@given(st.lists(articles, max_size=6), steps, st.sampled_from(QUESTIONS))
def test_a_grown_index_scores_by_the_statistics_it_was_made_with(
    start: list[Article], course: list[tuple[str, Any]], asked: str
) -> None:
    now, held, made = grown(start, course)
    there = [number for number, alive in enumerate(now.alive.tolist()) if alive]
    assert {now.articles[number].id for number in there} == set(held)
    for number in there:
        entry, article = now.articles[number], held[now.articles[number].id]
        own = [now.wordings[one] for one in range(int(now.first[number]), int(now.first[number + 1]))]
        assert (entry.title, entry.lang, own) == (
            article.title,
            article.lang,
            list(index.wordings_of(article).values()),
        )
        assert now.number(entry.id) == number
        assert int(now.prints[number]) == index.fingerprint(article)
    for view, features in (("stems", stem_features), ("letters", letter_features)):
        postings: Postings = getattr(now, view)
        spoken = [wording for wording in range(len(now.wordings)) if now.alive[now.owner[wording]]]
        question = features(words(asked))
        expected = cosines(postings, getattr(made, view), [features(list(now.tokens[one])) for one in spoken], question)
        weighed = postings.query(bag(question))
        assert postings.scores(weighed)[spoken] == pytest.approx(expected, abs=1e-5)
        there_is = {feature for one in spoken for feature in features(list(now.tokens[one]))}
        assert (weighed.known > 0) == bool(there_is & set(question))
        assert all(postings.knows(feature) == (feature in there_is) for feature in question)


@settings(max_examples=20)
@given(st.lists(articles, max_size=6), steps)
def test_merged_it_is_the_index_built_at_once_bit_by_bit(start: list[Article], course: list[tuple[str, Any]]) -> None:
    now, held, _ = grown(start, course)
    merged = growth.merged(now)
    at_once = index.build([held[one.id] for one in merged.articles])
    assert {one.id for one in merged.articles} == set(held)
    assert differs(merged, at_once) is None


@settings(max_examples=20)
@given(st.lists(articles, min_size=2, max_size=6), steps)
def test_only_what_is_there_is_ranked_and_wordings_are_answered(
    start: list[Article], course: list[tuple[str, Any]]
) -> None:
    now, held, _ = grown(start, course)
    built = engine.build(Library(tuple(start)))
    whole = engine.build(Library(tuple(held.values())))
    match_of = replace(built, index=now).match
    for text in (*QUESTIONS, *(one.title for one in start)):
        match = match_of(text)
        assert {one.article_id for one in match.ranked} <= set(held)
        assert match.exact == whole.match(text).exact
        if match.exact:
            assert match.decision is Decision.ANSWER
            assert match.ranked[0].article_id == whole.match(text).ranked[0].article_id


def test_a_later_article_is_found_beside_a_classifier_that_never_saw_it() -> None:
    def article(number: int, *questions: str) -> Article:
        return Article(ArticleId(f"n{number}"), f"Тема {number}", "Да.", questions)

    old = [article(n, f"{word} вчера", f"{word} сегодня", f"{word} опять") for n, word in enumerate(VOCABULARY[:8])]
    now = index.build(old)
    assert now.classifier is not None
    later = growth.changed(now, [article(20, "седло скрипит", "седло болтается"), replace(old[1], title="Починка")])
    again = growth.changed(later, [replace(old[1], title="Починка снова")])
    assert again.classifier is not None
    base = engine.build(Library(tuple(old)))
    for grown_index in (later, again):
        scores = replace(base, index=grown_index)
        assert scores.match("скрипит седло").ranked[0].article_id == "n20"
        assert scores.match("ремонт нужен опять").ranked[0].article_id == "n1"
    assert [one.article_id for one in replace(base, index=again).match("ремонт").ranked].count(ArticleId("n1")) == 1


@pytest.mark.parametrize("view", VIEWS)
def test_what_a_change_gives_is_another_index(view: str) -> None:
    before = index.build([Article(ArticleId("a"), "Цена ремонта", "Сто.", ("сколько",))])
    copy = getattr(before, view)
    growth.changed(before, [Article(ArticleId("b"), "Аренда", "Да.")], [ArticleId("a")])
    assert getattr(before, view) is copy
    assert before.alive.all()


def test_arrays_grow_in_place_and_nobody_sees_what_came_later() -> None:
    first = np.arange(5, dtype=np.int32)
    one = extended(first, np.array([5, 6]))
    other, branch = extended(one, np.array([7])), extended(one, np.array([8]))
    assert np.shares_memory(one, other)
    assert not np.shares_memory(one, branch)
    assert [each.tolist() for each in (first, one, other, branch)] == [
        [0, 1, 2, 3, 4], [0, 1, 2, 3, 4, 5, 6], [0, 1, 2, 3, 4, 5, 6, 7], [0, 1, 2, 3, 4, 5, 6, 8]
    ]  # fmt: skip
    much = extended(other, np.zeros(ROOM))
    assert len(much) == 8 + ROOM
    assert much.dtype == np.int32
