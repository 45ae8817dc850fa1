"""Whatever happens in whatever order, and wherever the program dies: what must hold, holds."""

import asyncio
import os
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.property.histories import Op, World
from tests.property.verdicts import judge

#: Histories tried by each test; MOSTIK_TEST_HISTORIES asks for more.
HISTORIES = int(os.environ.get("MOSTIK_TEST_HISTORIES", "100"))

chats = st.sampled_from(["1", "1", "2"])
people = st.sampled_from(["olga", "petr"])
texts = st.sampled_from(["вопрос", "сомнение", "туман", "намёк", "оператор", "спасибо", "привет"])
places = st.integers(0, 5)
keys = st.integers(1, 3)
outcomes = st.lists(
    st.sampled_from(["ok", "ok", "retry", "network", "lost", "applied", "unreachable", "rejected"]), max_size=5
)


def ops(do: str, *args: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[str, tuple[Any, ...]]]:
    return st.tuples(st.just(do), st.tuples(*args))


customers = (
    ops("say", chats, texts),
    ops("say", chats, texts),
    ops("start", chats),
    ops("edit", chats, places),
    ops("press", chats, places),
    ops("block", chats, st.sampled_from(["blocked", None])),
    ops("take_back", chats, places),
    ops("sign", chats, places, st.sampled_from(["👍", "🔥", ""])),
    ops("read", chats, places),
    ops("order", chats, st.sampled_from(["operator", "help"])),
)
messenger = (
    ops("deliver", st.booleans()),
    ops("deliver", st.booleans()),
    ops("replay", places),
    ops("outcomes", st.sampled_from(["send", "send", "post", "amend", "amend"]), outcomes),
    ops("outside", chats),
    ops("drop_topic", chats),
)
VERBS = ("claim", "queue", "bot", "close", "reopen", "assign", "snooze", "later", "tag")
staff = (
    ops("act", people, st.sampled_from(VERBS), chats),
    ops("reply", people, chats, keys, st.sampled_from([None, None, 1, 3])),
    ops("note", people, chats, keys),
    ops("retry", people),
    ops("amend", people, st.sampled_from(["edit", "edit", "delete", "sign"]), chats, places),
    ops("amend", people, st.sampled_from(["edit", "delete", "sign"]), chats, places),
    ops("topic_say", people, chats, st.sampled_from(["Из темы", "// Тайное", "/close", "/claim", "/bot"])),
    ops("topic_press", people, chats, st.sampled_from(["claim", "release", "close", "reopen", "send"])),
)
program = (
    ops("work", st.just("in"), st.integers(1, 3)),
    ops("work", st.just("in"), st.integers(1, 3)),
    ops("work", st.just("out"), st.integers(1, 6)),
    ops("wait", st.sampled_from([0.1, 0.3, 1, 12, 70, 90_000])),
    ops("look"),
    ops("rest"),
)
anything = st.one_of(*customers, *messenger, *staff, *program)
calm = st.builds(lambda op: Op(*op), anything)
fates = st.one_of(st.none(), st.none(), st.integers(0, 14))
wild = st.builds(lambda op, dies, fails: Op(*op, dies=dies, fails=fails), anything, fates, fates)

lively = settings(max_examples=HISTORIES, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


shops = st.fixed_dictionaries({"group": st.booleans(), "burst": st.sampled_from([0.2, 0.0])})
paces = st.lists(st.integers(0, 7), min_size=1, max_size=9).map(tuple)


async def play(world: World, history: list[Op]) -> None:
    await world.found()
    for op in history:
        await world.happen(op)
    await world.rest()
    await judge(world)


@lively
@given(st.lists(calm, max_size=40), shops)
def test_histories_without_deaths(history: list[Op], shop: dict[str, Any]) -> None:
    asyncio.run(play(World(**shop), history))


@lively
@given(st.lists(wild, max_size=40), shops)
def test_histories_with_deaths_and_a_failing_store(history: list[Op], shop: dict[str, Any]) -> None:
    asyncio.run(play(World(**shop), history))


async def play_together(
    rounds: list[list[Op]], paces: tuple[tuple[int, ...], tuple[int, ...]], shop: dict[str, Any]
) -> None:
    world = World(**shop, pace=paces[0])
    await world.found()
    hands = (world, await world.twin(paces[1]))
    for ops in rounds:
        await asyncio.gather(*(hands[number % 2].happen(op) for number, op in enumerate(ops)))
    world.calm = world.calm and hands[1].calm
    await world.rest()
    await judge(world)


@lively
@given(st.lists(st.lists(wild, min_size=1, max_size=4), max_size=20), st.tuples(paces, paces), shops)
def test_histories_of_two_processes_at_once(
    rounds: list[list[Op]], paces: tuple[tuple[int, ...], tuple[int, ...]], shop: dict[str, Any]
) -> None:
    asyncio.run(play_together(rounds, paces, shop))
