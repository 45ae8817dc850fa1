"""What the staff group is shown goes out like a customer's words: in order, settled, and nothing without its topic.

Where turns run short the more urgent goes first: what was said, then suggestions, changes, cards, icons.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bridge import files
from bridge.context import Bridge, log
from bridge.delivery.outcome import Outcome, after
from bridge.delivery.sending import attempt, to_its_end
from bridge.errors import BridgeError, Conflict, NotFound, OutcomeUnknown, Rejected, RetryLater, Unreachable
from bridge.model.desk import GENERAL, Post, PostKind, Topic
from bridge.model.ids import LaneId
from bridge.model.lanes import IDLE
from bridge.model.messages import SETTLED, Delivery, DeliveryState
from bridge.ports.channels import BudgetedChannel, DeskChannel, Receipt
from bridge.staff import backlog, bursts, places, topics
from bridge.staff.mirror_changes import resolved

#: Posts handled at one claim.
PORTION = 50
#: How urgent a kind is: one that must wait for its turn lets those before it in this order pass.
RANKS = {
    PostKind.TOPIC: 0,
    PostKind.TEXT: 1,
    PostKind.NOTICE: 1,
    PostKind.SUGGESTION: 2,
    PostKind.MARK: 3,
    PostKind.REACTION: 3,
    PostKind.EDIT: 3,
    PostKind.CARD: 4,
    PostKind.ICON: 5,
}
#: Kinds that need no turn of the group.
FREE = (PostKind.MARK, PostKind.REACTION)
#: Kinds that make a message of the topic.
PLACED = (PostKind.TEXT, PostKind.NOTICE, PostKind.SUGGESTION, PostKind.CARD)
#: What must not be missed.
SAID = (PostKind.TEXT, PostKind.NOTICE, PostKind.SUGGESTION)
#: Posts that may be done twice: what they show is the same.
REPEATABLE = (PostKind.CARD, PostKind.ICON, PostKind.MARK, PostKind.EDIT, PostKind.REACTION)
#: A topic that could not be made is tried again after so many seconds, then ever later: without it nothing is shown.
TOPIC_AGAIN = 5
#: What the staff may or may not have seen is shown again, so often at most: twice is better than never.
AGAIN = 3


async def handle(bridge: Bridge, lane: LaneId, desk: DeskChannel) -> datetime:
    """Show what waits in a topic, up to what must wait; returns when to go on."""
    posts = await bridge.store.desk.going_out(lane, PORTION)
    posts.sort(key=lambda each: (each.delivery.order, each.at))  # answers to commands stand in the order of these
    done: set[str] = set()
    due, refused = IDLE, len(RANKS)
    for place, row in enumerate(posts):
        if row.id in done or (RANKS[row.kind] >= refused and row.kind not in FREE):
            continue
        step = Step(bridge, desk, [each for each in posts[place:] if each.id not in done])
        wait = await step.do()
        done |= step.done
        if wait is not None and not step.refused:
            return min(due, wait)
        if wait is not None:
            due, refused = min(due, wait), min(refused, RANKS[row.kind])
    return bridge.clock.now() if len(posts) == PORTION and due is IDLE else due


class Step:
    """One call for the staff group: a post, or several words that are shown together."""

    def __init__(self, bridge: Bridge, desk: DeskChannel, posts: Sequence[Post]) -> None:
        self._bridge = bridge
        self._desk = desk
        self._posts = posts
        self.done: set[str] = set()
        self.refused = False  # there was no turn for it

    async def do(self) -> datetime | None:
        """Show the first post, with those that join it; a time in return: it must wait until then."""
        row, now = self._posts[0], self._bridge.clock.now()
        if row.delivery.not_before is not None and row.delivery.not_before > now:
            return row.delivery.not_before
        topic = await places.topic_for(self._bridge, self._desk, row.conversation)
        if topic.topic is None and row.kind is not PostKind.TOPIC:
            await topics.make_again(self._bridge, row)  # its making goes first, so it was given up or forgotten
            return now
        if row.kind is PostKind.TOPIC and topic.topic is not None:
            return await self._conclude(row, row.delivery, Receipt(topic.topic), topic)
        shown = await resolved(self._bridge, row, topic)
        if shown is None:
            return await self._conclude(row, row.delivery, Receipt(None), topic)
        wait = await self._turn(topic.group, shown)
        if wait:
            self.refused = True
            if RANKS[row.kind] <= RANKS[PostKind.TEXT]:
                await backlog.tell_slow(self._bridge, self._desk, topic.group, row.at)
            return now + timedelta(seconds=wait)
        together = bursts.burst(self._posts, now)
        marked = [(await self._marked(each), each.delivery) for each in together]
        rows = [(each, before) for each, before in marked if each is not None]
        if not rows or rows[0][0].id != row.id:
            return now  # shown anew in between: look again
        return await to_its_end(self._send(rows, replace(shown, version=rows[0][0].version), topic))

    async def _turn(self, group: str, post: Post) -> float:
        return await self._desk.turn(group, post.kind.value) if isinstance(self._desk, BudgetedChannel) else 0.0

    async def _marked(self, row: Post) -> Post | None:
        sending = replace(row.delivery, state=DeliveryState.SENDING)
        try:
            return await self._bridge.store.desk.replace(replace(row, delivery=sending))
        except Conflict:
            return None

    async def _send(self, rows: Sequence[tuple[Post, Delivery]], shown: Post, topic: Topic) -> datetime | None:
        if len(rows) > 1:
            shown = replace(shown, sections=bursts.sections([row for row, _ in rows]))
        carried = files.outgoing(self._bridge, shown.attachments) if shown.kind is not PostKind.EDIT else ()
        outcome = await attempt(self._desk.post(shown, topic, carried), len(carried))
        await backlog.note_moves(self._bridge, self._desk)
        await backlog.note_trouble(self._bridge, self._desk, topic.group, shown, outcome)
        gone = isinstance(outcome, NotFound) and topic.topic not in (None, GENERAL)
        if gone:
            await self._lost_topic([row for row, _ in rows], topic)
            return self._bridge.clock.now()
        merged = tuple(row.id for row, _ in rows) if len(rows) > 1 else ()
        dues = [await self._conclude(replace(row, merged=merged), before, outcome, topic) for row, before in rows]
        return next((due for due in dues if due is not None), None)

    async def _conclude(self, row: Post, before: Delivery, outcome: Outcome, topic: Topic) -> datetime | None:
        if isinstance(outcome, Receipt):
            row = replace(row, group=topic.group if row.kind in PLACED else "")
            await self._keep_place(row, outcome, topic)
        else:
            outcome = await self._again(row, before, outcome, topic)
        settled = after(before, outcome, self._bridge.clock.now())
        if isinstance(outcome, BridgeError) and (settled.state in SETTLED or row.kind is PostKind.TOPIC):
            log.warning("a post did not appear in the staff group", extra={"post": row.id, "reason": settled.reason})
        try:
            row = await self._bridge.store.desk.replace(replace(row, delivery=settled))
        except Conflict:
            return self._bridge.clock.now()  # a state was renewed meanwhile: it is queued with its new one
        self.done.add(row.id)
        if len(settled.parts) > 1:
            await places.remember_parts(self._bridge, row)
        if settled.state in (DeliveryState.FAILED, DeliveryState.UNKNOWN):
            await topics.tell_unshown(self._bridge, row, topic)
        return settled.not_before if settled.state not in SETTLED else None

    async def _again(self, row: Post, before: Delivery, outcome: BridgeError, topic: Topic) -> BridgeError:
        """Return what a failure means for a post: some are tried again that a customer's word would not be."""
        if row.kind is PostKind.TOPIC and not isinstance(outcome, RetryLater):
            # Nothing could be shown without it: at worst an empty topic is left behind.
            other = await places.elsewhere(self._bridge, self._desk, topic)
            at_once = other is not None and before.attempts < len(self._desk.groups)
            return RetryLater(0 if at_once else TOPIC_AGAIN, str(outcome))
        refused = outcome.reason if isinstance(outcome, Rejected | Unreachable) else ""
        if refused in backlog.TROUBLES and row.kind in SAID:
            return RetryLater(TOPIC_AGAIN, refused)  # it is the whole group that refuses: words wait for its mending
        if isinstance(outcome, OutcomeUnknown) and (row.kind in REPEATABLE or before.attempts < AGAIN):
            return RetryLater(1, outcome.reason)
        return outcome

    async def _keep_place(self, row: Post, receipt: Receipt, topic: Topic) -> None:
        if row.kind is PostKind.TOPIC:
            group = places.moved(self._desk, topic.group)
            await places.keep(self._bridge, topic, topic=receipt.external_id, group=group)
        elif row.kind is PostKind.CARD:
            await places.keep(self._bridge, topic, card=receipt.external_id)
        elif row.kind is PostKind.ICON:
            await places.keep(self._bridge, topic, icon=row.icon)

    async def _lost_topic(self, rows: Sequence[Post], topic: Topic) -> None:
        """The topic was deleted by hand: make it anew, then these posts and all behind them.

        The place is forgotten last: cut off before, the post finds once more that its topic is gone.
        """
        for row in rows:
            queued = replace(row.delivery, state=DeliveryState.QUEUED)
            await self._bridge.store.desk.show(replace(row, delivery=queued))
        await topics.tell_again(self._bridge, rows[0].conversation)
        await topics.make_again(self._bridge, rows[0])
        await places.keep(self._bridge, topic, topic=None, card=None, icon="")
