"""An index without some of its wordings: what a labelled text that became a wording would have met without itself."""

from collections.abc import Collection
from dataclasses import replace
from itertools import pairwise

import numpy as np

from kb_matcher import growth
from kb_matcher.classifier import fit as fit_classifier
from kb_matcher.hashing import letter_features, stem_features
from kb_matcher.index import Index
from kb_matcher.normalise import words
from kb_matcher.postings import Postings
from kb_matcher.segments import filtered, segment
from kb_matcher.texts import Places, Texts


def without(index: Index, wordings: Collection[int]) -> Index:
    """Return an index, which must be one, without these wordings; each of its articles must keep another one."""
    kept = np.ones(len(index.wordings), bool)
    kept[list(wordings)] = False
    left = np.flatnonzero(kept).tolist()
    counts = np.bincount(index.owner[kept], minlength=len(index.articles))
    owner = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    first = np.append(0, np.cumsum(counts))
    tokens = [words(index.wordings[number]) for number in left]
    stems = Postings.of(filtered(index.stems.base, kept))
    letters = Postings.of(filtered(index.letters.base, kept))
    return replace(
        index,
        wordings=Texts.of(index.wordings[number] for number in left),
        by_key=Places.of(Texts.of(index.keys[number] for number in left)),
        masses=stems.sums(stems.features % 2 == 0),
        owner=owner,
        first=first,
        stems=stems,
        letters=letters,
        article_stems=Postings.of(segment(_joined([stem_features(one) for one in tokens], first))),
        article_letters=Postings.of(segment(_joined([letter_features(one) for one in tokens], first))),
        classifier=fit_classifier((stems, letters), owner.astype(np.int64), len(counts)),
    )


def one(index: Index) -> Index:
    """Return the index as one piece, as `without` takes it."""
    return index if index.alive.all() and not index.stems.tail.size else growth.merged(index)


def _joined(texts: list[list[int]], first: np.ndarray) -> list[list[int]]:
    return [[each for text in texts[start:end] for each in text] for start, end in pairwise(first.tolist())]
