"""Several questions in one message: all that is sure is said at once, the rest is offered or goes to a person."""

from typing import Any

SURE = [
    ("samovar", "Самовар на дровах", "как растопить самовар дровами", "Сначала налейте воду."),
    ("tray", "Роспись подноса", "сколько красок в росписи подноса", "Красок семь."),
]


async def _write(shop: Any) -> None:
    for id, title, wording, answer in SURE:
        body = {"id": f"two-{id}", "title": title, "questions": [wording], "answer": answer, "lang": "ru"}
        await shop.api("POST", "/articles", body, who="admin", status=201)


async def _thread(shop: Any, conversation: str) -> list[dict[str, Any]]:
    return list((await shop.api("GET", f"/conversations/{conversation}/messages"))["items"])


async def test_both_answers_come_in_one_message_and_both_count_as_helping(shop: Any, until: Any) -> None:
    await _write(shop)
    anna = await shop.phone()
    await anna.say(f"{SURE[0][2]} и {SURE[1][2]}?")
    answer = await anna.gets(SURE[0][3])
    assert answer["text"].index("Самовар на дровах") < answer["text"].index(SURE[0][3])
    assert answer["text"].index(SURE[0][3]) < answer["text"].index(SURE[1][3])
    (conversation,) = (await shop.api("GET", "/conversations"))["items"]
    (row,) = [each for each in await _thread(shop, conversation["id"]) if each["source"]]
    assert [row["source"]["article_id"], *(each["article_id"] for each in row["also"])] == ["two-samovar", "two-tray"]
    await anna.press(answer, "Да, спасибо")
    await anna.gets("Рад, что помогло")
    found = await shop.bridge.store.labels.all()
    said = {(each.text, each.article_id, each.fits) for each in found if each.source == "helped"}
    assert said == {(f"{SURE[0][2]}", "two-samovar", True), (f"{SURE[1][2]}?", "two-tray", True)}


async def test_what_is_left_of_a_message_goes_to_a_person_with_its_own_words(shop: Any, until: Any) -> None:
    await _write(shop)
    anna = await shop.phone()
    await anna.say(f"{SURE[0][2]}? И ещё вопрос: правда ли, что слоны боятся полосатых мышей?")
    answer = await anna.gets(SURE[0][3])
    assert not answer.get("buttons")
    await anna.gets("На остальное точнее ответит человек")
    await shop.stage(anna, "waiting")
    (miss,) = await until(lambda: shop.bridge.store.misses.open(shop.bridge.clock.now().replace(year=2000), 5))
    assert miss.text == "правда ли, что слоны боятся полосатых мышей?"
