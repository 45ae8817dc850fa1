"""The knowledge base: articles with the wordings customers use, and what a match says."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bridge.model.ids import ArticleId


@dataclass(frozen=True, slots=True)
class Article:
    """One answer and the wordings customers ask it in (`questions` in files)."""

    id: ArticleId
    title: str
    answer: str
    questions: tuple[str, ...] = ()
    lang: str | None = None
    team: str | None = None
    tags: tuple[str, ...] = ()
    state: str = "published"  # draft | published | archived
    created_at: datetime | None = None
    updated_at: datetime | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class Label:
    """A customer's text and the article that answers it; None: nothing fits."""

    text: str
    article_id: ArticleId | None


class Decision(StrEnum):
    """What a match is good for, by the thresholds in force."""

    ANSWER = "answer"
    OFFER = "offer"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Ranked:
    """One article as the matcher ranks it: confidence is P(it is the right one and anything fits at all), 0..1."""

    article_id: ArticleId
    title: str
    confidence: float
    wording: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """The matcher's word on one text: articles by falling confidence.

    `decision` applies the shipped thresholds; `exact` says that the text is a wording of the first article or nearly.
    """

    decision: Decision
    ranked: tuple[Ranked, ...] = ()
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Confidence from which the bot answers, offers buttons, and operators are shown a suggestion.

    `answer` may be None: labels do not support automatic answers yet, only exact wordings are answered.
    """

    answer: float | None = 0.90
    offer: float = 0.45
    suggest: float = 0.25


@dataclass(frozen=True, slots=True)
class Library:
    """Everything a matcher is built from."""

    articles: tuple[Article, ...]
    labels: tuple[Label, ...] = field(default=())
