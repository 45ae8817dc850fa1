"""A process that dies at any of its effects: the next one finishes the work, and nothing is lost or doubled.

Real kills (run.py) meet only what their moment meets. Here the process dies before its first effect, its second, and
so on to its last; and again at some moment of its second life. Changes and albums take their time; some moments of
theirs, of these stories and of others, are tried with every run in tests/property.
"""

import asyncio
import random
from typing import Any

import pytest

from tests.chaos.lives import Outcome, live, look
from tests.chaos.verdict import Verdict, judge_thread
from tests.property import test_deaths, test_files_deaths

#: More effects than the script has, so that the last run is one nobody killed.
MOST = 400


def judged(outcome: Outcome) -> Verdict:
    verdict = Verdict()
    judge_thread(verdict, outcome.thread, look)
    verdict.lose(outcome.waiting, "updates wait")
    return verdict


@pytest.mark.chaos
@pytest.mark.parametrize("writes_on", [True, False])
async def test_a_process_may_die_before_any_of_its_effects(writes_on: bool) -> None:
    faults: list[str] = []
    unknown = 0
    for effect in range(MOST):
        outcome = await live(effect, seed=effect, writes_on=writes_on)
        if not outcome.deaths:
            break
        verdict = judged(outcome)
        faults += [f"effect {effect}: {fault}" for fault in verdict.faults]
        assert verdict.unknown <= 1
        unknown += verdict.unknown
    assert not outcome.deaths, "the script has more effects than were tried"
    assert effect > 50
    assert faults == []
    # A death between the mark and the receipt is all that leaves a row unknown: five answers and a greeting have it.
    assert unknown >= 6


@pytest.mark.chaos
async def test_a_process_may_die_twice() -> None:
    moments = random.Random(7)
    faults: list[str] = []
    for _ in range(60):
        deaths = moments.randrange(60), moments.randrange(40)
        outcome = await live(*deaths, seed=moments.randrange(1000))
        faults += [f"deaths {deaths}: {fault}" for fault in judged(outcome).faults]
        assert outcome.deaths == 2
    assert faults == []


@pytest.mark.chaos
@pytest.mark.long
@pytest.mark.parametrize("shop", test_deaths.SHOPS.values(), ids=test_deaths.SHOPS)
@pytest.mark.parametrize(
    "story", ["words are changed at the customer", "words are changed, signed and answered elsewhere"]
)
def test_a_process_may_die_at_any_moment_of_a_change(story: str, shop: dict[str, Any]) -> None:
    ops = test_deaths.STORIES[story]
    effects = asyncio.run(test_deaths.play(ops, shop)).process.life.had
    faults: list[str] = []
    for death in range(effects):
        try:
            asyncio.run(test_deaths.play(ops, shop, death))
        except AssertionError as fault:
            faults.append(f"effect {death}: {fault}")
    assert effects > 60
    assert faults == []


@pytest.mark.chaos
@pytest.mark.long
def test_a_process_may_die_at_any_moment_of_an_album() -> None:
    ops = test_files_deaths.STORIES["an album is one word"]
    effects = asyncio.run(test_files_deaths.play(ops)).process.life.had
    faults: list[str] = []
    for death in range(effects):
        try:
            asyncio.run(test_files_deaths.play(ops, death))
        except AssertionError as fault:
            faults.append(f"effect {death}: {fault}")
    assert effects > 60
    assert faults == []
