"""Switches of the emulator: limits, snapshots, reset."""

from bots.emulators import aids
from bots.emulators.control import ControlError, Json
from bots.emulators.vk import callback, events, persistence
from bots.emulators.vk.emulation import Emulation


def set_limits(emu: Emulation, body: Json) -> Json:
    """Turn the call budget on or off: {on, per_second?}."""
    wanted = body.get("per_second", emu.limits.per_second)
    if isinstance(wanted, bool) or not isinstance(wanted, int) or wanted < 1:
        raise ControlError(400, "per_second is a whole number from 1")
    told = aids.set_limits(emu, body)
    emu.limits.per_second = wanted
    return told | {"per_second": wanted}


def get_snapshot(emu: Emulation, query: Json) -> Json:
    """Return the whole state."""
    return persistence.dump(emu)


def put_snapshot(emu: Emulation, body: Json) -> Json:
    """Replace the whole state by a snapshot; numbers go on rising, as after a reset."""
    world = aids.snapshot(persistence.load_world, body)
    persistence.go_on(world, emu.world)
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
    emu.calm()
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
