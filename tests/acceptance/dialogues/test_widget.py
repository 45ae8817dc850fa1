"""A visitor of the shop's page talks through the real door: bot, buttons, people, resume."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests import shop as shops
from tests.widget import SECRET, Visitor


@pytest.fixture
async def shop(tmp_path: Path, library: Any, matcher: Any) -> AsyncIterator[shops.Shop]:
    async with shops.open_shop(tmp_path, library, matcher, site={"secret": SECRET}) as opened:
        yield opened


@pytest.fixture
async def anna(shop: shops.Shop) -> AsyncIterator[Visitor]:
    visitor = Visitor(shop)
    yield visitor
    await visitor.leave()


async def test_a_visitor_asks_the_bot_and_presses_its_buttons(shop: Any, anna: Visitor, article: Any) -> None:
    tab = await anna.come()
    assert tab.frames[0] == {"type": "ready", "conversation_id": None, "seq": 0, "online": True, "stage": "bot"}
    ack = await tab.say(article.questions[0])
    answer = await tab.gets(article.answer[:30])
    assert [button["text"] for button in answer["buttons"]] == ["Да, спасибо", "Нет"]
    assert answer["author"] == {"kind": "bot", "name": "Бот"}
    own = tab.messages[0]
    assert (own["id"], own["client_id"], own["text"]) == (ack["message_id"], ack["client_id"], article.questions[0])
    await tab.press(answer, "Да, спасибо")
    await tab.gets("Рад, что помогло")
    await shop.quiet()
    conversation = await anna.conversation()
    assert (conversation["channel"], conversation["stage"]) == ("site", "bot")
    assert conversation["customer"]["name"].startswith("Гость ")
    seqs = [message["seq"] for message in tab.messages]
    assert seqs == sorted(set(seqs))
