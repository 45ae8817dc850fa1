"""Topics of a forum: create, edit, close, reopen, delete; the General topic; the icons to choose from."""

from typing import Any

from bots.emulators.telegram import feed
from bots.emulators.telegram.emulation import Call, Emulation
from bots.emulators.telegram.errors import Json, bad_request
from bots.emulators.telegram.posting import service, writable
from bots.emulators.telegram.world import Chat, Post, Topic, now

COLORS = (7322096, 16766590, 13338331, 9367192, 16749490, 16478047)
MAX_NAME = 128
FIRST_ICON = 5_312_000_000_000_000_001
ICONS = tuple(
    "📰💡⚡🎙🔝🗣🆒❗📝📆📁🔎📣🔥❤❓📈📉💎💰💸🪙💱⁉🎮💻📱🚗🏠💘🎉‼🏆🏁🎬🎵🔞📚👑⚽🏀📺👀🫦🍓💄👠✈🧳🏖⛅🦄🛍👜🛒🚂🛥🏔🏕🤖🪩🎟🏴🗳🎓🔭🔬🎶🎤🕺💃🪖💼🧪👶🤰💅🏛🧮🖨👮🩺💊💉🧼🪪🛃🍽🐟🎨🎭🎩🔮🍹🎂☕🍣🍔🍕🦠💬🎄🎃✍⭐✅🎖🤡🧠🦮🐱☑"
)
VARIANTS = {"❗": "❗️", "❤": "❤️", "⁉": "⁉️", "‼": "‼️", "✈": "✈️", "⛅": "⛅️", "☕": "☕️", "✍": "✍️", "☑": "☑️"}


def icon_stickers(call: Call) -> list[Json]:
    """Return the stickers a topic may have as its icon."""
    return [
        {
            "file_id": f"icon{number}",
            "file_unique_id": f"iconu{number}",
            "type": "custom_emoji",
            "width": 100,
            "height": 100,
            "is_animated": False,
            "is_video": False,
            "emoji": VARIANTS.get(emoji, emoji),
            "set_name": "Topics",
            "custom_emoji_id": str(FIRST_ICON + number),
        }
        for number, emoji in enumerate(ICONS)
    ]


def icon_emoji(icon: str | None) -> str | None:
    """Return the emoji of an icon's custom_emoji_id, None for none or an unknown one."""
    if not icon or not icon.isdigit() or not 0 <= int(icon) - FIRST_ICON < len(ICONS):
        return None
    emoji = ICONS[int(icon) - FIRST_ICON]
    return VARIANTS.get(emoji, emoji)


def _forum(call: Call, doing: str) -> Chat:
    chat = writable(call)
    if chat.type != "supergroup" or not chat.forum:
        raise bad_request("the chat is not a forum")
    if not chat.may(call.bot.id, "can_manage_topics"):
        raise bad_request(f"not enough rights to {doing}")
    return chat


def _topic(call: Call, chat: Chat) -> Topic:
    topic = chat.topics.get(call.params.integer("message_thread_id"))
    if topic is None or topic.deleted:
        raise bad_request("TOPIC_ID_INVALID")
    return topic


def _icon(call: Call) -> str | None:
    icon = call.params.text("icon_custom_emoji_id")
    if icon and icon != "0" and icon_emoji(icon) is None:
        raise bad_request("DOCUMENT_INVALID")
    return icon if icon and icon != "0" else None


def create_topic(call: Call) -> Json:
    """Open a topic; its id is that of the service line."""
    chat = _forum(call, "create a topic")
    name = call.params.text("name").strip()[:MAX_NAME]
    if not name:
        raise bad_request("topic name must be non-empty")
    color = call.params.integer("icon_color", COLORS[0])
    if color not in COLORS:
        raise bad_request("invalid topic icon color specified")
    topic = open_topic(call.emu, chat, call.bot.id, name, color, _icon(call))
    shown: Json = {"message_thread_id": topic.id, "name": name, "icon_color": color}
    if topic.icon:
        shown["icon_custom_emoji_id"] = topic.icon
    return shown


def open_topic(emu: Emulation, chat: Chat, actor: int, name: str, color: int, icon: str | None) -> Topic:
    """Add a topic to a forum and tell its bots."""
    body: Json = {"forum_topic_created": {"name": name, "icon_color": color}}
    if icon:
        body["forum_topic_created"]["icon_custom_emoji_id"] = icon
    topic = Topic(chat.next_id, name, color, icon)
    chat.topics[topic.id] = topic
    service(emu, chat, actor, body, topic.id)
    return topic


