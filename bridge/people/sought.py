"""Kept views that look for one person: they go with him, for what they ask for is his."""

from collections.abc import Sequence

from bridge.context import Bridge
from bridge.model.ids import CustomerId
from bridge.model.views import View
from bridge.teamwork.choosing import holds

#: Shorter contacts and numbers are no sign that somebody is meant.
LEAST = 5
#: Others in whose profile a value stands that are looked at.
LOOKED_AT = 100


async def forget(bridge: Bridge, customers: Sequence[CustomerId]) -> int:
    """Drop views that name somebody or a value of a custom field that he alone has; returns how many."""
    views = await bridge.store.views.all()
    if not views:
        return 0
    names, gone = await _names(bridge, customers), 0
    for view in views:
        if _names_one(view, names) or await _is_his_alone(bridge, customers, view):
            await bridge.store.views.drop(view.id)
            await bridge.store.erasing.blank_audit(f"view:{view.id}")
            gone += 1
    return gone


async def _names(bridge: Bridge, customers: Sequence[CustomerId]) -> set[str]:
    """Return what names a person: contacts, numbers, and a name of more than one word."""
    found = {each.value for id in customers for each in await bridge.store.people.identities(id)}
    found |= {each.name for each in await bridge.store.people.many(customers) if " " in each.name.strip()}
    return {text.casefold() for text in found if len(text) >= LEAST}


def _names_one(view: View, names: set[str]) -> bool:
    told = "\n".join([view.name, view.narrowing.value, *view.narrowing.tags]).casefold()
    return any(name in told for name in names)


async def _is_his_alone(bridge: Bridge, customers: Sequence[CustomerId], view: View) -> bool:
    key, value = view.narrowing.key, view.narrowing.value
    own = await bridge.store.people.many(customers) if key and value else []
    if not any(holds(each.fields.get(key), value) for each in own):
        return False
    others = await bridge.store.people.few(value, "", None, LOOKED_AT)
    if others is None:
        return False  # too many have it to be anybody's own
    return not any(holds(each.fields.get(key), value) for each in others if each.id not in customers)
