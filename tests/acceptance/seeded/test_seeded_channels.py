"""The seeded demo's channels: their pasts stand where customers look, and what is answered goes there."""

import asyncio
import json
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

import mostik_demo
from bots.emulators.playground import shop as shop_page
from bridge import service
from bridge.model.conversations import Conversation
from bridge.model.messages import AuthorKind, DeliveryState, Message
from mostik_house import web_app, work
from mostik_seed import STORIES
from tests.ports import free_port
from tests.seeded_shop import GROUP, SECRET, Shop, open_shop
from tests.serving import serving, until

pytestmark = pytest.mark.asyncio(loop_scope="module")
#: Lines of the stories' files: with an album in Telegram, with one in VK, closed and rated on the site.
ANNA, SUSAN, SIMON = 1, 5, 28
KEYS: dict[str, Any] = {"site_secret": SECRET, "staff": defaultdict(lambda: {"password": "", "token": ""})}


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["ru", "en"])
async def shop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Shop]:
    """A shop that was seeded a moment ago; tests only look."""
    async with open_shop(tmp_path_factory.mktemp("seeded"), request.param) as opened:
        await opened.seed()
        yield opened


async def test_one_inbox_of_three_channels(shop: Shop) -> None:
    rows = await shop.rows()
    assert Counter(row.channel for row in rows) == {"telegram": 18, "vk": 14, "site": 8}
    where = {row.customer_name: row.channel for row in rows}
    named = ("Анна Ковалёва", "Anna Kovaleva", "Никита Громов", "Nick Grant")
    assert {where[name] for name in named if name in where} == {"telegram"}
    assert {where[name] for name in ("Игорь Белов", "Светлана Мельник", "Susan Melnik") if name in where} == {"vk"}
    assert {where[name] for name in ("Мария Егорова", "Mary Novak", "John Miller") if name in where} == {"site"}
    due = {row.channel for row in rows if row.desk_state.value == "due"}
    assert due == {"telegram", "vk", "site"}


async def test_vk_has_its_past_at_its_times(shop: Shop) -> None:
    rows = [row for row in await shop.rows() if row.channel == "vk"]
    for row in rows:
        dialog = shop.dialog(row)
        assert shop.emulators.vk.emulation.world.people[dialog.user].name == row.customer_name
        assert dialog.allowed
        written = {str(post.cmid): post for post in dialog.posts}
        for line in await shop.lines(row):
            number = line.delivery.external_id if line.delivery else line.external_id
            if number in written:
                assert abs(written.pop(number).at - line.at.timestamp()) < 60, (row.customer_name, line.text)
        assert not written, row.customer_name
        assert [post.at for post in dialog.posts] == sorted(post.at for post in dialog.posts)
    assert any(post.keyboard for row in rows for post in shop.dialog(row).posts)
    assert {shop.dialog(row).in_read > 0 for row in rows} == {True, False}


async def test_an_album_is_one_word(shop: Shop) -> None:
    anna = await shop.of(ANNA)
    lines = await shop.lines(anna)
    assert [each.kind for each in lines[0].attachments] == ["photo", "photo"]
    assert lines[0].text
    assert lines[0].parts[0] == lines[0].external_id
    world = shop.emulator.emulation.world
    phone = next(chat for chat in world.chats.values() if chat.type == "private" and chat.id == int(anna.chat))
    shown = [post for post in phone.posts if str(post.id) in lines[0].parts]
    assert len(shown) == 2
    assert len({post.body["media_group_id"] for post in shown}) == 1
    group = world.group(GROUP)
    assert group is not None
    topic = await shop.house.bridge.store.desk.topic(anna.id)
    assert topic is not None
    mirrored = [post for post in group.posts if str(post.topic) == topic.topic and "photo" in post.body]
    assert len({post.body["media_group_id"] for post in mirrored}) == 1
    said = [line for line in lines if line.author.kind is AuthorKind.CUSTOMER]
    assert [(each.kind, each.mime, each.seconds) for each in said[-1].attachments] == [("voice", "audio/ogg", 5)]

    susan = await shop.of(SUSAN)
    first = (await shop.lines(susan))[0]
    assert (len(first.attachments), first.parts) == (3, ())
    assert len(shop.dialog(susan).posts[0].attachments) == 3


