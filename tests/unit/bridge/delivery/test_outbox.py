"""What goes out: order, stale words, two hands on one row, topics that are hard to make."""

import asyncio
from typing import Any

import pytest

from bridge.model.desk import PostKind
from bridge.model.messages import AuthorKind, Message
from tests.property.histories import World


async def outgoing(world: World) -> list[Message]:
    id = await world.case("1")
    assert id is not None
    return [row for row in await world.eyes.messages.page(id, 0, None, 100) if row.delivery]


async def states(world: World) -> list[tuple[str, str, str | None]]:
    rows = await outgoing(world)
    return [(row.author.kind.value, row.delivery.state.value, row.delivery.reason) for row in rows if row.delivery]


async def test_a_word_that_waits_is_never_overtaken(no_group: World) -> None:
    await no_group.say("1", "вопрос")
    await no_group.outcomes("send", ["retry", "network"])
    await no_group.wait(0.1)
    await no_group.work("in", 9)
    await no_group.wait(0.3)
    await no_group.work("in", 9)
    await no_group.work("out", 9)
    assert no_group.street.seen == []
    await no_group.rest()
    assert [message.id for message in no_group.street.seen] == [row.id for row in await outgoing(no_group)]


async def test_a_persons_word_does_not_wait_behind_a_bots_stale_one(no_group: World) -> None:
    await no_group.say("1", "вопрос")
    await no_group.wait(0.1)
    await no_group.work("in", 9)
    await no_group.wait(0.3)
    await no_group.work("in", 9)
    await no_group.outcomes("send", ["network"])
    await no_group.work("out", 1)
    await no_group.reply("olga", "1", 1)
    await no_group.work("out", 9)
    assert [message.text for message in no_group.street.seen] == ["Ответ человека 1"]
    assert await states(no_group) == [
        ("bot", "cancelled", "human_answered"),
        ("bot", "cancelled", "human_answered"),
        ("operator", "sent", None),
    ]


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [("ok", ("sent", None)), ("retry", ("unknown", "crash_unknown")), ("rejected", ("unknown", "crash_unknown"))],
)
async def test_of_two_hands_on_one_row_the_one_that_knows_is_right(
    no_group: World, outcome: str, expected: tuple[str, str | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first one's lease ran out while the messenger was slow; the second calls the row's fate unknown."""
    await no_group.say("1", "туман")
    await no_group.rest()
    await no_group.reply("olga", "1", 1)
    other = await no_group.twin((0,))
    door: Any = next(iter(no_group.process.bridge.channels.by_name.values()))
    whole, asked, answers = door.send, asyncio.Event(), asyncio.Event()

    async def slow(message: Any) -> Any:
        asked.set()
        await answers.wait()
        return await whole(message)

    monkeypatch.setattr(door, "send", slow)
    await no_group.outcomes("send", [outcome])
    sending = asyncio.create_task(no_group.process.step("out"))
    await asked.wait()
    assert (await states(no_group))[-1][1] == "sending"
    no_group.time.pass_(11)
    await other.work("out", 1)
    assert (await states(no_group))[-1] == ("operator", "unknown", "crash_unknown")
    answers.set()
    await sending
    assert (await states(no_group))[-1] == ("operator", *expected)


@pytest.mark.parametrize("trouble", ["lost", "applied", "rejected", "unreachable", "network"])
async def test_a_topic_is_made_until_it_is_made(world: World, trouble: str) -> None:
    await world.outcomes("post", [trouble] * 5)
    await world.say("1", "оператор")
    for _ in range(12):
        await world.wait(30)
        for direction in ("in", "out"):
            await world.work(direction, 20)
    assert world.street.topics
    kinds = [post.kind for post in world.street.posts]
    assert kinds[-1] is PostKind.ICON
    assert kinds.count(PostKind.CARD) == 1
    assert PostKind.TEXT in kinds


async def test_a_deleted_topic_is_made_anew_with_what_could_not_be_shown(world: World) -> None:
    await world.say("1", "оператор")
    await world.rest()
    await world.drop_topic("1")
    await world.say("1", "намёк")
    await world.rest()
    assert len(world.street.topics) == 1
    shown = world.street.posts[[post.kind for post in world.street.posts].index(PostKind.TOPIC, 1) :]
    before, word = [post.text for post in shown if post.kind is PostKind.TEXT]
    assert before.startswith("Перед этим:\nПокупатель 1: оператор\n")  # the lost topic had it, people read it there
    assert "намёк" not in before
    assert word == "намёк №2"
    assert {post.kind for post in shown} >= {PostKind.CARD, PostKind.ICON}


async def test_a_customer_who_shut_the_door_is_marked_until_he_comes_back(no_group: World) -> None:
    await no_group.say("1", "туман")
    await no_group.rest()
    await no_group.outcomes("send", ["unreachable"])
    await no_group.reply("olga", "1", 1)
    await no_group.work("out", 5)

    async def shut() -> str | None:
        chat = await no_group.eyes.people.chat("street", "1")  # type: ignore[arg-type]
        assert chat is not None
        return chat.unreachable

    assert (await states(no_group))[-1] == (AuthorKind.OPERATOR.value, "failed", "blocked")
    assert await shut() == "blocked"
    await no_group.say("1", "намёк")
    await no_group.rest()
    assert await shut() is None
