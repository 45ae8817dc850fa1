"""Several simulated months with other dice: lived beside each other, their mean, and how far they lie apart."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from statistics import fmean

from tests.learning.month import Day, month, tell

#: Dice of the first life; each other one has the next.
FIRST = 11
HEAD = "day  wordings  labels  first right  at 95 %  tomorrow  answered  precision  threshold  given  right"


def lived(count: int, days: int, questions: int, every: int = 1, jobs: int = 1) -> list[list[Day]]:
    """Live through `count` months, `jobs` at a time in processes of their own; what is measured is printed at once."""
    live = partial(_life, days, questions, every)
    if jobs == 1:
        return [live(FIRST + life) for life in range(count)]
    with ProcessPoolExecutor(jobs) as workers:
        return list(workers.map(live, range(FIRST, FIRST + count)))


def _life(days: int, questions: int, every: int, seed: int) -> list[Day]:
    print(HEAD, flush=True)
    return asyncio.run(_days(days, questions, every, seed))


async def _days(days: int, questions: int, every: int, seed: int) -> list[Day]:
    found = []
    async for day in month(days, questions, seed=seed, every=every):
        tell(day)
        found.append(day)
    return found


def mean(lives: Sequence[Sequence[Day]]) -> list[Day]:
    """Return the mean of several months day by day; automatic answers are open where they are in every one."""
    days = []
    for same in zip(*lives, strict=True):
        limits = [day.threshold for day in same if day.threshold is not None]
        sure = [day.precision for day in same if day.precision is not None]
        days.append(
            Day(
                number=same[0].number,
                coverage=fmean(day.coverage for day in same),
                accuracy=fmean(day.accuracy for day in same),
                answered=fmean(day.answered for day in same),
                precision=fmean(sure) if sure else None,
                threshold=fmean(limits) if len(limits) == len(same) else None,
                wordings=round(fmean(day.wordings for day in same)),
                labels=round(fmean(day.labels for day in same)),
                tomorrow=fmean(day.tomorrow for day in same),
                asked=sum(day.asked for day in same),
                given=sum(day.given for day in same),
                right=sum(day.right for day in same),
            )
        )
    return days


def spread(
    lives: Sequence[Sequence[Day]], value: Callable[[Day], float | None]
) -> list[tuple[int, float, float, float]]:
    """Return number, lowest, mean and highest value of each day on which some life has one."""
    found = []
    for same in zip(*lives, strict=True):
        there = [one for day in same if (one := value(day)) is not None]
        if there:
            found.append((same[0].number, min(there), fmean(there), max(there)))
    return found


def total(lives: Sequence[Sequence[Day]]) -> list[tuple[int, int]]:
    """Return of each life how many customers the bot answered by itself, and how many of them wrongly."""
    return [(sum(day.given for day in days), sum(day.given - day.right for day in days)) for days in lives]
