"""What the hall needs from the other rooms; an adapter states at its end which port it fulfils.

What a connected messenger is and may be able to do stands in bridge.ports.channels.
"""

from collections.abc import AsyncIterable, AsyncIterator, Collection, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from bridge.model.articles import Article, Library, Match, Thresholds
from bridge.model.conversations import ConversationFilters as ConversationFilters
from bridge.model.files import FileClaim, FileFacts
from bridge.model.ids import ArticleId, FileId
from bridge.model.labels import Lesson
from bridge.model.trials import Rehearsed, Trial, Twins
from bridge.ports.stores import Store as Store


class Clock(Protocol):
    """Time as the house sees it; tests and emulated days bring their own."""

    def now(self) -> datetime:
        """Return the aware time in UTC, cut to milliseconds."""

    async def sleep(self, seconds: float) -> None:
        """Let that much time pass."""


class Bus(Protocol):
    """Hints for speed: a lost one costs a refresh, never a message."""

    @property
    def fault(self) -> str | None:
        """Why hints do not reach other processes now; None: they do, or there are none."""

    async def publish(self, subject: str, data: dict[str, Any]) -> None:
        """Tell whoever listens, in this process and others; never raises for a broken line."""

    def subscribe(self, subject: str) -> AbstractAsyncContextManager[AsyncIterator[dict[str, Any]]]:
        """Hear hints of a subject from now on; a slow listener loses the oldest ones."""


class Matcher(Protocol):
    """The library's voice: which articles answer a text."""

    @property
    def thresholds(self) -> Thresholds:
        """Thresholds in force for this library; `answer` is None until labels support it."""

    async def match(self, text: str, limit: int = 5, language: str | None = None) -> Match:
        """Rank articles for a text (at most 4,000 characters are read); long work is done off the event loop."""

    def masked(self, text: str) -> str:
        """Return a text with personal data (addresses, numbers) replaced by marks in brackets."""

    async def grouped(self, texts: Sequence[str]) -> list[list[int]]:
        """Put texts that ask the same together, by their numbers; long work is done off the event loop."""

    async def change(self, put: Sequence[Article], gone: Collection[ArticleId] = ()) -> None:
        """Put articles (of a known id: in its place) and take others out; in force when this returns."""

    async def rebuild(self, library: Library) -> None:
        """Build a new index beside the old one, then swap it in whole."""


@runtime_checkable
class LearningMatcher(Protocol):
    """A matcher that learns from labels; asked by isinstance."""

    @property
    def lesson(self) -> Lesson:
        """What it made of its labels."""

    async def settled(self) -> None:
        """Wait until it has made of its labels what it can: it serves before."""


@runtime_checkable
class TrialMatcher(Protocol):
    """A matcher on which things can be tried out; asked by isinstance. None of it disturbs questions meanwhile."""

    @property
    def version(self) -> str:
        """Name of what it answers by: another one where articles or models are others."""

    async def rehearsed(
        self, put: Sequence[Article], gone: Collection[ArticleId], texts: Sequence[tuple[str, str | None]]
    ) -> list[Rehearsed]:
        """Ask texts, each in a language (None: any), of the base and of one with articles put and others gone."""

    async def trials(self) -> list[Trial]:
        """Try each label on models that had not seen it, the surest first."""

    async def twins(self, most: int) -> tuple[list[Twins], bool]:
        """Find articles with alike wordings, the likest first; of a large base the `most` likeliest are compared.

        Were no others worth it?
        """


class Files(Protocol):
    """Where the bytes of files are kept; what they are stands in the store (StoredFile)."""

    @property
    def limit(self) -> int:
        """The largest file that is kept, bytes."""

    async def keep(self, id: FileId, chunks: AsyncIterable[bytes], claim: FileClaim) -> FileFacts:
        """Look into a file and keep it durably under an id, whole or not at all; kept again, it is replaced.

        Raises Rejected with a phrase code (file_too_big, file_empty, file_broken, file_bomb, file_type), StoreDown.
        """

    def read(self, id: FileId, start: int = 0) -> AsyncIterator[bytes]:
        """Read a file from a byte on, in pieces. Raises NotFound, StoreDown."""

    async def delete(self, id: FileId) -> bool:
        """Forget a file; False: it was not there."""


@dataclass(frozen=True, slots=True)
class BotSettings:
    """How the bot behaves: times in seconds, confidences 0..1 (None: what the labels support)."""

    burst_seconds: float = 2.0
    answer: float | None = None
    offer: float = 0.45
    suggest: float = 0.25
    reopen_hours: float = 24.0
    language: str = "ru"
    ask_contact: bool = True  # with a handoff, once per customer
    album_seconds: float = 0.8  # an album to which nothing was added for so long is whole
    review: bool = False  # what editors write into the knowledge base is published by a supervisor or an administrator
    sampled: float = 0.05  # share of automatic answers that editors are asked to look at, 0..1
