"""Customers: their accounts and what they do in the dialog with a community."""

import json
import time
from typing import Any

from bots.emulators import aids
from bots.emulators.control import ControlError, Json
from bots.emulators.vk import events, keyboards
from bots.emulators.vk.community import Community
from bots.emulators.vk.control.content import (
    Words,
    find_group,
    find_person,
    find_post,
    forwarded,
    text_of,
    words,
)
from bots.emulators.vk.dialog import Dialog, Post, Press
from bots.emulators.vk.emulation import Emulation
from bots.emulators.vk.methods.sending import place
from bots.emulators.vk.reactions import id_of
from bots.emulators.vk.world import Person, now

PRESSES_KEPT = 10_000


def create(emu: Emulation, body: Json) -> Json:
    """Open an account: {name, username?, phone?, lang?, id?} -> {user: {id, name}}."""
    name, person_id = aids.newcomer(body, emu.world.people, below=2_000_000_000)
    details = {key: str(body[key]) for key in ("phone", "lang") if body.get(key)}
    person = emu.world.add_person(name, person_id, screen_name=str(body.get("username") or ""), **details)
    emu.dirty()
    return {"user": shown(emu, person)}


def shown(emu: Emulation, person: Person) -> Json:
    """Return an account as the control API shows it."""
    dialogs = [one for group in emu.world.groups if (one := emu.world.dialog(group, person.id)) is not None]
    return {
        "id": person.id,
        "name": person.name,
        "username": person.screen_name,
        "phone": person.phone,
        "lang": person.lang,
        "blocked": any(dialog.allowed is False for dialog in dialogs),
        "deactivated": bool(person.deactivated),
        "groups": [dialog.group for dialog in dialogs if dialog.allowed],
    }


def listed(emu: Emulation, body: Json) -> Json:
    """Return all accounts."""
    return {"items": [shown(emu, person) for person in emu.world.people.values()]}


def _dialog(emu: Emulation, body: Json, met: bool = True) -> tuple[Community, Dialog, Person]:
    person = find_person(emu, body.get("user"))
    group = find_group(emu, body)
    if met and emu.world.dialog(group.id, person.id) is None:
        raise ControlError(404, f"user {person.id} and community {group.id} never talked")
    return group, emu.world.open_dialog(group.id, person.id), person


def say(emu: Emulation, body: Json) -> Json:
    """Write to a community: {user, text | photo | ..., reply_to?, forward_from?, payload?, ref?} -> {message_id}."""
    group, dialog, person = _dialog(emu, body, met=False)
    if person.deactivated or person.id in group.banned:
        raise ControlError(403, f"user {person.id} cannot write to community {group.id}")
    said = words(emu, person, body)
    carried = forwarded(emu, dialog, body.get("forward_from"), said)
    said = Words() if carried else said
    answered = find_post(dialog, body["reply_to"]).cmid if body.get("reply_to") else None
    said.payload, said.ref = (str(body[name]) if body.get(name) else None for name in ("payload", "ref"))
    post = write(emu, group, dialog, said, answered, carried)
    return {"message_id": post.id, "cmid": post.cmid}


def write(
    emu: Emulation,
    group: Community,
    dialog: Dialog,
    said: Words,
    reply_to: int | None = None,
    carried: list[Json] | None = None,
) -> Post:
    """Put a person's message into a dialog and tell the community; whoever writes allows answers."""
    moment = now()
    number, cmid = group.take_message(), dialog.take_cmid()
    post = Post(number, cmid, moment, dialog.user, said.text, said.attachments, said.geo, reply_to, carried or [])
    post.payload, post.ref = said.payload, said.ref
    dialog.add(post)
    dialog.allowed = True
    # Whoever writes has read what stands above.
    dialog.out_read = post.cmid
    emu.said.setdefault(dialog.key, moment)
    events.said(emu, group, dialog, post)
    emu.touch(dialog)
    return post


