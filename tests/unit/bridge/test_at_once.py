"""A plain question and its answer in one write, where no breath is waited for; and what never is."""

import contextlib
from typing import Any

import pytest

from bridge.model.conversations import Conversation, Stage
from bridge.model.desk import DeskRules, PostKind
from bridge.model.messages import AuthorKind
from tests.hall import OLGA
from tests.property.histories import Op, World


class Shop(World):
    """A shop that answers at once, whose writes of conversations are counted."""

    async def found(self) -> None:
        self.burst = 0
        await super().found()
        self.swaps: list[Conversation] = []
        conversations = self.process.bridge.store.conversations
        replace = conversations.replace

        async def counted(row: Conversation) -> Conversation:
            self.swaps.append(row)
            return await replace(row)

        conversations.replace = counted  # type: ignore[method-assign]

    async def asks(self, text: str) -> list[str]:
        """Ask; returns what stands in the thread then, "?" for the customer's words, and forgets what was counted."""
        self.swaps.clear()
        await self.say("1", text)
        await self.deliver(False)
        await self.work("in", 1)
        return await self.thread()

    async def thread(self) -> list[str]:
        id = await self.case("1")
        assert id is not None
        rows = await self.eyes.messages.page(id, 0, None, 100)
        return ["?" if row.author.kind is AuthorKind.CUSTOMER else row.event.code if row.event else "!" for row in rows]


@pytest.fixture
async def shop() -> Shop:
    made = Shop()
    await made.found()
    return made


async def test_a_plain_question_is_one_write_of_its_conversation(shop: Shop) -> None:
    assert await shop.asks("вопрос") == ["?", "!", "!"]  # greeted with it
    assert len(shop.swaps) == 1
    assert await shop.asks("сомнение") == ["?", "!", "!", "?", "!"]
    assert len(shop.swaps) == 1


async def test_calling_a_person_is_written_after_the_word(shop: Shop) -> None:
    assert (await shop.asks("туман"))[0] == "?"
    assert len(shop.swaps) == 2
    assert shop.swaps[-1].stage is Stage.WAITING


async def test_the_first_question_opens_a_topic_and_is_answered_in_one_write(shop: Shop) -> None:
    desk: Any = shop.process.bridge.desk
    desk.rules = DeskRules(open_at="first_message")
    assert await shop.asks("вопрос") == ["?", "!", "!"]
    assert len(shop.swaps) == 1
    await shop.work("out", 40)
    words = [post.author for post in shop.street.posts if post.kind is PostKind.TEXT]
    assert words == ["Покупатель 1", "🤖 Бот", "🤖 Бот"]


@pytest.mark.parametrize("back", [False, True])
async def test_a_person_who_takes_over_meanwhile_silences_the_bot(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, back: bool
) -> None:
    await shop.asks("вопрос")
    library: Any = shop.process.bridge.matcher
    match = library.match

    async def slow(*arguments: Any, **more: Any) -> Any:
        monkeypatch.setattr(library, "match", match)
        await shop.happen(Op("act", ("olga", "claim", "1")))
        if back:
            await shop.happen(Op("act", ("olga", "bot", "1")))
        return await match(*arguments, **more)

    monkeypatch.setattr(library, "match", slow)
    after = ["released_to_bot", "?", "!"] if back else ["claimed", "?"]
    assert (await shop.asks("вопрос"))[-len(after) :] == after
    assert not caplog.records
    id = await shop.case("1")
    assert id is not None
    assert (await shop.eyes.conversations.get(id)).assignee == (None if back else OLGA.id)


async def broken(*arguments: Any, **more: Any) -> Any:
    raise RuntimeError("it fell over")


@pytest.mark.parametrize("part", ["matcher.match", "store.articles.many", "phrases.say"])
async def test_whatever_falls_over_keeps_no_word_from_the_thread(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    await shop.asks("вопрос")
    before = len(await shop.thread())
    *way, name = part.split(".")
    owner: Any = shop.process.bridge
    for step in way:
        owner = getattr(owner, step)

    def say(*arguments: Any, **more: Any) -> str:
        raise RuntimeError("it fell over")

    with monkeypatch.context() as patch:
        patch.setattr(type(owner), name, say if name == "say" else broken)
        with contextlib.suppress(RuntimeError):
            await shop.asks("сомнение")
    assert (await shop.thread())[before] == "?"
