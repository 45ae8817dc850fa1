"""messages.send: to one or many, at most once for a random_id."""

from typing import Any

from bots.emulators.control import Json
from bots.emulators.vk import attachments, events, keyboards
from bots.emulators.vk.community import RANDOM_KEPT, Community
from bots.emulators.vk.dialog import Dialog, Post
from bots.emulators.vk.emulation import Call, Emulation
from bots.emulators.vk.errors import VkError, wrong
from bots.emulators.vk.render import foreign
from bots.emulators.vk.world import Person, now

CHATS = 2_000_000_000
MAX_TEXT = 4096
MAX_PAYLOAD = 1000
MAX_PEERS = 100
MAX_FORWARDS = 100


def send(call: Call) -> Any:
    """Send; answers a message id for one peer, a list of results for peer_ids."""
    peers, many = _peers(call)
    if not call.params.has("random_id"):
        raise wrong("random_id is a required parameter")
    random_id = call.params.integer("random_id")
    if not -(2**31) <= random_id < 2**31:
        raise wrong("random_id should be a 32 bit integer")
    known = call.group.randoms.get(str(random_id)) if random_id else None
    if known is not None:
        return known["items"] if many else known["items"][0]["message_id"]
    if not many:
        # One peer: its refusal is the whole answer.
        _remember(call.group, random_id, [_to(call, peers[0], random_id)])
        return call.group.randoms[str(random_id)]["items"][0]["message_id"] if random_id else _last(call, peers[0])
    items = [_one_of_many(call, peer, random_id) for peer in peers]
    if any("error" not in item for item in items):
        _remember(call.group, random_id, items)
    return items


def _last(call: Call, peer: int) -> int:
    return call.emu.world.open_dialog(call.group.id, peer).posts[-1].id


def _remember(group: Community, random_id: int, items: list[Json]) -> None:
    if not random_id:
        return
    group.randoms[str(random_id)] = {"items": items}
    while len(group.randoms) > RANDOM_KEPT:
        del group.randoms[next(iter(group.randoms))]


def _peers(call: Call) -> tuple[list[int], bool]:
    """Return the peers of a call and whether it named a list of them."""
    params = call.params
    for name in ("peer_ids", "user_ids"):
        if params.has(name):
            found = params.integers(name)
            if not 1 <= len(found) <= MAX_PEERS:
                raise wrong(f"{name} should hold 1 to {MAX_PEERS} ids")
            return found, True
    if params.has("chat_id"):
        return [CHATS + params.integer("chat_id")], False
    if params.has("domain"):
        wanted = params.text("domain")
        for person in call.emu.world.people.values():
            if person.screen_name == wanted:
                return [person.id], False
        raise VkError(113)
    return [params.integer("peer_id") or params.needed("user_id")], False


def _one_of_many(call: Call, peer: int, random_id: int) -> Json:
    try:
        return _to(call, peer, random_id)
    except VkError as error:
        told = {"code": error.code, "description": str(error)}
        return {"peer_id": peer, "message_id": 0, "conversation_message_id": 0, "error": told}


def _to(call: Call, peer: int, random_id: int) -> Json:
    dialog = open_for_sending(call.emu, call.group, peer)
    post = _written(call, dialog, random_id)
    dialog.add(post)
    said = call.emu.said.pop(dialog.key, None)
    if said is not None:
        call.emu.journal.replies.append(post.at - said)
    call.emu.actions.pop(dialog.key, None)
    events.said(call.emu, call.group, dialog, post)
    call.emu.touch(dialog)
    return {"peer_id": peer, "message_id": post.id, "conversation_message_id": post.cmid}


