"""Communities: made and changed, and their people who answer in VK itself."""

from bots.emulators.control import Json
from bots.emulators.vk import events
from bots.emulators.vk.community import ADMIN_ID, SCOPES, Community
from bots.emulators.vk.control.content import find_group, find_person, find_post, words
from bots.emulators.vk.dialog import Post
from bots.emulators.vk.emulation import Emulation
from bots.emulators.vk.world import group_id_of, now


def add(emu: Emulation, token: str, details: Json) -> Community:
    """Register a community; one known by its id or token takes the new details. Raises ValueError."""
    if not token:
        raise ValueError("a community has a token")
    world = emu.world
    wanted = int(details["id"]) if details.get("id") is not None else None
    group = world.groups.get(wanted) if wanted is not None else None
    group = group or next((one for one in world.groups.values() if one.token == token), None)
    if group is None:
        group = world.add_group(token, wanted if wanted is not None else group_id_of(token))
    group.token = token
    group.name = str(details.get("name") or group.name)
    group.screen_name = str(details.get("screen_name") or group.screen_name)
    group.admin_token = str(details.get("admin_token") or group.admin_token)
    scopes = details.get("scopes")
    if scopes is not None:
        if not set(scopes) <= set(SCOPES):
            raise ValueError(f"scopes are {', '.join(SCOPES)}")
        group.scopes = list(scopes)
    if details.get("long_poll"):
        group.poll_on, group.poll_events = True, dict.fromkeys(events.MADE, 1)
    emu.dirty()
    return group


def create(emu: Emulation, body: Json) -> Json:
    """Register a community: {token?, id?, name?, screen_name?, long_poll?, scopes?, admin_token?} -> {group}."""
    token = str(body.get("token") or f"vk1.a.{emu.world.secret('token')}")
    return {"group": shown(add(emu, token, body)) | {"token": token}}


def shown(group: Community) -> Json:
    """Return a community as the control API shows it."""
    servers = [
        {"id": one.id, "url": one.url, "status": one.status, "waiting": len(one.queue)}
        for one in group.servers.values()
    ]
    return {
        "id": group.id,
        "name": group.name,
        "screen_name": group.screen_name,
        "long_poll": group.poll_on,
        "ts": group.ts,
        "servers": servers,
        "banned": group.banned,
    }


def listed(emu: Emulation, body: Json) -> Json:
    """Return the communities."""
    return {"items": [shown(group) for group in emu.world.groups.values()]}


def ban(emu: Emulation, body: Json) -> Json:
    """Put a person on the community's blacklist: sends end with error 900."""
    group, person = find_group(emu, body), find_person(emu, body.get("user"))
    if person.id not in group.banned:
        group.banned.append(person.id)
        payload = {"admin_id": ADMIN_ID, "user_id": person.id, "unblock_date": 0, "reason": 0, "comment": ""}
        events.emit(emu, group, "user_block", payload, person.id)
    emu.dirty()
    return {"group": shown(group)}


def unban(emu: Emulation, body: Json) -> Json:
    """Take a person off the blacklist."""
    group, person = find_group(emu, body), find_person(emu, body.get("user"))
    if person.id in group.banned:
        group.banned.remove(person.id)
        payload = {"admin_id": ADMIN_ID, "user_id": person.id, "by_end_date": 0}
        events.emit(emu, group, "user_unblock", payload, person.id)
    emu.dirty()
    return {"group": shown(group)}


def operator_say(emu: Emulation, body: Json) -> Json:
    """Answer a person in VK itself: {user, text | photo ..., admin?, reply_to?}; the echo carries admin_author_id."""
    group, person = find_group(emu, body), find_person(emu, body.get("user"))
    dialog = emu.world.open_dialog(group.id, person.id)
    said = words(emu, person, body)
    post = Post(group.take_message(), dialog.take_cmid(), now(), -group.id, said.text, said.attachments, said.geo)
    post.reply_to = find_post(dialog, body["reply_to"]).cmid if body.get("reply_to") else None
    post.admin = int(body.get("admin") or ADMIN_ID)
    dialog.add(post)
    dialog.in_read = post.cmid
    events.said(emu, group, dialog, post)
    emu.touch(dialog)
    return {"message_id": post.id, "cmid": post.cmid}
