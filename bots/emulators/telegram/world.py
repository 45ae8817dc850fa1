"""What the emulated server knows: people, bots, chats, messages, topics, files, updates that wait."""

import hashlib
import random
import time
from dataclasses import dataclass, field
from typing import Any

from bots.emulators.telegram.errors import Json

FIRST_USER_ID = 700_000_001
FIRST_GROUP_ID = -1_002_000_000_001
MESSAGE_LIFETIME = 86_400.0
CALLBACK_LIFETIME = 150.0
ADMIN_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_send_welcome_messages",
    "can_pin_messages",
    "can_manage_topics",
)


@dataclass(slots=True)
class Person:
    """A human with a Telegram account."""

    id: int
    name: str
    username: str | None = None
    phone: str | None = None
    lang: str | None = None
    deactivated: bool = False


@dataclass(slots=True)
class Topic:
    """A topic of a forum; its id is the message id of the service line that opened it."""

    id: int
    name: str
    icon_color: int
    icon: str | None = None
    closed: bool = False
    deleted: bool = False
    hidden: bool = False


@dataclass(slots=True)
class Post:
    """One stored message: `body` holds content fields in Bot API form, files without their `file_id`."""

    id: int
    at: float
    sender: int
    body: Json
    topic: int | None = None
    reply_to: int | None = None
    markup: Json | None = None
    edited: int | None = None
    deleted: bool = False
    reactions: dict[str, list[str]] = field(default_factory=dict)


@dataclass(slots=True)
class Chat:
    """A private chat of one bot with one person, or a group; `members` maps account ids to their status."""

    key: str
    id: int
    type: str
    title: str = ""
    bot: int = 0
    forum: bool = False
    started: bool = False
    blocked: bool = False
    migrated_to: int | None = None
    next_id: int = 1
    pinned: list[int] = field(default_factory=list)
    general_name: str = "General"
    general_closed: bool = False
    general_hidden: bool = False
    invite_link: str | None = None
    members: dict[int, str] = field(default_factory=dict)
    denied_rights: dict[int, list[str]] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    posts: list[Post] = field(default_factory=list)
    by_id: dict[int, Post] = field(default_factory=dict)

    def add(self, post: Post) -> Post:
        """Store a message at the end of the chat."""
        self.posts.append(post)
        self.by_id[post.id] = post
        return post

    def take_id(self) -> int:
        """Return the next message id."""
        number = self.next_id
        self.next_id += 1
        return number

    def find(self, message_id: int | None) -> Post | None:
        """Return a message that is there and not deleted."""
        post = self.by_id.get(message_id or 0)
        return None if post is None or post.deleted else post

    def may(self, account: int, right: str) -> bool:
        """Tell whether a member's status gives an administrator's right."""
        status = self.members.get(account)
        return status == "creator" or (status == "administrator" and right not in self.denied_rights.get(account, ()))


@dataclass(slots=True)
class Webhook:
    """Where a bot's updates are sent and how that went."""

    url: str
    secret: str | None = None
    max_connections: int = 40
    last_error_at: int | None = None
    last_error: str | None = None
    gone_since: float | None = None


@dataclass(slots=True)
class Pending:
    """An update that waits since `at` for its bot: `key` names its ordered queue, `born` starts its lifetime."""

    update_id: int
    kind: str
    payload: Json
    key: int
    born: float
    lifetime: float
    at: float
    copies: int = 1
    again: bool = False

    def as_update(self) -> Json:
        """Return the Update object of the Bot API."""
        return {"update_id": self.update_id, self.kind: self.payload}


@dataclass(slots=True)
class BotAccount:
    """A bot: its token, what it set for itself and its waiting updates in order of delivery."""

    id: int
    token: str
    name: str
    username: str
    next_update: int = 0
    allowed: list[str] | None = None
    webhook: Webhook | None = None
    settings: dict[str, Any] = field(default_factory=dict)
    queue: dict[int, Pending] = field(default_factory=dict)


