"""The send budget: twenty a minute in the group, urgent things first, customers never held up by icons."""

import pytest

from bots.telegram.budget import ALBUM, CHAT_BURST, FILE, FREE, FURTHER, RESERVE, SendBudget
from bridge.delivery.quota import LocalQuota
from bridge.model.desk import PostKind
from tests.clock import Clock

GROUP = "-100"


def budget_of(clock: Clock, per_second: int = 30, desk: str = "") -> SendBudget:
    return SendBudget("7", per_second, (int(GROUP),), 20, desk, clock, LocalQuota(clock))


def test_every_kind_of_post_has_its_priority() -> None:
    assert set(RESERVE) | set(FREE) == {kind.value for kind in PostKind}


async def test_the_group_takes_twenty_in_any_minute(clock: Clock) -> None:
    budget = budget_of(clock)
    sent = []
    for _ in range(3000):
        if await budget.turn(GROUP, "text") == 0:
            sent.append(clock.now)
        clock.now += 0.05
    windows = [sum(start <= at < start + 60 for at in sent) for start in sent]
    # A full bucket and what grows back meanwhile: Telegram's own figure is about twenty, bursts allowed.
    assert max(windows) <= 40
    assert sum(1060 <= at < 1120 for at in sent) <= 21


async def test_icons_and_cards_leave_turns_to_words(clock: Clock) -> None:
    budget = budget_of(clock, per_second=0)  # no spacing within the group: the minute alone
    while await budget.turn(GROUP, "icon") == 0:
        pass
    assert await budget.turn(GROUP, "card") == 0
    while await budget.turn(GROUP, "card") == 0:
        pass
    assert await budget.turn(GROUP, "suggestion") == 0
    assert [await budget.turn(GROUP, "text") for _ in range(4)] == [0, 0, 0, 0]
    assert await budget.turn(GROUP, "text") > 0
    assert await budget.turn(GROUP, "mark") == 0


async def test_what_is_begun_goes_before_first_words(clock: Clock) -> None:
    budget = budget_of(clock, per_second=0)
    while await budget.turn(GROUP, "text") == 0:
        pass
    assert await budget.turn(GROUP, FURTHER) == 0
    assert await budget.turn(GROUP, FURTHER) == pytest.approx(3.0)
    clock.now += 3
    assert await budget.turn(GROUP, "text") > 0
    assert await budget.turn(GROUP, FILE) == 0


async def test_an_albums_spacing_is_owed_by_its_chat_alone(clock: Clock) -> None:
    budget = budget_of(clock)
    assert await budget.turn("1", "message") == 0
    assert [await budget.turn("1", FILE) for _ in range(9)] == [0] * 9
    assert await budget.turn("1", ALBUM, 9) == pytest.approx(1.0)
    clock.now += 1
    assert await budget.turn("1", ALBUM, 9) == 0
    assert await budget.turn("1", "message") == pytest.approx(7.0)
    assert await budget.turn("2", "message") == 0


async def test_a_group_of_few_turns_shows_everything_in_the_end(clock: Clock) -> None:
    budget = SendBudget("7", 0, (int(GROUP),), 1, "", clock, LocalQuota(clock))
    for kind in RESERVE:
        while wait := await budget.turn(GROUP, kind):
            clock.now += wait


async def test_the_group_is_a_chat_too_and_is_spaced(clock: Clock) -> None:
    budget = budget_of(clock)
    assert [await budget.turn(GROUP, "text") for _ in range(CHAT_BURST)] == [0] * CHAT_BURST
    assert await budget.turn(GROUP, "text") == pytest.approx(1.0)


async def test_one_chat_does_not_take_the_turns_of_another(clock: Clock) -> None:
    budget = budget_of(clock)
    while await budget.turn("1", "message") == 0:
        pass
    assert await budget.turn("2", "message") == 0


async def test_a_pause_telegram_asked_for_is_kept(clock: Clock) -> None:
    budget = budget_of(clock, per_second=0)
    await budget.unturn("1", 7)
    assert await budget.turn("1", "message") == pytest.approx(7)
    assert await budget.turn("2", "message") == 0
    clock.now += 7
    assert await budget.turn("1", "message") == 0


async def test_a_bot_that_is_refused_everywhere_pauses_and_the_groups_bot_goes_on(clock: Clock) -> None:
    budget = budget_of(clock, desk="8")
    for chat in "123":
        assert await budget.turn("9", "message") == 0
        await budget.unturn(chat, 60)
        clock.now += 0.1
    assert await budget.turn("9", "message") == pytest.approx(4.9)
    assert await budget.turn(GROUP, "text") == 0
    clock.now += 5
    assert await budget.turn("9", "message") == 0
    assert await budget.turn("1", "message") > 50
    await budget.unturn("1", 5)
    assert await budget.turn("9", "message") == 0  # one chat again, not the bot


async def test_typing_and_broadcasts_leave_turns_to_answers(clock: Clock) -> None:
    budget = budget_of(clock)
    typed = 0
    while await budget.turn(str(typed), "typing") == 0:
        typed += 1
    assert typed == 10
    assert await budget.turn("b", "broadcast") > 0
    assert [await budget.turn(str(chat), "message") for chat in range(10)] == [0] * 10


async def test_typing_takes_no_turn_of_the_chat(clock: Clock) -> None:
    budget = budget_of(clock)
    assert [await budget.turn("1", "typing") for _ in range(4)] == [0] * 4
    assert [await budget.turn("1", "message") for _ in range(CHAT_BURST)] == [0] * CHAT_BURST


async def test_all_chats_together_stay_under_the_bots_limit(clock: Clock) -> None:
    budget = budget_of(clock)
    sent = 0
    for number in range(400):
        sent += await budget.turn(str(number), "message") == 0
        clock.now += 0.01
    assert sent <= 30 + 4 * 30
