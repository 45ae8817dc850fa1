"""Looking at the world: what a human sees in a dialog, waiting for words, figures."""

from bisect import bisect_right

from bots.emulators import aids
from bots.emulators.control import ControlError, Json, iso, number
from bots.emulators.vk import keyboards
from bots.emulators.vk.community import Community
from bots.emulators.vk.control.content import files_of, find_group
from bots.emulators.vk.control.wall import wall
from bots.emulators.vk.dialog import Dialog, Post
from bots.emulators.vk.emulation import Emulation
from bots.emulators.vk.reactions import EMOJI
from bots.emulators.vk.world import now

#: What every item of a chat tells, where nothing of the kind happens: on a wall.
STANDS: Json = {"buttons": [], "reply_to": None, "edited": False, "deleted": False, "reactions": [], "topic": None}


def _id_of(query: Json) -> int:
    wanted = number(query, "chat")
    if wanted is None:
        raise ControlError(400, "chat is a person's id, or minus a community's id for its wall")
    return int(wanted)


def find_dialog(emu: Emulation, query: Json) -> Dialog | None:
    """Return the dialog of the person `chat` names. None: nothing said yet. Raises ControlError 400 or 404."""
    person = _id_of(query)
    if person not in emu.world.people:
        raise ControlError(404, f"nobody has the id {person}")
    return emu.world.dialog(find_group(emu, query).id, person) if emu.world.groups else None


def shown(emu: Emulation, group: Community, dialog: Dialog, post: Post) -> Json:
    """Return a message as a human sees it."""
    by_group = post.sender < 0
    person = emu.world.people[dialog.user]
    files = files_of(emu, post.attachments)
    answered = dialog.by_cmid.get(post.reply_to) if post.reply_to is not None else None
    item: Json = {
        "message_id": post.id,
        "cmid": post.cmid,
        "from": {"id": post.sender, "name": group.name if by_group else person.name, "is_bot": by_group},
        "text": post.text,
        "kind": files[0]["kind"] if files else "location" if post.geo else "forward" if post.forwarded else "text",
        "buttons": keyboards.buttons(post),
        "keyboard": ("inline" if (post.keyboard or {}).get("inline") else "reply") if post.keyboard else None,
        "reply_to": answered.id if answered is not None else None,
        "edited": post.edited is not None,
        "deleted": post.deleted,
        "reactions": [EMOJI[reaction] for reaction in post.reactions.values()],
        "read": post.cmid <= (dialog.out_read if by_group else dialog.in_read),
        "admin": post.admin,
        "topic": None,
        "at": iso(post.at),
    }
    more = {"files": files, "file": files[0] if files else None, "location": (post.geo or {}).get("coordinates")}
    more["forwarded"] = [{"from": one["from_id"], "text": one["text"]} for one in post.forwarded]
    return item | {name: value for name, value in more.items() if value}


def messages(emu: Emulation, query: Json) -> Json:
    """Return a dialog's messages in order and what the community does just now (typing ...): ?since=message_id.

    `chat` below zero is a wall: its posts and comments.
    """
    if _id_of(query) < 0:
        return {"items": _wall(emu, query), "action": None}
    dialog = find_dialog(emu, query)
    if dialog is None:
        return {"items": [], "action": None}
    action, until = emu.actions.get(dialog.key, (None, 0.0))
    group = emu.world.groups[dialog.group]
    items = [shown(emu, group, dialog, post) for post in _matching(dialog, query)]
    return {"items": items, "action": action if now() < until else None}


def _wall(emu: Emulation, query: Json) -> list[Json]:
    since = int(number(query, "since", 0) or 0)
    found = []
    for post in wall(emu, {"group": -_id_of(query)})["items"]:
        comments = post.pop("comments")
        found.append({"message_id": post["post_id"], "kind": "post", **STANDS, **post})
        found += [
            {"message_id": one["comment_id"], "kind": "comment", "post_id": post["post_id"], **STANDS, **one}
            for one in comments
        ]
    return sorted((one for one in found if one["message_id"] > since), key=lambda one: int(one["message_id"]))


def _matching(dialog: Dialog, query: Json) -> list[Post]:
    since = int(number(query, "since", 0) or 0)
    return dialog.posts[bisect_right(dialog.posts, since, key=lambda post: post.id) :]


async def wait(emu: Emulation, query: Json) -> Json:
    """Wait until a message with some words stands in a dialog or on a wall: ?chat=&contains=&timeout=&since=&from_bot=.

    Returns {"items": [...]} of all that fit; raises ControlError 408 when the time (seconds, default 10) is over.
    """

    def look(contains: str, by_bot: bool) -> tuple[int, list[Json]]:
        found = [
            item
            for item in messages(emu, query)["items"]
            if not item.get("deleted") and contains in item["text"] and (not by_bot or item["from"]["is_bot"])
        ]
        return _id_of(query), found

    return await aids.wait(emu, query, look)


def stats(emu: Emulation, query: Json) -> Json:
    """Return the running figures, and how many events wait for each community's servers."""
    return emu.journal.figures() | {
        "groups": [
            {"id": group.id, "pending": sum(len(server.queue) for server in group.servers.values()), "ts": group.ts}
            for group in emu.world.groups.values()
        ],
        "people": len(emu.world.people),
        "chats": len(emu.world.dialogs),
    }
