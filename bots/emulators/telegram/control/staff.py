"""Staff groups: their making, their topics, and what operators do in them."""

from typing import Any

from bots.emulators.telegram.control import talk
from bots.emulators.telegram.control.content import find_person
from bots.emulators.telegram.emulation import Emulation
from bots.emulators.telegram.errors import BotApiError, ControlError, Json
from bots.emulators.telegram.methods import topics as forum
from bots.emulators.telegram.world import ADMIN_RIGHTS, Chat, Person, Topic


def create(emu: Emulation, body: Json) -> Json:
    """Make a supergroup with all bots of now as administrators: {title?, forum?, id?, operators?, rights?}."""
    group_id = body.get("id")
    if group_id is not None and (not isinstance(group_id, int) or group_id >= 0 or str(group_id) in emu.world.chats):
        raise ControlError(400, "a group's id is a negative number nobody has")
    operators = body.get("operators") or []
    if not isinstance(operators, list) or not all(isinstance(one, dict | int) for one in operators):
        raise ControlError(400, "operators is a list of {id?, name}")
    forum_wanted = body.get("forum", True) is not False
    chat = emu.world.add_group(str(body.get("title") or "Staff"), forum_wanted, group_id)
    denied = [right for right, wanted in (body.get("rights") or {}).items() if right in ADMIN_RIGHTS and not wanted]
    if denied:
        chat.denied_rights = {bot: list(denied) for bot in emu.world.bots}
    for one in operators:
        _join(emu, chat, one)
    emu.touch(chat)
    return {"group": shown(emu, chat)}


def _join(emu: Emulation, chat: Chat, one: Any) -> None:
    details: Json = one if isinstance(one, dict) else {"id": one}
    person_id = details.get("id")
    person = emu.world.people.get(person_id) if person_id is not None else None
    if person is None:
        person = emu.world.add_person(str(details.get("name") or "Operator"), person_id)
    first = not any(status == "creator" for status in chat.members.values())
    chat.members[person.id] = "creator" if first else "administrator"


def known_group(emu: Emulation, group_id: int | None, title: str) -> Chat | None:
    """Return the group with an id, without one the group with a title, None when there is none."""
    if group_id is not None:
        return emu.world.group(group_id)
    groups = (chat for chat in emu.world.chats.values() if chat.type != "private" and chat.migrated_to is None)
    return next((chat for chat in groups if chat.title == title), None)


def complete(emu: Emulation, chat: Chat, operators: list[Any]) -> None:
    """Let bots and operators join a group that lacks them."""
    for bot in emu.world.bots:
        chat.members.setdefault(bot, "administrator")
    for one in operators:
        if not isinstance(one, dict) or one.get("id") not in chat.members:
            _join(emu, chat, one)


def shown(emu: Emulation, chat: Chat) -> Json:
    """Return a group as the control API shows it."""
    people = emu.world.people
    members = [{"id": i, "name": people[i].name, "status": s} for i, s in chat.members.items() if i in people]
    return {"id": chat.id, "title": chat.title, "forum": chat.forum, "operators": members}


def listed(emu: Emulation, body: Json) -> Json:
    """Return all groups; those that were upgraded are left out."""
    groups = [chat for chat in emu.world.chats.values() if chat.type != "private" and chat.migrated_to is None]
    return {"items": [shown(emu, chat) for chat in groups]}


def find_group(emu: Emulation, given: Any) -> Chat:
    """Return the group an id names; without one the only group. Raises ControlError 400 or 404."""
    if given in (None, ""):
        groups = [c for c in emu.world.chats.values() if c.type != "private" and c.migrated_to is None]
        if len(groups) == 1:
            return groups[0]
        raise ControlError(400, "group is a group's id")
    try:
        chat = emu.world.group(int(given))
    except (TypeError, ValueError):
        raise ControlError(400, "group is a group's id") from None
    if chat is None or chat.type == "private":
        raise ControlError(404, f"no group has the id {given}")
    return chat


