"""Who is told of a decision, and when he may be disturbed: pure rules."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bridge.model.access import Reach, Scope
from bridge.model.conversations import Conversation, Stage
from bridge.model.events import AuditEvent
from bridge.model.ids import ChannelName, ChatId, ConversationId, CustomerId, MessageId, OperatorId
from bridge.model.messages import Author, AuthorKind, Message
from bridge.model.notices import EVERYBODY, Kind, KindWays, Notice, NoticeWishes, Way
from bridge.model.operators import Operator, Role
from bridge.notices import whom
from bridge.notices.people import roused

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ANNA, MARK, BOSS = (OperatorId(name) for name in ("anna", "mark", "boss"))
PEOPLE = {
    id: Operator(id, f"{id}@example.com", id.title(), Role.OPERATOR, "", NOW, telegram_user_id=number)
    for number, id in enumerate((ANNA, MARK, BOSS), 1)
}
PLACE = ChannelName("telegram"), ChatId("1"), CustomerId("cu1"), "Клиент"
CASE = Conversation(ConversationId("c1"), 1, *PLACE, Stage.BOT, NOW, NOW)
OWNED = replace(CASE, stage=Stage.OPERATOR, assignee=ANNA, assignee_name="Анна")
WAITING = replace(CASE, stage=Stage.WAITING, waiting_since=NOW)


def line(kind: AuthorKind, by: str, text: str = "слово", *mentions: OperatorId) -> Message:
    author = Author(kind, by, by.title())
    return Message(MessageId("m1"), CASE.id, 1, author, text, NOW, CASE.channel, CASE.chat, mentions=mentions)


def told(before: Conversation, after: Conversation, *rows: object) -> dict[str, Notice]:
    found = whom.told(before, after, rows, "key", NOW, PEOPLE, letters=True)
    assert found == whom.told(before, after, rows, "key", NOW, PEOPLE, letters=True)  # derived again: the same rows
    assert len({row.operator for row in found}) == len(found)
    return {row.operator: row for row in found}


def done(by: str) -> AuditEvent:
    return AuditEvent("a1", NOW, by, "done", "conversation:c1")


def test_a_word_that_concerns_nobody_is_told_of_to_nobody_without_a_look() -> None:
    word = line(AuthorKind.CUSTOMER, "cu1")
    assert not whom.concerns(CASE, CASE, [word])
    assert not whom.concerns(WAITING, WAITING, [word])  # it waited before, all have been told
    assert not whom.concerns(OWNED, replace(OWNED, banned=True), [word])
    assert whom.concerns(CASE, WAITING, [])
    assert whom.concerns(CASE, CASE, [line(AuthorKind.NOTE, "mark", "@Анна", ANNA)])


def test_everybody_is_told_once_of_what_concerns_him_most_and_nobody_of_his_own_deeds() -> None:
    followed = replace(OWNED, followers=(ANNA, MARK, BOSS))
    found = told(followed, followed, line(AuthorKind.CUSTOMER, "cu1"))
    assert {who: row.kind for who, row in found.items()} == {
        "anna": Kind.REPLY,
        "mark": Kind.FOLLOWED,
        "boss": Kind.FOLLOWED,
    }
    note = line(AuthorKind.NOTE, "boss", "  @Марк\n<b>важно</b> " + "я" * 500, MARK)
    found = told(followed, followed, note, done("boss"))
    assert {who: row.kind for who, row in found.items()} == {"anna": Kind.NOTE, "mark": Kind.MENTION}
    assert found["mark"].text.startswith("@Марк <b>важно</b> я")
    assert len(found["mark"].text) == whom.EXCERPT
    given = replace(OWNED, assignee=MARK)
    assert {who: row.kind for who, row in told(OWNED, given, done("boss")).items()} == {"mark": Kind.ASSIGNED}
    assert told(CASE, OWNED, done("anna")) == {}  # who claims knows it
    assert [row.operator for row in told(CASE, WAITING).values()] == [EVERYBODY]


def test_ways_are_as_a_person_wishes_and_never_lead_to_what_he_does_not_get() -> None:
    wishes = NoticeWishes((KindWays(Kind.REPLY, (Way.BROWSER, Way.TELEGRAM, Way.EMAIL)),), email_minutes=5)
    person = replace(PEOPLE[ANNA], notices=wishes)
    news = whom.News("key", NOW, OWNED)
    row = whom.notice(person, Kind.REPLY, news, letters=True)
    assert row is not None
    assert (row.telegram_at, row.email_at) == (NOW + whom.TELEGRAM_AFTER, NOW + timedelta(minutes=5))
    late = replace(person, notices=replace(wishes, quiet_from=11 * 60, quiet_to=13 * 60))
    row = whom.notice(late, Kind.REPLY, news, letters=False)
    assert row is not None
    assert (row.ways, row.telegram_at, row.email_at) == ((Way.TELEGRAM, Way.EMAIL), NOW + timedelta(hours=1), None)
    silent = replace(person, notices=NoticeWishes((KindWays(Kind.REPLY, ()),)))
    elsewhere = replace(person, id=MARK, team_reach=Reach(Scope.ONLY, ("other",)))
    gone = replace(person, disabled=True)
    assert [whom.notice(each, Kind.REPLY, news, letters=True) for each in (silent, elsewhere, gone)] == [None] * 3


@pytest.mark.parametrize(
    ("begin", "end", "at", "free"),
    [
        (22 * 60, 8 * 60, datetime(2026, 3, 1, 20, 30, tzinfo=UTC), datetime(2026, 3, 2, 5, 0, tzinfo=UTC)),
        (22 * 60, 8 * 60, datetime(2026, 3, 1, 4, 59, tzinfo=UTC), datetime(2026, 3, 1, 5, 0, tzinfo=UTC)),
        (22 * 60, 8 * 60, datetime(2026, 3, 1, 5, 0, tzinfo=UTC), datetime(2026, 3, 1, 5, 0, tzinfo=UTC)),
        (13 * 60, 14 * 60, datetime(2026, 3, 1, 10, 30, tzinfo=UTC), datetime(2026, 3, 1, 11, 0, tzinfo=UTC)),
        (-1, -1, NOW, NOW),
        (60, 60, NOW, NOW),
    ],
)
def test_quiet_hours_are_those_of_a_persons_own_clock(begin: int, end: int, at: datetime, free: datetime) -> None:
    assert roused(NoticeWishes(quiet_from=begin, quiet_to=end, time_zone="Europe/Moscow"), at) == free
    assert roused(NoticeWishes(quiet_from=0, quiet_to=24 * 60 - 1, time_zone="No/Where"), at) >= at
