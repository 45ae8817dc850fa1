"""Words for customers and staff by language; the texts themselves stand in configs/phrases.*.toml."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrases:
    """Texts by language and dotted key; a language or key that is missing falls back to the house's language."""

    texts: Mapping[str, Mapping[str, str]]
    language: str = "ru"

    def say(self, language: str | None, key: str, **values: object) -> str:
        """Return a text with its placeholders filled. Raises KeyError for a key nobody wrote."""
        table = self.texts.get(language or self.language) or self.texts[self.language]
        text = table.get(key) or self.texts[self.language][key]
        return text.format(**values) if values else text

    def kind(self, language: str | None, kind: str) -> str:
        """Return a message's or a file's kind in a word; one nobody worded is "other"."""
        try:
            return self.say(language, f"kind.{kind}")
        except KeyError:
            return self.say(language, "kind.other")

    def channel(self, language: str | None, kind: str) -> str:
        """Return a kind of channels as people call it; one nobody worded is shown as it is."""
        try:
            return self.say(language, f"channel.{kind}")
        except KeyError:
            return kind.capitalize()

    def reason(self, language: str | None, code: str) -> str:
        """Return a reason of failure in words; a code nobody worded is shown as it is."""
        try:
            return self.say(language, f"reason.{code}")
        except KeyError:
            return code


def utf16_length(text: str) -> int:
    """Count UTF-16 units, the measure of messengers' limits."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def split(text: str, limit: int) -> list[str]:
    """Cut a text into parts of at most `limit` UTF-16 units (2 or more), at paragraphs, lines or blanks if it can."""
    parts: list[str] = []
    rest = text.strip()
    while utf16_length(rest) > limit:
        head = _head(rest, limit)
        cut = max(head.rfind("\n\n"), 0) or max(head.rfind("\n"), 0) or max(head.rfind(" "), 0)
        if cut < max(len(head) // 2, 1):
            cut = len(head)
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*parts, rest] if rest or not parts else parts


def _head(text: str, limit: int) -> str:
    units = 0
    for index, letter in enumerate(text):
        units += 2 if ord(letter) > 0xFFFF else 1
        if units > limit:
            return text[:index]
    return text
