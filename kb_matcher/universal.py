"""Making weights.json from open sets: `python -m kb_matcher.universal OUT ARTICLES LABELS [ARTICLES LABELS ...]`.

Each base is used whole and thinned to 5, 3, 2 and 1 wordings an article, so that the weights suit bases of any age.
The sources and their licences stand in README.md of this room.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from bridge.model.articles import Article, Label
from kb_matcher.confidence import NAMES as CONFIDENCE_NAMES
from kb_matcher.features import NAMES as RANKER_NAMES
from kb_matcher.files import read_articles, read_labels
from kb_matcher.index import build
from kb_matcher.linear import Linear, fit_choice, fit_logistic, neutral
from kb_matcher.training import Sample, cross_ranked, samples

THINNED = (None, 5, 3, 2, 1)
MAX_LABELS = 800  # of each base at each thinning, so that no base drowns the others
PULL = 3.0


def thin(articles: Sequence[Article], wordings: int | None, seed: int) -> list[Article]:
    """Keep so many wordings of each article, chosen at random but always alike."""
    dice = np.random.default_rng(seed)
    thinned = []
    for article in articles:
        kept = list(article.questions)
        if wordings is not None and len(kept) > wordings:
            kept = [kept[one] for one in sorted(dice.choice(len(kept), wordings, replace=False))]
        # A single wording stands for a base of bare titles: the title would be a second one.
        thinned.append(
            replace(article, questions=tuple(kept), title=kept[0] if wordings == 1 and kept else article.title)
        )
    return thinned


def learn(bases: Sequence[tuple[Sequence[Article], Sequence[Label]]]) -> dict[str, dict[str, object]]:
    """Return the two sets of weights: for bases with a classifier and for cold ones."""
    gathered: dict[str, list[Sample]] = {"taught": [], "cold": []}
    for number, (articles, labels) in enumerate(bases):
        for wordings in THINNED:
            index = build(thin(articles, wordings, number))
            dice = np.random.default_rng(number)
            chosen = [labels[one] for one in dice.permutation(len(labels))[:MAX_LABELS]]
            part = "cold" if index.classifier is None else "taught"
            gathered[part] += samples(index, chosen)
    return {part: _weights(known) for part, known in gathered.items()}


def _weights(known: list[Sample]) -> dict[str, object]:
    start = neutral(np.concatenate([sample.evidence.matrix for sample in known]))
    _, rows, right = cross_ranked(known, [sample.evidence.matrix for sample in known], start)
    inside = [sample for sample in known if sample.gold is not None]
    ranker = fit_choice(
        [sample.evidence.matrix for sample in inside], [sample.gold or 0 for sample in inside], start, PULL
    )
    sure: Linear = fit_logistic(rows, right, neutral(rows), PULL)
    return {
        "ranker": {"names": RANKER_NAMES, **ranker.as_json()},
        "confidence": {"names": CONFIDENCE_NAMES, **sure.as_json()},
    }


def main(arguments: Sequence[str]) -> None:
    """Train on the files named and write the weights."""
    out, *files = arguments
    pairs = zip(files[::2], files[1::2], strict=True)
    weights = learn([(read_articles(Path(one)), read_labels(Path(two))) for one, two in pairs])
    Path(out).write_text(json.dumps(weights, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
