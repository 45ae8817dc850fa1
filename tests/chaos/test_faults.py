"""What messengers do wrong, one by one and mixed: nothing is lost, nothing doubled, others do not notice."""

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest

from tests.chaos.troubled import Person, Tally, Troubled, troubled

WORDS = 3
#: Each strikes the chat of one customer: while he is answered, or while what he says is delivered.
TELEGRAM: tuple[dict[str, Any], ...] = (
    {"fault": "429", "count": 2, "retry_after": 1},
    {"fault": "429", "count": 2, "retry_after": 0},
    *({"fault": fault, "count": 1} for fault in ("403", "400", "502html", "empty", "reset", "hang", "applied_lost")),
    *({"fault": fault, "count": 2} for fault in ("500", "500_bare")),
    *({"fault": fault, "count": 1} for fault in ("200_refused", "wrong_type", "half_body")),
    *({"fault": fault, "count": 1, "delay": 1} for fault in ("delay", "delay_after")),
    *({"fault": fault, "count": 2} for fault in ("duplicate_update", "reorder_updates", "delay_update", "id_jump")),
    *({"fault": fault, "count": 2} for fault in ("bad_update", "unknown_kind", "missing_field")),
    *({"fault": fault, "count": 2} for fault in ("no_secret", "wrong_secret")),
)
VK: tuple[dict[str, Any], ...] = (
    *({"fault": f"vk_{code}", "method": "messages.send", "count": 1} for code in (1, 6, 10, 900, 901, 902)),
    *({"fault": fault, "method": "messages.send", "count": 1} for fault in ("502html", "200html", "empty", "reset")),
    *({"fault": fault, "method": "messages.send", "count": 2} for fault in ("500", "429")),
    *({"fault": fault, "method": "messages.send", "count": 1} for fault in ("hang", "applied_lost", "slow_answer")),
    *({"fault": fault, "count": 2} for fault in ("duplicate_update", "reorder_updates", "bad_update")),
    *({"fault": fault, "count": 2} for fault in ("drop_secret", "wrong_secret")),
)
#: What strikes anybody, now and then, while many write.
MIXED: dict[str, tuple[dict[str, Any], ...]] = {
    "telegram": (
        {"fault": "429", "probability": 0.02, "retry_after": 1},
        *({"fault": fault, "probability": 0.01} for fault in ("500", "500_bare", "502html", "empty", "reset")),
        *({"fault": fault, "probability": 0.005} for fault in ("hang", "applied_lost", "half_body", "403", "400")),
        *({"fault": fault, "probability": 0.02} for fault in ("duplicate_update", "reorder_updates", "bad_update")),
    ),
    "vk": (
        *({"fault": f"vk_{code}", "probability": 0.01} for code in (1, 6, 9, 10)),
        *({"fault": fault, "probability": 0.01} for fault in ("500", "502html", "empty", "reset", "applied_lost")),
        *({"fault": fault, "probability": 0.005} for fault in ("hang", "slow_answer", "vk_901")),
        *({"fault": fault, "probability": 0.02} for fault in ("duplicate_update", "reorder_updates")),
    ),
}


def _judge(tally: Tally) -> None:
    assert not tally.faults, "\n".join(tally.faults)
    # Telegram has no key to make a repetition harmless: what nobody knows is said to be unknown, and not sent again.
    assert not +tally.doubled, tally.doubled
    assert not tally.states["vk unknown"], "a repetition is harmless in VK"


async def _converse(street: Troubled, person: Person) -> None:
    """Let somebody say his words, the next when the last had time to be answered, in the midst of his trouble."""
    await street.say(person, "Hello")
    await asyncio.sleep(1)
    await street.order(person)
    for _ in range(WORDS):
        await street.say(person)
        await asyncio.sleep(0.5)


@pytest.mark.chaos
@pytest.mark.slow
async def test_each_fault_alone_costs_no_word_and_nobody_else_notices(tmp_path: Path) -> None:
    async with troubled(tmp_path) as street:
        for name in MIXED:  # what is delivered anew need not be waited for as in life
            await street.emulators[name].post("/clock", {"scale": 10})
        people = [await street.person("telegram", **trouble) for trouble in TELEGRAM]
        people += [await street.person("vk", **trouble) for trouble in VK]
        calm = [await street.person("calm") for _ in range(5)]
        await asyncio.gather(*(_converse(street, person) for person in (*people, *calm)))
        await street.quiet()
        left = [each for name in MIXED for each in (await street.emulators[name].get("/faults"))["items"]]
        tally = await street.count()
    _judge(tally)
    assert tally.words == (len(people) + len(calm)) * (WORDS + 1)
    assert not any(state for state in tally.states if state.startswith("calm ") and state != "calm sent"), tally.states
    assert tally.states["telegram failed"] >= 2, "a customer who shut the door is told of"
    assert not left, f"ordered, and struck too seldom: {left}"


async def _for_a_while(street: Troubled, people: list[Person], seconds: float, rate: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        await street.say(street.mix.choice(people))
        await asyncio.sleep(1 / rate)


@pytest.mark.chaos
@pytest.mark.long
@pytest.mark.parametrize("mode", ["webhook", "polling"])
async def test_five_minutes_of_everything_at_once(tmp_path: Path, mode: str) -> None:
    async with troubled(tmp_path, mode) as street:
        people = [await street.person(channel) for channel in ("telegram", "vk", "calm") for _ in range(20)]
        for person in people:
            await street.say(person, "Hello")
        await street.quiet()
        bots = {person.id for person in people if person.channel == "telegram"}
        for order in MIXED["telegram"]:
            for chat in bots:  # the calm bot lives on the same server: only the troubled one's chats are struck
                await street.emulators["telegram"].post("/faults", {**order, "chat": chat, "seconds": 150})
        for order in MIXED["vk"]:
            await street.emulators["vk"].post("/faults", {**order, "seconds": 150})
        await _for_a_while(street, people, 150, 12)
        await street.quiet()
        tally = await street.count()
    print(
        f"{mode}: {tally.words} words, {tally.answers} answers, {dict(tally.states)}, unknown that came {tally.arrived}"
    )
    _judge(tally)
    assert not any(state for state in tally.states if state.startswith("calm ") and state != "calm sent"), tally.states
