"""Conversations under posts: comments answered by comments, where there are no buttons, no files and no privacy."""

import hashlib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from bots.vk import keyboards
from bots.vk.errors import doubtful
from bots.vk.events import Event, wall_chat, wall_person
from bots.vk.letters import TEXT, Call
from bridge.errors import NotFound, Rejected, RetryLater, Unreachable
from bridge.model.ids import ChannelName
from bridge.phrases import split
from bridge.ports.channels import Outgoing, Receipt
from bridge.ports.stores import Journal

#: A person's last comment is answered so long after it.
ANSWERED = timedelta(days=30)
#: Our own comments are recognised when VK tells of them so long after they were written.
RECOGNISED = timedelta(days=2)


def is_wall(chat: str) -> bool:
    """Tell whether a chat stands under a post."""
    return chat.startswith("wall:")


class Wall:
    """The comments of one community."""

    def __init__(
        self, channel: ChannelName, call: Call, turn: Callable[[], Awaitable[None]], journal: Journal | None
    ) -> None:
        self._channel = channel
        self._call = call
        self._turn = turn
        self._journal = journal

    async def comes(self, group: int, event: Event) -> bool:
        """Note a comment that comes in; True: it is one of ours.

        VK tells of all that the community writes and keeps no id of ours in it, so the text that is about to be sent
        is noted before it is.
        """
        if event["type"] != "wall_reply_new" or self._journal is None:
            return False
        about = event["object"]
        if int(about["from_id"]) == -group:
            note = self._note(int(about["post_id"]), str(about.get("text") or ""))
            return await self._journal.value(note) is not None
        chat = wall_chat(about["post_id"], wall_person(group, about))
        until = datetime.now(UTC) + ANSWERED
        await self._journal.put_value(self._last(chat), {"comment": int(about["id"])}, until)
        return False

    async def answer(self, group: int, message: Outgoing) -> Receipt:
        """Answer a person under a post. Raises as bridge.ports.channels.Channel.send."""
        if message.files:
            raise Rejected("wall_no_files")
        if message.asks == "contact":
            raise Rejected("wall_no_contact")  # it would stand there for everybody to read
        _, post, user = message.chat.split(":")
        wanted = [each for each in split(keyboards.listed(message.text, message.choices), TEXT) if each]
        if not wanted:
            raise Rejected("empty")
        sent: list[str] = []
        for number, text in enumerate(wanted):
            if number:
                await self._turn()
            try:
                sent.append(await self._comment(group, int(post), int(user), message, text, number))
            except (Rejected, Unreachable, NotFound):
                if number == 0:
                    raise
                raise Rejected("part_sent") from None
        return Receipt(sent[-1], tuple(sent) if len(sent) > 1 else ())

    async def _comment(self, group: int, post: int, user: int, message: Outgoing, text: str, number: int) -> str:
        if self._journal is not None:
            await self._journal.put_value(self._note(post, text), {"to": user}, datetime.now(UTC) + RECOGNISED)
        call = self._call(
            "wall.createComment",
            owner_id=-group,
            post_id=post,
            from_group=group,
            message=text,
            reply_to_comment=await self._answered(message),
            guid=f"{message.id}.{number}",  # sent again, it is the same comment
        )
        told = await doubtful(call)
        if not isinstance(told, dict) or not told.get("comment_id"):
            raise RetryLater(1, "server")
        return str(told["comment_id"])

    async def _answered(self, message: Outgoing) -> int | None:
        """Return the comment that is answered: the one the word is a reply to, else the person's last."""
        if message.reply_to is not None and message.reply_to.isdecimal():
            return int(message.reply_to)
        value = await self._journal.value(self._last(message.chat)) if self._journal is not None else None
        return int(value["comment"]) if value else None

    def _note(self, post: int, text: str) -> str:
        told = hashlib.sha256(" ".join(text.split()).encode("utf-8", "surrogatepass")).hexdigest()[:24]
        return f"vk:{self._channel}:wrote:{post}:{told}"

    def _last(self, chat: str) -> str:
        return f"vk:{self._channel}:last:{chat}"
