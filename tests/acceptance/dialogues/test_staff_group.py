"""The staff group as a desk: suggestions by one tap, commands, owners, a budget within Telegram's own limits."""

from typing import Any


async def test_a_suggestion_is_sent_by_one_tap_once(shop: Any, library: Any, until: Any) -> None:
    anna = await shop.phone()
    await anna.say("сколько идет возврат денег, позовите оператора")
    topic = await shop.topic(anna)
    suggestion = await shop.topic_shows(topic, "уверенность")
    title = suggestion["text"].split("💡 ")[1].split(" · ")[0]
    article = next(item for item in library.articles if item.title == title)
    await shop.staff_presses("elena", topic, suggestion, "1")
    await anna.gets(article.answer[:40])
    await shop.staff_presses("mark", topic, suggestion, "1")
    conversation = await shop.stage(anna, "operator")
    assert conversation["assignee"]["name"] == "Елена Соколова"
    await shop.quiet()
    assert sum(article.answer in text for text in await anna.heard()) == 1
    suggestions = await shop.api("GET", f"/conversations/{conversation['id']}/suggestions")
    assert suggestions["items"] if isinstance(suggestions, dict) else suggestions
    await shop.staff_says("mark", topic, f"{article.answer} Пишите, если что!")  # typed, and it is the same suggestion
    await anna.gets("Пишите, если что!")
    said = {(row.article_id, row.source.value) for row in await shop.bridge.store.labels.all() if row.about}
    assert said == {(article.id, "sent"), (article.id, "edited")}


async def test_close_by_button_and_the_customer_comes_back(shop: Any, article: Any) -> None:
    anna = await shop.phone()
    await anna.say("оператор")
    topic = await shop.topic(anna)
    card = await shop.topic_shows(topic, "Диалог №")
    await shop.staff_presses("elena", topic, card, "Закрыть")
    first = await shop.stage(anna, "closed")
    await shop.topic_shows(topic, "закрыт")
    await anna.say(article.questions[0])
    await anna.gets(article.answer[:30])
    again = await shop.stage(anna, "bot")
    assert (again["id"], again["number"]) == (first["id"], first["number"])
    codes = [m["event"]["code"] for m in await shop.history(anna) if m["event"]]
    assert codes == ["handed_off_wish", "closed", "reopened_by_customer"]


async def test_a_command_and_a_foreign_reply_in_the_topic(shop: Any) -> None:
    anna = await shop.phone()
    await anna.say("оператор")
    topic = await shop.topic(anna)
    await shop.staff_says("mark", topic, "/claim")
    conversation = await shop.stage(anna, "operator")
    assert conversation["assignee"]["name"] == "Марк Климов"
    await shop.staff_says("elena", topic, "Помогу коллеге")
    await anna.gets("Помогу коллеге")
    await shop.quiet()
    conversation = await shop.conversation(anna)
    assert conversation["assignee"]["name"] == "Марк Климов"
    assert any(m["event"] and m["event"]["code"] == "replied_over" for m in await shop.history(anna))


async def test_the_groups_limit_is_never_met_and_words_come_first(paced: Any, until: Any) -> None:
    shop = paced
    await shop.ctl("POST", "/limits", {"on": True})
    phones = [await shop.phone(f"Клиент {number}") for number in range(4)]
    for phone in phones:
        await phone.say("оператор")
    for phone in phones:
        topic = await shop.topic(phone)
        await shop.topic_shows(topic, "Перед этим")
    calls = (await shop.ctl("GET", "/calls?since=0"))["items"]
    refused = [call for call in calls if call["status"] == 429]
    assert refused == []
