"""A kept event while it is read: its people by name, its times, ids for facts that are no messages."""

import json
from datetime import UTC, datetime

from bots.vk.events import Event
from bridge.model.ids import ChannelName
from bridge.model.inbound import Sender, Update


class Kept:
    """One kept event while it is read."""

    def __init__(self, channel: ChannelName, update: Update) -> None:
        body = json.loads(update.raw)
        self.channel = channel
        self.event: Event = body["event"]
        self.kind = str(self.event["type"])
        self.group = int(self.event["group_id"])
        self.own = bool(body.get("own"))
        self.at = update.received_at
        self.about: Event = self.event["object"]
        self._names: dict[str, str] = body.get("names") or {}
        self._key = update.key

    def sender(self, id: int, language: str = "") -> Sender:
        """Return a person by VK's number; the name is VK's, or nobody could tell it."""
        name = self._names.get(str(id), "")
        return Sender(str(id), name, language=language, named=bool(name))

    def named(self, id: int) -> str:
        """Return who that is in words: a name, else the page's own address."""
        return self._names.get(str(id)) or (f"id{id}" if id > 0 else f"club{-id}")

    def key(self, what: str) -> str:
        """Return an id for a fact that is no message."""
        return f"{what}:{self._key}"

    def time(self, seconds: object) -> datetime:
        """Return VK's time of something; without one, when it came."""
        return datetime.fromtimestamp(int(seconds), UTC) if isinstance(seconds, int) and seconds else self.at
