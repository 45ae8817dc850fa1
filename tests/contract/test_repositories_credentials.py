"""What proofs of who somebody is promise over any store."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bridge.clock import SystemClock
from bridge.errors import Conflict
from bridge.model.credentials import SecondFactor
from bridge.model.ids import OperatorId
from bridge.model.operators import ApiToken
from storage.repositories import Repositories
from storage.schema import ALL

T0 = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
OLGA, PETR = OperatorId("op-olga"), OperatorId("op-petr")


def at(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


@pytest.fixture
async def store(documents: Any) -> Repositories:
    await documents.open(ALL)
    return Repositories(documents, SystemClock())


async def test_a_second_factor_is_begun_anew_until_it_is_confirmed_and_tokens_go(store: Repositories) -> None:
    proofs = store.credentials
    first = await proofs.begin_factor(SecondFactor(OLGA, "one", T0))
    again = await proofs.begin_factor(SecondFactor(OLGA, "two", at(1)))
    confirmed = await proofs.replace_factor(replace(again, confirmed_at=at(2), step=7, spares=("a", "b")))
    with pytest.raises(Conflict, match="there already"):
        await proofs.begin_factor(SecondFactor(OLGA, "three", at(3)))
    with pytest.raises(Conflict):
        await proofs.replace_factor(first)
    assert await proofs.factor(OLGA) == confirmed
    assert confirmed.secret == "two"
    assert await proofs.factor(PETR) is None
    assert [await proofs.drop_factor(OLGA), await proofs.drop_factor(OLGA)] == [True, False]
    for number in range(3):
        await store.staff.add_token(ApiToken(f"hash{number}", OLGA, at(number), scopes=("kb:read",), expires_at=at(60)))
    newest = (await proofs.tokens(OLGA))[0]
    assert newest.id == "hash2"
    used = await proofs.replace_token(replace(newest, used_at=at(9)))
    assert await store.staff.token("hash2") == used
    assert await proofs.drop_token("hash2")
    assert [row.id for row in await proofs.tokens(OLGA)] == ["hash1", "hash0"]
