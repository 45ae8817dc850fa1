"""What the API is asked of the knowledge base: articles, drafts, many articles at once, files in and out."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from operator_panel.api.bodies import Asked, Attached, Change, Slice, Tag

Wording = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
Answer = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20_000)]
Title = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]
Language = Annotated[str, Field(pattern=r"^[a-z]{2}$")]
ArticleId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]
ArticleState = Literal["draft", "review", "published", "archived"]


class ArticleFilter(Asked):
    """What a list of articles is narrowed to: words that all stand in it (`q`), and single values."""

    q: str | None = Field(None, max_length=400)
    state: ArticleState | None = None
    team: str | None = Field(None, max_length=64)
    tag: str | None = Field(None, max_length=40)
    lang: str | None = Field(None, max_length=2)


class ArticleQuery(Slice, ArticleFilter):
    """A portion of the articles that a filter leaves."""


class NewButton(Asked):
    """A button under an answer: it leads to an article or to an address; with neither it calls a person."""

    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
    article: str | None = Field(None, min_length=1, max_length=100)
    url: str = Field("", max_length=1000)


class NewVariant(Asked):
    """What is said instead in a channel (its name or its kind), in a language, or in both."""

    answer: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]
    channel: str = Field("", max_length=64)
    lang: str = Field("", pattern=r"^([a-z]{2})?$")
    buttons: list[NewButton] = Field([], max_length=6)


class ContentChange(Change):
    """Fields of what stands, or is to stand, in an article; absent ones stay."""

    title: Title | None = None
    answer: Answer | None = None
    questions: list[Wording] | None = Field(None, max_length=500)
    lang: Language | None = None
    team: str | None = Field(None, max_length=64)
    tags: list[Tag] | None = Field(None, max_length=50)
    variants: list[NewVariant] | None = Field(None, max_length=50)
    buttons: list[NewButton] | None = Field(None, max_length=6)
    files: list[Attached] | None = Field(None, max_length=10)
    valid_from: AwareDatetime | None = None
    valid_until: AwareDatetime | None = None


class ArticleChange(ContentChange):
    """Fields of an article to change, at once."""

    state: ArticleState | None = None


class NewArticle(Asked):
    """A new article; its id is made when none is given, and title or questions are required."""

    id: ArticleId | None = None
    title: Title = ""
    answer: Answer = ""
    questions: list[Wording] = Field([], max_length=500)
    lang: Language | None = None
    team: str | None = Field(None, max_length=64)
    tags: list[Tag] = Field([], max_length=50)
    variants: list[NewVariant] = Field([], max_length=50)
    buttons: list[NewButton] = Field([], max_length=6)
    files: list[Attached] = Field([], max_length=10)
    valid_from: AwareDatetime | None = None
    valid_until: AwareDatetime | None = None
    state: ArticleState = "published"


class Comment(Asked):
    """A reviewer's word on a draft that goes back."""

    comment: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] = ""


class EditionQuery(Asked):
    """Editions older than a number, newest first."""

    before: int | None = Field(None, ge=1, lt=2**53)
    limit: int = Field(20, ge=1, le=100)


class Against(Asked):
    """With which edition another one is compared; without it, with what stands now."""

    against: int | None = Field(None, ge=1, lt=2**53)


class Restore(Asked):
    """Which edition comes back; `draft`: as what is worked on, customers are told it later."""

    edition: int = Field(ge=1, lt=2**53)
    draft: bool = False


class ReplyQuery(Asked):
    """Where, and to whom, an article is said; `draft`: as it is worked on, where it is."""

    channel: str = Field("", max_length=64)
    language: str | None = Field(None, max_length=10)
    draft: bool = False


class Bulk(Asked):
    """What is done to many articles; of what is not given nothing changes. `team` null takes it away."""

    ids: list[str] = Field(min_length=1, max_length=500)
    add_tags: list[Tag] = Field([], max_length=50)
    remove_tags: list[Tag] = Field([], max_length=50)
    team: str | None = Field(None, max_length=64)
    state: Literal["draft", "published", "archived"] | None = None
