"""What the API asks and answers of articles made of the desk's answers."""

from typing import Annotated

from pydantic import Field, StringConstraints

from operator_panel.api.bodies import Asked
from operator_panel.api.shape import Shape, Time
from operator_panel.api.shapes import Confidence


class ReplyQuery(Asked):
    """Whose answers."""

    language: str | None = Field(None, max_length=10)
    channel: str | None = Field(None, max_length=64)


class MessageToArticle(Asked):
    """What the article says; what is not given is what was proposed. With `article` the question is added to it."""

    title: Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)] = ""
    question: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)] | None = None
    answer: Annotated[str, StringConstraints(strip_whitespace=True, max_length=20_000)] = ""
    article: str | None = Field(None, min_length=1, max_length=100)


class SimilarArticle(Shape):
    """An article near the question or the answer; `same`: it says nearly the same as the answer."""

    article_id: str
    title: str
    answer: str
    confidence: Confidence
    same: bool


class ArticleProposal(Shape):
    """What an article made of an answer would hold, personal data masked; `article` was made of it already."""

    question: str
    answer: str
    language: str
    article: str | None
    similar: list[SimilarArticle]


class RepeatedAnswer(Shape):
    """An answer that several customers were given, as it was said last."""

    id: str
    text: str
    question: str
    customers: int
    times: int
    operators: list[str]
    at: Time
    languages: dict[str, int]
    channels: dict[str, int]
    message_id: str
    conversation_id: str


class RepeatedAnswers(Shape):
    """Answers, those given to most customers first."""

    items: list[RepeatedAnswer]
