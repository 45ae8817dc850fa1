"""Moving content: forwards show where it came from, copies do not."""

from bots.emulators.telegram.emulation import Call
from bots.emulators.telegram.errors import Json, bad_request
from bots.emulators.telegram.methods.messages import message_ids
from bots.emulators.telegram.posting import Target, chat_for, post_and_show, target, write
from bots.emulators.telegram.render import MEDIA, user
from bots.emulators.telegram.text import CAPTION_FIELDS, caption
from bots.emulators.telegram.world import Chat, Post

CONTENT = ("text", "contact", "location", "venue", "poll", "dice", *MEDIA)
STAYS = ("has_protected_content", "media_group_id", "forward_origin", "quote", "effect_id")


def _content(post: Post) -> Json | None:
    """Return the fields that travel, None for service lines and protected messages."""
    if post.body.get("has_protected_content") or not any(name in post.body for name in CONTENT):
        return None
    return {name: value for name, value in post.body.items() if name not in STAYS}


def _one(call: Call, verb: str) -> tuple[Chat, Post, Json]:
    source = chat_for(call, "from_chat_id")
    post = source.find(call.params.integer("message_id"))
    if post is None:
        raise bad_request(f"message to {verb} not found")
    content = _content(post)
    if content is None:
        raise bad_request("message can't be forwarded" if verb == "forward" else "message can't be copied")
    return source, post, content


def _origin(call: Call, post: Post) -> Json:
    known = post.body.get("forward_origin")
    sender = {"type": "user", "date": int(post.at), "sender_user": user(call.emu.world, post.sender)}
    return {"forward_origin": known or sender}


def forward_message(call: Call) -> Json:
    """Forward a message: a full Message that names its origin."""
    found = target(call)
    _, post, content = _one(call, "forward")
    return post_and_show(call, found, content | _origin(call, post))


def copy_message(call: Call) -> Json:
    """Copy a message, with another caption when one is given: only its new id comes back."""
    found = target(call)
    _, _, content = _one(call, "copy")
    if "caption" in call.params.values and any(kind in content for kind in MEDIA):
        content = {name: value for name, value in content.items() if name not in CAPTION_FIELDS}
        content |= caption(call.params)
    return {"message_id": write(call.emu, call.bot, found, content).id}


def _many(call: Call, verb: str) -> tuple[Target, list[tuple[Post, Json]]]:
    found = target(call)
    ids = message_ids(call)
    if ids != sorted(set(ids)):
        raise bad_request("message identifiers must be in a strictly increasing order")
    source = chat_for(call, "from_chat_id")
    posts = [post for number in ids if (post := source.find(number)) is not None]
    kept = [(post, content) for post in posts if (content := _content(post)) is not None]
    if not kept:
        raise bad_request(f"there are no messages to {verb}")
    return found, kept


def _written(call: Call, found: Target, kept: list[tuple[Post, Json]]) -> list[Json]:
    """Write the messages; those of one album stay one album under a new id."""
    albums: dict[str, str] = {}
    written = []
    for post, content in kept:
        fields = dict(found.fields)
        album = post.body.get("media_group_id")
        if album is not None:
            if album not in albums:
                albums[album] = str(13_000_000_000_000_000 + call.emu.world.number())
            fields["media_group_id"] = albums[album]
        twin = Target(found.chat, found.topic, None, None, fields)
        written.append({"message_id": write(call.emu, call.bot, twin, content).id})
    return written


def forward_messages(call: Call) -> list[Json]:
    """Forward up to 100 messages in order; missing ones are passed over."""
    found, kept = _many(call, "forward")
    return _written(call, found, [(post, content | _origin(call, post)) for post, content in kept])


def copy_messages(call: Call) -> list[Json]:
    """Copy up to 100 messages in order; missing ones are passed over without a word."""
    found, kept = _many(call, "copy")
    if call.params.flag("remove_caption"):
        kept = [(post, {k: v for k, v in content.items() if k not in CAPTION_FIELDS}) for post, content in kept]
    return _written(call, found, kept)
