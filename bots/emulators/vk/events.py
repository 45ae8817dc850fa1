"""Events on their way to a community: which it asked for, in Long Poll's history and to its callback servers."""

import asyncio
from dataclasses import replace

from bots.emulators.control import Json
from bots.emulators.faults import Fault
from bots.emulators.vk import callback
from bots.emulators.vk.community import Community, Event, Pending
from bots.emulators.vk.dialog import Dialog, Post
from bots.emulators.vk.emulation import Emulation
from bots.emulators.vk.faults import UPDATES
from bots.emulators.vk.render import client_info, message
from bots.emulators.vk.world import now

#: Events this emulator makes; the settings of communities know them by these names.
MADE = (
    *("message_new", "message_reply", "message_edit", "message_event", "message_allow", "message_deny"),
    *("message_typing_state", "message_read", "message_reaction_event", "user_block", "user_unblock"),
    *("group_join", "group_leave", "wall_post_new"),
    *("wall_reply_new", "wall_reply_edit", "wall_reply_delete", "wall_reply_restore"),
)
#: Events VK has and this emulator does not make; settings show and take them.
OTHERS = (
    *("audio_new", "board_post_delete", "board_post_edit", "board_post_new", "board_post_restore"),
    *("donut_money_withdraw", "donut_money_withdraw_error", "donut_subscription_cancelled"),
    *("donut_subscription_create", "donut_subscription_expired", "donut_subscription_price_changed"),
    *("donut_subscription_prolonged", "group_change_photo", "group_change_settings", "group_officers_edit"),
    *("market_comment_delete", "market_comment_edit", "market_comment_new", "market_comment_restore"),
    *("photo_comment_delete", "photo_comment_edit", "photo_comment_new", "photo_comment_restore", "photo_new"),
    *("poll_vote_new", "video_comment_delete", "video_comment_edit", "video_comment_new", "video_comment_restore"),
    *("video_new", "wall_repost", "wall_schedule_post_delete", "wall_schedule_post_new"),
)
#: Fault -> the strange events it sends ahead: of a kind nobody knows, and a message without its needed fields.
STRANGE = {
    "bad_update": ("message_tomorrow", "message_new"),
    "unknown_kind": ("message_tomorrow",),
    "missing_field": ("message_new",),
}
HISTORY_KEPT = 10_000
HOLD_SECONDS = 5.0


def said(emu: Emulation, group: Community, dialog: Dialog, post: Post, kind: str | None = None) -> None:
    """Tell a community about a message of a dialog: new from a person, an echo of its own, or edited."""
    shown = message(dialog, post)
    if kind is None and post.sender > 0:
        person = emu.world.people[dialog.user]
        emit(emu, group, "message_new", {"message": shown, "client_info": client_info(person)}, dialog.user)
    else:
        emit(emu, group, kind or "message_reply", shown, dialog.user)


def emit(emu: Emulation, group: Community, kind: str, payload: Json, peer: int) -> None:
    """Queue an event for whoever of the community asked for its kind; faults for updates strike here."""
    if not _wanted(group, kind):
        return
    event = Event(emu.world.secret(kind)[:40], kind, payload, peer, now())
    fault = emu.faults.strike(UPDATES, None, peer)
    if fault is not None:
        emu.journal.faults[fault.kind] += 1
        event = _spoilt(emu, group, event, fault)
    waiting = emu.line(group.id).held.pop(peer, None)
    if waiting is None and fault is not None and fault.kind == "reorder_updates":
        _hold(emu, group, event)
        return
    if fault is not None and fault.kind == "delay_update":
        asyncio.get_running_loop().call_later(fault.delay / emu.scale, _enqueue, emu, group, event, 1)
        return
    _enqueue(emu, group, event, 2 if fault is not None and fault.kind == "duplicate_update" else 1)
    if waiting is not None:
        _enqueue(emu, group, waiting, 1)


def _wanted(group: Community, kind: str) -> bool:
    if group.poll_on and group.poll_events.get(kind):
        return True
    return any(server.confirmed and server.events.get(kind) for server in group.servers.values())


def _spoilt(emu: Emulation, group: Community, event: Event, fault: Fault) -> Event:
    """Return the event as a fault wants it; some faults only send something strange ahead of it."""
    if fault.kind in STRANGE:
        unknown = {"message": {"id": 0, "date": int(now()), "text": "a message of an unknown shape"}}
        made: dict[str, Json] = {"message_tomorrow": {"what": "nobody knows yet"}, "message_new": unknown}
        for kind in STRANGE[fault.kind]:
            strange = Event(emu.world.secret("strange")[:40], kind, made[kind], event.peer, now())
            _enqueue(emu, group, strange, 1, asked=event.type)
    elif fault.kind == "old_shape" and event.type == "message_new":
        # Before 5.103 the message itself stood in `object`.
        return replace(event, object=event.object["message"])
    elif fault.kind in ("drop_secret", "no_secret"):
        return replace(event, secret="")
    elif fault.kind == "wrong_secret":
        return replace(event, secret=emu.world.secret("wrong"))
    return event


def _enqueue(emu: Emulation, group: Community, event: Event, copies: int, asked: str = "") -> None:
    kind = asked or event.type
    emu.journal.updates += 1
    if group.poll_on and group.poll_events.get(kind):
        for _ in range(copies):
            group.ts += 1
            group.events.append(event)
        del group.events[:-HISTORY_KEPT]
        wake(emu, group)
    for server in group.servers.values():
        if server.confirmed and server.events.get(kind):
            pending = server.queue[event.event_id] = Pending(event, copies=copies)
            callback.push(emu, group, server, pending)
    emu.dirty()


def wake(emu: Emulation, group: Community) -> None:
    """Let whoever waits in Long Poll look again."""
    for future in emu.line(group.id).polls:
        if not future.done():
            future.set_result(None)


def _hold(emu: Emulation, group: Community, event: Event) -> None:
    """Keep an event back until the next one of its peer overtook it, or five seconds passed."""
    held = emu.line(group.id).held
    held[event.peer] = event

    def release() -> None:
        if held.get(event.peer) is event:
            del held[event.peer]
            _enqueue(emu, group, event, 1)

    asyncio.get_running_loop().call_later(HOLD_SECONDS / emu.scale, release)
