"""One call of a method: known, allowed by faults and limits, rightly spelled, done, noted."""

import asyncio
import json
import logging
import time
from dataclasses import dataclass
from typing import Any

from bots.emulators.telegram import schema
from bots.emulators.telegram.emulation import Call, Emulation
from bots.emulators.telegram.errors import BotApiError, Json, bad_request
from bots.emulators.telegram.faults import ANSWERS, LATE, REFUSING, Fault, refusal
from bots.emulators.telegram.params import Params
from bots.emulators.telegram.world import BotAccount, now

log = logging.getLogger(__name__)
NOT_FROM_REPLY = ("setwebhook", "deletewebhook", "close", "logout")
NOT_FOUND = BotApiError(404, "Not Found: method not found")


@dataclass(frozen=True, slots=True)
class Answer:
    """How a call ends: a status and a body of JSON, or a break of the line.

    `cut`: reset, hang, applied_lost; of half_body the first half of the body goes out before.
    """

    status: int
    body: Json | None = None
    raw: str | bytes | None = None
    cut: str | None = None

    def headers(self) -> dict[str, str]:
        """Return the headers beside the usual ones."""
        wait = (self.body or {}).get("parameters", {}).get("retry_after")
        return {"Retry-After": str(wait)} if wait else {}

    def payload(self) -> bytes:
        """Return the bytes of the body."""
        if self.body is not None:
            return json.dumps(self.body, separators=(",", ":")).encode()
        return self.raw if isinstance(self.raw, bytes) else (self.raw or "").encode()


def refused(error: BotApiError) -> Answer:
    """Return the envelope of a refusal."""
    body: Json = {"ok": False, "error_code": error.status, "description": error.description}
    if error.parameters:
        body["parameters"] = error.parameters
    return Answer(error.status, body)


async def perform(emu: Emulation, bot: BotAccount, name: str, params: Params) -> Answer:
    """Do a call of a bot and note it in the journal."""
    signatures = await schema.load()
    method = name.lower()
    signature = signatures.get(method)
    noted = emu.journal.record(bot.id, signature.name if signature else name, params.raw(), now())
    if signature is None:
        answer = refused(NOT_FOUND)
    else:
        answer = await _with_faults(emu, bot, signature, params)
    emu.journal.settle(noted, answer.cut or answer.status)
    return answer


async def _with_faults(emu: Emulation, bot: BotAccount, signature: schema.Signature, params: Params) -> Answer:
    method = signature.name.lower()
    chat = _chat_id(params)
    fault = emu.faults.strike(ANSWERS, method, chat)
    if fault is not None:
        emu.journal.faults[fault.kind] += 1
        if fault.kind == "delay":
            await asyncio.sleep(fault.delay / emu.scale)
        elif fault.kind not in LATE:
            return broken(fault, chat)
    try:
        result = await _execute(emu, bot, method, signature, params, chat)
        answer = Answer(200, {"ok": True, "result": result})
    except BotApiError as error:
        answer = refused(error)
    except (TypeError, ValueError, KeyError, AttributeError):
        # A shape nobody sends on purpose; the real server refuses it with words of its own.
        log.warning("%s could not be read", signature.name, exc_info=True)
        answer = refused(bad_request(f"can't parse the parameters of {signature.name}"))
    if fault is None or fault.kind == "delay":
        return answer
    if fault.kind == "delay_after":
        await asyncio.sleep(fault.delay / emu.scale)
        return answer
    return Answer(answer.status, answer.body, cut=fault.kind)


async def _execute(
    emu: Emulation, bot: BotAccount, method: str, signature: schema.Signature, params: Params, chat: int | None
) -> Any:
    # The table of methods imports all verbs, some of which deliver updates that may call methods again.
    from bots.emulators.telegram.methods import HANDLERS, damage

    call = Call(emu, bot, method, params)
    if emu.faults.orders:
        damage(call, chat)
    schema.check(signature, params)
    if emu.limits.on:
        count = len(params.json("media") or ()) if method == "sendmediagroup" else 1
        emu.limits.spend(bot.id, method, chat or 0, count, time.monotonic() * emu.scale, emu.scale)
    handler = HANDLERS.get(method)
    if handler is None:
        raise bad_request(f"the emulator does not know how to do {signature.name}")
    result = handler(call)
    if asyncio.iscoroutine(result):
        result = await result
    return result


def _chat_id(params: Params) -> int | None:
    try:
        return int(params.values["chat_id"])
    except (KeyError, TypeError, ValueError):
        return None


def broken(fault: Fault, chat: int | None) -> Answer:
    """Return how a call ends that a fault hits before anything is done."""
    if fault.kind in REFUSING:
        return refused(refusal(fault, chat))
    if fault.kind == "502html":
        page = (
            "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><h1>502 Bad Gateway</h1></body>\r\n</html>"
        )
        return Answer(502, raw=page)
    if fault.kind == "empty":
        return Answer(502, raw="")
    odd = {
        "500_bare": Answer(500, {"ok": False, "error_code": 500}),
        "200_refused": Answer(200, {"ok": False, "error_code": 400, "description": "Bad Request: strange server"}),
        "wrong_type": Answer(200, {"ok": True, "result": "a word"}),
    }
    if fault.kind in odd:
        return odd[fault.kind]
    return Answer(0, cut=fault.kind)


async def call_from_reply(emu: Emulation, bot: BotAccount, name: str, params: Params) -> None:
    """Do the call a webhook wrote into its reply; questions and changes of the webhook are not done there."""
    method = name.lower()
    if method.startswith("get") or method in NOT_FROM_REPLY:
        return
    await perform(emu, bot, name, params)
