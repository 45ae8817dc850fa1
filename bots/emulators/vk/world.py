"""What the emulated VK knows: people, communities, dialogs, files."""

import hashlib
import time
from dataclasses import dataclass, field
from typing import Any

from bots.emulators.control import Json
from bots.emulators.vk.community import Community
from bots.emulators.vk.dialog import Dialog, Press

FIRST_USER_ID = 300_000_001
FIRST_GROUP_ID = 220_000_001
FIRST_FILE_ID = 457_000_001
GROUP_IDS = 20_000_000


@dataclass(slots=True)
class Person:
    """A human with a VK account."""

    id: int
    first_name: str
    last_name: str = ""
    screen_name: str = ""
    phone: str = ""
    lang: str = ""
    deactivated: str = ""

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(slots=True)
class StoredFile:
    """Bytes somebody sent: a photo, a doc or an audio_message of an owner; `access` is its access_key."""

    id: int
    owner: int
    kind: str
    name: str
    mime: str
    at: float
    access: str
    content: bytes
    meta: Json = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The name by which it is found: kind, owner and id."""
        return f"{self.kind}{self.owner}_{self.id}"


@dataclass(slots=True)
class Ticket:
    """Bytes that lie on an upload server until they are saved, once, with the right hash."""

    key: str
    group: int
    kind: str
    hash: str
    peer: int = 0
    name: str = ""
    mime: str = ""
    contents: list[bytes] = field(default_factory=list)


@dataclass
class World:
    """The whole state; it is what snapshots and state files hold."""

    people: dict[int, Person] = field(default_factory=dict)
    groups: dict[int, Community] = field(default_factory=dict)
    dialogs: dict[str, Dialog] = field(default_factory=dict)
    files: dict[str, StoredFile] = field(default_factory=dict)
    tickets: dict[str, Ticket] = field(default_factory=dict)
    presses: dict[str, Press] = field(default_factory=dict)
    next_user: int = FIRST_USER_ID
    next_group: int = FIRST_GROUP_ID
    next_file: int = FIRST_FILE_ID
    next_number: int = 1

    def number(self) -> int:
        """Return a number never given before (events, presses, keys)."""
        self.next_number += 1
        return self.next_number

    def secret(self, what: str) -> str:
        """Return a word nobody guesses by accident, never given before."""
        return hashlib.sha256(f"{what}/{self.number()}/{time.time_ns()}".encode()).hexdigest()[:32]

    def add_person(self, name: str, person_id: int | None = None, **details: Any) -> Person:
        """Open an account."""
        if person_id is None:
            while self.next_user in self.people:
                self.next_user += 1
            person_id = self.next_user
            self.next_user += 1
        first, _, last = name.partition(" ")
        details["screen_name"] = details.get("screen_name") or f"id{person_id}"
        person = self.people[person_id] = Person(person_id, first, last, **details)
        return person

    def add_group(self, token: str, group_id: int | None = None, name: str = "", screen_name: str = "") -> Community:
        """Register a community under its token."""
        if group_id is None:
            while self.next_group in self.groups:
                self.next_group += 1
            group_id = self.next_group
            self.next_group += 1
        group = Community(group_id, token, name or f"Community {group_id}", screen_name or f"club{group_id}")
        group.confirmation = self.secret("confirmation")[:8]
        group.poll_key, group.poll_secret = self.secret("key"), self.secret("lp")[:16]
        self.groups[group_id] = group
        return group

    def dialog(self, group_id: int, user_id: int) -> Dialog | None:
        """Return what a community and a person said, None while they never met."""
        return self.dialogs.get(f"{group_id}:{user_id}")

    def open_dialog(self, group_id: int, user_id: int) -> Dialog:
        """Return the dialog of a community and a person, made when it is new."""
        key = f"{group_id}:{user_id}"
        dialog = self.dialogs.get(key)
        if dialog is None:
            dialog = self.dialogs[key] = Dialog(key, group_id, user_id)
        return dialog


def group_id_of(token: str) -> int:
    """Return the id an unknown token's community gets: always the same for the same token."""
    return FIRST_GROUP_ID + int(hashlib.sha256(token.encode()).hexdigest()[:12], 16) % GROUP_IDS


def now() -> float:
    """Return the wall clock in seconds."""
    return time.time()
