"""/notifications and /me/notifications: what the caller is told of, what he has read, what he wants to be told."""

from bridge.model.notices import Kind, Way
from bridge.model.operators import Operator
from bridge.notices import outgoing, telling, wishes
from operator_panel.api import notice_shapes as shapes
from operator_panel.problems import invalid
from operator_panel.serving import Call


async def notifications(call: Call, query: shapes.NotificationQuery) -> shapes.Notifications:
    """List what the caller is told of, never of conversations he does not get."""
    rows, following = await telling.listed(call.bridge, call.actor, query.cursor, query.limit, query.unread)
    items = [shapes.shown(each.notice, not each.fresh) for each in rows]
    return shapes.Notifications(items=items, next=following, unread=await telling.count(call.bridge, call.actor))


async def notifications_read(call: Call, body: shapes.NotificationsRead) -> shapes.Unread:
    """Take notifications as read."""
    await telling.read(call.bridge, call.actor, ids=body.ids, everything=body.all)
    return shapes.Unread(unread=await telling.count(call.bridge, call.actor))


async def me_notifications(call: Call) -> shapes.NotificationWishes:
    """Read what the caller wants to be told of."""
    return _wishes(call, call.actor)


async def me_notifications_change(call: Call, body: shapes.NotificationWishesChange) -> shapes.NotificationWishes:
    """Change what the caller wants to be told of."""
    named = body.model_fields_set
    if nulls := [name for name in named if getattr(body, name) is None and name != "quiet"]:
        raise invalid(*((name, "required") for name in nulls))
    quiet = None
    if "quiet" in named:
        quiet = (_minutes(body.quiet.begin), _minutes(body.quiet.end)) if body.quiet is not None else (-1, -1)
    person = await wishes.choose(
        call.bridge,
        call.actor,
        ways=body.ways,
        quiet=quiet,
        time_zone=body.time_zone,
        email_minutes=body.email_minutes,
        sound=body.sound,
        tone=body.tone,
        volume=body.volume,
    )
    return _wishes(call, person)


def _minutes(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _wishes(call: Call, person: Operator) -> shapes.NotificationWishes:
    kept = person.notices
    by_bot = outgoing.telegram(call.bridge) is not None and person.telegram_user_id is not None
    there = {Way.PANEL: True, Way.BROWSER: True, Way.TELEGRAM: by_bot, Way.EMAIL: call.bridge.mail is not None}
    quiet = kept.quiet_from >= 0
    return shapes.NotificationWishes(
        ways={kind: list(kept.ways(kind)) for kind in Kind},
        available=[way for way, is_there in there.items() if is_there],
        quiet=shapes.Quiet(begin=_clock(kept.quiet_from), end=_clock(kept.quiet_to)) if quiet else None,
        time_zone=kept.time_zone,
        email_minutes=kept.email_minutes,
        sound=kept.sound,
        tone=kept.tone,
        volume=kept.volume,
    )
