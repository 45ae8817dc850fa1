"""Commands and buttons of the staff group: transfer, snooze, tags, bans, notes, search, recall, what may go out."""

import json
from typing import Any

from tests.shop import GROUP, TOKEN


async def _topic_of(shop: Any, text: str = "оператор") -> tuple[Any, int]:
    anna = await shop.phone()
    await anna.say(text)
    topic = await shop.topic(anna)
    await shop.topic_shows(topic, "Диалог №")
    return anna, topic


async def _conversation(shop: Any, until: Any, phone: Any, fact: Any) -> Any:
    async def true() -> Any:
        found = await shop.conversation(phone)
        return found if fact(found) else None

    return await until(true)


async def test_a_conversation_is_transferred_by_name_and_by_a_button(shop: Any, until: Any) -> None:
    anna, topic = await _topic_of(shop)
    await shop.staff_says("elena", topic, "/transfer @марк")
    await shop.topic_shows(topic, "Диалог передан: Марк Климов")
    await _conversation(shop, until, anna, lambda c: c["assignee"] and c["assignee"]["name"] == "Марк Климов")
    await shop.staff_says("mark", topic, "/transfer кому-нибудь")
    asked = await shop.topic_shows(topic, "Не понял, кому передать")
    await shop.staff_presses("mark", topic, asked, "Елена Соколова")
    await _conversation(shop, until, anna, lambda c: c["assignee"]["name"] == "Елена Соколова")


async def test_words_after_close_go_to_nobody_unless_they_say_that_nothing_is_to_be_answered(shop: Any) -> None:
    anna, topic = await _topic_of(shop)
    await shop.staff_says("elena", topic, "/close Спасибо, до свидания!")
    await shop.topic_shows(topic, "Диалог не закрыт: слова после /close никому не уходят")
    assert (await shop.conversation(anna))["stage"] == "waiting"
    await shop.staff_says("elena", topic, "/close Без ответа")
    await shop.stage(anna, "closed")
    await shop.quiet()
    events = [row["event"]["code"] for row in await shop.history(anna) if row["event"]]
    assert events[-1] == "closed_unanswered"
    assert not any("до свидания" in text for text in await shop.sent_to(anna))


async def test_snooze_tags_and_notes_by_command(shop: Any, until: Any) -> None:
    anna, topic = await _topic_of(shop)
    await shop.staff_says("elena", topic, "/snooze когда-нибудь")
    await shop.topic_shows(topic, "Не понял, до какого времени")
    await shop.staff_says("elena", topic, "/snooze завтра 9:00")
    await shop.topic_shows(topic, "💤 Отложено до")
    await _conversation(shop, until, anna, lambda c: c["snoozed_until"])
    await shop.staff_says("elena", topic, "/snooze до ответа // ждём номер заказа")
    await shop.topic_shows(topic, "💤 Отложено, пока клиент не напишет: ждём номер заказа")
    await _conversation(shop, until, anna, lambda c: c["snooze_note"] == "ждём номер заказа")
    await shop.staff_says("elena", topic, "/snooze 2 часа // " + "долго " * 60)
    await shop.topic_shows(topic, "Что сделать — короче: не больше 300 знаков")
    await anna.say("заказ 15")
    await _conversation(shop, until, anna, lambda c: not c["snoozed_until"] and not c["snooze_note"])
    await shop.staff_says("elena", topic, "/snooze завтра")
    await _conversation(shop, until, anna, lambda c: c["snoozed_until"])
    await shop.staff_says("elena", topic, "/snooze off")
    await _conversation(shop, until, anna, lambda c: not c["snoozed_until"])
    await shop.staff_says("elena", topic, "/tag vip, срочно")
    await shop.topic_shows(topic, "🏷 Метки: vip, срочно")
    await shop.staff_says("elena", topic, "/tag remove vip")
    await _conversation(shop, until, anna, lambda c: c["tags"] == ["срочно"])
    await shop.staff_says("elena", topic, "/note перезвонить после обеда")

    async def noted() -> Any:
        return next((m for m in await shop.history(anna) if m["text"] == "перезвонить после обеда"), None)

    assert (await until(noted))["author"]["kind"] == "note"
    assert not any("перезвонить" in text for text in await anna.heard())


async def test_a_banned_customer_is_kept_and_disturbs_nobody(shop: Any, until: Any, article: Any) -> None:
    anna, topic = await _topic_of(shop)
    await shop.staff_says("elena", topic, "/ban спам")
    await shop.topic_shows(topic, "бан")
    await shop.topic_shows(topic, "Клиент забанен")
    heard = len(await anna.heard())
    await anna.say(article.questions[0])
    await anna.say("купите слона")

    async def kept() -> Any:
        return any(m["text"] == "купите слона" for m in await shop.history(anna))

    await until(kept)
    await shop.quiet()
    assert len(await anna.heard()) == heard
    assert not any("слона" in m["text"] for m in await shop.in_topic(topic))
    assert (await shop.conversation(anna))["waiting_since"] is None
    await shop.staff_says("elena", topic, "/unban")
    await shop.topic_shows(topic, "бан снят")
    await anna.say("простите, это снова я")
    await shop.topic_shows(topic, "простите, это снова я")


async def test_the_library_is_asked_in_the_topic_and_answers_by_a_button(shop: Any, article: Any) -> None:
    anna, topic = await _topic_of(shop)
    await shop.staff_says("elena", topic, f"/kb {article.questions[0]}")
    found = await shop.topic_shows(topic, article.title)
    assert "уверенность" in found["text"]
    await shop.staff_presses("elena", topic, found, "1")
    await anna.gets(article.answer[:40])


