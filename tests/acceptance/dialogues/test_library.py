"""What an editor changes, the bot says a moment later; also when another process changed it."""

from dataclasses import replace
from typing import Any

from bridge.library import index as verbs


async def test_an_article_put_by_api_is_answered_at_once(shop: Any) -> None:
    article = {
        "id": "cat",
        "title": "Кот в магазине",
        "questions": ["как зовут вашего кота"],
        "answer": "Нашего кота зовут Черпак, он живёт на складе.",
        "lang": "ru",
    }
    await shop.api("POST", "/articles", article, who="admin", status=201)
    anna = await shop.phone()
    await anna.say("как зовут вашего кота")
    await anna.gets("Черпак")


async def test_an_article_put_beside_the_running_process_is_taken_up(
    tmp_path: Any, library: Any, article: Any, open_shop: Any, until: Any
) -> None:
    from kb_matcher import KbMatcher

    async with open_shop(tmp_path, library, await KbMatcher.build(library)) as shop:
        changed = replace(article, answer="Совсем другой ответ о доставке.", questions=("почём привезёте слона",))
        await shop.bridge.store.articles.put(changed)
        await verbs.changed(shop.bridge.store)

        async def known() -> bool:
            match = await shop.bridge.matcher.match("почём привезёте слона")
            return match.exact

        await until(known)
        anna = await shop.phone()
        await anna.say("почём привезёте слона")
        await anna.gets("Совсем другой ответ")
