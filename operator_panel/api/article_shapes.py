"""What the API answers of the knowledge base."""

from typing import Literal

from operator_panel.api.file_shapes import File
from operator_panel.api.shape import Shape, Time
from operator_panel.api.shapes import FieldError

State = Literal["draft", "review", "published", "archived"]


class Signed(Shape):
    """Who wrote something and when; an empty id: a command of the installation's owner."""

    id: str
    name: str
    at: Time


class Button(Shape):
    """A button under an answer: it leads to an article or to an address; with neither it calls a person."""

    text: str
    article: str | None
    url: str


class Variant(Shape):
    """What is said instead in a channel (its name or its kind), in a language, or in both."""

    answer: str
    channel: str
    lang: str
    buttons: list[Button]


class Content(Shape):
    """What editors write into an article."""

    title: str
    answer: str
    questions: list[str]
    lang: str | None
    team: str | None
    tags: list[str]
    variants: list[Variant]
    buttons: list[Button]
    files: list[File]
    valid_from: Time | None
    valid_until: Time | None


class NextEdition(Content):
    """What is worked on while customers are told what stands; `review`: it waits for a reviewer."""

    review: bool
    comment: str
    signed: Signed


class Usage(Shape):
    """How often an article was shown, ever and in 30 days, and what customers said of it.

    `helped_share` null: nobody said. `stale`: it helps too few (helped) or nobody touched it for long (untouched).
    """

    shown: int
    shown_30_days: int
    helped: int
    not_helped: int
    helped_share: float | None
    stale: Literal["helped", "untouched"] | None


class Article(Content):
    """One answer and the wordings customers ask it in.

    `edition` rises when content or state change, `version` with every write; `in_force`: customers are told it now;
    `usage` stands in lists and where one is read.
    """

    id: str
    state: State
    in_force: bool
    comment: str
    edition: int
    signed: Signed | None
    next: NextEdition | None
    created_at: Time | None
    updated_at: Time | None
    version: int
    usage: Usage | None = None


class Edition(Content):
    """How an article once stood."""

    number: int
    state: State
    signed: Signed | None


class Editions(Shape):
    """How an article stood, newest first; `next`: the number before which older ones are asked for."""

    items: list[Edition]
    next: int | None


class Piece(Shape):
    """A piece of a text that was changed: it stayed, went, or came."""

    kind: Literal["same", "gone", "new"]
    text: str


class FieldChange(Shape):
    """In what one field of two editions differs."""

    field: str
    pieces: list[Piece]


class Changes(Shape):
    """In what an edition differs from another (null: what is worked on)."""

    number: int
    against: int
    items: list[FieldChange]


class Flag(Shape):
    """What an editor should look at: the place, a code, what stands there, and the other article if there is one."""

    field: str
    code: str
    detail: str
    article: str | None


class Check(Shape):
    """What keeps an article from being published (`errors`), and what should be looked at."""

    errors: list[FieldError]
    flags: list[Flag]


class Reply(Shape):
    """What an article says in a channel to somebody who speaks a language, part by part as it is sent."""

    parts: list[str]
    buttons: list[str]
    files: list[File]


class BulkResult(Shape):
    """What became of one article: a null code means it is done."""

    id: str
    code: str | None
    errors: list[FieldError]


class BulkResults(Shape):
    """What became of each article."""

    items: list[BulkResult]


class Standing(Shape):
    """An article and how it stands: next, review_next have a draft beside what is said; before, over are its dates."""

    id: str
    standing: Literal["draft", "review", "archived", "live", "next", "review_next", "before", "over"]


class Standings(Shape):
    """All articles that a filter leaves, by id."""

    items: list[Standing]


class StateCounts(Shape):
    """How many articles are in each state."""

    draft: int
    review: int
    published: int
    archived: int
