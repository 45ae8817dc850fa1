"""The stage table, whole: every stage meets everything that can happen."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge import handoff
from bridge.errors import Conflict
from bridge.model.conversations import Conversation, DeskState, Stage
from bridge.model.ids import ChannelName, ChatId, ConversationId, CustomerId, OperatorId
from bridge.model.operators import Operator, Role

T0 = datetime(2025, 3, 1, 12, 0, tzinfo=UTC)
OLGA = Operator(OperatorId("olga"), "olga@shop.example", "Ольга", Role.OPERATOR, "", T0)
PETR = replace(OLGA, id=OperatorId("petr"), name="Пётр")

BOT, WAITING, OPERATOR, CLOSED = Stage.BOT, Stage.WAITING, Stage.OPERATOR, Stage.CLOSED

HAPPENINGS: dict[str, Callable[[Conversation], Conversation]] = {
    "customer writes": lambda c: handoff.customer_writes(c, T0),
    "handoff": lambda c: handoff.hand_off(c, T0),
    "bot answers": handoff.bot_answers,
    "owner claims": lambda c: handoff.claim(c, OLGA),
    "another claims": lambda c: handoff.claim(c, PETR),
    "owner replies": lambda c: handoff.reply(c, OLGA),
    "another replies": lambda c: handoff.reply(c, PETR),
    "assigned to another": lambda c: handoff.assign(c, PETR),
    "release to queue": lambda c: handoff.release(c, "queue"),
    "release to bot": lambda c: handoff.release(c, "bot"),
    "close": lambda c: handoff.close(c, T0),
    "reopen": handoff.reopen,
}

#: Happening -> stage after it, from bot, waiting, operator (Olga's), closed (was Olga's); a word: the Conflict's code.
TABLE: dict[str, tuple[Stage | str, Stage | str, Stage | str, Stage | str]] = {
    "customer writes": (BOT, WAITING, OPERATOR, BOT),
    "handoff": (WAITING, WAITING, OPERATOR, CLOSED),
    "bot answers": (BOT, "taken", "taken", "taken"),
    "owner claims": (OPERATOR, OPERATOR, OPERATOR, "closed"),
    "another claims": (OPERATOR, OPERATOR, "taken", "closed"),
    "owner replies": (OPERATOR, OPERATOR, OPERATOR, OPERATOR),
    "another replies": (OPERATOR, OPERATOR, OPERATOR, OPERATOR),
    "assigned to another": (OPERATOR, OPERATOR, OPERATOR, "closed"),
    "release to queue": (WAITING, WAITING, WAITING, "closed"),
    "release to bot": (BOT, BOT, BOT, "closed"),
    "close": (CLOSED, CLOSED, CLOSED, CLOSED),
    "reopen": (BOT, WAITING, OPERATOR, OPERATOR),
}
#: Who owns it afterwards, where somebody does; Olga owned it before in the stages operator and closed.
OWNERS: dict[str, tuple[str | None, str | None, str | None, str | None]] = {
    "customer writes": (None, None, "olga", None),
    "handoff": (None, None, "olga", "olga"),
    "bot answers": (None, None, None, None),
    "owner claims": ("olga", "olga", "olga", None),
    "another claims": ("petr", "petr", None, None),
    "owner replies": ("olga", "olga", "olga", "olga"),
    "another replies": ("petr", "petr", "olga", "petr"),
    "assigned to another": ("petr", "petr", "petr", None),
    "release to queue": (None, None, None, None),
    "release to bot": (None, None, None, None),
    "close": (None, None, "olga", "olga"),
    "reopen": (None, None, "olga", "olga"),
}
#: Happenings after which a bot's word decided before is never sent: a person spoke, took it or ended it.
HUMAN = {
    "owner claims": (1, 1, 0, 0),
    "another claims": (1, 1, 0, 0),
    "owner replies": (1, 1, 1, 1),
    "another replies": (1, 1, 1, 1),
    "assigned to another": (1, 1, 1, 0),
    "close": (1, 1, 1, 0),
}


def standing(stage: Stage) -> Conversation:
    owned = stage in (OPERATOR, CLOSED)
    return Conversation(
        id=ConversationId("c"),
        number=1,
        channel=ChannelName("tg"),
        chat=ChatId("1"),
        customer=CustomerId("cu"),
        customer_name="Анна",
        stage=stage,
        created_at=T0,
        updated_at=T0,
        assignee=OLGA.id if owned else None,
        assignee_name=OLGA.name if owned else None,
        closed_at=T0 if stage is CLOSED else None,
        epoch=5,
    )


@pytest.mark.parametrize("column", range(4), ids=[stage.value for stage in Stage])
@pytest.mark.parametrize("happening", TABLE)
def test_the_whole_table(happening: str, column: int) -> None:
    before = standing(tuple(Stage)[column])
    expected = TABLE[happening][column]
    if isinstance(expected, Stage):
        after = HAPPENINGS[happening](before)
        assert (after.stage, after.assignee) == (expected, OWNERS[happening][column])
        assert (after.assignee is None) == (after.assignee_name is None)
        assert (after.closed_at is not None) == (after.stage is CLOSED)
        assert after.epoch == before.epoch + HUMAN.get(happening, (0, 0, 0, 0))[column]
    else:
        with pytest.raises(Conflict) as caught:
            HAPPENINGS[happening](before)
        assert caught.value.code == expected


def test_a_conflict_names_the_owner() -> None:
    with pytest.raises(Conflict, match="Ольга"):
        handoff.claim(standing(OPERATOR), PETR)


def test_what_changes_nothing_returns_the_same() -> None:
    for stage, happening in ((OPERATOR, "owner claims"), (CLOSED, "close"), (WAITING, "reopen"), (WAITING, "handoff")):
        before = standing(stage)
        assert HAPPENINGS[happening](before) == before


def test_a_closed_conversation_without_owner_reopens_to_the_queue() -> None:
    nobodys = replace(standing(CLOSED), assignee=None, assignee_name=None)
    assert handoff.reopen(nobodys).stage is WAITING


def test_the_wait_begins_with_the_first_unanswered_word_and_ends_with_an_answer() -> None:
    first = handoff.customer_writes(standing(BOT), T0)
    later = handoff.customer_writes(first, T0 + timedelta(minutes=5))
    assert later.waiting_since == T0
    assert handoff.hand_off(later, T0 + timedelta(minutes=6)).waiting_since == T0
    assert handoff.bot_answers(later).waiting_since is None
    assert handoff.claim(later, OLGA).waiting_since == T0
    assert handoff.reply(later, OLGA).waiting_since is None
    assert handoff.release(handoff.claim(later, OLGA), "queue").waiting_since == T0
    assert handoff.reopen(handoff.close(later, T0)).waiting_since == T0
    assert handoff.hand_off(standing(BOT), T0).waiting_since == T0


def test_a_word_wakes_a_sleeping_conversation_and_a_customer_in_a_closed_one_waits_anew() -> None:
    asleep = replace(standing(OPERATOR), snoozed_until=T0 + timedelta(days=1), waiting_since=T0)
    assert handoff.customer_writes(asleep, T0).snoozed_until is None
    assert handoff.reply(asleep, OLGA).snoozed_until is None
    late = T0 + timedelta(hours=1)
    assert handoff.customer_writes(replace(standing(CLOSED), waiting_since=T0), late).waiting_since == late


@pytest.mark.parametrize(("hours", "goes_on"), [(0, True), (24, True), (24.001, False), (1000, False)])
def test_a_closed_conversation_goes_on_for_a_day(hours: float, goes_on: bool) -> None:
    assert handoff.reopens(standing(CLOSED), T0 + timedelta(hours=hours), 24) is goes_on


def test_an_open_conversation_always_goes_on() -> None:
    for stage in (BOT, WAITING, OPERATOR):
        assert handoff.reopens(standing(stage), T0 + timedelta(days=9999), 24)


def test_the_rows_place_in_the_inbox() -> None:
    waits = replace(standing(WAITING), waiting_since=T0)
    assert (waits.desk_state, waits.bin) == (DeskState.DUE, "free")
    assert replace(waits, stage=BOT).desk_state is DeskState.ANSWERED
    assert replace(waits, stage=BOT).bin == "bot"
    assert replace(waits, snoozed_until=T0).desk_state is DeskState.SNOOZED
    assert standing(OPERATOR).desk_state is DeskState.ANSWERED
    assert standing(OPERATOR).bin == "olga"
    assert (standing(CLOSED).desk_state, standing(CLOSED).bin) == (DeskState.CLOSED, "closed")


@given(st.lists(st.sampled_from(sorted(HAPPENINGS)), max_size=30))
def test_any_way_through_the_table_keeps_its_word(way: list[str]) -> None:
    """An owner where and only where a person holds the word or may get it back; the epoch never falls."""
    now = standing(BOT)
    for happening in way:
        before = now
        try:
            now = HAPPENINGS[happening](now)
        except Conflict:
            continue
        assert now.epoch >= before.epoch
        assert (now.stage is OPERATOR) <= (now.assignee is not None)
        assert (now.stage in (BOT, WAITING)) <= (now.assignee is None)
        if now.stage is OPERATOR and before.stage is not OPERATOR and happening != "reopen":
            assert now.epoch > before.epoch
