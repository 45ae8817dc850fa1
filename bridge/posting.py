"""What the staff group is shown goes out like a customer's words: in order, settled, and nothing without its topic."""

from dataclasses import replace
from datetime import datetime, timedelta

from bridge import files, topics
from bridge.channels import BudgetedChannel, DeskChannel, Receipt
from bridge.context import Bridge, log
from bridge.errors import BridgeError, Conflict, NotFound, OutcomeUnknown, RetryLater
from bridge.model.desk import Post, PostKind, Topic
from bridge.model.messages import SETTLED, Delivery, DeliveryState
from bridge.outcome import Outcome, after
from bridge.sending import attempt, to_its_end

#: Posts that may be done twice: what they show is the same.
REPEATABLE = (PostKind.CARD, PostKind.ICON, PostKind.MARK)
#: A topic that could not be made is tried again after so many seconds, then ever later: without it nothing is shown.
TOPIC_AGAIN = 5


async def post(bridge: Bridge, row: Post, desk: DeskChannel) -> datetime | None:
    """Show one post in its topic; a time in return: it, and all behind it, must wait until then."""
    now = bridge.clock.now()
    delivery = row.delivery
    if delivery.not_before is not None and delivery.not_before > now:
        return delivery.not_before
    topic = await _topic(bridge, row, desk)
    if topic.topic is None and row.kind is not PostKind.TOPIC:
        await topics.make_again(bridge, row)  # its making goes first in the lane, so it was given up or forgotten
        return now
    foregone = _foregone(row, topic)
    if foregone is not None:
        return await _conclude(bridge, row, delivery, foregone, topic)
    wait = await desk.turn(topic.group, row.kind.value) if isinstance(desk, BudgetedChannel) else 0.0
    if wait:
        return now + timedelta(seconds=wait)
    try:
        sending = replace(delivery, state=DeliveryState.SENDING)
        marked = await bridge.store.desk.replace(replace(row, delivery=sending))
    except Conflict:
        return now  # shown anew in between: look again
    return await to_its_end(_send(bridge, marked, delivery, topic, desk))


def _foregone(row: Post, topic: Topic) -> Outcome | None:
    """Return what is known of a post without sending it; None: send it."""
    if row.kind is PostKind.TOPIC and topic.topic is not None:
        return Receipt(topic.topic)
    if row.delivery.state is DeliveryState.SENDING and row.kind not in REPEATABLE:
        return OutcomeUnknown("crash_unknown")
    return None


async def _send(bridge: Bridge, row: Post, delivery: Delivery, topic: Topic, desk: DeskChannel) -> datetime | None:
    shown = files.outgoing(bridge, row.attachments)
    outcome = await attempt(desk.post(row, topic, shown), len(shown))
    if isinstance(outcome, NotFound) and topic.topic is not None:
        await _lost_topic(bridge, row, topic)
        return bridge.clock.now()
    return await _conclude(bridge, row, delivery, outcome, topic)


async def _conclude(bridge: Bridge, row: Post, delivery: Delivery, outcome: Outcome, topic: Topic) -> datetime | None:
    if isinstance(outcome, Receipt):
        await _keep_place(bridge, row, outcome, topic)
    elif row.kind is PostKind.TOPIC and not isinstance(outcome, RetryLater):
        # Nothing could be shown without it: at worst an empty topic is left behind.
        outcome = RetryLater(TOPIC_AGAIN, str(outcome))
    settled = after(delivery, outcome, bridge.clock.now())
    if isinstance(outcome, BridgeError) and (settled.state in SETTLED or row.kind is PostKind.TOPIC):
        log.warning("a post did not appear in the staff group", extra={"post": row.id, "reason": settled.reason})
    try:
        await bridge.store.desk.replace(replace(row, delivery=settled))
    except Conflict:
        return bridge.clock.now()  # a card or an icon was renewed meanwhile: it is queued with its new state
    return settled.not_before if settled.state not in SETTLED else None


async def _topic(bridge: Bridge, row: Post, desk: DeskChannel) -> Topic:
    found = await bridge.store.desk.topic(row.conversation)
    return found or await bridge.store.desk.save_topic(Topic(row.conversation, desk.desk, desk.groups[0]))


async def _keep_place(bridge: Bridge, row: Post, receipt: Receipt, topic: Topic) -> None:
    changes: dict[PostKind, Topic] = {
        PostKind.TOPIC: replace(topic, topic=receipt.external_id),
        PostKind.CARD: replace(topic, card=receipt.external_id),
        PostKind.ICON: replace(topic, icon=row.icon),
    }
    changed = changes.get(row.kind)
    if changed is not None and changed != topic:
        await bridge.store.desk.save_topic(changed)


async def _lost_topic(bridge: Bridge, row: Post, topic: Topic) -> None:
    """The topic was deleted by hand: make it anew, then this post and all behind it.

    The place is forgotten last: cut off before, the post finds once more that its topic is gone.
    """
    await bridge.store.desk.show(replace(row, delivery=replace(row.delivery, state=DeliveryState.QUEUED)))
    await topics.make_again(bridge, row)
    await bridge.store.desk.save_topic(replace(topic, topic=None, card=None, icon=""))
