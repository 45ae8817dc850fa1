"""A conversation that goes on in another messenger: a one-time link made in one chat, entered in the other.

Who enters has both chats in hand, so the two customers are one person: a proof like a shared phone. The code in the
link is good once, for minutes, for one chat; of it only a hash is kept. Whoever made somebody else enter his link has
gained little: that one is told at once where he has come to and can step back with one button.
"""

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bridge import handoff
from bridge.commit import Change, commit
from bridge.context import Bridge
from bridge.draft import Draft
from bridge.model.conversations import Conversation, Stage
from bridge.model.customers import Chat
from bridge.model.ids import ChannelName, ChatId
from bridge.model.inbound import Pressed, Started
from bridge.model.messages import Choice
from bridge.people import linking
from bridge.people.asking import BOT
from bridge.ports.abilities import LinkedChannel
from bridge.ports.channels import Channel
from bridge.receive import ONE_TIME, Received

#: How long a code is good for.
LIVES = timedelta(minutes=10)
#: Data of the button that takes a joining back.
BACK = "continue:back"
#: Kind of proof, as a link's history tells it.
BECAUSE = "continued"


@dataclass(frozen=True, slots=True)
class Way:
    """A channel one can go on in."""

    channel: ChannelName
    kind: str


def ways(bridge: Bridge, channel: ChannelName) -> list[Way]:
    """Return the other channels a link leads into."""
    others: list[tuple[ChannelName, Channel]] = sorted(bridge.channels.by_name.items())
    return [Way(name, each.kind) for name, each in others if name != channel and _link(each, "") is not None]


async def way(bridge: Bridge, channel: ChannelName, chat: ChatId, to: ChannelName) -> str | None:
    """Return a link by which the customer of a chat goes on in another channel, None when none leads there.

    Who has not written yet has nothing to go on with: his link brings no code. Raises StoreDown.
    """
    there = bridge.channels.by_name.get(to)
    if to == channel or _link(there, "") is None:
        return None
    if await bridge.store.people.chat(channel, chat) is None:
        return _link(there, "")
    code = ONE_TIME + secrets.token_urlsafe(24)
    until = bridge.clock.now() + LIVES
    origin = {"channel": channel, "chat": chat, "until": until.timestamp()}
    await bridge.store.journal.put_value(_key(code), origin, until)
    return _link(there, code)


def _link(channel: object, payload: str) -> str | None:
    return channel.link(payload) if isinstance(channel, LinkedChannel) else None


async def started(bridge: Bridge, inbound: Started, received: Received) -> bool:
    """Join who came by a link with the customer who made it, and go on; False: he came by no link of ours.

    Done again after a crash, it does nothing twice. Raises StoreDown.
    """
    if not inbound.payload.startswith(ONE_TIME):
        return False
    left = await _redeemed(bridge, inbound)
    here = await bridge.store.people.chat(inbound.channel, inbound.chat)
    if left is None or here is None:
        await _say(bridge, received, "continue_stale")
        return True
    joined = await linking.join_proved(bridge, here.home, left.home, BECAUSE)
    before = await bridge.store.conversations.get(left.conversation) if left.conversation else None
    await _arrive(bridge, received, before, joined)
    if before is not None and joined:
        await _leave(bridge, before, inbound, received)
    return True


async def _redeemed(bridge: Bridge, inbound: Started) -> Chat | None:
    """Return the chat a code was made in, for the first who brings it in time; None for anybody else."""
    key = _key(inbound.payload)
    origin = await bridge.store.journal.value(key)
    if origin is None:
        return None
    until = datetime.fromtimestamp(origin["until"], UTC)
    mine = {"by": f"{inbound.channel}:{inbound.chat}"}
    used = await bridge.store.journal.put_value_once(f"{key}:used", mine, until + LIVES)
    if used is not None and used != mine:
        return None
    if used is None and inbound.at > until and bridge.clock.now() > until:
        return None
    return await bridge.store.people.chat(ChannelName(origin["channel"]), ChatId(origin["chat"]))


