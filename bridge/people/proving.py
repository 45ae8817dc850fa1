"""A customer proves that an e-mail or a phone is his: a code goes there, and he types it where he named it.

Where it goes tells nothing of who is known: an e-mail gets its code whoever has it, and for a code over another chat
the answer is the same whether there is such a chat. What a code proves is said to the staff; the customer hears thanks.
The chat's lane keeps his words in order, so nobody tries two codes of one chat at once.
"""

import hashlib
import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from bridge.commit import Change, commit
from bridge.context import Bridge, log
from bridge.draft import Draft
from bridge.model.conversations import Conversation, Stage
from bridge.model.customers import Chat, Identity
from bridge.model.ids import ChannelName, ChatId, ConversationId, MessageId, derive
from bridge.model.inbound import Commanded, Edited, Pressed, Said, Shared, Started
from bridge.people import asking, claims, codes, contacts, identity, linking, veiling
from bridge.people.claims import Given
from bridge.people.contacts import Contact
from bridge.people.kin import root
from bridge.policy import DESCRIBED, unquoted

if TYPE_CHECKING:
    from bridge.receive import Received

#: Codes sent at most in an hour: to one address, out of one chat, by the installation.
PER_ADDRESS, PER_CHAT, PER_HOUR = 3, 5, 500
#: Places looked at for a free one among many.
PROBED = 8
HOUR = timedelta(hours=1)
#: Owners of an identity and chats of a customer that are looked at.
OWNERS, CHATS = 5, 20


async def given(
    bridge: Bridge, chat: Chat, inbound: Said | Pressed | Started | Shared | Commanded | Edited, word: MessageId
) -> Given:
    """Keep what a customer's word gives of him (claims.given); a code he types proves what it was sent to."""
    if isinstance(inbound, Said) and not inbound.forwarded and not inbound.files:
        code = codes.typed(unquoted(inbound.text))
        if code is not None:
            verdict = await _tried(bridge, chat, code, word)
            if verdict is not None:
                return verdict
    return await claims.given(bridge, chat.home, inbound, word)


async def _tried(bridge: Bridge, chat: Chat, code: str, word: MessageId) -> Given | None:
    """Try a code, once per word; None where none is waited for."""
    key = _key(chat.channel, chat.chat)
    kept = await bridge.store.journal.value(key)
    if kept is None or kept.get("over") not in (None, word):
        return None
    now, until = bridge.clock.now(), datetime.fromisoformat(kept["until"])
    known = await _named(bridge, chat, kept["contact"])
    found = kept["tries"].get(word)
    if found is None:
        right = codes.fits(code, kept["salt"], kept["hash"])
        found = "stale" if now > until or known is None else "proved" if right else "wrong"
        kept["tries"][word] = found
        if found == "wrong" and len(kept["tries"]) >= codes.TRIES:
            found = kept["tries"][word] = "spent"
        if found != "wrong":
            kept["over"] = word
        await bridge.store.journal.put_value(key, kept, until + codes.LIVES)
    if found != "proved" or known is None:
        return Given(code=found)
    contact = Contact(known.kind, known.value)
    await claims.keep(bridge, chat.home, contact, proved=True, source=word)
    return Given((contact,), (contact,), proved=True, code=found)


async def _named(bridge: Bridge, chat: Chat, digest: str) -> Identity | None:
    """Return what a customer claims under a digest: of what is to be proved no other copy is kept."""
    known = await bridge.store.people.identities((await root(bridge, chat.home)).id)
    return next((each for each in known if _digest(Contact(each.kind, each.value)) == digest), None)


async def follow(bridge: Bridge, said: Sequence["Received"]) -> None:
    """Do what follows from words of one breath: join who proved the same, send a code to what is claimed.

    Done again, it does nothing; died over it, a code may go out once more. Raises StoreDown.
    """
    able = bridge.mail is not None or bridge.asks.chat_codes
    for word in said:
        if word.kind == "code":
            conversation = await bridge.store.conversations.get(word.conversation)
            await linking.join_equal(bridge, conversation.channel, conversation.chat)
            await _veil_over(bridge, conversation.channel, conversation.chat)
        elif able and word.kind not in DESCRIBED:
            await _claimed(bridge, word)


