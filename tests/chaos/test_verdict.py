"""The verdict sees what it is there for: each way of losing, doubling, disordering, done to a chat that is whole."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bridge.model.messages import AuthorKind, Delivery, DeliveryState, Message
from tests.chaos.lives import live, look
from tests.chaos.verdict import Thread, Verdict, judge_thread

Rows = list[Message]
Seen = list[dict[str, Any]]


@pytest.fixture
async def whole() -> Thread:
    return (await live()).thread


def judged(thread: Thread) -> Verdict:
    verdict = Verdict()
    judge_thread(verdict, thread, look)
    return verdict


def numbered(rows: Rows) -> Rows:
    """Give rows their places anew, so that only what was done to them is wrong."""
    return [replace(row, seq=seq) for seq, row in enumerate(rows, 1)]


def place(rows: Rows, kind: AuthorKind, number: int) -> int:
    return [index for index, row in enumerate(rows) if row.author.kind is kind][number]


def delivered(row: Message, **changes: Any) -> Message:
    assert isinstance(row.delivery, Delivery)
    return replace(row, delivery=replace(row.delivery, **changes))


def last_answer(rows: Rows, **changes: Any) -> None:
    rows[-1] = delivered(rows[-1], **changes)


def word_lost(rows: Rows, seen: Seen) -> None:
    del rows[place(rows, AuthorKind.CUSTOMER, 1)]


def word_twice(rows: Rows, seen: Seen) -> None:
    index = place(rows, AuthorKind.CUSTOMER, 1)
    rows.insert(index, rows[index])


def words_swapped(rows: Rows, seen: Seen) -> None:
    one, other = place(rows, AuthorKind.CUSTOMER, 0), place(rows, AuthorKind.CUSTOMER, 1)
    rows[one], rows[other] = rows[other], rows[one]


def answer_lost(rows: Rows, seen: Seen) -> None:
    gone = rows.pop(place(rows, AuthorKind.BOT, 2))
    assert gone.delivery is not None
    seen[:] = [item for item in seen if str(item["message_id"]) != gone.delivery.external_id]


def answered_twice(rows: Rows, seen: Seen) -> None:
    rows.append(delivered(rows[-1], external_id="999"))
    seen.append(seen[-1] | {"message_id": 999})


def answer_to_more(rows: Rows, seen: Seen) -> None:
    words = [row.text for row in rows if row.author.kind is AuthorKind.CUSTOMER]
    best = look("\n".join(words[-2:]), "").ranked[0]
    source = rows[-1].source
    assert source is not None
    rows[-1] = replace(rows[-1], source=replace(source, confidence=best.confidence))


def greeting_lost(rows: Rows, seen: Seen) -> None:
    gone = rows.pop(place(rows, AuthorKind.BOT, 0))
    assert gone.delivery is not None
    seen[:] = [item for item in seen if str(item["message_id"]) != gone.delivery.external_id]


def never_arrived(rows: Rows, seen: Seen) -> None:
    seen.pop()


def arrived_twice(rows: Rows, seen: Seen) -> None:
    seen.append(seen[-1] | {"message_id": 999})


def arrivals_swapped(rows: Rows, seen: Seen) -> None:
    bots = [index for index, item in enumerate(seen) if item["from"]["is_bot"]]
    seen[bots[1]], seen[bots[2]] = seen[bots[2]], seen[bots[1]]


def waits_for_ever(rows: Rows, seen: Seen) -> None:
    last_answer(rows, state=DeliveryState.SENDING, external_id=None)
    seen.pop()


def cancelled(rows: Rows, seen: Seen) -> None:
    last_answer(rows, state=DeliveryState.CANCELLED, external_id=None)
    seen.pop()


Harm = Callable[[Rows, Seen], None]


async def test_a_whole_chat_is_clean(whole: Thread) -> None:
    verdict = judged(whole)
    assert verdict.faults == []
    assert verdict.clean
    assert (verdict.messages, verdict.answers, verdict.merged) == (5, 4, 1)
    assert verdict.retried > 0


@pytest.mark.parametrize(
    ("harm", "what"),
    [
        (word_lost, "lost"),
        (word_twice, "doubled"),
        (words_swapped, "disordered"),
        (answer_lost, "lost"),
        (answered_twice, "doubled"),
        (answer_to_more, "doubled"),
        (greeting_lost, "lost"),
        (never_arrived, "lost"),
        (arrived_twice, "doubled"),
        (arrivals_swapped, "disordered"),
        (waits_for_ever, "lost"),
        (cancelled, "lost"),
    ],
)
async def test_harm_is_counted(whole: Thread, harm: Harm, what: str) -> None:
    rows, seen = list(whole.rows), list(whole.seen)
    harm(rows, seen)
    rows = numbered(rows)
    conversation = replace(whole.conversations[0], seq=len(rows))
    verdict = judged(replace(whole, conversations=[conversation], rows=rows, seen=seen))
    assert getattr(verdict, what) > 0
    assert not verdict.clean


@pytest.mark.parametrize("arrivals", [0, 1, 2])
async def test_what_stands_as_unknown_may_have_arrived_or_not(whole: Thread, arrivals: int) -> None:
    rows, seen = list(whole.rows), list(whole.seen)
    last_answer(rows, state=DeliveryState.UNKNOWN, external_id=None)
    last = seen.pop()
    seen += [last | {"message_id": 900 + number} for number in range(arrivals)]
    verdict = judged(replace(whole, rows=rows, seen=seen))
    assert verdict.clean
    assert (verdict.unknown, verdict.unknown_arrived) == (1, arrivals)


async def test_a_hole_in_the_numbers_is_counted(whole: Thread) -> None:
    rows = [replace(row, seq=row.seq + 1) if row.seq > 3 else row for row in whole.rows]
    conversation = replace(whole.conversations[0], seq=rows[-1].seq)
    assert judged(replace(whole, conversations=[conversation], rows=rows)).lost == 1


async def test_a_second_conversation_is_counted(whole: Thread) -> None:
    first = whole.conversations[0]
    second = replace(first, id="other", seq=0)
    assert judged(replace(whole, conversations=[first, second])).doubled == 1
