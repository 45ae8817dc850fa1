"""Files, albums, places, contacts, polls: everything a bot sends that is no plain text; getFile."""

import random
from collections.abc import Awaitable, Callable
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bots.emulators.samples import MIMES
from bots.emulators.telegram import files
from bots.emulators.telegram.emulation import Call
from bots.emulators.telegram.errors import BotApiError, Json, bad_request
from bots.emulators.telegram.html_text import units
from bots.emulators.telegram.params import Upload
from bots.emulators.telegram.posting import Target, post_and_show, target
from bots.emulators.telegram.schema import missing
from bots.emulators.telegram.text import caption, caption_fields, formatted, formatted_text
from bots.emulators.telegram.world import StoredFile, now

MAX_UPLOAD = 50 * 1024 * 1024
MAX_PHOTO = 10 * 1024 * 1024
MAX_DOWNLOAD = 20 * 1024 * 1024
MAX_URL = 20 * 1024 * 1024
ALBUM_KINDS = ("photo", "video", "document", "audio", "live_photo")
ALONE = ("document", "audio")
DETAILS = ("duration", "width", "height", "length", "performer", "title", "emoji")
DICE = {"🎲": 6, "🎯": 6, "🎳": 6, "🏀": 5, "⚽": 5, "⚽️": 5, "🎰": 64}
LOOPBACK = ("127.0.0.1", "localhost", "::1")


async def attached(call: Call, kind: str, source: str, part: str) -> StoredFile:
    """Return the file a parameter means: attach://, an upload, a file_id of this bot, a loopback URL."""
    if source.startswith("attach://"):
        part = source.removeprefix("attach://")
        if part not in call.params.files:
            raise missing(kind)
    upload = call.params.files.get(part)
    if upload is None and source.startswith(("http://", "https://")):
        upload = await _fetched(call, kind, source)
    if upload is not None:
        return _kept(call, kind, upload)
    if not source:
        raise missing(kind)
    sent_as, stored = files.known(call.emu.world, call.bot.id, source)
    if sent_as != kind:
        names = sent_as.replace("_", " ").title(), kind.replace("_", " ").title()
        raise bad_request(f"can't use file of type {names[0]} as {names[1]}")
    return stored


def _kept(call: Call, kind: str, upload: Upload) -> StoredFile:
    size = len(upload.content)
    if size > MAX_UPLOAD:
        raise BotApiError(413, "Request Entity Too Large")
    if size == 0:
        raise bad_request("file must be non-empty")
    if kind == "photo" and size > MAX_PHOTO:
        raise bad_request(f"file of size {size} bytes is too big for a photo; the maximum size is {MAX_PHOTO} bytes")
    mime = upload.mime
    if kind != "document" or mime in ("", "application/octet-stream"):
        mime = files.mime_of(upload.name, MIMES[kind][1] if kind != "document" else "application/octet-stream")
    return files.store(call.emu.world, kind, upload.name, mime, upload.content)


async def _fetched(call: Call, kind: str, url: str) -> Upload:
    """Fetch a URL as the real server does; the emulator goes no further than the loopback."""
    where = urlsplit(url)
    wrong = bad_request("failed to get HTTP URL content")
    if where.hostname not in LOOPBACK or call.emu.session is None:
        raise wrong
    try:
        async with call.emu.session.get(url, timeout=aiohttp.ClientTimeout(total=10)) as answer:
            content = await answer.content.read(MAX_URL + 1)
            if answer.status != 200 or len(content) > MAX_URL:
                raise wrong
            return Upload(PurePosixPath(where.path).name or kind, answer.content_type, content)
    except (aiohttp.ClientError, TimeoutError, OSError):
        raise wrong from None


def sender(kind: str) -> Callable[[Call], Awaitable[Json]]:
    """Return the method that sends one file as a kind."""
    captioned = kind not in ("sticker", "video_note")

    async def send(call: Call) -> Json:
        found = target(call)
        words = caption(call.params) if captioned else {}
        stored = await attached(call, kind, call.params.text(kind), kind)
        details = {name: call.params.values[name] for name in DETAILS if name in call.params.values}
        body = files.body_of(stored, kind, _numbers(details)) | words
        if call.params.flag("has_spoiler"):
            body["has_media_spoiler"] = True
        return post_and_show(call, found, body)

    return send


def _numbers(details: Json) -> Json:
    names = ("duration", "width", "height", "length")
    return {name: int(float(value)) if name in names else value for name, value in details.items()}


async def send_media_group(call: Call) -> list[Json]:
    """Send 2 to 10 files as one album; documents and audio are not mixed with others."""
    found = target(call)
    items = call.params.objects("media")
    if not items:
        raise bad_request("there are no messages to send")
    if len(items) < 2:
        raise bad_request("too few messages to send as an album")
    if len(items) > 10:
        raise bad_request("too many messages to send as an album")
    kinds = [str(item.get("type")) for item in items]
    for kind in kinds:
        if kind not in ALBUM_KINDS:
            raise bad_request(f"can't parse InputMedia: type {kind} can't be used in an album")
        if kind in ALONE and set(kinds) != {kind}:
            raise bad_request(f"{kind} can't be mixed with other media types")
    bodies = [await _item(call, item) for item in items]
    found.fields["media_group_id"] = str(13_000_000_000_000_000 + call.emu.world.number())
    return [post_and_show(call, _twin(found), body) for body in bodies]


