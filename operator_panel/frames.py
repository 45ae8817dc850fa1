"""What a person did in one of his pages, as the others are told it: a frame takes the place of an unread older one."""

from typing import Any

from operator_panel.backlog import Frame
from operator_panel.wire import encode


def read(hint: dict[str, Any]) -> Frame:
    """A read mark moved."""
    conversation = hint["conversation"]
    return Frame(encode("read", conversation_id=conversation, incoming=hint["incoming"]), f"read:{conversation}")


def drafted(hint: dict[str, Any]) -> Frame:
    """A draft was written or sent; `page` names the page that did it."""
    conversation, mode = hint["conversation"], hint["mode"]
    told = encode("drafted", conversation_id=conversation, mode=mode, page=hint["page"])
    return Frame(told, f"drafted:{conversation}:{mode}")
