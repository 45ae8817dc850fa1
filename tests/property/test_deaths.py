"""A death between any two effects of a life: nothing is lost, doubled or left lying, wherever it strikes."""

import asyncio
import os
import random
from typing import Any

import pytest

from tests.property.histories import Op, World
from tests.property.verdicts import judge

#: Deaths tried for each story, and pairs of them; MOSTIK_TEST_HISTORIES asks for more: from 400 on, for every one.
HISTORIES = int(os.environ.get("MOSTIK_TEST_HISTORIES", "100"))
SINGLES, PAIRS = HISTORIES // 4 if HISTORIES < 400 else HISTORIES, HISTORIES // 10


def told(*ops: tuple[object, ...]) -> list[Op]:
    return [Op(str(do), tuple(args)) for do, *args in ops]


BREATH = (("deliver", False), ("wait", 0.3), ("work", "in", 3))
STORIES = {
    "a question is answered, thanked for, and asked on": told(
        ("say", "1", "вопрос"),
        *BREATH,
        ("say", "1", "сомнение"),  # after a death it joins the breath that was answered already
        ("deliver", False),
        ("work", "out", 3),
        ("wait", 0.3),
        ("rest",),
        ("press", "1", 0),
        ("rest",),
    ),
    "words come while nobody is there": told(
        ("say", "1", "вопрос"),
        ("say", "1", "туман"),
        ("deliver", True),
        ("wait", 0.3),
        ("work", "in", 1),
        ("say", "1", "вопрос"),
        ("deliver", False),
        ("wait", 12),
        ("rest",),
    ),
    "a person is called, and speaks from the topic": told(
        ("say", "1", "вопрос"),
        ("rest",),
        ("say", "1", "оператор"),
        ("rest",),
        ("topic_press", "petr", "1", "claim"),
        ("topic_say", "petr", "1", "Из темы"),
        ("topic_say", "petr", "1", "// Тайное"),
        ("rest",),
        ("say", "1", "намёк"),
        ("rest",),
        ("topic_press", "petr", "1", "send"),
        ("topic_say", "petr", "1", "/close"),
        ("rest",),
    ),
    "two people at one desk": told(
        ("say", "1", "туман"),
        ("rest",),
        ("act", "olga", "claim", "1"),
        ("reply", "olga", "1", 1),
        ("reply", "petr", "1", 2),
        ("note", "petr", "1", 3),
        ("work", "out", 2),
        ("act", "olga", "bot", "1"),
        ("say", "1", "вопрос"),
        ("deliver", False),
        ("wait", 0.3),
        ("work", "in", 1),
        ("reply", "petr", "1", 3),
        ("rest",),
        ("act", "petr", "close", "1"),
        ("wait", 90_000),
        ("say", "1", "вопрос"),
        ("rest",),
    ),
    "a messenger in trouble": told(
        ("outcomes", "send", ["retry", "applied", "network", "ok", "lost"]),
        ("say", "1", "вопрос"),
        *BREATH,
        ("work", "out", 3),
        ("wait", 12),
        ("work", "out", 3),
        ("reply", "olga", "1", 1),
        ("work", "out", 3),
        ("wait", 12),
        ("work", "out", 3),
        ("outcomes", "send", ["unreachable", "lost", "rejected"]),
        ("reply", "olga", "1", 2),
        ("reply", "olga", "1", 3),
        ("work", "out", 3),
        ("block", "1", "blocked"),
        ("deliver", False),
        ("work", "in", 1),
        ("retry", "olga"),
        ("rest",),
    ),
    "a word is queued again": told(
        ("say", "1", "туман"),
        ("rest",),
        ("outcomes", "send", ["lost"]),
        ("reply", "olga", "1", 1),
        ("work", "out", 6),
        ("look",),
        ("retry", "olga"),
        ("rest",),
    ),
    "a person gives back what another takes": told(
        ("say", "1", "оператор"),
        ("rest",),
        ("topic_press", "petr", "1", "claim"),
        ("topic_press", "petr", "1", "release"),
        ("deliver", False),
        ("work", "in", 1),
        ("act", "olga", "claim", "1"),
        ("rest",),
        ("topic_say", "petr", "1", "/close"),
        ("deliver", False),
        ("work", "in", 1),
        ("act", "olga", "reopen", "1"),
        ("rest",),
    ),
    "a group in trouble": told(
        ("outcomes", "post", ["applied", "lost", "retry", "applied", "unreachable", "lost"]),
        ("say", "1", "оператор"),
        *BREATH,
        ("work", "out", 9),
        ("reply", "olga", "1", 1),
        ("wait", 70),
        ("work", "out", 9),
        ("rest",),
    ),
    "words are changed at the customer": told(
        ("say", "1", "оператор"),
        ("rest",),
        ("reply", "olga", "1", 1),
        ("amend", "olga", "edit", "1", 0),
        ("work", "out", 9),
        ("amend", "olga", "edit", "1", 0),
        ("outcomes", "amend", ["applied", "network", "ok", "rejected"]),
        ("amend", "petr", "sign", "1", 1),
        ("work", "out", 9),
        ("wait", 12),
        ("amend", "olga", "edit", "1", 0),
        ("work", "out", 9),
        ("reply", "olga", "1", 2),
        ("note", "olga", "1", 3),
        ("rest",),
        ("amend", "olga", "delete", "1", 1),
        ("amend", "olga", "edit", "1", 2),
        ("outcomes", "amend", ["rejected", "lost"]),
        ("rest",),
        ("amend", "petr", "sign", "1", 0),
        ("rest",),
    ),
    "words are changed, signed and answered elsewhere": told(
        ("say", "1", "вопрос"),
        *BREATH,
        ("outside", "1"),
        ("say", "1", "туман"),
        ("rest",),
        ("edit", "1", 0),
        ("sign", "1", 1, "👍"),
        ("take_back", "1", 1),
        ("act", "petr", "claim", "1"),
        ("reply", "petr", "1", 1),
        ("rest",),
        ("read", "1", 0),
        ("sign", "1", 2, "🔥"),
        ("order", "1", "help"),
        ("rest",),
        ("sign", "1", 2, ""),
        ("order", "1", "operator"),
        ("rest",),
    ),
    "a topic is deleted by hand": told(
        ("say", "1", "оператор"),
        ("rest",),
        ("drop_topic", "1"),
        ("say", "1", "вопрос"),
        ("rest",),
        ("reply", "olga", "1", 1),
        ("rest",),
    ),
}


