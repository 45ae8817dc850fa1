"""Long Poll of a community: its settings, its server."""

from bots.emulators.control import Json
from bots.emulators.vk.emulation import BASE, Call
from bots.emulators.vk.errors import wrong
from bots.emulators.vk.events import MADE, OTHERS
from bots.emulators.vk.methods.people import own_group


def flags(call: Call, now_on: dict[str, int]) -> dict[str, int]:
    """Return which events are wanted after a call: its 0 and 1 over what was."""
    given = {name: int(call.params.flag(name)) for name in (*MADE, *OTHERS) if call.params.has(name)}
    return {**now_on, **given}


def shown_flags(events: dict[str, int]) -> dict[str, int]:
    """Return the flags of all events."""
    return {name: int(bool(events.get(name))) for name in (*MADE, *OTHERS)}


def long_poll_server(call: Call) -> Json:
    """Return server, key and the ts after the last event; raises VkError 100 while Long Poll is off."""
    group = own_group(call)
    if not group.poll_on:
        raise wrong("longpoll for this group is not enabled")
    return {"key": group.poll_key, "server": f"{BASE}/lp", "ts": str(group.ts)}


def long_poll_settings(call: Call) -> Json:
    """Return whether Long Poll is on, its API version and its events."""
    group = own_group(call)
    events = shown_flags(group.poll_events)
    return {"is_enabled": group.poll_on, "api_version": group.poll_version, "events": events}


def set_long_poll_settings(call: Call) -> int:
    """Turn Long Poll and its events on or off."""
    group = own_group(call)
    if call.params.has("enabled"):
        group.poll_on = call.params.flag("enabled")
    group.poll_version = call.params.text("api_version") or group.poll_version
    group.poll_events = flags(call, group.poll_events)
    call.emu.dirty()
    return 1
