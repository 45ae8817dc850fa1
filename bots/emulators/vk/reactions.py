"""Reactions: VK numbers its sixteen, people see pictures."""

from bots.emulators.control import ControlError

#: reaction_id -> emoji, as VK's program shows them.
EMOJI = dict(enumerate("❤🔥😂👍💩❓😭😡👎👌😃🤔🙏😘😍🎉", 1))
IDS = {emoji: number for number, emoji in EMOJI.items()}
VARIANT = "\ufe0f"


def id_of(emoji: str) -> int:
    """Return the number of a reaction; raises ControlError 400 for a picture VK does not offer."""
    found = IDS.get(emoji.replace(VARIANT, ""))
    if found is None:
        raise ControlError(400, f"VK has these reactions: {' '.join(IDS)}")
    return found