async def test_a_word_is_recalled_by_command_and_by_button(shop: Any, until: Any, article: Any) -> None:
    anna, topic = await _topic_of(shop)
    await shop.staff_says("elena", topic, "Ваш пароль 1234")
    sent = await anna.gets("пароль")
    await shop.topic_shows(topic, "Диалог №")
    await shop.staff_says("elena", topic, "/recall")
    await shop.topic_shows(topic, "Отзываю у клиента")

    async def vanished() -> Any:
        return next((m for m in await anna.sees() if m["message_id"] == sent["message_id"]), {}).get("deleted", True)

    await until(vanished)
    await shop.staff_says("elena", topic, f"/kb {article.questions[0]}")
    found = await shop.topic_shows(topic, article.title)
    await shop.staff_presses("elena", topic, found, "1")
    await anna.gets(article.answer[:40])
    shown = await shop.topic_shows(topic, "👤 Елена Соколова")
    await shop.staff_presses("elena", topic, shown, "Отозвать")

    async def struck() -> Any:
        items = await shop.in_topic(topic)
        return next((m for m in items if m["message_id"] == shown["message_id"] and "удалено" in m["text"]), None)

    await until(struck)


async def test_it_is_too_late_to_recall_after_a_while(
    tmp_path: Any, library: Any, matcher: Any, open_shop: Any
) -> None:
    late = {"staff_group": {"chat": GROUP, "recall_seconds": 0}}
    async with open_shop(tmp_path, library, matcher, late) as shop:
        anna, topic = await _topic_of(shop)
        own = await shop.staff_says("elena", topic, "Уже не вернуть")
        await anna.gets("Уже не вернуть")
        await shop.staff_says("elena", topic, "/recall", reply_to=own)
        await shop.topic_shows(topic, "Отозвать уже нельзя")
        await shop.quiet()
        assert any("Уже не вернуть" in text for text in await anna.heard())


async def test_help_lists_the_commands_and_telegram_shows_them(shop: Any, until: Any) -> None:
    _anna, topic = await _topic_of(shop)
    await shop.staff_says("elena", topic, "/help@kedr_help_bot")
    listed = await shop.topic_shows(topic, "Команды в теме диалога")
    assert "/recall" in listed["text"]

    async def offered() -> Any:
        scope = json.dumps({"type": "chat", "chat_id": GROUP})
        url = f"{shop.telegram}/bot{TOKEN}/getMyCommands"
        async with shop.http.get(url, params={"scope": scope}) as answer:
            return (await answer.json())["result"]

    commands = await until(offered)
    assert {"command": "kb", "description": "найти ответ в базе знаний"} in commands
    calls = (await shop.ctl("GET", "/calls"))["items"]
    assert sum(call["method"] == "setMyCommands" and "chat_id" in str(call["params"]) for call in calls) == 1


async def test_a_refused_verb_is_told_in_words(shop: Any) -> None:
    anna, topic = await _topic_of(shop)
    await shop.staff_says("elena", topic, "/claim")
    await shop.stage(anna, "operator")
    await shop.staff_says("mark", topic, "/claim")
    await shop.topic_shows(topic, "уже у другого оператора: Елена Соколова")
    await shop.staff_says("mark", topic, "/recall")
    await shop.topic_shows(topic, "Отзывать нечего")


async def test_only_answers_to_the_customer_go_out_where_the_settings_say_so(
    tmp_path: Any, library: Any, matcher: Any, open_shop: Any, until: Any
) -> None:
    strict = {"staff_group": {"chat": GROUP, "sends": "replies"}}
    async with open_shop(tmp_path, library, matcher, strict) as shop:
        anna, topic = await _topic_of(shop)
        await anna.say("когда привезёте?")
        asked = await shop.topic_shows(topic, "когда привезёте?")
        own = await shop.staff_says("elena", topic, "Марк, ты знаешь?")
        hint = await shop.topic_shows(topic, "записано заметкой")
        assert hint["reply_to"] == own
        await shop.staff_says("mark", topic, "Завтра, кажется", reply_to=own)
        await shop.staff_says("elena", topic, "Привезём завтра", reply_to=asked["message_id"])
        await anna.gets("Привезём завтра")
        await shop.staff_says("elena", topic, "> До связи!")
        await anna.gets("До связи!")
        await shop.quiet()
        heard = await anna.heard()
        assert "До связи!" in heard
        assert not any("Марк" in text or "кажется" in text for text in heard)

        async def noted() -> Any:
            notes = [m["text"] for m in await shop.history(anna) if m["author"]["kind"] == "note"]
            return notes == ["Марк, ты знаешь?", "Завтра, кажется"]

        await until(noted)


async def test_a_banned_customer_cannot_be_lost_by_a_new_conversation(shop: Any, until: Any) -> None:
    anna, topic = await _topic_of(shop)
    await shop.staff_says("elena", topic, "/ban")
    await shop.topic_shows(topic, "Клиент забанен")
    await shop.staff_says("elena", topic, "/close")
    await shop.stage(anna, "closed")
    await anna.say("а я всё равно пишу")

    async def kept() -> Any:
        return any(m["text"] == "а я всё равно пишу" for m in await shop.history(anna))

    await until(kept)
    assert (await shop.conversation(anna))["stage"] == "closed"
