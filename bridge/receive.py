"""What customers say and do comes in: the chat is known or met, the word gets its place in a conversation, once."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypedDict

from bridge import files, handoff
from bridge.changes.lookup import by_external
from bridge.changes.lookup import word_id as word_id
from bridge.commit import Change, commit
from bridge.context import Bridge
from bridge.draft import Draft
from bridge.errors import Conflict
from bridge.model.conversations import Conversation, Stage
from bridge.model.customers import Chat, Customer, Identity
from bridge.model.files import Attachment
from bridge.model.ids import ConversationId, CustomerId, IdentityId, MessageId, derive
from bridge.model.inbound import (
    Answered,
    Commanded,
    Edited,
    Identified,
    Pressed,
    Reachable,
    Said,
    Shared,
    Started,
)
from bridge.model.messages import Author, AuthorKind, Message
from bridge.opening import conversation_of
from bridge.people import asking, linking, proving, whereabouts
from bridge.people.contacts import vouched_phone

#: Characters of a customer's name that are kept; messengers allow less, custom channels may not.
NAME_LIMIT = 120
#: Characters of a customer's text that are kept; no messenger of ours sends more.
TEXT_LIMIT = 20_000
#: What one-time codes of links begin with (bridge.people.continuing): a link of the shop's own is none.
ONE_TIME = "go-"
#: Characters of a phone on a card that are kept.
PHONE_LIMIT = 40


#: Facts that come with the customer whose chat it is.
Met = Said | Shared | Identified | Pressed | Started | Commanded | Edited | Answered | Reachable


@dataclass(frozen=True, slots=True)
class Received:
    """Where a customer's word stands now."""

    conversation: ConversationId
    message: MessageId
    text: str
    kind: str
    stands: Conversation | None = field(default=None, compare=False, repr=False)  # with this word, if just written


#: What follows from a word, added to the change that writes it.
Follow = Callable[[Change], Change]
#: Decides, on the conversation as it was before a word, what follows from it; None: nothing with the same write.
Then = Callable[[Bridge, Conversation, Received], Awaitable[Follow | None]]


def message_id(inbound: Said | Shared | Pressed | Started | Commanded) -> MessageId:
    """Return the id of the word that came in."""
    return word_id(inbound.channel, inbound.chat, inbound.external_id)


async def receive(
    bridge: Bridge,
    inbound: Said | Pressed | Started | Shared | Commanded,
    *,
    edited_at: datetime | None = None,
    stands_as: str | None = None,
    then: Then | None = None,
) -> Received:
    """Put a customer's word into its conversation, once however often it comes. Raises StoreDown.

    `edited_at`: it comes as he changed it then; `stands_as`: the messenger's id of the message it is part of;
    `then`: what may be decided on the word with the same write.
    """
    text, kind = _words(inbound)
    id = message_id(inbound)
    chat = await meet(bridge, inbound)
    if chat.conversation is None:
        chat = await linking.join_account(bridge, chat)
    seen = await bridge.store.messages.find(id)
    if seen is not None:
        return Received(seen.conversation, seen.id, seen.text, seen.kind)
    attachments = await _attachments(bridge, inbound, id)
    conversation = await conversation_of(bridge, chat)
    extras = await _extras(bridge, inbound, edited_at)
    given = await proving.given(bridge, chat, inbound, id)
    kind = "code" if given.code else attachments[0].kind if attachments else kind
    skip = isinstance(inbound, Pressed) and inbound.data == asking.SKIP
    if kind == "text" and asking.skips(bridge.phrases, conversation, text):
        kind, skip = "press", True
    key = f"in:{id}"
    word = Received(conversation.id, id, text, kind)
    follow = await then(bridge, conversation, word) if then and not (attachments or given.new) else None

    def decide(before: Conversation) -> Change:
        at = min(bridge.clock.now(), max(inbound.at, before.last_message.at if before.last_message else inbound.at))
        draft = Draft(bridge, before, handoff.customer_writes(before, at), key)
        if before.stage is Stage.CLOSED and not before.banned:
            draft.event("reopened_by_customer")
        said = replace(_said(before, id, text, kind, at), external_id=stands_as or inbound.external_id, **extras)
        draft.add_customer(replace(said, seq=draft.conversation.seq + 1, attachments=attachments))
        _refuse(bridge, draft, attachments)
        asking.heard(bridge, draft, text, given, skip=skip)
        change = draft.change()
        return follow(change) if follow is not None else change

    committed = await commit(bridge, conversation.id, key, decide, known=conversation)
    return replace(word, stands=committed.conversation)


def _refuse(bridge: Bridge, draft: Draft, attachments: Sequence[Attachment]) -> None:
    for number, lost in enumerate(each for each in attachments if each.reason):
        words = files.refusal(bridge, draft.conversation.language, lost)
        draft.say(asking.BOT, words, f"refused{number}", anyway=True)


