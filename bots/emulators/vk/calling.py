"""One call of a method: known, allowed by faults and limits, done, noted in the journal."""

import asyncio
import json
import logging
import re
import time
from dataclasses import dataclass
from typing import Any

from bots.emulators.control import Json
from bots.emulators.faults import Fault
from bots.emulators.vk.community import Community
from bots.emulators.vk.emulation import BASE_JSON, Call, Emulation
from bots.emulators.vk.errors import VkError
from bots.emulators.vk.faults import ANSWERS, HTTP, LATE, refusal
from bots.emulators.vk.params import Params
from bots.emulators.vk.world import group_id_of, now

log = logging.getLogger(__name__)
SHORTEST_TOKEN = 20
VERSION = re.compile(r"\d+\.\d+")
NOT_AVAILABLE = "method is unavailable with group auth."
PAGE = "<html>\r\n<head><title>{0}</title></head>\r\n<body><center><h1>{0}</h1></center></body>\r\n</html>"


@dataclass(frozen=True, slots=True)
class Answer:
    """How a call ends: a status and a body, or a break of the line.

    `cut` is reset, hang or applied_lost; of half_body the first half of the body goes out before.
    """

    status: int
    body: Json | None = None
    raw: str | bytes | None = None
    cut: str | None = None
    retry_after: int = 0

    def payload(self, base: str) -> bytes:
        """Return the bytes of the body; `base` is the emulator's address."""
        if self.body is None:
            return self.raw if isinstance(self.raw, bytes) else (self.raw or "").encode()
        return json.dumps(self.body, separators=(",", ":")).replace(BASE_JSON, base).encode()

    def outcome(self) -> int | str:
        """Return how the journal names the end: the HTTP status, vk_<code>, or the fault that cut the line."""
        if self.cut is not None:
            return self.cut
        if not isinstance(self.body, dict):
            return self.status
        error = self.body.get("error")
        return f"vk_{error['error_code']}" if error else self.status


def refused(error: VkError, params: Params) -> Answer:
    """Return the envelope of a refusal: VK answers it with HTTP 200."""
    return Answer(200, {"error": error.as_json() | {"request_params": params.echoed()}})


def authenticate(emu: Emulation, params: Params) -> tuple[Community, bool]:
    """Return the community of a call's token, and whether its administrator calls. Raises VkError 5."""
    token = params.text("access_token")
    if not token:
        raise VkError(5, "no access_token passed.")
    for group in emu.world.groups.values():
        if group.token == token:
            return group, False
        if group.admin_token and group.admin_token == token:
            return group, True
    if emu.open_tokens and len(token) >= SHORTEST_TOKEN and group_id_of(token) not in emu.world.groups:
        emu.dirty()
        return emu.world.add_group(token, group_id_of(token)), False
    raise VkError(5, "invalid access_token (4).")


async def perform(emu: Emulation, method: str, params: Params) -> Answer:
    """Do a call and note it in the journal."""
    try:
        group, by_admin = authenticate(emu, params)
    except VkError as error:
        return refused(error, params)
    noted = emu.journal.record(group.id, method, params.shown(), now())
    try:
        if not VERSION.fullmatch(params.text("v")):
            raise VkError(8, "v (version) is required" if not params.has("v") else "v (version) is invalid")
        emu.limits.spend(params.text("access_token"), time.monotonic() * emu.scale)
        answer = await _with_faults(Call(emu, group, method, params, by_admin))
    except VkError as error:
        answer = refused(error, params)
    emu.journal.settle(noted, answer.outcome())
    return answer


async def _with_faults(call: Call) -> Answer:
    fault = call.emu.faults.strike(ANSWERS, call.method.lower(), _peer(call.params))
    if fault is not None:
        call.emu.journal.faults[fault.kind] += 1
        if fault.kind == "delay":
            await asyncio.sleep(fault.delay / call.emu.scale)
        elif fault.kind not in LATE:
            return broken(fault, call.params)
    try:
        answer = Answer(200, await _answered(call))
    except VkError as error:
        answer = refused(error, call.params)
    if fault is None or fault.kind == "delay":
        return answer
    if fault.kind in ("delay_after", "slow_answer"):
        await asyncio.sleep(fault.delay / call.emu.scale)
        return answer
    return Answer(answer.status, answer.body, cut=fault.kind)


async def _answered(call: Call) -> Json:
    """Return the envelope of a call; `execute` adds the errors of what it called."""
    if call.method == "execute":
        from bots.emulators.vk.script import execute

        return await execute(call)
    return {"response": await result_of(call)}


async def result_of(call: Call) -> Any:
    """Do a call's method and return what it answers; raises VkError."""
    # The table of methods imports all verbs; some of them come back here.
    from bots.emulators.vk.methods import METHODS

    known = METHODS.get(call.method.lower())
    if known is None:
        raise VkError(3, call.method)
    if known.admin_only and not call.by_admin:
        raise VkError(27, NOT_AVAILABLE)
    if known.scope and known.scope not in call.group.scopes and not call.by_admin:
        raise VkError(15, "no access to call this method. It cannot be called with current scopes.")
    try:
        result = known.handler(call)
        return await result if asyncio.iscoroutine(result) else result
    except (TypeError, ValueError, KeyError, AttributeError):
        # A shape nobody sends on purpose; VK refuses it with words of its own.
        log.warning("%s could not be read", call.method, exc_info=True)
        raise VkError(100, f"can't read the parameters of {call.method}") from None


def _peer(params: Params) -> int | None:
    for name in ("peer_id", "user_id", "peer_ids", "user_ids"):
        first = params.text(name).split(",")[0].strip()
        if first.lstrip("-").isdigit():
            return int(first)
    return None


def broken(fault: Fault, params: Params) -> Answer:
    """Return how a call ends that a fault hits before anything is done."""
    error = refusal(fault)
    if error is not None:
        return refused(error, params)
    if fault.kind in HTTP:
        wait = fault.retry_after if fault.kind == "429" else 0
        return Answer(HTTP[fault.kind], raw=PAGE.format(HTTP[fault.kind]), retry_after=wait)
    if fault.kind in ("502html", "200html"):
        return Answer(int(fault.kind[:3]), raw=PAGE.format("502 Bad Gateway"))
    if fault.kind == "empty":
        return Answer(502, raw="")
    if fault.kind == "wrong_type":
        return Answer(200, {"response": "a word"})
    return Answer(0, cut=fault.kind)
