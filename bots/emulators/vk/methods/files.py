"""Files for messages: upload servers, and saving what lies on them."""

import json

from bots.emulators.control import Json
from bots.emulators.vk import attachments, uploading
from bots.emulators.vk.emulation import Call
from bots.emulators.vk.errors import wrong

DOC_KINDS = {"doc": "doc", "audio_message": "audio_message"}


def photo_server(call: Call) -> Json:
    """Return the address photos are sent to."""
    url = uploading.open_ticket(call.emu, call.group, "photo", call.params.integer("peer_id"))
    return {"album_id": attachments.MESSAGES_ALBUM, "upload_url": url, "user_id": 0, "group_id": call.group.id}


def save_photos(call: Call) -> list[Json]:
    """Save uploaded photos; raises VkError 100 for a wrong hash or an empty upload."""
    given = call.params.text("photo")
    try:
        listed = json.loads(given)
        key = str(listed[0]["photo"]) if listed else ""
    except (ValueError, KeyError, TypeError, IndexError):
        raise wrong("photo is undefined") from None
    if not key:
        raise wrong("photos_list is invalid")
    saved = uploading.redeem(call.emu, call.group, key, call.params.text("hash"), ("photo",))
    return [attachments.photo(stored) for stored in saved]


def doc_server(call: Call) -> Json:
    """Return the address a document or a voice message is sent to."""
    kind = DOC_KINDS.get(call.params.text("type", "doc"))
    if kind is None:
        raise wrong("type should be doc or audio_message")
    peer = call.params.needed("peer_id")
    if peer not in call.emu.world.people:
        raise wrong("peer_id is invalid")
    return {"upload_url": uploading.open_ticket(call.emu, call.group, kind, peer)}


def save_doc(call: Call) -> Json:
    """Save an uploaded document: {"type": "doc", "doc"} or {"type": "audio_message", "audio_message"}."""
    parts = call.params.text("file").split("|")
    if len(parts) != 5:
        raise wrong("file is undefined")
    stored = uploading.redeem(call.emu, call.group, parts[3], parts[4], tuple(DOC_KINDS.values()))[0]
    if call.params.has("title"):
        stored.meta["title"] = call.params.text("title")[:128]
    return attachments.shown(stored)
