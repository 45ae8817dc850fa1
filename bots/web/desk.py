"""What a visitor is told of the desk: whether somebody is there, who writes to him, how far his words were read."""

import asyncio
from datetime import timedelta
from typing import Any

from bots.web.lines import encode
from bots.web.site import Site
from bridge import attendance, writing
from bridge.context import log
from bridge.errors import StoreDown
from bridge.model.ids import ChannelName, ChatId, ConversationId
from bridge.ports import Bus
from bridge.receive import word_id

#: How often it is looked whether somebody is at the desk, beside the hints that somebody came, seconds.
LOOK = 5.0
#: How long it is remembered how far a chat was read; of an older one nobody asks.
KEPT = timedelta(days=90)
#: What any process tells those that serve visitors: the bus' subject.
SUBJECT = "widget.seen"


async def run(site: Site) -> None:
    """Pass on to the open lines of this process what the desk does, until cancelled."""
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(_watch(site), name=f"{site.name} attendance")
        tasks.create_task(_hear_coming(site), name=f"{site.name} coming")
        tasks.create_task(_hear_writing(site), name=f"{site.name} typing")
        tasks.create_task(_hear_seen(site), name=f"{site.name} seen")


async def look(site: Site) -> None:
    """Look whether somebody is at the desk, and have open lines tell it where it is new."""
    try:
        online = await attendance.attended(site.bridge)
    except StoreDown as fault:
        log.warning("the store does not answer: %s", fault)
        return
    if online != site.online:
        site.online = online
        site.lines.turn_all()


async def _watch(site: Site) -> None:
    while True:
        await look(site)
        await site.bridge.clock.sleep(LOOK)


async def _hear_coming(site: Site) -> None:
    async with site.bridge.bus.subscribe(attendance.SUBJECT) as hints:
        async for _ in hints:
            await look(site)


async def _hear_writing(site: Site) -> None:
    async with writing.heard(site.bridge) as hints:
        async for hint in hints:
            if hint.channel == site.name and hint.by == writing.OPERATOR:
                for line in site.lines.of(hint.chat):
                    line.put(encode("typing", author={"kind": "operator", "name": hint.name}))


async def tell_seen(bus: Bus, channel: ChannelName, chat: ChatId, external_id: str) -> None:
    """Tell whoever serves visitors that the desk has read a chat up to a word of the customer."""
    await bus.publish(SUBJECT, {"channel": channel, "chat": chat, "word": external_id})


async def _hear_seen(site: Site) -> None:
    async with site.bridge.bus.subscribe(SUBJECT) as hints:
        async for hint in hints:
            if hint["channel"] == site.name:
                try:
                    await keep_seen(site, ChatId(hint["chat"]), hint["word"])
                except StoreDown as fault:
                    log.warning("the store does not answer: %s", fault)


async def keep_seen(site: Site, chat: ChatId, external_id: str) -> None:
    """Keep how far the desk has read, for pages that come later, and tell the open ones."""
    word = await site.bridge.store.messages.find(word_id(site.name, chat, external_id))
    if word is None or word.seq <= await seen_in(site, chat, word.conversation):
        return
    mark = {"conversation": word.conversation, "seq": word.seq}
    await site.bridge.store.journal.put_value(_key(site, chat), mark, site.bridge.clock.now() + KEPT)
    for line in site.lines.of(chat):
        if line.conversation == word.conversation:
            line.put(encode("seen", seq=word.seq))


async def seen_in(site: Site, chat: ChatId, conversation: ConversationId) -> int:
    """Return the seq of the customer's newest word the desk has read, 0 when it has read none. Raises StoreDown."""
    mark: dict[str, Any] | None = await site.bridge.store.journal.value(_key(site, chat))
    return int(mark["seq"]) if mark is not None and mark["conversation"] == conversation else 0


def _key(site: Site, chat: ChatId) -> str:
    return f"web:{site.name}:read:{chat}"
