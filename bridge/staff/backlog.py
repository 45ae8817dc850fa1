"""How a staff group keeps up: what waits to be shown, and what it cannot do; told to people once, not each time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bridge.context import Bridge, log
from bridge.delivery.lanes import wake
from bridge.errors import BridgeError, Rejected, Unreachable
from bridge.model.desk import GENERAL, Post, PostKind, Topic
from bridge.model.ids import ConversationId, derive
from bridge.model.lanes import out_lane
from bridge.model.messages import Delivery
from bridge.ports.channels import DeskChannel
from bridge.ports.desks import MovingDesk

#: Words that wait longer than this are told of in the General topic.
SLOW = timedelta(minutes=1)
#: How long it is not told again.
QUIET = timedelta(minutes=10)
#: Refusals that are the group's, not one message's.
TROUBLES = ("not_allowed", "chat_not_found", "blocked")


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits to be shown in the staff groups: how much, since when, and what keeps it (a phrase code)."""

    waiting: int
    oldest: datetime | None
    reason: str | None


async def look(bridge: Bridge) -> Backlog:
    """Return how the desk keeps up. Raises StoreDown."""
    desk = bridge.desk
    if desk is None:
        return Backlog(0, None, None)
    waiting, oldest = await bridge.store.desk.waiting()
    reasons = [await _stored_trouble(bridge, desk, group) for group in desk.groups]
    slow = oldest is not None and bridge.clock.now() - oldest > SLOW
    return Backlog(waiting, oldest, next(filter(None, reasons), None) or ("group_slow" if slow else None))


async def tell_slow(bridge: Bridge, desk: DeskChannel, group: str, since: datetime) -> None:
    """Tell once in a while, in the General topic, that words reach their topics late."""
    now = bridge.clock.now()
    if now - since <= SLOW:
        return
    told = await bridge.store.journal.put_value_once(f"slow:{desk.desk}:{group}", {"at": now.timestamp()}, now + QUIET)
    if told is not None and now.timestamp() - told["at"] < QUIET.total_seconds():
        return
    if told is not None:
        await bridge.store.journal.put_value(f"slow:{desk.desk}:{group}", {"at": now.timestamp()}, now + QUIET)
    waiting, _ = await bridge.store.desk.waiting()
    log.warning("words reach the staff group late", extra={"waiting": waiting, "group": group})
    seconds = round((now - since).total_seconds())
    words = bridge.phrases.say(bridge.phrases.language, "staff.slow", waiting=waiting, seconds=seconds)
    await announce(bridge, desk, group, f"slow:{now.isoformat()}", words)


async def note_trouble(bridge: Bridge, desk: DeskChannel, group: str, post: Post, outcome: object) -> None:
    """Note what a group refuses, or that it works again; a trouble that begins is told in the General topic.

    A lost right is got back when a topic could be made: words still reach the topics that are there.
    """
    reason = ""
    if isinstance(outcome, Rejected | Unreachable):
        if outcome.reason not in TROUBLES:
            return
        # Who cannot get in was put out; that may end with any word, a right to topics only when one can be made.
        reason = "blocked" if isinstance(outcome, Unreachable) and outcome.reason == "not_allowed" else outcome.reason
    elif isinstance(outcome, BridgeError):
        return
    known = bridge.memory.troubles.get(group)
    if known is None:
        known = bridge.memory.troubles[group] = await _stored_trouble(bridge, desk, group) or ""
    if known == reason or (known == "not_allowed" and not reason and post.kind is not PostKind.TOPIC):
        return
    bridge.memory.troubles[group] = reason
    value = {"reason": reason, "at": bridge.clock.now().timestamp()}
    await bridge.store.journal.put_value(_trouble(desk, group), value)
    if reason:
        log.error("the staff group refuses what the bot does", extra={"group": group, "reason": reason})
        say = bridge.phrases
        words = say.say(say.language, "staff.trouble", reason=say.reason(say.language, f"group_{reason}"))
        await announce(bridge, desk, group, f"trouble:{bridge.clock.now().isoformat()}", words)


async def note_moves(bridge: Bridge, desk: DeskChannel) -> None:
    """Keep the new ids of upgraded groups, so that a restart knows them; told where the settings still say the old."""
    if not isinstance(desk, MovingDesk) or not desk.moves or bridge.memory.moves == desk.moves:
        return
    key = _moves(desk)
    stored = await bridge.store.journal.value(key) or {}
    new = {old: to for old, to in desk.moves.items() if stored.get(old) != to}
    if new:
        await bridge.store.journal.put_value(key, {**stored, **new})
    bridge.memory.moves.clear()
    bridge.memory.moves.update(desk.moves)
    for old, to in new.items():
        log.warning("the staff group %s is %s now: write it into the settings, %s", old, to, desk.rules.setting)
        words = bridge.phrases.say(bridge.phrases.language, "staff.moved", old=old, new=to, setting=desk.rules.setting)
        await announce(bridge, desk, to, f"moved:{to}", words)


async def recall_moves(bridge: Bridge) -> None:
    """Take over what is known of upgraded groups, from an earlier life or another process. Raises StoreDown."""
    desk = bridge.desk
    if desk is None or not isinstance(desk, MovingDesk):
        return
    stored = await bridge.store.journal.value(_moves(desk)) or {}
    if stored:
        desk.adopt({str(old): str(new) for old, new in stored.items()})


async def announce(bridge: Bridge, desk: DeskChannel, group: str, key: str, text: str) -> None:
    """Put a line into a group's General topic."""
    place = ConversationId(f"general:{group}")
    topic = await bridge.store.desk.topic(place)
    if topic is None:
        await bridge.store.desk.save_topic(Topic(place, desk.desk, group, GENERAL))
    lane = out_lane(desk.desk, place)
    now = bridge.clock.now()
    post = Post(
        id=derive("post", desk.desk, place, key),
        channel=desk.desk,
        conversation=place,
        kind=PostKind.NOTICE,
        text=text,
        at=now,
        delivery=Delivery(lane, round(now.timestamp())),
    )
    await bridge.store.write_rows([post])
    await wake(bridge, lane, "out")


async def _stored_trouble(bridge: Bridge, desk: DeskChannel, group: str) -> str | None:
    value = await bridge.store.journal.value(_trouble(desk, group))
    return str(value["reason"]) or None if value is not None else None


def _trouble(desk: DeskChannel, group: str) -> str:
    return f"trouble:{desk.desk}:{group}"


def _moves(desk: DeskChannel) -> str:
    return f"moves:{desk.desk}"
