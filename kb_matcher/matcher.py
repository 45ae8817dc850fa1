"""The matcher behind the hall's port: a worker thread for long questions, a new engine built beside the old one."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from bridge.model.articles import Library, Match, Thresholds
from bridge.ports import Matcher
from kb_matcher.engine import Engine, build

#: Up to so many characters asked of so many wordings, an answer takes two milliseconds on the event loop. Beside a busy
#: loop the way to a thread and back costs as much again: each waits for the interpreter's lock (docs/performance.md).
SHORT, SMALL = 300, 5_000

Overrides = tuple[float | None, float | None, float | None]  # answer, offer, suggest


class KbMatcher:
    """Fulfils bridge.ports.Matcher."""

    def __init__(self, engine: Engine, overrides: Overrides) -> None:
        self._engine = engine
        self._overrides = overrides
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="kb-matcher")
        self._rebuilding = asyncio.Lock()

    @classmethod
    async def build(
        cls,
        library: Library,
        *,
        answer: float | None = None,
        offer: float | None = None,
        suggest: float | None = None,
    ) -> "KbMatcher":
        """Build from a library, off the event loop. Confidences given here (0..1) replace the measured thresholds."""
        overrides = (answer, offer, suggest)
        return cls(await asyncio.to_thread(build, library, *overrides), overrides)

    @property
    def thresholds(self) -> Thresholds:
        """Thresholds in force; `answer` is None until labels support automatic answers."""
        return self._engine.thresholds

    @property
    def engine(self) -> Engine:
        """The engine in force; it never changes, so a caller may keep it for a series of questions."""
        return self._engine

    async def match(self, text: str, limit: int = 5, language: str | None = None) -> Match:
        """Rank articles for a text, in the worker thread if it takes long; those of `language` (or none) go first."""
        engine = self._engine
        if len(text) <= SHORT and len(engine.index.wordings) <= SMALL:
            await asyncio.sleep(0)  # many questions at once let others have their turn between them
            return engine.match(text, limit, language)
        work = partial(engine.match, text, limit, language)
        return await asyncio.get_running_loop().run_in_executor(self._worker, work)

    async def rebuild(self, library: Library) -> None:
        """Build anew and swap; questions meanwhile are answered by the old engine. Rebuilds queue up."""
        async with self._rebuilding:
            self._engine = await asyncio.to_thread(build, library, *self._overrides, self._engine)


_: type[Matcher] = KbMatcher