async def _arrive(bridge: Bridge, received: Received, left: Conversation | None, joined: bool) -> None:
    """Greet who came, and give his new conversation to whoever had the old one."""
    key = f"continued:{received.message}"

    def decide(before: Conversation) -> Change:
        draft = Draft(bridge, before, replace(_in_same_hands(bridge, before, left), greeted=True), key)
        draft.event("continued_here", detail=f"№ {left.number}" if left is not None else "")
        words = bridge.phrases.say(before.language, f"customer.{_welcome(left, joined)}", shop=bridge.shop)
        back = Choice(bridge.phrases.say(before.language, "customer.continue_back"), BACK)
        draft.say(BOT, words, "continued", choices=(back,) if joined else (), anyway=True)
        return draft.change()

    await commit(bridge, received.conversation, key, decide)


def _welcome(left: Conversation | None, joined: bool) -> str:
    if not joined:
        return "continue_apart"
    waits = left is not None and left.stage in (Stage.WAITING, Stage.OPERATOR)
    return "continued_waiting" if waits else "continued"


def _in_same_hands(bridge: Bridge, before: Conversation, left: Conversation | None) -> Conversation:
    if left is None or before.stage is not Stage.BOT:
        return handoff.bot_answers(before) if before.stage is Stage.BOT else before
    if left.stage is Stage.OPERATOR:
        return replace(
            before,
            stage=Stage.OPERATOR,
            assignee=left.assignee,
            assignee_name=left.assignee_name,
            epoch=before.epoch + 1,
        )
    if left.stage is Stage.WAITING:
        return handoff.hand_off(before, bridge.clock.now())
    return handoff.bot_answers(before)


async def _leave(bridge: Bridge, left: Conversation, inbound: Started, received: Received) -> None:
    """Tell in the chat that was left where it goes on: a customer who did not do that himself sees it there."""
    key = f"left:{received.message}"
    kind = bridge.channels.by_name[inbound.channel].kind
    sender = inbound.sender
    who = f"@{sender.username}" if sender.username else sender.name

    def decide(before: Conversation) -> Change:
        draft = Draft(bridge, before, before, key)
        where = bridge.phrases.channel(before.language, kind)
        draft.event("continued_there", detail=where)
        draft.audit(before.customer, "continued", channel=inbound.channel, conversation=received.conversation)
        words = bridge.phrases.say(before.language, "customer.continued_there", channel=where, who=who)
        draft.say(BOT, words, "continued", anyway=True)
        return draft.change()

    await commit(bridge, left.id, key, decide)


async def back(bridge: Bridge, press: Pressed) -> str | None:
    """Take the joining back that a link made, where its button was pressed; returns the word shown at the button.

    None: the press is another button's. Raises StoreDown.
    """
    if press.data != BACK:
        return None
    chat = await bridge.store.people.chat(press.channel, press.chat)
    language = bridge.phrases.language
    if chat is not None and chat.conversation is not None:
        language = (await bridge.store.conversations.get(chat.conversation)).language
    parted = chat is not None and await linking.part_proved(bridge, chat.home, BECAUSE)
    return bridge.phrases.say(language, "customer.continue_parted" if parted else "customer.stale_button")


async def _say(bridge: Bridge, received: Received, phrase: str) -> None:
    key = f"continued:{received.message}"

    def decide(before: Conversation) -> Change:
        after = handoff.bot_answers(before) if before.stage is Stage.BOT else before
        draft = Draft(bridge, before, after, key)
        draft.say(BOT, bridge.phrases.say(before.language, f"customer.{phrase}"), phrase, anyway=True)
        return draft.change()

    await commit(bridge, received.conversation, key, decide)


def _key(code: str) -> str:
    return f"continue:{hashlib.sha256(code.encode()).hexdigest()}"
