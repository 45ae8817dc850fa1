"""What customers do to words that stand already: they edit them, take them back, put signs on them, read them."""

from dataclasses import replace

from bridge import files
from bridge.changes import marks
from bridge.changes.amending import with_sign
from bridge.changes.answered import changed_outside, is_outside
from bridge.changes.lookup import by_external, said_there
from bridge.changes.rewording import reworded, show_in_row
from bridge.commit import Change, commit
from bridge.context import Bridge, log
from bridge.draft import Draft
from bridge.errors import Conflict
from bridge.model.conversations import Conversation
from bridge.model.inbound import Deleted, Edited, Reacted, Read, Said
from bridge.model.messages import Author, AuthorKind, DeliveryState, Message
from bridge.people import asking, claims
from bridge.receive import TEXT_LIMIT, meet
from bridge.staff.mirror_changes import show_edit, show_reaction

#: Characters of a sign that are kept: families and flags are made of many.
SIGN_LIMIT = 16


async def edited(bridge: Bridge, inbound: Edited) -> bool:
    """Carry a customer's change of an earlier word over; False: there is none, or just this change brought it.

    The same text again changes nothing: messengers tell of an edit for each sign put on a word, and for less. An
    answer that was given outside is changed there too; any other word of ours is not his to change.
    """
    text = inbound.text[:TEXT_LIMIT]
    message = await _named(bridge, inbound)
    if message is not None and message.author.kind is not AuthorKind.CUSTOMER:
        await changed_outside(bridge, message, inbound.channel, text, inbound.at)
        return True
    if message is None or (message.version == 1 and message.edited_at == inbound.at and message.text == text):
        return False
    if message.parts and not text:
        return True  # a picture of an album without the caption: that stands on another
    while message.text != text:
        try:
            message = await bridge.store.messages.replace(replace(message, text=text, edited_at=inbound.at))
        except Conflict:
            message = await bridge.store.messages.get(message.id)
    key, chat = f"edit:{inbound.external_id}", await meet(bridge, inbound)
    given = await claims.given(bridge, chat.home, inbound, f"{message.id}:{key}")
    now = message

    def decide(before: Conversation) -> Change | None:
        after = reworded(before, now)
        if after is before and not given.new:
            return None
        draft = Draft(bridge, before, after, key)
        asking.note(draft, given)
        return draft.change()

    await commit(bridge, message.conversation, key, decide)
    if message.edited_at is not None:
        await show_edit(bridge, message)
        await bridge.feed.tell_message(message)
    return True


async def replaced(bridge: Bridge, inbound: Edited) -> Said | None:
    """Return what an edit brought in place of other files as a word that points at the one it changed; None: nothing.

    Messengers name the same file anew now and then: what it is, its bytes say. Raises StoreDown.
    """
    message = await _his(bridge, inbound)
    known = {each.remote for each in message.attachments} if message is not None else set()
    brought = [remote for remote in inbound.files if f"{inbound.channel} {remote.ref}" not in known]
    if message is None or not brought:
        return None
    had = await bridge.store.files.many([each.file for each in message.attachments if each.file])
    same = {file.sha256 for file in had}
    by, key = f"chat:{inbound.channel}:{inbound.chat}", f"{message.id}:{inbound.external_id}"
    fetched = await files.fetched(bridge, inbound.channel, brought, by, key)
    kept = {
        file.id: file.sha256 for file in await bridge.store.files.many([each.file for each in fetched if each.file])
    }
    new = [
        replace(remote, ref=f"{files.STORED}{each.file}") if each.file else remote
        for remote, each in zip(brought, fetched, strict=False)
        if kept.get(each.file) not in same
    ]
    if not new:
        return None
    where = inbound.channel, inbound.chat, inbound.external_id, inbound.sender
    words = Said(*where, "", inbound.at, kind=new[0].kind, files=tuple(new))
    return replace(words, reply_to=inbound.message_external_id)


async def deleted(bridge: Bridge, inbound: Deleted) -> None:
    """Carry over that a customer, or who answered outside, took a word back; its text is kept for the staff."""
    message = await _named(bridge, inbound)
    if message is None or not (message.author.kind is AuthorKind.CUSTOMER or is_outside(message, inbound.channel)):
        return
    while message.deleted_at is None:
        try:
            message = await bridge.store.messages.replace(replace(message, deleted_at=inbound.at))
        except Conflict:
            message = await bridge.store.messages.get(message.id)
    await show_in_row(bridge, message)
    await show_edit(bridge, message)
    await bridge.feed.tell_message(message)


async def reacted(bridge: Bridge, inbound: Reacted) -> None:
    """Put a customer's sign on a word of his chat, his own or ours, in place of an earlier one; none takes it away."""
    message = await said_there(bridge, inbound.channel, inbound.chat, inbound.message_external_id)
    if message is None:
        log.info("a reaction to a word nobody knows", extra={"channel": inbound.channel, "chat": inbound.chat})
        return
    emoji = "".join(sign for sign in inbound.emoji if sign.isprintable() or sign in "\u200d\ufe0f")[:SIGN_LIMIT]
    conversation = await bridge.store.conversations.get(message.conversation)
    author = Author(AuthorKind.CUSTOMER, conversation.customer, conversation.customer_name)
    while _sign_of_his(message) != emoji:
        try:
            message = await bridge.store.messages.replace(replace(message, reactions=with_sign(message, author, emoji)))
        except Conflict:
            message = await bridge.store.messages.get(message.id)
    await show_reaction(bridge, message)
    await bridge.feed.tell_message(message)


async def read(bridge: Bridge, inbound: Read) -> None:
    """Note that the customer has read our words up to one."""
    message = await said_there(bridge, inbound.channel, inbound.chat, inbound.message_external_id)
    if message is not None:
        await marks.seen(
            bridge,
            inbound.channel,
            inbound.chat,
            message.seq,
            DeliveryState.READ,
            conversation=message.conversation,
        )


async def _named(bridge: Bridge, inbound: Edited | Deleted) -> Message | None:
    return await by_external(bridge, inbound.channel, inbound.chat, inbound.message_external_id)


async def _his(bridge: Bridge, inbound: Edited) -> Message | None:
    found = await _named(bridge, inbound)
    return found if found is not None and found.author.kind is AuthorKind.CUSTOMER else None


def _sign_of_his(message: Message) -> str:
    return next((each.emoji for each in message.reactions if each.author.kind is AuthorKind.CUSTOMER), "")
