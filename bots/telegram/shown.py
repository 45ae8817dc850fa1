"""What a message of a topic says: words of one or several, their authors in bold, deleted ones struck through."""

from collections.abc import Sequence

from aiogram.types import MessageEntity

from bridge.model.desk import Section
from bridge.phrases import utf16_length

#: Between two words of one message.
GAP = "\n\n"


def composed(sections: Sequence[Section]) -> tuple[str, list[MessageEntity]]:
    """Return the text of a message and how its parts look, offsets in UTF-16 units."""
    text, looks = "", []
    for section in sections:
        if text:
            text += GAP
        if section.author:
            looks.append(MessageEntity(type="bold", offset=utf16_length(text), length=utf16_length(section.author)))
            text += section.author
        words = section.text.strip()
        if words:
            text += "\n" if section.author else ""
            if section.struck:
                looks.append(MessageEntity(type="strikethrough", offset=utf16_length(text), length=utf16_length(words)))
            text += words
    return text, looks
