"""What hangs on a customer's message: files that can be fetched, and in words what cannot be carried."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bridge.model.files import Remote

#: Where VK's pages are; a link of it works whatever VK's own addresses are today.
HOME = "https://vk.com"
#: Where a point can be looked at; the numbers stand beside it for any other map.
MAP = "https://www.openstreetmap.org/?mlat={0}&mlon={1}#map=17/{0}/{1}"
#: Kinds of the hall for attachments that are told in words; each is worded in the phrases.
_KINDS = {
    "link": "link",
    "wall": "wall",
    "wall_reply": "wall",
    "market": "market",
    "market_album": "market",
    "video": "link",  # VK gives no file of it
    "audio": "link",
    "poll": "poll",
    "gift": "gift",
    "story": "story",
    "call": "call",
    "article": "link",
    "graffiti": "graffiti",
    "photo": "photo",
    "doc": "document",
    "audio_message": "voice",
    "sticker": "sticker",
}
#: Types of documents VK tells apart: https://dev.vk.com/ru/reference/objects/doc
_GIF = 3
_MIMES = {"ogg": "audio/ogg", "mp3": "audio/mpeg", "pdf": "application/pdf", "gif": "image/gif"}


@dataclass(frozen=True, slots=True)
class Content:
    """What a message says: its text with lines of what cannot be carried, its kind, its files.

    `more`: kinds of what hangs on it beside all that and has neither bytes nor a name, each to be told of by itself.
    """

    text: str
    kind: str
    files: tuple[Remote, ...]
    more: tuple[str, ...] = ()


def content(message: dict[str, Any], otherwise: str = "text") -> Content:
    """Read what a message says; the refs of its files are direct addresses, which VK may soon forget.

    `otherwise`: the kind of a message without anything.
    """
    text = str(message.get("text") or "")
    told, kind, more = _told(message)
    files = tuple(remote for each in _attachments(message) if (remote := _remote(each)) is not None)
    if not (text or told or files):  # the message is its first thing without a name
        kind, more = more[0] if more else kind, more[1:]
    kind = "text" if text else kind or (files[0].kind if files else otherwise)
    return Content("\n".join(filter(None, (text, told))), kind, files, more)


def _told(message: dict[str, Any]) -> tuple[str, str, tuple[str, ...]]:
    """Return in words what of a message is no file, a line each, and the kind of the first; kinds without words."""
    lines, kind, wordless = [], "", []
    for each in _attachments(message):
        if _remote(each) is None:
            line, its = _line(each), _KINDS.get(str(each.get("type")), "other")
            if line:
                kind = kind or its
                lines.append(line)
            else:
                wordless.append(its)
    place = message.get("geo")
    if isinstance(place, dict):
        point = _place(place)
        if point:
            kind = kind or "location"
            lines.append(point)
        else:
            wordless.append("location")
    return "\n".join(lines), kind, tuple(wordless)


def _attachments(message: dict[str, Any]) -> Iterator[dict[str, Any]]:
    return (each for each in message.get("attachments") or () if isinstance(each, dict))


def _remote(attachment: dict[str, Any]) -> Remote | None:
    kind = str(attachment.get("type"))
    about = attachment.get(kind)
    if not isinstance(about, dict):
        return None
    match kind:
        case "photo":
            ref = _largest(about.get("sizes")) or str((about.get("orig_photo") or {}).get("url") or "")
            return Remote(ref, "photo", "", "image/jpeg") if ref else None
        case "doc" if about.get("url"):
            return _document(about)
        case "audio_message" if about.get("link_ogg"):
            return Remote(about["link_ogg"], "voice", "", "audio/ogg", seconds=int(about.get("duration") or 0))
        case "sticker":
            ref = _largest(about.get("images"))
            return Remote(ref, "sticker", "sticker.png", "image/png") if ref else None
        case "graffiti":
            ref = str(about.get("url") or "") or _largest(about.get("sizes"))
            return Remote(ref, "photo", "graffiti.png", "image/png") if ref else None
        case "audio" if about.get("url"):
            name = f"{_title(about)}.mp3"
            return Remote(about["url"], "audio", name, "audio/mpeg", seconds=int(about.get("duration") or 0))
    return None


def _document(about: dict[str, Any]) -> Remote:
    name, extension = str(about.get("title") or "file"), str(about.get("ext") or "").lower()
    if extension and not name.lower().endswith(f".{extension}"):
        name = f"{name}.{extension}"
    kind = "animation" if about.get("type") == _GIF else "document"
    return Remote(about["url"], kind, name, _MIMES.get(extension, ""), int(about.get("size") or 0))


def _largest(sizes: object) -> str:
    found = [each for each in sizes if isinstance(each, dict) and each.get("url")] if isinstance(sizes, list) else []
    best = max(found, key=lambda each: int(each.get("width") or 0) * int(each.get("height") or 0), default=None)
    return str(best["url"]) if best else ""


def _line(attachment: dict[str, Any]) -> str:
    """Name an attachment by its title and its page."""
    kind = str(attachment.get("type"))
    about = attachment.get(kind)
    if not isinstance(about, dict):
        return ""
    return " ".join(filter(None, (_title(about), _page(kind, about))))


def _title(about: dict[str, Any]) -> str:
    names = [about.get("artist"), about.get("title") or about.get("question") or about.get("text")]
    return " – ".join(" ".join(str(name).split())[:200] for name in names if name)


def _page(kind: str, about: dict[str, Any]) -> str:
    if about.get("url") or about.get("view_url"):
        return str(about.get("url") or about["view_url"])
    owner = about.get("owner_id") or about.get("to_id") or about.get("from_id")
    id = about.get("id")
    if owner is None or id is None:
        return ""
    if kind == "wall_reply":
        return f"{HOME}/wall{owner}_{about.get('post_id')}?reply={id}"
    prefix = {"wall": "wall", "market": "product", "video": "video", "audio": "audio", "poll": "poll", "story": "story"}
    return f"{HOME}/{prefix[kind]}{owner}_{id}" if kind in prefix else ""


def _place(place: dict[str, Any]) -> str:
    """Name a place with its point, which comes as numbers or (before API 5.103) as one text."""
    found, named = place.get("coordinates"), place.get("place")
    title = str(named.get("title") or "") if isinstance(named, dict) else ""
    parts = (found.get("latitude"), found.get("longitude")) if isinstance(found, dict) else str(found or "").split()
    try:
        latitude, longitude = (f"{float(str(part)):.6f}" for part in parts)
    except (TypeError, ValueError):
        return title
    return "\n".join(filter(None, (title, f"{latitude}, {longitude}", MAP.format(latitude, longitude))))
