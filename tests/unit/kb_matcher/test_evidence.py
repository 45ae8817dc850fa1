"""What speaks for articles beside cosines: words told by wordings or answer; and how confidence bends with it."""

from dataclasses import replace

import numpy as np
import pytest

from bridge.model.articles import Article, Label, Library
from bridge.model.ids import ArticleId
from kb_matcher import confidence, growth, index, precedents, training
from kb_matcher.confidence import Bends
from kb_matcher.features import COLUMN, gather
from kb_matcher.normalise import words
from kb_matcher.packing import pack, unpack

ARTICLES = (
    Article(ArticleId("bill"), "Как оплатить", "Картой или наличными курьеру.", ("как оплатить заказ",)),
    Article(ArticleId("way"), "Как доставляют", "Довезём до двери.", ("доставка курьером", "заказ привезут когда")),
    Article(ArticleId("rest"), "Возврат", "Вернём деньги.", ("вернуть покупку",)),
)


def told(base: index.Index, text: str) -> dict[str, tuple[float, float]]:
    """Return by article what its wordings say of a text's subject, and what they and its answer do."""
    evidence = gather(base, words(text))
    assert evidence is not None
    rows = evidence.matrix[:, [COLUMN["subject_stem"], COLUMN["subject_told"]]].tolist()
    ids = [str(base.articles[one].id) for one in evidence.articles.tolist()]
    return {id: (said, also) for id, (said, also) in zip(ids, rows, strict=True)}


@pytest.mark.parametrize("grown", [False, True], ids=["built", "grown"])
def test_words_of_answers_count_as_told(grown: bool) -> None:
    base = index.build(ARTICLES[1:])
    base = growth.changed(base, ARTICLES[:1]) if grown else index.build(ARTICLES)
    found = told(base, "заказ наличными")
    assert found["bill"][1] == pytest.approx(1), "one word stands in a wording, the other in the answer"
    assert 0 < found["bill"][0] < 1
    assert found["way"][0] == found["way"][1] < 1
    assert all(said <= also <= 1 for said, also in found.values())
    assert told(base, "наличными заказ заказ") == found


def test_squares_and_products_stand_beside_values_and_end_somewhere() -> None:
    wide = len(confidence.NAMES) + len(precedents.NAMES)
    rows = np.random.default_rng(2).normal(3, 2, size=(500, wide))
    bends = Bends.of(rows)
    assert bends(rows)[:, :wide].tolist() == rows.tolist()
    squares, products = bends(rows)[:, wide : 2 * wide], bends(rows)[:, 2 * wide :]
    assert squares.mean() == pytest.approx(1, abs=0.1)
    assert abs(products.mean()) < 0.1
    far = bends(np.full(wide, 1e9))[wide:]
    assert far.tolist() == [4.0] * (wide + products.shape[1])
    assert bends(rows[:1])[0].tolist() == bends(rows[0]).tolist()


def test_only_own_labels_bend_the_confidence(library: Library, many_labels: tuple[Label, ...]) -> None:
    base = index.build(library.articles)
    assert training.universal(training.age(base)).bends is None
    models = training.fit(base, many_labels)
    assert models.bends is not None
    evidence = gather(base, words("сколько стоит починка тормозов"))
    assert evidence is not None
    ids = [base.articles[one].id for one in evidence.articles.tolist()]
    arrays: list[np.ndarray] = []
    again = unpack(pack(models, arrays), arrays)
    logits = models.logits(evidence, ids)
    sure = models.confidences(evidence, logits)
    assert again.confidences(evidence, again.logits(evidence, ids)).tolist() == sure.tolist()
    plain = replace(models, bends=replace(models.bends, scale=models.bends.scale * 1e9))
    assert plain.confidences(evidence, logits).max() != pytest.approx(sure.max(), abs=1e-6), "squares say something"
