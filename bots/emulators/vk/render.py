"""Objects of the VK API: messages, people, communities, comments, as methods answer them and events carry them."""

from bots.emulators.control import Json
from bots.emulators.vk.community import Comment, Community, WallPost
from bots.emulators.vk.dialog import Dialog, Post
from bots.emulators.vk.emulation import BASE
from bots.emulators.vk.world import Person

LANGUAGES = {"ru": 0, "uk": 1, "en": 3}
CLIENT = {
    "button_actions": ["text", "vkpay", "open_app", "location", "open_link", "open_photo", "callback"],
    "keyboard": True,
    "inline_keyboard": True,
    "carousel": True,
}


def message(dialog: Dialog, post: Post) -> Json:
    """Return the message object in a community's eyes."""
    shown: Json = {
        "date": int(post.at),
        "from_id": post.sender,
        "id": post.id,
        "version": 10_000_000 + post.id,
        "out": 1 if post.sender < 0 else 0,
        "fwd_messages": post.forwarded,
        "important": False,
        "is_hidden": False,
        "attachments": post.attachments,
        "conversation_message_id": post.cmid,
        "text": post.text,
        "peer_id": dialog.user,
        "random_id": post.random_id,
    }
    answered = dialog.find(post.reply_to) if post.reply_to is not None else None
    if answered is not None:
        shown["reply_message"] = foreign(dialog, answered)
    optional = {
        "geo": post.geo,
        "payload": post.payload,
        "ref": post.ref,
        "keyboard": post.keyboard,
        "template": post.template,
        "admin_author_id": post.admin,
        "update_time": int(post.edited) if post.edited is not None else None,
        "reaction_id": post.reactions.get(str(-dialog.group)),
    }
    return shown | {name: value for name, value in optional.items() if value is not None}


def foreign(dialog: Dialog, post: Post) -> Json:
    """Return a message as another one quotes it."""
    return {
        "date": int(post.at),
        "from_id": post.sender,
        "id": post.id,
        "text": post.text,
        "attachments": post.attachments,
        "conversation_message_id": post.cmid,
        "peer_id": dialog.user,
    }


def client_info(person: Person) -> Json:
    """Return what the person's program is able to do."""
    return CLIENT | {"lang_id": LANGUAGES.get(person.lang, 0)}


def picture(account: int) -> str:
    """Return the address of somebody's face."""
    return f"{BASE}/picture/{account}.png"


def person(one: Person, fields: list[str]) -> Json:
    """Return the user object with the fields asked for."""
    shown: Json = {
        "id": one.id,
        "first_name": one.first_name,
        "last_name": one.last_name,
        "can_access_closed": True,
        "is_closed": False,
    }
    if one.deactivated:
        shown["deactivated"] = one.deactivated
    known = {
        "photo_50": picture(one.id),
        "photo_100": picture(one.id),
        "photo_200": picture(one.id),
        "screen_name": one.screen_name,
        "domain": one.screen_name,
        "sex": 0,
        "online": 1,
        "lang": LANGUAGES.get(one.lang, 0),
    }
    return shown | {name: known[name] for name in fields if name in known}


def community(group: Community) -> Json:
    """Return the group object."""
    face = picture(-group.id)
    return {
        "id": group.id,
        "name": group.name,
        "screen_name": group.screen_name,
        "is_closed": 0,
        "type": "group",
        "photo_50": face,
        "photo_100": face,
        "photo_200": face,
    }


def comment(group: Community, post: WallPost, one: Comment) -> Json:
    """Return a comment of the wall."""
    shown: Json = {
        "id": one.id,
        "from_id": one.sender,
        "date": int(one.at),
        "text": one.text,
        "post_id": post.id,
        "owner_id": -group.id,
        "parents_stack": parents(post, one),
    }
    if one.attachments:
        shown["attachments"] = one.attachments
    above = post.comments.get(one.reply_to) if one.reply_to is not None else None
    if above is not None:
        shown |= {"reply_to_comment": above.id, "reply_to_user": above.sender}
    return shown


def parents(post: WallPost, one: Comment) -> list[int]:
    """Return the comment below which a comment stands: threads are one level deep."""
    above = post.comments.get(one.reply_to) if one.reply_to is not None else None
    if above is None:
        return []
    return parents(post, above) or [above.id]


def wall_post(group: Community, post: WallPost) -> Json:
    """Return a post of the wall."""
    return {
        "inner_type": "wall_wallpost",
        "id": post.id,
        "from_id": post.sender,
        "owner_id": -group.id,
        "date": int(post.at),
        "text": post.text,
        "post_type": "post",
        "attachments": post.attachments,
        "comments": {"count": sum(not one.deleted for one in post.comments.values())},
    }


def conversation(dialog: Dialog) -> Json:
    """Return the conversation object."""
    last = dialog.posts[-1] if dialog.posts else None
    unread = sum(not post.deleted and post.sender > 0 and post.cmid > dialog.in_read for post in dialog.posts)
    shown: Json = {
        "peer": {"id": dialog.user, "type": "user", "local_id": dialog.user},
        "last_message_id": last.id if last else 0,
        "last_conversation_message_id": last.cmid if last else 0,
        "in_read": _id_at(dialog, dialog.in_read),
        "out_read": _id_at(dialog, dialog.out_read),
        "in_read_cmid": dialog.in_read,
        "out_read_cmid": dialog.out_read,
        "version": 10_000_000 + (last.id if last else 0),
        "can_write": {"allowed": bool(dialog.allowed)} | ({} if dialog.allowed else {"reason": 901}),
    }
    return shown | ({"unread_count": unread} if unread else {})


def _id_at(dialog: Dialog, cmid: int) -> int:
    post = dialog.by_cmid.get(cmid)
    return post.id if post is not None else 0
