"""What the desk does to words that stand already: edit, delete, react. The message row is the outbox of changes too.

A change of a word that is out is written into its row as an amendment, with what the customer still sees, by one
compare-and-swap; the outbox carries it out (bridge.changes.amendments) or puts the row back. What the customer never
got is simply changed. Done again, each verb does nothing but finish what somebody who died left undone.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bridge.changes import naming
from bridge.changes.rewording import show_in_row
from bridge.context import Bridge
from bridge.delivery.lanes import wake
from bridge.errors import Conflict, Forbidden, Invalid
from bridge.model.events import AuditEvent
from bridge.model.ids import MessageId, OperatorId, derive
from bridge.model.lanes import out_lane
from bridge.model.messages import Amendment, Author, AuthorKind, Delivery, DeliveryState, Message, Reaction
from bridge.model.operators import Operator
from bridge.rights import require
from bridge.service import checked
from bridge.staff.mirror import bridge_desk
from bridge.staff.mirror_changes import show_edit, show_reaction
from bridge.teamwork import access

#: Amendments stand in their lane after all words, in the order they were asked for (milliseconds of the day they were).
_ORDER = 1 << 60
#: A word in these states is not on its way yet, unless it may have been sent: it changes before it goes.
_WAITING = (DeliveryState.QUEUED, DeliveryState.RETRYING)
#: A word in these states is at the customer, or will be.
_OUT = (*_WAITING, DeliveryState.SENDING, DeliveryState.SENT, DeliveryState.DELIVERED, DeliveryState.READ)
#: Characters of one sign at most: families and flags are made of many.
_EMOJI = 16
_DESK = (AuthorKind.OPERATOR, AuthorKind.NOTE)

#: Makes of a row what it is to be; None: it is so already.
Change = Callable[[Message, datetime], Message | None]


async def edit(bridge: Bridge, actor: Operator, id: MessageId, text: str, *, origin: str = "api") -> Message:
    """Let a word say something else, also where it was sent to; its author may, and chiefs.

    `origin` as in Message. Colleagues a note names now and did not before are told. Raises Forbidden, NotFound, Invalid
    (text empty or too_long), Conflict: channel_cannot, deleted, not_sent (it failed, was cancelled, or nobody knows).
    """
    require(actor, "amend")
    named = await _named(bridge, actor, id, text)

    def change(row: Message, now: datetime) -> Message | None:
        _require_own(actor, row)
        _require_there(row)
        words = checked(text, row.attachments)
        if words == row.text:
            return None
        return replace(_edited(bridge, row, words, now), mentions=tuple(dict.fromkeys((*row.mentions, *named))))

    return await _amend(bridge, actor, id, "edited", change, origin)


async def _named(bridge: Bridge, actor: Operator, id: MessageId, text: str) -> tuple[OperatorId, ...]:
    """Tell whom a note's new words add; of anything else nobody is. Raises as edit."""
    row = await access.message(bridge, actor, id)
    if row.author.kind is not AuthorKind.NOTE or "@" not in text:
        return ()
    _require_own(actor, row)
    _require_there(row)
    words = checked(text, row.attachments)
    return () if words == row.text else await naming.added(bridge, actor, row, words)


async def delete(bridge: Bridge, actor: Operator, id: MessageId, *, origin: str = "api") -> Message:
    """Take a word back, also from the customer; its text is kept for the staff. Its author may, and chiefs.

    `origin` and errors as in edit.
    """
    require(actor, "amend")

    def change(row: Message, now: datetime) -> Message | None:
        _require_own(actor, row)
        return None if row.deleted_at is not None else _deleted(bridge, row, now)

    return await _amend(bridge, actor, id, "deleted", change, origin)


async def react(bridge: Bridge, actor: Operator, id: MessageId, emoji: str, *, origin: str = "api") -> Message:
    """Put the desk's sign on a word, the only one of the desk there; an empty one takes it away. Notes carry it too.

    `origin` as in edit. Raises Forbidden, NotFound, Invalid(("emoji", "invalid")), Conflict: channel_cannot, deleted,
    not_sent.
    """
    require(actor, "react")
    emoji = _sign(emoji)
    author = Author(AuthorKind.OPERATOR, actor.id, actor.name)

    def change(row: Message, now: datetime) -> Message | None:
        if row.author.kind is AuthorKind.SYSTEM:
            raise Forbidden("a system line takes no reactions")
        _require_there(row)
        return None if desks_sign(row) == emoji else _reacted(bridge, row, author, emoji, now)

    return await _amend(bridge, actor, id, "reacted", change, origin)


def is_unsent(delivery: Delivery) -> bool:
    """Tell whether a word is surely not at the customer, and still to be sent."""
    return delivery.state in _WAITING and not delivery.maybe


def desks_sign(row: Message) -> str:
    """Return the desk's sign on a word, empty for none."""
    return next((each.emoji for each in row.reactions if each.author.kind is AuthorKind.OPERATOR), "")


