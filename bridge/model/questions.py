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


@dataclass(frozen=True, slots=True)
class Use:
    """What became of an article with a customer once.

    `how`: answer (the bot said it), offer (its title stood on a button), sent (a person of the desk sent it as
    suggested, or changed), helped, not_helped (so the customer says).
    """

    id: str
    article: ArticleId
    at: datetime
    how: str
    version: int = 0


def use_of(about: str, article: ArticleId, how: str) -> str:
    """Return the id of a use in a turn, or of an answer: done again, it is the same one."""
    return derive("use", about, article, "said" if how in ("helped", "not_helped") else how)
