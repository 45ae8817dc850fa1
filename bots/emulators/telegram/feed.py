"""Updates on their way to a bot: who gets which, in which queue, and for how long.

The queue keys and lifetimes are those of the open-source server (tdlib/telegram-bot-api): messages and edits wait by
chat, presses by person, membership and reactions by chat apart from the messages.
"""

import asyncio

from bots.emulators.telegram import webhook
from bots.emulators.telegram.emulation import Emulation
from bots.emulators.telegram.errors import Json
from bots.emulators.telegram.faults import UPDATES, Fault
from bots.emulators.telegram.render import message
from bots.emulators.telegram.world import MESSAGE_LIFETIME, BotAccount, Chat, Pending, Post, now

NOT_BY_DEFAULT = ("chat_member", "message_reaction", "message_reaction_count")
CALLBACK_KEY = 3 << 33
MEMBERSHIP_KEY = 5 << 33
REACTION_KEY = 8 << 33
HOLD_SECONDS = 5.0
#: How far update numbers jump on order: the real ones do after a week of silence.
JUMP = 1_000_000


def wants(bot: BotAccount, kind: str) -> bool:
    """Tell whether a bot asked for a kind of update; nothing asked means all but three kinds."""
    return kind in bot.allowed if bot.allowed else kind not in NOT_BY_DEFAULT


def say(emu: Emulation, chat: Chat, post: Post, kind: str = "message") -> None:
    """Tell every bot of a chat about a new or edited message."""
    for bot in emu.world.bots_of(chat):
        if wants(bot, kind):
            emit(emu, bot, chat, kind, message(emu.world, bot, chat, post), chat.id, born=post.at)


def emit(
    emu: Emulation,
    bot: BotAccount,
    chat: Chat,
    kind: str,
    payload: Json,
    key: int,
    born: float | None = None,
    lifetime: float = MESSAGE_LIFETIME,
) -> None:
    """Queue an update for a bot that wants its kind; faults for updates strike here."""
    if not wants(bot, kind):
        return
    fault = emu.faults.strike(UPDATES, None, chat.id)
    if fault is not None:
        emu.journal.faults[fault.kind] += 1
        _beside(emu, bot, chat, fault, payload, key)
    pending = _pending(bot, kind, payload, key, born, lifetime)
    if fault is not None and fault.kind == "duplicate_update":
        pending.copies = 2
    if fault is not None and fault.kind == "delay_update":
        asyncio.get_running_loop().call_later(fault.delay / emu.scale, _enqueue_late, emu, bot, pending)
        return
    waiting = emu.held.pop((bot.id, chat.key), None)
    if waiting is None and fault is not None and fault.kind == "reorder_updates":
        _hold(emu, bot, chat, pending, fault)
        return
    _enqueue(emu, bot, pending)
    if waiting is not None:
        _enqueue_late(emu, bot, waiting)


def _beside(emu: Emulation, bot: BotAccount, chat: Chat, fault: Fault, payload: Json, key: int) -> None:
    """Do to a bot's updates what a fault does beside the real one: a jump of numbers, or one more that is odd."""
    kind, content = "message", None
    match fault.kind:
        case "id_jump":
            bot.next_update += JUMP
        case "bad_update":
            content = _unparsable(payload, chat)
        case "missing_field":
            content = {"chat": {"id": chat.id}, "text": "a message without a date"}
        case "unknown_kind":
            kind, content = "kind_of_tomorrow", {"chat": {"id": chat.id}, "anything": [1, 2]}
    if content is not None:
        _enqueue(emu, bot, _pending(bot, kind, content, key, None, MESSAGE_LIFETIME))


def _pending(bot: BotAccount, kind: str, payload: Json, key: int, born: float | None, lifetime: float) -> Pending:
    update_id = bot.next_update
    bot.next_update += 1
    moment = now()
    return Pending(update_id, kind, payload, key, moment if born is None else born, lifetime, moment)


def _enqueue(emu: Emulation, bot: BotAccount, pending: Pending) -> None:
    bot.queue[pending.update_id] = pending
    emu.journal.updates += 1
    if bot.webhook is not None:
        webhook.push(emu, bot, pending)
    else:
        wake(emu, bot)
    emu.dirty()


def _enqueue_late(emu: Emulation, bot: BotAccount, pending: Pending) -> None:
    # A poll may have confirmed a higher number meanwhile: what was overtaken is shown once whatever the offset says.
    pending.again = bot.webhook is None
    _enqueue(emu, bot, pending)


def wake(emu: Emulation, bot: BotAccount) -> None:
    """Let a waiting getUpdates look again."""
    poll = emu.line(bot.id).poll
    if poll is not None and not poll.done():
        poll.set_result("updates")


def _hold(emu: Emulation, bot: BotAccount, chat: Chat, pending: Pending, fault: Fault) -> None:
    """Keep an update back until the next one of its chat overtook it, or five seconds passed."""
    key = (bot.id, chat.key)
    emu.held[key] = pending

    def release() -> None:
        if emu.held.get(key) is pending:
            del emu.held[key]
            _enqueue_late(emu, bot, pending)

    asyncio.get_running_loop().call_later(HOLD_SECONDS / emu.scale, release)


def _unparsable(payload: Json, chat: Chat) -> Json:
    """Return a message of a kind no client knows yet: forwarded from an origin of unknown type."""
    base = payload.get("message", payload) if "data" in payload else payload
    kept = {name: base[name] for name in ("from", "chat", "message_thread_id", "is_topic_message") if name in base}
    when = int(now())
    return {
        "message_id": chat.take_id(),
        "date": when,
        **kept,
        "forward_origin": {"type": "tomorrow", "date": when},
        "text": "a message of an unknown kind",
    }
