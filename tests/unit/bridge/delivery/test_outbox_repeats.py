"""Words of a messenger that knows them by our id: sent again without harm, so nobody is left in doubt."""

from typing import Any

import pytest

from bridge.model.messages import Message
from bridge.ports.channels import Outgoing, Receipt
from tests.property.histories import Op, World
from tests.street import Killed


def door(world: World) -> Any:
    return next(iter(world.process.bridge.channels.by_name.values()))


async def last(world: World) -> Message:
    id = await world.case("1")
    assert id is not None
    return [row for row in await world.eyes.messages.page(id, 0, None, 100) if row.delivery][-1]


async def test_a_word_whose_answer_was_lost_is_sent_again(no_group: World) -> None:
    door(no_group).remembers = 3600.0
    await no_group.say("1", "туман")
    await no_group.rest()
    await no_group.reply("olga", "1", 1)
    await no_group.outcomes("send", ["applied", "lost"])
    for _ in range(3):
        await no_group.work("out", 9)
        await no_group.wait(5)
    row = await last(no_group)
    assert row.delivery is not None
    assert row.delivery.state.value == "sent"
    assert [message.id for message in no_group.street.seen].count(row.id) == 2  # the messenger makes one of them


async def test_but_not_for_ever(no_group: World) -> None:
    door(no_group).remembers = 3600.0
    await no_group.say("1", "туман")
    await no_group.rest()
    await no_group.reply("olga", "1", 1)
    await no_group.outcomes("send", ["lost"] * 60)
    for _ in range(40):
        await no_group.work("out", 9)
        await no_group.wait(61)
    row = await last(no_group)
    assert row.delivery is not None
    assert row.delivery.state.value == "unknown"


@pytest.mark.parametrize(("remembers", "state"), [(3600.0, "sent"), (5.0, "unknown")])
async def test_a_word_whose_sender_died_is_sent_again_while_the_messenger_remembers(
    no_group: World, remembers: float, state: str
) -> None:
    await no_group.say("1", "туман")
    await no_group.rest()
    await no_group.reply("olga", "1", 1)
    dying = no_group.process.life

    async def dies(message: Outgoing) -> Receipt:
        dying.dead = True
        raise Killed

    door(no_group).send = dies
    await no_group.happen(Op("work", ("out", 9)))
    assert (await last(no_group)).delivery.state.value == "sending"  # type: ignore[union-attr]
    door(no_group).remembers = remembers
    no_group.time.pass_(60)
    await no_group.rest()
    row = await last(no_group)
    assert row.delivery is not None
    assert row.delivery.state.value == state
