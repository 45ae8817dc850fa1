"""When the matcher learns from labels: after enough new ones, all processes from the same ones; and how far it is."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bridge.context import Bridge, log
from bridge.errors import StoreDown
from bridge.library.index import LEARNING, changed, in_force_until
from bridge.limits import thresholds
from bridge.model.labels import Lesson
from bridge.ports import LearningMatcher, Matcher
from bridge.ports.stores import Store

#: How often new labels are counted, seconds.
LOOK = 20.0
#: New labels after which the models are fitted again; a day after the last time fewer will do.
MANY, FEW = 50, 10
REST = timedelta(days=1)
#: Before anything was said.
EVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Learning:
    """How far the matcher has learnt.

    `sources`: labels by where they come from; `waiting`: said since the last fit, which comes when they are `next_fit`;
    `answer`: confidence from which the bot answers now, None: exact wordings alone; `set_by_hand`: the settings say so.
    """

    sources: dict[str, int]
    waiting: int
    next_fit: int
    fitted_at: datetime | None
    answer: float | None
    set_by_hand: bool
    lesson: Lesson

    @property
    def labels(self) -> int:
        """All labels there are."""
        return sum(self.sources.values())


async def state(bridge: Bridge) -> Learning:
    """Tell how many labels there are, from where, the threshold in force, and what automatic answers still lack."""
    return await _state(bridge.store, bridge.matcher, thresholds(bridge).answer, bridge.settings.answer is not None)


async def state_of(store: Store, matcher: Matcher, answer: float | None = None) -> Learning:
    """Tell the same of a store and a matcher alone; `answer` is the threshold of the settings, None: as measured."""
    return await _state(store, matcher, matcher.thresholds.answer if answer is None else answer, answer is not None)


async def _state(store: Store, matcher: Matcher, answer: float | None, by_hand: bool) -> Learning:
    until = await in_force_until(store)
    sources = await store.labels.counts()
    waiting = await store.labels.since(until or EVER)
    lesson = matcher.lesson if isinstance(matcher, LearningMatcher) else Lesson()
    return Learning(sources, waiting, MANY, until, answer, by_hand, lesson)


async def learned(bridge: Bridge) -> None:
    """Wait until the matcher has learned from the labels it was opened with: it serves before."""
    if isinstance(bridge.matcher, LearningMatcher):
        await bridge.matcher.settled()


async def run(bridge: Bridge) -> None:
    """Let the matcher learn whenever enough was said, until cancelled; one process of an installation does it."""
    while True:
        await bridge.clock.sleep(LOOK)
        try:
            await look(bridge)
        except StoreDown as fault:
            log.warning("the store does not answer: %s", fault)
        except Exception:
            log.exception("labels are not counted")


async def look(bridge: Bridge) -> bool:
    """Put what was said into force if it is enough: every process takes it up. True: it was. Raises StoreDown."""
    store, now = bridge.store, bridge.clock.now()
    until = await in_force_until(store)
    waiting = await store.labels.since(until or EVER)
    rested = until is not None and now - until >= REST
    if waiting < (FEW if rested else MANY):
        return False
    await store.journal.put_value(LEARNING, {"until": now})
    await changed(store)
    return True
