"""Acts any member of a chat can do: say, edit, delete, react, press; for customers and for operators."""

import time
from typing import Any

from bots.emulators.telegram import feed
from bots.emulators.telegram.control.content import (
    bodies,
    find_post,
    forwarded,
    quoted,
    replaced,
    reply_target,
    text_fields,
)
from bots.emulators.telegram.emulation import Emulation
from bots.emulators.telegram.errors import ControlError, Json
from bots.emulators.telegram.markup import keyboard_kind
from bots.emulators.telegram.methods.messages import REACTIONS
from bots.emulators.telegram.render import MEDIA, chat_object, message, user
from bots.emulators.telegram.world import CALLBACK_LIFETIME, Callback, Chat, Person, Post, now

CALLBACKS_KEPT = 10_000
WORDS = ("text", "entities", "caption", "caption_entities")
#: Asks for a sign in colour; phones add it to some, Telegram's list of reactions does not.
VARIANT = "\ufe0f"


def say(emu: Emulation, chat: Chat, person: Person, body: Json, topic: int | None = None) -> Json:
    """Write a person's message(s) and tell the bots: {message_id, message_ids?}."""
    contents = bodies(emu, person, body)
    reply_to = reply_target(chat, body)
    origin = forwarded(emu, body.get("forward_from"), now()) | quoted(chat, body)
    if body.get("protected"):
        origin["has_protected_content"] = True
    ids = [_write(emu, chat, person, content | origin, topic, reply_to).id for content in contents]
    return {"message_id": ids[0]} | ({"message_ids": ids} if len(ids) > 1 else {})


def _write(emu: Emulation, chat: Chat, person: Person, content: Json, topic: int | None, reply_to: int | None) -> Post:
    moment = now()
    post = chat.add(Post(chat.take_id(), moment, person.id, content, topic, reply_to))
    if chat.type == "private":
        emu.said.setdefault(chat.key, moment)
    feed.say(emu, chat, post)
    emu.touch(chat)
    return post


def own_post(chat: Chat, person: Person, message_id: Any) -> Post:
    """Return a person's own message. Raises ControlError 404 or 403."""
    post = find_post(chat, message_id)
    if post.sender != person.id:
        raise ControlError(403, f"message {post.id} was written by somebody else")
    return post


def edit(emu: Emulation, chat: Chat, person: Person, body: Json) -> Json:
    """Change the text (or caption) of a person's own message, or the file of one that has a file."""
    post = own_post(chat, person, body.get("message_id"))
    name = "text" if "text" in post.body else "caption"
    text, file = str(body.get("text") or "").strip(), replaced(emu, body)
    if not text and not file:
        raise ControlError(400, "text says what the message becomes")
    if file and not any(kind in post.body for kind in MEDIA):
        raise ControlError(400, f"message {post.id} has no file to be replaced")
    dropped = (*(WORDS if text else ()), *(MEDIA if file else ()))
    kept = {key: value for key, value in post.body.items() if key not in dropped}
    post.body = kept | file | text_fields(text, name, body.get("entities"))
    post.edited = int(now())
    feed.say(emu, chat, post, "edited_message")
    emu.touch(chat)
    return {"message_id": post.id}


def delete(emu: Emulation, chat: Chat, person: Person, body: Json) -> Json:
    """Delete a message; bots are not told, as in reality. Private: any; groups: own, or any for administrators."""
    post = find_post(chat, body.get("message_id"))
    if chat.type != "private" and post.sender != person.id and not chat.may(person.id, "can_delete_messages"):
        raise ControlError(403, f"message {post.id} was written by somebody else")
    post.deleted = True
    emu.touch(chat)
    return {"message_id": post.id}


