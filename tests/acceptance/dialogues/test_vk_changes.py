"""Changes in VK: words edited, deleted, quoted and reacted to, doors that shut and open."""

from typing import Any

from tests.community import Community, Person
from tests.files import OGG, picture, upload


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


async def test_an_operators_words_are_changed_and_taken_back_at_the_customer(
    vk_shop: Any, community: Community, until: Any
) -> None:
    anna, id = await with_an_operator(vk_shop, community)
    said = await replies(vk_shop, id, "Доставим в среду")
    await anna.gets("Доставим в среду")
    await vk_shop.quiet()
    await vk_shop.api("PATCH", f"/messages/{said['id']}", {"text": "Доставим в четверг"})
    changed = await anna.gets("Доставим в четверг")
    assert changed["edited"]
    await vk_shop.api("DELETE", f"/messages/{said['id']}")

    async def gone() -> bool:
        return next(m for m in await anna.sees() if m["message_id"] == changed["message_id"])["deleted"]

    await until(gone)


async def test_a_customers_change_is_carried_over(vk_shop: Any, community: Community, until: Any) -> None:
    anna, _ = await with_an_operator(vk_shop, community)
    id = await anna.say("Мне нужен стол")
    await anna.does("edit", message_id=id, text="Мне нужен стул")

    async def changed() -> bool:
        return any(m["text"] == "Мне нужен стул" and m["edited_at"] for m in await vk_shop.history(anna))

    await until(changed)
    assert not any(m["text"] == "Мне нужен стол" for m in await vk_shop.history(anna))


async def test_an_answer_quotes_what_it_answers(vk_shop: Any, community: Community, until: Any) -> None:
    anna, id = await with_an_operator(vk_shop, community)
    asked = await anna.say("А сколько стоит?")

    async def there() -> Any:
        return next((m for m in await vk_shop.history(anna) if m["text"] == "А сколько стоит?"), None)

    question = await until(there)
    await replies(vk_shop, id, "Пять тысяч", reply_to=question["id"])
    assert (await anna.gets("Пять тысяч"))["reply_to"] == asked


async def test_a_word_of_several_messages_is_changed_without_losing_its_files_and_taken_back_whole(
    vk_shop: Any, community: Community, until: Any
) -> None:
    anna, id = await with_an_operator(vk_shop, community)
    brought = ((picture(60, 40), "стул.png"), (OGG, "голос.ogg"))
    files = [{"file_id": await upload(vk_shop, body, name)} for body, name in brought]
    said = await replies(vk_shop, id, "Вот стул", attachments=files)
    photo = await anna.gets("Вот стул")
    await vk_shop.quiet()
    await vk_shop.api("PATCH", f"/messages/{said['id']}", {"text": "Вот этот стул"})
    changed = await anna.gets("Вот этот стул")
    assert (changed["message_id"], changed["files"]) == (photo["message_id"], photo["files"])
    await vk_shop.quiet()
    await vk_shop.api("DELETE", f"/messages/{said['id']}")

    async def gone() -> bool:
        return [m["deleted"] for m in await anna.sees() if m["kind"] in ("photo", "voice")] == [True, True]

    await until(gone)


async def test_typing_is_shown_while_the_bot_waits_for_the_end_of_a_breath(
    tmp_path: Any, library: Any, matcher: Any, open_shop: Any, community: Community, until: Any
) -> None:
    async with open_shop(tmp_path, library, matcher, bot={"burst_seconds": 1.0}, more={"vk": community.table}):
        await community.listened()
        anna = await community.person()
        await anna.say("здравствуйте")

        async def shown() -> bool:
            return any(call.get("type") == "typing" for call in await community.calls("messages.setActivity"))

        await until(shown)


async def test_a_customer_who_shuts_the_door_is_told_of_and_let_in_again(
    vk_shop: Any, community: Community, until: Any
) -> None:
    anna, id = await with_an_operator(vk_shop, community)
    await anna.does("deny")

    async def told(code: str) -> bool:
        return any((m.get("event") or {}).get("code") == code for m in await vk_shop.history(anna))

    await until(lambda: told("blocked"))
    said = await replies(vk_shop, id, "Вы здесь?")

    async def failed() -> bool:
        line = next(m for m in await vk_shop.history(anna) if m["id"] == said["id"])
        return line["delivery"]["state"] == "failed"

    await until(failed)
    await anna.does("allow")
    await until(lambda: told("unblocked"))
    await replies(vk_shop, id, "Снова здравствуйте")
    await anna.gets("Снова здравствуйте")
