"""What the API asks and answers of questions without an answer."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from bridge.model.articles import Decision
from operator_panel.api.bodies import Asked
from operator_panel.api.shape import Shape, Time
from operator_panel.api.shapes import Confidence

Ids = Annotated[list[str], Field(min_length=1, max_length=500)]


class MissQuery(Asked):
    """Whose questions, how many days back, and in which state: open, or dismissed (no questions for the base)."""

    language: str | None = Field(None, max_length=10)
    channel: str | None = Field(None, max_length=64)
    days: int = Field(30, ge=1, le=365)
    state: Literal["open", "dismissed"] = "open"


class SomeMisses(Asked):
    """Questions by their ids."""

    ids: Ids


class MissesToArticle(Asked):
    """Questions a new draft is made of; without a title it has that of the first."""

    ids: Ids
    title: Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)] = ""
    answer: Annotated[str, StringConstraints(strip_whitespace=True, max_length=20_000)] = ""


class MissesToAdd(Asked):
    """Questions that become wordings of an article."""

    ids: Ids
    article: str = Field(min_length=1, max_length=100)


class Miss(Shape):
    """A question that was not answered; personal data is masked."""

    id: str
    at: Time
    text: str
    language: str
    channel: str
    conversation_id: str
    reason: str
    state: Literal["open", "taken", "answered", "dismissed"]
    article: str | None


class MissGroup(Shape):
    """Questions that ask the same, newest first; `trend` counts the last days, today last.

    `label` is the question most like all of them, `example` the most usual one.
    """

    id: str
    label: str
    example: str
    count: int
    trend: list[int]
    languages: dict[str, int]
    channels: dict[str, int]
    misses: list[Miss]


class MissBoard(Shape):
    """Groups, those asked most of late first."""

    items: list[MissGroup]
    total: int


class MissAgain(Shape):
    """What a question is answered now."""

    miss: Miss
    decision: Decision
    article_id: str | None
    title: str
    confidence: Confidence


class MissesAgain(Shape):
    """What questions are answered now."""

    items: list[MissAgain]
    answered: int


class Done(Shape):
    """How many."""

    done: int
