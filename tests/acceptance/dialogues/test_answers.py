"""What the bot answers with: the variant of the customer's channel, buttons that lead on, files, dates."""

from typing import Any

from tests.files import picture, upload


def labels(message: dict[str, Any]) -> list[str]:
    return [button["text"] for row in message["buttons"] for button in row]


async def test_the_bot_says_the_variant_of_the_channel_with_its_buttons_and_files(shop: Any, until: Any) -> None:
    photo = await upload(shop, picture(), "a.png", "admin")
    article = {
        "id": "gift",
        "title": "Подарочная коробка",
        "questions": ["есть ли у вас подарочная коробка для самовара"],
        "answer": "Коробка есть, ответ для всех.",
        "variants": [{"answer": "Коробка есть, ответ для Telegram.", "channel": "telegram"}],
        "buttons": [
            {"text": "Цвета коробки", "article": "colours"},
            {"text": "Сайт", "url": "https://shop.example/box"},
            {"text": "Спросить человека"},
        ],
        "files": [{"file_id": photo}],
    }
    colours = {"id": "colours", "title": "Цвета", "questions": ["цвет коробки"], "answer": "Синяя и красная."}
    for body in (article, colours):
        await shop.api("POST", "/articles", body, who="admin", status=201)
    anna = await shop.phone()
    await anna.say("есть ли у вас подарочная коробка для самовара")
    answer = await anna.gets("ответ для Telegram")
    assert "Сайт: https://shop.example/box" in answer["text"]
    assert labels(answer)[:2] == ["Цвета коробки", "Спросить человека"]
    assert len(labels(answer)) == 4

    async def shown() -> Any:
        return next((each for each in await anna.sees() if each["kind"] == "photo"), None)

    assert (await until(shown, "the photo"))["message_id"] < answer["message_id"]
    await anna.press(answer, "Цвета коробки")
    await anna.gets("Синяя и красная.")
    await shop.api("POST", "/articles/colours/archive", who="admin")
    await anna.press(answer, "Цвета коробки")
    await shop.stage(anna, "waiting")


async def test_a_button_without_an_article_calls_a_person(shop: Any) -> None:
    article = {
        "title": "Опт",
        "questions": ["почём сто самоваров оптом"],
        "answer": "Скидка десять процентов.",
        "buttons": [{"text": "Позвать менеджера"}],
    }
    await shop.api("POST", "/articles", article, who="admin", status=201)
    anna = await shop.phone()
    await anna.say("почём сто самоваров оптом")
    await anna.press(await anna.gets("Скидка десять процентов"), "Позвать менеджера")
    await shop.stage(anna, "waiting")
