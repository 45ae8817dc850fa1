"""Nearly the same question in two articles of a base too large to compare all wordings with all."""

import pytest

from bridge.model.articles import Article, Library
from bridge.model.ids import ArticleId
from kb_matcher import alike
from kb_matcher.matcher import KbMatcher

MANY, EACH = 60, 3


def base() -> Library:
    """Articles that share usual words, and two pairs of which one wording is nearly the same."""
    rows = [
        [f"сколько стоит товар{number}ик вид{number}ок{one} сорт{number * EACH + one}ель" for one in range(EACH)]
        for number in range(MANY)
    ]
    rows[7].append(f"скажите, {rows[40][1]}")
    rows[20].append(" ".join(reversed(rows[33][2].split())))
    return Library(tuple(Article(ArticleId(f"a{n}"), "", "x", tuple(row), "ru") for n, row in enumerate(rows)))


async def test_the_likeliest_wordings_of_a_large_base_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    matcher = await KbMatcher.build(base())
    everything, whole = await matcher.twins(1000)
    pairs = [{each.one, each.other} for each in everything]
    assert (whole, {"a7", "a40"} in pairs) == (True, True)
    found, whole = await matcher.twins(20)
    likest = [{each.one, each.other} for each in found]
    assert whole, "no other was worth it"
    assert sorted(map(sorted, likest)) == sorted(map(sorted, pairs)), "the same as by comparing all"
    few, whole = await matcher.twins(2)
    assert (len(few) <= 2, whole) == (True, False), "more were worth it"

    stems = alike.shared(matcher.engine.index)
    best, cut = stems.likest(0, len(matcher.engine.index.wordings))
    assert not cut.any()
    assert best.max() <= 1.0001
    monkeypatch.setattr(alike, "READ", 1)
    best, cut = stems.likest(0, len(matcher.engine.index.wordings))
    assert cut.all(), "each has usual words that are not followed up"
    assert alike.worth(best, cut, 1000)[1] is False