def _own(dialog: Dialog, person: Person, message_id: Any) -> Post:
    post = find_post(dialog, message_id)
    if post.sender != person.id:
        raise ControlError(403, f"message {post.id} was written by somebody else")
    return post


def edit(emu: Emulation, body: Json) -> Json:
    """Change the text of an own message: {user, message_id, text}."""
    group, dialog, person = _dialog(emu, body)
    post = _own(dialog, person, body.get("message_id"))
    text = text_of(body.get("text"))
    if not text:
        raise ControlError(400, "text says what the message becomes")
    post.text, post.edited = text, now()
    events.said(emu, group, dialog, post, "message_edit")
    emu.touch(dialog)
    return {"message_id": post.id}


def delete(emu: Emulation, body: Json) -> Json:
    """Delete an own message for everybody; VK tells communities nothing of it."""
    _, dialog, person = _dialog(emu, body)
    post = _own(dialog, person, body.get("message_id"))
    post.deleted = True
    emu.touch(dialog)
    return {"message_id": post.id}


def react(emu: Emulation, body: Json) -> Json:
    """React to a message: {user, message_id, emoji}; no emoji takes the reaction back."""
    group, dialog, person = _dialog(emu, body)
    post = find_post(dialog, body.get("message_id"))
    emoji = str(body.get("emoji") or "")
    new = id_of(emoji) if emoji else None
    old = post.reactions.pop(str(person.id), None)
    if new is not None:
        post.reactions[str(person.id)] = new
    if old != new:
        payload = {"reacted_id": person.id, "peer_id": dialog.user, "cmid": post.cmid}
        events.emit(
            emu,
            group,
            "message_reaction_event",
            payload | ({"reaction_id": new} if new is not None else {}),
            dialog.user,
        )
    emu.touch(dialog)
    return {"message_id": post.id}


async def press(emu: Emulation, body: Json) -> Json:
    """Press a button by its data (payload) or text: {user, message_id?, data | text, wait?}.

    A text button says its label; a callback button makes an event, whose answer `wait` seconds wait for.
    """
    group, dialog, _ = _dialog(emu, body)
    data, text = body.get("data"), body.get("text")
    if data is None and text is None:
        raise ControlError(400, "name the button by data or by text")
    named = body.get("message_id")
    posts = [find_post(dialog, named)] if named else [post for post in reversed(dialog.posts) if not post.deleted]
    found = next(((post, action) for post in posts if (action := _action(post, data, text)) is not None), None)
    if found is None:
        raise ControlError(404, f"no such button: data {data!r}, text {text!r}")
    post, action = found
    if action["type"] == "callback":
        return await _callback(emu, group, dialog, post, action, float(body.get("wait") or 0))
    if action["type"] == "open_link":
        return {"url": action["link"], "message_id": post.id}
    said = Words(geo=place(55.751244, 37.618423)) if action["type"] == "location" else Words(str(action["label"]))
    said.payload = action.get("payload") or None
    spoken = write(emu, group, dialog, said)
    return {"message_id": spoken.id, "cmid": spoken.cmid}


def _action(post: Post, data: Any, text: Any) -> Json | None:
    for row in keyboards.actions(post):
        for action in row:
            if data is not None and keyboards.same(str(action.get("payload") or ""), data):
                return action
            if data is None and action.get("label") == text:
                return action
    return None


async def _callback(emu: Emulation, group: Community, dialog: Dialog, post: Post, action: Json, seconds: float) -> Json:
    press = Press(emu.world.secret("press")[:12], group.id, dialog.user, now())
    emu.world.presses[press.event_id] = press
    while len(emu.world.presses) > PRESSES_KEPT:
        del emu.world.presses[next(iter(emu.world.presses))]
    payload = action.get("payload")
    event = {"user_id": dialog.user, "peer_id": dialog.user, "event_id": press.event_id}
    value = json.loads(payload) if payload else {}
    event |= {"payload": value, "conversation_message_id": post.cmid}
    events.emit(emu, group, "message_event", event, dialog.user)
    emu.touch(dialog)
    told: Json = {"event_id": press.event_id, "message_id": post.id}
    if seconds:
        until = time.monotonic() + seconds
        while press.answer is None and not emu.closing and (left := until - time.monotonic()) > 0:
            await emu.changes.wait(dialog.user, left)
        told["answer"] = press.answer
    return told