def _said(before: Conversation, id: MessageId, text: str, kind: str, at: datetime) -> Message:
    return Message(
        id=id,
        conversation=before.id,
        seq=before.seq + 1,
        author=Author(AuthorKind.CUSTOMER, before.customer, before.customer_name),
        text=text,
        at=at,
        channel=before.channel,
        chat=before.chat,
        incoming=before.incoming + 1,
        kind=kind,
    )


class Extras(TypedDict, total=False):
    """What a customer's word carries beside its text, where it does; see model.messages.Message."""

    reply_to: MessageId
    forwarded: str
    parts: tuple[str, ...]
    edited_at: datetime


async def _extras(
    bridge: Bridge, inbound: Said | Pressed | Started | Shared | Commanded, edited_at: datetime | None
) -> Extras:
    extras = Extras()
    if not isinstance(inbound, Said):
        return extras
    if inbound.forwarded:
        extras["forwarded"] = named(inbound.forwarded)
    if inbound.parts:
        extras["parts"] = inbound.parts
    if edited_at is not None:
        extras["edited_at"] = edited_at
    quoted = await _quoted(bridge, inbound)
    if quoted is not None:
        extras["reply_to"] = quoted
    return extras


async def _quoted(bridge: Bridge, inbound: Said) -> MessageId | None:
    if inbound.reply_to is None:
        return None
    found = await by_external(bridge, inbound.channel, inbound.chat, inbound.reply_to)
    return found.id if found is not None else None


async def meet(bridge: Bridge, inbound: Met) -> Chat:
    """Find the chat a word came from, or store it with its customer; ids follow from the messenger's."""
    chat = await bridge.store.people.chat(inbound.channel, inbound.chat)
    if chat is None:
        sender = inbound.sender
        customer = CustomerId(derive("customer", inbound.channel, sender.id))
        language = sender.language[:2] if sender.language[:2] in bridge.phrases.texts else bridge.settings.language
        told = named(sender.name) or sender.username
        chat = await bridge.store.people.meet(
            Chat(f"{inbound.channel}:{inbound.chat}", inbound.channel, inbound.chat, customer),
            Customer(customer, told or sender.id, bridge.clock.now(), language, named=bool(told) and sender.named),
            Identity(
                IdentityId(derive("identity", inbound.channel, sender.id)),
                customer,
                inbound.channel,
                sender.id,
                proved=True,
                username=sender.username,
            ),
        )
    await whereabouts.note(bridge, chat, inbound.sender)
    if chat.unreachable is not None and not isinstance(inbound, Reachable):
        chat = await _reachable(bridge, chat, None)
    return chat


def named(name: str) -> str:
    """Return a name on one line, without letters that cannot be seen: it stands in topics and beside our own words.

    Joiners stay, emoji and some languages are written with them; U+202E turns round what follows.
    """
    seen = "".join(letter if letter.isprintable() or letter in "\u200c\u200d" else " " for letter in name)
    return " ".join(seen.split())[:NAME_LIMIT].strip()


async def _attachments(
    bridge: Bridge, inbound: Said | Pressed | Started | Shared | Commanded, id: MessageId
) -> tuple[Attachment, ...]:
    if not isinstance(inbound, Said) or not inbound.files:
        return ()
    return await files.fetched(bridge, inbound.channel, inbound.files, f"chat:{inbound.channel}:{inbound.chat}", id)


async def reachable(bridge: Bridge, inbound: Reachable) -> None:
    """Note that a customer shut the door or opened it again, and tell it in the thread."""
    chat = await meet(bridge, inbound)
    chat = await _reachable(bridge, chat, inbound.reason)
    if chat.conversation is None:
        return
    key = f"reach:{inbound.external_id}"

    def decide(before: Conversation) -> Change:
        draft = Draft(bridge, before, before, key)
        draft.event("blocked" if inbound.reason else "unblocked", detail=inbound.reason or "")
        return draft.change()

    await commit(bridge, chat.conversation, key, decide)


async def _reachable(bridge: Bridge, chat: Chat, reason: str | None) -> Chat:
    while chat.unreachable != reason:
        try:
            return await bridge.store.people.replace_chat(replace(chat, unreachable=reason))
        except Conflict:
            chat = await bridge.store.people.chat(chat.channel, chat.chat) or chat
    return chat


def _words(inbound: Said | Pressed | Started | Shared | Commanded) -> tuple[str, str]:
    match inbound:
        case Said():
            return inbound.text[:TEXT_LIMIT], inbound.kind
        case Pressed():
            return inbound.label, "press"
        case Shared(own=True):
            return vouched_phone(inbound.phone) or inbound.phone[:PHONE_LIMIT], "contact"
        case Shared():
            return " ".join(filter(None, (inbound.name[:NAME_LIMIT], inbound.phone[:PHONE_LIMIT]))), "contact"
        case Started(payload=payload):
            # Which link he came by is worth knowing; a one-time code is nobody's to read.
            told = "" if payload.startswith(ONE_TIME) else payload
            return f"/start {told}".strip(), "command"
        case Commanded():
            return f"/{inbound.command} {inbound.argument}".strip()[:TEXT_LIMIT], "command"
