"""Changes of words that are out go out too: after the words of their lane, in order, then dropped or put back."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bridge import files
from bridge.changes.amending import desks_sign, is_unsent, with_sign
from bridge.changes.rewording import reworded
from bridge.commit import Change, commit
from bridge.context import Bridge
from bridge.delivery.fate import shut_door
from bridge.delivery.outcome import Outcome, after
from bridge.delivery.sending import attempt, to_its_end
from bridge.draft import Draft
from bridge.errors import Conflict, NotFound, OutcomeUnknown, Rejected, RetryLater, Unreachable
from bridge.model.conversations import Conversation
from bridge.model.messages import SETTLED, Amendment, Author, AuthorKind, DeliveryState, Message
from bridge.ports.channels import Channel, Outgoing, Receipt
from bridge.staff import places, topics
from bridge.staff.mirror_changes import show_edit, show_reaction

#: Tries of a change whose outcome nobody knows: done again it does no harm, but not for ever.
TRIES = 6
#: Part of an amendment -> the event that tells that the messenger refused it.
REFUSED = {"delete": "delete_failed", "edit": "edit_failed", "react": "reaction_failed"}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to be changed at the customer: delete, edit or react; and what it makes him see."""

    do: str
    text: str = ""
    emoji: str = ""


def step_of(row: Message, amendment: Amendment) -> Step:
    """Return what is to be done first: who does not see a word any more needs no edit of it."""
    if amendment.deletes:
        return Step("delete")
    if amendment.text is not None:
        return Step("edit", text=row.text)
    return Step("react", emoji=desks_sign(row))


async def fold(bridge: Bridge, row: Message) -> bool:
    """Make a word that did not get out after all what it is to be, before it goes again; False: there is nothing to."""
    delivery, amendment = row.delivery, row.amendment
    if amendment is None or delivery is None or not is_unsent(delivery):
        return False
    if amendment.deletes:
        delivery = replace(delivery, state=DeliveryState.CANCELLED, reason="deleted", not_before=None)
    elif amendment.text is None:
        return False  # a sign can only be put on what is there
    sign = None if amendment.deletes or amendment.emoji is None else replace(amendment, text=None, edited_at=None)
    try:
        row = await bridge.store.messages.replace(replace(row, delivery=delivery, amendment=sign))
        await bridge.feed.tell_message(row)
    except Conflict:
        pass  # written in between: whoever called looks again
    return True


async def carry_out(bridge: Bridge, row: Message, channel: Channel | None) -> datetime | None:
    """Do what is to be changed of a word that is out; a time in return: it, and all behind it, must wait until then."""
    amendment, now = row.amendment, bridge.clock.now()
    if amendment is None:
        return None
    way = amendment.delivery
    if way.state is DeliveryState.FAILED:
        return await _put_back(bridge, row, amendment)
    if way.not_before is not None and way.not_before > now:
        return way.not_before
    if row.delivery is not None and row.delivery.state in (DeliveryState.FAILED, DeliveryState.CANCELLED):
        return await _settle(bridge, row, None)  # it never got there
    outcome: Outcome | None = None
    if row.delivery is not None and row.delivery.state is DeliveryState.UNKNOWN:
        outcome = Rejected("unknown_word")
    elif channel is None:
        outcome = RetryLater(60, "no_channel")
    elif channel.state.state == "broken":
        outcome = RetryLater(30, "channel_broken")
    else:
        budget = bridge.channels.budgeted(row.channel)
        wait = 0.0 if budget is None else await budget.turn(row.chat, "edit")
        if wait:
            return now + timedelta(seconds=wait)
    return await to_its_end(_attempt(bridge, row, amendment, outcome))


async def _attempt(bridge: Bridge, row: Message, amendment: Amendment, outcome: Outcome | None) -> datetime | None:
    step = step_of(row, amendment)
    if outcome is None:
        outcome = await attempt(_done(bridge, row, step), len(row.attachments))
    if step.do == "delete" and isinstance(outcome, NotFound):
        outcome = Receipt(None)  # gone already
    if isinstance(outcome, Receipt):
        return await _settle(bridge, row, step, outcome)
    way = amendment.delivery
    if isinstance(outcome, OutcomeUnknown) and way.attempts < TRIES:
        outcome = RetryLater(1, outcome.reason)
    later = after(way, outcome, bridge.clock.now())
    if isinstance(outcome, Unreachable):
        await shut_door(bridge, row, outcome.reason)
    if later.state in SETTLED:
        reason = "gone" if isinstance(outcome, NotFound) else later.reason
        later = replace(later, state=DeliveryState.FAILED, reason=reason)
    try:
        row = await bridge.store.messages.replace(replace(row, amendment=replace(amendment, delivery=later)))
    except Conflict:
        return bridge.clock.now()  # changed again in between: look again
    if later.state is DeliveryState.FAILED and row.amendment is not None:
        return await _put_back(bridge, row, row.amendment)
    return later.not_before