def with_sign(row: Message, author: Author, emoji: str) -> tuple[Reaction, ...]:
    """Return the signs on a word when this kind of author has this one there, in place of any other of his."""
    others = tuple(each for each in row.reactions if each.author.kind is not author.kind)
    return (*others, Reaction(author, emoji)) if emoji else others


def _require_own(actor: Operator, row: Message) -> None:
    kind = row.author.kind
    if kind in (AuthorKind.CUSTOMER, AuthorKind.SYSTEM):
        raise Forbidden(f"nobody may change the words of {kind.value}")
    if kind not in _DESK or row.author.id != actor.id:
        require(actor, "amend_others")


def _require_there(row: Message) -> None:
    if row.deleted_at is not None:
        raise Conflict("deleted")


def _edited(bridge: Bridge, row: Message, text: str, now: datetime) -> Message:
    if row.delivery is None:
        return replace(row, text=text, edited_at=now)
    if is_unsent(row.delivery):
        return replace(row, text=text)  # nobody has read it otherwise
    held = _amendment(row, now, bridge.channels.editing(row.channel) is not None)
    if held.text is None:
        held = replace(held, text=row.text, edited_at=row.edited_at)
    return replace(row, text=text, edited_at=now, amendment=held)


def _deleted(bridge: Bridge, row: Message, now: datetime) -> Message:
    if row.delivery is None:
        return replace(row, deleted_at=now)
    if is_unsent(row.delivery):
        cancelled = replace(row.delivery, state=DeliveryState.CANCELLED, reason="deleted", not_before=None)
        return replace(row, deleted_at=now, delivery=cancelled, amendment=None)
    held = _amendment(row, now, bridge.channels.deleting(row.channel) is not None)
    return replace(row, deleted_at=now, amendment=replace(held, deletes=True))


def _reacted(bridge: Bridge, row: Message, author: Author, emoji: str, now: datetime) -> Message:
    signed = replace(row, reactions=with_sign(row, author, emoji))
    if row.author.kind is AuthorKind.NOTE:
        return signed
    if row.delivery is not None and is_unsent(row.delivery):
        raise Conflict("not_sent")
    # A press is no message of the messenger's: there is nothing to put a sign on.
    able = bridge.channels.reacting(row.channel) is not None and row.kind != "press"
    held = _amendment(row, now, able)
    if held.emoji is None:
        held = replace(held, emoji=desks_sign(row))
    return replace(signed, amendment=held)


def _amendment(row: Message, now: datetime, able: bool) -> Amendment:
    """Return what is under way already of a word that is out, to be tried anew from now on."""
    if row.delivery is not None and row.delivery.state not in _OUT:
        raise Conflict("not_sent", f"the word is {row.delivery.state.value}")
    if not able:
        raise Conflict("channel_cannot", f"{row.channel} cannot do that")
    way = Delivery(out_lane(row.channel, row.chat), _ORDER + round(now.timestamp() * 1000))
    return replace(row.amendment, delivery=way) if row.amendment is not None else Amendment(way)


def _sign(emoji: str) -> str:
    emoji = emoji.strip()
    plain = any(
        sign.isspace() or sign.isalpha() or not sign.isprintable() for sign in emoji if sign not in "\u200d\ufe0f"
    )
    if len(emoji) > _EMOJI or plain or (emoji and all(ord(sign) < 0x2000 for sign in emoji)):
        raise Invalid(("emoji", "invalid"))
    return emoji


async def _amend(bridge: Bridge, actor: Operator, id: MessageId, action: str, change: Change, origin: str) -> Message:
    while True:
        row = await access.message(bridge, actor, id)
        changed = change(row, bridge.clock.now())
        try:
            row = row if changed is None else await bridge.store.messages.replace(changed)
        except Conflict:
            continue
        break
    if row.amendment is not None:
        await wake(bridge, row.amendment.delivery.lane, "out")
    await _log(bridge, actor, row, action, origin)
    await show_in_row(bridge, row)
    if origin != bridge_desk(bridge):
        await (show_reaction if action == "reacted" else show_edit)(bridge, row)
    if action == "deleted" and row.origin == bridge_desk(bridge):
        await show_reaction(bridge, row)  # the sign on it said that it reached the customer
    await bridge.feed.tell_message(row)
    return row


async def _log(bridge: Bridge, actor: Operator, row: Message, action: str, origin: str) -> None:
    """Log what was done, once for each time it was."""
    when = {"edited": row.edited_at, "deleted": row.deleted_at}.get(action) or row.version
    await bridge.store.journal.write(
        AuditEvent(
            derive("audit", row.id, action, when, desks_sign(row) if action == "reacted" else ""),
            bridge.clock.now(),
            actor.id,
            action,
            f"conversation:{row.conversation}",
            {"message": row.id, "origin": origin},
        )
    )
