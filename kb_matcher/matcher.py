"""The matcher behind the hall's port: a worker thread for long questions, growth at once, new engines built beside."""

import asyncio
import logging
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np

from bridge.model.articles import Article, Library, Match, Thresholds
from bridge.model.ids import ArticleId
from bridge.model.labels import Lesson
from bridge.model.trials import Rehearsed, Trial, Twins
from bridge.ports import LearningMatcher, Matcher, TrialMatcher
from kb_matcher import alike, groups, index, trials
from kb_matcher.engine import Engine, build, masked
from kb_matcher.normalise import mask
from kb_matcher.publishing import Shelf
from kb_matcher.training import MIN_LABELS

log = logging.getLogger("mostik.matcher")

#: Up to so many characters asked of so many wordings, an answer takes two milliseconds on the event loop. Beside a busy
#: loop the way to a thread and back costs as much again: each waits for the interpreter's lock (docs/performance.md).
SHORT, SMALL = 300, 5_000
#: Wordings that a larger library may have gained and lost before it is made one again, and those put without a thread.
GROWN, FEW = 500, 20
#: Wordings compared with the others at once, and held against those that share words with them.
PORTION, LOOKED_AT = 50, 500

Built = TypeVar("Built")
Overrides = tuple[float | None, float | None, float | None]  # answer, offer, suggest


