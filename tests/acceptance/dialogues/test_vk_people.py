"""What people do in VK besides writing: answers typed in VK itself, quotes, origins, signs, read marks."""

import asyncio
from typing import Any

import pytest

from bridge import writing
from tests.community import GROUP, Community, Person


async def with_an_operator(shop: Any, community: Community) -> tuple[Person, str]:
    """Return a customer in a conversation that Elena holds."""
    anna = await community.person()
    await anna.say("позовите человека")
    id = (await shop.stage(anna, "waiting"))["id"]
    await shop.api("POST", f"/conversations/{id}/claim")
    await shop.quiet()
    return anna, id


async def replies(shop: Any, id: str, text: str, **more: Any) -> dict[str, Any]:
    body = {"text": text, "kind": "reply", "force": True, **more}
    return await shop.api("POST", f"/conversations/{id}/messages", body)


async def line(shop: Any, person: Person, until: Any, text: str) -> dict[str, Any]:
    async def there() -> Any:
        return next((m for m in await shop.history(person) if m["text"] == text), None)

    return await until(there, text)


async def test_a_human_answer_typed_in_vk_is_recorded_and_stops_the_bot(
    vk_shop: Any, community: Community, until: Any, article: Any
) -> None:
    anna = await community.person()
    await anna.say("здравствуйте")
    await anna.gets("бот")
    await vk_shop.quiet()
    maria = await community.person("Мария Админ")
    await community.admin_says(anna, "Я помогу вам сама", admin=maria.id)
    said = await line(vk_shop, anna, until, "Я помогу вам сама")
    assert (said["author"]["kind"], said["author"]["name"]) == ("operator", "Мария Админ")
    await vk_shop.stage(anna, "operator")
    await anna.say(article.questions[0])
    await line(vk_shop, anna, until, article.questions[0])
    await vk_shop.quiet()
    assert not any(article.answer[:30] in text for text in await anna.heard())
    assert (await anna.heard()).count("Я помогу вам сама") == 1
    typed = next(m for m in await anna.sees() if m["text"] == "Я помогу вам сама")
    about = {"id": typed["message_id"], "peer_id": anna.id, "from_id": -GROUP, "conversation_message_id": typed["cmid"]}
    about |= {"text": "Я вам помогу", "admin_author_id": maria.id, "date": 1_790_000_000, "update_time": 1_790_000_500}
    event = {"type": "message_edit", "group_id": GROUP, "event_id": "changed", "object": about}
    await vk_shop.bridge.channels.by_name["vk"]._receiver._surely([event])
    changed = await line(vk_shop, anna, until, "Я вам помогу")
    assert changed["id"] == said["id"]
    assert changed["edited_at"]


async def test_a_quote_of_the_customer_is_carried_over(vk_shop: Any, community: Community, until: Any) -> None:
    anna, id = await with_an_operator(vk_shop, community)
    await replies(vk_shop, id, "Пять тысяч")
    answer = await anna.gets("Пять тысяч")
    await vk_shop.quiet()
    await anna.say("Беру", reply_to=answer["message_id"])
    price = await line(vk_shop, anna, until, "Пять тысяч")
    assert (await line(vk_shop, anna, until, "Беру"))["reply_to"] == price["id"]


async def test_a_forwarded_message_says_whose_it_is(vk_shop: Any, community: Community, until: Any) -> None:
    anna, _ = await with_an_operator(vk_shop, community)
    pyotr = await community.person("Пётр Иванов")
    await anna.say("Мне обещали скидку", forward_from=pyotr.id)
    assert (await line(vk_shop, anna, until, "Мне обещали скидку"))["forwarded"] == "Пётр Иванов"


async def test_signs_go_both_ways(vk_shop: Any, community: Community, until: Any) -> None:
    anna, id = await with_an_operator(vk_shop, community)
    said = await replies(vk_shop, id, "Готово")
    answer = await anna.gets("Готово")
    await vk_shop.quiet()
    await anna.does("react", message_id=answer["message_id"], emoji="🔥")

    async def seen() -> list[str]:
        found = await line(vk_shop, anna, until, "Готово")
        return [each["emoji"] for each in found["reactions"]]

    await until(seen)
    assert await seen() == ["🔥"]
    await anna.does("react", message_id=answer["message_id"])

    async def gone() -> bool:
        return await seen() == []

    await until(gone)
    thanks = await anna.say("Спасибо")
    words = await line(vk_shop, anna, until, "Спасибо")
    await vk_shop.api("PUT", f"/messages/{words['id']}/reaction", {"emoji": "❤"})

    async def signed() -> Any:
        return next(m for m in await anna.sees() if m["message_id"] == thanks)["reactions"]

    assert await until(signed) == ["❤"]
    assert said["id"]


async def test_read_marks_go_both_ways(vk_shop: Any, community: Community, until: Any) -> None:
    anna, id = await with_an_operator(vk_shop, community)
    await replies(vk_shop, id, "Готово")
    await anna.gets("Готово")
    await vk_shop.quiet()
    await anna.does("read")

    async def read() -> bool:
        return (await line(vk_shop, anna, until, "Готово"))["delivery"]["state"] == "read"

    await until(read)
    asked = await anna.say("А когда?")
    await line(vk_shop, anna, until, "А когда?")
    seq = (await vk_shop.history(anna))[-1]["seq"]
    await vk_shop.api("POST", f"/conversations/{id}/read", {"seq": seq})

    async def marked() -> bool:
        return next(m for m in await anna.sees() if m["message_id"] == asked)["read"]

    await until(marked)


async def test_the_desk_is_told_that_a_customer_writes(vk_shop: Any, community: Community) -> None:
    anna, id = await with_an_operator(vk_shop, community)
    async with writing.heard(vk_shop.bridge) as hints:
        await anna.does("typing")
        async with asyncio.timeout(20):
            hint = await anext(aiter(hints))
    assert (hint.conversation, hint.by, hint.chat) == (id, "customer", str(anna.id))


@pytest.mark.parametrize(("text", "stage"), [("/operator", "waiting")])
async def test_orders_by_name(vk_shop: Any, community: Community, text: str, stage: str) -> None:
    anna = await community.person()
    await anna.say(text)
    await vk_shop.stage(anna, stage)


async def test_a_link_of_ours_opens_the_chat_with_its_word(vk_shop: Any, community: Community) -> None:
    assert vk_shop.bridge.channels.by_name["vk"].link("tok") == "https://vk.me/club700001?ref=tok"
