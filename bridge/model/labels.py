"""What people say about questions and answers: verdicts the library learns from, and answers to be looked at again."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bridge.model.ids import ArticleId, ChannelName, ConversationId, MessageId, derive


class LabelSource(StrEnum):
    """Where a verdict comes from; files bring what somebody labelled elsewhere."""

    FILE = "file"
    HELPED = "helped"  # the customer says that the bot's answer helped, or did not
    PICKED = "picked"  # the customer chose among offered questions
    SENT = "sent"  # an operator sent a suggestion as it is
    EDITED = "edited"  # … changed
    REJECTED = "rejected"  # an operator says that a suggestion does not fit
    NOTHING = "nothing"  # an operator or an editor: not a question for the base
    CONSOLE = "console"  # an editor's word in the test console
    REVIEW = "review"  # an editor looked at an automatic answer


#: Sources whose word is a customer's: a person of the installation has the last word over them.
CUSTOMERS = frozenset({LabelSource.HELPED, LabelSource.PICKED})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What somebody said about a question: an article answers it, does not (`fits` False), or nothing does (None).

    Personal data in `text` is masked. The id is made of what it is about and who says it, so that the same word again
    is the same row; of two words the later one stands. `wording`: what became of the text as a wording of the article.
    """

    id: str
    text: str
    article_id: ArticleId | None
    fits: bool = True
    source: LabelSource = LabelSource.FILE
    by: str = ""  # an operator's id, "customer", or empty: it came with a file
    about: str = ""  # conversation it was said in; empty: in none
    at: datetime | None = None  # None: it came with a file, or before times were kept
    wording: str = ""  # "": undecided | taken | refused
    asked: str = ""  # the same for texts that differ in case and signs alone
    version: int = 0

    @property
    def said(self) -> tuple[str, ArticleId | None, bool, str]:
        """What the row says, whenever it was said."""
        return self.text, self.article_id, self.fits, self.source


def verdict_of(about: str, question: str, by: str, article: ArticleId | None, fits: bool) -> str:
    """Return the id of a person's verdict on a question; who takes back that an article fits says another thing."""
    return derive("label", about, question, by, *([] if fits else ["not", article or ""]))


@dataclass(frozen=True, slots=True)
class Review:
    """An automatic answer that an editor is to look at: what was asked, answered, and on what grounds.

    `state`: open | right | wrong. Personal data in `text` is masked.
    """

    id: str
    at: datetime
    text: str
    article_id: ArticleId
    title: str
    confidence: float
    threshold: float | None  # None: an exact wording was answered, none was in force
    engine: str
    message: MessageId
    conversation: ConversationId
    channel: ChannelName
    language: str
    state: str = "open"
    by: str = ""
    version: int = 0


def review_of(message: MessageId, number: int = 0) -> str:
    """Return the id of the review of an answer; `number` counts the articles of one to several questions from 0."""
    return derive("review", message, str(number)) if number else derive("review", message)


@dataclass(frozen=True, slots=True)
class Lesson:
    """What the matcher made of its labels, and what automatic answers still lack.

    `labels` could be used, `needed` are; by cross-validation `answers` of them would be answered at the lowest
    confidence allowed, `precision` of these rightly (None: none would be), at least `lower` for sure; `target` and
    `sure` are what precision and lower bound must reach. `kept`: False, the last fit was no better on labels that the
    models had not seen, and these stayed as they were.
    """

    labels: int = 0
    needed: int = 0
    answers: int = 0
    precision: float | None = None
    lower: float = 0.0
    target: float = 0.0
    sure: float = 0.0
    kept: bool = True
