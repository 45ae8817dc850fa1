"""What a message of a topic shows is changed: its text, or the words under its files, never the files."""

import contextlib

from aiogram.methods import EditMessageCaption, EditMessageText
from aiogram.types import LinkPreviewOptions

from bots.telegram.errors import AlreadyDone
from bots.telegram.keyboards import keyboard
from bots.telegram.letters import CAPTION, TEXT, Call
from bots.telegram.shown import composed
from bridge.errors import Rejected
from bridge.model.desk import Post
from bridge.phrases import utf16_length


async def edit(call: Call, chat: int, post: Post) -> None:
    """Let the messages `post.sent` (one for each file, then those of the text) say `post.sections`.

    Done again, it does nothing. Raises as bridge.ports.channels.Channel.send; Rejected("edit_too_long") when it
    no longer fits into what was sent.
    """
    text, looks = composed(post.sections)
    files = len(post.attachments)
    words = post.sent[files:]
    if not words and files and utf16_length(text) <= CAPTION:
        caption = EditMessageCaption(
            chat_id=chat, message_id=int(post.sent[0]), caption=text, caption_entities=looks, reply_markup=None
        )
        with contextlib.suppress(AlreadyDone):
            await call(caption, 0)
    elif len(words) == 1 and utf16_length(text) <= TEXT:
        changed = EditMessageText(
            chat_id=chat,
            message_id=int(words[0]),
            text=text,
            entities=looks,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
            reply_markup=keyboard(post.choices),
        )
        with contextlib.suppress(AlreadyDone):
            await call(changed, 0)
    else:
        raise Rejected("edit_too_long")
