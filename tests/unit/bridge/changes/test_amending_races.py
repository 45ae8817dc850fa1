"""Changes that cross with sending, with each other, with lost answers and with deaths."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from bridge import service, timers
from bridge.changes import amending
from bridge.model.messages import DeliveryState
from bridge.ports.channels import Receipt
from tests.changes import events, on_screen, replied, stands
from tests.hall import OLGA
from tests.property.histories import World


def door_of(world: World) -> Any:
    return next(iter(world.process.bridge.channels.by_name.values()))


def while_sending(world: World, monkeypatch: pytest.MonkeyPatch, change: Callable[[], Awaitable[None]]) -> None:
    """Let a change come while the next word is on its way; the word after it is sent as ever."""
    door = door_of(world)
    whole = door.send

    async def meanwhile(message: Any) -> Any:
        monkeypatch.setattr(door, "send", whole)
        await change()
        return await whole(message)

    monkeypatch.setattr(door, "send", meanwhile)


@pytest.mark.parametrize("outcome", ["lost", "applied", "network", "retry"])
async def test_a_change_whose_outcome_is_unknown_is_done_again(world: World, outcome: str) -> None:
    said = await replied(world)
    await amending.edit(world.process.bridge, OLGA, said.id, "Точнее")
    await world.outcomes("amend", [outcome] * 3)
    for _ in range(9):
        await world.work("out", 9)
        await world.wait(10)
    assert (await stands(world, said)).amendment is None
    assert on_screen(world, said) == "Точнее"


async def test_but_not_for_ever(world: World) -> None:
    said = await replied(world)
    await amending.edit(world.process.bridge, OLGA, said.id, "Точнее")
    await world.outcomes("amend", ["lost"] * 50)
    for _ in range(20):
        await world.work("out", 9)
        await world.wait(70)
    assert ((await stands(world, said)).text, await events(world)) == ("Ответ", [("edit_failed", "network_unknown")])


async def test_what_is_gone_already_is_well_deleted_and_badly_edited(world: World) -> None:
    said = await replied(world)
    await amending.edit(world.process.bridge, OLGA, said.id, "Точнее")
    await world.outcomes("amend", ["gone"])
    await world.work("out", 9)
    assert await events(world) == [("edit_failed", "gone")]
    await amending.delete(world.process.bridge, OLGA, said.id)
    await world.outcomes("amend", ["gone"])
    await world.work("out", 9)
    assert (await stands(world, said)).deleted_at is not None
    assert len(await events(world)) == 1


async def test_an_edit_of_a_word_that_is_just_being_sent_follows_it(
    no_group: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = await replied(no_group, sent=False)

    async def edit() -> None:
        await amending.edit(no_group.process.bridge, OLGA, said.id, "Точнее")

    while_sending(no_group, monkeypatch, edit)
    await no_group.rest()
    stood = await stands(no_group, said)
    assert (stood.text, stood.amendment, on_screen(no_group, stood)) == ("Точнее", None, "Точнее")


@pytest.mark.parametrize("outcome", ["ok", "rejected"])
async def test_a_newer_edit_is_sent_after_the_one_on_its_way(
    no_group: World, outcome: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = await replied(no_group)
    door = door_of(no_group)
    whole, seen = door.edit, []

    async def meanwhile(message: Any, sent: Any) -> Any:
        seen.append(message.text)
        if len(seen) == 1:
            await amending.edit(no_group.process.bridge, OLGA, said.id, "Совсем точно")
            await no_group.outcomes("amend", ["ok", outcome])
        return await whole(message, sent)

    monkeypatch.setattr(door, "edit", meanwhile)
    await amending.edit(no_group.process.bridge, OLGA, said.id, "Точнее")
    await no_group.work("out", 9)
    stood = await stands(no_group, said)
    assert seen == ["Точнее", "Совсем точно"]
    # Refused the second time, the row says what the first one made of it.
    expected = "Совсем точно" if outcome == "ok" else "Точнее"
    assert (stood.text, on_screen(no_group, stood)) == (expected, expected)


async def test_a_word_that_failed_on_its_way_takes_its_change_along(
    no_group: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = await replied(no_group, sent=False)

    async def delete() -> None:
        await amending.delete(no_group.process.bridge, OLGA, said.id)

    while_sending(no_group, monkeypatch, delete)
    await no_group.outcomes("send", ["network"])
    await no_group.work("out", 1)
    await no_group.rest()
    gone = await stands(no_group, said)
    assert gone.delivery is not None
    assert (gone.delivery.state, gone.amendment, "Ответ" in no_group.street.screen.values()) == (
        DeliveryState.CANCELLED,
        None,
        False,
    )


async def test_a_change_nobody_was_woken_for_is_found_by_the_clock(no_group: World) -> None:
    said = await replied(no_group)
    changed = await amending.edit(no_group.process.bridge, OLGA, said.id, "Точнее")
    assert changed.amendment is not None
    lane = changed.amendment.delivery.lane
    # The lane was handled before the change stood in it, say: whoever was to be woken died.
    no_group.time.pass_(20)
    found = await no_group.eyes.messages.unsent(no_group.time.now() - timedelta(seconds=1), 10)
    assert list(found) == [lane]
    assert await timers.take_up_unsent(no_group.process.bridge, timedelta(seconds=1)) == 1
    await no_group.rest()
    assert await no_group.eyes.messages.unsent(no_group.time.now() + timedelta(days=1), 10) == {}


async def test_words_go_before_changes(no_group: World) -> None:
    said = await replied(no_group)
    await amending.edit(no_group.process.bridge, OLGA, said.id, "Точнее")
    await service.reply(no_group.process.bridge, OLGA, said.conversation, "Ещё", key="k2")
    await no_group.outcomes("send", ["retry"])
    await no_group.work("out", 9)
    assert on_screen(no_group, said) == "Ответ"
    await no_group.rest()
    assert on_screen(no_group, said) == "Точнее"


def remembering(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the messenger one that knows a word by our id, so that sending it again makes no second one."""
    door = door_of(world)
    whole, known = door.send, {}

    async def send(message: Any) -> Any:
        if message.id in known:
            return known[message.id]
        places = len(world.street.seen)
        try:
            return await whole(message)
        finally:
            if len(world.street.seen) > places:
                known[message.id] = Receipt(f"sent{len(world.street.seen)}")

    door.remembers = 3600.0
    monkeypatch.setattr(door, "send", send)


