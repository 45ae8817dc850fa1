"""The world as JSON: snapshots over the control API, and a state file that outlives the process.

Bytes of files stand in the snapshot as base64; beside a state file they lie in a folder `<state>.files`.
"""

import base64
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

from bots.emulators.state import StateFile as State
from bots.emulators.telegram.emulation import Emulation
from bots.emulators.telegram.errors import Json
from bots.emulators.telegram.world import (
    BotAccount,
    Callback,
    Chat,
    Pending,
    Person,
    Post,
    StoredFile,
    Topic,
    Webhook,
    World,
)

VERSION = 1
T = TypeVar("T")
NESTED = ("webhook", "queue", "topics", "posts", "by_id", "content", "members", "denied_rights")
# After a crash the last moments may be missing; ids jump so that none is given twice.
UPDATE_JUMP = 100_000
MESSAGE_JUMP = 1_000


_fields: dict[type[Any], tuple[str, ...]] = {}


def _names(kind: type[Any]) -> tuple[str, ...]:
    if kind not in _fields:
        _fields[kind] = tuple(f.name for f in fields(kind))
    return _fields[kind]


def _plain(thing: Any) -> Json:
    return {name: getattr(thing, name) for name in _names(type(thing)) if name not in NESTED}


def _made(kind: type[T], data: Json, **more: Any) -> T:
    known = _names(kind)
    return kind(**{name: value for name, value in data.items() if name in known}, **more)


def dump(emu: Emulation, with_bytes: bool = True) -> Json:
    """Return the state as JSON values that share nothing with the running one at their top levels."""
    world = emu.world
    return {
        "version": VERSION,
        "counters": [world.next_user, world.next_group, world.next_number],
        "people": [_plain(person) for person in world.people.values()],
        "bots": [_dump_bot(emu, bot) for bot in world.bots.values()],
        "chats": [_dump_chat(chat) for chat in world.chats.values()],
        "files": [
            _plain(f) | ({"base64": base64.b64encode(f.content).decode()} if with_bytes else {})
            for f in list(world.files.values())
        ],
        "callbacks": [_plain(callback) for callback in world.callbacks.values()],
    }


def _dump_bot(emu: Emulation, bot: BotAccount) -> Json:
    held = [pending for (owner, _), pending in emu.held.items() if owner == bot.id]
    return _plain(bot) | {
        "webhook": _plain(bot.webhook) if bot.webhook else None,
        "queue": [_plain(pending) for pending in [*bot.queue.values(), *held]],
    }


def _dump_chat(chat: Chat) -> Json:
    return _plain(chat) | {
        "members": [[account, status] for account, status in chat.members.items()],
        "denied_rights": [[account, rights] for account, rights in chat.denied_rights.items()],
        "topics": [_plain(topic) for topic in chat.topics.values()],
        "posts": [_plain(post) for post in chat.posts],
    }


def load_world(data: Json, folder: Path | None = None) -> World:
    """Return the world a snapshot holds; raises KeyError, TypeError or ValueError when it is none."""
    if data["version"] != VERSION:
        raise ValueError(f"version {data['version']}, not {VERSION}")
    world = World()
    world.next_user, world.next_group, world.next_number = (int(number) for number in data["counters"])
    world.people = {one["id"]: _made(Person, one) for one in data["people"]}
    world.bots = {one["id"]: _load_bot(one) for one in data["bots"]}
    world.chats = {one["key"]: _load_chat(one) for one in data["chats"]}
    for one in data["files"]:
        content = base64.b64decode(one["base64"]) if "base64" in one else _bytes(folder, one["unique"])
        stored = world.files[one["unique"]] = _made(StoredFile, one, content=content)
        if stored.path is not None:
            world.paths[stored.path] = stored.unique
    world.callbacks = {one["id"]: _made(Callback, one) for one in data["callbacks"]}
    return world


def _bytes(folder: Path | None, unique: str) -> bytes:
    path = folder / unique if folder is not None else None
    return path.read_bytes() if path is not None and path.exists() else b""


def _load_bot(data: Json) -> BotAccount:
    hook = data.pop("webhook")
    queue = [_made(Pending, one) for one in data.pop("queue")]
    bot = _made(BotAccount, data, webhook=_made(Webhook, hook) if hook else None)
    bot.queue = {pending.update_id: pending for pending in queue}
    return bot


def _load_chat(data: Json) -> Chat:
    posts = [_made(Post, one) for one in data.pop("posts")]
    topics = [_made(Topic, one) for one in data.pop("topics")]
    members, denied = dict(data.pop("members")), dict(data.pop("denied_rights"))
    chat = _made(Chat, data, members=members, denied_rights=denied, posts=posts)
    chat.by_id = {post.id: post for post in posts}
    chat.topics = {topic.id: topic for topic in topics}
    return chat


class StateFile(State):
    """Keeps the state file of an emulated Telegram up to date."""

    def load(self, emu: Emulation) -> None:
        """Take over what the file holds; after a crash update and message ids jump ahead."""
        data = self.read()
        if data is None:
            return
        emu.world = load_world(data, self.folder)
        if not data.get("clean"):
            for bot in emu.world.bots.values():
                bot.next_update += UPDATE_JUMP
            for chat in emu.world.chats.values():
                chat.next_id += MESSAGE_JUMP
            emu.world.next_user += MESSAGE_JUMP
            emu.world.next_number += MESSAGE_JUMP

    async def run(self, emu: Emulation) -> None:
        """Save after changes for ever."""
        await self.follow(lambda: _state(emu, clean=False))

    async def save(self, emu: Emulation, clean: bool) -> None:
        """Write the state; `clean` says that nothing can follow."""
        await self.write(*_state(emu, clean))


def _state(emu: Emulation, clean: bool) -> tuple[Json, dict[str, bytes]]:
    files = {one.unique: one.content for one in emu.world.files.values()}
    return dump(emu, with_bytes=False) | {"clean": clean}, files
