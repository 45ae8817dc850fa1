"""VK's events as they come: what they are about, who is in them, and how they are kept until they are understood."""

import hashlib
import json
from collections import OrderedDict
from collections.abc import Iterator
from typing import Any

from bridge.model.ids import ChannelName, LaneId
from bridge.model.lanes import in_lane
from bridge.ports.channels import Raw

#: Events asked of VK; those of the wall only where the settings say so.
MESSAGES = (
    "message_new",
    "message_reply",
    "message_edit",
    "message_event",
    "message_allow",
    "message_deny",
    "message_read",
    "message_reaction_event",
    "user_block",
    "user_unblock",
    "message_typing_state",
)
WALL = ("wall_post_new", "wall_reply_new", "wall_reply_edit", "wall_reply_delete", "wall_reply_restore")
#: Gone before anybody could act on it: told at once or not at all, never kept.
TYPING = "message_typing_state"
#: Peers from here on are chats of several people: a support desk serves one person at a time.
CHATS = 2_000_000_000
#: Places between two messages of a chat: what has no number of its own stands behind the last message heard of.
STEP = 1000
#: Chats whose last message a process remembers.
HEARD = 20_000
#: Events of one chat that one may have overtaken: an own message in between is told as an event, too.
OVERTAKEN = 8

Event = dict[str, Any]


def message_of(event: Event) -> Event:
    """Return the message of an event: beside client_info, or (before API 5.103, and in replies) the object itself."""
    about = event["object"]
    message = about.get("message")
    return message if isinstance(message, dict) else about


def wall_chat(post: object, user: object) -> str:
    """Name the chat of one person under one post."""
    return f"wall:{post}:{user}"


class Placing:
    """Gives events their unique key, their lane and their place in it."""

    def __init__(self, channel: ChannelName) -> None:
        self._channel = channel
        self._last: OrderedDict[LaneId, int] = OrderedDict()

    def place(self, event: Event, body: str) -> Raw:
        """Place an event. Raises KeyError, TypeError, ValueError for one that is none of VK's.

        A message's key is its number in its chat, not event_id: Callback and Long Poll may both tell of it, and each
        again after a reconnect.
        """
        group, kind = int(event["group_id"]), str(event["type"])
        chat, number = _whereabouts(group, kind, event)
        lane = in_lane(self._channel, chat)
        if number and kind in ("message_new", "message_reply", "wall_reply_new"):
            letter = "w" if kind == "wall_reply_new" else "m"
            return Raw(f"{group}.{letter}.{chat}.{number}", lane, self._message(lane, number), body)
        return Raw(f"{group}.{_own_key(kind, event)}", lane, self._behind(lane, number), body)

    def anywhere(self, event: Event, body: str) -> Raw:
        """Place an event; one that is none of VK's as we know them stands apart, and is read last of all."""
        try:
            return self.place(event, body)
        except (KeyError, TypeError, ValueError, AttributeError):
            told = event.get("event_id") or hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()[:24]
            return Raw(f"odd.{told}", in_lane(self._channel, "other"), 0, body)

    def _message(self, lane: LaneId, number: int) -> int:
        order = number * STEP
        self._note(lane, max(order, self._last.get(lane, 0)))
        return order

    def _behind(self, lane: LaneId, number: int) -> int:
        """Return the place of an event that is no message: behind all that this process has heard in the chat."""
        order = max(self._last.get(lane, 0), number * STEP) + 1
        self._note(lane, order)
        return order

    def _note(self, lane: LaneId, order: int) -> None:
        self._last[lane] = order
        self._last.move_to_end(lane)
        if len(self._last) > HEARD:
            self._last.popitem(last=False)


def before(key: str) -> list[str]:
    """Return the keys of the messages before this one: numbers of a chat run without holes, ours included."""
    group, letter, *rest = key.split(".")
    if letter != "m" or len(rest) != 2:
        return []
    chat, number = rest[0], int(rest[1])
    return [f"{group}.m.{chat}.{each}" for each in range(number - 1, max(number - 1 - OVERTAKEN, 0), -1)]


def _whereabouts(group: int, kind: str, event: Event) -> tuple[str, int]:
    """Return the chat an event belongs to, and the number of the message it is about (0: of none)."""
    about = event["object"]
    if kind in ("message_new", "message_reply", "message_edit"):
        message = message_of(event)
        return str(int(message["peer_id"])), int(message.get("conversation_message_id") or 0)
    if kind.startswith("wall_post"):
        return wall_chat(about["id"], about["from_id"]), 0
    if kind.startswith("wall_reply"):
        return wall_chat(about["post_id"], wall_person(group, about)), int(about["id"])
    chat = about.get("peer_id") or about.get("user_id") or about.get("from_id") or "other"
    return str(chat), int(about.get("conversation_message_id") or about.get("cmid") or 0)


def wall_person(group: int, comment: Event) -> int:
    """Return whose conversation a comment belongs to: its author's; of the community's own, whom it answers."""
    author = int(comment.get("from_id") or comment.get("user_id") or comment.get("deleter_id") or 0)
    return int(comment.get("reply_to_user") or 0) if author == -group else author


def _own_key(kind: str, event: Event) -> str:
    about = event["object"]
    if kind == "message_event":
        return f"press.{about['event_id']}"
    if kind == "message_edit" and message_of(event).get("update_time"):
        message = message_of(event)
        return f"edit.{message['peer_id']}.{message['conversation_message_id']}.{message['update_time']}"
    return f"event.{event['event_id']}"


def people(event: Event) -> set[int]:
    """Return the numbers of those whose names the hall will want; of an event of an odd shape nobody's."""
    try:
        return {each for each in _named(event) if isinstance(each, int) and 0 < each < CHATS}
    except (KeyError, TypeError, AttributeError):
        return set()


def _named(event: Event) -> set[Any]:
    about, kind = event["object"], event["type"]
    if kind in ("message_new", "message_edit", "message_reply"):
        return {*_authors(message_of(event)), message_of(event).get("admin_author_id")}
    if kind in ("message_event", "message_allow", "message_deny", "user_block", "user_unblock"):
        return {about.get("user_id")}
    if kind in ("wall_reply_new", "wall_reply_edit", "wall_reply_restore", "wall_post_new"):
        return {about.get("from_id"), about.get("reply_to_user")}
    return set()


def _authors(message: Event) -> Iterator[Any]:
    yield message.get("from_id")
    for each in message.get("fwd_messages") or ():
        if isinstance(each, dict):
            yield from _authors(each)


def kept(event: Event, names: dict[int, str], own: bool = False) -> str:
    """Return an event as it is stored: with the names of its people, without the secret it came with.

    `own`: the community's words that Mostik itself has sent.
    """
    told = {name: value for name, value in event.items() if name != "secret"}
    body = {"names": {str(id): name for id, name in names.items()}, "event": told} | ({"own": True} if own else {})
    text = json.dumps(body, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:  # half a sign: stored as VK wrote it
        return json.dumps(body)
    return text