class KbMatcher:
    """Fulfils bridge.ports.Matcher."""

    def __init__(self, engine: Engine, overrides: Overrides, shelf: Shelf | None = None) -> None:
        self._engine = engine
        self._overrides = overrides
        self._shelf = shelf
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="kb-matcher")
        # One thread for all of it: when something begins there, what was before holds no version of the shelf any more.
        self._builder = ThreadPoolExecutor(1, thread_name_prefix="kb-builder")
        self._growing = asyncio.Lock()
        self._since: list[tuple[Sequence[Article], Collection[ArticleId]]] = []  # put and gone while a new one is built
        self._settling: asyncio.Task[None] | None = None
        self._built_as, self._changes = "", 0  # the engine that was built last, and how often it was changed since
        self._grouped: tuple[tuple[str, ...], list[list[int]]] | None = None
        self._generation = 0  # rises with every rebuild: what is settled of an older one is dropped

    @classmethod
    async def build(
        cls,
        library: Library,
        *,
        answer: float | None = None,
        offer: float | None = None,
        suggest: float | None = None,
        folder: Path | None = None,
    ) -> "KbMatcher":
        """Build from a library, off the event loop. Confidences given here (0..1) replace the measured thresholds.

        With a folder, what is published there is taken if it is of this library or nearly, else built and published.
        """
        shelf = Shelf(folder) if folder is not None else None
        return await cls._of(partial(_opened, masked(library), shelf), (answer, offer, suggest), shelf)

    @classmethod
    async def open(
        cls,
        library: Library,
        *,
        answer: float | None = None,
        offer: float | None = None,
        suggest: float | None = None,
        folder: Path | None = None,
    ) -> "KbMatcher":
        """Serve a library as soon as it is indexed; what `build` would wait for follows in the background.

        Meanwhile the models published last are in force, or without any the cold rule: see `settled`.
        """
        shelf = Shelf(folder) if folder is not None else None
        return await cls._of(partial(_at_once, masked(library), shelf), (answer, offer, suggest), shelf)

    @classmethod
    async def _of(cls, make: Callable[[], Engine], overrides: Overrides, shelf: Shelf | None) -> "KbMatcher":
        engine, name = await asyncio.to_thread(_named, make)
        matcher = cls(engine.ruled(*overrides), overrides, shelf)
        matcher._built_as = name
        matcher._settle_soon()
        return matcher

    @property
    def thresholds(self) -> Thresholds:
        """Thresholds in force; `answer` is None until labels support automatic answers."""
        return self._engine.thresholds

    @property
    def lesson(self) -> Lesson:
        """What was made of the labels, and what automatic answers still lack."""
        return self._engine.models.lesson

    @property
    def version(self) -> str:
        """Name of the engine in force: the same articles and labels built at once have the same one."""
        return f"{self._built_as}+{self._changes}" if self._changes else self._built_as

    @property
    def engine(self) -> Engine:
        """The engine in force; it never changes, so a caller may keep it for a series of questions."""
        return self._engine

    async def match(self, text: str, limit: int = 5, language: str | None = None) -> Match:
        """Rank articles for a text, in the worker thread if it takes long; those of `language` (or none) go first."""
        engine, version = self._engine, self.version
        if len(text) <= SHORT and len(engine.index.wordings) <= SMALL:
            await asyncio.sleep(0)  # many questions at once let others have their turn between them
            return replace(engine.match(text, limit, language), engine=version)
        work = partial(engine.match, text, limit, language)
        return replace(await asyncio.get_running_loop().run_in_executor(self._worker, work), engine=version)

    def masked(self, text: str) -> str:
        """Return a text with e-mails, links and long numbers replaced by marks in brackets."""
        return mask(text)

    async def grouped(self, texts: Sequence[str]) -> list[list[int]]:
        """Put texts that ask the same together, in a thread: see kb_matcher.groups. Asked again, it is remembered."""
        asked = tuple(texts)
        if self._grouped is None or self._grouped[0] != asked:
            self._grouped = asked, await asyncio.to_thread(groups.grouped, asked)
        return self._grouped[1]

    async def change(self, put: Sequence[Article], gone: Collection[ArticleId] = ()) -> None:
        """Put articles and take others out, in force when this returns; the rest is done in the background."""
        async with self._growing:
            work = partial(self._engine.changed, put, gone)
            few = sum(1 + len(one.questions) for one in put) + len(gone) <= FEW
            self._engine = work() if few else await self._built(work)
            self._since.append((put, gone))
            self._changes += 1
        self._settle_soon()

    async def rebuild(self, library: Library) -> None:
        """Take up a whole library and swap; questions meanwhile are answered by the old engine. Rebuilds queue up."""
        async with self._growing:
            work = partial(_renewed, self._engine, masked(library), self._shelf)
            renewed, name = await self._built(partial(_named, work))
            del work  # nothing may hold the engine before, and with it its version of the shelf
            if renewed is not self._engine:
                self._engine = renewed.ruled(*self._overrides)
                self._built_as, self._changes = name, 0
                self._generation += 1
        await self._tidy()
        self._settle_soon()

    async def rehearsed(
        self, put: Sequence[Article], gone: Collection[ArticleId], texts: Sequence[tuple[str, str | None]]
    ) -> list[Rehearsed]:
        """Ask texts of the base and of one with articles put and others gone, in a thread; nothing here changes."""
        return await asyncio.to_thread(trials.rehearsed, self._engine, put, gone, texts)

    async def trials(self) -> list[Trial]:
        """Try each label on models that had not seen it, in a thread; seconds with thousands of them."""
        return await asyncio.to_thread(trials.trials, self._engine)

    async def twins(self, most: int) -> tuple[list[Twins], bool]:
        """Find articles with alike wordings, portion by portion in a thread; of a large base `most` are compared.

        These are the likeliest (see kb_matcher.alike). Were no others worth it?
        """
        engine = self._engine
        numbers, whole = await _worth(engine, most)
        best: dict[tuple[ArticleId, ArticleId], Twins] = {}
        for start in range(0, len(numbers), PORTION):
            for one in await asyncio.to_thread(trials.twins, engine, numbers[start : start + PORTION]):
                known = best.get((one.one, one.other))
                if known is None or one.likeness > known.likeness:
                    best[one.one, one.other] = one
        return sorted(best.values(), key=lambda one: (-one.likeness, one.one)), whole

    async def settled(self) -> None:
        """Wait until nothing is being done in the background."""
        while self._settling is not None and not self._settling.done():
            await asyncio.shield(self._settling)

    def _settle_soon(self) -> None:
        if self._due() and (self._settling is None or self._settling.done()):
            self._settling = asyncio.create_task(self._settle(), name="matcher")

    def _due(self) -> bool:
        engine = self._engine
        return engine.untaught or engine.grown > (0 if len(engine.index.wordings) <= SMALL else GROWN)

    async def _settle(self) -> None:
        """Make the index one again as long as it grew; what is changed meanwhile is changed in the new one too."""
        while self._due():
            generation = self._generation
            self._since.clear()
            try:
                settled, name = await self._built(partial(_named, partial(_settled, self._engine, self._shelf)))
            except Exception:
                log.exception("the matcher stays as it is")
                return
            async with self._growing:
                if generation != self._generation:
                    continue
                for put, gone in self._since:
                    settled = settled.changed(put, gone)
                self._engine = settled.ruled(*self._overrides)
                self._built_as, self._changes = name, len(self._since)
            await self._tidy()

    async def _tidy(self) -> None:
        if self._shelf is not None:
            await self._built(self._shelf.tidy)

    async def _built(self, work: Callable[[], Built]) -> Built:
        return await asyncio.get_running_loop().run_in_executor(self._builder, work)


