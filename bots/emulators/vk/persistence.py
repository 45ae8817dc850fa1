"""The world as JSON: snapshots over the control API, and a state file that outlives the process."""

import base64
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

from bots.emulators.control import Json
from bots.emulators.state import StateFile as State
from bots.emulators.vk.community import CallbackServer, Comment, Community, Event, Pending, WallPost
from bots.emulators.vk.dialog import Dialog, Post, Press
from bots.emulators.vk.emulation import Emulation
from bots.emulators.vk.world import Person, StoredFile, Ticket, World

VERSION = 1
T = TypeVar("T")
# After a crash the last moments may be missing; ids jump so that none is given twice.
JUMP = 1_000


_fields: dict[type[Any], tuple[str, ...]] = {}


def _names(kind: type[Any]) -> tuple[str, ...]:
    if kind not in _fields:
        _fields[kind] = tuple(one.name for one in fields(kind))
    return _fields[kind]


def _plain(thing: Any, *left_out: str) -> Json:
    return {name: getattr(thing, name) for name in _names(type(thing)) if name not in left_out}


def _made(kind: type[T], data: Json, **more: Any) -> T:
    known = _names(kind)
    return kind(**{name: value for name, value in data.items() if name in known}, **more)


def dump(emu: Emulation, with_bytes: bool = True) -> Json:
    """Return the state as JSON values."""
    world = emu.world
    return {
        "version": VERSION,
        "counters": [world.next_user, world.next_group, world.next_file, world.next_number],
        "people": [_plain(person) for person in world.people.values()],
        "groups": [_dump_group(emu, group) for group in world.groups.values()],
        "dialogs": [
            _plain(dialog, "posts", "by_cmid") | {"posts": [_plain(post) for post in dialog.posts]}
            for dialog in world.dialogs.values()
        ],
        "files": [
            _plain(one, "content") | ({"base64": base64.b64encode(one.content).decode()} if with_bytes else {})
            for one in world.files.values()
        ],
        "tickets": [
            _plain(one, "contents") | {"contents": [base64.b64encode(part).decode() for part in one.contents]}
            for one in world.tickets.values()
        ],
        "presses": [_plain(press) for press in world.presses.values()],
    }


def _dump_group(emu: Emulation, group: Community) -> Json:
    servers = [
        _plain(server, "queue") | {"queue": [_dump_pending(pending) for pending in server.queue.values()]}
        for server in group.servers.values()
    ]
    held = [_plain(event) for event in emu.line(group.id).held.values()]
    return _plain(group, "events", "servers", "wall") | {
        "events": [_plain(event) if event is not None else None for event in group.events],
        "held": held,
        "servers": servers,
        "wall": [
            _plain(post, "comments") | {"comments": [_plain(one) for one in post.comments.values()]}
            for post in group.wall.values()
        ],
    }


def _dump_pending(pending: Pending) -> Json:
    return _plain(pending, "event") | {"event": _plain(pending.event)}


def load_world(data: Json, folder: Path | None = None) -> World:
    """Return the world a snapshot holds; raises KeyError, TypeError or ValueError when it is none."""
    if data["version"] != VERSION:
        raise ValueError(f"version {data['version']}, not {VERSION}")
    world = World()
    world.next_user, world.next_group, world.next_file, world.next_number = (int(one) for one in data["counters"])
    world.people = {one["id"]: _made(Person, one) for one in data["people"]}
    world.groups = {one["id"]: _load_group(one) for one in data["groups"]}
    world.dialogs = {one["key"]: _load_dialog(one) for one in data["dialogs"]}
    for one in data["files"]:
        stored = _made(StoredFile, one, content=b"")
        stored.content = base64.b64decode(one["base64"]) if "base64" in one else _bytes(folder, stored.key)
        world.files[stored.key] = stored
    for one in data["tickets"]:
        contents = [base64.b64decode(part) for part in one.pop("contents")]
        world.tickets[one["key"]] = _made(Ticket, one, contents=contents)
    world.presses = {one["event_id"]: _made(Press, one) for one in data["presses"]}
    return world


def _bytes(folder: Path | None, name: str) -> bytes:
    path = folder / name if folder is not None else None
    return path.read_bytes() if path is not None and path.exists() else b""


def _load_group(data: Json) -> Community:
    events = [_made(Event, one) if one is not None else None for one in data.pop("events")]
    held = [_made(Event, one) for one in data.pop("held")]
    servers = {one["id"]: _load_server(one) for one in data.pop("servers")}
    wall = {one["id"]: _load_wall(one) for one in data.pop("wall")}
    group = _made(Community, data, events=events, servers=servers, wall=wall)
    # What was held back to be overtaken is overtaken by the restart.
    group.events += held
    group.ts += len(held)
    return group


def _load_server(data: Json) -> CallbackServer:
    queue = [Pending(_made(Event, one["event"]), one["tries"], one["copies"]) for one in data.pop("queue")]
    return _made(CallbackServer, data, queue={pending.event.event_id: pending for pending in queue})


def _load_wall(data: Json) -> WallPost:
    comments = {one["id"]: _made(Comment, one) for one in data.pop("comments")}
    return _made(WallPost, data, comments=comments)


def _load_dialog(data: Json) -> Dialog:
    posts = [_made(Post, one) for one in data.pop("posts")]
    return _made(Dialog, data, posts=posts, by_cmid={post.cmid: post for post in posts})


class StateFile(State):
    """Keeps the state file of an emulated VK up to date."""

    def load(self, emu: Emulation) -> None:
        """Take over what the file holds; after a crash ids jump ahead."""
        data = self.read()
        if data is None:
            return
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

    async def run(self, emu: Emulation) -> None:
        """Save after changes for ever."""
        await self.follow(lambda: _state(emu, clean=False))

    async def save(self, emu: Emulation, clean: bool) -> None:
        """Write the state; `clean` says that nothing can follow."""
        await self.write(*_state(emu, clean))


def _state(emu: Emulation, clean: bool) -> tuple[Json, dict[str, bytes]]:
    files = {one.key: one.content for one in emu.world.files.values()}
    return dump(emu, with_bytes=False) | {"clean": clean}, files
