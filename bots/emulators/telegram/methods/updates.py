"""getUpdates and the webhook's settings, with the open-source server's rules for two pollers and fast polls."""

import asyncio
import re
import time

from bots.emulators.telegram import webhook
from bots.emulators.telegram.emulation import Call, Line
from bots.emulators.telegram.errors import BotApiError, Json, bad_request, too_many_requests
from bots.emulators.telegram.queue import delivered, drop, expired
from bots.emulators.telegram.world import BotAccount, Pending, Webhook

MAX_POLL_SECONDS = 50
CONFLICT_PAUSE = 3.0
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
KINDS = frozenset(
    {
        "message",
        "edited_message",
        "channel_post",
        "edited_channel_post",
        "business_connection",
        "business_message",
        "edited_business_message",
        "deleted_business_messages",
        "guest_message",
        "message_reaction",
        "message_reaction_count",
        "inline_query",
        "chosen_inline_result",
        "callback_query",
        "shipping_query",
        "pre_checkout_query",
        "purchased_paid_media",
        "poll",
        "poll_answer",
        "my_chat_member",
        "chat_member",
        "chat_join_request",
        "chat_boost",
        "removed_chat_boost",
        "managed_bot",
        "subscription",
        "stopped_message_generation",
    }
)


async def _conflict(line: Line, why: str, scale: float) -> BotApiError:
    """Return the 409; the first comes at once, repeats are held for three seconds."""
    moment = time.monotonic()
    if moment < line.next_conflict:
        await asyncio.sleep(CONFLICT_PAUSE / scale)
    else:
        line.next_conflict = moment + CONFLICT_PAUSE / scale
    return BotApiError(409, f"Conflict: {why}")


def _remember_allowed(call: Call) -> None:
    """Keep `allowed_updates` until the next call that names some; unknown names are left out."""
    given = call.params.json("allowed_updates")
    if isinstance(given, list):
        call.bot.allowed = [str(kind) for kind in given if kind in KINDS] or None
        call.emu.dirty()


async def get_updates(call: Call) -> list[Json]:
    """Return waiting updates from an offset on, waiting up to a timeout (at most 50 s) for the first."""
    line, scale = call.emu.line(call.bot.id), call.emu.scale
    if call.bot.webhook is not None:
        why = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
        raise await _conflict(line, why, scale)
    offset = call.params.integer("offset")
    limit = min(100, max(1, call.params.integer("limit", 100)))
    timeout = float(min(MAX_POLL_SECONDS, max(0, call.params.integer("timeout"))))
    _remember_allowed(call)
    moment = time.monotonic()
    if offset == line.last_offset and timeout < 3 and moment < line.last_poll + 3 / scale:
        timeout = 3 / scale
    if offset == line.last_offset and moment < line.last_poll + 0.5 / scale:
        limit = 1
    line.last_offset, line.last_poll = offset, moment
    if line.poll is not None and not line.poll.done():
        line.poll.set_result("terminated by other getUpdates request; make sure that only one bot instance is running")
    _confirm(call, offset)
    return await _poll(call, line, offset, limit, moment + timeout)


async def _poll(call: Call, line: Line, offset: int, limit: int, until: float) -> list[Json]:
    while True:
        found = _waiting(call, offset, limit)
        left = until - time.monotonic()
        if found or left <= 0 or call.emu.closing:
            return [pending.as_update() for pending in found]
        poll: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        line.poll = poll
        try:
            reason = await asyncio.wait_for(poll, left)
        except TimeoutError:
            continue
        finally:
            if line.poll is poll:
                line.poll = None
        if reason != "updates":
            raise await _conflict(line, reason, call.emu.scale)
        # A snapshot may have been put back meanwhile: then the bot is another one of the same number.
        call.bot = call.emu.world.bots.get(call.bot.id, call.bot)


def _confirm(call: Call, offset: int) -> None:
    """Take out what the offset acknowledges; a negative one keeps only that many of the newest."""
    queue = list(call.bot.queue.values())
    if offset < 0:
        offset = queue[offset].update_id if -offset < len(queue) else 0
    for pending in queue:
        if pending.update_id < offset and not pending.again:
            if pending.copies > 1:
                pending.copies, pending.again = pending.copies - 1, True
            else:
                delivered(call.emu, call.bot, pending)


def _waiting(call: Call, offset: int, limit: int) -> list[Pending]:
    found: list[Pending] = []
    for pending in list(call.bot.queue.values()):
        if expired(call.emu, pending):
            drop(call.emu, call.bot, pending)
        elif pending.again:
            # A duplicate is shown once more, whatever the offset says.
            pending.again = False
            found.append(pending)
        elif pending.update_id >= offset or offset < 0:
            found.append(pending)
        if len(found) == limit:
            break
    return found


def set_webhook(call: Call) -> bool:
    """Set or change the webhook; an empty url removes it. Plain http is allowed here, the real server wants https."""
    url = call.params.text("url")
    line = call.emu.line(call.bot.id)
    if not url:
        return delete_webhook(call)
    moment = time.monotonic()
    if call.emu.limits.on and moment < line.last_webhook_set + 1:
        raise too_many_requests(1)
    line.last_webhook_set = moment
    if not re.match(r"https?://[^/\s]+", url):
        raise bad_request("bad webhook: invalid webhook URL specified")
    secret = call.params.text("secret_token")
    if secret and not SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    if line.poll is not None and not line.poll.done():
        line.poll.set_result("terminated by setWebhook request")
    _remember_allowed(call)
    webhook.stop(call.emu, call.bot)
    if call.params.flag("drop_pending_updates"):
        call.bot.queue.clear()
    connections = min(100, max(1, call.params.integer("max_connections", 40)))
    call.bot.webhook = Webhook(url, secret or None, connections)
    webhook.start(call.emu, call.bot)
    call.emu.dirty()
    return True


def delete_webhook(call: Call) -> bool:
    """Remove the webhook; waiting updates stay for getUpdates."""
    webhook.stop(call.emu, call.bot)
    call.bot.webhook = None
    if call.params.flag("drop_pending_updates"):
        call.bot.queue.clear()
    call.emu.dirty()
    return True


def webhook_info(call: Call) -> Json:
    """Return the webhook's settings, how many updates wait and what went wrong last."""
    return hook_state(call.bot)


def hook_state(bot: BotAccount) -> Json:
    """Return the WebhookInfo of a bot."""
    hook = bot.webhook
    shown: Json = {
        "url": hook.url if hook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(bot.queue),
    }
    if hook is not None:
        shown["max_connections"] = hook.max_connections
        if hook.last_error_at is not None:
            shown |= {"last_error_date": hook.last_error_at, "last_error_message": hook.last_error}
    if bot.allowed:
        shown["allowed_updates"] = bot.allowed
    return shown
