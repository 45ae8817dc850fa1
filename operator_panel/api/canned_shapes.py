"""Canned replies, macros, drafts and held replies as the API takes and shows them."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from bridge.model.canned import Deed, Shared
from operator_panel.api.bodies import Asked, Attached, Change, NewMessage, Seq
from operator_panel.api.shape import Shape, Time
from operator_panel.api.shapes import Attachment, Conversation, Message, Ref

Id = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Title = Annotated[str, StringConstraints(max_length=200)]
Words = Annotated[str, StringConstraints(max_length=20_000)]
Shortcut = Annotated[str, StringConstraints(max_length=60)]
Language = Literal["", "ru", "en"]
Mode = Literal["reply", "note"]


class Canned(Shape):
    """A canned reply; `text` holds variables in double braces, `language` "" fits any.

    `shared`: own, of a `team`, or for all; `used`: how often it was inserted; `mine`: the caller may change it.
    """

    id: str
    title: str
    text: str
    shortcut: str
    shared: Shared
    team: Ref | None
    by: Ref
    language: Language
    attachments: list[Attachment]
    used: int
    mine: bool
    created_at: Time
    version: int


class CannedList(Shape):
    """Canned replies the caller is offered, by title, and the variables their texts may hold."""

    items: list[Canned]
    next: str | None = None
    variables: list[str]


class NewCanned(Asked):
    """A canned reply to be written; files were uploaded before."""

    title: Title
    text: Words = ""
    shortcut: Shortcut = ""
    shared: Shared = Shared.OWN
    team: Id | None = None
    language: Language = ""
    attachments: list[Attached] = Field([], max_length=10)


class CannedChange(Change):
    """What is given takes the place of what is there."""

    title: Title | None = None
    text: Words | None = None
    shortcut: Shortcut | None = None
    shared: Shared | None = None
    team: Id | None = None
    language: Language | None = None
    attachments: list[Attached] | None = Field(None, max_length=10)


class Insertion(Asked):
    """Where a canned reply is inserted; `token` tells tries of one insertion from another one."""

    conversation: Id
    token: str | None = Field(None, min_length=1, max_length=100)


class Inserted(Shape):
    """A canned reply as it stands in a conversation: `unfilled` variables are still in its text.

    Its files are copies, the caller's to send.
    """

    conversation_id: str
    text: str
    unfilled: list[str]
    attachments: list[Attachment]


class Step(Shape):
    """One thing a macro does: `value` is a text, a tag, an operator's id or `me`, a team's id, minutes, a priority."""

    deed: Deed
    value: str


class NewStep(Asked):
    """A step as it is given."""

    deed: Deed
    value: Words = ""


class Macro(Shape):
    """A macro: steps done one after the other by one press; otherwise as a canned reply."""

    id: str
    title: str
    steps: list[Step]
    shortcut: str
    shared: Shared
    team: Ref | None
    by: Ref
    used: int
    mine: bool
    created_at: Time
    version: int


class NewMacro(Asked):
    """A macro to be made."""

    title: Title
    steps: list[NewStep] = Field(max_length=50)
    shortcut: Shortcut = ""
    shared: Shared = Shared.OWN
    team: Id | None = None


class MacroChange(Change):
    """What is given takes the place of what is there."""

    title: Title | None = None
    steps: list[NewStep] | None = Field(None, max_length=50)
    shortcut: Shortcut | None = None
    shared: Shared | None = None
    team: Id | None = None


class MacroRun(Asked):
    """Which macro is run; `seen_seq` as for a reply, `client_id` names the run for its own retries.

    `hold_seconds`: its replies can be taken back for so long, and with the last one what closes or snoozes after it.
    """

    macro: Id
    hold_seconds: float | None = Field(None, gt=0, le=15, allow_inf_nan=False)
    seen_seq: Seq | None = None
    client_id: str | None = Field(None, min_length=1, max_length=100)


class StepOutcome(Step):
    """What came of a step; `reason` is why it failed, and what follows it is skipped."""

    state: Literal["done", "failed", "skipped"]
    reason: str | None


class MacroDone(Shape):
    """A macro that was run."""

    steps: list[StepOutcome]
    messages: list[Message]
    conversation: Conversation


class Draft(Shape):
    """What the caller has written and not sent; `stamp` is another one each time it is written."""

    conversation_id: str
    mode: Mode
    text: str
    attachments: list[Attachment]
    reply_to: str | None
    suggestion: str | None
    seq: int
    at: Time
    stamp: str


class Drafts(Shape):
    """The caller's drafts in a conversation, one a mode at most."""

    items: list[Draft]


class NewDraft(Asked):
    """A draft in place of the one that is there; an empty one deletes it. `page` is not told of its own words."""

    mode: Mode = "reply"
    text: Words = ""
    attachments: list[Attached] = Field([], max_length=20)
    reply_to: str | None = Field(None, max_length=64)
    suggestion: str | None = Field(None, max_length=100)
    seq: Seq = 0
    page: str = Field("", max_length=100)


class DraftKept(Shape):
    """The draft as it is kept now; null: there is none."""

    draft: Draft | None


class DraftGone(Asked):
    """Which draft is forgotten; of a `stamp`: only if nothing newer was written."""

    mode: Mode = "reply"
    stamp: str | None = Field(None, max_length=64)
    page: str = Field("", max_length=100)


class NewHeld(NewMessage):
    """A reply that goes out later: in `hold_seconds`, within which it can be taken back, or at `send_at`."""

    kind: Literal["reply"] = "reply"
    hold_seconds: float | None = Field(None, ge=0, le=15, allow_inf_nan=False)
    send_at: AwareDatetime | None = None


class HeldChange(Asked):
    """When a held reply goes out instead, and what it says."""

    send_at: AwareDatetime
    text: Words | None = None