def find_topic(chat: Chat, given: Any) -> Topic | None:
    """Return a topic, None for General (no topic, 0 or 1). Raises ControlError 400 or 404."""
    try:
        topic_id = int(given or 0)
    except (TypeError, ValueError):
        raise ControlError(400, "topic is a topic's id") from None
    if topic_id in (0, 1) or not chat.forum:
        return None
    topic = chat.topics.get(topic_id)
    if topic is None or topic.deleted:
        raise ControlError(404, f"no topic {given} in group {chat.id}")
    return topic


def topic_list(emu: Emulation, query: Json) -> Json:
    """Return a forum's topics: {topic, name, icon, closed}, `icon` an emoji or null; deleted ones are left out."""
    chat = find_group(emu, query.get("group"))
    items = [
        {"topic": topic.id, "name": topic.name, "icon": forum.icon_emoji(topic.icon), "closed": topic.closed}
        for topic in chat.topics.values()
        if not topic.deleted
    ]
    return {"items": items}


def _place(emu: Emulation, body: Json) -> tuple[Chat, Person, Topic | None]:
    person = find_person(emu, body.get("operator"), "operator")
    chat = find_group(emu, body.get("group"))
    if chat.members.get(person.id) in (None, "left"):
        chat.members[person.id] = "member"
    return chat, person, find_topic(chat, body.get("topic"))


def say(emu: Emulation, body: Json) -> Json:
    """Write into a topic: {operator, group, topic, text | a file, reply_to?}."""
    chat, person, topic = _place(emu, body)
    closed = topic.closed if topic is not None else chat.general_closed
    if closed and not chat.may(person.id, "can_manage_topics"):
        raise ControlError(403, "the topic is closed")
    return talk.say(emu, chat, person, body, topic.id if topic is not None else None)


def edit(emu: Emulation, body: Json) -> Json:
    """Change an own message: {operator, group, message_id, text}."""
    chat, person, _ = _place(emu, body)
    return talk.edit(emu, chat, person, body)


def delete(emu: Emulation, body: Json) -> Json:
    """Delete a message: {operator, group, message_id}."""
    chat, person, _ = _place(emu, body)
    return talk.delete(emu, chat, person, body)


def react(emu: Emulation, body: Json) -> Json:
    """React to a message: {operator, group, message_id, emoji}."""
    chat, person, _ = _place(emu, body)
    return talk.react(emu, chat, person, body)


async def press(emu: Emulation, body: Json) -> Json:
    """Press a button: {operator, group, topic, message_id?, data|text, wait?}."""
    chat, person, topic = _place(emu, body)
    return await talk.press(emu, chat, person, body, topic.id if topic is not None else None)


def _real_topic(emu: Emulation, body: Json) -> tuple[Chat, Person, Topic]:
    chat, person, topic = _place(emu, body)
    if topic is None:
        raise ControlError(400, "General cannot be closed or deleted here; name a topic")
    return chat, person, topic


def open_topic(emu: Emulation, body: Json) -> Json:
    """Open a topic by hand: {operator, group, name}."""
    chat, person, _ = _place(emu, body)
    name = str(body.get("name") or "").strip()
    if not name or not chat.forum:
        raise ControlError(400, "a topic has a name and stands in a forum")
    topic = forum.open_topic(emu, chat, person.id, name[: forum.MAX_NAME], forum.COLORS[0], None)
    return {"topic": topic.id}


def close_topic(emu: Emulation, body: Json) -> Json:
    """Close a topic: {operator, group, topic}."""
    return _set_closed(emu, body, closed=True)


def reopen_topic(emu: Emulation, body: Json) -> Json:
    """Reopen a topic: {operator, group, topic}."""
    return _set_closed(emu, body, closed=False)


def _set_closed(emu: Emulation, body: Json, closed: bool) -> Json:
    chat, person, topic = _real_topic(emu, body)
    try:
        forum.set_closed(emu, chat, person.id, topic, closed)
    except BotApiError:
        raise ControlError(409, f"topic {topic.id} is {'closed' if closed else 'open'} already") from None
    return {"topic": topic.id}


def delete_topic(emu: Emulation, body: Json) -> Json:
    """Delete a topic with its messages; bots are not told: {operator, group, topic}."""
    chat, _, topic = _real_topic(emu, body)
    forum.remove_topic(emu, chat, topic)
    return {"topic": topic.id}
