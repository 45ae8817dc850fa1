"""Albums: messages that come one by one are one word with several files, whatever comes late or dies in between."""

from dataclasses import replace

from bridge.delivery import reading
from bridge.model.conversations import Conversation, Stage
from bridge.model.files import Remote
from bridge.model.ids import ChatId
from bridge.model.inbound import Edited, Said, StaffSaid, Update
from bridge.model.lanes import in_lane
from bridge.model.messages import AuthorKind, Message
from tests.files import picture
from tests.hall import PETR, sender
from tests.property.histories import World
from tests.street import GROUP, NAME

CHAT = ChatId("1")


def part(world: World, id: str, text: str = "", album: str = "a") -> Said:
    world.street.held[id] = picture()
    files = (Remote(id, "photo", f"{id}.png"),)
    return Said(NAME, CHAT, id, sender("1"), text, world.time.now(), "photo", files=files, album=album)


async def comes(world: World, *facts: Said | StaffSaid | Edited, lane: str = "1") -> None:
    for fact in facts:
        world._post(lane, fact)
    await world.deliver(backwards=False)
    await world.work("in", 9)


async def thread(world: World) -> list[Message]:
    id = await world.case("1")
    return [] if id is None else await world.eyes.messages.page(id, 0, None, 100)


async def said(world: World) -> list[tuple[str, list[str]]]:
    rows = [row for row in await thread(world) if row.author.kind is AuthorKind.CUSTOMER]
    return [(row.text, [each.name for each in row.attachments]) for row in rows]


async def test_an_album_is_one_word_once_nothing_is_added_to_it(no_group: World) -> None:
    await comes(no_group, part(no_group, "p1"), part(no_group, "p2", "наше крыльцо"))
    await no_group.wait(0.7)
    await comes(no_group, part(no_group, "p3"))
    await no_group.wait(0.7)
    await no_group.work("in", 9)
    assert await said(no_group) == []
    await no_group.wait(0.2)
    await no_group.work("in", 9)
    assert await said(no_group) == [("наше крыльцо", ["p1.png", "p2.png", "p3.png"])]
    word = (await thread(no_group))[0]
    assert (word.external_id, word.parts, word.incoming) == ("p1", ("p1", "p2", "p3"), 1)
    await no_group.rest()
    assert await no_group.eyes.updates.lost(no_group.time.now(), 10) == []


async def test_a_full_album_waits_for_nothing(no_group: World) -> None:
    await comes(no_group, *(part(no_group, f"p{number}") for number in range(10)))
    ((_, names),) = await said(no_group)
    assert len(names) == 10


async def test_what_comes_late_is_a_word_of_its_own_that_points_back(no_group: World) -> None:
    await comes(no_group, part(no_group, "p1", "наше крыльцо"), part(no_group, "p2"))
    await no_group.rest()
    await comes(no_group, part(no_group, "p3"))
    await no_group.rest()
    assert await said(no_group) == [("наше крыльцо", ["p1.png", "p2.png"]), ("", ["p3.png"])]
    first, late = [row for row in await thread(no_group) if row.author.kind is AuthorKind.CUSTOMER]
    assert (late.reply_to, late.external_id, late.parts) == (first.id, "p3", ())


async def test_words_around_an_album_keep_their_places_and_are_one_breath(no_group: World) -> None:
    words = Said(NAME, CHAT, "w1", sender("1"), "вопрос до", no_group.time.now())
    await comes(no_group, words, part(no_group, "p1"), replace(words, external_id="w2", text="и после"))
    await no_group.wait(0.3)  # by itself the first word's breath would have ended
    await no_group.work("in", 9)
    assert not [row for row in await thread(no_group) if row.author.kind is AuthorKind.BOT]
    await no_group.rest()
    assert [text for text, _ in await said(no_group)] == ["вопрос до", "", "и после"]


