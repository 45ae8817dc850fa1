"""Switches of the emulator: snapshots, reset."""

from bots.emulators import aids
from bots.emulators.telegram import feed, persistence, webhook
from bots.emulators.telegram.emulation import Emulation
from bots.emulators.telegram.errors import Json


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
    return {"people": len(world.people), "chats": len(world.chats)}


def reset(emu: Emulation, body: Json) -> Json:
    """Forget people's chats, faults, calls and waiting updates; bots, webhooks, groups and their members stay.

    Ids go on rising, so that nothing said after the reset can be taken for something said before it.
    """
    _stop_deliveries(emu)
    world = emu.world
    staff = {i for chat in world.chats.values() if chat.type != "private" for i in chat.members}
    world.people = {i: person for i, person in world.people.items() if i in staff}
    world.chats = {key: chat for key, chat in world.chats.items() if chat.type != "private" and not chat.migrated_to}
    for chat in world.chats.values():
        chat.posts, chat.by_id, chat.topics, chat.pinned = [], {}, {}, []
        emu.changes.touch(chat.id)
    world.files.clear()
    world.paths.clear()
    world.callbacks.clear()
    for bot in world.bots.values():
        bot.queue.clear()
    emu.calm()
    _start_deliveries(emu)
    emu.dirty()
    return {"reset": True}


def _stop_deliveries(emu: Emulation) -> None:
    emu.held.clear()
    for bot in emu.world.bots.values():
        webhook.stop(emu, bot)


def _start_deliveries(emu: Emulation) -> None:
    for bot in emu.world.bots.values():
        if emu.running:
            webhook.start(emu, bot)
        feed.wake(emu, bot)
    for chat in emu.world.chats.values():
        emu.changes.touch(chat.id)
    emu.dirty()
