"""Accounts of one server share its connections; the last one closes them."""

import pytest

from bots.telegram.account import Account
from bridge.errors import ChannelBroken

ONE, TWO = "7000000001:" + "A" * 35, "7000000002:" + "B" * 35
HERE, THERE = "http://127.0.0.1:1", "http://127.0.0.1:2"


async def test_the_last_one_closes_the_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    one, two, other = Account(ONE, HERE, 20), Account(TWO, HERE, 20), Account(ONE, THERE, 20)
    assert one.session is two.session is not other.session
    closed: list[object] = []

    async def close(session: object) -> None:
        closed.append(session)

    monkeypatch.setattr(type(one.session), "close", close)
    await one.close()
    await one.close()
    assert closed == []
    await two.close()
    await other.close()
    assert closed == [one.session, other.session]
    assert Account(ONE, HERE, 20).session is not one.session


async def test_a_token_that_is_none_holds_nothing() -> None:
    with pytest.raises(ChannelBroken, match="unauthorized"):
        Account("nonsense", HERE, 20)


def test_without_a_loop_there_is_nobody_to_share_with() -> None:
    assert Account(ONE, HERE, 20).session is not Account(TWO, HERE, 20).session


async def test_every_bot_has_a_secret_of_its_own() -> None:
    one, two = Account(ONE, HERE, 20), Account(TWO, HERE, 20)
    assert one.secret != two.secret
    assert len(one.secret) == 64
    assert ONE.partition(":")[2] not in one.secret
