"""What canned replies, macros, drafts and held replies promise over any store."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bridge.clock import SystemClock
from bridge.errors import Conflict, NotFound
from bridge.model.canned import Canned, Deed, Macro, MacroStep, Shared
from bridge.model.conversations import Conversation, Stage
from bridge.model.drafts import Afterwards, Held, StoredDraft, draft_id
from bridge.model.files import Attachment
from bridge.model.ids import ArticleId, ChannelName, ChatId, ConversationId, CustomerId, FileId, MessageId, OperatorId
from storage.repositories import Repositories
from storage.schema import ALL as COLLECTIONS

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ANNA, MARK = OperatorId("anna"), OperatorId("mark")
FILE = Attachment(FileId("f1"), "photo", "схема.png", "image/png", 100, 3, 4)


@pytest.fixture
async def store(documents: Any) -> Repositories:
    await documents.open(COLLECTIONS)
    return Repositories(documents, SystemClock())


async def test_canned_replies_and_macros_are_kept_and_their_uses_counted(store: Repositories) -> None:
    first = await store.canned.add(Canned("c1", "Возврат", "Здравствуйте!", ANNA, NOW, attachments=(FILE,)))
    other = await store.canned.add(Canned("c2", "Адрес", "Мы здесь", MARK, NOW, Shared.ALL, shortcut="адрес"))
    assert await store.canned.all() == [other, first]
    with pytest.raises(NotFound):
        await store.canned.get("c9")
    # A use is no change: who edits meanwhile is not told that somebody else did.
    assert [await store.canned.used("c1", token) for token in "aab"] == [1, 1, 2]
    assert await store.canned.uses(["c1", "c2"]) == {"c1": 2}
    changed = await store.canned.replace(replace(first, text="Добрый день!"))
    assert (changed.version, (await store.canned.get("c1")).attachments) == (2, (FILE,))
    with pytest.raises(Conflict):
        await store.canned.replace(first)
    steps = (MacroStep(Deed.REPLY, "Готово"), MacroStep(Deed.CLOSE))
    macro = await store.macros.add(Macro("c1", "Закрыть", steps, ANNA, NOW))
    assert (await store.macros.all(), await store.macros.uses(["c1"])) == ([macro], {})
    await store.canned.drop("c1")
    await store.canned.drop("c1")
    assert await store.canned.all() == [other]
    assert await store.canned.uses(["c1"]) == {}
    assert await store.macros.get("c1") == macro


def draft(who: OperatorId, conversation: str, mode: str, text: str, minute: int, stamp: str) -> StoredDraft:
    at, where = NOW + timedelta(minutes=minute), ConversationId(conversation)
    return StoredDraft(draft_id(who, where, mode), who, where, mode, text, at, stamp, (FILE,), MessageId("m1"))


async def test_the_last_draft_stands_and_a_sent_one_takes_no_newer_words_away(store: Repositories) -> None:
    where = ConversationId("k1")
    await store.drafts.put(draft(ANNA, "k1", "reply", "Добрый", 0, "s1"))
    await store.drafts.put(draft(ANNA, "k1", "reply", "Добрый день", 1, "s2"))
    await store.drafts.put(draft(ANNA, "k1", "note", "спросить", 2, "s3"))
    await store.drafts.put(draft(ANNA, "k2", "reply", "ждите", 3, "s4"))
    await store.drafts.put(draft(MARK, "k1", "reply", "я тут", 4, "s5"))
    found = await store.drafts.get(ANNA, where, "reply")
    assert found is not None
    assert (found.text, found.stamp, found.attachments) == ("Добрый день", "s2", (FILE,))
    assert [each.text for each in await store.drafts.of(ANNA, 2)] == ["ждите", "спросить"]
    assert not await store.drafts.drop(ANNA, where, "reply", "s1")
    assert await store.drafts.drop(ANNA, where, "reply", "s2")
    assert not await store.drafts.drop(ANNA, where, "reply", None)
    # With its conversation go everybody's drafts in it.
    await store.erasing.take_conversation(where, [ANNA])
    assert [each.text for each in await store.drafts.of(ANNA, 9)] == ["ждите"]
    assert await store.drafts.of(MARK, 9) == []


def held(id: str, minute: int, failed: str = "") -> Held:
    due = NOW + timedelta(minutes=minute)
    then = Afterwards(True, due)
    return Held(
        MessageId(id),
        id,
        ANNA,
        "Анна",
        "Отправлено",
        NOW,
        due,
        True,
        (FILE,),
        None,
        ArticleId("a"),
        3,
        then,
        "panel",
        failed,
    )


async def test_conversations_are_found_by_the_first_reply_they_hold(store: Repositories) -> None:
    rows = []
    for number, replies in enumerate(((), (held("m1", 5), held("m2", 1)), (held("m3", 0, "forbidden"),))):
        blank = Conversation(
            ConversationId(f"k{number}"),
            0,
            ChannelName("telegram"),
            ChatId(str(number)),
            CustomerId("c"),
            "Игорь",
            Stage.WAITING,
            NOW,
            NOW,
            held=replies,
        )
        rows.append(await store.conversations.open(blank))
    assert await store.conversations.to_send(NOW, 9) == []
    assert await store.conversations.to_send(NOW + timedelta(minutes=1), 9) == [rows[1]]
    await store.conversations.replace(replace(rows[1], held=rows[1].held[:1]))
    assert await store.conversations.to_send(NOW + timedelta(minutes=4), 9) == []
    assert (await store.conversations.get(rows[1].id)).held == (held("m1", 5),)
