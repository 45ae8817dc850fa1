"""What a community and a person say to each other."""

from dataclasses import dataclass, field

from bots.emulators.control import Json


@dataclass(slots=True)
class Post:
    """One message of a dialog: `id` counts in the community, `cmid` in the dialog; `sender` is below 0 for its side."""

    id: int
    cmid: int
    at: float
    sender: int
    text: str
    attachments: list[Json] = field(default_factory=list)
    geo: Json | None = None
    reply_to: int | None = None
    forwarded: list[Json] = field(default_factory=list)
    keyboard: Json | None = None
    template: Json | None = None
    payload: str | None = None
    random_id: int = 0
    admin: int | None = None
    edited: float | None = None
    deleted: bool = False
    reactions: dict[str, int] = field(default_factory=dict)
    ref: str | None = None


@dataclass(slots=True)
class Dialog:
    """What a community and a person said to each other; `allowed` is None before the person wrote or allowed."""

    key: str
    group: int
    user: int
    allowed: bool | None = None
    closed: bool = False
    next_cmid: int = 1
    in_read: int = 0
    out_read: int = 0
    posts: list[Post] = field(default_factory=list)
    by_cmid: dict[int, Post] = field(default_factory=dict)

    def add(self, post: Post) -> Post:
        """Store a message at the end."""
        self.posts.append(post)
        self.by_cmid[post.cmid] = post
        return post

    def take_cmid(self) -> int:
        """Return the next conversation_message_id."""
        number = self.next_cmid
        self.next_cmid += 1
        return number

    def find(self, cmid: int) -> Post | None:
        """Return a message that is there and not deleted, by its conversation_message_id."""
        post = self.by_cmid.get(cmid)
        return None if post is None or post.deleted else post

    def by_id(self, message_id: int) -> Post | None:
        """Return a message that is there and not deleted, by its message id."""
        low, high = 0, len(self.posts)
        while low < high:
            middle = (low + high) // 2
            if self.posts[middle].id < message_id:
                low = middle + 1
            else:
                high = middle
        post = self.posts[low] if low < len(self.posts) else None
        return None if post is None or post.id != message_id or post.deleted else post


@dataclass(slots=True)
class Press:
    """A press of a callback button: who pressed what, and what the community answered."""

    event_id: str
    group: int
    user: int
    at: float
    answer: Json | None = None