def allow(emu: Emulation, body: Json) -> Json:
    """Allow the community to write: {user, key?}; it learns that from message_allow."""
    group, dialog, person = _dialog(emu, body, met=False)
    if not dialog.allowed:
        dialog.allowed = True
        payload = {"user_id": person.id, "key": str(body.get("key") or "")}
        events.emit(emu, group, "message_allow", payload, person.id)
    emu.touch(dialog)
    return {"user": shown(emu, person)}


def deny(emu: Emulation, body: Json) -> Json:
    """Forbid the community to write; it learns that from message_deny, and its sends end with error 901."""
    group, dialog, person = _dialog(emu, body, met=False)
    if dialog.allowed is not False:
        dialog.allowed = False
        events.emit(emu, group, "message_deny", {"user_id": person.id}, person.id)
    emu.touch(dialog)
    return {"user": shown(emu, person)}


def privacy(emu: Emulation, body: Json) -> Json:
    """Close a person's page to messages of the community (error 902), without an event: {user, closed}."""
    _, dialog, person = _dialog(emu, body, met=False)
    dialog.closed = bool(body.get("closed", True))
    emu.touch(dialog)
    return {"user": shown(emu, person)}


def deactivate(emu: Emulation, body: Json) -> Json:
    """Delete a person's account: sends end with error 18."""
    person = find_person(emu, body.get("user"))
    person.deactivated = "deleted"
    emu.dirty()
    return {"user": shown(emu, person)}


def join(emu: Emulation, body: Json) -> Json:
    """Join the community: {user}."""
    return _membership(emu, body, joins=True)


def leave(emu: Emulation, body: Json) -> Json:
    """Leave the community: {user}."""
    return _membership(emu, body, joins=False)


def _membership(emu: Emulation, body: Json, joins: bool) -> Json:
    group, person = find_group(emu, body), find_person(emu, body.get("user"))
    if (person.id in group.members) != joins:
        if joins:
            group.members.append(person.id)
            events.emit(emu, group, "group_join", {"user_id": person.id, "join_type": "join"}, person.id)
        else:
            group.members.remove(person.id)
            events.emit(emu, group, "group_leave", {"user_id": person.id, "self": 1}, person.id)
        emu.dirty()
    return {"user": shown(emu, person)}


def typing(emu: Emulation, body: Json) -> Json:
    """Show that a person writes: {user}."""
    group, dialog, person = _dialog(emu, body, met=False)
    payload = {"state": "typing", "from_id": person.id, "to_id": -group.id}
    events.emit(emu, group, "message_typing_state", payload, dialog.user)
    return {"user": shown(emu, person)}


def read(emu: Emulation, body: Json) -> Json:
    """Read what the community wrote, up to a message or all: {user, message_id?}."""
    group, dialog, person = _dialog(emu, body)
    posts = [post for post in dialog.posts if post.sender < 0 and not post.deleted]
    post = find_post(dialog, body["message_id"]) if body.get("message_id") else (posts[-1] if posts else None)
    if post is not None and post.cmid > dialog.out_read:
        dialog.out_read = post.cmid
        payload = {"from_id": person.id, "peer_id": dialog.user, "read_message_id": post.id}
        events.emit(emu, group, "message_read", payload | {"conversation_message_id": post.cmid}, dialog.user)
    emu.touch(dialog)
    return {"message_id": post.id if post is not None else None}
