"""The widget served by one process, decided in another: over one store, with hints that reach the other and without."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from bridge import writing
from bridge.delivery.inbox import Inbox
from bridge.delivery.outbox import Outbox
from bridge.delivery.sharing import Installation
from bridge.feed import Feed
from mostik_house import House, open_channels, open_house, web_app, work
from tests import shop as shops
from tests.ports import free_port
from tests.widget import Tab, Visitor, signed


@asynccontextmanager
async def another(shop: Any, matcher: Any, role: str, bus: Any = None) -> AsyncIterator[str]:
    """Run a second process of the same installation, of this role; without a bus it hears nothing of the first."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    settings = shop.house.settings
    settings = settings.model_copy(update={"bots": {"site": settings.bots["site"]}})
    async with open_house(settings, url, matcher=matcher) as opened:
        house = opened
        if bus is not None:
            feed = Feed(opened.bridge.store, bus, opened.bridge.clock)
            channels = open_channels(settings.bots, url, lambda name: Installation(bus=bus))
            bridge = replace(opened.bridge, bus=bus, feed=feed, channels=channels)
            house = House(settings, opened.documents, bridge, Inbox(bridge), Outbox(bridge))
        async with shops.serving(web_app(house, url, role), port):
            working = asyncio.create_task(work(house, role))
            try:
                yield url
            finally:
                working.cancel()
                await asyncio.gather(working, return_exceptions=True)


async def come(visitor: Visitor, until: Any) -> Tab:
    """Enter as soon as the process takes visitors in."""

    async def taken() -> bool:
        async with visitor.shop.http.post(f"{visitor.base}/session", json={}) as answer:
            return answer.status == 200

    await until(taken)
    return await visitor.come()


async def test_words_answers_and_marks_cross_deaf_processes(site: Any, matcher: Any, article: Any, until: Any) -> None:
    async with another(site, matcher, "doors") as url:
        anna = Visitor(site, at=url)
        tab = await come(anna, until)
        await tab.say(article.questions[0])
        await tab.gets(article.answer[:30])
        await tab.say("оператор")
        await tab.gets("зову оператора")
        conversation = await anna.conversation()
        path = f"/conversations/{conversation['id']}/messages"
        await site.api("POST", path, {"text": "Здравствуйте, это Елена", "kind": "reply"})
        await tab.gets("это Елена")
        here = Visitor(site, token=anna.token)
        other = await here.open()
        await other.say("пишу из другой вкладки", "other-tab")
        await tab.frame(lambda one: one.get("message", {}).get("client_id") == "other-tab")
        await tab.send(type="seen", seq=100)

        async def read() -> bool:
            rows = (await site.api("GET", path))["items"]
            return all(row["delivery"]["state"] == "read" for row in rows if row["delivery"])

        await until(read)
        seqs = [message["seq"] for message in tab.messages]
        assert seqs == sorted(set(seqs))
        await here.leave()
        await anna.leave()


async def test_what_is_of_the_moment_crosses_the_bus(site: Any, matcher: Any, article: Any, until: Any) -> None:
    async with another(site, matcher, "doors", site.bridge.bus) as url:
        anna = Visitor(site, at=url)
        tab = await come(anna, until)
        await tab.say(article.questions[0])
        answer = await tab.gets(article.answer[:30])
        (chat,) = {row.chat for row in await site.bridge.store.messages.stuck(("delivered", "read", "sent"), 10)}
        await site.bridge.channels.by_name["site"].typing(chat)
        await tab.frame(lambda one: one["type"] == "typing")
        await tab.press(answer, "Нет")
        await tab.gets("Жаль, что не помогло")
        await tab.press(answer, "Да, спасибо")
        await tab.frame(lambda one: one["type"] == "notice")
        elsewhere = Visitor(site)
        await anna.enter(signed("1042"))
        await elsewhere.enter(signed("1042"))
        assert (await elsewhere.open()).texts == tab.texts
        await elsewhere.leave()
        await anna.leave()


async def test_what_the_desk_does_in_one_process_is_seen_by_visitors_of_another(
    site: Any, matcher: Any, until: Any
) -> None:
    async with another(site, matcher, "doors", site.bridge.bus) as url:
        anna = Visitor(site, at=url)
        tab = await come(anna, until)
        assert tab.frames[0]["online"] is False
        await tab.say("позовите оператора", "first")
        await tab.gets("зову оператора")
        word = (await tab.frame(lambda one: one.get("message", {}).get("client_id") == "first"))["message"]
        path = f"/conversations/{(await anna.conversation())['id']}"
        said = await site.api("POST", f"{path}/messages", {"text": "Отправим завтра", "kind": "reply"})
        await tab.gets("Отправим завтра")
        await tab.frame(lambda one: one["type"] == "ready" and one["online"])
        await site.api("PATCH", f"/messages/{said['id']}", {"text": "Отправим сегодня"})
        await tab.frame(lambda one: one["type"] == "update" and one["message"]["text"] == "Отправим сегодня")
        await site.api("POST", f"{path}/read", {"seq": word["seq"]})
        assert (await tab.frame(lambda one: one["type"] == "seen"))["seq"] == word["seq"]
        conversation = await site.bridge.store.conversations.get(path.rpartition("/")[2])
        elena = await site.bridge.store.staff.by_email("elena@kedr.example")
        await writing.operator(site.bridge, elena, conversation)
        await tab.frame(lambda one: one["type"] == "typing" and one["author"]["name"] == "Елена Соколова")
        await site.api("POST", f"{path}/close", {})
        asks = await tab.gets("Оцените от 1 до 5")
        await tab.send(type="rate", message_id=asks["id"], score=2, client_id="s")
        await tab.frame(lambda one: one["type"] == "ready" and (one["rating"] or {}).get("score") == 2)
        await anna.leave()