def edit_topic(call: Call) -> bool:
    """Change name and icon of a topic; the colour stays for ever."""
    chat = _forum(call, "edit the topic")
    topic = _topic(call, chat)
    edited: Json = {}
    name = call.params.text("name").strip()[:MAX_NAME]
    if name and name != topic.name:
        topic.name = edited["name"] = name
    if "icon_custom_emoji_id" in call.params.values:
        icon = _icon(call)
        if icon != topic.icon:
            topic.icon = icon
            edited["icon_custom_emoji_id"] = icon or ""
    if not edited:
        raise bad_request("TOPIC_NOT_MODIFIED")
    service(call.emu, chat, call.bot.id, {"forum_topic_edited": edited}, topic.id)
    return True


def set_closed(emu: Emulation, chat: Chat, actor: int, topic: Topic, closed: bool) -> Post:
    """Close or reopen a topic and tell the bots; raises BotApiError 400 when it is so already."""
    if topic.closed == closed:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic.closed = closed
    return service(emu, chat, actor, {"forum_topic_closed" if closed else "forum_topic_reopened": {}}, topic.id)


def close_topic(call: Call) -> bool:
    """Close a topic for ordinary members."""
    chat = _forum(call, "close the topic")
    set_closed(call.emu, chat, call.bot.id, _topic(call, chat), closed=True)
    return True


def reopen_topic(call: Call) -> bool:
    """Reopen a topic."""
    chat = _forum(call, "reopen the topic")
    set_closed(call.emu, chat, call.bot.id, _topic(call, chat), closed=False)
    return True


def remove_topic(emu: Emulation, chat: Chat, topic: Topic) -> None:
    """Delete a topic with its messages; bots are not told."""
    topic.deleted = True
    for post in chat.posts:
        if post.topic == topic.id:
            post.deleted = True
    emu.touch(chat)


def delete_topic(call: Call) -> bool:
    """Delete a topic with all its messages."""
    chat = _forum(call, "delete the topic")
    remove_topic(call.emu, chat, _topic(call, chat))
    return True


def unpin_topic(call: Call) -> bool:
    """Unpin every message of a topic, of General without an id."""
    chat = _forum(call, "manage pinned messages in the chat")
    topic = _topic(call, chat).id if call.params.values.get("message_thread_id") else None
    chat.pinned = [number for number in chat.pinned if chat.by_id[number].topic != topic]
    call.emu.touch(chat)
    return True


def edit_general(call: Call) -> bool:
    """Rename the General topic."""
    chat = _forum(call, "edit the topic")
    name = call.params.text("name").strip()[:MAX_NAME]
    if not name or name == chat.general_name:
        raise bad_request("TOPIC_NOT_MODIFIED")
    chat.general_name = name
    service(call.emu, chat, call.bot.id, {"forum_topic_edited": {"name": name}})
    return True


def general_switch(field: str, wanted: bool, event: str) -> Any:
    """Return the method that switches a state of the General topic and writes its service line."""

    def switch(call: Call) -> bool:
        chat = _forum(call, "edit the topic")
        if getattr(chat, field) == wanted:
            raise bad_request("TOPIC_NOT_MODIFIED")
        setattr(chat, field, wanted)
        service(call.emu, chat, call.bot.id, {event: {}})
        return True

    return switch


def migrate(emu: Emulation, chat: Chat) -> Chat:
    """Give a group a new id, as an upgrade does: the old one only answers where it went."""
    world = emu.world
    fresh = world.add_group(chat.title, chat.forum)
    fresh.members, fresh.denied_rights = dict(chat.members), dict(chat.denied_rights)
    fresh.topics, fresh.posts, fresh.by_id, fresh.next_id = chat.topics, chat.posts, chat.by_id, chat.next_id
    chat.topics, chat.posts, chat.by_id = {}, [], {}
    actor = next(iter(chat.members), 0)
    old = Post(chat.take_id(), now(), actor, {"migrate_to_chat_id": fresh.id})
    feed.say(emu, chat, old)
    chat.migrated_to = fresh.id
    service(emu, fresh, actor, {"migrate_from_chat_id": chat.id})
    emu.touch(chat)
    return fresh
