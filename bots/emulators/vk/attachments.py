"""Files and what stands for them in messages: photos, documents, voice messages, stickers; their bytes by URL."""

import hashlib
import re
from typing import Any
from urllib.parse import quote

from bots.emulators.control import Json
from bots.emulators.pictures import image_size
from bots.emulators.samples import Upload
from bots.emulators.vk.emulation import BASE
from bots.emulators.vk.errors import wrong
from bots.emulators.vk.world import StoredFile, World, now

MAX_ATTACHMENTS = 10
MESSAGES_ALBUM = -3
NAMED = re.compile(r"(photo|doc|audio_message|video|wall)(-?\d+)_(\d+)(?:_(\w+))?")
#: Types of documents as VK numbers them, by the ends of names.
DOC_TYPES = {
    1: ("txt", "pdf", "doc", "docx", "xls", "xlsx", "rtf", "odt"),
    2: ("zip", "rar", "7z", "gz", "tar"),
    3: ("gif",),
    4: ("png", "jpg", "jpeg", "webp", "bmp"),
    5: ("mp3", "ogg", "wav", "flac", "m4a"),
    6: ("mp4", "mov", "avi", "mkv", "webm"),
    7: ("epub", "fb2", "djvu"),
}
OTHER_DOC = 8
SIDES = (("s", 75), ("m", 130), ("x", 604))


def store(world: World, owner: int, kind: str, upload: Upload, meta: Json | None = None) -> StoredFile:
    """Keep bytes as a file of an owner; every save makes a new file."""
    number = world.next_file
    world.next_file += 1
    access = hashlib.sha256(f"{kind}{owner}_{number}".encode()).hexdigest()[:18]
    stored = StoredFile(
        number, owner, kind, upload.name, upload.mime, now(), access, upload.content, {**_measured(kind, upload)}
    )
    stored.meta |= meta or {}
    world.files[stored.key] = stored
    return stored


def _measured(kind: str, upload: Upload) -> Json:
    if kind != "photo":
        return {}
    width, height = image_size(upload.content) or (640, 480)
    return {"width": width, "height": height}


def url_of(stored: StoredFile) -> str:
    """Return the address of a file's bytes."""
    return f"{BASE}/file/{stored.key}/{stored.access}/{quote(stored.name, safe='')}"


def shown(stored: StoredFile) -> Json:
    """Return the attachment of a file: {"type", <type>: {...}}."""
    makers = {"photo": photo, "doc": doc, "audio_message": audio_message, "video": video, "sticker": sticker}
    return {"type": stored.kind, stored.kind: makers[stored.kind](stored)}


def photo(stored: StoredFile) -> Json:
    """Return the photo object: its sizes, smallest first; one URL serves them all."""
    width, height = int(stored.meta["width"]), int(stored.meta["height"])
    longest, url = max(width, height, 1), url_of(stored)
    sizes = [
        {"type": name, "url": url, "width": max(1, width * side // longest), "height": max(1, height * side // longest)}
        for name, side in SIDES
        if side < longest
    ]
    original = {"type": "w" if longest > 604 else "x", "url": url, "width": width, "height": height}
    return {
        "album_id": MESSAGES_ALBUM,
        "date": int(stored.at),
        "id": stored.id,
        "owner_id": stored.owner,
        "access_key": stored.access,
        "sizes": [*sizes, original],
        "orig_photo": {"height": height, "type": "base", "url": url, "width": width},
        "text": "",
        "has_tags": False,
    }


def doc(stored: StoredFile) -> Json:
    """Return the doc object with its direct link."""
    ext = stored.name.rpartition(".")[2].lower() if "." in stored.name else "txt"
    number = next((number for number, ends in DOC_TYPES.items() if ext in ends), OTHER_DOC)
    return {
        "id": stored.id,
        "owner_id": stored.owner,
        "title": str(stored.meta.get("title") or stored.name),
        "size": len(stored.content),
        "ext": ext,
        "date": int(stored.at),
        "type": number,
        "url": url_of(stored),
        "access_key": stored.access,
    }


def audio_message(stored: StoredFile) -> Json:
    """Return the audio_message object with its direct links."""
    return {
        "id": stored.id,
        "owner_id": stored.owner,
        "duration": int(stored.meta.get("duration", 1)),
        "waveform": [(7 * step) % 32 for step in range(128)],
        "link_ogg": url_of(stored),
        "link_mp3": url_of(stored),
        "access_key": stored.access,
        "transcript_state": "in_progress",
    }


def video(stored: StoredFile) -> Json:
    """Return the video object: VK gives bots no link to its bytes."""
    return {
        "id": stored.id,
        "owner_id": stored.owner,
        "title": stored.name,
        "duration": int(stored.meta.get("duration", 1)),
        "date": int(stored.at),
        "access_key": stored.access,
        "type": "video",
        "image": [{"url": f"{BASE}/picture/video{stored.id}.png", "width": 320, "height": 240}],
    }


def sticker(stored: StoredFile) -> Json:
    """Return the sticker object: pictures in several sizes."""
    picture = [{"url": url_of(stored), "width": side, "height": side} for side in (64, 128, 256, 512)]
    return {
        "inner_type": "base_sticker_new",
        "sticker_id": stored.id,
        "product_id": 279,
        "images": picture,
        "images_with_background": picture,
        "is_allowed": True,
    }


def named(world: World, text: str) -> list[Json]:
    """Return the attachments a parameter names ("photo-1_11_key,doc-1_12"); raises VkError 100."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    if len(names) > MAX_ATTACHMENTS:
        raise wrong(f"at most {MAX_ATTACHMENTS} attachments")
    return [_one(world, name) for name in names]


def _one(world: World, name: str) -> Json:
    found = NAMED.fullmatch(name)
    if found is None:
        raise wrong(f"attachment {name} is not valid")
    kind, owner, number, access = found.groups()
    if kind == "wall":
        return _wall(world, -int(owner), int(number), name)
    # A voice message is saved as a document and may be named so.
    kinds = (kind, "audio_message") if kind == "doc" else (kind,)
    stored = next((world.files[key] for one in kinds if (key := f"{one}{owner}_{number}") in world.files), None)
    if stored is None or (access and access != stored.access):
        raise wrong(f"attachment {name} was not found")
    return shown(stored)


def _wall(world: World, group_id: int, post_id: int, name: str) -> Json:
    group = world.groups.get(group_id)
    post = group.wall.get(post_id) if group is not None else None
    if post is None:
        raise wrong(f"attachment {name} was not found")
    wall: Json = {"id": post.id, "owner_id": -group_id, "from_id": post.sender, "date": int(post.at), "text": post.text}
    return {"type": "wall", "wall": wall}


def kind_of(item: Any) -> str:
    """Return the kind under which a person's file is sent, by its MIME type: a photo, a video or a document."""
    mime = str(item.get("mime") or "") if isinstance(item, dict) else ""
    if not mime or mime.startswith("image/"):
        return "photo"
    return "video" if mime.startswith("video/") else "doc"
