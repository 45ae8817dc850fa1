"""Who is told of a decision: derived from what it changed, under ids made of its key; pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bridge.model.conversations import Conversation, Stage
from bridge.model.drafts import Held
from bridge.model.events import AuditEvent
from bridge.model.ids import CustomerId, OperatorId, derive
from bridge.model.messages import AuthorKind, Message
from bridge.model.notices import EVERYBODY, Kind, Notice, Way
from bridge.model.operators import Operator
from bridge.notices.people import roused
from bridge.rights import may

#: What is still unread after so long goes out by the bot: who sits at the panel has seen it by then.
TELEGRAM_AFTER = timedelta(seconds=30)
#: Characters of an excerpt.
EXCERPT = 200
#: Kinds of a customer's words that nobody has to be told of.
WORDLESS = ("command", "code", "press")


#: Kinds that everybody is told of whom a free conversation falls to.
SHARED = (Kind.NEW, Kind.DEADLINE)

People = Mapping[OperatorId, Operator]

#: What tells a conversation's owner that its sleep is over.
WOKEN = ("woken", "reopened_by_time")


@dataclass(frozen=True, slots=True)
class News:
    """What there is to tell: of which conversation (None: of none), under which key, when, and what it says."""

    key: str
    at: datetime
    about: Conversation | None
    message: Message | None = None
    actor: str = ""
    detail: str = ""
    task: str | None = None
    text: str = ""
    customer: CustomerId | None = None  # whom it is about where there is no conversation


def concerns(before: Conversation, after: Conversation, rows: Sequence[object]) -> bool:
    """Tell whether anybody may have to be told: of most words nobody is, and nothing is read for them."""
    if after.banned:
        return False
    if after.assignee or after.followers or unsent(before, after) or (is_free(after) and not _waited(before, after)):
        return True
    return any(isinstance(row, Message) and row.mentions for row in rows)


def unsent(before: Conversation, after: Conversation) -> list[Held]:
    """Return the planned replies of which it has just turned out that they cannot go."""
    return [each for each in after.held if each.failed and not each.undo and each not in before.held]


def is_free(row: Conversation) -> bool:
    """Tell whether a conversation waits and nobody owns it."""
    return row.stage is Stage.WAITING and row.assignee is None


def _waited(before: Conversation, after: Conversation) -> bool:
    return is_free(before) and before.team == after.team


def told(
    before: Conversation,
    after: Conversation,
    rows: Sequence[object],
    key: str,
    at: datetime,
    people: People,
    letters: bool,
) -> list[Notice]:
    """Return the notices that follow from a decision, one a person at most; `letters`: they can be sent."""
    kinds: dict[OperatorId, tuple[Kind, News]] = {}
    doers = {row.actor for row in rows if isinstance(row, AuditEvent)}
    lines = [row for row in rows if isinstance(row, Message)]
    doers |= {row.author.id for row in lines if row.author.kind is not AuthorKind.CUSTOMER}
    actor = next((people[OperatorId(id)].name for id in doers if id in people), "")

    def tell(who: OperatorId | None, kind: Kind, line: Message | None, detail: str = "", text: str = "") -> None:
        if who is not None and who not in doers:
            said = line is not None and line.author.kind is AuthorKind.CUSTOMER
            news = News(key, at, after, line, "" if said else actor, detail, text=text or (line.text if line else ""))
            kinds.setdefault(who, (kind, news))

    for line in lines:
        for who in line.mentions:
            tell(who, Kind.MENTION, line)
    for person, detail, text in _called_back(before, after, lines):
        tell(person, Kind.TASK, None, detail, text)
    if after.assignee and after.bin == after.assignee and before.bin != after.bin:
        tell(after.assignee, Kind.ASSIGNED, None)
    for line in lines:
        if line.author.kind is AuthorKind.NOTE:
            tell(after.assignee, Kind.NOTE, line)
        elif line.author.kind is AuthorKind.CUSTOMER and line.kind not in WORDLESS:
            tell(after.assignee if after.bin == after.assignee else None, Kind.REPLY, line)
    for line in lines:
        if line.author.kind is not AuthorKind.BOT and line.kind not in WORDLESS:
            for who in after.followers:
                tell(who, Kind.FOLLOWED, line, line.event.code if line.event else line.author.kind.value)
    found = [notice(people[who], kind, news, letters) for who, (kind, news) in kinds.items() if who in people]
    if is_free(after) and not _waited(before, after):
        text = after.last_said.text if after.last_said else ""
        found.append(to_all(people.values(), Kind.NEW, News(key, at, after, text=text), letters, doers))
    return [row for row in found if row is not None]


def _called_back(
    before: Conversation, after: Conversation, lines: Sequence[Message]
) -> Iterator[tuple[OperatorId | None, str, str]]:
    """Yield who has to look at a conversation again, why, and what he is told: its sleep is over, a plan failed."""
    for event in (line.event for line in lines if line.event and line.event.code in WOKEN):
        yield after.assignee, "woken", event.detail
    for held in unsent(before, after):
        for who in (held.by, after.assignee):
            yield who, "unsent", held.text


def wants(person: Operator, kind: Kind, row: Conversation | None) -> tuple[Way, ...]:
    """Return by which ways a person is told of something in a conversation: by none of one he does not get."""
    return person.notices.ways(kind) if may(person, "read") and (row is None or person.sight.sees(row)) else ()


def falls(person: Operator, kind: Kind, row: Conversation | None) -> tuple[Way, ...]:
    """Return by which ways a person is told of a free conversation: by none if it does not fall to him."""
    falls_to = row is not None and may(person, "claim") and person.sight.falls(row.team)
    return wants(person, kind, row) if falls_to else ()


def notice(person: Operator, kind: Kind, news: News, letters: bool) -> Notice | None:
    """Return what a person is told, None: he does not want to be, or does not get the conversation."""
    ways = wants(person, kind, news.about)
    if not ways:
        return None
    wishes, free_at = person.notices, roused(person.notices, news.at)
    if free_at > news.at:
        ways = tuple(way for way in ways if way is not Way.BROWSER)
    by_bot = Way.TELEGRAM in ways and person.telegram_user_id is not None
    by_letter = letters and Way.EMAIL in ways and bool(person.email)
    later = news.at + timedelta(minutes=wishes.email_minutes)
    return _row(
        person.id,
        kind,
        news,
        ways,
        roused(wishes, news.at + TELEGRAM_AFTER) if by_bot else None,
        roused(wishes, later) if by_letter else None,
    )


def to_all(
    people: Iterable[Operator], kind: Kind, news: News, letters: bool, doers: Iterable[str] = ()
) -> Notice | None:
    """Return what everybody is told to whom a free conversation falls: one row, None when nobody wants it."""
    found = [falls(person, kind, news.about) for person in people if person.id not in set(doers)]
    ways = tuple(way for way in Way if any(way in each for each in found))
    if not ways:
        return None
    by_bot = news.at + TELEGRAM_AFTER if Way.TELEGRAM in ways or (letters and Way.EMAIL in ways) else None
    return _row(EVERYBODY, kind, news, ways, by_bot, None)


def _row(
    who: OperatorId,
    kind: Kind,
    news: News,
    ways: tuple[Way, ...],
    telegram_at: datetime | None,
    email_at: datetime | None,
) -> Notice:
    row = news.about
    return Notice(
        derive("notice", row.id if row else "", news.key, kind.value, who),
        who,
        kind,
        news.at,
        ways,
        row.id if row else None,
        row.home if row else news.customer,
        row.team if row else None,
        news.message.id if news.message else None,
        news.task,
        row.customer_name if row else "",
        news.actor,
        " ".join(news.text.split())[:EXCERPT],
        news.detail,
        telegram_at=telegram_at,
        email_at=email_at,
    )
