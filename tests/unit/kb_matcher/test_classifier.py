"""Both classifiers learn, and the right one is chosen."""

import numpy as np
import pytest

from kb_matcher import classifier
from kb_matcher.hashing import bag, stem_features
from kb_matcher.postings import Postings

SPEECH = (("красный", "алый", "рубиновый"), ("синий", "голубой", "лазурный"), ("тёплый", "горячий", "знойный"))


def base(topics: int, wordings: int) -> tuple[tuple[Postings, ...], np.ndarray]:
    """Wordings that pair two words of their topic with a word of nobody."""
    dice = np.random.default_rng(3)
    texts, owner = [], []
    for topic in range(topics):
        for number in range(wordings):
            pair = dice.choice(SPEECH[topic % len(SPEECH)], 2, replace=False)
            texts.append(stem_features([*pair, f"шум{number % 5}"]))
            owner.append(topic)
    return (Postings.build(texts),), np.array(owner)


@pytest.mark.parametrize(("topics", "kernel"), [(3, True), (2, False), (3, False)])
def test_articles_are_told_apart_by_their_words(monkeypatch: pytest.MonkeyPatch, topics: int, kernel: bool) -> None:
    if not kernel:
        monkeypatch.setattr(classifier, "MAX_KERNEL_WORDINGS", 0)
    views, owner = base(topics, 12)
    fitted = classifier.fit(views, owner, topics)
    assert isinstance(fitted, classifier.KernelMachines if kernel else classifier.LinearMachine)
    for topic in range(topics):
        asked = views[0].query(bag(stem_features([SPEECH[topic][0], SPEECH[topic][2]])))
        scores = fitted.scores(views[0].scores(asked), [asked])
        assert scores.shape == (2, topics)
        assert scores.argmax(axis=1).tolist() == [topic, topic]
        assert -0.3 < scores[0].min() < scores[0].max() < 1.3
        assert np.exp(scores[1]).sum() == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize(("topics", "wordings"), [(1, 9), (3, 1)])
def test_none_for_bases_that_gain_nothing(topics: int, wordings: int) -> None:
    assert classifier.fit(*base(topics, wordings), topics) is None


def test_none_beyond_the_sizes(monkeypatch: pytest.MonkeyPatch) -> None:
    views, owner = base(3, 12)
    monkeypatch.setattr(classifier, "MAX_ARTICLES", 2)
    assert classifier.fit(views, owner, 3) is None
    monkeypatch.setattr(classifier, "MAX_ARTICLES", 2000)
    monkeypatch.setattr(classifier, "MAX_KERNEL_WORDINGS", 0)
    monkeypatch.setattr(classifier, "MAX_CELLS", 3)
    assert classifier.fit(views, owner, 3) is None
