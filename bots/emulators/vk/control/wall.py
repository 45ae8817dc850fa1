"""The wall: what people and the community write there, and what a human sees of it."""

from typing import Any

from bots.emulators.control import ControlError, Json, iso, named
from bots.emulators.vk import walls
from bots.emulators.vk.community import Comment, Community, WallPost
from bots.emulators.vk.control.content import files_of, find_group, find_person, text_of, words
from bots.emulators.vk.emulation import Emulation
from bots.emulators.vk.world import Person


def post(emu: Emulation, body: Json) -> Json:
    """Put a post on the wall: {text | photo ..., user?} -> {post_id}; without a user the community writes."""
    group = find_group(emu, body)
    author = find_person(emu, body["user"]) if body.get("user") else None
    said = words(emu, author or _itself(group), body)
    post = walls.post(emu, group, author.id if author else -group.id, said.text, said.attachments)
    return {"post_id": post.id}


def comment(emu: Emulation, body: Json) -> Json:
    """Comment a post: {user?, post_id, text | photo ..., reply_to?} -> {comment_id}; without a user the community."""
    group, wanted = find_group(emu, body), body.get("post_id")
    post = named(group.wall.get, wanted, "post_id is a number", f"no post {wanted} on the wall of {group.id}")
    author = find_person(emu, body["user"]) if body.get("user") else None
    answered = int(body["reply_to"]) if body.get("reply_to") else None
    if answered is not None and answered not in post.comments:
        raise ControlError(404, f"no comment {answered} below post {post.id}")
    said = words(emu, author or _itself(group), body)
    sender = author.id if author else -group.id
    made = walls.comment(emu, group, post, sender, said.text, said.attachments, answered)
    return {"comment_id": made.id, "post_id": post.id}


def _itself(group: Community) -> Person:
    return Person(-group.id, group.name)


def _comment(emu: Emulation, body: Json, deleted: bool = False) -> tuple[Community, WallPost, Comment]:
    """Return a comment that stands, or one that was deleted, with all above it. Raises ControlError 400 or 404."""
    group, wanted = find_group(emu, body), body.get("comment_id")

    def find(number: int) -> tuple[Community, WallPost, Comment] | None:
        post = next((post for post in group.wall.values() if number in post.comments), None)
        found = post is not None and post.comments[number].deleted is deleted
        return (group, post, post.comments[number]) if post is not None and found else None

    what = "deleted comment" if deleted else "comment"
    return named(find, wanted, "comment_id is a number", f"no {what} {wanted} on the wall of {group.id}")


def edit(emu: Emulation, body: Json) -> Json:
    """Change a comment: {comment_id, text}."""
    group, post, one = _comment(emu, body)
    text = text_of(body.get("text"))
    if not text and not one.attachments:
        raise ControlError(400, "text says what the comment becomes")
    walls.edit(emu, group, post, one, text, None)
    return {"comment_id": one.id}


def delete(emu: Emulation, body: Json) -> Json:
    """Delete a comment: {comment_id}."""
    group, post, one = _comment(emu, body)
    walls.delete(emu, group, post, one)
    return {"comment_id": one.id}


def restore(emu: Emulation, body: Json) -> Json:
    """Bring a comment back: {comment_id}."""
    group, post, one = _comment(emu, body, deleted=True)
    walls.restore(emu, group, post, one)
    return {"comment_id": one.id}


def wall(emu: Emulation, query: Json) -> Json:
    """Return the posts of a wall with their comments, oldest first."""
    group = find_group(emu, query)
    return {"items": [_post_shown(emu, post) for post in group.wall.values()]}


def _post_shown(emu: Emulation, post: WallPost) -> Json:
    return {
        "post_id": post.id,
        "from": _author(emu, post.sender),
        "text": post.text,
        "files": files_of(emu, post.attachments),
        "at": iso(post.at),
        "comments": [_comment_shown(emu, one) for one in post.comments.values()],
    }


def _comment_shown(emu: Emulation, one: Comment) -> Json:
    return {
        "comment_id": one.id,
        "from": _author(emu, one.sender),
        "text": one.text,
        "files": files_of(emu, one.attachments),
        "reply_to": one.reply_to,
        "edited": one.edited is not None,
        "deleted": one.deleted,
        "at": iso(one.at),
    }


def _author(emu: Emulation, account: int) -> Json:
    known: Any = emu.world.people.get(account) if account > 0 else emu.world.groups.get(-account)
    return {"id": account, "name": known.name if known is not None else "", "is_bot": account < 0}
