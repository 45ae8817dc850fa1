"""The control API: one table of routes; each verb takes the emulation and a JSON object and returns one."""

from aiohttp import web

from bots.emulators import aids, control
from bots.emulators.control import ControlError
from bots.emulators.vk.control import people, places, switches, wall, watch
from bots.emulators.vk.emulation import Emulation
from bots.emulators.vk.errors import VkError

VERBS: tuple[control.Row[Emulation], ...] = (
    ("POST", "/user", people.create),
    ("GET", "/users", people.listed),
    ("POST", "/user/say", people.say),
    ("POST", "/user/edit", people.edit),
    ("POST", "/user/delete", people.delete),
    ("POST", "/user/react", people.react),
    ("POST", "/user/press", people.press),
    ("POST", "/user/block", people.deny),
    ("POST", "/user/unblock", people.allow),
    ("POST", "/user/allow", people.allow),
    ("POST", "/user/deny", people.deny),
    ("POST", "/user/privacy", people.privacy),
    ("POST", "/user/deactivate", people.deactivate),
    ("POST", "/user/join", people.join),
    ("POST", "/user/leave", people.leave),
    ("POST", "/user/typing", people.typing),
    ("POST", "/user/read", people.read),
    ("POST", "/group", places.create),
    ("GET", "/groups", places.listed),
    ("GET", "/bots", places.listed),
    ("POST", "/group/ban", places.ban),
    ("POST", "/group/unban", places.unban),
    ("POST", "/operator/say", places.operator_say),
    ("POST", "/wall/post", wall.post),
    ("POST", "/wall/comment", wall.comment),
    ("POST", "/wall/edit", wall.edit),
    ("POST", "/wall/delete", wall.delete),
    ("POST", "/wall/restore", wall.restore),
    ("GET", "/wall", wall.wall),
    ("GET", "/chat/{chat}/messages", watch.messages),
    ("GET", "/wait", watch.wait),
    ("GET", "/stats", watch.stats),
    ("POST", "/limits", switches.set_limits),
    ("GET", "/snapshot", switches.get_snapshot),
    ("PUT", "/snapshot", switches.put_snapshot),
    ("POST", "/reset", switches.reset),
    *aids.ROWS,
)


def routes(emu: Emulation, prefix: str = "/ctl") -> list[web.RouteDef]:
    """Return the routes of the control API."""
    found = control.routes(emu, VERBS, prefix, _refusal)

    async def file(request: web.Request) -> web.Response:
        stored = emu.world.files.get(request.match_info["id"])
        return control.problem(404, "no such file") if stored is None else control.file_response(stored)

    return [*found, web.get(prefix + "/file/{id}", file)]


def _refusal(error: Exception) -> ControlError | None:
    return ControlError(400, str(error)) if isinstance(error, VkError) else None
