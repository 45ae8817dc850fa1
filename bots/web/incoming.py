"""What a visitor does, as it is kept in the inbox, and how it is understood from there."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bots.web.site import Site
from bridge.errors import Unreadable
from bridge.files import STORED
from bridge.model.files import Remote, StoredFile
from bridge.model.ids import ChannelName, ChatId
from bridge.model.inbound import Commanded, Identified, Inbound, Pressed, Rated, Reacted, Said, Sender, Update
from bridge.model.lanes import in_lane
from bridge.ports.channels import Raw


@dataclass(frozen=True, slots=True)
class Person:
    """A customer as the shop signed for him; what it did not tell is empty."""

    user_id: str
    email: str = ""
    phone: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where words come from: the chat, how its visitor is called (and by whom), and in which language he reads."""

    chat: ChatId
    name: str
    language: str
    named: bool = True  # False: nobody told the name
    time_zone: str = ""  # IANA name, as his browser says; "": it does not


def said(
    site: Site, place: Place, client_id: str, text: str, files: Sequence[StoredFile], reply_to: str | None = None
) -> Raw:
    """Place a word in the inbox; the page's own id makes it come once. `reply_to`: the hall's id of what it answers."""
    kept = [
        {"ref": f"{STORED}{file.id}", "kind": file.kind, "name": file.name, "mime": file.mime, "size": file.size}
        for file in files
    ]
    return _raw(site, place, client_id, "say", text=text, files=kept, reply_to=reply_to)


def pressed(site: Site, place: Place, id: str, message: str, data: str, label: str) -> Raw:
    """Place a press of a button in the inbox."""
    return _raw(site, place, f"press.{id}", "press", message=message, data=data, label=label)


def called(site: Site, place: Place, id: str) -> Raw:
    """Place the wish for a person in the inbox."""
    return _raw(site, place, f"call.{id}", "call")


def reacted(site: Site, place: Place, id: str, message: str, emoji: str) -> Raw:
    """Place a sign on a message of ours in the inbox; an empty one takes it away."""
    return _raw(site, place, f"react.{id}", "react", message=message, emoji=emoji)


def rated(site: Site, place: Place, id: str, score: int, comment: str) -> Raw:
    """Place a rating in the inbox."""
    return _raw(site, place, f"rate.{id}", "rate", score=score, comment=comment)


def identified(site: Site, chat: ChatId, person: Person, language: str) -> Raw:
    """Place the shop's proof in the inbox, once as long as it says the same."""
    told = {"user_id": person.user_id, "email": person.email, "phone": person.phone}
    proof = {**told, "name": person.name} if person.name else told
    digest = hashlib.sha256(json.dumps(proof, sort_keys=True).encode()).hexdigest()[:16]
    place = Place(chat, person.name or guest_name(site, chat, language), language, bool(person.name))
    return _raw(site, place, f"identify.{digest}", "identify", **told)


def guest_name(site: Site, chat: ChatId, language: str) -> str:
    """Return how a visitor is called whose name nobody knows."""
    return site.say(language, "guest", number=chat[:4].upper())


def key_of(chat: ChatId, id: str) -> str:
    """Return the key under which a chat's update is kept, once."""
    return f"{chat}.{id}"


def _raw(site: Site, place: Place, id: str, kind: str, **more: Any) -> Raw:
    body = {
        "type": kind,
        "chat": place.chat,
        "id": id,
        "name": place.name,
        "named": place.named,
        "language": place.language,
        "time_zone": place.time_zone,
        "at": site.bridge.clock.now().timestamp(),
        **more,
    }
    text = json.dumps(body, ensure_ascii=False)
    return Raw(key_of(place.chat, id), in_lane(site.name, place.chat), site.next_order(), text)


def parse(channel: ChannelName, update: Update) -> list[Inbound]:
    """Understand a stored update; all of them were written above. Raises Unreadable."""
    try:
        raw = json.loads(update.raw)
        chat, id = ChatId(raw["chat"]), str(raw["id"])
        named, zone = raw.get("named", True), raw.get("time_zone", "")
        sender = Sender(chat, raw["name"], language=raw["language"], named=named, time_zone=zone)
        at = datetime.fromtimestamp(raw["at"], UTC)
        match raw["type"]:
            case "say":
                files = tuple(Remote(**file) for file in raw["files"])
                kind = files[0].kind if files else "text"
                reply_to = raw.get("reply_to")
                return [Said(channel, chat, id, sender, raw["text"], at, kind=kind, reply_to=reply_to, files=files)]
            case "press":
                message = raw["message"]
                return [Pressed(channel, chat, id, sender, raw["data"], raw["label"], at, chat, message)]
            case "call":
                return [Commanded(channel, chat, id, sender, "operator", "", at)]
            case "react":
                return [Reacted(channel, chat, id, raw["message"], sender, raw["emoji"], at)]
            case "rate":
                return [Rated(channel, chat, id, sender, int(raw["score"]), raw["comment"], at)]
            case "identify":
                return [Identified(channel, chat, id, sender, raw["user_id"], raw["email"], raw["phone"], at)]
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as fault:
        raise Unreadable(f"{type(fault).__name__}: {fault}") from None
    raise Unreadable(f"nobody writes {str(raw['type'])[:40]!r}")
