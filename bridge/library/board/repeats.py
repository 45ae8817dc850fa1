"""What people of the desk answer again and again, and no article says: editors make one of it, or let it be."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bridge import policy
from bridge.context import Bridge
from bridge.errors import NotFound
from bridge.library.board.desk_answers import said_before, similar
from bridge.library.board.repeating import repeated
from bridge.library.learning.labels import masked
from bridge.model.ids import ConversationId, MessageId
from bridge.model.operators import Operator
from bridge.model.staff_answers import StaffAnswer
from bridge.rights import require
from bridge.teamwork import access

#: How far back the list looks, days, and at how many answers at most; older ones are forgotten.
DAYS = 90
MOST = 2000
#: Customers an answer must have gone to.
CUSTOMERS = 3
#: Groups that are listed.
LISTED = 50


@dataclass(frozen=True, slots=True)
class Repeat:
    """An answer that several customers were given; what is shown of it is its newest one, by whose id it goes."""

    id: str
    text: str
    question: str
    customers: int
    times: int
    operators: tuple[str, ...]  # who gives it most first
    at: datetime
    languages: dict[str, int]
    channels: dict[str, int]
    message: MessageId
    conversation: ConversationId


async def repeats(
    bridge: Bridge, actor: Operator, *, language: str | None = None, channel: str | None = None
) -> list[Repeat]:
    """Return answers that went to at least CUSTOMERS customers, the most usual first. Raises Forbidden.

    What was skipped, what an article was made of and what one says already is left out.
    """
    require(actor, "suggest")
    done = await bridge.store.staff_answers.settled()
    kept = await bridge.store.staff_answers.open(bridge.clock.now() - timedelta(days=DAYS), MOST)
    rows = await access.sifted(bridge, actor, kept)
    rows = [row for row in rows if language in (None, row.language) and channel in (None, row.channel)]
    known = [*done, *rows]
    groups = [[known[one] for one in group] for group in repeated([row.text for row in known])]
    groups = [group for group in groups if all(row.state == "open" for row in group)]
    groups = [group for group in groups if len({row.customer for row in group}) >= CUSTOMERS]
    groups.sort(key=lambda group: (-len({row.customer for row in group}), -group[0].at.timestamp(), group[0].id))
    found = [await _repeat(bridge, group) for group in groups[:LISTED]]
    return [each for each in found if each is not None]


async def _repeat(bridge: Bridge, group: Sequence[StaffAnswer]) -> Repeat | None:
    """Return a group as it is listed; None: its newest word was taken back, or an article says it."""
    newest = max(group, key=lambda row: (row.at, row.id))
    message = await bridge.store.messages.find(newest.message)
    if message is None or message.deleted_at is not None:
        return None
    (conversation,) = await bridge.store.conversations.many([newest.conversation])
    question = masked(bridge, conversation, policy.asked(await said_before(bridge, message)))
    near = await similar(bridge, question, newest.text, newest.language)
    if any(each.same for each in near):
        return None
    return Repeat(
        newest.id,
        newest.text,
        question,
        len({row.customer for row in group}),
        len(group),
        tuple(name for name, _ in Counter(row.operator_name for row in group).most_common()),
        newest.at,
        dict(Counter(row.language for row in group)),
        dict(Counter(str(row.channel) for row in group)),
        newest.message,
        newest.conversation,
    )


async def skip(bridge: Bridge, actor: Operator, id: str) -> None:
    """Let an answer be: it and what says nearly the same is listed no more. Raises Forbidden, NotFound, Conflict."""
    await _move(bridge, actor, id, "open", "skipped")


async def unskip(bridge: Bridge, actor: Operator, id: str) -> None:
    """Take `skip` back. Raises Forbidden, NotFound, Conflict("version")."""
    await _move(bridge, actor, id, "skipped", "open")


async def _move(bridge: Bridge, actor: Operator, id: str, before: str, after: str) -> None:
    require(actor, "article")
    rows = await bridge.store.staff_answers.many([id])
    if not rows:
        raise NotFound(f"answer {id}")
    if rows[0].state == before:
        await bridge.store.staff_answers.replace(replace(rows[0], state=after))
