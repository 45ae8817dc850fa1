"""What the repositories promise over any store: questions without an answer."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bridge.clock import SystemClock
from bridge.errors import Conflict
from bridge.model.ids import ArticleId, ChannelName, ConversationId
from bridge.model.misses import Miss
from storage.documents import Documents
from storage.repositories import Repositories
from storage.schema import ALL

T0 = datetime(2025, 3, 1, 12, 0, tzinfo=UTC)


def miss(number: int) -> Miss:
    at = T0 + timedelta(hours=number)
    return Miss(f"m{number}", at, f"вопрос {number}", "ru", ChannelName("tg"), ConversationId("c"), "unsure")


async def test_questions_are_written_once_listed_newest_first_and_swapped_by_version(documents: Documents) -> None:
    await documents.open(ALL)
    store = Repositories(documents, SystemClock())
    rows = [miss(number) for number in range(4)]
    assert await store.write_rows(rows[:3]) == rows[:3]
    assert await store.write_rows(rows) == rows[3:]
    assert [row.id for row in await store.misses.open(T0 + timedelta(hours=1), 2)] == ["m3", "m2"]
    (there,) = await store.misses.many(["none", "m1"])
    taken = await store.misses.replace(replace(there, state="taken", article=ArticleId("a")))
    with pytest.raises(Conflict):
        await store.misses.replace(replace(there, state="dismissed"))
    assert [row.id for row in await store.misses.open(T0, 9)] == ["m3", "m2", "m0"]
    assert await store.misses.of(ArticleId("a"), 9) == [taken]
