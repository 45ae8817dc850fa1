"""The control API: one table of routes; each verb takes the emulation and a JSON object and returns one."""

from aiohttp import web

from bots.emulators import aids, control
from bots.emulators.control import ControlError
from bots.emulators.telegram.control import people, staff, switches, watch
from bots.emulators.telegram.emulation import Emulation
from bots.emulators.telegram.errors import BotApiError

VERBS: tuple[control.Row[Emulation], ...] = (
    ("POST", "/user", people.create),
    ("GET", "/users", people.listed),
    ("POST", "/user/say", people.say),
    ("POST", "/user/edit", people.edit),
    ("POST", "/user/delete", people.delete),
    ("POST", "/user/react", people.react),
    ("POST", "/user/press", people.press),
    ("POST", "/user/block", people.block),
    ("POST", "/user/unblock", people.unblock),
    ("POST", "/user/deactivate", people.deactivate),
    ("POST", "/user/allow", people.unblock),
    ("POST", "/user/deny", people.block),
    ("POST", "/group", staff.create),
    ("GET", "/groups", staff.listed),
    ("GET", "/bots", watch.bots),
    ("POST", "/operator/say", staff.say),
    ("POST", "/operator/edit", staff.edit),
    ("POST", "/operator/delete", staff.delete),
    ("POST", "/operator/react", staff.react),
    ("POST", "/operator/press", staff.press),
    ("POST", "/operator/open_topic", staff.open_topic),
    ("POST", "/operator/close_topic", staff.close_topic),
    ("POST", "/operator/reopen_topic", staff.reopen_topic),
    ("POST", "/operator/delete_topic", staff.delete_topic),
    ("GET", "/topics", staff.topic_list),
    ("GET", "/chat/{chat}/messages", watch.messages),
    ("GET", "/wait", watch.wait),
    ("GET", "/stats", watch.stats),
    ("POST", "/limits", aids.set_limits),
    ("GET", "/snapshot", switches.get_snapshot),
    ("PUT", "/snapshot", switches.put_snapshot),
    ("POST", "/reset", switches.reset),
    *aids.ROWS,
)


def routes(emu: Emulation, prefix: str = "/ctl") -> list[web.RouteDef]:
    """Return the routes of the control API."""
    found = control.routes(emu, VERBS, prefix, _refusal)

    async def file(request: web.Request) -> web.Response:
        stored = emu.world.files.get(request.match_info["id"].removesuffix("s"))
        return control.problem(404, "no such file") if stored is None else control.file_response(stored)

    return [*found, web.get(prefix + "/file/{id}", file)]


def _refusal(error: Exception) -> ControlError | None:
    return ControlError(error.status, error.description) if isinstance(error, BotApiError) else None
