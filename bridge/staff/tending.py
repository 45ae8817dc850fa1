"""A staff group is looked after: its commands are listed in the messenger, ids of upgraded groups are taken over."""

from datetime import timedelta

from bridge.context import Bridge, log
from bridge.errors import BridgeError, StoreDown
from bridge.ports.desks import CommandedDesk
from bridge.staff import backlog, commands

#: How often it is looked whether the messenger still lists the commands.
AGAIN = timedelta(hours=6)
#: Pause between two looks for new ids that another process found out, seconds.
LOOK = 15.0


async def run(bridge: Bridge) -> None:
    """Look after the desk until cancelled."""
    while True:
        try:
            await look(bridge)
        except StoreDown as fault:
            log.warning("the store does not answer: %s", fault)
        except Exception:
            log.exception("looking after the staff group broke")
        await bridge.clock.sleep(LOOK)


async def look(bridge: Bridge) -> None:
    """Take over new ids, and see to the list of commands now and then. Raises StoreDown."""
    await backlog.recall_moves(bridge)
    if bridge.desk is not None:
        await backlog.note_moves(bridge, bridge.desk)
    desk: object = bridge.desk
    now = bridge.clock.now()
    if not isinstance(desk, CommandedDesk) or (bridge.memory.offered and now - bridge.memory.offered[0] < AGAIN):
        return
    try:
        await desk.offer(commands.offered(bridge))
    except StoreDown:
        raise
    except BridgeError as fault:
        log.info("the staff group's commands cannot be listed now: %s", fault)  # the next look tries again
        return
    bridge.memory.offered[:] = [now]
