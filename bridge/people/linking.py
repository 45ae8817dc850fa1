"""Two customers are one person: one joins the other, and leaves him again; chats, conversations and identities follow.

A step is written to the history first, with the next number: that is the commit point, and nobody else writes a step
before this one stands in the customer it is about (`linked_to`). Whose a row is follows from there: it belongs to
whoever stands for the customer it came with. So rows can be moved by anybody, any number of times, in any order; they
are moved until the step is done, by whoever wrote it or by the timers after him. Undoing is a step like any other: what
came with the customer goes with him, also what began since in his chats.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from bridge.context import Bridge
from bridge.errors import Conflict, Invalid, NotFound
from bridge.model.customers import Chat, Customer, Identity, Link
from bridge.model.ids import ChannelName, ChatId, CustomerId
from bridge.model.operators import Operator
from bridge.people import identity, moving, profiles
from bridge.people.kin import members, root, staying
from bridge.people.naming import rename
from bridge.people.profiles import Keep
from bridge.rights import require
from bridge.teamwork.customers import require_customer

#: Owners of one identity that are looked at.
OWNERS = 20
#: Steps taken up by one round of the timers.
PORTION = 20
#: Who links when proofs are equal.
SYSTEM = "system"
#: Nobody says whose values are kept.
_AS_USUAL: Mapping[str, Keep] = MappingProxyType({})


async def link(
    bridge: Bridge, actor: Operator, id: CustomerId, other: CustomerId, keep: Mapping[str, Keep] = _AS_USUAL
) -> Customer:
    """Let another customer join this one, who keeps his name; one person already: nothing changes.

    If this one's name was made up and the other's was not, it is this one who joins. `keep` tells whose value stands
    where profiles differ (profiles.differences). Raises Forbidden, NotFound, Invalid(("other", "same")) for one
    customer given twice, Invalid for what `keep` cannot mean.
    """
    require(actor, "customer")
    if id == other:
        raise Invalid(("other", "same"))
    await require_customer(bridge, actor, id, other)
    while True:
        parent, child = await root(bridge, id), await root(bridge, other)
        if child.named and not parent.named:
            parent, child, chosen = child, parent, profiles.swapped(keep)
        else:
            chosen = dict(keep)
        if parent.id == child.id:
            return parent
        if await _step(bridge, child, parent, joins=True, by=actor.id, because="", keep=chosen):
            return await root(bridge, id)


async def unlink(bridge: Bridge, actor: Operator, id: CustomerId, other: CustomerId) -> Customer:
    """Let a customer who joined this one leave with all that came with him; proofs alone join them no more.

    If it was this one who joined the other, it is this one who leaves. Gone already: nothing changes.
    Raises Forbidden, NotFound, Invalid(("other", "not_linked")).
    """
    require(actor, "customer")
    await require_customer(bridge, actor, id, other)
    while True:
        child, parent = await bridge.store.people.customer(other), await root(bridge, id)
        theirs = await root(bridge, other)
        if child.id == parent.id:
            child = await bridge.store.people.customer(id)
        if child.linked_to is None or theirs.id != parent.id:
            one = await bridge.store.people.customer(id)
            if await _left(bridge, child, parent) or await _left(bridge, one, theirs):
                return parent
            raise Invalid(("other", "not_linked"))
        direct = await bridge.store.people.customer(child.linked_to)
        if await _step(bridge, child, direct, joins=False, by=actor.id, because=""):
            return await root(bridge, id)


async def _left(bridge: Bridge, child: Customer, parent: Customer) -> bool:
    """Tell whether the last that happened between two customers is that one left the other."""
    steps = await bridge.store.links.of([child.id])
    if not steps or steps[-1].joins:
        return False
    return (await root(bridge, steps[-1].parent)).id == parent.id


async def join_account(bridge: Bridge, chat: Chat) -> Chat:
    """Join who wrote the first word of a chat with whom he is in another channel of the same messenger."""
    accounts = bridge.channels.accounts()
    if list(accounts.values()).count(accounts.get(chat.channel, "")) < 2:
        return chat
    await join_equal(bridge, chat.channel, chat.chat)
    return await bridge.store.people.chat(chat.channel, chat.chat) or chat


async def join_equal(bridge: Bridge, channel: ChannelName, chat: ChatId) -> None:
    """Join the customers who proved the same as the one of this chat; who joins whom: identity.standing."""
    found = await bridge.store.people.chat(channel, chat)
    while found is not None:
        mine = await root(bridge, found.customer)
        owned = await bridge.store.people.identities(mine.id)
        step = await _equal(bridge, mine, owned)
        if step is None:
            return
        other, because = step
        parent, child = identity.standing(mine, other)
        try:
            await _step(bridge, child, parent, joins=True, by=SYSTEM, because=because)
        except NotFound:
            return  # one of them is being erased


async def join_proved(bridge: Bridge, one: CustomerId, other: CustomerId, because: str) -> bool:
    """Join two customers one of whom proved that he is the other too; who joins whom: identity.standing.

    False: they stay apart, for they have different accounts of the shop or were parted by hand. Raises NotFound.
    """
    while True:
        mine, theirs = await root(bridge, one), await root(bridge, other)
        if mine.id == theirs.id:
            return True
        known = [each for who in (mine, theirs) for each in await bridge.store.people.identities(who.id)]
        accounts = {each.value for each in known if each.proved and each.kind == identity.USER_ID}
        if len(accounts) > 1 or await _parted(bridge, mine, theirs):
            return False
        parent, child = identity.standing(mine, theirs)
        if await _step(bridge, child, parent, joins=True, by=SYSTEM, because=because):
            return True


async def part_proved(bridge: Bridge, one: CustomerId, because: str) -> bool:
    """Undo the newest joining of a customer that such a proof made and that holds; False: there is none."""
    while True:
        customer = await bridge.store.people.customer(one)
        path = [customer.id]
        while customer.linked_to is not None:
            customer = await bridge.store.people.customer(customer.linked_to)
            path.append(customer.id)
        family = [path[-1], *(each.id for each in await members(bridge, path[-1]))]
        for step in reversed(await bridge.store.links.of(family)):
            child = await bridge.store.people.customer(step.child)
            touches = step.child in path or step.parent in path
            if touches and step.joins and step.because == because and child.link_number == step.number:
                break
        else:
            return False
        parent = await bridge.store.people.customer(step.parent)
        if await _step(bridge, child, parent, joins=False, by=SYSTEM, because=because):
            return True


async def _equal(bridge: Bridge, mine: Customer, owned: list[Identity]) -> tuple[Customer, str] | None:
    """Return somebody who proved the same and may be joined, and the kind of what is equal."""
    seen, accounts = {mine.id}, bridge.channels.accounts()
    for each in owned:
        if not each.proved:
            continue
        for owner in await _owners(bridge, each, accounts):
            other = await root(bridge, owner.customer)
            if not owner.proved or other.id in seen:
                continue
            seen.add(other.id)
            because = identity.one_person(owned, await bridge.store.people.identities(other.id), accounts)
            if because is not None and not await _parted(bridge, mine, other):
                return other, because
    return None


async def _owners(bridge: Bridge, each: Identity, accounts: dict[str, str]) -> list[Identity]:
    """Return who has this identity, in whatever channel of the same accounts."""
    own = accounts.get(each.kind)
    kinds = [each.kind, *(name for name, whose in accounts.items() if whose == own and name != each.kind)]
    return [owner for kind in kinds for owner in await bridge.store.people.owners(kind, each.value, OWNERS)]


async def _parted(bridge: Bridge, mine: Customer, other: Customer) -> bool:
    ours = [mine.id, *(each.id for each in await members(bridge, mine.id))]
    theirs = [other.id, *(each.id for each in await members(bridge, other.id))]
    return identity.parted(ours, theirs, await bridge.store.links.of([*ours, *theirs]))


async def _step(
    bridge: Bridge,
    child: Customer,
    parent: Customer,
    *,
    joins: bool,
    by: str,
    because: str,
    keep: Mapping[str, Keep] = _AS_USUAL,
) -> bool:
    """Write the next step and do it; False: the history went on meanwhile, look again whether it still makes sense."""
    newest = await bridge.store.links.newest()
    if newest is not None:
        await _stand(bridge, newest)
    # Whoever changed since he was looked at was changed by a step: with the last one standing, nobody changes now
    # but by a step of this number.
    if not await _same(bridge, child) or (joins and not await _same(bridge, parent)):
        return False
    await staying(bridge, child, parent)
    number = 1 if newest is None else newest.number + 1
    kept = profiles.taken(parent, child, keep) if joins else await _taken(bridge, child, parent)
    step = await bridge.store.links.add(
        Link(f"{number:012}", number, child.id, parent.id, joins, by, bridge.clock.now(), because, kept)
    )
    if step is None:
        return False
    await carry_out(bridge, step)
    return True


async def _same(bridge: Bridge, customer: Customer) -> bool:
    now = await bridge.store.people.customer(customer.id)
    return (now.linked_to, now.link_number) == (customer.linked_to, customer.link_number)


async def _taken(bridge: Bridge, child: Customer, parent: Customer) -> list[Any]:
    """Return what a customer took from who is about to leave him."""
    steps = await bridge.store.links.of([child.id])
    return next((step.kept for step in reversed(steps) if step.joins and step.parent == parent.id), [])


async def carry_out(bridge: Bridge, step: Link) -> None:
    """Do all that follows from a step; done again, it does nothing."""
    await _stand(bridge, step)
    await moving.move(bridge, step)
    if any(field == "name" for field, _, _ in step.kept):
        with suppress(NotFound):
            await rename(bridge, await root(bridge, step.parent))
    await bridge.store.links.finish(step)


async def _stand(bridge: Bridge, step: Link) -> None:
    """Let a step stand in its two customers, unless a later one stands there."""
    await _stand_in_child(bridge, step)
    while step.kept:
        try:
            parent = await bridge.store.people.customer(step.parent)
        except NotFound:
            return
        if parent.profile_number >= step.number:
            return
        profile = profiles.joined if step.joins else profiles.parted
        with suppress(Conflict):
            await bridge.store.people.replace_customer(replace(profile(parent, step.kept), profile_number=step.number))


async def _stand_in_child(bridge: Bridge, step: Link) -> None:
    while step.child != step.parent:  # of one alone: he is erased (bridge.people.erasing)
        try:
            child = await bridge.store.people.customer(step.child)
        except NotFound:
            return
        if child.link_number >= step.number:
            return
        changed = replace(child, linked_to=step.parent if step.joins else None, link_number=step.number)
        try:
            await bridge.store.people.replace_customer(changed)
            return
        except Conflict:
            continue


async def take_up(bridge: Bridge, forgotten: timedelta) -> int:
    """Carry out steps whose writer died; returns how many."""
    before = bridge.clock.now() - forgotten
    steps = [step for step in await bridge.store.links.pending(PORTION) if step.at <= before]
    for step in steps:
        await carry_out(bridge, step)
    return len(steps)
