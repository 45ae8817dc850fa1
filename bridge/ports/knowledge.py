"""The knowledge base as the hall needs it kept: articles, how they stood before, imports, labelled questions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bridge.model.articles import Article, ArticleFilters, Edition, Import, Label, Library
from bridge.model.ids import ArticleId
from bridge.model.labels import Review, Verdict
from bridge.model.misses import Miss
from bridge.model.questions import KeptQuestion, Use, UseDay
from bridge.model.staff_answers import StaffAnswer

#: Every article.
ALL = ArticleFilters()


class Articles(Protocol):
    """The knowledge base as it is kept."""

    async def get(self, id: ArticleId) -> Article:
        """Read one; raises NotFound."""

    async def many(self, ids: Sequence[ArticleId]) -> list[Article]:
        """Read several, absent ones left out."""

    async def page(
        self, cursor: str | None, limit: int, filters: ArticleFilters = ALL
    ) -> tuple[list[Article], str | None]:
        """List by id what a filter leaves, drafts and archived ones included; returns the next cursor."""

    async def counts(self) -> dict[str, int]:
        """How many articles are in each state that some are in."""

    async def next_date(self, now: datetime) -> datetime | None:
        """When, after a time, the dates of an article begin or end next; None: none do."""

    async def put(self, article: Article) -> Article:
        """Insert, or replace by version (version 0: whatever is there); raises Conflict("version")."""

    async def delete(self, id: ArticleId) -> bool:
        """Remove one; False: it was not there."""

    async def keep(self, edition: Edition) -> None:
        """Keep how an article stood; of a number that is kept already nothing happens."""

    async def edition(self, article: ArticleId, number: int) -> Edition:
        """Read how an article once stood; raises NotFound."""

    async def editions(self, article: ArticleId, before: int | None, limit: int) -> list[Edition]:
        """How an article stood, newest first; before a number only older ones."""

    async def put_import(self, row: Import) -> Import:
        """Insert (version 0) or compare and swap; raises Conflict("version")."""

    async def import_of(self, id: str) -> Import:
        """Read one; raises NotFound."""

    async def imports(self, limit: int) -> list[Import]:
        """Imports, newest first."""

    async def labels(self) -> list[Label]:
        """All labelled questions as they were said, contradictions included."""

    async def put_labels(self, labels: Sequence[Label]) -> None:
        """Add labelled questions, each once."""

    async def library(self) -> Library:
        """Everything published, whatever its dates; without labels, which are another matter (Labels)."""


class Misses(Protocol):
    """Questions without an answer; they are written with the bot's turn (Store.write_rows)."""

    async def many(self, ids: Sequence[str]) -> list[Miss]:
        """Read several, absent ones left out."""

    async def open(self, since: datetime, limit: int) -> list[Miss]:
        """Those nothing was done about, asked since a time, newest first."""

    async def dismissed(self, since: datetime, limit: int) -> list[Miss]:
        """Those that are no questions for the base, asked since a time, newest first."""

    async def of(self, article: ArticleId, limit: int) -> list[Miss]:
        """Those an article was made of, or answers now, newest first."""

    async def replace(self, miss: Miss) -> Miss:
        """Compare and swap by version; raises Conflict("version")."""

    async def forget(self, before: datetime, limit: int = 1000) -> int:
        """Delete a portion of those asked before a time, whatever became of them; returns how many."""


class StaffAnswers(Protocol):
    """What people of the desk answered; rows are written with their words (Store.write_rows)."""

    async def many(self, ids: Sequence[str]) -> list[StaffAnswer]:
        """Read several, absent ones left out."""

    async def open(self, since: datetime, limit: int) -> list[StaffAnswer]:
        """Those nothing was done about, given since a time, newest first."""

    async def settled(self) -> list[StaffAnswer]:
        """Those that were skipped or taken."""

    async def replace(self, row: StaffAnswer) -> StaffAnswer:
        """Compare and swap by version; raises Conflict("version")."""

    async def forget(self, before: datetime, limit: int = 1000) -> int:
        """Delete a portion of those given before a time that nothing was done about; returns how many."""


class Labels(Protocol):
    """What people said about questions and answers; it may be written with a turn (Store.write_rows)."""

    async def all(self) -> list[Verdict]:
        """Every verdict."""

    async def put(self, verdict: Verdict) -> bool:
        """Write a verdict; over one of the same id only if it says another thing later. False: nothing changed."""

    async def many(self, ids: Sequence[str]) -> list[Verdict]:
        """Read several, absent ones left out."""

    async def proposed(self, article: ArticleId, limit: int) -> list[Verdict]:
        """Verdicts that an article answers, whose texts nobody decided on as wordings; without those of files."""

    async def proposals(self) -> dict[ArticleId, int]:
        """How many such verdicts each article has that has some."""

    async def asked(self, keys: Sequence[str]) -> list[Verdict]:
        """Verdicts on questions with these keys (Verdict.asked)."""

    async def replace(self, verdict: Verdict) -> Verdict:
        """Compare and swap by version; raises Conflict("version")."""

    async def drop(self, verdict: Verdict) -> bool:
        """Take a verdict back; False: it is gone, or says another thing by now."""

    async def counts(self) -> dict[str, int]:
        """How many came from each source."""

    async def since(self, at: datetime) -> int:
        """How many were said after a time."""

    async def said(self, since: datetime, limit: int) -> list[Verdict]:
        """Verdicts said since a time, the latest first; of more than so many the latest."""


class Reviews(Protocol):
    """Automatic answers to be looked at; they are written with the bot's turn (Store.write_rows)."""

    async def many(self, ids: Sequence[str]) -> list[Review]:
        """Read several, absent ones left out."""

    async def page(self, state: str, limit: int) -> list[Review]:
        """Those in a state, newest first."""

    async def counts(self) -> dict[str, int]:
        """How many are in each state that some are in."""

    async def replace(self, review: Review) -> Review:
        """Compare and swap by version; raises Conflict("version")."""

    async def forget(self, before: datetime, limit: int = 1000) -> int:
        """Delete a portion of those given before a time, whatever was said of them; returns how many."""


class KeptQuestions(Protocol):
    """Questions kept as tests of the knowledge base."""

    async def all(self) -> list[KeptQuestion]:
        """Every one, the oldest first."""

    async def get(self, id: str) -> KeptQuestion:
        """Read one; raises NotFound."""

    async def has(self, id: str) -> bool:
        """Tell whether one is there."""

    async def put(self, row: KeptQuestion) -> KeptQuestion:
        """Insert (version 0; of an id that is there, what is there) or compare and swap; raises Conflict("version")."""

    async def delete(self, id: str) -> bool:
        """Forget one; False: it was not there."""

    async def count(self) -> int:
        """How many there are."""


class Uses(Protocol):
    """What became of articles with customers (model.questions.Use); rows are written with words (Store.write_rows)."""

    async def days(self) -> list[UseDay]:
        """What is counted already, by day."""

    async def save(self, day: UseDay) -> UseDay:
        """Insert (version 0) or compare and swap; raises Conflict("version")."""

    async def drop(self, day: UseDay) -> None:
        """Forget a day that is counted elsewhere."""

    async def rows(self, since: datetime | None, before: datetime) -> list[Use]:
        """Rows of a time, those at its beginning included."""

    async def newest(self, how: Sequence[str]) -> datetime | None:
        """When the newest row of these kinds is of."""

    async def forget(self, before: datetime, limit: int = 1000) -> int:
        """Delete a portion of the rows before a time; returns how many."""