async def test_visitors_are_the_shops_customers(shop: Shop) -> None:
    rows = [row for row in await shop.rows() if row.channel == "site"]
    for row in rows:
        known = await shop.house.bridge.store.people.identities(row.customer)
        assert {each.kind for each in known if each.proved} == {"site", "user_id", "email", "phone"}
        assert any(each.time_zone for each in known)
        # Who was answered was read: his page shows it when he comes back.
        read = await shop.house.bridge.store.journal.value(f"web:site:read:{row.chat}")
        answered = any(line.author.kind is AuthorKind.OPERATOR for line in await shop.lines(row))
        assert not answered or read["conversation"] == row.id, row.customer_name
    rating = (await shop.of(SIMON)).rating
    assert rating is not None
    assert rating.score == 5
    failed = [line for row in rows for line in await shop.lines(row) if _state(line) is DeliveryState.FAILED]
    assert not failed


@pytest.mark.parametrize("language", ["ru", "en"])
async def test_the_playground_shows_people_of_the_stories(language: str) -> None:
    lines = (STORIES / f"dialogues.{language}.jsonl").read_text("utf-8").splitlines()
    told = [(line.get("channel", "telegram"), line["name"]) for line in map(json.loads, lines)]
    options = mostik_demo._playground(language, KEYS, "http://127.0.0.1:9")
    assert {("telegram", one.name) for one in options.customers} <= set(told)
    assert {("vk", one.name) for one in options.vk_customers} <= set(told)
    # The shop's accounts are numbered in the order of its visitors' stories.
    visitors = [name for channel, name in told if channel == "site"]
    assert [one.name for one in options.shoppers] == visitors[: len(options.shoppers)]


@asynccontextmanager
async def _open_to_the_street(shop: Shop, url: str, port: int) -> AsyncIterator[None]:
    """Serve a shop as `mostik demo` does."""
    app = web_app(shop.house, url)
    app.add_subapp("/telegram", shop.emulators.telegram.app())
    app.add_subapp("/vk", shop.emulators.vk.app())
    async with serving(app, port):
        running = asyncio.create_task(work(shop.house))
        try:
            yield
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running


async def test_answers_go_through_the_real_doors(tmp_path: Path) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    async with open_shop(tmp_path, "ru", url) as shop:
        await shop.seed()
        elena = await shop.house.bridge.store.staff.by_email("elena@kedr.example")
        assert elena is not None
        options = mostik_demo._playground("ru", KEYS, url)
        rows = {row.customer_name: row for row in await shop.rows()}
        igor, maria = rows[options.vk_customers[0].name], rows[options.shoppers[0].name]
        before = await _lines(shop)
        async with _open_to_the_street(shop, url, port), aiohttp.ClientSession(url) as http:
            for row in (igor, maria):
                await service.reply(shop.house.bridge, elena, row.id, "Уже смотрю", key="k", origin="panel")
                await until(lambda row=row: _sent(shop, row))
            assert shop.dialog(igor).posts[-1].text == "Уже смотрю"
            assert (await _chat_of(http, shop_page.signed(options, 0)))[-1] == "Уже смотрю"
            said = {"user": int(igor.chat), "text": "Спасибо, жду"}
            assert (await http.post("/vk/ctl/user/say", json=said)).status == 200
            await until(lambda: _said(shop, igor, "Спасибо, жду"))
        seen = {line.id for line in before}
        new = [line.event.code if line.event else line.text for line in await _lines(shop) if line.id not in seen]
        assert sorted(new) == ["claimed", "Спасибо, жду", "Уже смотрю", "Уже смотрю"], "nothing past is told again"


async def _chat_of(http: aiohttp.ClientSession, person: dict[str, str]) -> list[str]:
    """What a customer reads who signs in at the shop's page."""
    told = {"user_id": person.pop("userId"), **person}
    async with http.post("/widget/site/session", json={"identify": told}) as answer:
        token = (await answer.json())["token"]
    async with http.get("/widget/site/history", headers={"Authorization": f"Bearer {token}"}) as answer:
        return [item["text"] for item in (await answer.json())["items"]]


def _state(line: Message) -> DeliveryState | None:
    return line.delivery.state if line.delivery else None


async def _sent(shop: Shop, row: Conversation) -> bool:
    return any(line.text == "Уже смотрю" and _state(line) is DeliveryState.SENT for line in await shop.lines(row))


async def _said(shop: Shop, row: Conversation, text: str) -> bool:
    return any(line.text == text and line.external_id for line in await shop.lines(row))


async def _lines(shop: Shop) -> list[Message]:
    return [line for row in await shop.rows() for line in await shop.lines(row)]
