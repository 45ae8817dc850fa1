"""What comes in: bursts, edits, what breaks, what cannot be read, and updates that overtook others."""

from typing import Any

import pytest

from bridge.delivery.inbox import TRIES
from bridge.errors import Unreadable
from bridge.model.articles import Match
from bridge.model.conversations import Conversation, Stage
from bridge.model.inbound import Inbound
from bridge.model.messages import AuthorKind
from tests.property.histories import Op, World


async def case(world: World) -> Conversation:
    id = await world.case("1")
    assert id is not None
    return await world.eyes.conversations.get(id)


async def bot_words(world: World) -> list[str]:
    rows = await world.eyes.messages.page((await case(world)).id, 0, None, 100)
    return [row.source.title for row in rows if row.author.kind is AuthorKind.BOT and row.source]


async def test_words_in_one_breath_are_answered_together(no_group: World) -> None:
    for _ in range(3):
        await no_group.say("1", "вопрос")
        await no_group.wait(0.1)
        await no_group.work("in", 9)
    await no_group.rest()
    assert await bot_words(no_group) == ["вопрос №1\nвопрос №2\nвопрос №3"]


async def test_a_breath_that_never_ends_is_answered_all_the_same(no_group: World) -> None:
    for _ in range(12):
        await no_group.say("1", "вопрос")
        await no_group.wait(0.15)
        await no_group.work("in", 9)
    assert len(await bot_words(no_group)) == 1
    await no_group.rest()
    assert "\n".join(await bot_words(no_group)).split("\n") == [f"вопрос №{n}" for n in range(1, 13)]


async def test_an_edit_reaches_the_thread_and_the_row(no_group: World) -> None:
    await no_group.say("1", "туман")
    await no_group.rest()
    await no_group.edit("1", 0)
    await no_group.rest()
    conversation = await case(no_group)
    rows = await no_group.eyes.messages.page(conversation.id, 0, None, 10)
    assert rows[0].text == "туман №1 изменено"
    assert rows[0].edited_at is not None
    assert conversation.last_message is not None
    assert conversation.last_message.kind == "bot"
    await no_group.say("1", "намёк")
    await no_group.rest()
    await no_group.edit("1", 1)
    await no_group.rest()
    last = (await case(no_group)).last_message
    assert last is not None
    assert last.text == "намёк №3 изменено"


async def test_an_edit_of_a_word_said_before_we_were_there_brings_it(no_group: World) -> None:
    no_group.said["1"] = [("m99", "вопрос №99")]
    await no_group.edit("1", 0)
    await no_group.rest()
    assert await bot_words(no_group) == ["вопрос №99 изменено"]
    await no_group.edit("1", 0)
    await no_group.rest()
    rows = await no_group.eyes.messages.page((await case(no_group)).id, 0, None, 100)
    assert [row.text for row in rows if row.author.kind is AuthorKind.CUSTOMER] == ["вопрос №99 изменено изменено"]


class Broken:
    """A library that has fallen over."""

    def __init__(self, whole: Any) -> None:
        self.thresholds = whole.thresholds
        self.asked = 0

    async def match(self, text: str, limit: int = 5, language: str | None = None) -> Match:
        self.asked += 1
        raise RuntimeError("the shelf broke")

    async def rebuild(self, library: Any) -> None:
        return None


async def tried(world: World) -> None:
    """Let the worker try, as lanes do: a fault is told and the lane comes back."""
    for _ in range(TRIES + 1):
        await world.deliver(backwards=False)
        world.time.pass_(11)
        try:
            await world.process.step("in")
        except RuntimeError:
            continue


async def test_what_the_bot_cannot_think_about_goes_to_a_person(no_group: World) -> None:
    bridge = no_group.process.bridge
    broken = Broken(bridge.matcher)
    object.__setattr__(bridge, "matcher", broken)
    await no_group.say("1", "вопрос")
    await tried(no_group)
    await no_group.rest()
    assert broken.asked == TRIES
    assert (await case(no_group)).stage is Stage.WAITING
    assert [dead.reason for dead in await no_group.eyes.updates.dead(9)] == ["RuntimeError: the shelf broke"]
    assert "позвал оператора" in no_group.street.seen[-2].text
    assert no_group.street.seen[-1].asks == "contact"


async def test_an_update_that_breaks_lets_the_chat_go_on(no_group: World, monkeypatch: pytest.MonkeyPatch) -> None:
    door = next(iter(no_group.process.bridge.channels.by_name.values()))
    whole = door.parse

    def parse(update: Any) -> Any:
        if update.key == "1":
            raise RuntimeError("a bad day")
        return whole(update)

    monkeypatch.setattr(door, "parse", parse)
    await no_group.say("1", "вопрос")
    await no_group.say("1", "сомнение")
    await tried(no_group)
    await no_group.rest()
    assert [dead.key for dead in await no_group.eyes.updates.dead(9)] == ["1"]
    assert no_group.street.seen[-1].text.startswith("Возможно")


async def test_an_unreadable_update_is_a_dead_letter_and_what_was_rescued_stands(
    no_group: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = next(iter(no_group.process.bridge.channels.by_name.values()))
    whole = door.parse

    def parse(update: Any) -> list[Inbound]:
        raise Unreadable("a new kind of message", tuple(whole(update)))

    monkeypatch.setattr(door, "parse", parse)
    await no_group.say("1", "вопрос")
    await no_group.rest()
    assert [dead.reason for dead in await no_group.eyes.updates.dead(9)] == ["a new kind of message"]
    assert (await case(no_group)).incoming == 1


@pytest.mark.parametrize("missing", [0, 1, 2])
async def test_an_update_waits_for_those_it_overtook_wherever_they_are(no_group: World, missing: int) -> None:
    for _ in range(4):
        await no_group.say("1", "вопрос")
    late = no_group.undelivered.pop(missing)
    await no_group.deliver(backwards=False)
    await no_group.work("in", 9)
    await no_group.process.inbox.accept("street", late)  # type: ignore[arg-type]
    await no_group.rest()
    rows = await no_group.eyes.messages.page((await case(no_group)).id, 0, None, 100)
    words = [row.text for row in rows if row.author.kind is AuthorKind.CUSTOMER]
    assert words == [f"вопрос №{n}" for n in range(1, 5)]


async def test_an_update_that_never_comes_is_not_waited_for_long(no_group: World) -> None:
    for _ in range(3):
        await no_group.say("1", "вопрос")
    del no_group.undelivered[1]
    no_group.said["1"].pop(1)
    await no_group.deliver(backwards=False)
    started = no_group.time.now()
    await no_group.rest()
    assert (no_group.time.now() - started).total_seconds() < 1
    assert (await case(no_group)).incoming == 2


@pytest.mark.parametrize("death", range(2, 12))
async def test_a_conversation_opened_before_a_death_is_used_after_it(no_group: World, death: int) -> None:
    """Also when another word comes first then."""
    await no_group.say("1", "вопрос")
    await no_group.say("1", "сомнение")
    first = no_group.undelivered.pop(0)
    await no_group.deliver(backwards=False)
    no_group.time.pass_(1)
    await no_group.happen(Op("work", ("in", 1), dies=death))
    no_group.undelivered.append(first)
    await no_group.rest()
    assert [conversation.incoming for conversation in await no_group.conversations()] == [2]
