"""What is said around questions: a typed no, signs, farewells, an article that says nothing yet, a mistyped command."""

from typing import Any

from tests.shop import GROUP, STAFF


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


async def test_the_question_whether_it_helped_is_answered_once(shop: Any, article: Any, until: Any) -> None:
    anna = await shop.phone()

    def bare(message: dict[str, Any]) -> Any:
        async def looked() -> bool:
            return not next(m for m in await anna.sees() if m["message_id"] == message["message_id"])["buttons"]

        return looked

    await anna.say(article.questions[0])
    asked = await anna.gets("Ответ помог?")
    await anna.press(asked, "Да, спасибо")
    await anna.gets("Рад, что помогло")
    await until(bare(asked), "spent buttons go away")
    await anna.say(article.questions[0])

    async def again() -> Any:
        return next((m for m in await anna.sees() if m["buttons"] and m["message_id"] > asked["message_id"]), None)

    second = await until(again, "asked again")
    await anna.say("спасибо")
    await anna.gets("Пожалуйста!")
    await anna.press(second, "Нет")  # its time has passed
    await until(bare(second), "and so do those of the past")
    assert [m["text"] for m in await shop.history(anna) if m["kind"] == "press"] == ["Да, спасибо"]
    assert (await shop.conversation(anna))["stage"] == "bot"


async def test_a_topic_closed_by_hand_closes_its_conversation(shop: Any, until: Any) -> None:
    anna = await shop.caller()
    topic = await shop.topic(anna)
    place = {"operator": STAFF["elena"][1], "group": GROUP, "topic": topic}
    await shop.ctl("POST", "/operator/close_topic", place)
    await shop.stage(anna, "closed")
    await shop.quiet()
    await anna.say("Ещё вопрос: позовите оператора")
    await shop.stage(anna, "waiting")

    async def open_again() -> bool:
        topics = (await shop.ctl("GET", f"/topics?group={GROUP}"))["items"]
        return not next(t for t in topics if t["topic"] == topic)["closed"]

    await until(open_again, "the topic is open again")


async def test_an_album_under_a_note_never_leaves(shop: Any, until: Any) -> None:
    anna = await shop.caller()
    topic = await shop.topic(anna)
    place = {"operator": STAFF["elena"][1], "group": GROUP, "topic": topic}
    await shop.ctl("POST", "/operator/say", {**place, "album": 3, "caption": "// для своих"})

    async def three() -> bool:
        return sum(len(m["attachments"]) for m in await shop.history(anna) if m["author"]["kind"] == "note") == 3

    await until(three, "a note of three photos")
    await shop.ctl("POST", "/operator/say", {**place, "album": 2, "caption": "а это вам"})
    await anna.gets("а это вам")
    await shop.quiet()
    assert len([m for m in await anna.sees() if m["kind"] == "photo"]) == 2
