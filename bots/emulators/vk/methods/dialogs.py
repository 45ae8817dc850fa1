"""Reading dialogs, and the small signs in them: read marks and what somebody does just now."""

from bots.emulators.control import Json
from bots.emulators.vk.dialog import Dialog, Post
from bots.emulators.vk.emulation import Call
from bots.emulators.vk.errors import wrong
from bots.emulators.vk.methods.changing import dialog_of
from bots.emulators.vk.render import community, conversation, message, person
from bots.emulators.vk.world import now

ACTION_SECONDS = 10.0
ACTIONS = ("typing", "audiomessage", "photo", "video", "file")
MAX_COUNT = 200


def mark_as_read(call: Call) -> int:
    """Mark what the person wrote as read, up to a message or whole."""
    dialog = dialog_of(call)
    last = dialog.posts[-1].cmid if dialog.posts else 0
    if call.params.has("up_to_cmid"):
        last = min(last, call.params.integer("up_to_cmid"))
    elif call.params.has("start_message_id"):
        post = dialog.by_id(call.params.integer("start_message_id"))
        if post is None:
            raise wrong("start_message_id is invalid")
        last = post.cmid
    dialog.in_read = max(dialog.in_read, last)
    call.emu.touch(dialog)
    return 1


def set_activity(call: Call) -> int:
    """Show the person what the community does just now, for ten seconds."""
    dialog = dialog_of(call)
    kind = call.params.text("type", "typing")
    if kind not in ACTIONS:
        raise wrong("type is invalid")
    call.emu.actions[dialog.key] = (kind, now() + ACTION_SECONDS)
    call.emu.changes.touch(dialog.user)
    return 1


def _items(call: Call, found: list[tuple[Dialog, Post]], extended: bool = True) -> Json:
    shown: Json = {"count": len(found), "items": [message(dialog, post) for dialog, post in found]}
    if extended and call.params.flag("extended"):
        shown |= _people(call, {dialog.user for dialog, _ in found})
    return shown


def _people(call: Call, users: set[int]) -> Json:
    fields = call.params.words("fields")
    known = [call.emu.world.people[user] for user in sorted(users) if user in call.emu.world.people]
    return {"profiles": [person(one, fields) for one in known], "groups": [community(call.group)]}


def get_by_id(call: Call) -> Json:
    """Return messages by their ids."""
    wanted = call.params.integers("message_ids")
    mine = [dialog for dialog in call.emu.world.dialogs.values() if dialog.group == call.group.id]
    found = [(dialog, post) for id in wanted for dialog in mine if (post := dialog.by_id(id)) is not None]
    return _items(call, found)


def get_by_cmid(call: Call) -> Json:
    """Return messages of one dialog by their conversation_message_id."""
    dialog = dialog_of(call)
    cmids = call.params.integers("conversation_message_ids")
    return _items(call, [(dialog, post) for cmid in cmids if (post := dialog.find(cmid)) is not None])


def get_history(call: Call) -> Json:
    """Return a dialog's messages, newest first (`rev` 1: oldest first), after `offset`, from `start_message_id` on."""
    dialog = dialog_of(call)
    posts = [post for post in dialog.posts if not post.deleted]
    total = len(posts)
    start, newest_first = call.params.integer("start_message_id"), not call.params.flag("rev")
    if newest_first:
        posts = [post for post in reversed(posts) if not start or post.id <= start]
    elif start:
        posts = [post for post in posts if post.id >= start]
    offset, count = max(0, call.params.integer("offset")), call.params.integer("count", 20)
    if not 0 <= count <= MAX_COUNT:
        raise wrong(f"count should be 0 to {MAX_COUNT}")
    shown = _items(call, [(dialog, post) for post in posts[offset : offset + count]])
    return shown | {"count": total, "conversations": [conversation(dialog)]}


def get_conversations_by_id(call: Call) -> Json:
    """Return conversations by their peers; peers nobody talked to are left out."""
    peers = call.params.integers("peer_ids")
    found = [dialog for peer in peers if (dialog := call.emu.world.dialog(call.group.id, peer)) is not None]
    shown: Json = {"count": len(found), "items": [conversation(dialog) for dialog in found]}
    return shown | (_people(call, {dialog.user for dialog in found}) if call.params.flag("extended") else {})


def get_conversations(call: Call) -> Json:
    """Return conversations with their last message, newest first; `filter` unread, unanswered or all."""
    wanted = call.params.text("filter", "all")
    offset, count = max(0, call.params.integer("offset")), min(MAX_COUNT, call.params.integer("count", 20))
    mine = [dialog for dialog in call.emu.world.dialogs.values() if dialog.group == call.group.id and dialog.posts]
    if wanted == "unread":
        mine = [dialog for dialog in mine if conversation(dialog).get("unread_count")]
    elif wanted == "unanswered":
        mine = [dialog for dialog in mine if dialog.posts[-1].sender > 0]
    mine.sort(key=lambda dialog: dialog.posts[-1].id, reverse=True)
    page = mine[offset : offset + count]
    items = [{"conversation": conversation(one), "last_message": message(one, one.posts[-1])} for one in page]
    shown: Json = {"count": len(mine), "items": items}
    return shown | (_people(call, {one.user for one in page}) if call.params.flag("extended") else {})


def is_allowed(call: Call) -> Json:
    """Tell whether a person may be written to."""
    dialog = call.emu.world.dialog(call.group.id, call.params.needed("user_id"))
    return {"is_allowed": int(dialog is not None and bool(dialog.allowed) and not dialog.closed)}
