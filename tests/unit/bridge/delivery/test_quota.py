"""Turns that grow back: all buckets of a send together or none, and a pause before all of them."""

import pytest

from bridge.delivery.quota import KEPT, Draw, LocalQuota
from tests.clock import Clock


async def test_a_bucket_gives_its_size_then_spaces(clock: Clock) -> None:
    quota = LocalQuota(clock)
    draw = [Draw("a", 3, 1.0)]
    assert [await quota.take("", draw) for _ in range(3)] == [0, 0, 0]
    assert await quota.take("", draw) == pytest.approx(1.0)
    clock.now += 0.5
    assert await quota.take("", draw) == pytest.approx(0.5)
    clock.now += 0.5
    assert await quota.take("", draw) == 0


async def test_who_must_wait_for_one_bucket_takes_from_none(clock: Clock) -> None:
    quota = LocalQuota(clock)
    assert await quota.take("", [Draw("narrow", 1, 0.1)]) == 0
    assert await quota.take("", [Draw("wide", 1, 1.0), Draw("narrow", 1, 0.1)]) == pytest.approx(10)
    assert await quota.take("", [Draw("wide", 1, 1.0)]) == 0


async def test_a_reserve_stays(clock: Clock) -> None:
    quota = LocalQuota(clock)
    assert await quota.take("", [Draw("a", 2, 1.0, reserve=1)]) == 0
    assert await quota.take("", [Draw("a", 2, 1.0, reserve=1)]) == pytest.approx(1.0)
    assert await quota.take("", [Draw("a", 2, 1.0)]) == 0


async def test_more_than_a_bucket_holds_is_owed(clock: Clock) -> None:
    quota = LocalQuota(clock)
    assert await quota.take("", [Draw("a", 3, 1.0)]) == 0
    assert await quota.take("", [Draw("a", 3, 1.0, count=10)]) == pytest.approx(1.0)
    clock.now += 1
    assert await quota.take("", [Draw("a", 3, 1.0, count=10)]) == 0
    assert await quota.take("", [Draw("a", 3, 1.0)]) == pytest.approx(8.0)


async def test_a_pause_comes_before_all_buckets(clock: Clock) -> None:
    quota = LocalQuota(clock)
    await quota.pause("chat", 7)
    assert await quota.take("chat", []) == pytest.approx(7)
    assert await quota.take("other", []) == 0
    clock.now += 7
    assert await quota.take("chat", []) == 0


async def test_turns_taken_elsewhere_are_missing_here(clock: Clock) -> None:
    quota = LocalQuota(clock)
    draw = [Draw("a", 2, 1.0)]
    for _ in range(5):
        quota.note(draw)
    assert await quota.take("", draw) == pytest.approx(1.0)


async def test_full_buckets_are_forgotten(clock: Clock) -> None:
    quota = LocalQuota(clock)
    held = [Draw("held", 1, 0.001)]
    assert await quota.take("", held) == 0
    for number in range(KEPT + 2):
        await quota.take("", [Draw(str(number), 1, 1.0)])
        clock.now += 0.01
    assert len(quota._buckets) < KEPT
    assert await quota.take("", held) > 0
