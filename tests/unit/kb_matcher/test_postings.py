"""The inverted index against plain arithmetic."""

from dataclasses import replace

import numpy as np
import pytest

from kb_matcher.forward import Forward
from kb_matcher.hashing import bag, letter_features, stem_features
from kb_matcher.normalise import words
from kb_matcher.postings import Postings
from kb_matcher.together import Together

TEXTS = ("где мой заказ", "вернуть заказ", "как платить картой", "заказ заказ", "")
VIEW = Postings.build([stem_features(words(text)) for text in TEXTS])


def dense(view: Postings) -> np.ndarray:
    matrix = np.zeros((view.size, len(view.features)))
    matrix[view.documents, np.repeat(np.arange(len(view.features)), np.diff(view.starts))] = view.weights
    return matrix


def test_documents_have_length_one() -> None:
    assert np.linalg.norm(dense(VIEW), axis=1) == pytest.approx([1, 1, 1, 1, 0])


def test_a_document_finds_itself_at_1() -> None:
    for number, text in enumerate(TEXTS[:4]):
        scores = VIEW.scores(VIEW.query(bag(stem_features(words(text)))))
        assert scores[number] == pytest.approx(1)
        assert scores.max() == pytest.approx(scores[number])


def test_scores_are_cosines() -> None:
    asked = VIEW.query(bag(stem_features(words("где вернуть заказ"))))
    vector = np.zeros(len(VIEW.features))
    vector[asked.rows] = asked.weights[asked.found]
    assert VIEW.scores(asked) == pytest.approx(dense(VIEW) @ vector, abs=1e-6)


def test_unknown_words_lower_the_score() -> None:
    known = VIEW.scores(VIEW.query(bag(stem_features(words("мой заказ"))))).max()
    strange = VIEW.query(bag(stem_features(words("мой заказ проехал мимо луны"))))
    assert VIEW.scores(strange).max() < known / 1.5
    assert 0 < strange.known < 0.5


def test_a_budget_keeps_the_rare_features() -> None:
    view = Postings.build([stem_features([word, "общее"]) for word in ("один", "два", "три", "четыре")])
    asked = view.query(bag(stem_features(["общее", "три"])))
    assert int(view.scores(asked, budget=2).argmax()) == 2
    assert (view.scores(asked, budget=2) > 0).sum() == 1


def test_shared_idf() -> None:
    asked = VIEW.query(bag(stem_features(["заказ", "мимо"])))
    documents, every = np.array([[2, 4], [1, 0]]), np.ones(len(asked.idf), bool)
    masses = VIEW.masses(asked, every, documents)
    again = VIEW.masses(asked, every, documents, VIEW.read(asked))
    assert again.documents.tolist() == masses.documents.tolist()
    assert again.known == masses.known
    assert masses.documents[0].tolist() == [0, 0]
    assert 0 < masses.documents[1, 0] == pytest.approx(masses.known)
    assert masses.known < masses.total


def test_which_words_stand_in_which_documents() -> None:
    grown = VIEW.added([stem_features(words("оплатить заказ картой"))])
    for view, documents in ((VIEW, [1, 3, 4]), (grown, [5, 1, 2])):
        asked = view.query(bag(stem_features(["заказ", "картой", "мимо", "вернуть"])))
        singles = asked.bag.features % 2 == 0
        texts = [*TEXTS, "оплатить заказ картой"]
        spoken = [set(stem_features(words(texts[one]))) for one in documents]
        expected = [[one in said for said in spoken] for one in asked.bag.features[singles].tolist()]
        assert view.has(asked, singles, np.array(documents)).tolist() == expected
    empty = Postings.build([[], []])
    nothing = empty.query(bag(stem_features(["заказ"])))
    assert empty.has(nothing, np.ones(1, bool), np.array([0, 1])).tolist() == [[False, False]]


def test_empty_views_and_texts() -> None:
    empty = Postings.build([])
    assert empty.scores(empty.query(bag(letter_features(["слово"])))).size == 0
    assert not VIEW.scores(VIEW.query(bag([]))).any()
    wordless = Postings.build([[], []])
    assert wordless.scores(wordless.query(bag(stem_features(["слово"])))).tolist() == [0, 0]


def test_views_are_read_together_as_they_are_one_by_one() -> None:
    views = [VIEW, Postings.build([letter_features(words(text)) for text in TEXTS]), Postings.build([])]
    together = Together.of(views)
    assert together is not None
    for text in ("где вернуть заказ", "ничего похожего", TEXTS[0]):
        tokens = words(text)
        bags = bag(stem_features(tokens)), bag(letter_features(tokens)), bag([])
        queries = [view.query(one) for view, one in zip(views, bags, strict=True)]
        found = together.read(queries, 10_000)
        assert found is not None
        for view, query, reading in zip(views, queries, found, strict=True):
            alone = view.read(query)
            assert reading.cosines.tobytes() == alone.cosines.tobytes()
            assert reading.documents.tolist() == alone.documents.tolist()
            assert reading.spread.tolist() == alone.spread.tolist()
    assert together.read([view.query(bag(stem_features(words(TEXTS[0])))) for view in views], 1) is None
    assert Together.of([VIEW.added([stem_features(["новое"])])]) is None


def test_what_documents_share_is_the_same_whether_searched_for_or_turned_round() -> None:
    dice = np.random.default_rng(3)
    texts = [dice.integers(0, 400, dice.integers(0, 30)).tolist() for _ in range(3000)]
    searched = Postings.build(texts)
    turned = replace(searched, forward=Forward.of(searched.base)).added([texts[0], [5, 7, 399]])
    searched = searched.added([texts[0], [5, 7, 399]])
    asked = bag([*texts[1], *texts[2], 5, 7, 100_000])
    documents = dice.integers(0, 3002, (20, 3))
    documents[0] = 0, 3000, 3001
    for chosen in (np.ones(len(asked.features), bool), asked.features % 3 == 0):
        one = searched.masses(searched.query(asked), chosen, documents)
        other = turned.masses(turned.query(asked), chosen, documents)
        assert (one.documents == other.documents).all()
        assert one.documents.max() > 0
        assert (one.known, one.total) == (other.known, other.total)
