"""Keyboards: what VK takes (else error 911), and what a human sees of them.

Sizes are those of VK's docs: 5 buttons a row and 10 rows (40 in all), inline 5 and 6 (10 in all); a label holds 40
characters and a payload 255.
"""

import json
from typing import Any

from bots.emulators.control import Json
from bots.emulators.vk.dialog import Post
from bots.emulators.vk.errors import VkError

KINDS = ("text", "callback", "open_link", "location", "vkpay", "open_app", "open_photo")
COLOURED = ("text", "callback")
COLOURS = ("primary", "secondary", "negative", "positive", "default")
LABEL, PAYLOAD = 40, 255
A_ROW = 5
ROWS, BUTTONS = 10, 40
INLINE_ROWS, INLINE_BUTTONS = 6, 10


def refused(why: str) -> VkError:
    """Return error 911 with its reason."""
    return VkError(911, why)


def checked(given: str) -> Json:
    """Return a keyboard as it is stored; raises VkError 911."""
    try:
        keyboard = json.loads(given)
    except ValueError:
        raise refused("keyboard is not a valid JSON") from None
    if not isinstance(keyboard, dict) or not isinstance(keyboard.get("buttons"), list):
        raise refused("buttons is not an array")
    inline = bool(keyboard.get("inline", False))
    if inline and keyboard.get("one_time"):
        raise refused("inline keyboard can't be one_time")
    rows = keyboard["buttons"]
    if len(rows) > (INLINE_ROWS if inline else ROWS):
        raise refused(f"too many rows: {len(rows)}")
    if not all(isinstance(row, list) and 1 <= len(row) <= A_ROW for row in rows):
        raise refused(f"a row holds 1 to {A_ROW} buttons")
    if sum(map(len, rows)) > (INLINE_BUTTONS if inline else BUTTONS):
        raise refused("too many buttons")
    if inline and not rows:
        raise refused("inline keyboard has no buttons")
    kept = [[_button(button) for button in row] for row in rows]
    return {"one_time": bool(keyboard.get("one_time", False)), "inline": inline, "buttons": kept}


def _button(button: Any) -> Json:
    action = button.get("action") if isinstance(button, dict) else None
    kind = action.get("type") if isinstance(action, dict) else None
    if not isinstance(action, dict) or kind not in KINDS:
        raise refused("a button has an action with a known type")
    if kind in ("text", "callback", "open_link", "open_app") and not str(action.get("label") or "").strip():
        raise refused("button label is empty")
    if len(str(action.get("label") or "")) > LABEL:
        raise refused(f"button label is longer than {LABEL} characters")
    if kind == "open_link" and not str(action.get("link") or "").startswith(("http://", "https://")):
        raise refused("button link is not valid")
    if "color" in button and (kind not in COLOURED or button["color"] not in COLOURS):
        raise refused("button color is not valid")
    return {**button, "action": action | {"payload": _payload(action.get("payload"))}}


def _payload(given: Any) -> str:
    if given in (None, ""):
        return ""
    text = given if isinstance(given, str) else json.dumps(given, ensure_ascii=False)
    try:
        json.loads(text)
    except ValueError:
        raise refused("button payload is not a valid JSON") from None
    if len(text) > PAYLOAD:
        raise refused(f"button payload is longer than {PAYLOAD} characters")
    return text


def actions(post: Post) -> list[list[Json]]:
    """Return the actions of a message's buttons in rows."""
    rows = (post.keyboard or {}).get("buttons", [])
    found = [[{"color": button.get("color"), **button["action"]} for button in row] for row in rows]
    for element in (post.template or {}).get("elements", []):
        found.append([dict(button["action"]) for button in element.get("buttons", [])])
    return found


def buttons(post: Post) -> list[list[Json]]:
    """Return a message's buttons as a human sees them: [[{text, data, type}]]."""
    return [[_seen(action) for action in row] for row in actions(post)]


def _seen(action: Json) -> Json:
    seen = {"text": action.get("label", ""), "data": action.get("payload") or None, "type": action["type"]}
    seen |= {"color": action["color"]} if action.get("color") else {}
    return seen | ({"url": action["link"]} if "link" in action else {})


def same(payload: str, data: Any) -> bool:
    """Tell whether a button's payload is what somebody named: as text, or as the value it stands for."""
    if not payload:
        return data in (None, "")
    if payload == data:
        return True
    try:
        value = json.loads(payload)
        return bool(value == data or (isinstance(data, str) and json.loads(data) == value))
    except ValueError:
        return False