async def _done(bridge: Bridge, row: Message, step: Step) -> Receipt:
    """Have the channel do it. Raises as its abilities do, Rejected("channel_cannot") without them."""
    channels, name, sent = bridge.channels, row.channel, _sent(row)
    if step.do == "delete" and (deleting := channels.deleting(name)) is not None:
        await deleting.delete(row.chat, sent)
        return Receipt(None)
    if step.do == "edit" and (editing := channels.editing(name)) is not None:
        shown = files.outgoing(bridge, row.attachments)
        says = Outgoing(row.id, row.chat, step.text, row.choices, None, shown, row.asks, row.author, row.at)
        return await editing.edit(says, sent)
    target = row.external_id if row.delivery is None else row.delivery.external_id
    if step.do == "react" and (reacting := channels.reacting(name)) is not None and target is not None:
        await reacting.react(row.chat, target, step.emoji)
        return Receipt(None)
    raise Rejected("channel_cannot")


def _sent(row: Message) -> tuple[str, ...]:
    """Return the messenger's ids of the messages a word became."""
    delivery = row.delivery
    if delivery is None:
        return ()
    return delivery.parts or ((delivery.external_id,) if delivery.external_id is not None else ())


async def _settle(bridge: Bridge, row: Message, step: Step | None, receipt: Receipt | None = None) -> datetime | None:
    """Drop what was done (step None: all of it); the rest, and what was asked for meanwhile, is done next."""
    while True:
        left = _left(row, step)
        try:
            row = await bridge.store.messages.replace(_with_receipt(replace(row, amendment=left), receipt))
            break
        except Conflict:
            row = await bridge.store.messages.get(row.id)
    await bridge.feed.tell_message(row)
    return bridge.clock.now() if left is not None else None


def _left(row: Message, step: Step | None) -> Amendment | None:
    """Return what is still to be done of a row once a step was; None: nothing."""
    held = row.amendment
    if held is None or step is None or step.do == "delete":
        return None
    way = replace(held.delivery, state=DeliveryState.QUEUED, attempts=0, reason=None, not_before=None)
    held = replace(held, delivery=way)
    if step.do == "edit":
        # Changed once more while it was sent: this is what he reads now.
        again = row.text != step.text
        held = replace(held, text=step.text if again else None, edited_at=row.edited_at if again else None)
    else:
        held = replace(held, emoji=step.emoji if desks_sign(row) != step.emoji else None)
    return held if held.deletes or held.text is not None or held.emoji is not None else None


def _with_receipt(row: Message, receipt: Receipt | None) -> Message:
    """Return a row with the ids an edit may have given it: a longer text may need another message."""
    if receipt is None or receipt.external_id is None or row.delivery is None:
        return row
    return replace(row, delivery=replace(row.delivery, external_id=receipt.external_id, parts=receipt.parts))


async def _put_back(bridge: Bridge, row: Message, amendment: Amendment) -> datetime | None:
    """The messenger refused: the row says again what the customer sees, and the desk is told why."""
    step, way = step_of(row, amendment), amendment.delivery
    restored = _restored(row, amendment, step)
    # First what is told: if this process dies in between, the row is found refused and all of it is done again.
    await _tell(bridge, restored, step, f"{REFUSED[step.do]}:{row.id}:{way.order}", way.reason or "rejected")
    if step.do != "react":
        await show_edit(bridge, restored)
    while True:
        try:
            restored = await bridge.store.messages.replace(restored)
            break
        except Conflict:
            row = await bridge.store.messages.get(row.id)
        if row.amendment != amendment:
            return bridge.clock.now()  # something else is wanted by now
        restored = _restored(row, amendment, step)
    await bridge.feed.tell_message(restored)
    if step.do == "delete" and bridge.desk is not None and restored.origin == bridge.desk.desk:
        await show_reaction(bridge, restored)
    return bridge.clock.now() if restored.amendment is not None else None


def _restored(row: Message, amendment: Amendment, step: Step) -> Message:
    way = replace(amendment.delivery, state=DeliveryState.QUEUED, attempts=0, reason=None, not_before=None)
    rest = replace(amendment, delivery=way)
    if step.do == "delete":
        rest, row = replace(rest, deletes=False), replace(row, deleted_at=None)
    elif step.do == "edit":
        row = replace(row, text=amendment.text or "", edited_at=amendment.edited_at)
        rest = replace(rest, text=None, edited_at=None)
    else:
        signs = (each.author for each in row.reactions if each.author.kind is AuthorKind.OPERATOR)
        desk = next(signs, Author(AuthorKind.OPERATOR, "", ""))
        row = replace(row, reactions=with_sign(row, desk, amendment.emoji or ""))
        rest = replace(rest, emoji=None)
    something = rest.deletes or rest.text is not None or rest.emoji is not None
    return replace(row, amendment=rest if something else None)


async def _tell(bridge: Bridge, restored: Message, step: Step, key: str, reason: str) -> None:
    """Tell in the thread, and in the topic, what the customer did not get; the conversation's row says what he sees."""
    code = REFUSED[step.do]

    def decide(before: Conversation) -> Change:
        draft = Draft(bridge, before, reworded(before, restored), key)
        draft.event(code, detail=reason)
        return draft.change()

    conversation = (await commit(bridge, restored.conversation, key, decide)).conversation
    if bridge.desk is None or not conversation.topic:
        return
    say = bridge.phrases
    text = say.say(say.language, f"staff.{code}", reason=say.reason(say.language, reason))
    topic = await bridge.store.desk.topic(restored.conversation)
    reply_to = await places.stands(bridge, restored, topic) if topic is not None else None
    await topics.tell(bridge, restored.conversation, key, text, reply_to, restored.seq)
