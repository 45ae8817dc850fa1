"""The world as the Bot API shows it: User, Chat, Message, ChatMember objects for one bot."""

from typing import Any

from bots.emulators.telegram.errors import Json
from bots.emulators.telegram.files import id_for
from bots.emulators.telegram.world import ADMIN_RIGHTS, BotAccount, Chat, Person, Post, World

# An animation shows itself as a document, too: it is the animation that people see.
MEDIA = ("animation", "photo", "document", "video", "audio", "voice", "video_note", "sticker")
ACCENTS = 7


def person_user(person: Person) -> Json:
    """Return the User object of a person."""
    if person.deactivated:
        return {"id": person.id, "is_bot": False, "first_name": ""}
    first, _, last = person.name.partition(" ")
    user: Json = {"id": person.id, "is_bot": False, "first_name": first}
    if last:
        user["last_name"] = last
    if person.username:
        user["username"] = person.username
    if person.lang:
        user["language_code"] = person.lang
    return user


def bot_user(bot: BotAccount) -> Json:
    """Return the User object of a bot as others see it."""
    return {"id": bot.id, "is_bot": True, "first_name": bot.name, "username": bot.username}


def user(world: World, account: int) -> Json:
    """Return the User object of a person or a bot."""
    person = world.people.get(account)
    if person is not None:
        return person_user(person)
    bot = world.bots.get(account)
    return bot_user(bot) if bot is not None else {"id": account, "is_bot": False, "first_name": ""}


def me(bot: BotAccount) -> Json:
    """Return what getMe answers."""
    return {
        **bot_user(bot),
        "can_join_groups": True,
        "can_read_all_group_messages": True,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": False,
        "allows_users_to_create_topics": False,
    }


def chat_object(world: World, chat: Chat) -> Json:
    """Return the Chat object inside messages."""
    if chat.type != "private":
        shown: Json = {"id": chat.id, "title": chat.title, "type": chat.type}
        if chat.forum:
            shown["is_forum"] = True
        return shown
    person = person_user(world.people[chat.id])
    return {name: person[name] for name in ("id", "first_name", "last_name", "username") if name in person} | {
        "type": "private"
    }


def full_chat(world: World, bot: BotAccount, chat: Chat) -> Json:
    """Return what getChat answers (ChatFullInfo)."""
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    shown = {
        **chat_object(world, chat),
        "accent_color_id": abs(chat.id) % ACCENTS,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, chat.type == "private"),
    }
    if chat.type != "private":
        shown["permissions"] = {"can_send_messages": True, "can_manage_topics": True, "can_pin_messages": False}
        shown["join_to_send_messages"] = False
        if chat.invite_link:
            shown["invite_link"] = chat.invite_link
    pinned = chat.find(chat.pinned[-1]) if chat.pinned else None
    if pinned is not None:
        shown["pinned_message"] = message(world, bot, chat, pinned)
    return shown


def member(world: World, chat: Chat, account: int, status: str | None = None) -> Json:
    """Return the ChatMember object of an account in a chat."""
    status = status or chat.members.get(account, "left")
    shown: Json = {"status": status, "user": user(world, account)}
    if status == "creator":
        shown["is_anonymous"] = False
    elif status == "administrator":
        denied = chat.denied_rights.get(account, ())
        shown |= {"can_be_edited": False, "is_anonymous": False}
        shown |= {right: right not in denied for right in ADMIN_RIGHTS if right != "can_manage_topics" or chat.forum}
    elif status == "kicked":
        shown["until_date"] = 0
    return shown


def with_file_ids(bot: BotAccount, body: Json) -> Json:
    """Return message fields with the file ids of one bot; a file id of another bot is worth nothing to it."""
    for kind in MEDIA:
        media = body.get(kind)
        if media is None:
            continue
        if isinstance(media, list):
            fresh: Any = [{"file_id": id_for(bot.id, kind, size["file_unique_id"]), **size} for size in media]
        else:
            fresh = {"file_id": id_for(bot.id, kind, media["file_unique_id"]), **media}
            if "thumbnail" in media:
                small = media["thumbnail"]
                fresh["thumbnail"] = {"file_id": id_for(bot.id, "photo", small["file_unique_id"]), **small}
        body = {**body, kind: fresh}
    return body


def message(world: World, bot: BotAccount, chat: Chat, post: Post, deep: bool = True) -> Json:
    """Return the Message object of a stored message; `deep` shows the message it replies to."""
    shown: Json = {
        "message_id": post.id,
        "from": user(world, post.sender),
        "chat": chat_object(world, chat),
        "date": int(post.at),
    }
    _thread(chat, post, shown)
    if deep:
        replied = chat.find(post.reply_to or (post.topic if post.topic != post.id else None))
        if replied is not None:
            shown["reply_to_message"] = message(world, bot, chat, replied, deep=False)
    if post.edited is not None:
        shown["edit_date"] = post.edited
    shown.update(with_file_ids(bot, post.body))
    if "pinned_message" in shown:
        pinned = chat.find(shown["pinned_message"])
        gone = {"chat": shown["chat"], "message_id": shown["pinned_message"], "date": 0}
        shown["pinned_message"] = message(world, bot, chat, pinned, deep=False) if pinned else gone
    if post.markup and post.markup.get("inline_keyboard"):
        shown["reply_markup"] = {"inline_keyboard": post.markup["inline_keyboard"]}
    return shown


def _thread(chat: Chat, post: Post, shown: Json) -> None:
    if post.topic is not None:
        shown["message_thread_id"] = post.topic
        shown["is_topic_message"] = True
    elif chat.type != "private" and post.reply_to is not None:
        # Outside topics a reply carries the id of the thread's first message, which is no topic.
        root = chat.by_id.get(post.reply_to)
        while root is not None and root.reply_to is not None and root.reply_to in chat.by_id:
            root = chat.by_id[root.reply_to]
        shown["message_thread_id"] = root.id if root is not None else post.reply_to
