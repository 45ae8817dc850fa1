"""Buttons under a message: VK's inline keyboard, whose presses come back as message_event.

Limits: 10 buttons in at most 6 rows of 5, labels of 40 characters, payloads of 255
(https://dev.vk.com/ru/api/bots/development/keyboard).
"""

import json
from collections.abc import Sequence
from typing import Any

from bridge.model.messages import Choice
from bridge.people.asking import SHARE
from bridge.ports.channels import Outgoing

BUTTONS = 10
ROWS = 6
LABEL = 40


def choices(message: Outgoing) -> tuple[Choice, ...]:
    """Return the choices VK can offer: it has no button that shares a phone."""
    return tuple(choice for choice in message.choices if choice.data != SHARE)


def keyboard(offered: Sequence[Choice]) -> str | None:
    """Return the keyboard of the first choices, one a row while there are rows; None without any."""
    if not offered:
        return None
    shown = list(offered[:BUTTONS])
    a_row = 1 if len(shown) <= ROWS else 2
    rows = [shown[start : start + a_row] for start in range(0, len(shown), a_row)]
    return json.dumps({"inline": True, "buttons": [[_button(each) for each in row] for row in rows]})


def listed(text: str, offered: Sequence[Choice]) -> str:
    """Return a text with choices as lines of it, for where they cannot be buttons: they can be answered in words."""
    return "\n".join(filter(None, (text, *(f"• {choice.text}" for choice in offered))))


def pressed(payload: object) -> tuple[str, str] | None:
    """Return data and label of a pressed button of ours, None for another's payload."""
    if isinstance(payload, str):
        try:
            payload = json.loads(payload)
        except ValueError:
            return None
    if not isinstance(payload, dict) or not isinstance(payload.get("data"), str):
        return None
    data = payload["data"][:64]
    return data, str(payload.get("label") or data)[:LABEL]


def _button(choice: Choice) -> dict[str, Any]:
    label = choice.text if len(choice.text) <= LABEL else choice.text[: LABEL - 1] + "…"
    # message_event names no label: it travels in the payload. Unescaped, the two stay below 255 characters.
    payload = json.dumps({"data": choice.data, "label": label}, ensure_ascii=False)
    return {"action": {"type": "callback", "label": label, "payload": payload}}
