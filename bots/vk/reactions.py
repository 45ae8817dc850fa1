"""Signs on messages: VK names them by number, of a fixed set."""

#: VK's reactions as its clients show them; messages.sendReaction takes no others.
EMOJI = {
    1: "❤",
    2: "🔥",
    3: "😂",
    4: "👍",
    5: "💩",
    6: "❓",
    7: "😭",
    8: "😡",
    9: "👎",
    10: "👌",
    11: "😃",
    12: "🤔",
    13: "🙏",
    14: "😘",
    15: "😍",
    16: "🎉",
}
#: A number that came later than this table.
UNKNOWN = "❔"
#: Asks for the coloured picture of a sign; the desk may write it or not.
_COLOURED = "\ufe0f"
_NUMBERS = {emoji: number for number, emoji in EMOJI.items()}


def emoji_of(number: int) -> str:
    """Return the sign of a number."""
    return EMOJI.get(number, UNKNOWN)


def number_of(emoji: str) -> int | None:
    """Return the number of a sign, None when VK has no such."""
    return _NUMBERS.get(emoji.replace(_COLOURED, ""))