async def _veil_over(bridge: Bridge, channel: ChannelName, chat: ChatId) -> None:
    """Veil the code that went into another chat, once it was typed or is spent."""
    kept = await bridge.store.journal.value(_key(channel, chat))
    line = await bridge.store.journal.value(_line_key(channel, chat))
    if kept is not None and kept["over"] and line is not None:
        await veiling.veil(bridge, MessageId(line["line"]))


async def _claimed(bridge: Bridge, word: "Received") -> None:
    """Send a code to the first contact of a word that its writer has not proved yet."""
    claimed = contacts.contacts(unquoted(word.text))[: claims.PER_MESSAGE]
    line = await bridge.store.messages.find(word.message) if claimed else None
    if line is None or line.forwarded:
        return
    conversation = await bridge.store.conversations.get(word.conversation)
    chat = await bridge.store.people.chat(conversation.channel, conversation.chat)
    if chat is None or conversation.banned or bridge.channels.is_public(chat.channel, chat.chat):
        return
    asked = conversation.stage is not Stage.OPERATOR or contacts.only_contact(word.text)
    if _told(word.message) in conversation.decided or not asked:
        return
    known = await bridge.store.people.identities((await root(bridge, chat.home)).id)
    for contact in sorted(claimed, key=lambda each: each.kind):  # an e-mail rather than a phone
        same = [each for each in known if (each.kind, each.value) == (contact.kind, contact.value)]
        if same and not any(each.proved for each in same) and _way(bridge, contact):
            await _send(bridge, chat, conversation, contact, word.message)
            return


def _way(bridge: Bridge, contact: Contact) -> str:
    """Return how a code gets to a contact: mail, chat, or not at all."""
    if contact.kind == "email" and bridge.mail is not None:
        return "mail"
    return "chat" if bridge.asks.chat_codes and contact.kind in identity.CONTACTS else ""


async def _send(bridge: Bridge, chat: Chat, conversation: Conversation, contact: Contact, word: MessageId) -> None:
    code, way = codes.made(), _way(bridge, contact)
    outcome = "limit"
    if await _allowed(bridge, chat, contact, word):
        salted = codes.salt()
        until = bridge.clock.now() + codes.LIVES
        kept: dict[str, Any] = {"contact": _digest(contact), "salt": salted, "hash": codes.sealed(code, salted)}
        kept |= {"until": until.isoformat(), "tries": {}, "over": None}
        outcome = await _posted(bridge, conversation, contact, code) if way == "mail" else "chat"
        if outcome in ("mail", "chat"):
            await bridge.store.journal.put_value(_key(chat.channel, chat.chat), kept, until + codes.LIVES)
    await _tell(bridge, conversation, contact, outcome, word)
    if outcome == "chat":
        await _over_chats(bridge, chat, contact, code, word)


async def _posted(bridge: Bridge, conversation: Conversation, contact: Contact, code: str) -> str:
    assert bridge.mail is not None

    def say(key: str) -> str:
        return bridge.phrases.say(conversation.language, f"customer.{key}", shop=bridge.shop, code=code)

    fault = await bridge.mail.send(contact.value, say("code_mail_subject"), say("code_mail"))
    if fault:
        log.warning("a code could not be sent by e-mail: %s", fault, extra={"conversation": conversation.id})
    return "unsent" if fault else "mail"


