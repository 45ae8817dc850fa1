"""What is done to messages that are there: edit, delete, react, answer the press of a button."""

import json

from bots.emulators.control import Json
from bots.emulators.vk import attachments, events, keyboards
from bots.emulators.vk.dialog import Dialog, Post
from bots.emulators.vk.emulation import Call
from bots.emulators.vk.errors import VkError, wrong
from bots.emulators.vk.methods.sending import text_of
from bots.emulators.vk.reactions import EMOJI
from bots.emulators.vk.world import now

EDIT_SECONDS = 86_400.0
PRESS_SECONDS = 60.0
MAX_EVENT_DATA = 1000
ACTIONS = ("show_snackbar", "open_link", "open_app")


def dialog_of(call: Call) -> Dialog:
    """Return the dialog a call names by peer_id; raises VkError 100 or 917."""
    peer = call.params.integer("peer_id") or call.params.needed("user_id")
    dialog = call.emu.world.dialog(call.group.id, peer)
    if dialog is None:
        raise VkError(917) if peer in call.emu.world.people else wrong("peer_id is invalid")
    return dialog


def post_of(call: Call, dialog: Dialog) -> Post:
    """Return the message a call names by conversation_message_id, cmid or message_id; raises VkError 100."""
    cmid = call.params.integer("conversation_message_id") or call.params.integer("cmid")
    post = dialog.find(cmid) if cmid else dialog.by_id(call.params.integer("message_id"))
    if post is None:
        raise wrong("message not found")
    return post


def _old(call: Call, post: Post) -> bool:
    return (now() - post.at) * call.emu.scale > EDIT_SECONDS


def edit(call: Call) -> int:
    """Change an own message; without attachment its files go. Raises VkError 909 for one older than a day."""
    dialog = dialog_of(call)
    post = post_of(call, dialog)
    if post.sender != -call.group.id:
        raise VkError(15, "can't edit messages of others")
    if _old(call, post):
        raise VkError(909)
    if any(one["type"] in ("audio_message", "sticker") for one in post.attachments):
        raise VkError(920)
    text, files = text_of(call), attachments.named(call.emu.world, call.params.text("attachment"))
    keyboard = keyboards.checked(call.params.text("keyboard")) if call.params.has("keyboard") else None
    keeps = call.params.flag("keep_forward_messages")
    if not (text or files or (keeps and post.forwarded)):
        raise wrong("message is empty or invalid")
    post.text, post.attachments, post.keyboard, post.edited = text, files, keyboard, now()
    if not keeps:
        post.forwarded, post.reply_to = [], None
    events.said(call.emu, call.group, dialog, post, "message_edit")
    call.emu.touch(dialog)
    return 1


def delete(call: Call) -> list[Json]:
    """Delete messages, for everybody with delete_for_all; what cannot be deleted is refused, of several in its item."""
    if call.params.has("message_ids"):
        ids = call.params.integers("message_ids")
        wanted = [({"message_id": id}, _by_id(call, id)) for id in ids]
    else:
        dialog = dialog_of(call)
        cmids = call.params.integers("cmids") or call.params.integers("conversation_message_ids")
        named = [({"peer_id": dialog.user, "conversation_message_id": cmid}, dialog.find(cmid)) for cmid in cmids]
        wanted = [(shown, (dialog, post) if post is not None else None) for shown, post in named]
    if not wanted:
        raise wrong("message_ids or cmids is undefined")
    if len(wanted) == 1:
        return [wanted[0][0] | {"response": _delete_one(call, wanted[0][1])}]
    return [_one_of_many(call, shown, found) for shown, found in wanted]


def _one_of_many(call: Call, shown: Json, found: tuple[Dialog, Post] | None) -> Json:
    try:
        return shown | {"response": _delete_one(call, found)}
    except VkError as error:
        return shown | {"response": 0, "error": {"code": error.code, "description": str(error)}}


def _by_id(call: Call, message_id: int) -> tuple[Dialog, Post] | None:
    for dialog in call.emu.world.dialogs.values():
        if dialog.group == call.group.id and (post := dialog.by_id(message_id)) is not None:
            return dialog, post
    return None


def _delete_one(call: Call, found: tuple[Dialog, Post] | None) -> int:
    if found is None:
        return 0
    dialog, post = found
    if call.params.flag("delete_for_all"):
        if post.sender != -call.group.id or _old(call, post):
            raise VkError(924)
        post.deleted = True
        call.emu.touch(dialog)
    return 1


def send_reaction(call: Call) -> int:
    """Set the community's reaction; reaction_id is one of 1 to 16."""
    dialog = dialog_of(call)
    post = post_of(call, dialog)
    reaction = call.params.needed("reaction_id")
    if reaction not in EMOJI:
        raise wrong("reaction_id is invalid")
    post.reactions[str(-call.group.id)] = reaction
    call.emu.touch(dialog)
    return 1


def delete_reaction(call: Call) -> int:
    """Take the community's reaction back."""
    dialog = dialog_of(call)
    post_of(call, dialog).reactions.pop(str(-call.group.id), None)
    call.emu.touch(dialog)
    return 1


def answer_press(call: Call) -> int:
    """Answer the press of a callback button, once and within a minute; event_data says what the person sees."""
    press = call.emu.world.presses.get(call.params.text("event_id"))
    user, peer = call.params.needed("user_id"), call.params.needed("peer_id")
    if press is None or press.group != call.group.id or press.user != user or press.user != peer:
        raise wrong("event_id is invalid")
    if press.answer is not None or (now() - press.at) * call.emu.scale > PRESS_SECONDS:
        raise wrong("event_id is expired")
    press.answer = _event_data(call.params.text("event_data"))
    call.emu.touch(call.emu.world.open_dialog(call.group.id, user))
    return 1


def _event_data(given: str) -> Json:
    if not given:
        return {}
    if len(given) > MAX_EVENT_DATA:
        raise wrong("event_data is too long")
    try:
        data = json.loads(given)
    except ValueError:
        raise wrong("event_data is not a valid JSON") from None
    if not isinstance(data, dict) or data.get("type") not in ACTIONS:
        raise wrong("event_data has no known type")
    if data["type"] == "show_snackbar" and not 1 <= len(str(data.get("text", ""))) <= 90:
        raise wrong("event_data: text holds 1 to 90 characters")
    return data