async def _worth(engine: Engine, most: int) -> tuple[list[int], bool]:
    """Return the wordings to be compared, and whether no others are worth it."""
    there = len(engine.index.wordings)
    if there <= most:
        return list(range(there)), True
    stems = await asyncio.to_thread(alike.shared, engine.index)
    read = [
        await asyncio.to_thread(stems.likest, start, min(start + LOOKED_AT, there))
        for start in range(0, there, LOOKED_AT)
    ]
    best, cut = (np.concatenate(part) for part in zip(*read, strict=True))
    return alike.worth(best, cut, most)


def _named(work: Callable[[], Engine]) -> tuple[Engine, str]:
    """Return an engine that is made now with its name: it takes a while to say it."""
    engine = work()
    return engine, engine.identity[:12]


def _opened(library: Library, shelf: Shelf | None) -> Engine:
    """Take what is published if it is nearly this library, else build."""
    there = shelf.taken() if shelf is not None else None
    return _renewed(there, library, shelf) if there is not None else _made(None, library, shelf)


def _at_once(library: Library, shelf: Shelf | None) -> Engine:
    """Index a library and leave its labels for later, unless what is published is of it; few labels take no time."""
    there = shelf.taken() if shelf is not None else None
    if there is None:
        if len(library.labels) < MIN_LABELS:
            return _made(None, library, shelf)
        cold = build(replace(library, labels=()))
        return replace(cold, labels=library.labels)
    put, gone = there.difference(library)
    if sum(1 + len(one.questions) for one in put) + len(gone) > GROWN:
        there = replace(there, index=index.build(library.articles))
    elif put or gone:
        there = there.changed(put, gone)
    return there if there.labels == library.labels else replace(there, labels=library.labels)


def _renewed(engine: Engine, library: Library, shelf: Shelf | None) -> Engine:
    """Take up what is other in a library: in a large one as growth if it is little, else by building anew."""
    put, gone = engine.difference(library)
    if engine.labels == library.labels:
        if not put and not gone:
            return engine
        few = sum(1 + len(one.questions) for one in put) + len(gone) <= GROWN
        if few and len(engine.index.wordings) > SMALL:
            return engine.changed(put, gone)
    return _made(engine, library, shelf)


def _made(previous: Engine | None, library: Library, shelf: Shelf | None) -> Engine:
    make = partial(build, library, previous=previous)
    if shelf is None:
        return make()
    return shelf.renewed(lambda there: there.labels == library.labels and not any(there.difference(library)), make)


def _settled(engine: Engine, shelf: Shelf | None) -> Engine:
    if shelf is None:
        return engine.settled()
    identity = engine.identity
    return shelf.renewed(lambda there: there.identity == identity, engine.settled)


_: type[Matcher] = KbMatcher
_learns: type[LearningMatcher] = KbMatcher
_tries: type[TrialMatcher] = KbMatcher
