"""Making weights.json: `python -m kb_matcher.universal OUT ARTICLES LABELS [ARTICLES LABELS ...] [--ranker-only ...]`.

Each base is thinned to few wordings an article, so that the weights suit bases of any age, and used once whole and once
with a share of its articles taken away, so that the confidence knows strangers of the base's own kind. Bases named
after `--ranker-only` teach the ranker alone. The sources and their licences stand in README.md of this room.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import numpy as np

from bridge.model.articles import Article, Label
from kb_matcher.confidence import NAMES as CONFIDENCE_NAMES
from kb_matcher.features import NAMES as RANKER_NAMES
from kb_matcher.files import read_articles, read_labels
from kb_matcher.index import build
from kb_matcher.linear import fit_logistic, neutral
from kb_matcher.samples import Sample, samples
from kb_matcher.training import AGES, age, cross_ranked

THINNED = (30, 10, 5, 3, 2, 1)
LEFT_OUT = (0.0, 0.3)  # share of the articles that are taken away: messages about them become strangers
MAX_LABELS = 600  # of each base at each thinning, so that no base drowns the others
RANKER_PULL = 300.0  # chosen by how the weights serve bases they were not trained on
CONFIDENCE_PULL = 100.0


@dataclass(frozen=True, slots=True)
class Base:
    """Articles and labelled messages to learn from."""

    articles: Sequence[Article]
    labels: Sequence[Label]
    ranker_only: bool = False


def thin(articles: Sequence[Article], wordings: int, seed: int) -> list[Article]:
    """Keep so many wordings of each article, chosen at random but always alike."""
    dice = np.random.default_rng(seed)
    thinned = []
    for article in articles:
        kept = list(article.questions)
        if len(kept) > wordings:
            kept = [kept[one] for one in sorted(dice.choice(len(kept), wordings, replace=False))]
        # A single wording stands for a base of bare titles: the title would be a second one.
        thinned.append(
            replace(article, questions=tuple(kept), title=kept[0] if wordings == 1 and kept else article.title)
        )
    return thinned


def leave_out(
    articles: Sequence[Article], labels: Sequence[Label], share: float, seed: int
) -> tuple[list[Article], list[Label]]:
    """Take a share of the articles away; what was asked about them has no answer then."""
    dice = np.random.default_rng(seed)
    gone = {articles[one].id for one in dice.permutation(len(articles))[: int(share * len(articles))]}
    asked = [Label(one.text, None if one.article_id in gone else one.article_id) for one in labels]
    return [article for article in articles if article.id not in gone], asked


def variants(base: Base, seed: int) -> Iterator[tuple[str, list[Sample]]]:
    """Yield the ages at which a base can be had, each with what its messages teach."""
    most = max(len(article.questions) for article in base.articles)
    few = [one for one in THINNED if one <= most] or [1]
    for wordings, share in product(few, LEFT_OUT):
        kept, asked = leave_out(thin(base.articles, wordings, seed), base.labels, share, seed)
        index = build(kept)
        dice = np.random.default_rng(seed)
        yield age(index), samples(index, [asked[one] for one in dice.permutation(len(asked))[:MAX_LABELS]])


def learn(bases: Sequence[Base]) -> dict[str, dict[str, object]]:
    """Return the sets of weights by age."""
    gathered: dict[str, list[tuple[Sample, bool]]] = {one: [] for one in AGES}
    for number, base in enumerate(bases):
        for part, known in variants(base, number):
            gathered[part] += [(sample, not base.ranker_only) for sample in known]
    return {part: _weights([one for one, _ in known], [one for _, one in known]) for part, known in gathered.items()}


def _weights(known: list[Sample], judged: list[bool]) -> dict[str, object]:
    lists = [sample.evidence.matrix for sample in known]
    ranker, rows, right = cross_ranked(known, lists, neutral(np.concatenate(lists)), RANKER_PULL)
    rows, right = rows[judged], right[judged]
    sure = fit_logistic(rows, right, neutral(rows), CONFIDENCE_PULL)
    return {
        "ranker": {"names": RANKER_NAMES, **ranker.as_json()},
        "confidence": {"names": CONFIDENCE_NAMES, **sure.as_json()},
    }


def main(arguments: Sequence[str]) -> None:
    """Train on the files named and write the weights."""
    out, *files = arguments
    cut = files.index("--ranker-only") if "--ranker-only" in files else len(files)
    bases = []
    for names, only in ((files[:cut], False), (files[cut + 1 :], True)):
        pairs = zip(names[::2], names[1::2], strict=True)
        bases += [Base(read_articles(Path(one)), read_labels(Path(two)), only) for one, two in pairs]
    Path(out).write_text(json.dumps(learn(bases), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
