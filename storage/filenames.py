"""Names of files as people give them, made harmless: no path, no invisible letters, no name that hides what it is."""

import unicodedata

#: Characters of a name that are kept, its ending included.
LENGTH = 120
#: Endings of what runs when somebody opens it: Windows looks at nothing else.
PROGRAMS = frozenset(
    {
        *("apk", "app", "appimage", "bat", "cmd", "com", "cpl", "dll", "exe", "gadget", "hta", "inf"),
        *("ins", "jar", "js", "jse", "lnk", "msc", "msi", "msix", "msp", "pif", "ps1", "psm1"),
        *("reg", "scf", "scr", "sct", "sys", "vb", "vbe", "vbs", "wsf", "wsh"),
    }
)
#: Endings of what a browser would show as a picture, with its type.
IMAGES = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"}
#: Type -> ending given to files without a name; other files get their kind's.
_ENDINGS = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/webp": "webp",
    "audio/ogg": "ogg",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/webm": "weba",
    "audio/wav": "wav",
    "video/mp4": "mp4",
    "video/webm": "webm",
    "video/quicktime": "mov",
    "application/pdf": "pdf",
    "application/zip": "zip",
    "text/plain": "txt",
}


def ending(name: str) -> str:
    """Return a name's last ending in lower case, empty without one."""
    stem, dot, last = name.rpartition(".")
    return last.lower() if dot and stem and last.isalnum() else ""


def clean(name: str, kind: str, mime: str) -> str:
    """Return a name that may be shown and saved; a file without one is called by its kind and type."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    # Control and format characters hide parts of a name: U+202E turns "gpj.exe" round.
    name = "".join(" " if letter.isspace() else letter for letter in name if letter.isprintable() or letter.isspace())
    name = " ".join(name.split()).strip(". ")  # Windows drops what trails, and "x.exe." would be x.exe there
    name = "".join("_" if letter in '<>:"|?*' else letter for letter in name)
    if not name:
        return f"{kind or 'file'}.{_ENDINGS.get(mime, 'bin')}"
    if len(name) <= LENGTH:
        return name
    tail = f".{last}" if len(last := ending(name)) <= 12 and last else ""
    return name[: LENGTH - len(tail)].rstrip(". ") + tail
