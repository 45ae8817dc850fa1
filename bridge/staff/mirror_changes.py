"""What the staff group is shown of words that changed after they were posted: the state of each, the newest alone."""

from dataclasses import replace

from bridge.context import Bridge
from bridge.delivery.lanes import wake
from bridge.model.desk import Post, PostKind, Section, Topic
from bridge.model.ids import derive
from bridge.model.messages import AuthorKind, Delivery, Message
from bridge.staff import mirror, places

#: Changes stand after everything said in a topic, and before its card and icon.
_ORDER = 1 << 59
#: What an edit shows of a word that was taken back.
GONE = "deleted"


async def show_edit(bridge: Bridge, message: Message) -> None:
    """Have the topic show a word as it is now: changed, taken back, or there again; done again, it does nothing new."""
    post = await _told(bridge, message, PostKind.EDIT)
    if post is None:
        return
    if message.deleted_at is not None:
        text = bridge.phrases.say(bridge.phrases.language, "staff.deleted_word", text=post.text).rstrip()
        post = replace(post, text=text, icon=GONE)
    await _show(bridge, post)


async def show_reaction(bridge: Bridge, message: Message) -> None:
    """Have the topic show the sign on a word, the customer's before the desk's; none any more takes it away."""
    post = await _told(bridge, message, PostKind.REACTION)
    if post is None:
        return
    by = {each.author.kind: each.emoji for each in message.reactions if message.deleted_at is None}
    emoji = by.get(AuthorKind.CUSTOMER) or by.get(AuthorKind.OPERATOR) or ""
    key = ("reacted" if AuthorKind.CUSTOMER in by else "desk_reacted") if emoji else "reaction_gone"
    words = bridge.phrases.say(bridge.phrases.language, f"staff.{key}", emoji=emoji)
    await _show(bridge, replace(post, text=f"{words} · «{_start(message.text)}»", author="", icon=emoji))


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


async def resolved(bridge: Bridge, row: Post, topic: Topic) -> Post | None:
    """Return a post as it is to be done now: where it stands is known when it is its turn; None: nothing is left."""
    if row.kind is PostKind.TEXT and row.quotes is not None:
        quoted = await bridge.store.messages.find(row.quotes)
        return replace(row, reply_to=await places.stands(bridge, quoted, topic) if quoted is not None else None)
    if row.kind is PostKind.EDIT:
        return await _edit(bridge, row, topic)
    if row.kind is PostKind.MARK and row.message is not None:
        marked = await bridge.store.messages.find(row.message)
        # One sign of the bot's stands on a message: a customer's may have been quicker, and stays.
        return row if marked is not None and marked.deleted_at is None and not marked.reactions else None
    if row.kind is PostKind.REACTION:
        return await _reaction(bridge, row, topic)
    return row


async def _edit(bridge: Bridge, row: Post, topic: Topic) -> Post | None:
    message = await bridge.store.messages.find(row.message) if row.message is not None else None
    if message is None:
        return None
    if row.reply_to is not None:  # it was written in the topic: nobody but its author can change it there
        return in_words(bridge, row, row.reply_to)
    post = await places.post_of(bridge, message)
    sent = places.sent(post, topic)
    if post is None or not sent:
        return in_words(bridge, row, await places.stands(bridge, message, topic))
    together = [await bridge.store.desk.find(id) for id in post.merged] if post.merged else [post]
    says = [await _section(bridge, each) for each in together if each is not None]
    choices = post.choices if message.deleted_at is None else ()  # what is gone needs no button to recall it
    return replace(row, sections=tuple(says), sent=sent, attachments=post.attachments, choices=choices)


async def _section(bridge: Bridge, post: Post) -> Section:
    message = await bridge.store.messages.find(post.message) if post.message is not None else None
    if message is None:
        return Section(post.author, post.text)
    say = bridge.phrases.say
    author, text = post.author, mirror.words(bridge, message)
    if message.deleted_at is not None:
        return Section(f"{author} · {say(bridge.phrases.language, 'staff.mark_deleted')}", text, struck=True)
    if message.edited_at is not None:
        author = f"{author} · {say(bridge.phrases.language, 'staff.mark_edited')}"
    return Section(author, text)


async def _reaction(bridge: Bridge, row: Post, topic: Topic) -> Post | None:
    message = await bridge.store.messages.find(row.message) if row.message is not None else None
    if message is None:
        return None
    if row.reply_to is not None:
        # One sign of the bot's stands on a message: without the customer's it says again that the word arrived.
        return row if row.icon or message.deleted_at is not None else replace(row, kind=PostKind.MARK)
    post = await places.post_of(bridge, message)
    sent = places.sent(post, topic)
    if post is None or not sent or post.merged:
        return in_words(bridge, row, await places.stands(bridge, message, topic))
    return replace(row, reply_to=sent[0])


def in_words(bridge: Bridge, row: Post, reply_to: str | None) -> Post:
    """Return a change as a line of its own, for where it cannot be shown at the word."""
    text = row.text
    if row.kind is PostKind.EDIT and row.icon != GONE:
        text = bridge.phrases.say(bridge.phrases.language, "staff.edited_word", text=text)
    return replace(row, kind=PostKind.NOTICE, text=text, attachments=(), choices=(), reply_to=reply_to)


def _start(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39].rstrip()}…"
