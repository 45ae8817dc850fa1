"""Raw updates as Telegram sends them, and what the door understands of them."""

import json
from typing import Any

from aiogram import Bot

from bots.telegram.parse import parse
from bridge.model.ids import ChannelName

NAME = ChannelName("telegram")
GROUP = -1001
BOT = Bot("7000000001:AAtests-only-token-of-35-characters")
ANNA = {
    "id": 77,
    "is_bot": False,
    "first_name": "Анна",
    "last_name": "Ковалёва",
    "username": "anna",
    "language_code": "ru",
}
PRIVATE = {"id": 77, "type": "private", "first_name": "Анна"}
FORUM = {"id": GROUP, "type": "supergroup", "title": "Staff", "is_forum": True}
FORWARDED = {"type": "hidden_user", "date": 1_780_000_000, "sender_user_name": "А"}


def message(**parts: Any) -> dict[str, Any]:
    """Return a message of a customer's."""
    return {"message_id": 5, "date": 1_790_000_000, "chat": PRIVATE, "from": ANNA, **parts}


def facts(**update: Any) -> list[Any]:
    """Return what the door understands of an update."""
    return parse(NAME, json.dumps({"update_id": 9, **update}), BOT, (GROUP,))


def emoji(*signs: str) -> list[dict[str, str]]:
    """Return signs as a message carries them."""
    return [{"type": "emoji", "emoji": sign} for sign in signs]
