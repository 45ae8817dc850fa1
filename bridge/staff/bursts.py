"""Words of one topic that had to wait are shown together: a group takes twenty messages a minute, however long.

Pure: what may be merged, and what a message says then.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bridge.model.desk import Post, PostKind, Section
from bridge.model.messages import SETTLED
from bridge.phrases import utf16_length

#: A word that stands for so long has waited for its turn; those behind it join it.
WAITED = timedelta(seconds=1.5)
#: UTF-16 units of one message at most, with room for the marks of later edits (Telegram takes 4096).
LENGTH = 3800
#: Words of one message at most.
WORDS = 20


def burst(posts: Sequence[Post], now: datetime) -> tuple[Post, ...]:
    """Return the posts that go out as one message, the first of `posts` before all: it alone when nothing joins it.

    Only words join, never files, buttons or answers to another word: those stand for themselves. What is less urgent
    and stands between them is passed over.
    """
    first = posts[0]
    together = [first]
    if not _plain(first, now) or now - first.at < WAITED:
        return (first,)
    length = _length(first)
    for post in posts[1:]:
        if post.kind in (PostKind.NOTICE, PostKind.TOPIC):
            break
        if post.kind is not PostKind.TEXT:
            continue
        length += _length(post) + 2
        if not _plain(post, now) or post.quotes is not None or post.reply_to is not None:
            break
        if length > LENGTH or len(together) == WORDS:
            break
        together.append(post)
    return tuple(together)


def sections(posts: Sequence[Post]) -> tuple[Section, ...]:
    """Return what a message of several posts says."""
    return tuple(Section(post.author, post.text) for post in posts)


def _plain(post: Post, now: datetime) -> bool:
    waits = post.delivery.not_before is not None and post.delivery.not_before > now
    words = post.kind is PostKind.TEXT and not post.attachments and not post.choices
    return words and not waits and post.delivery.state not in SETTLED


def _length(post: Post) -> int:
    return utf16_length(post.author) + 1 + utf16_length(post.text)
