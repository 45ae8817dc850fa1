"""Changes of what is out: other words, gone, a sign on a message."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from bots.vk import keyboards
from bots.vk.errors import PARAMETER, Refused
from bots.vk.letters import Call, named, parts
from bots.vk.reactions import number_of
from bridge.errors import NotFound, Rejected
from bridge.model.ids import ChatId
from bridge.ports.channels import Outgoing, Receipt

Turn = Callable[[], Awaitable[None]]


async def edit(call: Call, turn: Turn, message: Outgoing, sent: Sequence[str]) -> Receipt:
    """Let the messages of a word say what it says now; what a shorter text needs no more is taken away.

    Raises as bridge.ports.channels.EditChannel.edit.
    """
    wanted = parts(message)
    files = sum(1 for part in wanted if part.files and not part.text)
    texts = [part for part in wanted if part.text or part.files]
    if len(wanted) > len(sent):
        raise Rejected("edit_too_long")
    surplus = len(sent) - len(wanted)
    # Voices and further files stand last and stay; messages of the text that are too many stand before them.
    last_text = len(texts) - files
    keep = [*sent[:last_text], *sent[last_text + surplus :]]
    for number, (part, id) in enumerate(zip(wanted, keep, strict=True)):
        if not part.text:
            continue
        if number:
            await turn()
        last = number == len(wanted) - 1
        await _edit_one(call, message, part.text, id, keyboards.choices(message) if last else (), bool(part.files))
    gone = [id for id in sent if id not in keep]
    if gone:
        await turn()
        await delete(call, message.chat, gone)
    return Receipt(keep[-1], tuple(keep) if len(keep) > 1 else ())


async def _edit_one(call: Call, message: Outgoing, text: str, id: str, offered: Any, with_files: bool) -> None:
    """Change one message; VK drops the attachments that are not named again."""
    attached = await _attached(call, message.chat, id) if with_files else None
    try:
        await call(
            "messages.edit",
            peer_id=int(message.chat),
            cmid=int(id),
            message=text,
            attachment=attached,
            keyboard=keyboards.keyboard(offered),
            keep_forward_messages=1,
            keep_snippets=1,
            disable_mentions=1,
        )
    except Refused as refused:
        if refused.vk == PARAMETER:
            raise NotFound("message_gone") from None
        raise


async def _attached(call: Call, chat: ChatId, id: str) -> list[str] | None:
    found = await call("messages.getByConversationMessageId", peer_id=int(chat), conversation_message_ids=[int(id)])
    items = found.get("items") if isinstance(found, dict) else None
    if not items:
        raise NotFound("message_gone")
    return named(items[0].get("attachments") or ()) or None


async def delete(call: Call, chat: ChatId, sent: Sequence[str]) -> None:
    """Take messages away from everybody; what is gone already is well. Raises Rejected("delete_too_old")."""
    try:
        told = await call("messages.delete", peer_id=int(chat), cmids=[int(id) for id in sent], delete_for_all=1)
    except NotFound:
        return
    except Refused as refused:
        if refused.vk == PARAMETER:
            return  # no such message any more
        raise
    for each in told if isinstance(told, list) else ():
        error = each.get("error") if isinstance(each, dict) else None
        if isinstance(error, dict) and int(error.get("code") or 0) == 924:
            raise Rejected("delete_too_old")


async def react(call: Call, chat: ChatId, external_id: str, emoji: str) -> None:
    """Put a sign on a message or take ours away. Raises Rejected("reaction_unknown")."""
    where = {"peer_id": int(chat), "cmid": int(external_id.partition(".")[0])}
    if not emoji:
        await call("messages.deleteReaction", **where)
        return
    number = number_of(emoji)
    if number is None:
        raise Rejected("reaction_unknown")
    await call("messages.sendReaction", **where, reaction_id=number)
