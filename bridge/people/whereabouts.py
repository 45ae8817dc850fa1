"""Where somebody writes from, as his browser says: kept with the account he writes by."""

from contextlib import suppress
from dataclasses import replace

from bridge.context import Bridge
from bridge.errors import Conflict
from bridge.model.customers import Chat
from bridge.model.inbound import Sender


async def note(bridge: Bridge, chat: Chat, sender: Sender) -> None:
    """Keep the time zone a sender told; whoever loses the race for the row tells it again with his next word."""
    if not sender.time_zone:
        return
    for each in await bridge.store.people.identities(chat.customer):
        if each.kind == chat.channel and each.value == sender.id and each.time_zone != sender.time_zone:
            with suppress(Conflict):
                await bridge.store.people.replace_identity(replace(each, time_zone=sender.time_zone))
