"""VK's events as its documentation shows them, and what the door makes of them."""

from datetime import UTC, datetime
from typing import Any

from bots.vk.events import kept
from bots.vk.parse import parse
from bridge.model.ids import ChannelName, LaneId
from bridge.model.inbound import Inbound, Update

NAME = ChannelName("vk")
GROUP = 200
ANNA = 77
NAMES = {ANNA: "Анна Ковалёва", 78: "Пётр", 5: "Мария Админ"}
CLIENT = {"keyboard": True, "inline_keyboard": True, "button_actions": ["text", "callback"], "lang_id": 0}
CAME = datetime(2026, 5, 1, tzinfo=UTC)


def message(**parts: Any) -> dict[str, Any]:
    return {
        "id": 501,
        "date": 1_790_000_000,
        "peer_id": ANNA,
        "from_id": ANNA,
        "text": "Где заказ?",
        "conversation_message_id": 12,
        "fwd_messages": [],
        "attachments": [],
        "random_id": 0,
        "out": 0,
        **parts,
    }


def event(kind: str, about: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": kind, "group_id": GROUP, "event_id": "e1", "v": "5.199", "object": about, **more}


def new(**parts: Any) -> dict[str, Any]:
    return event("message_new", {"message": message(**parts), "client_info": CLIENT})


def facts(made: dict[str, Any], own: bool = False) -> list[Inbound]:
    raw = kept(made, NAMES, own)
    return parse(NAME, Update("vk:k", NAME, "k", LaneId("in:vk:77"), 1, raw, CAME))
