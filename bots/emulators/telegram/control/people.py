"""Customers: their accounts and what they do in the private chat with a bot."""

from bots.emulators import aids
from bots.emulators.telegram import feed
from bots.emulators.telegram.control import talk
from bots.emulators.telegram.control.content import find_bot, find_person
from bots.emulators.telegram.emulation import Emulation
from bots.emulators.telegram.errors import ControlError, Json
from bots.emulators.telegram.render import bot_user, chat_object, user
from bots.emulators.telegram.world import Chat, Person, now


def create(emu: Emulation, body: Json) -> Json:
    """Open an account: {name, username?, phone?, lang?, id?} -> {user: {id, name}}."""
    name, person_id = aids.newcomer(body, emu.world.people.keys() | emu.world.bots.keys())
    details = {key: str(body[key]) for key in ("username", "phone", "lang") if body.get(key)}
    person = emu.world.add_person(name, person_id, **details)
    emu.dirty()
    return {"user": shown(emu, person)}


def shown(emu: Emulation, person: Person) -> Json:
    """Return an account as the control API shows it."""
    chats = [chat for bot in emu.world.bots if (chat := emu.world.private(bot, person.id)) is not None]
    return {
        "id": person.id,
        "name": person.name,
        "username": person.username,
        "phone": person.phone,
        "lang": person.lang,
        "blocked": any(chat.blocked for chat in chats),
        "deactivated": person.deactivated,
        "bots": [chat.bot for chat in chats if chat.started],
    }


def listed(emu: Emulation, body: Json) -> Json:
    """Return all accounts."""
    return {"items": [shown(emu, person) for person in emu.world.people.values()]}


def _chat(emu: Emulation, body: Json, met: bool = True) -> tuple[Chat, Person]:
    person = find_person(emu, body.get("user"), "user")
    bot = find_bot(emu, body)
    chat = emu.world.private(bot.id, person.id)
    if chat is None:
        if met:
            raise ControlError(404, f"user {person.id} and bot {bot.id} never talked")
        chat = emu.world.open_private(bot.id, person.id)
    return chat, person


def say(emu: Emulation, body: Json) -> Json:
    """Write to a bot; a first word starts the chat, and whoever blocked the bot unblocks it by writing."""
    chat, person = _chat(emu, body, met=False)
    if chat.blocked:
        _standing(emu, chat, person, blocked=False)
    chat.started = True
    return talk.say(emu, chat, person, body)


def edit(emu: Emulation, body: Json) -> Json:
    """Change an own message: {user, message_id, text}."""
    chat, person = _chat(emu, body)
    return talk.edit(emu, chat, person, body)


def delete(emu: Emulation, body: Json) -> Json:
    """Delete a message: {user, message_id}."""
    chat, person = _chat(emu, body)
    return talk.delete(emu, chat, person, body)


def react(emu: Emulation, body: Json) -> Json:
    """React to a message: {user, message_id, emoji}."""
    chat, person = _chat(emu, body)
    return talk.react(emu, chat, person, body)


async def press(emu: Emulation, body: Json) -> Json:
    """Press a button: {user, message_id?, data|text, wait?}."""
    chat, person = _chat(emu, body)
    return await talk.press(emu, chat, person, body)


def block(emu: Emulation, body: Json) -> Json:
    """Block the bot; it learns that from my_chat_member."""
    chat, person = _chat(emu, body, met=False)
    if not chat.blocked:
        _standing(emu, chat, person, blocked=True)
    return {"user": shown(emu, person)}


def unblock(emu: Emulation, body: Json) -> Json:
    """Let the bot write again."""
    chat, person = _chat(emu, body, met=False)
    if chat.blocked:
        _standing(emu, chat, person, blocked=False)
    return {"user": shown(emu, person)}


def deactivate(emu: Emulation, body: Json) -> Json:
    """Delete a person's account: bots are refused from now on."""
    person = find_person(emu, body.get("user"), "user")
    person.deactivated = True
    emu.dirty()
    return {"user": shown(emu, person)}


def _standing(emu: Emulation, chat: Chat, person: Person, blocked: bool) -> None:
    chat.blocked = blocked
    bot = emu.world.bots[chat.bot]
    kicked = {"user": bot_user(bot), "status": "kicked", "until_date": 0}
    there = {"user": bot_user(bot), "status": "member"}
    payload = {
        "chat": chat_object(emu.world, chat),
        "from": user(emu.world, person.id),
        "date": int(now()),
        "old_chat_member": there if blocked else kicked,
        "new_chat_member": kicked if blocked else there,
    }
    feed.emit(emu, bot, chat, "my_chat_member", payload, chat.id + feed.MEMBERSHIP_KEY)
    emu.touch(chat)
