"""The world as JSON: snapshots over the control API, and a state file that outlives the process.

Bytes of files stand in the snapshot as base64; beside a state file they lie in a folder `<state>.files`.
"""

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bots.emulators import records, state
from bots.emulators.records import made
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
NESTED = ("webhook", "queue", "topics", "posts", "by_id", "content", "members", "denied_rights")
# After a crash the last moments may be missing; ids jump so that none is given twice.
UPDATE_JUMP = 100_000
MESSAGE_JUMP = 1_000


def _plain(thing: Any) -> Json:
    return records.plain(thing, *NESTED)


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
    world.people = {one["id"]: made(Person, one) for one in data["people"]}
    world.bots = {one["id"]: _load_bot(one) for one in data["bots"]}
    world.chats = {one["key"]: _load_chat(one) for one in data["chats"]}
    for one in data["files"]:
        content = base64.b64decode(one["base64"]) if "base64" in one else state.content_of(folder, one["unique"])
        stored = world.files[one["unique"]] = made(StoredFile, one, content=content)
        if stored.path is not None:
            world.paths[stored.path] = stored.unique
    world.callbacks = {one["id"]: made(Callback, one) for one in data["callbacks"]}
    return world


def go_on(world: World, before: World) -> None:
    """Let a world give no number that the one before it has given: to a bot that lives on, it would be an old one."""
    world.next_user = max(world.next_user, before.next_user)
    world.next_group = min(world.next_group, before.next_group)
    world.next_number = max(world.next_number, before.next_number)
    for id, bot in before.bots.items():
        if id in world.bots:
            world.bots[id].next_update = max(world.bots[id].next_update, bot.next_update)
    for key, chat in before.chats.items():
        if chat.type == "private" and chat.id in world.people and chat.bot in world.bots:
            world.open_private(chat.bot, chat.id)
        if key in world.chats:
            world.chats[key].next_id = max(world.chats[key].next_id, chat.next_id)


def _load_bot(data: Json) -> BotAccount:
    hook = data.pop("webhook")
    queue = [made(Pending, one) for one in data.pop("queue")]
    bot = made(BotAccount, data, webhook=made(Webhook, hook) if hook else None)
    bot.queue = {pending.update_id: pending for pending in queue}
    return bot


def _load_chat(data: Json) -> Chat:
    posts = [made(Post, one) for one in data.pop("posts")]
    topics = [made(Topic, one) for one in data.pop("topics")]
    members, denied = dict(data.pop("members")), dict(data.pop("denied_rights"))
    chat = made(Chat, data, members=members, denied_rights=denied, posts=posts)
    chat.by_id = {post.id: post for post in posts}
    chat.topics = {topic.id: topic for topic in topics}
    return chat


class StateFile(state.StateFile):
    """Keeps the state file of an emulated Telegram up to date."""

    def __init__(self, path: Path, emu: Emulation) -> None:
        super().__init__(path)
        self._emu = emu

    def take_over(self, data: Json) -> None:
        """Let the emulator stand as the file says; without `clean`, written before a crash, ids jump ahead."""
        emu = self._emu
        emu.world = load_world(data, self.folder)
        if not data.get("clean"):
            for bot in emu.world.bots.values():
                bot.next_update += UPDATE_JUMP
            for chat in emu.world.chats.values():
                chat.next_id += MESSAGE_JUMP
            emu.world.next_user += MESSAGE_JUMP
            emu.world.next_number += MESSAGE_JUMP

    def taken(self) -> tuple[Json, Mapping[str, bytes]]:
        """Return the world without the bytes of its files, and these by their unique ids."""
        return dump(self._emu, with_bytes=False), {one.unique: one.content for one in self._emu.world.files.values()}
