"""What a person says, from the control API's words to message fields."""

from typing import Any

from bots.emulators import said, samples
from bots.emulators.control import account, named
from bots.emulators.telegram import files
from bots.emulators.telegram.emulation import Emulation
from bots.emulators.telegram.errors import ControlError, Json
from bots.emulators.telegram.html_text import units
from bots.emulators.telegram.render import user
from bots.emulators.telegram.text import MAX_TEXT, found_entities
from bots.emulators.telegram.world import BotAccount, Chat, Person, Post

FILES = ("photo", "voice", "document", "sticker", "video", "audio", "video_note", "animation")
WAYS = ("text", "album", "contact", "location", "venue", "poll", "dice", "story", "raw", *FILES)


def bodies(emu: Emulation, person: Person, body: Json) -> list[Json]:
    """Return the fields of the message(s) a person sends; an album gives several. Raises ControlError 400."""
    way = said.one_way(body, WAYS)
    marked = body.get("entities") or []
    words = text_fields(
        str(body.get("text") or body.get("caption") or ""), "text" if way == "text" else "caption", marked
    )
    if way == "text":
        return [words]
    given = body[way]
    if way == "raw":
        return [_raw(given) | words]
    if way == "album":
        return _album(emu, given, words)
    if way in FILES:
        return [_file(emu, way, given) | ({} if way in ("sticker", "video_note") else words)]
    return [_plain(person, way, given)]


def _raw(given: Any) -> Json:
    """Return content in the Bot API's own form, for kinds that have no word of their own here."""
    if not isinstance(given, dict):
        raise ControlError(400, "raw is an object of message fields")
    return dict(given)


def text_fields(text: str, name: str, marked: list[Json] | None = None) -> Json:
    """Return text or caption with the entities a person set and those the server finds in it; or ControlError 400."""
    text = text.strip()
    if not text:
        return {}
    if units(text) > MAX_TEXT:
        raise ControlError(400, f"a message holds at most {MAX_TEXT} UTF-16 units")
    if not isinstance(marked or [], list) or not all(isinstance(each, dict) for each in marked or []):
        raise ControlError(400, "entities is a list of {type, offset, length, url?}")
    entities = [*(marked or []), *found_entities(text)]
    return {name: text} | ({f"{name}_entities" if name == "caption" else "entities": entities} if entities else {})


def replaced(emu: Emulation, body: Json) -> Json:
    """Return the file a person puts in the place of a message's one, nothing when he brings none."""
    way = next(iter(said.ways(body, FILES)), None)
    return _file(emu, way, body[way]) if way is not None else {}


def _file(emu: Emulation, kind: str, given: Any) -> Json:
    upload = samples.upload_of(kind, given)
    details = given if isinstance(given, dict) else {}
    meta = {name: details[name] for name in ("duration", "width", "height", "emoji") if name in details}
    stored = files.store(emu.world, kind, upload.name, upload.mime, upload.content, meta)
    return files.body_of(stored, kind, meta)


def _album(emu: Emulation, given: Any, words: Json) -> list[Json]:
    if isinstance(given, int):
        given = 2 if given is True else given
        given = [f"photo {number}" for number in range(1, given + 1)]
    if not isinstance(given, list) or not 2 <= len(given) <= 10:
        raise ControlError(400, "an album is a list of 2 to 10 files, or that number")
    group = str(13_000_000_000_000_000 + emu.world.number())
    found = []
    for number, item in enumerate(given):
        fields = _file(emu, samples.kind_of_item(item), item) | {"media_group_id": group}
        found.append(fields | words if number == 0 else fields)
    return found


def _plain(person: Person, way: str, given: Any) -> Json:
    details = given if isinstance(given, dict) else {}
    if way == "contact":
        return contact(person, given)
    if way == "dice":
        return {"dice": {"emoji": "🎲", "value": 1 + person.id % 6}}
    if way == "story":
        chat = {"id": person.id, "type": "private", "first_name": person.name}
        return {"story": {"chat": chat | ({"username": person.username} if person.username else {}), "id": 1}}
    if way == "poll":
        return {"poll": _poll(details)}
    latitude, longitude = said.point(given)
    place = {"latitude": latitude, "longitude": longitude}
    if way == "location":
        return {"location": place}
    names = {"title": str(details.get("title") or "A place"), "address": str(details.get("address") or "A street")}
    return {"venue": {"location": place, **names}, "location": place}


