"""Files on the server: ids, metadata, and the samples a person sends when no bytes are given."""

import base64
import hashlib
import mimetypes

from bots.emulators.pictures import image_size
from bots.emulators.telegram.errors import Json, bad_request
from bots.emulators.telegram.world import StoredFile, World

CODES = {"photo": "P", "document": "D", "video": "V", "audio": "A", "voice": "O", "video_note": "N", "animation": "G"}
CODES["sticker"] = "S"
KINDS = {code: kind for kind, code in CODES.items()}
DEFAULT_SIZES = {"photo": (640, 480), "video": (640, 360), "animation": (320, 240), "sticker": (512, 512)}
SMALL_SIDE = 90


def id_for(bot_id: int, kind: str, unique: str) -> str:
    """Return the file_id by which one bot names a file."""
    raw = f"{bot_id}:{CODES[kind]}:{unique}".encode()
    return "Ag" + base64.urlsafe_b64encode(raw).decode().rstrip("=")


def read_id(file_id: str) -> tuple[int, str, str] | None:
    """Return bot id, kind and file_unique_id of a file_id, None when it is none."""
    try:
        raw = base64.urlsafe_b64decode(file_id[2:] + "=" * (-len(file_id[2:]) % 4)).decode()
        bot_id, code, unique = raw.split(":")
        return int(bot_id), KINDS[code], unique
    except (ValueError, KeyError):
        return None


def known(world: World, bot_id: int, file_id: str) -> tuple[str, StoredFile]:
    """Return kind and file of a file_id of this bot; raises BotApiError 400."""
    found = read_id(file_id)
    stored = world.files.get(found[2].removesuffix("s")) if found is not None else None
    if found is None or stored is None or found[0] != bot_id:
        raise bad_request("wrong file identifier/HTTP URL specified")
    return found[1], stored


def store(world: World, kind: str, name: str, mime: str, content: bytes, meta: Json | None = None) -> StoredFile:
    """Keep bytes; the same bytes of the same kind and name are one file with one file_unique_id."""
    unique = "AQ" + hashlib.sha256(f"{kind}/{name}/".encode() + content).hexdigest()[:14]
    stored = world.files.get(unique)
    if stored is None:
        stored = StoredFile(unique, kind, name, mime, len(content), content, {**(meta or {})})
        if kind in DEFAULT_SIZES:
            width, height = image_size(content) or DEFAULT_SIZES[kind]
            stored.meta = {"width": width, "height": height} | stored.meta
        world.files[unique] = stored
    return stored


def mime_of(name: str, default: str) -> str:
    """Return the MIME type a file's name tells, else a default."""
    return mimetypes.guess_type(name)[0] or default


def body_of(stored: StoredFile, kind: str, details: Json | None = None) -> Json:
    """Return the message field of a file sent as a kind; file ids are added when it is shown to a bot."""
    media: Json = {"file_unique_id": stored.unique, "file_size": stored.size}
    extra = {**stored.meta, **(details or {})}
    if kind == "photo":
        return {"photo": _photo_sizes(stored)}
    if kind in ("document", "video", "audio", "animation"):
        media |= {"file_name": stored.name, "mime_type": stored.mime}
    if kind == "voice":
        media["mime_type"] = stored.mime
    if kind in ("video", "animation"):
        media |= {"width": extra.get("width", 640), "height": extra.get("height", 360)}
    if kind in ("video", "audio", "voice", "video_note", "animation"):
        media["duration"] = extra.get("duration", 1)
    if kind == "video_note":
        media["length"] = extra.get("length", 240)
    if kind == "audio":
        media |= {name: extra[name] for name in ("performer", "title") if extra.get(name)}
    if kind == "sticker":
        media |= {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
        media["emoji"] = extra.get("emoji", "🙂")
    body = {kind: media}
    # An animation shows itself as a document too, for programs that know no animations.
    if kind == "animation":
        body["document"] = {"file_unique_id": stored.unique, "file_size": stored.size} | {
            "file_name": stored.name,
            "mime_type": stored.mime,
        }
    return body


def _photo_sizes(stored: StoredFile) -> list[Json]:
    width, height = int(stored.meta.get("width", 640)), int(stored.meta.get("height", 480))
    whole = {"file_unique_id": stored.unique, "file_size": stored.size, "width": width, "height": height}
    longest = max(width, height)
    if longest <= SMALL_SIDE:
        return [whole]
    small = {"width": max(1, width * SMALL_SIDE // longest), "height": max(1, height * SMALL_SIDE // longest)}
    return [{"file_unique_id": stored.unique + "s", "file_size": min(stored.size, 1500), **small}, whole]
