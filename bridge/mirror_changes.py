"""What the staff group is shown of words that changed after they were posted: the state of each, the newest alone."""

from dataclasses import replace

from bridge import mirror
from bridge.context import Bridge
from bridge.lanes import wake
from bridge.model.desk import Post, PostKind
from bridge.model.ids import derive
from bridge.model.messages import AuthorKind, Delivery, Message

#: Changes stand after everything said in a topic, and before its card and icon.
_ORDER = 1 << 59


async def show_edit(bridge: Bridge, message: Message) -> None:
    """Have the topic show a word as it is now: changed, taken back, or there again; done again, it does nothing new."""
    post = await _told(bridge, message, PostKind.EDIT)
    if post is None:
        return
    if message.deleted_at is not None:
        text = bridge.phrases.say(bridge.phrases.language, "staff.deleted_word", text=post.text).rstrip()
        post = replace(post, text=text)
    await _show(bridge, post)


async def show_reaction(bridge: Bridge, message: Message) -> None:
    """Have the topic show the customer's sign on a word; none any more takes it away."""
    post = await _told(bridge, message, PostKind.REACTION)
    if post is None:
        return
    emoji = next((each.emoji for each in message.reactions if each.author.kind is AuthorKind.CUSTOMER), "")
    key = "staff.reacted" if emoji else "staff.reaction_gone"
    await _show(
        bridge, replace(post, text=bridge.phrases.say(bridge.phrases.language, key, emoji=emoji), author="", icon=emoji)
    )


async def _told(bridge: Bridge, message: Message, kind: PostKind) -> Post | None:
    """Return a post about a word, with what its own post would say now; None: it stands in no topic."""
    if bridge.desk is None or message.author.kind is AuthorKind.SYSTEM:
        return None
    conversation = await bridge.store.conversations.get(message.conversation)
    # Also what was written in the topic itself can be changed elsewhere.
    posts = mirror.posts(bridge, conversation, [replace(message, origin="")])
    if not posts:
        return None
    (made,) = posts
    return replace(
        made,
        id=derive("post", made.channel, conversation.id, f"{kind.value}:{message.id}"),
        kind=kind,
        attachments=(),
        reply_to=message.external_id if message.origin == made.channel else None,
        delivery=Delivery(made.delivery.lane, _ORDER + message.version),
    )


async def _show(bridge: Bridge, post: Post) -> None:
    shown = await bridge.store.desk.show(post)
    await wake(bridge, shown.delivery.lane, "out")
