"""What the API asks and answers of what the matcher learns from."""

from typing import Annotated, Literal

from pydantic import Field

from operator_panel.api.bodies import Asked
from operator_panel.api.shape import Shape, Time
from operator_panel.api.shapes import Confidence

Said = Literal["file", "helped", "picked", "sent", "edited", "rejected", "nothing", "console", "review"]


class SomeProposals(Asked):
    """Proposals by the ids of their verdicts: those of several may be sent together."""

    ids: Annotated[list[str], Field(min_length=1, max_length=1000)]


class NotFitting(Asked):
    """Articles that do not answer the customer's question; none: it is no question for the base."""

    articles: Annotated[list[str], Field(max_length=20)]


class ReviewQuery(Asked):
    """Which automatic answers."""

    state: Literal["open", "right", "wrong"] = "open"
    limit: int = Field(50, ge=1, le=200)


class Judgement(Asked):
    """Was the answer right?"""

    right: bool


class Proposal(Shape):
    """A text from conversations that may become a wording; `ids` are sent back to accept or refuse it.

    `conflict`: `taken`, it is a wording of the article `other`; `sure`, the matcher holds it for that one.
    """

    ids: list[str]
    text: str
    count: int
    at: Time | None
    sources: list[Said]
    conflict: Literal["", "taken", "sure"]
    other: str | None
    other_title: str


class Proposals(Shape):
    """Asked most often first."""

    items: list[Proposal]


class Proposed(Shape):
    """How many texts wait at an article, near-duplicates counted too."""

    article_id: str
    count: int


class ProposedArticles(Shape):
    """Articles with proposals, those with most first."""

    items: list[Proposed]


class Noted(Shape):
    """False: it was said before, or nothing was asked."""

    noted: bool


class Review(Shape):
    """An automatic answer to be looked at; `threshold` null: exact wordings alone were answered."""

    id: str
    at: Time
    text: str
    article_id: str
    title: str
    confidence: Confidence
    threshold: Confidence | None
    engine: str
    conversation_id: str
    message_id: str
    channel: str
    language: str
    state: Literal["open", "right", "wrong"]


class Reviews(Shape):
    """Newest first; `counts` are of all states."""

    items: list[Review]
    counts: dict[str, int]


class Learning(Shape):
    """How far the matcher has learnt, and what automatic answers still lack.

    `usable` of `needed` labels; by cross-validation `answers` of these would be answered, `precision` of them rightly
    (`lower` at least); `target` and `sure` are what must be reached. `answer`: threshold in force, null: exact wordings
    alone. `kept` false: the last fit was no better, the models stayed.
    """

    labels: int
    sources: dict[str, int]
    waiting: int
    next_fit: int
    fitted_at: Time | None
    answer: Confidence | None
    set_by_hand: bool
    usable: int
    needed: int
    answers: int
    precision: float | None
    lower: float
    target: float
    sure: float
    kept: bool
