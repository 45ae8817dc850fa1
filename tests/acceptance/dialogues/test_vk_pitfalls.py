"""The pitfalls of VK, one dialogue each: duplicates, final refusals, Long Poll's ways to die, echoes."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bridge.delivery import arrivals
from tests.community import Community, Person


async def asks_for_a_person(shop: Any, community: Community) -> tuple[Person, str]:
    anna = await community.person()
    await anna.say("позовите человека")
    id = (await shop.stage(anna, "waiting"))["id"]
    await anna.gets("зову оператора")
    await shop.quiet()
    return anna, id


async def replies(shop: Any, id: str, text: str) -> dict[str, Any]:
    return await shop.api("POST", f"/conversations/{id}/messages", {"text": text, "kind": "reply", "force": True})


async def customer_said(shop: Any, person: Person) -> list[str]:
    return [m["text"] for m in await shop.history(person) if m["author"]["kind"] == "customer"]


@pytest.mark.parametrize("mode", ["callback", "longpoll"])
async def test_pitfall_4_a_duplicate_delivery_is_answered_once(
    mode: str, tmp_path: Any, library: Any, matcher: Any, open_shop: Any, community: Community, article: Any
) -> None:
    async with open_shop(tmp_path, library, matcher, more={"vk": {**community.table, "mode": mode}}) as shop:
        await community.fault("duplicate_update", probability=1.0, seconds=600)
        anna = await community.person()
        await anna.say(article.questions[0])
        answer = await anna.gets(article.answer[:30])
        await anna.press(answer, "Да, спасибо")
        await anna.gets("Рад, что помогло")
        await shop.quiet()
        assert await customer_said(shop, anna) == [article.questions[0], "Да, спасибо"]
        assert len(await anna.heard()) == 3


async def test_pitfall_4_both_transports_and_a_replay_double_nothing(
    vk_shop: Any, community: Community, until: Any, article: Any
) -> None:
    """Long Poll tells anew, under other event ids or none, what the Callback API has told already."""
    anna = await community.person()
    await anna.say(article.questions[0])
    await anna.gets(article.answer[:30])
    await vk_shop.quiet()
    channel = vk_shop.bridge.channels.by_name["vk"]
    receiver = channel._receiver
    before = await vk_shop.history(anna)
    told = {
        "id": 1,
        "date": 1_790_000_000,
        "peer_id": anna.id,
        "from_id": anna.id,
        "text": article.questions[0],
        "conversation_message_id": (await anna.sees())[0]["cmid"],
    }
    event = {"type": "message_new", "group_id": 700_001, "event_id": "another", "object": {"message": told}}
    await receiver._surely([event, {**event, "event_id": "and another"}])
    await vk_shop.quiet()
    assert await vk_shop.history(anna) == before
    assert len(await anna.heard()) == 2


@pytest.mark.parametrize(
    ("how", "reason"),
    [("deny", "messages_denied"), ("privacy", "privacy"), ("deactivate", "deactivated"), ("ban", "blacklisted")],
)
async def test_pitfall_18_a_final_refusal_is_not_tried_again_until_the_customer_is_back(
    vk_shop: Any, community: Community, until: Any, how: str, reason: str
) -> None:
    anna, id = await asks_for_a_person(vk_shop, community)
    await (community.ctl("POST", "/group/ban", {"user": anna.id}) if how == "ban" else anna.does(how))
    tried = len(await community.calls("messages.send"))
    said = await replies(vk_shop, id, "Добрый день")

    async def settled() -> Any:
        line = next(m for m in await vk_shop.history(anna) if m["id"] == said["id"])
        return line["delivery"] if line["delivery"]["state"] == "failed" else None

    assert (await until(settled))["reason"] == reason
    await vk_shop.quiet()
    await asyncio.sleep(1.2)  # longer than any retry would wait
    assert len(await community.calls("messages.send")) <= tried + 1
    if how == "deny":
        await anna.say("я вернулась")
        await replies(vk_shop, id, "Рады видеть")
        await anna.gets("Рады видеть")


@pytest.mark.parametrize("fault", ["reset", "502html", "200html", "empty"])
async def test_pitfall_19_long_poll_outlives_a_broken_line(
    tmp_path: Any, library: Any, matcher: Any, open_shop: Any, community: Community, article: Any, fault: str
) -> None:
    async with open_shop(tmp_path, library, matcher, more={"vk": {**community.table, "mode": "longpoll"}}) as shop:
        await community.fault(fault, method="longpoll", count=2)
        anna = await community.person()
        await anna.say(article.questions[0])
        await anna.gets(article.answer[:30])
        await shop.quiet()
        assert shop.bridge.channels.by_name["vk"].state.state == "ok"
        assert await customer_said(shop, anna) == [article.questions[0]]


@pytest.mark.parametrize("code", [1, 2])
async def test_pitfall_19_long_poll_goes_on_after_failed(
    tmp_path: Any, library: Any, matcher: Any, open_shop: Any, community: Community, article: Any, code: int
) -> None:
    async with open_shop(tmp_path, library, matcher, more={"vk": {**community.table, "mode": "longpoll"}}) as shop:
        anna = await community.person()
        await anna.say("здравствуйте")
        await anna.gets("бот")
        await community.fault("longpoll_failed", count=2, code=code)
        await anna.say(article.questions[0])
        await anna.gets(article.answer[:30])
        await shop.quiet()
        assert await customer_said(shop, anna) == ["здравствуйте", article.questions[0]]


async def test_pitfall_19_what_long_poll_has_lost_is_read_from_the_history(
    tmp_path: Any, library: Any, matcher: Any, open_shop: Any, community: Community, article: Any
) -> None:
    table = {"vk": {**community.table, "mode": "longpoll"}}
    async with open_shop(tmp_path, library, matcher, more=table) as shop:
        anna, boris = await community.person(), await community.person("Борис")
        await anna.say("здравствуйте")
        await anna.gets("бот")
        await shop.quiet()
    await anna.say(article.questions[0])  # nobody is there
    await boris.say("позовите человека")
    group = community.emulator.emulation.world.groups[700_001]
    group.events.clear()  # and VK keeps its events no longer than it likes
    await community.fault("longpoll_failed", count=1, code=3)
    async with open_shop(tmp_path, library, matcher, more=table) as shop:
        await anna.gets(article.answer[:30])
        await boris.gets("зову оператора")
        await shop.quiet()
        assert await customer_said(shop, anna) == ["здравствуйте", article.questions[0]]
        assert await customer_said(shop, boris) == ["позовите человека"]


async def test_pitfall_19_a_restart_goes_on_where_polling_stopped(
    tmp_path: Any, library: Any, matcher: Any, open_shop: Any, community: Community, article: Any
) -> None:
    table = {"vk": {**community.table, "mode": "longpoll"}}
    async with open_shop(tmp_path, library, matcher, more=table) as shop:
        anna = await community.person()
        await anna.say("здравствуйте")
        await anna.gets("бот")
        await shop.quiet()
    await anna.say(article.questions[0])  # nobody is there
    async with open_shop(tmp_path, library, matcher, more=table) as shop:
        await anna.gets(article.answer[:30])
        await shop.quiet()
        assert await customer_said(shop, anna) == ["здравствуйте", article.questions[0]]


async def test_pitfall_20_our_own_echo_is_no_answer_even_before_the_send_returned(
    vk_shop: Any, community: Community, until: Any
) -> None:
    anna, id = await asks_for_a_person(vk_shop, community)
    await community.fault("slow_answer", method="messages.send", count=1, delay=1)
    said = await replies(vk_shop, id, "Добрый день")
    await anna.gets("Добрый день")
    await vk_shop.quiet()

    async def told() -> bool:
        key = f"vk:700001.m.{anna.id}."
        cmid = (await anna.sees())[-1]["cmid"]
        return bool(await vk_shop.bridge.store.updates.known("vk", [f"{key.removeprefix('vk:')}{cmid}"]))

    await until(told)  # the echo came
    await vk_shop.quiet()
    lines = [m for m in await vk_shop.history(anna) if m["text"] == "Добрый день"]
    assert [(line["id"], line["author"]["kind"], line["delivery"]["state"]) for line in lines] == [
        (said["id"], "operator", "sent")
    ]


async def test_an_answer_that_was_lost_is_sent_again_and_stands_there_once(vk_shop: Any, community: Community) -> None:
    anna, id = await asks_for_a_person(vk_shop, community)
    await community.fault("applied_lost", method="messages.send", count=2)
    said = await replies(vk_shop, id, "Добрый день")
    await anna.gets("Добрый день")
    await vk_shop.quiet()
    assert (await anna.heard()).count("Добрый день") == 1
    line = next(m for m in await vk_shop.history(anna) if m["id"] == said["id"])
    assert line["delivery"]["state"] == "sent"


@pytest.mark.parametrize("mode", ["callback", "longpoll"])
async def test_duplicates_disorder_and_faults_leave_each_message_once_in_order(
    mode: str,
    tmp_path: Any,
    library: Any,
    matcher: Any,
    open_shop: Any,
    community: Community,
    until: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # A busy machine hands over what was overtaken later than a messenger would.
    monkeypatch.setattr(arrivals, "GAP", timedelta(seconds=10))
    table = {**community.table, "mode": mode, "timeout": 3}
    async with open_shop(tmp_path, library, matcher, more={"vk": table}) as shop:
        for fault in ("duplicate_update", "reorder_updates"):
            await community.fault(fault, probability=0.3, seconds=600)
        for fault in ("vk_6", "vk_10", "500", "502html", "applied_lost", "reset"):
            await community.fault(fault, method="messages.send", count=2)
        people = [await community.person(f"Клиент {number}") for number in range(4)]
        wordings = [other.questions[0] for other in library.articles[:5]]
        for wording in wordings:
            await asyncio.gather(*(person.say(wording) for person in people))
            await asyncio.sleep(0.3)
        for person in people:

            async def all_in(person: Person = person) -> bool:
                return len(await customer_said(shop, person)) >= len(wordings)

            await until(all_in)
        await shop.quiet()
        for person in people:
            history = await shop.history(person)
            assert [m["text"] for m in history if m["author"]["kind"] == "customer"] == wordings
            bot = [m for m in history if m["author"]["kind"] == "bot"]
            assert await person.heard() == [m["text"] for m in bot]
            assert {m["delivery"]["state"] for m in bot} == {"sent"}


@pytest.mark.parametrize("mode", ["callback", "longpoll"])
@pytest.mark.parametrize("fault", ["bad_update", "old_shape"])
async def test_an_event_of_an_odd_shape_harms_no_other(
    fault: str, mode: str, tmp_path: Any, library: Any, matcher: Any, open_shop: Any, community: Community, article: Any
) -> None:
    async with open_shop(tmp_path, library, matcher, more={"vk": {**community.table, "mode": mode}}) as shop:
        await community.fault(fault, count=1)
        anna = await community.person()
        await anna.say(article.questions[0])
        await anna.gets(article.answer[:30])
        await shop.quiet()
        assert await customer_said(shop, anna) == [article.questions[0]]


async def test_a_rush_keeps_to_vk_s_twenty_calls_a_second(vk_shop: Any, community: Community, until: Any) -> None:
    await community.ctl("POST", "/limits", {"on": True})
    people = [await community.person(f"Клиент {number}") for number in range(25)]
    await asyncio.gather(*(person.say("здравствуйте") for person in people))
    for person in people:
        await person.gets("бот")
    await vk_shop.quiet()
    assert (await community.ctl("GET", "/stats"))["rate_limited"] == 0
    assert [len(await person.heard()) for person in people] == [1] * 25


async def test_the_key_stays_out_of_what_the_store_and_the_log_hold(
    vk_shop: Any, community: Community, caplog: pytest.LogCaptureFixture, article: Any
) -> None:
    await community.fault("502html", method="messages.send", count=1)
    anna = await community.person()
    await anna.say(article.questions[0])
    await anna.gets(article.answer[:30])
    await vk_shop.quiet()
    assert community.table["token"] not in caplog.text
    assert community.table["token"] not in str(await vk_shop.history(anna))
