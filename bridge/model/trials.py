"""How the matcher fares: labelled questions tried on it, questions asked of another base, articles that are alike."""

from dataclasses import dataclass

from bridge.model.articles import Match
from bridge.model.ids import ArticleId


@dataclass(frozen=True, slots=True)
class Trial:
    """A labelled question as models that had not seen it would have it: `article` stands first, `right` or not."""

    article: ArticleId
    confidence: float
    right: bool
    lang: str = ""  # of the article; empty: of none in particular


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What a question is answered as the base is, and as it would be."""

    before: Match
    after: Match


@dataclass(frozen=True, slots=True)
class Twins:
    """Two articles with wordings the matcher finds alike: `likeness` 0..1 of the closest pair."""

    one: ArticleId
    other: ArticleId
    likeness: float
    wording: str
    like: str
