"""What the staff group is shown, where turns run short and things go wrong: urgency, bursts, nothing lost."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bridge.errors import Rejected
from bridge.model.desk import Post, PostKind
from bridge.model.ids import derive
from bridge.model.messages import DeliveryState
from bridge.ports.channels import Receipt
from bridge.staff import places, topics
from tests.property.histories import World
from tests.street import DESK, GROUP, NAME

Turn = Callable[[str], float]


def _door(world: World) -> Any:
    return world.process.bridge.channels.by_name[NAME]


def _limit(world: World, turn: Turn) -> None:
    """Give the group's door a budget: `turn` says how long a kind must wait."""

    async def ask(chat: str, kind: str) -> float:
        return turn(kind) if chat == GROUP else 0.0

    async def unturn(chat: str, seconds: float) -> None:
        raise AssertionError("the street never asks for a pause by itself")

    _door(world).turn, _door(world).unturn = ask, unturn
    world.process.bridge.channels._able.clear()


async def _open(world: World) -> None:
    await world.say("1", "оператор")
    await world.rest()


async def _comes(world: World, text: str) -> None:
    """A customer's word comes in and is decided on; nothing goes out yet."""
    await world.say("1", text)
    await world.deliver(backwards=False)
    await world.work("in", 20)
    world.time.pass_(2)
    await world.work("in", 20)


async def _rush(world: World) -> None:
    """Three words wait for a turn, then there is one."""
    await _open(world)
    _limit(world, lambda kind: 30.0)
    for number in range(3):
        await _comes(world, f"слово{number}")
        await world.work("out", 20)
    _limit(world, lambda kind: 0.0)


def _shown(world: World) -> list[str]:
    """Return every word the topic shows, those of merged messages one by one."""
    words = []
    for post in world.street.posts:
        if post.kind is PostKind.TEXT:
            words += [section.text for section in post.sections] or [post.text]
    return words


async def _stored(world: World, part: str) -> Post:
    conversation = (await world.conversations())[0]
    for message in await world.eyes.messages.page(conversation.id, None, None, 100):
        post = await world.eyes.desk.find(derive("post", DESK, conversation.id, message.id))
        if part in message.text and post is not None:
            return post
    raise AssertionError(part)


async def test_what_is_urgent_passes_what_must_wait(world: World) -> None:
    await _open(world)
    before = len(world.street.posts)
    _limit(world, lambda kind: 600.0 if kind == "suggestion" else 0.0)
    await _comes(world, "намёк раз")  # the library has something for the desk
    await _comes(world, "привет ещё")
    await world.work("out", 50)
    assert PostKind.SUGGESTION not in [post.kind for post in world.street.posts[before:]]
    assert any("привет ещё" in words for words in _shown(world))
    _limit(world, lambda kind: 0.0)
    await world.rest()
    assert PostKind.SUGGESTION in [post.kind for post in world.street.posts[before:]]


async def test_words_that_waited_are_one_message_and_each_knows_its_place(world: World) -> None:
    await _rush(world)
    before = len(world.street.posts)
    await world.rest()
    texts = [post for post in world.street.posts[before:] if post.kind is PostKind.TEXT]
    assert [len(post.sections) for post in texts] == [3]
    places = [await _stored(world, f"слово{number}") for number in range(3)]
    assert len({post.delivery.external_id for post in places}) == 1
    assert all(post.merged == tuple(each.id for each in places) for post in places)
    shown = await world.eyes.desk.shown_at(DESK, GROUP, str(places[0].delivery.external_id))
    assert [post.id for post in shown] == [post.id for post in places]


async def test_words_whose_fate_is_unknown_are_shown_again(world: World) -> None:
    await _rush(world)
    world.time.pass_(60)
    world.street.outcomes["post"] = ["lost"]
    await world.work("out", 1)
    assert world.street.outcomes["post"] == []
    await world.rest()
    assert all(any(f"слово{number}" in words for words in _shown(world)) for number in range(3))