def react(emu: Emulation, chat: Chat, person: Person, body: Json) -> Json:
    """Set a person's reaction, one of those Telegram has; no emoji takes it back. Raises ControlError 400 or 404."""
    post, emoji = find_post(chat, body.get("message_id")), str(body.get("emoji") or "")
    if emoji and emoji not in REACTIONS and emoji.replace(VARIANT, "") not in REACTIONS:
        raise ControlError(400, f"Telegram has no reaction {emoji!r}")
    old = post.reactions.pop(str(person.id), [])
    if emoji:
        post.reactions[str(person.id)] = [emoji]
    shown = [[{"type": "emoji", "emoji": e} for e in some] for some in (old, [emoji] if emoji else [])]
    payload = {
        "chat": chat_object(emu.world, chat),
        "message_id": post.id,
        "user": user(emu.world, person.id),
        "date": int(now()),
        "old_reaction": shown[0],
        "new_reaction": shown[1],
    }
    if shown[0] != shown[1]:
        for bot in emu.world.bots_of(chat):
            if chat.type == "private" or chat.members.get(bot.id) == "administrator":
                feed.emit(emu, bot, chat, "message_reaction", payload, chat.id + feed.REACTION_KEY)
    emu.touch(chat)
    return {"message_id": post.id}


async def press(emu: Emulation, chat: Chat, person: Person, body: Json, topic: int | None = None) -> Json:
    """Press a button by its data or text; `wait` (seconds) waits for the bot's answer to the press."""
    data, text = body.get("data"), body.get("text")
    if data is None and text is None:
        raise ControlError(400, "name the button by data or by text")
    post = find_post(chat, body["message_id"]) if body.get("message_id") else _with_keyboard(chat, data, text, topic)
    button = _button(post, data, text)
    if button is None:
        what = f"data {data!r}" if data is not None else f"text {text!r}"
        raise ControlError(404, f"message {post.id} has no button with {what}")
    if keyboard_kind(post) == "reply":
        return say(emu, chat, person, _key_words(person, button), topic)
    if button.get("disabled"):
        raise ControlError(404, f"the button {button['text']!r} is disabled")
    if "callback_data" not in button:
        return {"url": button.get("url"), "message_id": post.id}
    callback = _call_back(emu, chat, person, post, str(button["callback_data"]))
    shown: Json = {"callback_query_id": callback.id, "message_id": post.id}
    if body.get("wait"):
        shown["answer"] = await _answered(emu, callback, float(body["wait"]))
    return shown


def _with_keyboard(chat: Chat, data: Any, text: Any, topic: int | None) -> Post:
    for post in reversed(chat.posts):
        if not post.deleted and post.topic == topic and _button(post, data, text) is not None:
            return post
    raise ControlError(404, "no message here has such a button")


def _button(post: Post, data: Any, text: Any) -> Json | None:
    markup = post.markup or {}
    for row in markup.get("inline_keyboard") or markup.get("keyboard") or []:
        for button in row:
            if data is not None and button.get("callback_data") == data:
                return dict(button)
            if data is None and button.get("text") == text:
                return dict(button)
    return None


def _key_words(person: Person, button: Json) -> Json:
    if button.get("request_contact"):
        return {"contact": {"phone": person.phone, "own": True}}
    if button.get("request_location"):
        return {"location": True}
    return {"text": button["text"]}


def _call_back(emu: Emulation, chat: Chat, person: Person, post: Post, data: str) -> Callback:
    bot = emu.world.bots.get(post.sender)
    if bot is None:
        raise ControlError(404, f"message {post.id} was not sent by a bot")
    callback = Callback(f"{person.id}{emu.world.number():09d}", bot.id, now())
    emu.world.callbacks[callback.id] = callback
    while len(emu.world.callbacks) > CALLBACKS_KEPT:
        del emu.world.callbacks[next(iter(emu.world.callbacks))]
    payload = {
        "id": callback.id,
        "from": user(emu.world, person.id),
        "message": message(emu.world, bot, chat, post),
        "chat_instance": str(abs(chat.id) * 7919),
        "data": data,
    }
    key = person.id + feed.CALLBACK_KEY
    feed.emit(emu, bot, chat, "callback_query", payload, key, lifetime=CALLBACK_LIFETIME)
    emu.touch(chat)
    return callback


async def _answered(emu: Emulation, callback: Callback, seconds: float) -> Json | None:
    until = time.monotonic() + seconds
    while callback.answer is None and not emu.closing and (left := until - time.monotonic()) > 0:
        await emu.changes.wait(None, left)
    return callback.answer
