"""Switches of the emulator: limits, snapshots, reset."""

from bots.emulators.control import ControlError, Json
from bots.emulators.journal import Journal
from bots.emulators.vk import callback, events, persistence
from bots.emulators.vk.emulation import Emulation


def set_limits(emu: Emulation, body: Json) -> Json:
    """Turn the call budget on or off: {on, per_second?}."""
    if not isinstance(body.get("on"), bool):
        raise ControlError(400, "on is true or false")
    emu.limits.on = body["on"]
    emu.limits.per_second = int(body.get("per_second") or emu.limits.per_second)
    emu.limits.clear()
    return {"on": emu.limits.on, "per_second": emu.limits.per_second}


def get_snapshot(emu: Emulation, query: Json) -> Json:
    """Return the whole state."""
    return persistence.dump(emu)


def put_snapshot(emu: Emulation, body: Json) -> Json:
    """Replace the whole state by a snapshot."""
    try:
        world = persistence.load_world(body)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ControlError(400, f"this is no snapshot: {error!r}") from None
    _stop_deliveries(emu)
    emu.world = world
    _start_deliveries(emu)
    return {"people": len(world.people), "chats": len(world.dialogs)}


def reset(emu: Emulation, body: Json) -> Json:
    """Forget people, dialogs, walls, faults, calls and waiting events; communities and their servers stay.

    Ids go on rising, so that nothing said after the reset can be taken for something said before it.
    """
    _stop_deliveries(emu)
    world = emu.world
    world.people.clear()
    world.dialogs.clear()
    world.files.clear()
    world.tickets.clear()
    world.presses.clear()
    for group in world.groups.values():
        group.events.clear()
        group.wall.clear()
        group.banned.clear()
        group.members.clear()
        for server in group.servers.values():
            server.queue.clear()
    emu.faults.orders.clear()
    emu.limits.on, emu.scale = False, 1.0
    emu.limits.clear()
    emu.journal = Journal()
    emu.said.clear()
    emu.actions.clear()
    _start_deliveries(emu)
    return {"reset": True}


def _stop_deliveries(emu: Emulation) -> None:
    for group in emu.world.groups.values():
        emu.line(group.id).held.clear()
        callback.stop(emu, group)


def _start_deliveries(emu: Emulation) -> None:
    for group in emu.world.groups.values():
        if emu.running:
            callback.start(emu, group)
        events.wake(emu, group)
    for dialog in emu.world.dialogs.values():
        emu.changes.touch(dialog.user)
    emu.dirty()
