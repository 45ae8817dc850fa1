"""Callback servers of a community: made, confirmed, told which events they get."""

from bots.emulators.control import Json
from bots.emulators.vk import callback
from bots.emulators.vk.community import CallbackServer
from bots.emulators.vk.emulation import Call
from bots.emulators.vk.errors import VkError, wrong
from bots.emulators.vk.methods.communities import flags, shown_flags
from bots.emulators.vk.methods.people import own_group

MAX_SERVERS = 10
MAX_TITLE = 14
MAX_SECRET = 50


def confirmation_code(call: Call) -> Json:
    """Return the string a server answers the handshake with."""
    return {"code": own_group(call).confirmation}


def _read(call: Call) -> tuple[str, str, str]:
    url, title = call.params.text("url"), call.params.text("title")
    secret = call.params.text("secret_key")
    if not url.startswith(("http://", "https://")):
        raise wrong("url is invalid")
    if not 1 <= len(title) <= MAX_TITLE:
        raise wrong(f"title should hold 1 to {MAX_TITLE} characters")
    if len(secret) > MAX_SECRET:
        raise wrong(f"secret_key should hold at most {MAX_SECRET} characters")
    return url, title, secret


def add(call: Call) -> Json:
    """Add a server and begin the handshake with it; raises VkError 2000 above ten."""
    group = own_group(call)
    url, title, secret = _read(call)
    if len(group.servers) >= MAX_SERVERS:
        raise VkError(2000)
    server = CallbackServer(group.next_server, title, url, secret)
    group.next_server += 1
    group.servers[server.id] = server
    callback.confirm_soon(call.emu, group, server)
    call.emu.dirty()
    return {"server_id": server.id}


def _server(call: Call) -> CallbackServer:
    server = own_group(call).servers.get(call.params.needed("server_id"))
    if server is None:
        raise VkError(104, "server not found")
    return server


def edit(call: Call) -> int:
    """Change a server; another address or secret is confirmed anew."""
    server = _server(call)
    url, title, secret = _read(call)
    moved = url != server.url or secret != server.secret or not server.confirmed
    server.url, server.title, server.secret = url, title, secret
    if moved:
        callback.confirm_soon(call.emu, call.group, server)
    call.emu.dirty()
    return 1


def delete(call: Call) -> int:
    """Remove a server with all that waits for it."""
    del call.group.servers[_server(call).id]
    call.emu.dirty()
    return 1


def listed(call: Call) -> Json:
    """Return servers with their status: wait, ok, failed."""
    wanted = call.params.integers("server_ids")
    found = [one for one in own_group(call).servers.values() if not wanted or one.id in wanted]
    return {"count": len(found), "items": [_shown(one) for one in found]}


def _shown(server: CallbackServer) -> Json:
    return {
        "id": server.id,
        "title": server.title,
        "creator_id": 1,
        "url": server.url,
        "secret_key": server.secret,
        "status": server.status,
    }


def settings(call: Call) -> Json:
    """Return a server's API version and events."""
    server = _server(call)
    return {"api_version": server.api_version, "events": shown_flags(server.events)}


def set_settings(call: Call) -> int:
    """Say which events a server gets, in which API version."""
    server = _server(call)
    server.api_version = call.params.text("api_version") or server.api_version
    server.events = flags(call, server.events)
    call.emu.dirty()
    return 1
