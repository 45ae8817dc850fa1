"""Questions kept as tests of the knowledge base, and what became of articles with customers."""

from dataclasses import dataclass
from datetime import datetime

from bridge.model.articles import Signed
from bridge.model.ids import ArticleId, derive


@dataclass(frozen=True, slots=True)
class KeptQuestion:
    """A question and the article that is to answer it (None: nothing is); personal data in `text` is masked."""

    id: str
    text: str
    article: ArticleId | None
    language: str | None
    signed: Signed
    version: int = 0


#: What may become of an article with a customer.
USES = ("answer", "offer", "sent", "helped", "not_helped")
#: Id of what was counted before the days that are kept one by one.
EVER = "ever"


@dataclass(frozen=True, slots=True)
class Use:
    """What became of an article with a customer once.

    `how`: answer (the bot said it), offer (its title stood on a button), sent (a person of the desk sent it as
    suggested, or changed), helped, not_helped (so the customer says). Rows are kept of the last three alone, until
    they are counted: that an article was said or offered stands in the message.
    """

    id: str
    article: ArticleId
    at: datetime
    how: str
    version: int = 0


@dataclass(frozen=True, slots=True)
class Tally:
    """How often something became of an article, and when last."""

    article: ArticleId
    how: str
    count: int
    last: datetime


@dataclass(frozen=True, slots=True)
class UseDay:
    """What became of articles on a day (`id`, in UTC), or on all days before those that are kept (EVER).

    `through`: all uses before that time are counted in this day or in earlier ones.
    """

    id: str
    through: datetime
    tallies: tuple[Tally, ...] = ()
    version: int = 0


def use_of(about: str, article: ArticleId, how: str) -> str:
    """Return the id of a use in a turn, or of an answer: done again, it is the same one."""
    return derive("use", about, article, "said" if how in ("helped", "not_helped") else how)
