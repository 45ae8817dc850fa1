"""What happens on a wall, whoever does it: posts, comments, their changes, and the events of that."""

from bots.emulators.control import Json
from bots.emulators.vk import events, render
from bots.emulators.vk.community import Comment, Community, WallPost
from bots.emulators.vk.emulation import Emulation
from bots.emulators.vk.world import now


def post(emu: Emulation, group: Community, sender: int, text: str, files: list[Json]) -> WallPost:
    """Put a post on the wall."""
    made = WallPost(group.take_wall(), now(), sender, text, files)
    group.wall[made.id] = made
    events.emit(emu, group, "wall_post_new", render.wall_post(group, made), sender)
    _touch(emu, group)
    return made


def comment(
    emu: Emulation,
    group: Community,
    above: WallPost,
    sender: int,
    text: str,
    files: list[Json],
    reply_to: int | None = None,
    guid: str = "",
) -> Comment:
    """Put a comment below a post."""
    made = Comment(group.take_wall(), now(), sender, text, files, reply_to, guid)
    above.comments[made.id] = made
    events.emit(emu, group, "wall_reply_new", render.comment(group, above, made), sender)
    _touch(emu, group)
    return made


def edit(emu: Emulation, group: Community, above: WallPost, one: Comment, text: str, files: list[Json] | None) -> None:
    """Change a comment; None leaves its files."""
    one.text, one.edited = text, now()
    one.attachments = one.attachments if files is None else files
    events.emit(emu, group, "wall_reply_edit", render.comment(group, above, one), one.sender)
    _touch(emu, group)


def delete(emu: Emulation, group: Community, above: WallPost, one: Comment) -> None:
    """Delete a comment."""
    one.deleted = True
    gone = {"owner_id": -group.id, "id": one.id, "user_id": one.sender, "deleter_id": one.sender, "post_id": above.id}
    events.emit(emu, group, "wall_reply_delete", gone, one.sender)
    _touch(emu, group)


def restore(emu: Emulation, group: Community, above: WallPost, one: Comment) -> None:
    """Bring a deleted comment back."""
    one.deleted = False
    events.emit(emu, group, "wall_reply_restore", render.comment(group, above, one), one.sender)
    _touch(emu, group)


def _touch(emu: Emulation, group: Community) -> None:
    emu.changes.touch(-group.id)
    emu.dirty()
