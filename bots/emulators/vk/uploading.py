"""Upload servers: a ticket to put bytes on, a hash to save them by, once."""

from bots.emulators.control import Json
from bots.emulators.samples import Upload
from bots.emulators.vk.attachments import store
from bots.emulators.vk.community import Community
from bots.emulators.vk.emulation import BASE, Emulation
from bots.emulators.vk.errors import VkError, wrong
from bots.emulators.vk.faults import HASHES, UPLOAD
from bots.emulators.vk.world import StoredFile, Ticket

PHOTO_TYPES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF")
MAX_PHOTOS = 6
TICKETS_KEPT = 2_000
#: Names a document server refuses, as VK does with programs and music.
REFUSED_ENDS = ("exe", "apk", "mp3")


def open_ticket(emu: Emulation, group: Community, kind: str, peer: int) -> str:
    """Return the address to which files of a kind (photo, doc, audio_message) may be sent."""
    key = emu.world.secret("upload")
    emu.world.tickets[key] = Ticket(key, group.id, kind, emu.world.secret("hash"), peer)
    while len(emu.world.tickets) > TICKETS_KEPT:
        del emu.world.tickets[next(iter(emu.world.tickets))]
    emu.dirty()
    return f"{BASE}/upload/{'photo' if kind == 'photo' else 'doc'}/{key}"


def take(emu: Emulation, kind: str, key: str, files: dict[str, Upload]) -> Json:
    """Take the files of an upload; return what the save method wants to see, or VK's error words."""
    ticket = emu.world.tickets.get(key)
    if ticket is None or kind != ("photo" if ticket.kind == "photo" else "doc"):
        return {"error": "ERR_UPLOAD_BAD_REQUEST: upload url is not valid"}
    if kind == "photo":
        return _photos(emu, ticket, files)
    given = files.get("file") or next((upload for name, upload in files.items() if name.startswith("file")), None)
    if given is None or not given.content:
        return {"error": "no_file", "error_descr": "no file"}
    if given.name.rpartition(".")[2].lower() in REFUSED_ENDS and ticket.kind == "doc":
        return {"error": "wrong_ext", "error_descr": "this type of file is not supported"}
    ticket.contents, ticket.name, ticket.mime = [given.content], given.name, given.mime
    emu.dirty()
    return {"file": f"{ticket.group}|0|{ticket.peer}|{ticket.key}|{_hash(emu, ticket)}"}


def _photos(emu: Emulation, ticket: Ticket, files: dict[str, Upload]) -> Json:
    wanted = [upload for name, upload in files.items() if name == "photo" or name.startswith("file")][:MAX_PHOTOS]
    good = [upload for upload in wanted if upload.content.startswith(PHOTO_TYPES)]
    ticket.contents = [upload.content for upload in good]
    ticket.name, ticket.mime = (good[0].name, good[0].mime) if good else ("", "")
    emu.dirty()
    # VK answers a picture it cannot read with an empty list, and refuses to save that.
    return {"server": 857, "photo": f'[{{"photo":"{ticket.key}"}}]' if good else "[]", "hash": _hash(emu, ticket)}


def _hash(emu: Emulation, ticket: Ticket) -> str:
    if emu.faults.strike(HASHES, UPLOAD, None) is None:
        return ticket.hash
    emu.journal.faults["wrong_hash"] += 1
    return "0" * len(ticket.hash)


def redeem(emu: Emulation, group: Community, key: str, hash_: str, kinds: tuple[str, ...]) -> list[StoredFile]:
    """Save what lies on a ticket and use it up; raises VkError 100 for a wrong hash or nothing there."""
    ticket = emu.world.tickets.get(key)
    if ticket is None or ticket.group != group.id or ticket.kind not in kinds:
        raise wrong("the upload is not known or was saved already")
    if ticket.hash != hash_:
        raise wrong("hash is invalid")
    if not ticket.contents:
        raise VkError(100, "nothing was uploaded")
    del emu.world.tickets[key]
    emu.dirty()
    return [
        store(emu.world, -group.id, ticket.kind, Upload(ticket.name, ticket.mime, content))
        for content in ticket.contents
    ]
