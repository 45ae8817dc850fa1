"""What the API asks and answers of the test console: words of the base, kept questions, what publishing would do."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from bridge.model.articles import Decision
from operator_panel.api.article_shapes import Reply, Signed
from operator_panel.api.bodies import Asked, Question
from operator_panel.api.shape import Shape
from operator_panel.api.shapes import Confidence, MatchResult, RankedArticle

Wording = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
Language = Annotated[str, StringConstraints(pattern="^[a-z]{2}$")]


class ConsoleQuestion(Question):
    """A text to ask the knowledge base, and the customer's language."""

    language: Language | None = None


class NewLabel(Asked):
    """What an editor says of a question: an article answers it, does not (`fits` false), or nothing does (null)."""

    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
    article_id: str | None = Field(max_length=100)
    fits: bool = True


class NewKeptQuestion(Asked):
    """A question to be kept as a test, and the article that is to answer it (null: nothing is)."""

    text: Wording
    article_id: str | None = Field(max_length=100)
    language: Language | None = None


class KeptQuestionChange(Asked):
    """Fields of a kept question to be changed."""

    text: Wording | None = None
    article_id: str | None = Field(None, max_length=100)
    language: Language | None = None


class ConsoleArticle(RankedArticle):
    """One article as the matcher ranks it; `words` of the text stand in its `wording` too."""

    words: list[str]


class Limits(Shape):
    """Confidences in force; `answer` null: exact wordings alone are answered."""

    answer: Confidence | None
    offer: Confidence
    suggest: Confidence


class SpokenReply(Shape):
    """What the first article says in a channel."""

    channel: str
    kind: str
    reply: Reply


class AskedPart(Shape):
    """One of several questions in a text, in lower case; without an article it is what the others leave open."""

    text: str
    article_id: str | None
    title: str
    confidence: Confidence


class ConsoleAnswer(MatchResult):
    """What the knowledge base says to a text, and why it is not sent.

    `held_back`: nothing (resembles it), cold (too few labels: exact wordings alone are answered), below (the
    threshold), several (fit); null: it is sent. `replies`: what is said by channel, or would be by the first article.
    `questions`: of a text with several, those that are answered together, and last what is left open.
    """

    ranked: list[ConsoleArticle]  # type: ignore[assignment]  # each is what a ranked article is, and more
    thresholds: Limits
    held_back: Literal["nothing", "cold", "below", "several"] | None
    replies: list[SpokenReply]
    questions: list[AskedPart]


class KeptQuestion(Shape):
    """A question kept as a test; personal data in `text` is masked. `article_title` is null where it is gone."""

    id: str
    text: str
    article_id: str | None
    article_title: str | None
    language: str | None
    signed: Signed
    version: int


class KeptQuestions(Shape):
    """All kept questions, the oldest first."""

    items: list[KeptQuestion]


class Outcome(Shape):
    """What the base says to a question: a decision and the article it ranks first."""

    decision: Decision
    article_id: str | None
    title: str
    confidence: Confidence


class TestedQuestion(Shape):
    """A kept question and what the base says to it now."""

    question: KeptQuestion
    outcome: Outcome
    passes: bool


class TestedQuestions(Shape):
    """All kept questions asked, those that fail first."""

    items: list[TestedQuestion]
    passed: int
    failed: int


class Effect(Shape):
    """What publishing does to a question: breaks (was right, will be wrong), heals, changes (nobody knows better).

    `kept`: an editor's test, else a customer asked it. `known`: `wanted` is the article that answers it (null: none).
    """

    kind: Literal["breaks", "changes", "heals"]
    text: str
    kept: bool
    known: bool
    wanted: str | None
    before: Outcome
    after: Outcome


class Effects(Shape):
    """What publishing an article's draft would do to questions on record; `items`: the worst first, 200 at most.

    Kept questions are all asked, of the customers' `recorded` ones 500 at most: those near the article first, then some
    of every other.
    """

    kept: int
    customers: int
    recorded: int
    breaks: int
    changes: int
    heals: int
    items: list[Effect]