@dataclass(slots=True)
class StoredFile:
    """Bytes somebody sent; `unique` is the file_unique_id, `path` what getFile answered last."""

    unique: str
    kind: str
    name: str
    mime: str
    size: int
    content: bytes
    meta: Json = field(default_factory=dict)
    path: str | None = None
    path_at: float = 0.0


@dataclass(slots=True)
class Callback:
    """A press of an inline button: who pressed, when, and what the bot answered."""

    id: str
    bot: int
    at: float
    answer: Json | None = None


@dataclass
class World:
    """The whole state; it is what snapshots and state files hold."""

    people: dict[int, Person] = field(default_factory=dict)
    bots: dict[int, BotAccount] = field(default_factory=dict)
    chats: dict[str, Chat] = field(default_factory=dict)
    files: dict[str, StoredFile] = field(default_factory=dict)
    paths: dict[str, str] = field(default_factory=dict)
    callbacks: dict[str, Callback] = field(default_factory=dict)
    next_user: int = FIRST_USER_ID
    next_group: int = FIRST_GROUP_ID
    next_number: int = 1

    def number(self) -> int:
        """Return a number never given before (albums, callbacks, file paths)."""
        self.next_number += 1
        return self.next_number

    def add_person(self, name: str, person_id: int | None = None, **details: Any) -> Person:
        """Open an account; without a phone it gets an invented one of an unassigned range."""
        if person_id is None:
            while self.next_user in self.people:
                self.next_user += 1
            person_id = self.next_user
            self.next_user += 1
        details["phone"] = details.get("phone") or f"+7999{person_id % 10_000_000:07d}"
        person = Person(person_id, name, **details)
        self.people[person_id] = person
        return person

    def add_bot(self, token: str, name: str = "", username: str = "") -> BotAccount:
        """Register a bot under its token, whose first part is its id."""
        bot_id = int(token.partition(":")[0])
        start = int(hashlib.sha256(token.encode()).hexdigest()[:7], 16) + 100_000_000
        bot = BotAccount(bot_id, token, name or f"Bot {bot_id}", username or f"emulated_{bot_id}_bot", start)
        self.bots[bot_id] = bot
        return bot

    def add_group(self, title: str, forum: bool, group_id: int | None = None) -> Chat:
        """Create a supergroup; every bot known now is its administrator."""
        if group_id is None:
            while str(self.next_group) in self.chats:
                self.next_group -= 1
            group_id = self.next_group
            self.next_group -= 1
        chat = Chat(str(group_id), group_id, "supergroup", title=title, forum=forum)
        chat.members = dict.fromkeys(self.bots, "administrator")
        # Message 1 is the line that made the group; as a topic that number means General.
        chat.next_id = 2
        self.chats[chat.key] = chat
        return chat

    def private(self, bot_id: int, person_id: int) -> Chat | None:
        """Return the chat of a bot and a person, None while they never met."""
        return self.chats.get(f"{bot_id}:{person_id}")

    def open_private(self, bot_id: int, person_id: int) -> Chat:
        """Return the chat of a bot and a person, made when it is new."""
        key = f"{bot_id}:{person_id}"
        chat = self.chats.get(key)
        if chat is None:
            chat = self.chats[key] = Chat(key, person_id, "private", bot=bot_id)
        return chat

    def group(self, group_id: int) -> Chat | None:
        """Return a group by its id; an id that was upgraded leads to the new group."""
        chat = self.chats.get(str(group_id))
        while chat is not None and chat.migrated_to is not None:
            chat = self.chats.get(str(chat.migrated_to))
        return chat

    def bots_of(self, chat: Chat) -> list[BotAccount]:
        """Return the bots that see a chat."""
        if chat.type == "private":
            return [self.bots[chat.bot]]
        return [
            self.bots[i] for i, status in chat.members.items() if i in self.bots and status not in ("left", "kicked")
        ]


def now() -> float:
    """Return the wall clock in seconds."""
    return time.time()


def jitter(low: float, high: float) -> float:
    """Return a random span of seconds."""
    return random.uniform(low, high)
