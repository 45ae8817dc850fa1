"""Which conversation a chat goes on with: the one there is, or the next one, which opens once."""

from dataclasses import replace

from bridge import handoff
from bridge.context import Bridge
from bridge.errors import Conflict
from bridge.model.conversations import Conversation, Stage
from bridge.model.customers import Chat
from bridge.model.ids import ConversationId, derive
from bridge.people import moving
from bridge.teamwork.roster import team_of


def successor(chat: Chat) -> ConversationId:
    """Name the next conversation of a chat: whichever word comes first after a crash, it is the same one."""
    return ConversationId(derive("conversation", chat.id, chat.conversation or chat.after or ""))


async def going_on(bridge: Bridge, chat: Chat) -> Conversation | None:
    """Return the conversation of a chat that goes on, a closed one for some hours; None: the next one opens."""
    if chat.conversation is None:
        return None
    current = await bridge.store.conversations.get(chat.conversation)
    return current if handoff.reopens(current, bridge.clock.now(), bridge.settings.reopen_hours) else None


async def next_conversation(bridge: Bridge, chat: Chat) -> Conversation:
    """Return the conversation that would open next in a chat; nothing is written."""
    now = bridge.clock.now()
    customer = await bridge.store.people.customer(chat.customer)
    return Conversation(
        id=successor(chat),
        number=0,
        channel=chat.channel,
        chat=chat.chat,
        customer=chat.customer,
        origin=chat.origin,
        customer_name=customer.name,
        stage=Stage.BOT,
        banned=customer.banned_at is not None,
        created_at=now,
        updated_at=now,
        language=customer.language,
        team=await team_of(bridge, chat.channel),
    )


async def conversation_of(bridge: Bridge, chat: Chat) -> Conversation:
    """Return the conversation a word in this chat belongs to: the one that goes on, or the next one."""
    if (current := await going_on(bridge, chat)) is not None:
        return current
    opened = await bridge.store.conversations.open(await next_conversation(bridge, chat))
    while chat.conversation != opened.id:
        try:
            chat = await bridge.store.people.replace_chat(replace(chat, conversation=opened.id))
        except Conflict:
            chat = await bridge.store.people.chat(chat.channel, chat.chat) or chat
    if chat.customer != opened.customer:
        # He joined another customer, or left him, while his conversation was opened: what moved his chat missed it.
        await moving.place(bridge, opened)
        opened = await bridge.store.conversations.get(opened.id)
    return opened
