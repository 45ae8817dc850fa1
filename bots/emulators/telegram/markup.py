"""Keyboards: what the real server refuses in them, and where a person finds a button."""

from typing import Any

from bots.emulators.telegram.errors import Json, bad_request
from bots.emulators.telegram.params import Params
from bots.emulators.telegram.world import Post

ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
    "disabled",
)
MAX_CALLBACK_DATA = 64
MAX_BUTTONS = 100


def reply_markup(params: Params) -> Json | None:
    """Read and check `reply_markup`; raises BotApiError 400."""
    markup = params.json("reply_markup", "reply keyboard markup")
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in markup:
        rows = _rows(markup["inline_keyboard"], "inline keyboard")
        return {"inline_keyboard": [[_inline(button) for button in row] for row in rows if row]}
    if "keyboard" in markup:
        rows = _rows(markup["keyboard"], "keyboard")
        return {**markup, "keyboard": [[_key(button) for button in row] for row in rows if row]}
    return markup


def inline_only(params: Params) -> Json | None:
    """Read `reply_markup` where only an inline keyboard is allowed (edits); raises BotApiError 400."""
    markup = reply_markup(params)
    if markup is None:
        return None
    if "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected")
    return markup if markup["inline_keyboard"] else None


def _rows(rows: Any, what: str) -> list[list[Any]]:
    if not isinstance(rows, list):
        raise bad_request(f'field "{what.replace(" ", "_")}" must be of type Array')
    if not all(isinstance(row, list) for row in rows):
        raise bad_request(f"can't parse {what}: expected an Array of Arrays")
    if sum(len(row) for row in rows) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    return rows


def _inline(button: Any) -> Json:
    wrong = "can't parse inline keyboard button: "
    if not isinstance(button, dict):
        raise bad_request(wrong + "expected an Object")
    if not str(button.get("text") or "").strip():
        raise bad_request(wrong + "text must be non-empty" if "text" in button else wrong + 'can\'t find field "text"')
    given = [name for name in ACTIONS if name in button]
    if not given:
        raise bad_request(wrong + "text buttons are unallowed in the inline keyboard")
    if "callback_data" in button and not 1 <= len(str(button["callback_data"]).encode()) <= MAX_CALLBACK_DATA:
        raise bad_request("BUTTON_DATA_INVALID")
    if "url" in button and not str(button["url"]).partition("://")[2] and "." not in str(button["url"]):
        raise bad_request(f"inline keyboard button URL '{button['url']}' is invalid: wrong HTTP URL")
    return button


def _key(button: Any) -> Json:
    if isinstance(button, str):
        return {"text": button}
    if not isinstance(button, dict) or not str(button.get("text") or "").strip():
        raise bad_request("can't parse keyboard button: text must be non-empty")
    return button


def buttons(post: Post) -> list[list[Json]]:
    """Return the buttons a person sees under a message: {text, data, url?, request_contact?}."""
    markup = post.markup or {}
    rows = markup.get("inline_keyboard") or markup.get("keyboard") or []
    shown = []
    for row in rows:
        line = []
        for button in row:
            item = {"text": button["text"], "data": button.get("callback_data")}
            item.update(
                {name: button[name] for name in ("url", "request_contact", "request_location") if name in button}
            )
            line.append(item)
        shown.append(line)
    return shown


def keyboard_kind(post: Post) -> str | None:
    """Return what kind of keyboard a message carries: inline, reply, remove, force_reply or None."""
    markup = post.markup or {}
    kinds = {
        "inline_keyboard": "inline",
        "keyboard": "reply",
        "remove_keyboard": "remove",
        "force_reply": "force_reply",
    }
    return next((kind for name, kind in kinds.items() if markup.get(name)), None)
