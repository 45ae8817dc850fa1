"""Labelled texts with their evidence: what models are fitted on and judged by."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np

from bridge.model.articles import Label
from kb_matcher import held
from kb_matcher.features import Evidence
from kb_matcher.index import Index
from kb_matcher.normalise import key
from kb_matcher.spelling import gather

FOLDS = 3  # indexes that lack a part of the labelled texts that became wordings
HELD_LEAST, HELD_SHARE, HELD_MOST = 20, 0.1, 5_000  # such texts, their share of labels; wordings of the index


@dataclass(frozen=True, slots=True)
class Sample:
    """A labelled text with its evidence; `gold` is the row of the right article, None when it is not there.

    `article` is the id of the right one, also where it is not in the evidence; of a label that does not fit, of the
    wrong one, and `gold` its row.
    """

    evidence: Evidence
    gold: int | None
    article: str | None
    fits: bool = True
    mark: str = ""
    ids: tuple[str, ...] = ()  # of the articles in the evidence


def samples(index: Index, labels: Sequence[Label]) -> list[Sample]:
    """Gather evidence for labels; texts that resemble nothing teach nothing and are left out.

    A text that became a wording is heard by an index without it: it would find itself. Where these are few, or the
    index is large, they are left out too.
    """
    found: dict[int, Sample] = {}
    became: dict[int, list[int]] = {}
    for number, label in enumerate(labels):
        if label.article_id is not None and index.number(label.article_id) is None:
            continue
        tokens = index.read(label.text)
        if not tokens:
            continue
        if same := index.same(key(tokens)):
            became[number] = same
        elif (sample := _sample(index, label, tokens)) is not None:
            found[number] = sample
    if len(became) >= max(HELD_LEAST, HELD_SHARE * len(labels)) and len(index.wordings) <= HELD_MOST:
        found |= _held_back(index, labels, became)
    return [found[number] for number in sorted(found)]


def _held_back(index: Index, labels: Sequence[Label], became: dict[int, list[int]]) -> dict[int, Sample]:
    """Hear texts that are wordings by indexes that lack them; the last wording of an article stays."""
    whole = held.one(index)
    found: dict[int, Sample] = {}
    for fold in range(FOLDS):
        left = whole.counts.copy()
        gone: set[int] = set()
        heard = []
        for number in [one for place, one in enumerate(became) if place % FOLDS == fold]:
            same = whole.same(key(whole.read(labels[number].text)))
            owners = [int(whole.owner[one]) for one in same if one not in gone]
            if all(left[owner] > owners.count(owner) for owner in owners):
                gone.update(same)
                left -= np.bincount(np.array(owners, np.int64), minlength=len(left))
                heard.append(number)
        without = held.without(whole, gone)
        for number in heard:
            sample = _sample(without, labels[number], without.read(labels[number].text))
            if sample is not None:
                found[number] = sample
    return found


def _sample(index: Index, label: Label, tokens: list[str]) -> Sample | None:
    evidence = gather(index, tokens) if tokens else None
    if evidence is None:
        return None
    place = index.number(label.article_id) if label.article_id is not None else None
    gold = _row(evidence, place) if place is not None else None
    ids = tuple(index.articles.ids.texts[one] for one in evidence.articles.tolist())
    return Sample(evidence, gold, label.article_id, label.fits, mark(label), ids)


def mark(label: Label) -> str:
    """Return what a label is known by among those that models were fitted on."""
    said = f"{label.text}\0{label.article_id}\0{label.fits}"
    return blake2b(said.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _row(evidence: Evidence, article: int) -> int | None:
    rows = np.flatnonzero(evidence.articles == article)
    return int(rows[0]) if len(rows) else None