async def test_a_refusal_of_the_whole_group_is_waited_for(world: World) -> None:
    await _open(world)
    post, left = _door(world).post, 3

    async def refused(row: Post, topic: Any, files: Any = ()) -> Any:
        nonlocal left
        if row.kind is PostKind.TEXT and left:
            left -= 1
            raise Rejected("not_allowed")
        return await post(row, topic, files)

    _door(world).post = refused
    await world.say("1", "слышно?")
    await world.rest()
    assert left == 0
    assert sum("слышно?" in words for words in _shown(world)) == 1


async def test_a_word_the_group_will_never_take_is_told_in_the_topic(world: World) -> None:
    await _open(world)
    await _comes(world, "ужас")
    world.street.outcomes["post"] = ["rejected"]
    await world.work("out", 1)
    await world.rest()
    lines = [post.text for post in world.street.posts if post.kind is PostKind.NOTICE]
    assert any("не удалось показать" in line for line in lines)
    assert (await _stored(world, "ужас")).delivery.state is DeliveryState.FAILED


async def test_every_file_of_an_album_leads_to_its_word(world: World) -> None:
    await _open(world)
    post = _door(world).post

    async def several(row: Post, topic: Any, files: Any = ()) -> Receipt:
        receipt = await post(row, topic, files)
        parts = ("a1", "a2", "a3") if row.kind is PostKind.TEXT else ()
        return Receipt(parts[-1] if parts else receipt.external_id, parts)

    _door(world).post = several
    await world.say("1", "вот сколы")
    await world.rest()
    word = await _stored(world, "вот сколы")
    for part in word.delivery.parts:
        assert [each.id for each in await places.shown_at(world.process.bridge, GROUP, part)] == [word.id]


async def test_lines_told_at_one_place_stand_in_the_order_they_were_told(world: World) -> None:
    await _open(world)
    _limit(world, lambda kind: 30.0)
    conversation = (await world.conversations())[0]
    said = [f"строка {number}" for number in range(6)]
    for line in said:
        await topics.tell(world.process.bridge, conversation.id, line, line)
        world.time.pass_(1)
    _limit(world, lambda kind: 0.0)
    world.time.pass_(60)
    await world.rest()
    assert [post.text for post in world.street.posts if post.kind is PostKind.NOTICE] == said


async def test_a_word_said_while_the_loss_of_its_topic_is_found_is_told_once() -> None:
    world = World()
    await world.found()
    await _open(world)
    await _comes(world, "первое")
    await world.rest()
    await world.drop_topic("1")
    door, tried = _door(world), []
    post = door.post

    async def meanwhile(shown: Post, *arguments: Any) -> Receipt:
        if not tried:
            tried.append(shown.kind)
            await _comes(world, "второе")
        return await post(shown, *arguments)  # type: ignore[no-any-return]

    door.post = meanwhile
    world.street.posts.clear()
    await world.act("olga", "claim", "1")
    await world.rest()
    assert tried == [PostKind.CARD]
    texts = "\n".join(post.text for post in world.street.posts if post.kind is PostKind.TEXT)
    assert (texts.count("первое"), texts.count("второе")) == (1, 1)


async def test_what_became_of_a_topic_is_kept_whatever_is_written_of_it_meanwhile(world: World) -> None:
    door, met = _door(world), list[PostKind]()
    post = door.post

    async def meanwhile(shown: Post, *arguments: Any) -> Receipt:
        receipt: Receipt = await post(shown, *arguments)
        if shown.kind in (PostKind.TOPIC, PostKind.CARD, PostKind.ICON):
            met.append(shown.kind)
            row = await world.eyes.desk.topic(shown.conversation)
            assert row is not None
            await world.eyes.desk.save_topic(replace(row, icon=f"by hand {len(met)}"))
        return receipt

    door.post = meanwhile
    await _open(world)
    assert sorted(met) == [PostKind.CARD, PostKind.ICON, PostKind.TOPIC]  # nothing was done twice
    kept = await world.eyes.desk.topic((await world.conversations())[0].id)
    assert kept is not None
    assert (kept.topic, kept.card, kept.icon) != (None, None, "")
    assert kept.icon == "waiting"
