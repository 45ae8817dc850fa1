"""Words that stand already are changed: at the customer too, put back when the messenger refuses, told when it does."""

from dataclasses import replace

import pytest

from bridge import service
from bridge.changes import amending
from bridge.errors import Conflict, Forbidden, Invalid
from bridge.model.desk import PostKind
from bridge.model.messages import AuthorKind, DeliveryState
from bridge.model.operators import Role
from tests.changes import events, now, on_screen, replied, stands
from tests.hall import OLGA, PETR
from tests.property.histories import World

CHIEF = replace(PETR, role=Role.SUPERVISOR)
OBSERVER = replace(PETR, role=Role.OBSERVER)


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
    monkeypatch.setattr(type(world.process.bridge.channels), "editing", lambda self, name: None)
    monkeypatch.setattr(type(world.process.bridge.channels), "deleting", lambda self, name: None)
    monkeypatch.setattr(type(world.process.bridge.channels), "reacting", lambda self, name: None)
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
