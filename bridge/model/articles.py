"""The knowledge base: articles with the wordings customers use, and what a match says."""

from collections.abc import Container
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from enum import StrEnum

from bridge.model.files import Attachment
from bridge.model.ids import ArticleId, derive


@dataclass(frozen=True, slots=True)
class Button:
    """A button under an answer: it leads to another article or to an address; with neither it calls a person."""

    text: str
    article: ArticleId | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Variant:
    """What is said instead of the answer in one channel (by its name or its kind), in one language, or in both.

    Without buttons of its own it has the article's.
    """

    answer: str
    channel: str = ""  # empty: in any
    lang: str = ""  # empty: in any
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Content:
    """What editors write into an article, and what is kept of each of its editions."""

    title: str
    answer: str
    questions: tuple[str, ...] = ()
    lang: str | None = None
    team: str | None = None
    tags: tuple[str, ...] = ()
    variants: tuple[Variant, ...] = ()
    buttons: tuple[Button, ...] = ()
    files: tuple[Attachment, ...] = ()
    valid_from: datetime | None = None
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Signed:
    """Who wrote something and when; without an id: a command of the installation's owner."""

    by: str
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class NextEdition:
    """What is to stand in a published article one day; `review`: it waits for a reviewer, who may leave a comment."""

    content: Content
    signed: Signed
    review: bool = False
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """One answer and the wordings customers ask it in (`questions` in files).

    `edition` rises when its content or state changes, `version` with every write; `next` is worked on while customers
    are told what stands.
    """

    id: ArticleId
    title: str
    answer: str
    questions: tuple[str, ...] = ()
    lang: str | None = None
    team: str | None = None
    tags: tuple[str, ...] = ()
    state: str = "published"  # draft | review | published | archived
    created_at: datetime | None = None
    updated_at: datetime | None = None
    version: int = 0
    variants: tuple[Variant, ...] = ()
    buttons: tuple[Button, ...] = ()
    files: tuple[Attachment, ...] = ()
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    edition: int = 1
    signed: Signed | None = None
    comment: str = ""  # a reviewer's word on a draft that was never published
    next: NextEdition | None = None

    @property
    def content(self) -> Content:
        """What stands in it now."""
        return Content(**{name: getattr(self, name) for name in CONTENT})

    def saying(self, content: Content) -> "Article":
        """Return the article with another content."""
        return replace(self, **{name: getattr(content, name) for name in CONTENT})

    def in_force(self, now: datetime) -> bool:
        """Tell whether customers are to be told it: published, and within its dates (the last one excluded)."""
        begun = self.valid_from is None or self.valid_from <= now
        over = self.valid_until is not None and self.valid_until <= now
        return self.state == "published" and begun and not over


#: Names of what editors write into an article.
CONTENT = tuple(each.name for each in fields(Content))


@dataclass(frozen=True, slots=True)
class Edition:
    """An article as it once stood: `number` counts from 1 within the article; None signed it: it came with files."""

    id: str
    article: ArticleId
    number: int
    content: Content
    state: str
    signed: Signed | None


def edition_of(article: ArticleId, number: int) -> str:
    """Return the id under which an edition of an article is kept."""
    return derive("edition", article, number)


@dataclass(frozen=True, slots=True)
class Taken:
    """An article an import wrote, and which edition stood before (0: none did)."""

    article: ArticleId
    before: int


@dataclass(frozen=True, slots=True)
class Import:
    """Files that were taken into the knowledge base at once, and can be taken out again.

    The editions it wrote carry its signature, by which they are known.
    """

    id: str
    source: str
    signed: Signed
    taken: tuple[Taken, ...] = ()
    undone: Signed | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class ArticleFilters:
    """What a list of articles is narrowed to: words that all stand in it, and single values."""

    words: str = ""
    state: str | None = None
    team: str | None = None
    tag: str | None = None
    lang: str | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """An article's answer for one conversation: the text in its variant, buttons and files."""

    text: str
    buttons: tuple[Button, ...] = ()
    files: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Label:
    """A customer's text and the article that answers it (None: nothing fits), or one that does not (`fits` False)."""

    text: str
    article_id: ArticleId | None
    fits: bool = True


class Decision(StrEnum):
    """What a match is good for, by the thresholds in force."""

    ANSWER = "answer"
    OFFER = "offer"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Ranked:
    """One article as the matcher ranks it: confidence is P(it is the right one and anything fits at all), 0..1.

    `words` are those of the text that its `wording` has too.
    """

    article_id: ArticleId
    title: str
    confidence: float
    wording: str = ""
    why: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """One of several questions in a message, as the matcher reads it alone; `asks`: it says that it is a question.

    `text` is in lower case, personal data in it is masked.
    """

    text: str
    ranked: tuple[Ranked, ...] = ()
    exact: bool = False
    asks: bool = False

    @property
    def confidence(self) -> float:
        """Confidence of the first article, 0..1."""
        return self.ranked[0].confidence if self.ranked else 0.0


@dataclass(frozen=True, slots=True)
class Match:
    """The matcher's word on one text: articles by falling confidence.

    `decision` applies the shipped thresholds; `exact` says that the text is a wording of the first article or nearly;
    `engine` names the version of the matcher; `asked` are the parts of a text that may be questions of their own, in
    order (see `apart`).
    """

    decision: Decision
    ranked: tuple[Ranked, ...] = ()
    exact: bool = False
    engine: str = ""
    asked: tuple[Asked, ...] = ()


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Confidence from which the bot answers, offers buttons, and operators are shown a suggestion.

    `answer` may be None: labels do not support automatic answers yet, only exact wordings are answered.
    """

    answer: float | None = 0.90
    offer: float = 0.45
    suggest: float = 0.25

    def sure(self, found: Match | Asked) -> bool:
        """Tell whether the first article may be said without asking anybody."""
        if found.exact or not found.ranked:
            return found.exact
        return self.answer is not None and found.ranked[0].confidence >= self.answer


def apart(match: Match, limits: Thresholds) -> tuple[tuple[Asked, ...], Asked | None]:
    """Return the questions of a message that are surely answered, each by another article, and what is left of it.

    Nothing is sure: the message is treated as one. What is left `asks` when an article of it cannot even be offered.
    """
    sure: dict[ArticleId, Asked] = {}
    for one in match.asked:
        if limits.sure(one):
            sure.setdefault(one.ranked[0].article_id, one)
    left = [one for one in match.asked if not limits.sure(one) and (one.asks or one.confidence >= limits.offer)]
    left = [one for one in left if one.confidence < limits.offer or one.ranked[0].article_id not in sure]
    if not sure or len(sure) + len(left) < 2:
        return (), None
    if limits.sure(match) and match.ranked[0].article_id not in sure:
        return (), None  # the whole says something else than its parts
    return tuple(sure.values()), _joined(left, sure, limits) if left else None


def _joined(left: list[Asked], told: Container[ArticleId], limits: Thresholds) -> Asked:
    ranked = sorted((item for one in left for item in one.ranked), key=lambda item: -item.confidence)
    first: dict[ArticleId, Ranked] = {}
    for item in ranked:
        if item.article_id not in told:
            first.setdefault(item.article_id, item)
    asks = any(one.confidence < limits.offer for one in left)
    return Asked("\n".join(one.text for one in left), tuple(first.values()), asks=asks)


@dataclass(frozen=True, slots=True)
class Library:
    """Everything a matcher is built from."""

    articles: tuple[Article, ...]
    labels: tuple[Label, ...] = field(default=())
