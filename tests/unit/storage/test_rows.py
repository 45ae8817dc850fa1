"""Rows are remembered with their documents: what is remembered must always be what the store holds."""

import gc
import tracemalloc
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.errors import Conflict
from bridge.model.conversations import Conversation, Entry, LastMessage, Stage
from bridge.model.events import AuditEvent
from bridge.model.ids import ChannelName, ChatId, ConversationId, CustomerId, MessageId, OperatorId
from bridge.model.imports import ImportStep
from storage.documents import Doc, Documents
from storage.memory import MemoryDocuments
from storage.repositories.base import Rows
from storage.repositories.conversations import _extra as extra
from storage.repositories.imports import CustomerImportRows
from storage.schema import ALL, CONVERSATIONS
from storage.sqlite import SqliteDocuments
from storage.sqlite.tables import KNOWN_TEXT, Table
from storage.sqlite.text import encode

T0 = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
MOMENTS = st.integers(0, 10**9).map(lambda micros: T0 + timedelta(microseconds=micros))
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "customer_name": TEXTS,
        "stage": st.sampled_from(Stage),
        "assignee": st.none() | TEXTS.map(OperatorId),
        "tags": st.lists(TEXTS.filter(bool), max_size=3).map(tuple),
        "seq": st.integers(0, 2**40),
        "waiting_since": st.none() | MOMENTS,
        "updated_at": MOMENTS,
        "last_message": st.none() | st.builds(LastMessage, TEXTS, TEXTS, MOMENTS, TEXTS.map(MessageId)),
        "decided": st.lists(TEXTS, max_size=3).map(tuple),
        "pending": st.lists(
            st.builds(
                Entry, TEXTS, st.tuples(st.builds(AuditEvent, TEXTS, MOMENTS, TEXTS, TEXTS, TEXTS)), st.booleans()
            ),
            max_size=2,
        ).map(tuple),
    },
)


def first() -> Conversation:
    return Conversation(
        ConversationId("c"), 1, ChannelName("telegram"), ChatId("7"), CustomerId("k"), "Анна", Stage.BOT, T0, T0
    )


def rows(documents: Documents) -> Rows[Conversation]:
    return Rows(documents, CONVERSATIONS, Conversation, extra)


@pytest.mark.parametrize("kind", ["memory", "sqlite"])
@settings(max_examples=40)
@given(steps=st.lists(CHANGES, max_size=6))
async def test_a_row_written_step_by_step_is_what_a_stranger_reads(
    tmp_path_factory: pytest.TempPathFactory, kind: str, steps: list[dict[str, object]]
) -> None:
    path = tmp_path_factory.mktemp("rows") / "rows.sqlite3"
    documents: Documents = MemoryDocuments() if kind == "memory" else SqliteDocuments(path)
    await documents.open([CONVERSATIONS])
    try:
        mine = rows(documents)
        row = await mine.insert(first())
        for step in steps:
            row = await mine.replace(replace(row, **step))  # type: ignore[arg-type]
            assert row == await mine.get("c") == await rows(documents).get("c")
        doc = await documents.get(CONVERSATIONS, "c")
        assert doc is not None
        assert doc.body == mine.body(row)
    finally:
        await documents.close()


async def test_what_another_process_wrote_is_read(tmp_path: Path) -> None:
    here, there = SqliteDocuments(tmp_path / "rows.sqlite3"), SqliteDocuments(tmp_path / "rows.sqlite3")
    await here.open([CONVERSATIONS])
    await there.open([CONVERSATIONS])
    try:
        mine, theirs = rows(here), rows(there)
        row = await mine.insert(first())
        await theirs.replace(replace(await theirs.get("c"), customer_name="Борис"))
        with pytest.raises(Conflict):
            await mine.replace(replace(row, seq=5))
        assert (await mine.get("c")).customer_name == "Борис"
        await there.delete(CONVERSATIONS, "c")
        await theirs.insert(replace(first(), customer_name="Вера"))  # the same version once more, another text
        assert (await mine.get("c")).customer_name == "Вера"
    finally:
        await here.close()
        await there.close()


def test_texts_that_are_remembered_are_bounded_by_their_length() -> None:
    table = Table(CONVERSATIONS)
    body = {"a": "x" * (KNOWN_TEXT // 3)}
    docs = [table.know(encode(body), Doc(str(n), 1, body)) for n in range(10)]
    assert table.doc("9", 1, encode(body)) is docs[9]
    assert table.doc("0", 1, encode(body)) is not docs[0]


async def test_steps_of_an_import_leave_nothing_in_memory(tmp_path: Path) -> None:
    documents = SqliteDocuments(tmp_path / "a.sqlite3")
    await documents.open(ALL)
    imports = CustomerImportRows(documents)

    async def note(first: int, last: int) -> int:
        for n in range(first, last):
            made = tuple(f"{n}-{each:012}" for each in range(1000))
            await imports.note(ImportStep(f"j:{n:09}", "j", n, made), [])
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        before = await note(0, 5)
        assert await note(5, 45) - before < 1_000_000, "40 steps name 40,000 customers: 3 MB"
    finally:
        tracemalloc.stop()
        await documents.close()