async def play(story: list[Op], shop: dict[str, Any], *deaths: int) -> World:
    world = World(**shop, dies_at=list(deaths))
    await world.found()
    for op in story:
        await world.happen(op)
    await world.rest()
    await judge(world)
    return world


SHOPS = {"group": {}, "no group": {"group": False}, "group, at once": {"burst": 0}}


@pytest.mark.parametrize("shop", SHOPS.values(), ids=SHOPS)
@pytest.mark.parametrize("story", STORIES)
def test_a_death_between_any_two_effects(story: str, shop: dict[str, Any]) -> None:
    ops = STORIES[story]
    effects = asyncio.run(play(ops, shop)).process.life.had
    assert effects > 20
    for death in sorted(random.Random(story).sample(range(effects), min(effects, SINGLES))):
        try:
            asyncio.run(play(ops, shop, death))
        except AssertionError as fault:
            raise AssertionError(f"after a death before effect {death}: {fault}") from fault


@pytest.mark.parametrize("story", STORIES)
def test_two_deaths(story: str) -> None:
    ops, mix = STORIES[story], random.Random(story)
    effects = asyncio.run(play(ops, {})).process.life.had
    for _ in range(PAIRS):
        first = mix.randrange(effects)
        second = first + mix.randrange(1, 30)
        try:
            asyncio.run(play(ops, {}, first, second))
        except AssertionError as fault:
            raise AssertionError(f"after deaths before effects {first} and {second}: {fault}") from fault
