"""What the matcher is asked, and how it keeps up with what is stored: what is published, within its dates."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bridge.context import Bridge, log
from bridge.errors import Invalid, StoreDown
from bridge.library.learning.truth import resolved
from bridge.limits import thresholds
from bridge.model.articles import Article, Decision, Library, Match, apart
from bridge.model.ids import ArticleId, fresh
from bridge.model.operators import Operator
from bridge.ports.stores import Store
from bridge.rights import require

#: Where the stamp of the knowledge base is kept, and how often it is looked at, seconds.
STAMP = "library"
LOOK = 1.0
#: Where it is kept up to when labels are in force.
LEARNING = "learning"


async def match(bridge: Bridge, actor: Operator, text: str, limit: int = 5, language: str | None = None) -> Match:
    """Say what the knowledge base says to a text, decided by the thresholds in force. Raises Forbidden, Invalid."""
    require(actor, "suggest")
    if not text.strip():
        raise Invalid(("text", "empty"))
    found = await bridge.matcher.match(text, limit=limit, language=language)
    return replace(found, decision=decision_of(bridge, found))


def decision_of(bridge: Bridge, found: Match) -> Decision:
    """Apply the thresholds in force to a match."""
    limits = thresholds(bridge)
    if not found.ranked:
        return Decision.NONE
    if limits.sure(found) or (found.asked and apart(found, limits)[0]):
        return Decision.ANSWER
    return Decision.OFFER if found.ranked[0].confidence >= limits.offer else Decision.NONE


def in_force(library: Library, now: datetime) -> Library:
    """Return what of a library customers are to be told at a time."""
    return replace(library, articles=tuple(each for each in library.articles if each.in_force(now)))


async def in_force_until(store: Store) -> datetime | None:
    """Return the time up to which labels are in force; None: only those that came with files."""
    return (await store.journal.value(LEARNING) or {}).get("until")


async def taught(store: Store, now: datetime) -> Library:
    """Return what the matcher is made from at a time: articles customers are to be told, and the labels in force."""
    library = in_force(await store.articles.library(), now)
    until = await in_force_until(store)
    said = [each for each in await store.labels.all() if each.at is None or (until is not None and each.at <= until)]
    return replace(library, labels=tuple(resolved(said)))


async def take_up(bridge: Bridge, put: Sequence[Article], gone: Sequence[ArticleId] = ()) -> None:
    """Tell the matcher here what was written or removed, and other processes that something was."""
    now = bridge.clock.now()
    bridge.memory.library.clear()
    said = [each for each in put if each.in_force(now)]
    silent = {each.id for each in put} - {each.id for each in said}
    await bridge.matcher.change(said, [*gone, *silent])
    await changed(bridge.store)


async def refresh(bridge: Bridge, stamp: str) -> None:
    """Take up what is stored, unless somebody here changes it while it is read: then `watch` looks again."""
    bridge.memory.library[:] = [stamp]
    now = bridge.clock.now()
    stored = await taught(bridge.store, now)
    date = await bridge.store.articles.next_date(now)
    if bridge.memory.library == [stamp]:
        await bridge.matcher.rebuild(stored)
        bridge.memory.next_date[:] = [date] if date else []


async def watch(bridge: Bridge) -> None:
    """Take up what other processes did to the knowledge base, and dates that begin or end, until cancelled."""
    bridge.memory.library[:] = [await _stamp(bridge)]
    date = await bridge.store.articles.next_date(bridge.clock.now())
    bridge.memory.next_date[:] = [date] if date else []
    while True:
        await bridge.clock.sleep(LOOK)
        try:
            await look(bridge)
        except StoreDown as fault:
            log.warning("the store does not answer: %s", fault)


async def look(bridge: Bridge) -> None:
    """Take up what is stored if it changed, or if the dates of an article began or ended. Raises StoreDown."""
    stamp = await _stamp(bridge)
    turned = any(date <= bridge.clock.now() for date in bridge.memory.next_date)
    if turned or [stamp] != bridge.memory.library:
        await refresh(bridge, stamp)


async def changed(store: Store) -> str:
    """Note in the store that the knowledge base is another one now; running processes look every few seconds."""
    stamp = fresh()
    await store.journal.put_value(STAMP, {"stamp": stamp})
    return stamp


async def _stamp(bridge: Bridge) -> str:
    return str((await bridge.store.journal.value(STAMP) or {}).get("stamp", ""))
