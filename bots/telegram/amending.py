"""What is out already and is to change: the messages a word became say something else, or are taken away."""

from collections.abc import Sequence

from aiogram.methods import (
    DeleteMessage,
    DeleteMessages,
    EditMessageCaption,
    EditMessageText,
    SetMessageReaction,
)
from aiogram.types import InlineKeyboardMarkup, LinkPreviewOptions, MessageEntity, ReactionTypeEmoji, ReactionTypeUnion

from bots.telegram.errors import GONE, AlreadyDone
from bots.telegram.letters import CAPTION, TEXT, Call, Letter, bold
from bridge.errors import NotFound, Rejected
from bridge.phrases import split, utf16_length
from bridge.ports.channels import Receipt

#: Signs a bot may put on a message (https://core.telegram.org/bots/api#reactiontypeemoji).
REACTIONS = frozenset(
    "👍👎❤🔥🥰👏😁🤔🤯😱🤬😢🎉🤩🤮💩🙏👌🕊🤡🥱🥴😍🐳🌚🌭💯🤣⚡🍌🏆💔🤨😐🍓🍾💋🖕😈😴😭"
    "🤓👻👀🎃🙈😇😨🤝✍🤗🫡🎅🎄☃💅🤪🗿🆒💘🙉🦄😘💊🙊😎👾🤷😡"
) | {"❤‍🔥", "👨‍💻", "🤷‍♂", "🤷‍♀"}
#: Signs that mean the same as one of those.
_NEAREST = {
    "❤": "🧡💛💚💙💜🤎🖤🤍❣💕💞💓💗💖💝💟♥🩷🩵🩶",
    "🤣": "😂😆😹",
    "😁": "😀😃😄😅🙂😊☺😸😺",
    "👌": "✅✔☑🆗",
    "👏": "🙌",
    "😢": "😞😔🙁☹😟😥😿",
    "😭": "😩😫",
    "😡": "😠😤👿",
    "🤔": "❓❔🧐",
    "🎉": "🥳🎊🎈",
    "😱": "😮😯😲😳🙀",
    "🔥": "💥",
    "😍": "😻",
    "🙏": "🤲",
    "😎": "🕶",
}
_SAME = {sign: known for known, signs in _NEAREST.items() for sign in signs}
#: Variation selectors and tones of skin: the same sign, drawn in another way.
_TONES = dict.fromkeys([0xFE0E, 0xFE0F, *range(0x1F3FB, 0x1F400)])


async def edit(call: Call, letter: Letter, sent: Sequence[str]) -> Receipt:
    """Let the messages of a letter say what it says now; their first ones show its files, the others its text.

    A shorter text leaves fewer messages. Raises Rejected("edit_too_long") for one that needs more of them.
    """
    files = len(letter.files)
    shown, texts = [int(id) for id in sent[:files]], [int(id) for id in sent[files:]]
    if len(shown) < files:
        raise Rejected("edit_too_old")  # of a word sent before its messages were noted, nobody knows which is which
    words = "\n".join(filter(None, (letter.author, letter.text.strip())))
    if not texts and files:
        await _caption(call, letter, shown[0], words)
        return Receipt(sent[-1], tuple(sent) if len(sent) > 1 else ())
    parts = [part for part in split(words, TEXT) if part]
    if len(parts) > len(texts):
        raise Rejected("edit_too_long")
    if not parts and not files:
        raise Rejected("empty")
    for number, (id, part) in enumerate(zip(texts, parts, strict=False)):
        await _text(call, letter, id, part, last=number == len(parts) - 1)
    await delete(call, letter.chat, [str(id) for id in texts[len(parts) :]])
    left = [*map(str, shown), *map(str, texts[: len(parts)])]
    return Receipt(left[-1], tuple(left) if len(left) > 1 else ())


async def _text(call: Call, letter: Letter, id: int, text: str, last: bool) -> None:
    # A part without its keyboard would lose it: an edit says what stands under the message, too.
    markup = letter.markup if last and isinstance(letter.markup, InlineKeyboardMarkup) else None
    previews = None if letter.previews else LinkPreviewOptions(is_disabled=True)
    entities: list[MessageEntity] | None = bold(letter.author, text)
    await _done(
        call,
        EditMessageText(
            chat_id=letter.chat,
            message_id=id,
            text=text,
            entities=entities,
            link_preview_options=previews,
            reply_markup=markup,
        ),
    )


async def _caption(call: Call, letter: Letter, id: int, words: str) -> None:
    if utf16_length(words) > CAPTION:
        raise Rejected("edit_too_long")
    markup = letter.markup if len(letter.files) == 1 and isinstance(letter.markup, InlineKeyboardMarkup) else None
    await _done(
        call,
        EditMessageCaption(
            chat_id=letter.chat,
            message_id=id,
            caption=words or None,
            caption_entities=bold(letter.author, words),
            reply_markup=markup,
        ),
    )


async def _done(call: Call, method: EditMessageText | EditMessageCaption) -> None:
    try:
        await call(method, 0)
    except AlreadyDone:
        return
    except Rejected as refusal:
        if refusal.reason == GONE:
            raise NotFound(GONE) from None
        raise Rejected("edit_too_long" if refusal.reason == "too_long" else refusal.reason) from None


async def delete(call: Call, chat: int, sent: Sequence[str]) -> None:
    """Take messages away; those that are gone are well. Raises Rejected("delete_too_old") after 48 hours."""
    ids = [int(id) for id in sent]
    if not ids:
        return
    try:
        if len(ids) == 1:
            await call(DeleteMessage(chat_id=chat, message_id=ids[0]), 0)
        else:
            await call(DeleteMessages(chat_id=chat, message_ids=ids), 0)
    except Rejected as refusal:
        if refusal.reason != GONE:
            raise


async def react(call: Call, chat: int, id: str, emoji: str) -> None:
    """Put a sign on a message, or its nearest of those Telegram has; none takes it away.

    Raises Rejected("reaction_unknown") for one that has no near one, NotFound when the message is gone.
    """
    sign = emoji.translate(_TONES)
    sign = sign if sign in REACTIONS else _SAME.get(sign, "")
    if emoji and not sign:
        raise Rejected("reaction_unknown")
    try:
        given: list[ReactionTypeUnion] = [ReactionTypeEmoji(emoji=sign)] if sign else []
        await call(SetMessageReaction(chat_id=chat, message_id=int(id), reaction=given), 0)
    except AlreadyDone:
        return
    except Rejected as refusal:
        if refusal.reason == GONE:
            raise NotFound(GONE) from None
        raise
