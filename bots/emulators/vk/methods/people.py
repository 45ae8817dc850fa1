"""Who is who: people, communities, members, names of pages."""

from typing import Any

from bots.emulators.control import Json
from bots.emulators.vk.community import ADMIN_ID, SCOPES, Community
from bots.emulators.vk.emulation import Call
from bots.emulators.vk.errors import wrong
from bots.emulators.vk.render import community, person
from bots.emulators.vk.world import Person

#: Bits of a community token's rights, as VK documents them.
BITS = {"photos": 4, "wall": 8192, "docs": 131_072, "manage": 262_144, "messages": 4096}


def _found(call: Call, word: str) -> Person | Community | None:
    world = call.emu.world
    if word == str(ADMIN_ID) and ADMIN_ID not in world.people:
        return Person(ADMIN_ID, call.group.name)
    if word.lstrip("-").isdigit():
        return world.people.get(int(word))
    everybody: list[Person | Community] = [*world.people.values(), *world.groups.values()]
    return next((one for one in everybody if one.screen_name == word), None)


def get_users(call: Call) -> list[Json]:
    """Return people by their ids or page names; unknown ones are left out."""
    words = [*call.params.words("user_ids"), *call.params.words("user_id")]
    fields = call.params.words("fields")
    found = [_found(call, word) for word in words]
    return [person(one, fields) for one in found if isinstance(one, Person)]


def get_groups(call: Call) -> Json:
    """Return communities; without ids that of the token."""
    words = [*call.params.words("group_ids"), *call.params.words("group_id")]
    if not words:
        return {"groups": [community(call.group)], "profiles": []}
    world = call.emu.world
    found = [group for word in words for group in world.groups.values() if word in (str(group.id), group.screen_name)]
    if not found:
        raise wrong("group_ids is undefined")
    return {"groups": [community(group) for group in found], "profiles": []}


def own_group(call: Call) -> Community:
    """Return the token's community; raises VkError 100 when group_id names another one."""
    if call.params.has("group_id") and abs(call.params.integer("group_id")) != call.group.id:
        raise wrong("group_id is invalid: the token is of another community")
    return call.group


def is_member(call: Call) -> Any:
    """Tell whether a person (or each of several) is a member."""
    group = own_group(call)
    if call.params.has("user_ids"):
        return [{"user_id": id, "member": int(id in group.members)} for id in call.params.integers("user_ids")]
    return int(call.params.needed("user_id") in group.members)


def token_permissions(call: Call) -> Json:
    """Return the rights of the token."""
    own = SCOPES if call.by_admin else tuple(call.group.scopes)
    rights = [{"name": scope, "setting": BITS[scope]} for scope in own]
    return {"mask": sum(BITS[scope] for scope in own), "permissions": rights}


def resolve_screen_name(call: Call) -> Any:
    """Return what a page's name stands for, an empty list when nothing."""
    found = _found(call, call.params.text("screen_name"))
    if found is None:
        return []
    return {"object_id": found.id, "type": "user" if isinstance(found, Person) else "group"}
