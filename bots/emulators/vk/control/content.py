"""What a person says, from the control API's words to the fields of messages."""

from dataclasses import dataclass, field
from typing import Any

from bots.emulators import said, samples
from bots.emulators.control import ControlError, Json, account, named
from bots.emulators.vk import attachments
from bots.emulators.vk.community import Community
from bots.emulators.vk.dialog import Dialog, Post
from bots.emulators.vk.emulation import Emulation
from bots.emulators.vk.methods.sending import place
from bots.emulators.vk.world import Person, StoredFile, now

#: The control API's word for a file -> VK's kind of attachment.
FILES = {"photo": "photo", "voice": "audio_message", "document": "doc", "sticker": "sticker", "video": "video"}
#: VK's kind of attachment -> the control API's word for it.
KINDS = {kind: way for way, kind in FILES.items()}
WAYS = ("text", "album", "contact", "location", "attachments", *FILES)
MAX_TEXT = 4096


@dataclass(slots=True)
class Words:
    """What one message holds."""

    text: str = ""
    attachments: list[Json] = field(default_factory=list)
    geo: Json | None = None
    payload: str | None = None
    ref: str | None = None


def words(emu: Emulation, person: Person, body: Json) -> Words:
    """Return what a person's message holds; raises ControlError 400.

    VK knows no shared contact: a phone number is words. An album is one message with several pictures.
    """
    way = said.one_way(body, WAYS)
    found = Words(text_of(body.get("text") or body.get("caption")))
    if way == "text":
        return found
    given = body[way]
    if way == "contact":
        found.text = _phone(person, given)
    elif way == "location":
        found.geo = place(*said.point(given))
    elif way == "attachments":
        found.attachments = _raw(given)
    elif way == "album":
        found.attachments = _album(emu, person, given)
    else:
        found.attachments = [_file(emu, person, FILES[way], way, given)]
    return found


def text_of(given: Any) -> str:
    """Return a person's words without blanks around them; raises ControlError 400 for too many."""
    text = str(given or "").strip()
    if len(text) > MAX_TEXT:
        raise ControlError(400, f"a message holds at most {MAX_TEXT} characters")
    return text


def _file(emu: Emulation, person: Person, kind: str, way: str, given: Any) -> Json:
    upload = samples.upload_of(way, given)
    details = given if isinstance(given, dict) else {}
    meta = {name: details[name] for name in ("duration", "width", "height") if name in details}
    return attachments.shown(attachments.store(emu.world, person.id, kind, upload, meta))


def _album(emu: Emulation, person: Person, given: Any) -> list[Json]:
    if isinstance(given, int):
        given = 2 if given is True else given
        given = [f"photo {number}" for number in range(1, given + 1)]
    if not isinstance(given, list) or not 1 <= len(given) <= attachments.MAX_ATTACHMENTS:
        raise ControlError(400, f"an album is a list of 1 to {attachments.MAX_ATTACHMENTS} files, or that number")
    ways = {"photo": "photo", "doc": "document", "video": "video"}
    kinds = [attachments.kind_of(item) for item in given]
    return [_file(emu, person, kind, ways[kind], item) for kind, item in zip(kinds, given, strict=True)]


def _raw(given: Any) -> list[Json]:
    """Return attachments as somebody wrote them down in VK's own words: links, products, gifts, what comes tomorrow."""
    good = isinstance(given, list) and all(isinstance(one, dict) and isinstance(one.get("type"), str) for one in given)
    if not good or len(given) > attachments.MAX_ATTACHMENTS:
        raise ControlError(400, "attachments is a list of VK's attachment objects")
    return [dict(one) for one in given]


def _phone(person: Person, given: Any) -> str:
    phone, own, name = said.phone(given, person.phone)
    return phone if own else f"{name} {phone}"


def forwarded(emu: Emulation, dialog: Dialog, given: Any, said: Words) -> list[Json]:
    """Return what a message carries along: its own words, as those of somebody named by id. Raises ControlError 400."""
    if given in (None, "", False):
        return []
    try:
        author = int(given)
    except (TypeError, ValueError):
        raise ControlError(400, "forward_from is the id of who wrote it") from None
    if author not in emu.world.people and -author not in emu.world.groups:
        raise ControlError(400, f"forward_from: nobody has the id {author}")
    quoted: Json = {"date": int(now()), "from_id": author, "text": said.text, "attachments": said.attachments}
    return [quoted | {"conversation_message_id": 1, "peer_id": dialog.user, "id": 0}]


def find_post(dialog: Dialog, message_id: Any) -> Post:
    """Return a message that is there, by its message id. Raises ControlError 400 or 404."""
    missing = f"no message {message_id} in chat {dialog.user}"
    return named(dialog.by_id, message_id, "a message id is a number", missing)


def find_person(emu: Emulation, given: Any, name: str = "user") -> Person:
    """Return the person an id names. Raises ControlError 400 or 404."""
    return named(emu.world.people.get, given, f"{name} is a person's id", f"nobody has the id {given}")


def find_group(emu: Emulation, body: Json) -> Community:
    """Return the community a request means: `group`, else the first one. Raises ControlError 400 or 404."""
    return account(emu.world.groups, body.get("group"), "group", "community")


def files_of(emu: Emulation, attachments: list[Json]) -> list[Json]:
    """Return the files of attachments: {id, kind, name, mime, size}."""
    found = []
    for attachment in attachments:
        kind = attachment["type"]
        one = attachment.get(kind)
        if not isinstance(one, dict):
            continue
        owner = one.get("owner_id", 0)
        key = f"{kind}{owner}_{one.get('id', 0)}"
        stored = emu.world.files.get(key) or _sticker(emu, kind, one)
        if stored is not None:
            shown: Json = {
                "id": stored.key,
                "kind": KINDS.get(kind, kind),
                "name": stored.meta.get("title") or stored.name,
            }
            sides = {name: stored.meta[name] for name in ("width", "height") if name in stored.meta}
            found.append(shown | {"mime": stored.mime, "size": len(stored.content)} | sides)
    return found


def _sticker(emu: Emulation, kind: str, one: Json) -> StoredFile | None:
    if kind != "sticker":
        return None
    wanted = one["sticker_id"]
    return next((stored for stored in emu.world.files.values() if stored.kind == kind and stored.id == wanted), None)