def _twin(found: Target) -> Target:
    return Target(found.chat, found.topic, found.reply_to, None, dict(found.fields))


async def _item(call: Call, item: Json) -> Json:
    kind = str(item["type"])
    stored = await attached(call, kind, str(item.get("media") or ""), "")
    details = {name: item[name] for name in DETAILS if name in item}
    return files.body_of(stored, kind, _numbers(details)) | item_caption(item)


def item_caption(item: Json) -> Json:
    """Return caption fields of an InputMedia object; raises BotApiError 400."""
    given = formatted_text(
        str(item.get("caption") or ""), str(item.get("parse_mode") or ""), item.get("caption_entities") or []
    )
    return caption_fields(given)


async def replaced_media(call: Call) -> Json:
    """Return the fields of `media` of editMessageMedia; raises BotApiError 400."""
    item = call.params.json("media", "input media")
    if not isinstance(item, dict) or item.get("type") not in (*ALBUM_KINDS, "animation"):
        raise bad_request("can't parse InputMedia: unknown type")
    return await _item(call, item)


def place(call: Call) -> Json:
    """Read latitude and longitude; raises BotApiError 400."""
    latitude, longitude = call.params.number("latitude"), call.params.number("longitude")
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        raise bad_request("wrong latitude or longitude specified")
    return {"latitude": latitude, "longitude": longitude}


def send_location(call: Call) -> Json:
    """Send a point on the map."""
    return post_and_show(call, target(call), {"location": place(call)})


def send_venue(call: Call) -> Json:
    """Send a place with a name."""
    where = place(call)
    names = {"title": call.params.text("title"), "address": call.params.text("address")}
    return post_and_show(call, target(call), {"venue": {"location": where, **names}, "location": where})


def send_contact(call: Call) -> Json:
    """Send a contact card."""
    card = {name: call.params.text(name) for name in ("phone_number", "first_name", "last_name", "vcard")}
    if not card["phone_number"].strip("+ -()"):
        raise bad_request("PHONE_NUMBER_INVALID")
    return post_and_show(call, target(call), {"contact": {name: value for name, value in card.items() if value}})


def send_dice(call: Call) -> Json:
    """Throw a die."""
    emoji = call.params.text("emoji", "🎲") or "🎲"
    if emoji not in DICE:
        raise bad_request("wrong parameter emoji in request")
    return post_and_show(call, target(call), {"dice": {"emoji": emoji, "value": random.randint(1, DICE[emoji])}})


def send_poll(call: Call) -> Json:
    """Send a poll with 2 to 12 options."""
    found = target(call)
    given = call.params.json("options")
    texts = [str(one.get("text") or "") if isinstance(one, dict) else str(one) for one in given or []]
    question = formatted(call.params, "question", "question_parse_mode", "question_entities")["text"]
    if not 1 <= units(question) <= 300:
        raise bad_request("poll question must be non-empty and not longer than 300 characters")
    if not 1 <= len(texts) <= 12 or not all(1 <= units(text) <= 100 for text in texts):
        raise bad_request("poll must have from 1 to 12 non-empty options")
    poll: dict[str, Any] = {
        "id": str(5_000_000_000_000_000 + call.emu.world.number()),
        "question": question,
        "options": [{"persistent_id": str(n), "text": text, "voter_count": 0} for n, text in enumerate(texts)],
        "total_voter_count": 0,
        "is_closed": call.params.flag("is_closed"),
        "is_anonymous": call.params.flag("is_anonymous") if "is_anonymous" in call.params.values else True,
        "type": call.params.text("type", "regular") or "regular",
        "allows_multiple_answers": call.params.flag("allows_multiple_answers"),
        "allows_revoting": call.params.flag("allows_revoting"),
        "members_only": call.params.flag("members_only"),
    }
    return post_and_show(call, found, {"poll": poll})


def get_file(call: Call) -> Json:
    """Return where a file of at most 20 MB can be fetched for an hour."""
    file_id = call.params.text("file_id")
    found = files.read_id(file_id)
    if found is None or found[0] != call.bot.id:
        raise bad_request("invalid file_id")
    kind, stored = files.known(call.emu.world, call.bot.id, file_id)
    if stored.size > MAX_DOWNLOAD:
        raise bad_request("file is too big")
    world = call.emu.world
    if stored.path is None:
        stored.path = f"{kind}s/file_{world.number()}{PurePosixPath(stored.name).suffix}"
        world.paths[stored.path] = stored.unique
    stored.path_at = now()
    call.emu.dirty()
    return {"file_id": file_id, "file_unique_id": found[2], "file_size": stored.size, "file_path": stored.path}
