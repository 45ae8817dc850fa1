"""An index grows: articles put and taken out at once, all of it made one again in the background."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from bridge.model.articles import Article
from bridge.model.ids import ArticleId
from kb_matcher.classifier import LEAST_SHARE, Classifier
from kb_matcher.hashing import letter_features, stem_features
from kb_matcher.index import VIEWS, Entries, Index, Read, assembled, fingerprint, take_apart
from kb_matcher.normalise import words
from kb_matcher.postings import Postings
from kb_matcher.questions import Floats, Ints, Query
from kb_matcher.room import extended
from kb_matcher.segments import Segment, filtered, joined
from kb_matcher.texts import Places, Texts

_LEAST = float(np.exp(LEAST_SHARE))
_ALONE = float(np.exp(-2))  # kernel of two texts that share nothing in two views


@dataclass(frozen=True, slots=True)
class Carried:
    """A classifier beside articles that it was not fitted on: these score as a kernel that stood alone would."""

    inner: Classifier
    wordings: int  # it was fitted on
    articles: int
    later: Ints  # first wording of each later article, and the end of all
    moved: Mapping[int, int]  # later article -> its number when the classifier was fitted

    def scores(self, cosines: Floats, queries: Sequence[Query]) -> Floats:
        """See Classifier."""
        fitted = self.inner.scores(cosines[: self.wordings], queries)
        close = np.maximum.reduceat(cosines, self.later[:-1])
        alone = ((np.exp(close - len(queries)) - _ALONE) / (1.1 - _ALONE)).astype(np.float32)
        for new, old in self.moved.items():
            alone[new - self.articles] = max(alone[new - self.articles], fitted[0, old])
        shares = np.log(np.clip(alone, _LEAST, 1))
        for new, old in self.moved.items():
            shares[new - self.articles] = max(shares[new - self.articles], fitted[1, old])
        return np.concatenate([fitted, np.stack([alone, shares])], axis=1)


def changed(index: Index, put: Sequence[Article], gone: Collection[ArticleId] = ()) -> Index:
    """Return the index with articles put (of a known id: in its place) and others gone; nothing is fitted.

    An article that is no longer published, or has no words, goes. What is new is weighed by the statistics the index
    was made with.
    """
    put = list({one.id: one for one in put}.values())
    places = {one.id: index.number(one.id) for one in put} | {id: index.number(id) for id in gone}
    old = {id: number for id, number in places.items() if number is not None}
    removed = _without(index, sorted(old.values()))
    read = take_apart(put)
    return _with(removed, read, old) if read.articles else removed


def merged(index: Index) -> Index:
    """Return the index as if built at once from the articles that are there, in their order; no text is read again."""
    kept = np.flatnonzero(index.alive)
    wordings = index.alive[index.owner]
    segments = {}
    for view in VIEWS:
        postings: Postings = getattr(index, view)
        alive = wordings if view in ("stems", "letters") else index.alive
        parts = [postings.base, postings.tail.segment()]
        cuts = np.split(alive, [parts[0].size])
        segments[view] = joined(_kept(part, cut) for part, cut in zip(parts, cuts, strict=True))
    spoken = np.flatnonzero(wordings).tolist()
    return assembled(
        Entries(
            Places.of(Texts.of(index.articles.ids.texts[one] for one in kept.tolist())),
            Texts.of(index.articles.titles[one] for one in kept.tolist()),
            Texts.of(index.articles.langs[one] for one in kept.tolist()),
        ),
        index.prints[kept],
        Texts.of(index.wordings[one] for one in spoken),
        Texts.of(index.keys[one] for one in spoken),
        index.counts[kept],
        segments,
    )


def _kept(part: Segment, alive: np.ndarray) -> Segment:
    return part if alive.all() else filtered(part, alive)


def _without(index: Index, articles: Sequence[int]) -> Index:
    """Mark articles as gone and take their features out of what the views know."""
    if not articles:
        return index
    alive = index.alive.copy()
    alive[list(articles)] = False
    spans = [range(int(index.first[one]), int(index.first[one + 1])) for one in articles]
    wordings = [number for span in spans for number in span]
    tokens = [words(index.wordings[number]) for number in wordings]
    stems, letters = [stem_features(one) for one in tokens], [letter_features(one) for one in tokens]
    ends = np.cumsum([0, *(len(span) for span in spans)]).tolist()

    def together(texts: list[list[int]]) -> list[list[int]]:
        return [[one for text in texts[a:b] for one in text] for a, b in pairwise(ends)]

    return replace(
        index,
        alive=alive,
        stems=index.stems.removed(wordings, stems),
        letters=index.letters.removed(wordings, letters),
        article_stems=index.article_stems.removed(articles, together(stems)),
        article_letters=index.article_letters.removed(articles, together(letters)),
    )


def _with(index: Index, read: Read, old: Mapping[ArticleId, int]) -> Index:
    """Add articles at the end."""
    before, wordings = len(index.articles), len(index.wordings)
    counts = np.asarray(read.counts, np.int64)
    views = {view: getattr(index, view).added(read.features[view]) for view in VIEWS}
    masses = views["stems"].masses_of(np.arange(wordings, wordings + len(read.wordings)))
    first = extended(index.first, wordings + np.cumsum(counts))
    return replace(
        index,
        articles=Entries(
            index.articles.ids.added([one.id for one in read.articles]),
            index.articles.titles.added([one.title for one in read.articles]),
            index.articles.langs.added([one.lang or "" for one in read.articles]),
        ),
        prints=extended(index.prints, np.array([fingerprint(one) for one in read.articles], np.uint64)),
        alive=extended(index.alive, np.ones(len(counts), bool)),
        wordings=index.wordings.added(read.wordings),
        by_key=index.by_key.added(read.keys),
        masses=extended(index.masses, masses),
        owner=extended(index.owner, np.repeat(np.arange(len(counts)) + before, counts)),
        first=first,
        **views,
        classifier=_carried(index.classifier, index, first, [old.get(one.id) for one in read.articles]),
    )


def _carried(fitted: Classifier | None, index: Index, first: Ints, old: Sequence[int | None]) -> Classifier | None:
    if fitted is None:
        return None
    known = fitted if isinstance(fitted, Carried) else Carried(fitted, len(index.wordings), len(index.alive), first, {})
    moved = dict(known.moved)
    for number, place in enumerate(old, len(index.alive)):
        origin = moved.get(place, place) if place is not None else None
        if origin is not None and origin < known.articles:
            moved[number] = origin
    return replace(known, later=first[known.articles :], moved=moved)
