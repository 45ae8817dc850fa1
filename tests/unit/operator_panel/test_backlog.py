"""What waits for one live line."""

import asyncio

import pytest

from operator_panel.backlog import Backlog, Frame, TooSlow


async def test_frames_come_out_in_order() -> None:
    backlog = Backlog()
    for text in "abc":
        backlog.put(Frame(text))
    assert [await backlog.get() for _ in range(3)] == ["a", "b", "c"]


async def test_a_newer_row_takes_the_older_ones_place_at_the_end() -> None:
    backlog = Backlog()
    backlog.put(Frame("row 1 old", "row:1"))
    backlog.put(Frame("message"))
    backlog.put(Frame("row 1 new", "row:1"))
    assert [await backlog.get() for _ in range(2)] == ["message", "row 1 new"]
    assert len(backlog) == 0


async def test_a_full_backlog_says_so_but_takes_what_replaces() -> None:
    backlog = Backlog(room=2)
    backlog.put(Frame("a", "row:1"))
    backlog.put(Frame("b"))
    backlog.put(Frame("c", "row:1"))
    with pytest.raises(TooSlow):
        backlog.put(Frame("d"))
    assert len(backlog) == 2


async def test_who_waits_is_woken() -> None:
    backlog = Backlog()
    waiter = asyncio.create_task(backlog.get())
    await asyncio.sleep(0)
    backlog.put(Frame("now"))
    assert await waiter == "now"
