"""What is said around questions: a typed no, signs, farewells, an article that says nothing yet, a mistyped command."""

from typing import Any


async def test_a_typed_no_calls_a_person_as_the_button_does(shop: Any, article: Any) -> None:
    anna = await shop.phone()
    await anna.say(article.questions[0])
    await anna.gets("Ответ помог?")
    await anna.say("Нет, не помогло")
    await anna.gets("Жаль, что не помогло")
    await shop.stage(anna, "waiting")


async def test_a_farewell_is_answered_and_calls_nobody(shop: Any, article: Any) -> None:
    anna = await shop.phone()
    await anna.say(article.questions[0])
    await anna.gets("Ответ помог?")
    await anna.say("Спасибо большое, до свидания!")
    await anna.gets("Пожалуйста!")
    await anna.say("...")
    await anna.gets("Напишите вопрос словами")
    await shop.stage(anna, "bot")


async def test_an_article_without_an_answer_is_never_said(shop: Any) -> None:
    await shop.api("POST", "/articles", {"id": "vacuum", "title": "Ремонт пылесосов"}, who="admin")
    anna = await shop.phone()
    await anna.say("Ремонт пылесосов")
    await shop.stage(anna, "waiting")
    assert not [text for text in await anna.heard() if "помог" in text]


async def test_a_mistyped_command_and_an_empty_note_stay_in_the_topic(shop: Any) -> None:
    anna = await shop.phone()
    await anna.say("позовите оператора")
    topic = await shop.topic(anna)
    await shop.staff_says("elena", topic, "/clsoe")
    await shop.topic_shows(topic, "Команды /clsoe нет")
    await shop.staff_says("elena", topic, "//")
    await shop.topic_shows(topic, "Пустая заметка не записана")
    await shop.staff_says("elena", topic, "Здравствуйте!")
    await anna.gets("Здравствуйте!")
    assert not [text for text in await anna.heard() if text.startswith("/")]