async def _tell(bridge: Bridge, conversation: Conversation, contact: Contact, outcome: str, word: MessageId) -> None:
    """Say in the chat where the code has gone, the same whoever has the contact."""
    key = _told(word)

    def decide(before: Conversation) -> Change:
        draft = Draft(bridge, before, before, key)
        sent = outcome in ("mail", "chat")
        draft.event("code_sent" if sent else "code_unsent", detail=contacts.shown(contact))
        draft.audit("system", "code_sent" if sent else "code_unsent", kind=contact.kind, way=outcome)
        phrase = f"customer.code_{outcome}{'_sent' if sent else ''}"
        words = bridge.phrases.say(before.language, phrase, contact=contacts.shown(contact))
        draft.say(asking.BOT, words, "code", anyway=True)
        return draft.change()

    await commit(bridge, conversation.id, key, decide)


async def _over_chats(bridge: Bridge, chat: Chat, contact: Contact, code: str, word: MessageId) -> None:
    """Send a code into another chat of whoever proved the contact, if there is one."""
    other = await _other_chat(bridge, chat, contact)
    if other is None:
        return
    key = f"code:there:{word}"
    line, until = MessageId(derive("message", other, key, "code")), bridge.clock.now() + codes.LIVES
    await veiling.later(bridge, line, until)
    await bridge.store.journal.put_value(_line_key(chat.channel, chat.chat), {"line": line}, until + codes.LIVES)

    def decide(before: Conversation) -> Change:
        draft = Draft(bridge, before, before, key)
        where = bridge.phrases.channel(before.language, bridge.channels.by_name[chat.channel].kind)
        values = {"code": code, "channel": where, "contact": contacts.shown(contact)}
        words = bridge.phrases.say(before.language, "customer.code_there", **values)
        draft.say(asking.BOT, words, "code", id=line, anyway=True, kind="code")
        return draft.change()

    await commit(bridge, other, key, decide)


async def _other_chat(bridge: Bridge, chat: Chat, contact: Contact) -> ConversationId | None:
    """Return a conversation in another chat of whoever proved the contact; None: there is none."""
    mine = await root(bridge, chat.home)
    for owner in await bridge.store.people.owners(contact.kind, contact.value, OWNERS):
        theirs = await root(bridge, owner.customer)
        if not owner.proved or theirs.id == mine.id:
            continue
        for other in await bridge.store.people.chats(theirs.id, CHATS):
            public = bridge.channels.is_public(other.channel, other.chat)
            if other.conversation and not other.unreachable and not public and other.channel in bridge.channels.by_name:
                return other.conversation
    return None


async def _allowed(bridge: Bridge, chat: Chat, contact: Contact, word: MessageId) -> bool:
    """Take a place among the codes of this hour; False: there is none left. For the same word they are kept."""
    bounds = (f"chat:{chat.channel}:{chat.chat}", PER_CHAT), (f"to:{_digest(contact)}", PER_ADDRESS), ("all", PER_HOUR)
    return all([await _placed(bridge, f"codes:{name}", size, word) for name, size in bounds])


async def _placed(bridge: Bridge, key: str, size: int, word: MessageId) -> bool:
    now = bridge.clock.now()
    mine: dict[str, Any] = {"word": word, "until": (now + HOUR).timestamp()}
    places = range(size) if size <= PROBED else random.sample(range(size), PROBED)
    for place in places:
        taken = await bridge.store.journal.put_value_once(f"{key}:{place}", mine, now + HOUR)
        if taken is None or taken["word"] == word:
            return True
        if taken["until"] < now.timestamp():
            await bridge.store.journal.put_value(f"{key}:{place}", mine, now + HOUR)
            return True
    return False


def _told(word: MessageId) -> str:
    return f"code:{word}"


def _key(channel: ChannelName, chat: ChatId) -> str:
    return f"code:{hashlib.sha256(f'{channel}:{chat}'.encode()).hexdigest()}"


def _line_key(channel: ChannelName, chat: ChatId) -> str:
    return f"{_key(channel, chat)}:line"


def _digest(contact: Contact) -> str:
    return hashlib.sha256(f"{contact.kind}:{contact.value}".encode()).hexdigest()
