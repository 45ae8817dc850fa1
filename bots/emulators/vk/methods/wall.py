"""The wall: a community's token may comment; reading and changing comments is its administrator's."""

from bots.emulators.control import Json
from bots.emulators.vk import attachments, walls
from bots.emulators.vk.community import Comment, WallPost
from bots.emulators.vk.emulation import Call
from bots.emulators.vk.errors import VkError, wrong
from bots.emulators.vk.render import comment, parents, wall_post


def _post(call: Call) -> WallPost:
    if call.params.needed("owner_id") != -call.group.id:
        raise VkError(15, "the wall is not the community's")
    post = call.group.wall.get(call.params.needed("post_id"))
    if post is None:
        raise VkError(100, "post_id is invalid")
    return post


def _comment(call: Call) -> tuple[WallPost, Comment]:
    wanted = call.params.needed("comment_id")
    for post in call.group.wall.values():
        one = post.comments.get(wanted)
        if one is not None and not one.deleted:
            return post, one
    raise wrong("comment not found")


def create_comment(call: Call) -> Json:
    """Write a comment in the community's name, once for a guid."""
    post = _post(call)
    sender = -call.group.id if call.params.has("from_group") or not call.by_admin else 1
    guid = call.params.text("guid")
    known = next((one for one in post.comments.values() if guid and one.guid == guid), None)
    if known is None:
        text = call.params.text("message").strip()
        files = attachments.named(call.emu.world, call.params.text("attachments"))
        if not (text or files):
            raise wrong("message is empty")
        answered = call.params.integer("reply_to_comment") or None
        if answered is not None and (answered not in post.comments or post.comments[answered].deleted):
            raise wrong("reply_to_comment is invalid")
        known = walls.comment(call.emu, call.group, post, sender, text, files, answered, guid)
    return {"comment_id": known.id, "parents_stack": parents(post, known)}


def edit_comment(call: Call) -> int:
    """Change a comment."""
    post, one = _comment(call)
    files = attachments.named(call.emu.world, call.params.text("attachments"))
    walls.edit(call.emu, call.group, post, one, call.params.text("message"), files)
    return 1


def delete_comment(call: Call) -> int:
    """Delete a comment."""
    post, one = _comment(call)
    walls.delete(call.emu, call.group, post, one)
    return 1


def get_comments(call: Call) -> Json:
    """Return the comments of a post, oldest first."""
    post = _post(call)
    there = [one for one in post.comments.values() if not one.deleted]
    offset, count = call.params.integer("offset"), call.params.integer("count", 10)
    items = [comment(call.group, post, one) for one in there[offset : offset + count]]
    return {"count": len(there), "items": items, "current_level_count": len(there), "can_post": True}


def get_by_id(call: Call) -> Json:
    """Return posts by "owner_post" names."""
    found = []
    for word in call.params.words("posts"):
        owner, _, number = word.partition("_")
        post = call.group.wall.get(int(number)) if owner == str(-call.group.id) else None
        if post is not None:
            found.append(wall_post(call.group, post))
    return {"items": found}