def _poll(details: Json) -> Json:
    options = details.get("options")
    if not details.get("question") or not isinstance(options, list) or not options:
        raise ControlError(400, "a poll has a question and options")
    return {
        "id": "1",
        "question": str(details["question"]),
        "options": [
            {"persistent_id": str(place), "text": str(text), "voter_count": 0} for place, text in enumerate(options)
        ],
        "total_voter_count": 0,
        **dict.fromkeys(("is_closed", "allows_multiple_answers", "allows_revoting", "members_only"), False),
        "is_anonymous": True,
        "type": "regular",
    }


def contact(person: Person, given: Any) -> Json:
    """Return a contact card: the person's own one carries their id, any other does not. Raises ControlError 400."""
    phone, own, somebody = said.phone(given, person.phone)
    name = person.name if own else somebody
    first, _, last = name.partition(" ")
    card: Json = {"phone_number": phone, "first_name": first}
    if last:
        card["last_name"] = last
    if own:
        card["user_id"] = person.id
        person.phone = phone
    return {"contact": card}


def forwarded(emu: Emulation, given: Any, when: float) -> Json:
    """Return forward_origin for a user's id, a name whose account is hidden, {channel, signature?}; or ControlError."""
    if isinstance(given, dict):
        channel = {"id": -1_002_900_000_001, "type": "channel", "title": str(given.get("channel") or "A channel")}
        signed = {"author_signature": str(given["signature"])} if given.get("signature") else {}
        origin = {"type": "channel", "date": int(when), "chat": channel, "message_id": 1}
        return {"forward_origin": origin | signed}
    if isinstance(given, bool) or given in (None, ""):
        return {}
    if isinstance(given, int) or (isinstance(given, str) and given.isdigit()):
        account = int(given)
        if account not in emu.world.people and account not in emu.world.bots:
            raise ControlError(400, f"forward_from: nobody has the id {account}")
        return {"forward_origin": {"type": "user", "date": int(when), "sender_user": user(emu.world, account)}}
    return {"forward_origin": {"type": "hidden_user", "date": int(when), "sender_user_name": str(given)}}


def quoted(chat: Chat, body: Json) -> Json:
    """Return the part of the answered message a person picked out: {quote}. Raises ControlError 400."""
    words, answered = str(body.get("quote") or ""), reply_target(chat, body)
    if not words:
        return {}
    post = chat.find(answered)
    whole = str((post.body.get("text") or post.body.get("caption") or "") if post is not None else "")
    if words not in whole:
        raise ControlError(400, "quote is a part of the text of reply_to")
    return {"quote": {"text": words, "position": units(whole[: whole.index(words)]), "is_manual": True}}


def reply_target(chat: Chat, body: Json) -> int | None:
    """Return the message a person answers. Raises ControlError 404."""
    if body.get("reply_to") in (None, 0, ""):
        return None
    post = find_post(chat, body["reply_to"])
    return post.id


def find_post(chat: Chat, message_id: Any) -> Post:
    """Return a message that is there. Raises ControlError 400 or 404."""
    return named(chat.find, message_id, "a message id is a number", f"no message {message_id} in chat {chat.id}")


def find_person(emu: Emulation, given: Any, name: str) -> Person:
    """Return the person an id names. Raises ControlError 400 or 404."""
    return named(emu.world.people.get, given, f"{name} is a person's id", f"nobody has the id {given}")


def find_bot(emu: Emulation, body: Json) -> BotAccount:
    """Return the bot a request means: `bot`, else the first one. Raises ControlError 400 or 404."""
    return account(emu.world.bots, body.get("bot"), "bot", "bot")
