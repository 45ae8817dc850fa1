"""Methods about the bot itself, about chats and about their members."""

from collections.abc import Callable
from typing import Any

from bots.emulators.telegram.emulation import Call
from bots.emulators.telegram.errors import BotApiError, Json, bad_request
from bots.emulators.telegram.posting import chat_for, writable
from bots.emulators.telegram.render import bot_user, full_chat, me, member
from bots.emulators.telegram.world import Callback, now

MAX_ANSWER = 200
QUERY_SECONDS = 150


def get_me(call: Call) -> Json:
    """Return the bot's own account."""
    return me(call.bot)


def _scope(call: Call) -> str:
    scope = call.params.json("scope") or {"type": "default"}
    place = f"{scope.get('chat_id', '')}/{scope.get('user_id', '')}"
    return f"commands/{scope.get('type', 'default')}/{place}/{call.params.text('language_code')}"


def set_my_commands(call: Call) -> bool:
    """Keep the bot's commands (at most 100) for a scope and language."""
    commands = call.params.objects("commands")
    if len(commands) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        name, description = str(command.get("command") or ""), str(command.get("description") or "")
        if not 1 <= len(name.lstrip("/")) <= 32 or not name.lstrip("/").replace("_", "a").isalnum():
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(description) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    call.bot.settings[_scope(call)] = [{"command": c["command"], "description": c["description"]} for c in commands]
    call.emu.dirty()
    return True


def get_my_commands(call: Call) -> list[Json]:
    """Return the commands of a scope and language."""
    return list(call.bot.settings.get(_scope(call), []))


def delete_my_commands(call: Call) -> bool:
    """Forget the commands of a scope and language."""
    call.bot.settings.pop(_scope(call), None)
    call.emu.dirty()
    return True


def setter(name: str) -> Callable[[Call], bool]:
    """Return a method that keeps one of the bot's settings (name, description) for a language."""

    def keep(call: Call) -> bool:
        call.bot.settings[f"{name}/{call.params.text('language_code')}"] = call.params.text(name)
        call.emu.dirty()
        return True

    return keep


def getter(name: str) -> Callable[[Call], Json]:
    """Return a method that shows one of the bot's settings for a language."""

    def show(call: Call) -> Json:
        default = call.bot.name if name == "name" else ""
        return {name: call.bot.settings.get(f"{name}/{call.params.text('language_code')}", default)}

    return show


def yes(call: Call) -> bool:
    """Agree to something that leaves no trace but the journal's."""
    return True


def get_chat(call: Call) -> Json:
    """Return what is known about a chat."""
    return full_chat(call.emu.world, call.bot, chat_for(call))


def get_chat_member(call: Call) -> Json:
    """Return an account's standing in a chat."""
    chat = chat_for(call)
    account = call.params.integer("user_id")
    if account not in call.emu.world.people and account not in call.emu.world.bots:
        raise bad_request("user not found")
    if chat.type == "private":
        if account not in (chat.id, call.bot.id):
            raise bad_request("user not found")
        return member(call.emu.world, chat, account, "member")
    return member(call.emu.world, chat, account)


def get_chat_administrators(call: Call) -> list[Json]:
    """Return the administrators of a group; other bots are left out."""
    chat = chat_for(call)
    if chat.type == "private":
        raise bad_request("there are no administrators in the private chat")
    bots = call.emu.world.bots
    return [
        member(call.emu.world, chat, account)
        for account, status in chat.members.items()
        if status in ("creator", "administrator") and (account not in bots or account == call.bot.id)
    ]


def get_chat_member_count(call: Call) -> int:
    """Return how many accounts a chat has."""
    chat = chat_for(call)
    return 2 if chat.type == "private" else sum(1 for s in chat.members.values() if s not in ("left", "kicked"))


def leave_chat(call: Call) -> bool:
    """Leave a group."""
    chat = writable(call)
    if chat.type == "private":
        raise bad_request("chat not found")
    chat.members[call.bot.id] = "left"
    call.emu.touch(chat)
    return True


def export_invite_link(call: Call) -> str:
    """Make a new main invite link of a group."""
    chat = writable(call)
    if chat.type == "private" or not chat.may(call.bot.id, "can_invite_users"):
        raise bad_request("not enough rights to manage chat invite link")
    chat.invite_link = f"https://t.me/+emulated{abs(chat.id)}n{call.emu.world.number()}"
    call.emu.dirty()
    return chat.invite_link


def create_invite_link(call: Call) -> Json:
    """Make a further invite link of a group."""
    link = export_invite_link(call)
    shown: Json = {"invite_link": link, "creator": bot_user(call.bot), "is_primary": False, "is_revoked": False}
    shown["creates_join_request"] = call.params.flag("creates_join_request")
    if call.params.text("name"):
        shown["name"] = call.params.text("name")
    return shown


def get_user_profile_photos(call: Call) -> Json:
    """Return a person's photos; emulated people have none."""
    if call.params.integer("user_id") not in call.emu.world.people:
        raise bad_request("user not found")
    return {"total_count": 0, "photos": []}


def answer_callback_query(call: Call) -> bool:
    """Answer a press, once and within 150 seconds."""
    world = call.emu.world
    callback: Callback | None = world.callbacks.get(call.params.text("callback_query_id"))
    too_old = bad_request("query is too old and response timeout expired or query ID is invalid")
    if callback is None or callback.bot != call.bot.id or callback.answer is not None:
        raise too_old
    if (now() - callback.at) * call.emu.scale > QUERY_SECONDS:
        raise too_old
    text = call.params.text("text")
    if len(text) > MAX_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    answer: dict[str, Any] = {"text": text, "show_alert": call.params.flag("show_alert")}
    if call.params.text("url"):
        answer["url"] = call.params.text("url")
    callback.answer = answer
    call.emu.changes.touch(0)
    call.emu.dirty()
    return True


def log_out(call: Call) -> bool:
    """Log out from this server; a later call logs in again, as long as the server runs."""
    if call.bot.webhook is not None:
        raise BotApiError(400, "Bad Request: can't log out while webhook is active")
    return True
