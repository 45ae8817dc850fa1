"""The world as JSON: snapshots over the control API, and a state file that outlives the process."""

import base64
from collections.abc import Mapping
from pathlib import Path

from bots.emulators import state
from bots.emulators.control import Json
from bots.emulators.records import made, plain
from bots.emulators.vk.community import CallbackServer, Comment, Community, Event, Pending, WallPost
from bots.emulators.vk.dialog import Dialog, Post, Press
from bots.emulators.vk.emulation import Emulation
from bots.emulators.vk.events import HISTORY_KEPT
from bots.emulators.vk.world import Person, StoredFile, Ticket, World

VERSION = 1
# After a crash the last moments may be missing; ids jump so that none is given twice.
JUMP = 1_000


def dump(emu: Emulation, with_bytes: bool = True) -> Json:
    """Return the state as JSON values."""
    world = emu.world
    return {
        "version": VERSION,
        "counters": [world.next_user, world.next_group, world.next_file, world.next_number],
        "people": [plain(person) for person in world.people.values()],
        "groups": [_dump_group(emu, group) for group in world.groups.values()],
        "dialogs": [
            plain(dialog, "posts", "by_cmid") | {"posts": [plain(post) for post in dialog.posts]}
            for dialog in world.dialogs.values()
        ],
        "files": [
            plain(one, "content") | ({"base64": base64.b64encode(one.content).decode()} if with_bytes else {})
            for one in world.files.values()
        ],
        "tickets": [
            plain(one, "contents") | {"contents": [base64.b64encode(part).decode() for part in one.contents]}
            for one in world.tickets.values()
        ],
        "presses": [plain(press) for press in world.presses.values()],
    }


def _dump_group(emu: Emulation, group: Community) -> Json:
    servers = [
        plain(server, "queue") | {"queue": [_dump_pending(pending) for pending in server.queue.values()]}
        for server in group.servers.values()
    ]
    held = [plain(event) for event in emu.line(group.id).held.values()]
    return plain(group, "events", "servers", "wall") | {
        "events": [plain(event) if event is not None else None for event in group.events],
        "held": held,
        "servers": servers,
        "wall": [
            plain(post, "comments") | {"comments": [plain(one) for one in post.comments.values()]}
            for post in group.wall.values()
        ],
    }


def _dump_pending(pending: Pending) -> Json:
    return plain(pending, "event") | {"event": plain(pending.event)}


def load_world(data: Json, folder: Path | None = None) -> World:
    """Return the world a snapshot holds; raises KeyError, TypeError or ValueError when it is none."""
    if data["version"] != VERSION:
        raise ValueError(f"version {data['version']}, not {VERSION}")
    world = World()
    world.next_user, world.next_group, world.next_file, world.next_number = (int(one) for one in data["counters"])
    world.people = {one["id"]: made(Person, one) for one in data["people"]}
    world.groups = {one["id"]: _load_group(one) for one in data["groups"]}
    world.dialogs = {one["key"]: _load_dialog(one) for one in data["dialogs"]}
    for one in data["files"]:
        stored = made(StoredFile, one, content=b"")
        stored.content = base64.b64decode(one["base64"]) if "base64" in one else state.content_of(folder, stored.key)
        world.files[stored.key] = stored
    for one in data["tickets"]:
        contents = [base64.b64decode(part) for part in one.pop("contents")]
        world.tickets[one["key"]] = made(Ticket, one, contents=contents)
    world.presses = {one["event_id"]: made(Press, one) for one in data["presses"]}
    return world


def go_on(world: World, before: World) -> None:
    """Let a world give no number that the one before it gave: to a client that lives on it would be an old one."""
    world.next_user = max(world.next_user, before.next_user)
    world.next_group = max(world.next_group, before.next_group)
    world.next_file = max(world.next_file, before.next_file)
    world.next_number = max(world.next_number, before.next_number)
    for id, group in before.groups.items():
        if id in world.groups:
            _count_on(world.groups[id], group)
    for dialog in before.dialogs.values():
        if dialog.user in world.people and dialog.group in world.groups:
            same = world.open_dialog(dialog.group, dialog.user)
            same.next_cmid = max(same.next_cmid, dialog.next_cmid)


def _count_on(group: Community, before: Community) -> None:
    group.next_message = max(group.next_message, before.next_message)
    group.next_wall = max(group.next_wall, before.next_wall)
    gone = max(0, before.ts - group.ts)
    group.events += [None] * min(gone, HISTORY_KEPT)
    group.ts += gone


def _load_group(data: Json) -> Community:
    events = [made(Event, one) if one is not None else None for one in data.pop("events")]
    held = [made(Event, one) for one in data.pop("held")]
    servers = {one["id"]: _load_server(one) for one in data.pop("servers")}
    wall = {one["id"]: _load_wall(one) for one in data.pop("wall")}
    group = made(Community, data, events=events, servers=servers, wall=wall)
    # What was held back to be overtaken is overtaken by the restart.
    group.events += held
    group.ts += len(held)
    return group


def _load_server(data: Json) -> CallbackServer:
    queue = [Pending(made(Event, one["event"]), one["tries"], one["copies"]) for one in data.pop("queue")]
    return made(CallbackServer, data, queue={pending.event.event_id: pending for pending in queue})


def _load_wall(data: Json) -> WallPost:
    comments = {one["id"]: made(Comment, one) for one in data.pop("comments")}
    return made(WallPost, data, comments=comments)


def _load_dialog(data: Json) -> Dialog:
    posts = [made(Post, one) for one in data.pop("posts")]
    return made(Dialog, data, posts=posts, by_cmid={post.cmid: post for post in posts})


class StateFile(state.StateFile):
    """Keeps the state file of an emulated VK up to date."""

    def __init__(self, path: Path, emu: Emulation) -> None:
        super().__init__(path)
        self._emu = emu

    def take_over(self, data: Json) -> None:
        """Let the emulator stand as the file says; without `clean`, written before a crash, ids jump ahead."""
        emu = self._emu
        emu.world = load_world(data, self.folder)
        if not data.get("clean"):
            emu.world.next_user += JUMP
            emu.world.next_file += JUMP
            emu.world.next_number += JUMP
            for group in emu.world.groups.values():
                group.next_message += JUMP
                group.next_wall += JUMP
                # Numbers a client may have seen before the crash are given to nothing that comes after it.
                group.events += [None] * JUMP
                group.ts += JUMP
            for dialog in emu.world.dialogs.values():
                dialog.next_cmid += JUMP

    def taken(self) -> tuple[Json, Mapping[str, bytes]]:
        """Return the world without the bytes of its files, and these by their keys."""
        return dump(self._emu, with_bytes=False), {one.key: one.content for one in self._emu.world.files.values()}
