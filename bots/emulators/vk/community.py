"""A community: its token and settings, its wall, and the events that wait for it."""

from dataclasses import dataclass, field

from bots.emulators.control import Json

RANDOM_KEPT = 50_000
#: Who answers for a community in VK itself when nobody is named; called as the community is.
ADMIN_ID = 100_001
#: Rights a community's token may carry; a call that needs one the token lacks is refused with error 15.
SCOPES = ("messages", "photos", "docs", "wall", "manage")


@dataclass(slots=True)
class Event:
    """Something that happened, as Long Poll and callbacks tell it; `peer` orders what belongs together."""

    event_id: str
    type: str
    object: Json
    peer: int
    at: float
    secret: str | None = None

    def as_json(self, group: int, version: str) -> Json:
        """Return the envelope."""
        return {"group_id": group, "type": self.type, "event_id": self.event_id, "v": version, "object": self.object}


@dataclass(slots=True)
class Pending:
    """An event on its way to a callback server: tried so often, to be sent so many times."""

    event: Event
    tries: int = 0
    copies: int = 1


@dataclass(slots=True)
class CallbackServer:
    """A callback server of a community: where events go, which ones, and how that went."""

    id: int
    title: str
    url: str
    secret: str = ""
    status: str = "wait"
    api_version: str = "5.199"
    events: dict[str, int] = field(default_factory=dict)
    confirmed: bool = False
    failures: int = 0
    queue: dict[str, Pending] = field(default_factory=dict)


@dataclass(slots=True)
class Comment:
    """A comment below a post of the wall; `sender` is below 0 for the community."""

    id: int
    at: float
    sender: int
    text: str
    attachments: list[Json] = field(default_factory=list)
    reply_to: int | None = None
    guid: str = ""
    edited: float | None = None
    deleted: bool = False


@dataclass(slots=True)
class WallPost:
    """A post on a community's wall with its comments by id."""

    id: int
    at: float
    sender: int
    text: str
    attachments: list[Json] = field(default_factory=list)
    comments: dict[int, Comment] = field(default_factory=dict)


@dataclass(slots=True)
class Community:
    """A community: its token, its settings, and what happened lately for Long Poll."""

    id: int
    token: str
    name: str
    screen_name: str
    scopes: list[str] = field(default_factory=lambda: list(SCOPES))
    admin_token: str = ""
    confirmation: str = ""
    poll_on: bool = False
    poll_version: str = "5.199"
    poll_events: dict[str, int] = field(default_factory=dict)
    poll_key: str = ""
    poll_secret: str = ""
    ts: int = 1
    events: list[Event | None] = field(default_factory=list)
    servers: dict[int, CallbackServer] = field(default_factory=dict)
    next_server: int = 1
    next_message: int = 1
    next_wall: int = 1
    banned: list[int] = field(default_factory=list)
    members: list[int] = field(default_factory=list)
    randoms: dict[str, Json] = field(default_factory=dict)
    wall: dict[int, WallPost] = field(default_factory=dict)

    def take_message(self) -> int:
        """Return the next message id: they count through all dialogs of the community."""
        number = self.next_message
        self.next_message += 1
        return number

    def take_wall(self) -> int:
        """Return the next id of the wall: posts and comments share one count."""
        number = self.next_wall
        self.next_wall += 1
        return number
