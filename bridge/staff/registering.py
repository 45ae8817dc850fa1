"""A person of the desk shows which Telegram account is his: by a one-time code that he brings to the bot from there."""

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bridge.commit import Change, commit
from bridge.context import Bridge
from bridge.draft import Draft
from bridge.errors import Conflict, Invalid, NotFound
from bridge.model.conversations import Conversation
from bridge.model.events import AuditEvent
from bridge.model.ids import OperatorId, fresh
from bridge.model.inbound import Started
from bridge.model.operators import Operator
from bridge.notices import people
from bridge.people.asking import BOT
from bridge.ports.abilities import LinkedChannel
from bridge.receive import ONE_TIME, Received

#: How long a code works.
LIVES = timedelta(minutes=15)
#: What these codes begin with, among those that are nobody's to read.
OF_STAFF = f"{ONE_TIME}desk-"
KIND = "telegram"


@dataclass(frozen=True, slots=True)
class Code:
    """A code with the link that brings it to the bot, None where Telegram has not told the bot's name yet."""

    code: str
    url: str | None
    expires_at: datetime


async def offer(bridge: Bridge, actor: Operator) -> Code:
    """Make a code for a person's own account; the one made before works no more.

    Raises Conflict("channel_cannot") where no Telegram bot is connected.
    """
    doors = [each for _, each in sorted(bridge.channels.by_name.items()) if each.kind == KIND]
    if not doors:
        raise Conflict("channel_cannot", "no Telegram bot is connected")
    code = OF_STAFF + secrets.token_urlsafe(24)
    until = bridge.clock.now() + LIVES
    await bridge.store.journal.put_value(_key(code), {"operator": actor.id, "until": until.timestamp()}, until)
    await bridge.store.journal.put_value(_last(actor.id), {"code": _digest(code)}, until)
    links = [each.link(code) for each in doors if isinstance(each, LinkedChannel)]
    return Code(code, next(filter(None, links), None), until)


async def unlink(bridge: Bridge, actor: Operator) -> Operator:
    """Let no Telegram account be a person's own any more. Raises Conflict("version")."""
    if actor.telegram_user_id is None:
        return actor
    row = await bridge.store.staff.replace(replace(actor, telegram_user_id=None))
    await _noted(bridge, row, "telegram_unlinked")
    return row


async def started(bridge: Bridge, inbound: Started, received: Received) -> bool:
    """Register who brought a code of ours to the bot; False: he brought none. Done again it does nothing twice."""
    if not inbound.payload.startswith(OF_STAFF):
        return False
    outcome = await _registered(bridge, inbound)
    key = f"registered:{received.message}"

    def decide(before: Conversation) -> Change:
        draft = Draft(bridge, before, before, key)
        words = bridge.phrases.say(before.language, f"staff.{outcome}", shop=bridge.shop)
        draft.say(BOT, words, outcome, anyway=True)
        return draft.change()

    await commit(bridge, received.conversation, key, decide)
    return True


async def _registered(bridge: Bridge, inbound: Started) -> str:
    channel = bridge.channels.by_name[inbound.channel]
    kept = await bridge.store.journal.value(_key(inbound.payload))
    if kept is None or channel.kind != KIND or not inbound.chat.isdecimal():
        return "telegram_stale"
    while True:
        try:
            row = await bridge.store.staff.operator(OperatorId(kept["operator"]))
            if row.telegram_user_id == int(inbound.chat):
                return "telegram_linked"  # done before, by this very message perhaps
            if row.disabled or not await _fresh(bridge, inbound, kept):
                return "telegram_stale"
            row = await bridge.store.staff.replace(replace(row, telegram_user_id=int(inbound.chat)))
        except Conflict:
            continue
        except NotFound:
            return "telegram_stale"
        except Invalid:
            return "telegram_taken"
        break
    # Used up: who saw the code over a shoulder comes too late.
    await bridge.store.journal.put_value(_last(row.id), {"code": ""}, datetime.fromtimestamp(kept["until"], UTC))
    await _noted(bridge, row, "telegram_linked")
    return "telegram_linked"


async def _fresh(bridge: Bridge, inbound: Started, kept: dict[str, Any]) -> bool:
    """Tell whether a code came in time, is its owner's last one, and is not used up."""
    last = await bridge.store.journal.value(_last(kept["operator"]))
    on_time = inbound.at <= datetime.fromtimestamp(kept["until"], UTC)
    return on_time and last is not None and last["code"] == _digest(inbound.payload)


async def _noted(bridge: Bridge, row: Operator, action: str) -> None:
    event = AuditEvent(fresh(), bridge.clock.now(), row.id, action, f"operator:{row.id}")
    await bridge.store.journal.write(event)
    people.forget(bridge)


def _key(code: str) -> str:
    return f"desk:{_digest(code)}"


def _last(id: str) -> str:
    return f"desk:last:{id}"


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