async def test_two_albums_at_once_are_two_words(no_group: World) -> None:
    mixed = [part(no_group, f"p{number}", album="ab"[number % 2]) for number in range(4)]
    await comes(no_group, *mixed)
    await no_group.rest()
    assert await said(no_group) == [("", ["p0.png", "p2.png"]), ("", ["p1.png", "p3.png"])]


async def test_the_caption_is_changed_by_whichever_message_it_stands_on(no_group: World) -> None:
    await comes(no_group, part(no_group, "p1"), part(no_group, "p2", "крыльцо"), part(no_group, "p3"))
    await no_group.rest()

    def edit(number: int, id: str, text: str) -> Edited:
        return Edited(NAME, CHAT, f"e{number}", id, sender("1"), text, no_group.time.now())

    await comes(no_group, edit(1, "p2", "крыльцо и двор"))
    await comes(no_group, edit(2, "p3", ""))  # another picture there, and still no caption
    await no_group.rest()
    assert [text for text, _ in await said(no_group)] == ["крыльцо и двор"]


async def opened(world: World) -> str:
    """A customer waits for a person; returns his topic."""
    await world.say("1", "оператор")
    await world.rest()
    return next(iter(world.street.topics))


def shown(world: World, topic: str, id: str, text: str = "") -> StaffSaid:
    world.street.held[id] = picture()
    user = PETR.telegram_user_id or 0
    files = (Remote(id, "photo", f"{id}.png"),)
    now = world.time.now()
    return StaffSaid(NAME, GROUP, topic, id, user, "Пётр", text, now, "photo", files=files, album="a")


async def test_an_album_in_the_topic_goes_out_as_one_answer(world: World) -> None:
    topic = await opened(world)
    parts = [shown(world, topic, "t1", "Смотрите"), shown(world, topic, "t2"), shown(world, topic, "t3")]
    await comes(world, *parts, lane=f"{GROUP}/{topic}")
    await world.rest()
    (answer,) = [row for row in await thread(world) if row.author.kind is AuthorKind.OPERATOR]
    assert (answer.text, answer.parts, answer.external_id) == ("Смотрите", ("t1", "t2", "t3"), "t1")
    assert len(world.street.got[answer.id]) == 3
    id = await world.case("1")
    assert id is not None
    case: Conversation = await world.eyes.conversations.get(id)
    assert case.stage is Stage.OPERATOR


async def test_what_comes_late_to_a_note_stays_inside(world: World) -> None:
    topic = await opened(world)
    before = len(world.street.seen)
    await comes(world, shown(world, topic, "t1", "// для своих"), lane=f"{GROUP}/{topic}")
    await world.rest()
    await comes(world, shown(world, topic, "t2"), lane=f"{GROUP}/{topic}")
    await world.rest()
    notes = [row for row in await thread(world) if row.author.kind is AuthorKind.NOTE]
    assert [[each.name for each in row.attachments] for row in notes] == [["t1.png"], ["t2.png"]]
    assert len(world.street.seen) == before


async def test_which_messages_make_the_word_is_decided_once(no_group: World) -> None:
    """A process that gathered and died: the next one takes the same messages, and those that came meanwhile apart."""
    bridge = no_group.process.bridge

    def gathered(*ids: str) -> reading.Group:
        rows = [Update(id, NAME, id, in_lane(NAME, "1"), 1, "", no_group.time.now()) for id in ids]
        read = [reading.Reading(row, [part(no_group, row.key)]) for row in rows]
        return reading.Group(read, "a")

    assert [word.parts for word in await reading.facts_of(bridge, gathered("p1", "p2"))] == [("p1", "p2")]  # type: ignore[union-attr]
    whole, late = await reading.facts_of(bridge, gathered("p1", "p2", "p3"))
    assert isinstance(whole, Said)
    assert isinstance(late, Said)
    assert (whole.parts, late.external_id, late.reply_to) == (("p1", "p2"), "p3", "p1")
