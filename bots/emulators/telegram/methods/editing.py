"""Edits of a bot's own messages: text, caption, keyboard."""

from bots.emulators.telegram.emulation import Call
from bots.emulators.telegram.errors import Json, bad_request
from bots.emulators.telegram.markup import inline_only
from bots.emulators.telegram.methods.media import replaced_media
from bots.emulators.telegram.posting import writable
from bots.emulators.telegram.render import MEDIA, message
from bots.emulators.telegram.text import CAPTION_FIELDS, caption, message_text
from bots.emulators.telegram.world import Chat, Post, now

SAME = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current"
    " content and reply markup of the message"
)
TEXT_FIELDS = ("text", "entities", "link_preview_options")
COMPARED = ("text", "entities", "caption", "caption_entities", *MEDIA)
EDITABLE = (*COMPARED, "location", "contact", "poll")


def own(call: Call) -> tuple[Chat, Post]:
    """Return the message to edit; raises BotApiError 400 when it is gone or another's."""
    if call.params.values.get("inline_message_id"):
        raise bad_request("MESSAGE_ID_INVALID")
    chat = writable(call)
    if not call.params.values.get("message_id"):
        raise bad_request("message identifier is not specified")
    post = chat.find(call.params.integer("message_id"))
    if post is None:
        raise bad_request("message to edit not found")
    if post.sender != call.bot.id or not any(field in post.body for field in EDITABLE):
        raise bad_request("message can't be edited")
    return chat, post


def apply(call: Call, chat: Chat, post: Post, body: Json, markup: Json | None) -> Json:
    """Store the new content; the same content is refused. Returns the Message object."""
    # A reply keyboard belongs to the chat, only an inline one can be compared and replaced.
    inline = post.markup if post.markup and "inline_keyboard" in post.markup else None
    if markup == inline and all(body.get(name) == post.body.get(name) for name in COMPARED):
        raise bad_request(SAME)
    post.body = body
    if inline is not None or post.markup is None:
        post.markup = markup
    post.edited = int(now())
    call.emu.touch(chat)
    return message(call.emu.world, call.bot, chat, post)


def edit_text(call: Call) -> Json:
    """Change the text of a text message."""
    chat, post = own(call)
    if "text" not in post.body:
        raise bad_request("there is no text in the message to edit")
    kept = {name: value for name, value in post.body.items() if name not in TEXT_FIELDS}
    return apply(call, chat, post, kept | message_text(call.params), inline_only(call.params))


def edit_caption(call: Call) -> Json:
    """Change the caption of a media message."""
    chat, post = own(call)
    if not any(kind in post.body for kind in MEDIA):
        raise bad_request("there is no caption in the message to edit")
    kept = {name: value for name, value in post.body.items() if name not in CAPTION_FIELDS}
    return apply(call, chat, post, kept | caption(call.params), inline_only(call.params))


async def edit_media(call: Call) -> Json:
    """Put another file in the place of a media message's one."""
    chat, post = own(call)
    if not any(kind in post.body for kind in MEDIA):
        raise bad_request("there is no media in the message to edit")
    kept = {name: value for name, value in post.body.items() if name not in (*MEDIA, *CAPTION_FIELDS)}
    return apply(call, chat, post, kept | await replaced_media(call), inline_only(call.params))


def edit_markup(call: Call) -> Json:
    """Change or take away the inline keyboard."""
    chat, post = own(call)
    return apply(call, chat, post, dict(post.body), inline_only(call.params))