def open_for_sending(emu: Emulation, group: Community, peer: int) -> Dialog:
    """Return the dialog with a person who may be written to; raises VkError 18, 100, 900, 901, 902, 917 or 936."""
    if peer > CHATS:
        raise VkError(917)
    person: Person | None = emu.world.people.get(peer)
    if peer <= 0 or person is None:
        raise VkError(936) if peer > 0 else wrong("peer_id is invalid")
    if person.deactivated:
        raise VkError(18)
    if peer in group.banned:
        raise VkError(900)
    dialog = emu.world.dialog(group.id, peer)
    if dialog is not None and dialog.closed:
        raise VkError(902)
    if dialog is None or not dialog.allowed:
        raise VkError(901)
    return dialog


def text_of(call: Call) -> str:
    """Return the words of a call; raises VkError 914 for too many."""
    text = call.params.text("message")
    if len(text) > MAX_TEXT:
        raise VkError(914)
    return text.strip()


def _written(call: Call, dialog: Dialog, random_id: int) -> Post:
    params = call.params
    text = text_of(call)
    files = attachments.named(call.emu.world, params.text("attachment"))
    if params.has("sticker_id"):
        raise wrong("sticker_id is not available for the community")
    reply_to, forwarded = _quoted(call, dialog)
    geo = _place(call)
    if not (text or files or forwarded or geo):
        raise wrong("message is empty or invalid")
    if len(params.text("payload")) > MAX_PAYLOAD:
        raise wrong("payload is too long")
    keyboard = keyboards.checked(params.text("keyboard")) if params.has("keyboard") else None
    return Post(
        call.group.take_message(),
        dialog.take_cmid(),
        now(),
        -call.group.id,
        text,
        files,
        geo,
        reply_to,
        forwarded,
        keyboard | {"author_id": -call.group.id} if keyboard is not None else None,
        _template(call),
        params.text("payload") or None,
        random_id,
        1 if call.by_admin else None,
    )


def _template(call: Call) -> Json | None:
    template = call.params.json("template")
    if template is None:
        return None
    if not isinstance(template, dict) or not isinstance(template.get("elements"), list):
        raise wrong("template is not valid")
    return template


def _place(call: Call) -> Json | None:
    if not call.params.has("lat"):
        return None
    return place(float(call.params.text("lat")), float(call.params.text("long", "0")))


def place(latitude: float, longitude: float) -> Json:
    """Return the geo object of a point."""
    return {"type": "point", "coordinates": {"latitude": latitude, "longitude": longitude}}


def _quoted(call: Call, dialog: Dialog) -> tuple[int | None, list[Json]]:
    """Return the cmid a message answers and the messages it carries along; raises VkError 100, 913 or 921."""
    params = call.params
    if params.has("reply_to"):
        post = dialog.by_id(params.integer("reply_to"))
        if post is None:
            raise wrong("reply_to is not a message of this dialog")
        return post.cmid, []
    given = params.json("forward")
    if given is not None:
        return _forward(call, dialog, given)
    ids = params.integers("forward_messages")
    if len(ids) > MAX_FORWARDS:
        raise VkError(913)
    posts = [post for id in ids if (post := dialog.by_id(id)) is not None]
    if len(posts) != len(ids):
        raise VkError(921)
    return None, [foreign(dialog, post) for post in posts]


def _forward(call: Call, dialog: Dialog, given: Any) -> tuple[int | None, list[Json]]:
    if not isinstance(given, dict):
        raise wrong("forward is not an object")
    peer = int(given.get("peer_id") or dialog.user)
    source = call.emu.world.dialog(call.group.id, peer)
    cmids = given.get("conversation_message_ids") or given.get("cmids") or []
    found = [source.find(int(cmid)) for cmid in cmids] if source is not None else []
    ids = given.get("message_ids") or []
    found += [source.by_id(int(id)) for id in ids] if source is not None else []
    posts = [post for post in found if post is not None]
    if source is None or not posts or len(posts) != len(cmids) + len(ids):
        raise VkError(921)
    if len(posts) > MAX_FORWARDS:
        raise VkError(913)
    if given.get("is_reply"):
        if source is not dialog or len(posts) != 1:
            raise wrong("is_reply needs one message of the same dialog")
        return posts[0].cmid, []
    return None, [foreign(source, post) for post in posts]
