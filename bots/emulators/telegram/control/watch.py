"""Looking at the world: what a human sees in a chat, waiting for words, figures."""

from bisect import bisect_right
from typing import Any

from bots.emulators import aids
from bots.emulators.control import iso, number
from bots.emulators.telegram.control.content import find_bot
from bots.emulators.telegram.emulation import Emulation
from bots.emulators.telegram.errors import ControlError, Json
from bots.emulators.telegram.markup import buttons, keyboard_kind
from bots.emulators.telegram.render import MEDIA
from bots.emulators.telegram.world import Chat, Post, now

CONTENTS = (*MEDIA, "contact", "venue", "location", "poll", "dice", "text")


def find_chat(emu: Emulation, query: Json) -> Chat | None:
    """Return the chat `chat` names: a group, or the private chat of a person with the bot. None: nothing said yet."""
    wanted = number(query, "chat")
    if wanted is None:
        raise ControlError(400, "chat is a chat's id")
    chat_id = int(wanted)
    if chat_id < 0:
        chat = emu.world.group(chat_id)
        if chat is None:
            raise ControlError(404, f"no group has the id {chat_id}")
        return chat
    if chat_id not in emu.world.people:
        raise ControlError(404, f"nobody has the id {chat_id}")
    return emu.world.private(find_bot(emu, query).id, chat_id) if emu.world.bots else None


def shown(emu: Emulation, chat: Chat, post: Post) -> Json:
    """Return a message as a human sees it."""
    person = emu.world.people.get(post.sender)
    bot = emu.world.bots.get(post.sender)
    name = person.name if person is not None else bot.name if bot is not None else ""
    kind = next((name for name in CONTENTS if name in post.body), None) or next(iter(post.body), "text")
    item: Json = {
        "message_id": post.id,
        "from": {"id": post.sender, "name": name, "is_bot": bot is not None},
        "text": post.body.get("text") or post.body.get("caption") or "",
        "kind": kind,
        "buttons": buttons(post),
        "keyboard": keyboard_kind(post),
        "reply_to": post.reply_to,
        "edited": post.edited is not None,
        "deleted": post.deleted,
        "reactions": [emoji for some in post.reactions.values() for emoji in some],
        "topic": post.topic,
        "at": iso(post.at),
    }
    extra: Json = {
        key: post.body[key]
        for key in ("media_group_id", "contact", "location", "forward_origin", "entities")
        if key in post.body
    }
    entities = post.body.get("caption_entities")
    if entities:
        extra["entities"] = entities
    if kind in MEDIA:
        extra["file"] = _file(emu, post.body[kind])
    return item | extra


def _file(emu: Emulation, media: Any) -> Json:
    largest = media[-1] if isinstance(media, list) else media
    unique = str(largest["file_unique_id"])
    stored = emu.world.files.get(unique.removesuffix("s"))
    if stored is None:
        return {"id": unique}
    sides = {name: largest[name] for name in ("width", "height") if name in largest}
    return {"id": unique, "name": stored.name, "mime": stored.mime, "size": stored.size, **sides}


def messages(emu: Emulation, query: Json) -> Json:
    """Return a chat's messages in order and what the bot does just now (typing ...): ?topic=&since=message_id.

    Topic 0 or 1 is General.
    """
    chat = find_chat(emu, query)
    if chat is None:
        return {"items": [], "action": None}
    action, until = emu.actions.get(chat.key, (None, 0.0))
    items = [shown(emu, chat, post) for post in _matching(chat, query)]
    return {"items": items, "action": action if now() < until else None}


def _matching(chat: Chat, query: Json) -> list[Post]:
    topic, since = number(query, "topic"), int(number(query, "since", 0) or 0)
    posts = chat.posts
    if since:
        posts = posts[bisect_right(posts, since, key=lambda post: post.id) :]
    if topic is not None:
        wanted = None if topic in (0, 1) else int(topic)
        posts = [post for post in posts if post.topic == wanted]
    return posts


async def wait(emu: Emulation, query: Json) -> Json:
    """Wait until a message with some words stands in a chat: ?chat=&contains=&timeout=&topic=&since=&from_bot=.

    Returns {"items": [...]} of all that fit; raises ControlError 408 when the time (seconds, default 10) is over.
    """

    def look(contains: str, by_bot: bool) -> tuple[int, list[Json]]:
        chat = find_chat(emu, query)
        if chat is None:
            return int(float(query["chat"])), []
        found = []
        for post in _matching(chat, query):
            text = str(post.body.get("text") or post.body.get("caption") or "")
            if not post.deleted and contains in text and (not by_bot or post.sender in emu.world.bots):
                found.append(shown(emu, chat, post))
        return chat.id, found

    return await aids.wait(emu, query, look)


def stats(emu: Emulation, query: Json) -> Json:
    """Return the running figures, and how many updates wait for each bot."""
    return emu.journal.figures() | {
        "bots": [
            {"id": bot.id, "pending": len(bot.queue), "webhook": bot.webhook.url if bot.webhook else None}
            for bot in emu.world.bots.values()
        ],
        "people": len(emu.world.people),
        "chats": len(emu.world.chats),
    }


def bots(emu: Emulation, query: Json) -> Json:
    """Return the bots: {id, name, username}."""
    return {"items": [{"id": b.id, "name": b.name, "username": b.username} for b in emu.world.bots.values()]}
