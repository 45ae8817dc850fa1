"""JSON as it is written: on the live line, and inside pages."""

import json

VERSION = 1


def json_text(value: object) -> str:
    """Return compact JSON with letters as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def encode(kind: str, **members: object) -> str:
    """Return a live line's frame."""
    return json_text({"v": VERSION, "type": kind, **members})


def script_safe(text: str) -> str:
    """Return a JSON text that may stand inside a script element: nothing in it can close the element."""
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return text
