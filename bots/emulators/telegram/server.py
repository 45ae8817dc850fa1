"""The doors: `{base}/bot{token}/{method}`, `{base}/file/bot{token}/{path}` and `{base}/ctl`."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

from aiohttp import web

from bots.emulators import breaking, serving
from bots.emulators.telegram import calling, control, params, persistence, schema, webhook
from bots.emulators.telegram.calling import Answer, refused
from bots.emulators.telegram.emulation import Emulation
from bots.emulators.telegram.errors import BotApiError, Json
from bots.emulators.telegram.faults import ANSWERS, DOWNLOAD, DOWNLOADS
from bots.emulators.telegram.world import BotAccount, now

TOKEN = re.compile(r"(\d{1,16}):[A-Za-z0-9_-]{20,}")
UNAUTHORIZED = BotApiError(401, "Unauthorized")
LINK_SECONDS = 3600


class TelegramEmulator(serving.Emulator[Emulation]):
    """A Telegram Bot API server on the loopback, with people and operators to play with.

    `tokens` maps tokens to {"name"?, "username"?}; `groups` are {"id"?, "title", "forum"?, "members": [{"id", "name"}]}
    with every bot as administrator. `open_tokens` takes any well-formed token as a new bot, unless its bot id is known
    under another secret. `state_path` makes the world outlive the process. `expose_ctl` False leaves `/ctl` out.
    """

    def __init__(
        self,
        tokens: Mapping[str, Json] | None = None,
        groups: Sequence[Json] = (),
        state_path: Path | str | None = None,
        *,
        open_tokens: bool = False,
        expose_ctl: bool = True,
    ) -> None:
        emu = Emulation(open_tokens=open_tokens)
        kept = persistence.StateFile(Path(state_path), emu) if state_path is not None else None
        super().__init__(emu, kept, expose_ctl)
        for token, details in (tokens or {}).items():
            self.add_bot(token, **{name: str(details[name]) for name in ("name", "username") if details.get(name)})
        for group in groups:
            self.add_group(group)

    def add_bot(self, token: str, name: str = "", username: str = "") -> int:
        """Register a bot and return its id; a known bot id takes the new token. Raises ValueError for a bad token."""
        found = TOKEN.fullmatch(token)
        if found is None:
            raise ValueError("a token is a bot's id, a colon and at least 20 letters, digits, _ or -")
        bot = self.emulation.world.bots.get(int(found.group(1)))
        if bot is None:
            return self.emulation.world.add_bot(token, name, username).id
        bot.token, bot.name, bot.username = token, name or bot.name, username or bot.username
        return bot.id

    def add_group(self, group: Json) -> int:
        """Register a group and return its id; one known by its id, or by its title, gets the members it lacks."""
        members = group.get("members") or group.get("operators") or []
        known = control.staff.known_group(self.emulation, group.get("id"), str(group.get("title") or ""))
        if known is None:
            return int(control.staff.create(self.emulation, {**group, "operators": members})["group"]["id"])
        control.staff.complete(self.emulation, known, members)
        return known.id

    def routes(self) -> list[web.RouteDef]:
        """Return the emulator's routes, for a server that starts and stops it itself."""
        emu = self.emulation
        found = [
            web.route("*", "/bot{token}/{method}", _bound(emu, _method)),
            web.get("/file/bot{token}/{path:.+}", _bound(emu, _file)),
        ]
        return found + (control.routes(emu) if self.expose_ctl else [])

    def begin(self) -> None:
        """Deliver what waits to the webhooks."""
        for bot in self.emulation.world.bots.values():
            webhook.start(self.emulation, bot)

    def let_go(self) -> None:
        """Answer the polls that wait for an update."""
        for line in self.emulation.lines.values():
            if line.poll is not None and not line.poll.done():
                line.poll.set_result("updates")

    def end(self) -> Sequence[asyncio.Task[None]]:
        """Give deliveries up; returns their tasks, on their way out."""
        emu = self.emulation
        tasks = [task for line in emu.lines.values() for task in line.tasks.values()]
        for bot in emu.world.bots.values():
            webhook.stop(emu, bot)
        return tasks

    async def serving(self, base: str) -> None:
        """Read the methods' signatures before the first call."""
        await schema.load()


def _bound(
    emu: Emulation, handle: Callable[[Emulation, web.Request], Awaitable[web.StreamResponse]]
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def bound(request: web.Request) -> web.StreamResponse:
        return await handle(emu, request)

    return bound


def authenticate(emu: Emulation, token: str) -> BotAccount:
    """Return the bot of a token; raises BotApiError 401."""
    found = TOKEN.fullmatch(token)
    if found is None:
        raise UNAUTHORIZED
    bot = emu.world.bots.get(int(found.group(1)))
    if bot is None and emu.open_tokens:
        bot = emu.world.add_bot(token)
        for chat in emu.world.chats.values():
            if chat.type != "private":
                chat.members[bot.id] = "administrator"
        emu.dirty()
    if bot is None or bot.token != token:
        raise UNAUTHORIZED
    return bot


async def _method(emu: Emulation, request: web.Request) -> web.StreamResponse:
    try:
        bot = authenticate(emu, request.match_info["token"])
        given = await params.read(request)
    except BotApiError as error:
        return _response(refused(error))
    return await _finish(emu, request, await calling.perform(emu, bot, request.match_info["method"], given))


async def _finish(emu: Emulation, request: web.Request, answer: Answer) -> web.StreamResponse:
    return await breaking.finish(emu, request, answer.cut, lambda: _response(answer))


def _response(answer: Answer) -> web.Response:
    kind = "application/json" if answer.body is not None else "text/html"
    return web.Response(body=answer.payload(), status=answer.status, content_type=kind, headers=answer.headers())


async def _file(emu: Emulation, request: web.Request) -> web.StreamResponse:
    try:
        authenticate(emu, request.match_info["token"])
    except BotApiError as error:
        return _response(refused(error))
    fault = emu.faults.strike(ANSWERS, DOWNLOAD, None)
    if fault is not None:
        emu.journal.faults[fault.kind] += 1
        return await _finish(emu, request, calling.broken(fault, None))
    odd = emu.faults.strike(DOWNLOADS, DOWNLOAD, None)
    if odd is not None:
        emu.journal.faults[odd.kind] += 1
    path = request.match_info["path"]
    stored = emu.world.files.get(emu.world.paths.get(path, ""))
    if (
        stored is None
        or (odd is not None and odd.kind == "expired_link")
        or (now() - stored.path_at) * emu.scale > LINK_SECONDS
    ):
        return _response(refused(BotApiError(404, "Not Found")))
    if odd is not None:
        return await _finish(emu, request, Answer(200, raw=stored.content, cut="half_body"))
    return web.Response(body=stored.content, content_type="application/octet-stream")


async def serve(
    host: str = "127.0.0.1",
    port: int = 0,
    state: Path | str | None = None,
    ready_file: Path | str | None = None,
    *,
    expose_ctl: bool = True,
) -> None:
    """Serve an emulator of its own until SIGTERM or cancelled; prints its base, writes {"base", "ctl"} ready file."""
    emulator = TelegramEmulator(state_path=state, open_tokens=True, expose_ctl=expose_ctl)
    await serving.serve(emulator, host, port, ready_file)
