"""A conversation goes on in another messenger: one person, told once on both sides, whatever dies in between."""

from typing import Any

import pytest

from bridge import receive
from bridge.model.customers import Chat
from bridge.model.ids import ChannelName, ChatId, OperatorId
from bridge.model.inbound import Pressed, Said, Started
from bridge.model.messages import AuthorKind
from bridge.people import continuing
from bridge.people.continuing import BACK
from bridge.people.kin import root
from bridge.receive import ONE_TIME
from bridge.service import reply
from storage.memory import MemoryDocuments
from tests.hall import OLGA, Process, founded, sender
from tests.street import NAME, Door, Killed, Life, Street, Time

THERE = ChannelName("alley")
HERE, CHAT = ChatId("7"), ChatId("8")


class Linked(Door):
    """A messenger a link leads into."""

    name = THERE
    kind = "alley"

    def link(self, payload: str) -> str | None:
        return f"https://alley.example/{payload}"


class Places:
    """One installation, whose processes may die: a website's chat, and a messenger to go on in."""

    def __init__(self) -> None:
        self.street = Street(Time())
        self.documents = MemoryDocuments()

    async def process(self, life: Life | None = None) -> Process:
        process = Process(self.documents, self.street, life, group=False)
        process.bridge.channels.by_name[THERE] = Linked(self.street, process.life)
        return process

    async def served(self) -> tuple[Process, str]:
        """Return a process where a guest of the website speaks with Olga, and the code of his link."""
        await founded(self.documents, self.street.time)
        process = await self.process()
        bridge = process.bridge
        said = Said(NAME, HERE, "1", sender(HERE), "разбилась кружка", bridge.clock.now())
        received = await receive.receive(bridge, said)
        await reply(bridge, OLGA, received.conversation, "Слушаю вас", key="1")
        url = await continuing.way(bridge, NAME, HERE, THERE)
        assert url is not None
        return process, url.rpartition("/")[2]


def started(process: Process, code: str, chat: ChatId = CHAT, id: str = "2") -> Started:
    return Started(THERE, chat, id, sender(chat), process.bridge.clock.now(), code)


async def enters(process: Process, fact: Started) -> bool:
    return await continuing.started(process.bridge, fact, await receive.receive(process.bridge, fact))


async def chats(process: Process) -> tuple[Chat, Chat]:
    here = await process.bridge.store.people.chat(NAME, HERE)
    there = await process.bridge.store.people.chat(THERE, CHAT)
    assert here is not None
    assert there is not None
    return here, there


async def told(process: Process, chat: Chat) -> list[tuple[str, str]]:
    """Return what stands in a chat's conversation: who says it, and the code of lines about events."""
    assert chat.conversation is not None
    rows = await process.bridge.store.messages.page(chat.conversation, None, None, 100)
    return [(row.author.kind.value, row.event.code if row.event else "") for row in rows]


async def judged(process: Process) -> None:
    """Check that both chats are one person's, in the same hands, and that each side was told once."""
    bridge = process.bridge
    here, there = await chats(process)
    assert (await root(bridge, here.home)).id == (await root(bridge, there.home)).id
    assert here.customer == there.customer
    left, gone = await told(process, here), await told(process, there)
    assert left.count(("system", "continued_there")) == 1
    assert gone.count(("system", "continued_here")) == 1
    bots = [kind for kind, _ in gone if kind == AuthorKind.BOT.value]
    assert len(bots) == 1
    assert there.conversation is not None
    conversation = await bridge.store.conversations.get(there.conversation)
    assert (conversation.stage.value, conversation.assignee) == ("operator", OperatorId("olga"))


async def test_whoever_enters_is_the_same_person_with_the_same_operator() -> None:
    process, code = await Places().served()
    assert await enters(process, started(process, code))
    await judged(process)
    assert await enters(process, started(process, code))
    await judged(process)


@pytest.mark.parametrize("effects", range(30))
async def test_a_death_anywhere_between_loses_and_doubles_nothing(effects: int) -> None:
    places = Places()
    process, code = await places.served()
    fact = started(process, code)
    mortal = await places.process(Life(left=effects))
    try:
        await enters(mortal, fact)
    except Killed:
        after = await places.process()
        await after.start()
        assert await enters(after, fact)
        process = after
    await process.start()
    await judged(process)


async def test_a_code_is_good_for_one_chat_and_for_minutes() -> None:
    places = Places()
    process, code = await places.served()
    assert await enters(process, started(process, code))
    other = ChatId("9")
    assert await enters(process, started(process, code, other, "3"))
    stranger = await process.bridge.store.people.chat(THERE, other)
    here, _ = await chats(process)
    assert stranger is not None
    assert stranger.customer != here.customer
    late = (await continuing.way(process.bridge, NAME, HERE, THERE) or "").rpartition("/")[2]
    places.street.time.pass_(601)
    assert await enters(process, started(process, late, ChatId("10"), "4"))
    slow = await process.bridge.store.people.chat(THERE, ChatId("10"))
    assert slow is not None
    assert slow.customer != here.customer


async def test_a_word_of_the_shop_s_own_links_is_none_of_ours_and_codes_are_kept_as_hashes() -> None:
    places = Places()
    process, code = await places.served()
    assert not await enters(process, started(process, "spring-sale"))
    assert code.startswith(ONE_TIME)
    assert len(code) <= 64
    assert code not in repr(vars(places.documents))


async def test_stepping_back_parts_them_for_good() -> None:
    process, code = await Places().served()
    await enters(process, started(process, code))
    bridge = process.bridge

    def press(data: str) -> Any:
        return Pressed(THERE, CHAT, "5", sender(CHAT), data, "Это не я", bridge.clock.now())

    assert await continuing.back(bridge, press("human")) is None
    assert "больше не связан" in (await continuing.back(bridge, press(BACK)) or "")
    here, there = await chats(process)
    assert here.customer != there.customer
    assert "не действует" in (await continuing.back(bridge, press(BACK)) or "")
    again = (await continuing.way(bridge, NAME, HERE, THERE) or "").rpartition("/")[2]
    assert await enters(process, started(process, again, id="6"))
    here, there = await chats(process)
    assert here.customer != there.customer


async def test_the_desk_reads_which_link_somebody_came_by_but_no_code() -> None:
    process, code = await Places().served()
    for payload, words in (("promo42", "/start promo42"), (code, "/start"), ("", "/start")):
        fact = started(process, payload, ChatId(f"9{words}{payload[:2]}"), payload or "none")
        received = await receive.receive(process.bridge, fact)
        assert (await process.bridge.store.messages.get(received.message)).text == words