@pytest.mark.parametrize("verb", ["edit", "delete"])
async def test_what_may_be_there_already_is_changed_there(
    no_group: World, verb: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer was lost, so the word is sent again; meanwhile it is changed: the first one may have come through."""
    said = await replied(no_group, sent=False)
    remembering(no_group, monkeypatch)
    await no_group.outcomes("send", ["applied"])
    await no_group.work("out", 1)
    assert no_group.street.screen.popitem()[1] == "Ответ"
    no_group.street.screen[f"sent{len(no_group.street.seen)}"] = "Ответ"
    waits = (await stands(no_group, said)).delivery
    assert waits is not None
    assert (waits.state, waits.maybe) == (DeliveryState.RETRYING, True)
    if verb == "edit":
        await amending.edit(no_group.process.bridge, OLGA, said.id, "Точнее")
    else:
        await amending.delete(no_group.process.bridge, OLGA, said.id)
    await no_group.rest()
    stood = await stands(no_group, said)
    assert stood.delivery is not None
    assert (stood.delivery.state, stood.delivery.maybe, stood.amendment) == (DeliveryState.SENT, False, None)
    assert on_screen(no_group, stood) == ("Точнее" if verb == "edit" else None)


async def test_a_sign_put_on_a_word_that_was_not_out_after_all_follows_it(
    no_group: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = await replied(no_group, sent=False)

    async def change() -> None:
        await amending.edit(no_group.process.bridge, OLGA, said.id, "Точнее")
        await amending.react(no_group.process.bridge, OLGA, said.id, "👍")

    while_sending(no_group, monkeypatch, change)
    await no_group.outcomes("send", ["network"])
    await no_group.work("out", 1)
    await no_group.rest()
    stood = await stands(no_group, said)
    assert stood.delivery is not None
    assert (stood.amendment, on_screen(no_group, stood)) == (None, "Точнее")
    assert no_group.street.signs == {stood.delivery.external_id: "👍"}
