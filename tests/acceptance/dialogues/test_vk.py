"""VK, played through the real door: question, answer, buttons, handoff, files, changes, both transports."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.community import Community


@pytest.fixture(params=["callback", "longpoll"])
async def shop(
    request: pytest.FixtureRequest, tmp_path: Any, library: Any, matcher: Any, open_shop: Any, community: Community
) -> AsyncIterator[Any]:
    """A shop with a community, by either transport."""
    table = {**community.table, "mode": request.param}
    async with open_shop(tmp_path, library, matcher, more={"vk": table}) as opened:
        yield opened


async def test_a_sure_question_is_answered_and_its_button_pressed(
    shop: Any, community: Community, article: Any
) -> None:
    anna = await community.person()
    await anna.say(article.questions[0])
    answer = await anna.gets(article.answer[:30])
    assert [button["text"] for row in answer["buttons"] for button in row] == ["Да, спасибо", "Нет"]
    await anna.press(answer, "Да, спасибо")
    await anna.gets("Рад, что помогло")
    await shop.quiet()
    conversation = await shop.stage(anna, "bot")
    assert (conversation["channel"], conversation["customer"]["name"]) == ("vk", "Анна Ковалёва")
    bot = [m for m in await shop.history(anna) if m["author"]["kind"] == "bot"]
    assert [m["delivery"]["state"] for m in bot] == ["sent"] * 3
    late = await anna.press(answer, "Нет")
    assert "уже не действует" in late["text"]
