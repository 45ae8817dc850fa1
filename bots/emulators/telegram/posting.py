"""Writing a message into a chat: where it goes, whether it may, what it answers, who hears of it."""

from dataclasses import dataclass, field
from typing import Any

from bots.emulators.telegram import feed
from bots.emulators.telegram.emulation import Call, Emulation
from bots.emulators.telegram.errors import Json, bad_request, forbidden
from bots.emulators.telegram.markup import reply_markup
from bots.emulators.telegram.render import message
from bots.emulators.telegram.text import formatted_text
from bots.emulators.telegram.world import BotAccount, Chat, Post, now

GENERAL = 1


@dataclass(slots=True)
class Target:
    """Where a bot's message goes: chat, topic, the message it answers, and the fields that come with that."""

    chat: Chat
    topic: int | None = None
    reply_to: int | None = None
    markup: Json | None = None
    fields: Json = field(default_factory=dict)


def chat_for(call: Call, name: str = "chat_id") -> Chat:
    """Return the chat a parameter names; raises BotApiError 400 "chat not found" or the upgrade of a group."""
    given = call.params.text(name)
    if not given:
        raise bad_request("chat_id is empty")
    try:
        chat_id = int(given)
    except ValueError:
        raise bad_request("chat not found") from None
    world = call.emu.world
    if chat_id > 0:
        chat = world.private(call.bot.id, chat_id)
        if chat is None and chat_id in world.bots:
            raise forbidden("bots can't send messages to bots")
        if chat is None and chat_id in world.people:
            raise forbidden("bot can't initiate conversation with a user")
    else:
        chat = world.chats.get(str(chat_id))
        if chat is not None and chat.migrated_to is not None:
            raise bad_request("group chat was upgraded to a supergroup chat", {"migrate_to_chat_id": chat.migrated_to})
    if chat is None:
        raise bad_request("chat not found")
    return chat


def writable(call: Call, name: str = "chat_id") -> Chat:
    """Return the chat a bot may write to; raises BotApiError 403 when it was blocked, kicked or never met."""
    chat = chat_for(call, name)
    if chat.type == "private":
        if call.emu.world.people[chat.id].deactivated:
            raise forbidden("user is deactivated")
        if chat.blocked:
            raise forbidden("bot was blocked by the user")
        if not chat.started:
            raise forbidden("bot can't initiate conversation with a user")
        return chat
    status = chat.members.get(call.bot.id)
    if status == "kicked":
        raise forbidden(f"bot was kicked from the {chat.type} chat")
    if status in (None, "left"):
        raise forbidden(f"bot is not a member of the {chat.type} chat")
    return chat


def topic_for(call: Call, chat: Chat) -> int | None:
    """Return the topic a message goes to; the General topic is meant by no id, and refused by id 1."""
    thread = call.params.integer("message_thread_id")
    if not thread or (chat.type != "private" and not chat.forum):
        return None
    topic = chat.topics.get(thread)
    if topic is None or topic.deleted:
        raise bad_request("message thread not found")
    if topic.closed and not chat.may(call.bot.id, "can_manage_topics"):
        raise bad_request("TOPIC_CLOSED")
    return topic.id


def target(call: Call) -> Target:
    """Read chat, topic, reply and keyboard of a send method; raises BotApiError."""
    chat = writable(call)
    found = Target(chat, topic_for(call, chat), markup=reply_markup(call.params))
    if call.params.flag("protect_content"):
        found.fields["has_protected_content"] = True
    if call.params.values.get("message_effect_id") and chat.type == "private":
        found.fields["effect_id"] = call.params.text("message_effect_id")
    if call.params.values.get("business_connection_id"):
        raise bad_request("business connection not found")
    _reply(call, found)
    return found


def _reply(call: Call, found: Target) -> None:
    given: Any = call.params.json("reply_parameters", "reply parameters")
    if given is None and call.params.values.get("reply_to_message_id"):
        given = {
            "message_id": call.params.integer("reply_to_message_id"),
            "allow_sending_without_reply": call.params.flag("allow_sending_without_reply"),
        }
    if given is None:
        return
    if not isinstance(given, dict):
        raise bad_request("can't parse reply parameters: expected an Object")
    post = found.chat.find(int(given.get("message_id") or 0))
    if post is None:
        if str(given.get("allow_sending_without_reply", "")).lower() == "true":
            return
        raise bad_request("message to be replied not found")
    found.reply_to = post.id
    if found.topic is None and post.topic is not None:
        found.topic = post.topic
    if given.get("quote"):
        _quote(given, post, found)


def _quote(given: Json, post: Post, found: Target) -> None:
    entities = given.get("quote_entities") or []
    quote = formatted_text(str(given["quote"]), str(given.get("quote_parse_mode") or ""), entities)["text"]
    whole = str(post.body.get("text") or post.body.get("caption") or "")
    place = whole.find(quote)
    if place < 0:
        raise bad_request("QUOTE_TEXT_INVALID")
    found.fields["quote"] = {"text": quote, "position": place, "is_manual": True}


def write(emu: Emulation, bot: BotAccount, found: Target, body: Json) -> Post:
    """Store a bot's message; nobody is told of it but the people in the chat."""
    chat = found.chat
    moment = now()
    post = Post(chat.take_id(), moment, bot.id, {**found.fields, **body}, found.topic, found.reply_to, found.markup)
    chat.add(post)
    emu.actions.pop(chat.key, None)
    said = emu.said.pop(chat.key, None)
    if said is not None:
        emu.journal.replies.append(moment - said)
    emu.touch(chat)
    return post


def post_and_show(call: Call, found: Target, body: Json) -> Json:
    """Store a bot's message and return the Message object."""
    return message(call.emu.world, call.bot, found.chat, write(call.emu, call.bot, found, body))


def service(emu: Emulation, chat: Chat, actor: int, body: Json, topic: int | None = None) -> Post:
    """Store a service line (topic opened, message pinned ...) and tell every bot of the chat, the actor too."""
    post = Post(chat.take_id(), now(), actor, body, topic)
    chat.add(post)
    feed.say(emu, chat, post)
    emu.touch(chat)
    return post
