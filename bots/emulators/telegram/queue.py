"""The end of an update's way: acknowledged by its bot, or too old."""

from bots.emulators.telegram.emulation import Emulation
from bots.emulators.telegram.world import BotAccount, Pending, now


def expired(emu: Emulation, pending: Pending) -> bool:
    """Tell whether an update is too old to be delivered, by the scaled clock."""
    return (now() - pending.born) * emu.scale > pending.lifetime


def delivered(emu: Emulation, bot: BotAccount, pending: Pending) -> None:
    """Take an update out of its bot's queue: it was acknowledged."""
    if bot.queue.pop(pending.update_id, None) is not None:
        emu.journal.delivered += 1
        emu.journal.arrivals.append(now() - pending.at)
        emu.dirty()


def drop(emu: Emulation, bot: BotAccount, pending: Pending) -> None:
    """Take an update out of its bot's queue undelivered: its time is over."""
    if bot.queue.pop(pending.update_id, None) is not None:
        emu.journal.expired += 1
        emu.dirty()
