"""How the threshold of automatic answers would fare elsewhere: curves by the labels, drawn once for each matcher.

Drawing tries every label on models that had not seen it and takes seconds. So the last curves are kept, also over a
restart, and shown with their age while those of a newer matcher are drawn behind.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from bridge.context import Bridge, log
from bridge.library.learning.teaching import Learning
from bridge.library.learning.teaching import state as learning
from bridge.model.ids import ArticleId
from bridge.model.operators import Operator
from bridge.model.trials import Trial
from bridge.ports import TrialMatcher
from bridge.rights import require

#: Labels under which no curve is drawn ("too few"), and steps of a curve at most.
FEW = 20
STEPS = 60
#: Where the last curves are kept, and for how long they are good: an article may get another team meanwhile.
KEPT = "curves"
GOOD = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Point:
    """Answering from a confidence up: the share of questions answered, and of these the share answered wrongly."""

    threshold: float
    answered: float
    wrong: float


@dataclass(frozen=True, slots=True)
class Curve:
    """How thresholds fare on `labels` labelled questions; under FEW it has no points. Empty names: all of them."""

    labels: int
    points: tuple[Point, ...]
    language: str = ""
    team: str = ""


@dataclass(frozen=True, slots=True)
class Thresholding:
    """The curve of all labels, those of languages and teams, and how far the matcher has learnt.

    `fresh`: they are of the matcher in force; else of an earlier one, while those of this one are drawn.
    """

    at: datetime
    fresh: bool
    learning: Learning
    curve: Curve
    parts: tuple[Curve, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """Curves of the matcher of a version: the first one of all labels."""

    version: str
    at: datetime
    curves: tuple[Curve, ...]


async def threshold(bridge: Bridge, actor: Operator) -> Thresholding:
    """Return how other thresholds of automatic answers would fare by the labels there are. Raises Forbidden.

    Where the matcher is another one by now, the last curves are returned, and new ones drawn in the background.
    """
    require(actor, "read")
    last = await _last(bridge)
    if last is None:
        last = await _drawn(bridge)
    fresh = _fresh(bridge, last)
    if not fresh:
        _draw_soon(bridge)
    whole, *parts = last.curves
    return Thresholding(last.at, fresh, await learning(bridge), whole, tuple(parts))


def _version(bridge: Bridge) -> str:
    return bridge.matcher.version if isinstance(bridge.matcher, TrialMatcher) else ""


def _fresh(bridge: Bridge, drawn: Drawn) -> bool:
    age = bridge.clock.now() - drawn.at
    return drawn.version == _version(bridge) and timedelta(0) <= age < GOOD


async def _last(bridge: Bridge) -> Drawn | None:
    """Return the curves drawn last, here or by another process or life of the installation."""
    known: Drawn | None = bridge.memory.kept.get(KEPT)
    if known is not None and _fresh(bridge, known):
        return known
    row = await bridge.store.journal.value(KEPT)
    if row is None:
        return known
    curves = tuple(_curve_of(each) for each in row["curves"])
    found = Drawn(row["version"], row["at"], curves)
    return found if known is None or found.at >= known.at else known


def _curve_of(row: dict[str, Any]) -> Curve:
    points = tuple(Point(**each) for each in row["points"])
    return Curve(row["labels"], points, row["language"], row["team"])


def _draw_soon(bridge: Bridge) -> None:
    """Draw in the background, once at a time; what goes wrong there is logged."""
    running: asyncio.Task[Drawn | None] | None = bridge.memory.kept.get("drawing")
    if running is None or running.done():
        bridge.memory.kept["drawing"] = asyncio.create_task(_quietly(bridge), name="curves")


async def _quietly(bridge: Bridge) -> Drawn | None:
    try:
        return await _drawn(bridge)
    except Exception:
        log.exception("the curves of thresholds stay as they are")
        return None


async def _drawn(bridge: Bridge) -> Drawn:
    async with bridge.memory.lock(KEPT):
        last = await _last(bridge)
        if last is not None and _fresh(bridge, last):
            return last
        version = _version(bridge)
        done = await bridge.matcher.trials() if isinstance(bridge.matcher, TrialMatcher) else []
        drawn = Drawn(version, bridge.clock.now(), tuple(await _curves(bridge, done)))
        row = {"version": version, "at": drawn.at, "curves": [asdict(each) for each in drawn.curves]}
        await bridge.store.journal.put_value(KEPT, row)
        bridge.memory.kept[KEPT] = drawn
        return drawn


async def _curves(bridge: Bridge, done: Sequence[Trial]) -> list[Curve]:
    first = await bridge.store.articles.many(list({each.article for each in done}))
    teams: dict[ArticleId, str] = {row.id: row.team or "" for row in first}
    return [
        _curve(done),
        *_parts(done, lambda each: each.lang, lambda name, some: _curve(some, language=name)),
        *_parts(done, lambda each: teams.get(each.article, ""), lambda name, some: _curve(some, team=name)),
    ]


def _parts(
    done: Sequence[Trial], by: Callable[[Trial], str], curve: Callable[[str, list[Trial]], Curve]
) -> list[Curve]:
    """Return a curve for each language or team of the articles that would be answered."""
    groups: dict[str, list[Trial]] = {}
    for each in done:
        groups.setdefault(by(each), []).append(each)
    return [curve(name, some) for name, some in sorted(groups.items()) if name]


def _curve(done: Sequence[Trial], language: str = "", team: str = "") -> Curve:
    return Curve(len(done), points(done) if len(done) >= FEW else (), language, team)


def points(done: Sequence[Trial]) -> tuple[Point, ...]:
    """Return what answering from each confidence up would come to, the highest first, STEPS at most; a tie is one."""
    ordered = sorted(done, key=lambda each: -each.confidence)
    found, wrong = [], 0
    for number, each in enumerate(ordered, 1):
        wrong += not each.right
        if number == len(ordered) or ordered[number].confidence < each.confidence:
            found.append(Point(each.confidence, number / len(ordered), wrong / number))
    stride = max(1, -(-len(found) // STEPS))
    return tuple(found[number] for number in range(len(found)) if number % stride == 0 or number == len(found) - 1)
