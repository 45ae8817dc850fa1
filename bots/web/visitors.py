"""Who a visitor is: the chat a token opens, and the customer the shop signed for.

A chat belongs to one customer of the shop at most, for ever: somebody else who signs in on the same machine gets a
chat of his own, even when the page forgot to reset the widget. The token of a guest opens his chat until somebody
signs in with it: whoever sat there before, and kept the token, reads nothing of what is said from then on.
"""

import hashlib
from dataclasses import dataclass

from bots.web import tokens
from bots.web.incoming import Person, identified
from bots.web.lines import leave
from bots.web.problems import Problem
from bots.web.site import Site
from bridge.model.ids import ChatId
from bridge.model.lanes import IDLE, in_lane


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody at the widget: `user` is the shop's own id of him, empty for a guest; `first` as in tokens.Pass."""

    token: str
    chat: ChatId
    user: str = ""
    first: bool = False


async def known(site: Site, token: str, signs_as: str = "") -> Visitor | None:
    """Return who holds a token, None for one that is not ours (any more). Raises StoreDown.

    `signs_as` is the customer about to prove himself: the answer to his proof may have been lost, and with it the new
    token of the chat that is his by now.
    """
    found = tokens.read(await site.key(), site.name, token)
    if found is None:
        return None
    user = await user_of(site, found.chat)
    if (not user and site.settings.required_identity) or (user and found.first and user != signs_as):
        return None
    return Visitor(token, found.chat, user, found.first)


async def user_of(site: Site, chat: ChatId) -> str:
    """Return the shop's id of the customer a chat belongs to, empty for a guest's. Raises StoreDown."""
    bound = await site.bridge.store.journal.value(_chat_key(site, chat))
    return str(bound["user"]) if bound else ""


async def holder(site: Site, token: str) -> Visitor:
    """Return who holds a token. Raises Problem 401, StoreDown."""
    visitor = await known(site, token)
    if visitor is None:
        raise Problem(401, "no_session", headers={"WWW-Authenticate": 'Bearer realm="widget"'})
    return visitor


async def guest(site: Site) -> Visitor:
    """Make a visitor nobody knows anything of. Raises Problem 403 where only signed ones are let in."""
    if site.settings.required_identity:
        raise Problem(403, "identity_required")
    return await _fresh(site)


async def _fresh(site: Site, chat: ChatId | None = None) -> Visitor:
    made = tokens.issue(await site.key(), site.name, chat)
    return Visitor(made.token, made.chat, first=made.first)


async def signed(site: Site, before: Visitor | None, person: Person, signature: str, language: str) -> Visitor:
    """Let the shop's signature prove who a visitor is. Raises Problem 403 `bad_hash`, and then nothing is proved.

    The chat stays what it is on the screen; a browser without a chat, or with somebody else's, gets the newest one of
    this customer. A chat that has a customer in the hall hears of the proof at once, others with their first word.
    """
    if not site.secret or not tokens.proves(site.secret, person.user_id, signature):
        raise Problem(403, "bad_hash")
    journal = site.bridge.store.journal
    user_key = f"web:{site.name}:user:{_digest(person.user_id)}"
    record = await journal.value(user_key)
    visitor = await _chosen(site, before, person.user_id, ChatId(record["chat"]) if record else None)
    bound = await journal.put_value_once(_chat_key(site, visitor.chat), {"user": person.user_id}, IDLE)
    if bound is None:
        await leave(site.bridge.bus, site.name, visitor.chat)
    elif bound["user"] != person.user_id:  # somebody else was quicker with this chat
        visitor = await _fresh(site)
        await journal.put_value_once(_chat_key(site, visitor.chat), {"user": person.user_id}, IDLE)
    told = {"chat": visitor.chat, "email": person.email, "phone": person.phone, "name": person.name}
    if record != told:
        await journal.put_value(user_key, told)
    if await _has_written(site, visitor.chat):
        await site.taken()(site.name, identified(site, visitor.chat, person, language))
    if visitor.first:
        visitor = await _fresh(site, visitor.chat)
    return Visitor(visitor.token, visitor.chat, person.user_id)


async def person_of(site: Site, visitor: Visitor) -> Person | None:
    """Return what the shop last signed of a visitor, None for a guest. Raises StoreDown."""
    if not visitor.user:
        return None
    record = await site.bridge.store.journal.value(f"web:{site.name}:user:{_digest(visitor.user)}") or {}
    return Person(visitor.user, record.get("email", ""), record.get("phone", ""), record.get("name", ""))


async def _chosen(site: Site, before: Visitor | None, user: str, newest: ChatId | None) -> Visitor:
    if before is not None and before.user == user:
        return before
    if before is not None and not before.user and (newest is None or await _has_written(site, before.chat)):
        return before
    return await _fresh(site, newest)


async def _has_written(site: Site, chat: ChatId) -> bool:
    """Is the chat known to the hall, or about to be?"""
    store = site.bridge.store
    if await store.people.chat(site.name, chat) is not None:
        return True
    return bool(await store.updates.waiting(in_lane(site.name, chat), 1))


def _chat_key(site: Site, chat: ChatId) -> str:
    return f"web:{site.name}:chat:{chat}"


def _digest(user: str) -> str:
    return hashlib.sha256(user.encode()).hexdigest()[:32]
