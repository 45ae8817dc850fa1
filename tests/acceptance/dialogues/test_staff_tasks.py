"""Tasks and mentions from a topic: written down, listed, done by order and by button; who is named is told."""

from typing import Any

from tests.shop import GROUP, STAFF


async def _topic_of(shop: Any) -> tuple[Any, int]:
    anna = await shop.phone()
    await anna.say("оператор")
    topic = await shop.topic(anna)
    await shop.topic_shows(topic, "Диалог №")
    return anna, topic


async def _tasks(shop: Any, phone: Any) -> list[dict[str, Any]]:
    conversation = await shop.conversation(phone)
    return (await shop.api("GET", f"/tasks?conversation={conversation['id']}"))["items"]


async def test_a_task_is_given_in_a_topic_and_done_there(shop: Any, until: Any) -> None:
    anna, topic = await _topic_of(shop)
    await shop.staff_says("elena", topic, "/task")
    await shop.topic_shows(topic, "Открытых задач в этом диалоге нет")
    await shop.staff_says("elena", topic, "/task перезвонить клиенту @марк до завтра 10:00")
    told = await shop.topic_shows(topic, "☑️ Задача записана: перезвонить клиенту · Марк Климов · до ")
    assert "10:00" in told["text"]
    await shop.staff_says("elena", topic, "/task проверить заказ 15")
    await shop.topic_shows(topic, "☑️ Задача записана: проверить заказ 15 · Елена Соколова")
    first, second = sorted(await _tasks(shop, anna), key=lambda task: task["created_at"])
    assert (first["text"], first["assignee"]["name"]) == ("перезвонить клиенту", "Марк Климов")
    assert (second["text"], second["assignee"]["name"], second["due"]) == ("проверить заказ 15", "Елена Соколова", None)
    # Whom it was given to finds it in the panel.
    notices = (await shop.api("GET", "/notifications", who="mark"))["items"]
    assert [(each["kind"], each["text"]) for each in notices if each["kind"] == "task"] == [
        ("task", "перезвонить клиенту")
    ]
    await shop.staff_says("mark", topic, "/task готово")
    await shop.topic_shows(topic, "Какая из задач сделана?")
    await shop.staff_says("mark", topic, "/task")
    listed = await shop.topic_shows(topic, "Открытые задачи")
    assert [row[0]["text"][:4] for row in listed["buttons"]] == ["✅ 1.", "✅ 2."]
    await shop.staff_presses("mark", topic, listed, "перезвонить клиенту")

    async def one_left() -> Any:
        return [task["text"] for task in await _tasks(shop, anna) if not task["done_at"]] == ["проверить заказ 15"]

    await until(one_left)
    await shop.staff_says("elena", topic, "/task done 1")
    await shop.topic_shows(topic, "✅ Сделано: проверить заказ 15")
    assert all(task["done_at"] for task in await _tasks(shop, anna))
    await shop.quiet()
    assert not any("задач" in text.lower() for text in await anna.heard())


async def test_who_is_named_in_a_note_of_a_topic_is_told(shop: Any, until: Any) -> None:
    anna, topic = await _topic_of(shop)
    await shop.staff_says("elena", topic, "// @Марк взгляни, пожалуйста")
    await shop.staff_says("elena", topic, "/note спроси у @климов, а не у @кого-нибудь")

    async def told() -> Any:
        rows = (await shop.api("GET", "/notifications", who="mark"))["items"]
        found = [row["text"] for row in rows if row["kind"] == "mention"]
        return found if len(found) == 2 else None

    assert set(await until(told)) == {"@Марк взгляни, пожалуйста", "спроси у @климов, а не у @кого-нибудь"}
    notes = [row for row in await shop.history(anna) if row["author"]["kind"] == "note"]
    assert [row["mentions"] for row in notes] == [["op-mark"], ["op-mark"]]
    # One who does not get the conversation is not told, which the writer is.
    await shop.api("PATCH", "/operators/op-mark", {"team_access": {"scope": "only", "names": []}}, who="admin")
    await shop.staff_says("elena", topic, "// @Марк Климов, а это?")
    await shop.topic_shows(topic, "Марк Климов не видит этот диалог, упоминание не дошло")
    await shop.staff_says("elena", topic, "/task перезвонить @марк")
    await shop.topic_shows(topic, "Задача не записана: Марк Климов не видит этот диалог")


async def test_who_is_named_only_when_a_note_is_edited_is_told_and_nobody_else_again(shop: Any, until: Any) -> None:
    anna, topic = await _topic_of(shop)
    own = await shop.staff_says("elena", topic, "// @Марк взгляни")

    async def told(who: str) -> list[str]:
        rows = (await shop.api("GET", "/notifications", who=who))["items"]
        return [row["text"] for row in rows if row["kind"] == "mention"]

    async def first() -> bool:
        return await told("mark") == ["@Марк взгляни"]

    await until(first)
    place = {"operator": STAFF["elena"][1], "group": GROUP, "topic": topic, "message_id": own}
    await shop.ctl("POST", "/operator/edit", {**place, "text": "// @Марк и @Ирина, взгляните"})

    async def added() -> bool:
        return await told("admin") == ["@Марк и @Ирина, взгляните"]

    await until(added)
    assert await told("mark") == ["@Марк взгляни"]
    (note,) = [row for row in await shop.history(anna) if row["author"]["kind"] == "note"]
    assert note["mentions"] == ["op-mark", "op-admin"]
    # From the panel too; who was told once is not told again by the next change.
    await shop.api("PATCH", f"/messages/{note['id']}", {"text": "@Ирина, @Марк: готово"})
    assert (await told("mark"), await told("admin")) == (["@Марк взгляни"], ["@Марк и @Ирина, взгляните"])


async def test_a_colleague_is_named_as_telegram_completes_him(shop: Any, until: Any) -> None:
    _, topic = await _topic_of(shop)
    mark = STAFF["mark"][1]
    shop.emulator.emulation.world.people[mark].username = "klm_77"
    await shop.staff_says("mark", topic, "// гляжу")

    async def known() -> bool:
        row = await shop.bridge.store.staff.by_telegram(mark)
        return row is not None and row.telegram_username == "klm_77"

    async def told() -> bool:
        rows = (await shop.api("GET", "/notifications", who="mark"))["items"]
        return [row["text"] for row in rows if row["kind"] == "mention"] == ["@KLM_77 и ещё вот что"]

    await until(known)
    await shop.staff_says("elena", topic, "// @KLM_77 и ещё вот что")
    await until(told)
    await shop.staff_says("elena", topic, "/transfer @klm_77")
    await shop.topic_shows(topic, "Диалог передан: Марк Климов")
