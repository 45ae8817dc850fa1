"""What a program told, as it is kept in the inbox, and how it is understood from there."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from bots.custom.shapes import ANONYMOUS, Kept, Message
from bridge.errors import Unreadable
from bridge.model.files import Remote
from bridge.model.ids import ChannelName, ChatId
from bridge.model.inbound import (
    Answered,
    Deleted,
    Edited,
    Identified,
    Inbound,
    Pressed,
    Reachable,
    Reacted,
    Read,
    Said,
    Sender,
    Update,
)


def written(event: Kept, at: datetime, vouched: bool, files: Sequence[Remote], **more: str) -> str:
    """Return an event as it is kept: checked, its files by reference, `more` replaces its fields."""
    kept: dict[str, Any] = event.model_dump(mode="json", exclude={"attachments", "at"}) | more
    if isinstance(event, Message):
        kept["files"] = [asdict(file) for file in files]
    return json.dumps({**kept, "at": at.timestamp(), "vouched": vouched}, ensure_ascii=False)


def key_of(kind: str, chat: str, external_id: str) -> str:
    """Return the key under which an event is kept, once."""
    return f"{chat}.{kind}.{external_id}"


def read(channel: ChannelName, update: Update) -> list[Inbound]:
    """Understand a stored event; all of them were written above. Raises Unreadable."""
    try:
        return _facts(channel, json.loads(update.raw))
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as fault:
        raise Unreadable(f"{type(fault).__name__}: {fault}") from None


def _facts(channel: ChannelName, raw: Mapping[str, Any]) -> list[Inbound]:
    person, id = raw["customer"], str(raw["external_id"])
    chat, at = ChatId(person["id"]), datetime.fromtimestamp(raw["at"], UTC)
    claims = {} if raw["vouched"] else {"email": person["email"], "phone": person["phone"]}
    sender = Sender(chat, person["name"], language=person["language"], named=bool(person["name"]), **claims)
    where = (channel, chat, id)
    match raw["type"]:
        case "message" if raw["author"] == "operator":
            colleague = raw["operator"] or {"id": ANONYMOUS, "name": ""}
            answered = Sender(colleague["id"], colleague["name"], named=bool(colleague["name"]))
            return [Answered(*where, answered, raw["text"], at, _files(raw), raw["reply_to"])]
        case "message":
            return [*_proof(where, sender, raw, at), _said(where, sender, raw, at)]
        case "edit":
            return [Edited(channel, chat, f"edit:{id}", raw["message_id"], sender, raw["text"], at)]
        case "delete":
            return [Deleted(channel, chat, f"delete:{id}", raw["message_id"], sender, at)]
        case "reaction":
            return [Reacted(channel, chat, f"reaction:{id}", raw["message_id"], sender, raw["emoji"], at)]
        case "read":
            return [Read(channel, chat, f"read:{id}", raw["message_id"], sender, at)]
        case "press":
            data, label = raw["data"], raw["label"]
            return [Pressed(channel, chat, f"press:{id}", sender, data, label, at, chat, raw["message_id"])]
        case "blocked":
            return [Reachable(channel, chat, f"blocked:{id}", sender, "blocked", at)]
        case "unblocked":
            return [Reachable(channel, chat, f"unblocked:{id}", sender, None, at)]
    raise Unreadable(f"nobody writes {str(raw['type'])[:40]!r}")


def _said(where: tuple[ChannelName, ChatId, str], sender: Sender, raw: Mapping[str, Any], at: datetime) -> Said:
    files = _files(raw)
    kind = files[0].kind if files else "text"
    return Said(
        *where, sender, raw["text"], at, kind, reply_to=raw["reply_to"], files=files, forwarded=raw["forwarded"]
    )


def _files(raw: Mapping[str, Any]) -> tuple[Remote, ...]:
    return tuple(Remote(**file) for file in raw["files"])


def _proof(
    where: tuple[ChannelName, ChatId, str], sender: Sender, raw: Mapping[str, Any], at: datetime
) -> list[Inbound]:
    """Return the program's word for who the customer is, where the settings say that it is good."""
    if not raw["vouched"]:
        return []
    channel, chat, _ = where
    person = raw["customer"]
    told = "\n".join((person["email"], person["phone"]))
    return [Identified(channel, chat, f"identify:{told}", sender, chat, person["email"], person["phone"], at)]
