"""Words that stand already are changed: at the customer too, put back when the messenger refuses, told when it does."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bridge import amending, service, timers
from bridge.channels import Receipt
from bridge.errors import Conflict, Forbidden, Invalid
from bridge.model.conversations import Conversation
from bridge.model.desk import PostKind
from bridge.model.messages import AuthorKind, DeliveryState, Message
from bridge.model.operators import Role
from tests.hall import OLGA, PETR
from tests.property.histories import World

CHIEF = replace(PETR, role=Role.SUPERVISOR)
OBSERVER = replace(PETR, role=Role.OBSERVER)


async def now(world: World) -> Conversation:
    id = await world.case("1")
    assert id is not None
    return await world.eyes.conversations.get(id)


async def replied(world: World, text: str = "Ответ", *, sent: bool = True, **more: Any) -> Message:
    await world.say("1", "туман")
    await world.rest()
    said = await service.reply(world.process.bridge, OLGA, (await now(world)).id, text, key="k", **more)
    if sent:
        await world.rest()
    return await world.eyes.messages.get(said.id)


async def stands(world: World, message: Message) -> Message:
    return await world.eyes.messages.get(message.id)


async def events(world: World) -> list[tuple[str, str]]:
    rows = await world.eyes.messages.page((await now(world)).id, 0, None, 200)
    return [(row.event.code, row.event.detail) for row in rows if row.event and row.event.code.endswith("_failed")]


def on_screen(world: World, message: Message) -> str | None:
    assert message.delivery is not None
    return world.street.screen.get(str(message.delivery.external_id))


async def test_an_edit_reaches_the_customer_and_the_row_of_the_list(world: World) -> None:
    said = await replied(world)
    changed = await amending.edit(world.process.bridge, OLGA, said.id, "  Точнее\n")
    assert (changed.text, changed.amendment is not None, changed.edited_at) == ("Точнее", True, world.time.now())
    assert (await now(world)).last_message.text == "Точнее"  # type: ignore[union-attr]
    assert on_screen(world, said) == "Ответ"
    await world.rest()
    assert (await stands(world, said)).amendment is None
    assert on_screen(world, said) == "Точнее"
    posts = [post for post in world.street.posts if post.kind is PostKind.EDIT]
    assert [(post.message, post.text) for post in posts] == [(said.id, "Точнее")]
    again = await amending.edit(world.process.bridge, OLGA, said.id, "Точнее")
    assert again.amendment is None


async def test_what_was_not_sent_yet_is_simply_changed_or_cancelled(world: World) -> None:
    said = await replied(world, sent=False)
    changed = await amending.edit(world.process.bridge, OLGA, said.id, "Точнее")
    assert (changed.amendment, changed.edited_at) == (None, None)
    await world.rest()
    assert on_screen(world, await stands(world, said)) == "Точнее"
    other = await service.reply(world.process.bridge, OLGA, said.conversation, "Лишнее", key="k2")
    gone = await amending.delete(world.process.bridge, OLGA, other.id)
    assert gone.delivery is not None
    assert (gone.delivery.state, gone.delivery.reason) == (DeliveryState.CANCELLED, "deleted")
    await world.rest()
    assert "Лишнее" not in world.street.screen.values()


async def test_a_deleted_word_is_taken_away_and_kept_for_the_staff(world: World) -> None:
    said = await replied(world)
    await amending.delete(world.process.bridge, OLGA, said.id)
    await world.rest()
    assert on_screen(world, said) is None
    kept = await stands(world, said)
    assert (kept.text, kept.deleted_at, kept.amendment) == ("Ответ", world.time.now(), None)
    last = (await now(world)).last_message
    assert last is not None
    assert (last.text, last.content) == ("", "deleted")
    assert [post.text for post in world.street.posts if post.kind is PostKind.EDIT] == ["🗑 Удалено: Ответ"]
    await amending.delete(world.process.bridge, OLGA, said.id)
    with pytest.raises(Conflict) as refused:
        await amending.edit(world.process.bridge, OLGA, said.id, "Точнее")
    assert refused.value.code == "deleted"


async def test_the_desk_has_one_sign_on_a_word(world: World) -> None:
    said = await replied(world)
    rows = await world.eyes.messages.page(said.conversation, 0, None, 100)
    asked = next(row for row in rows if row.author.kind is AuthorKind.CUSTOMER)
    await amending.react(world.process.bridge, OLGA, asked.id, "👍")
    await amending.react(world.process.bridge, PETR, asked.id, "🔥")
    await world.rest()
    assert world.street.signs == {asked.external_id: "🔥"}
    assert [(each.author.name, each.emoji) for each in (await stands(world, asked)).reactions] == [("Пётр", "🔥")]
    await amending.react(world.process.bridge, OLGA, asked.id, "")
    await world.rest()
    assert (world.street.signs, (await stands(world, asked)).reactions) == ({asked.external_id: ""}, ())
    for wrong in ("привет", "a", "👍 👍", "1"):
        with pytest.raises(Invalid):
            await amending.react(world.process.bridge, OLGA, asked.id, wrong)


@pytest.mark.parametrize(
    ("verb", "event"),
    [("edit", "edit_failed"), ("delete", "delete_failed"), ("react", "reaction_failed")],
)
@pytest.mark.parametrize(("outcome", "reason"), [("rejected", "bad_text"), ("unreachable", "blocked")])
async def test_what_the_messenger_refuses_is_put_back_and_told(
    world: World, verb: str, event: str, outcome: str, reason: str
) -> None:
    said = await replied(world)
    bridge = world.process.bridge
    match verb:
        case "edit":
            await amending.edit(bridge, OLGA, said.id, "Точнее")
        case "delete":
            await amending.delete(bridge, OLGA, said.id)
        case _:
            await amending.react(bridge, OLGA, said.id, "👍")
    await world.outcomes("amend", [outcome])
    await world.work("out", 9)
    await world.rest()
    back = await stands(world, said)
    assert (back.text, back.edited_at, back.deleted_at, back.reactions, back.amendment) == (
        "Ответ",
        None,
        None,
        (),
        None,
    )
    assert on_screen(world, said) == "Ответ"
    assert await events(world) == [(event, reason)]
    assert (await now(world)).last_message.text == "Ответ"  # type: ignore[union-attr]
    told = [post.text for post in world.street.posts if post.kind is PostKind.NOTICE]
    assert len(told) == 1
    edits = [post.text for post in world.street.posts if post.kind is PostKind.EDIT]
    assert edits[-1:] == ([] if verb == "react" else ["Ответ"])


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
    door: Any = next(iter(no_group.process.bridge.channels.by_name.values()))
    whole = door.send

    async def meanwhile(message: Any) -> Any:
        await amending.edit(no_group.process.bridge, OLGA, said.id, "Точнее")
        return await whole(message)

    monkeypatch.setattr(door, "send", meanwhile)
    await no_group.rest()
    stood = await stands(no_group, said)
    assert (stood.text, stood.amendment, on_screen(no_group, stood)) == ("Точнее", None, "Точнее")


@pytest.mark.parametrize("outcome", ["ok", "rejected"])
async def test_a_newer_edit_is_sent_after_the_one_on_its_way(
    no_group: World, outcome: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = await replied(no_group)
    door: Any = next(iter(no_group.process.bridge.channels.by_name.values()))
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
    door: Any = next(iter(no_group.process.bridge.channels.by_name.values()))
    whole = door.send

    async def meanwhile(message: Any) -> Any:
        await amending.delete(no_group.process.bridge, OLGA, said.id)
        return await whole(message)

    monkeypatch.setattr(door, "send", meanwhile)
    await no_group.outcomes("send", ["network"])
    await no_group.work("out", 1)
    monkeypatch.setattr(door, "send", whole)
    await no_group.rest()
    gone = await stands(no_group, said)
    assert gone.delivery is not None
    assert (gone.delivery.state, gone.amendment, "Ответ" in no_group.street.screen.values()) == (
        DeliveryState.CANCELLED,
        None,
        False,
    )


async def test_who_may_change_whose_words(world: World) -> None:
    said = await replied(world)
    note = await service.note(world.process.bridge, OLGA, said.conversation, "Заметка", key="n")
    rows = await world.eyes.messages.page(said.conversation, 0, None, 100)
    asked = next(row for row in rows if row.author.kind is AuthorKind.CUSTOMER)
    bot = next(row for row in rows if row.author.kind is AuthorKind.BOT)
    event = next(row for row in rows if row.event)
    bridge = world.process.bridge
    for actor, whose in ((PETR, said), (PETR, note), (OLGA, bot), (CHIEF, asked), (CHIEF, event), (OBSERVER, said)):
        with pytest.raises(Forbidden):
            await amending.edit(bridge, actor, whose.id, "Иначе")
        with pytest.raises(Forbidden):
            await amending.delete(bridge, actor, whose.id)
    for whose in (said, note, bot):
        assert (await amending.edit(bridge, CHIEF, whose.id, "Иначе")).text == "Иначе"
    with pytest.raises(Forbidden):
        await amending.react(bridge, OBSERVER, asked.id, "👍")
    with pytest.raises(Forbidden):
        await amending.react(bridge, OLGA, event.id, "👍")


async def test_a_note_is_changed_at_home(world: World) -> None:
    said = await replied(world)
    note = await service.note(world.process.bridge, OLGA, said.conversation, "Заметка", key="n")
    await world.rest()
    before = dict(world.street.screen)
    await amending.edit(world.process.bridge, OLGA, note.id, "Иначе")
    await amending.react(world.process.bridge, PETR, note.id, "👍")
    await amending.delete(world.process.bridge, OLGA, note.id)
    await world.rest()
    stood = await stands(world, note)
    assert (stood.text, stood.amendment, stood.deleted_at) == ("Иначе", None, world.time.now())
    assert (world.street.screen, world.street.signs) == (before, {})


async def test_a_channel_without_the_ability_says_so_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    said = await replied(world)
    door: Any = type(next(iter(world.process.bridge.channels.by_name.values())))
    monkeypatch.setattr(type(world.process.bridge.channels), "editing", lambda self, name: None)
    monkeypatch.setattr(type(world.process.bridge.channels), "deleting", lambda self, name: None)
    monkeypatch.setattr(type(world.process.bridge.channels), "reacting", lambda self, name: None)
    assert door
    for verb in (
        amending.edit(world.process.bridge, OLGA, said.id, "Иначе"),
        amending.delete(world.process.bridge, OLGA, said.id),
        amending.react(world.process.bridge, OLGA, said.id, "👍"),
    ):
        with pytest.raises(Conflict) as refused:
            await verb
        assert refused.value.code == "channel_cannot"


@pytest.mark.parametrize("outcome", ["rejected", "lost"])
async def test_what_the_customer_never_got_is_not_changed_there(world: World, outcome: str) -> None:
    said = await replied(world, sent=False)
    await world.outcomes("send", [outcome])
    await world.work("out", 9)
    for verb in (
        amending.edit(world.process.bridge, OLGA, said.id, "Иначе"),
        amending.delete(world.process.bridge, OLGA, said.id),
        amending.react(world.process.bridge, OLGA, said.id, "👍"),
    ):
        with pytest.raises(Conflict) as refused:
            await verb
        assert refused.value.code == "not_sent"


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
    door: Any = next(iter(world.process.bridge.channels.by_name.values()))
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
