"""What the API answers of the base's health and of thresholds."""

from typing import Literal

from operator_panel.api.article_shapes import Usage
from operator_panel.api.learning_shapes import Learning
from operator_panel.api.shape import Shape, Time
from operator_panel.api.shapes import Confidence


class NamedArticle(Shape):
    """An article by its title."""

    id: str
    title: str


class UsedArticle(NamedArticle):
    """An article and how it fares."""

    team: str | None
    lang: str | None
    usage: Usage


class TwinArticles(Shape):
    """Two articles with wordings the matcher finds alike, and the closest two of these."""

    one: NamedArticle
    other: NamedArticle
    likeness: Confidence
    wording: str
    like: str


class SharedWording(Shape):
    """A wording that stands in two articles: which one answers is chance."""

    wording: str
    one: NamedArticle
    other: NamedArticle


class Health(Shape):
    """What needs an editor's eye among the published articles; each list has 200 rows at most.

    `whole` false: more wordings of a large base resemble each other than are compared; the likeliest were.
    """

    at: Time
    published: int
    whole: bool
    stale: list[UsedArticle]
    unseen: list[UsedArticle]
    twins: list[TwinArticles]
    contradictions: list[SharedWording]


class ArticleUsage(Shape):
    """How an article fares: `last_shown` null: never; `used_in`: articles with a button that leads to it."""

    usage: Usage
    last_shown: Time | None
    used_in: list[NamedArticle]


class Point(Shape):
    """Answering from `threshold` up: the share of questions answered, and of these the share answered wrongly."""

    threshold: Confidence
    answered: Confidence
    wrong: Confidence


class Curve(Shape):
    """How thresholds fare on labelled questions; with fewer than 20 there are no points."""

    kind: Literal["all", "language", "team"]
    name: str
    labels: int
    points: list[Point]


class Thresholding(Shape):
    """Curves by cross-validation on the installation's labels: all, and by language and team of the answers.

    `answer`: threshold in force, null: exact wordings alone; `learning`: how far automatic answers are. `fresh` false:
    articles or models changed since the curves were drawn (`at`), new ones are being drawn.
    """

    at: Time
    fresh: bool
    answer: Confidence | None
    curves: list[Curve]
    learning: Learning
