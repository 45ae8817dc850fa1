"""What the staff group is shown of a conversation, and what never."""

from dataclasses import replace

from bridge.model.desk import Post, PostKind
from tests.hall import PETR
from tests.property.histories import World


async def posts(world: World, *kinds: PostKind) -> list[Post]:
    return [post for post in world.street.posts if post.kind in (kinds or tuple(PostKind))]


async def texts(world: World) -> list[str]:
    return [f"{post.author}: {post.text}" if post.author else post.text for post in await posts(world, PostKind.TEXT)]


async def waiting(world: World) -> None:
    """A customer asks, is answered, and calls a person."""
    await world.say("1", "вопрос")
    await world.rest()
    await world.say("1", "оператор")
    await world.rest()


async def test_nothing_is_shown_before_a_person_is_needed(world: World) -> None:
    await world.say("1", "вопрос")
    await world.rest()
    assert world.street.posts == []


async def test_a_topic_opens_with_what_was_said_before_and_goes_on(world: World) -> None:
    await waiting(world)
    opening, *later = await texts(world)
    head, *lines = opening.split("\n")
    assert head == "Перед этим:"
    assert lines[0] == "Покупатель 1: вопрос №1"
    assert lines[1].startswith("🤖 Бот: Здравствуйте!")
    assert lines[2].startswith("🤖 Бот: Ответ first")
    assert "оператор" in lines[-1]
    assert not any(line.startswith(":") for line in lines)
    assert later[0] == "🤖 Бот: Хорошо, зову оператора. Он увидит всю переписку и ответит прямо здесь."
    assert "почту или телефон" in later[1]
    assert len(later) == 2
    assert [post.kind for post in world.street.posts][:2] == [PostKind.TOPIC, PostKind.TEXT]
    assert (await posts(world, PostKind.TOPIC))[0].text == "Покупатель 1 · № 1"


async def test_only_the_last_ten_words_open_a_topic_and_events_are_not_among_them(world: World) -> None:
    for _ in range(8):
        await world.say("1", "вопрос")
        await world.rest()
    await world.act("olga", "tag", "1")
    await world.block("1", "blocked")
    await world.say("1", "оператор")
    await world.rest()
    lines = (await texts(world))[0].split("\n")[1:]
    assert len([line for line in lines if line.startswith(("Покупатель", "🤖"))]) == 10
    assert "вопрос №1\n" not in "\n".join(lines)


async def test_everybodys_words_are_shown_but_for_those_written_there(world: World) -> None:
    await waiting(world)
    before = len(await texts(world))
    await world.reply("olga", "1", 1)
    await world.note("olga", "1", 2)
    await world.topic_say("petr", "1", "Из темы")
    await world.topic_say("petr", "1", "// Тайное")
    await world.rest()
    assert (await texts(world))[before:] == ["👤 Ольга: Ответ человека 1", "📝 Ольга: Заметка 2"]
    heard = [message.text for message in world.street.seen]
    assert heard[-2:] == ["Ответ человека 1", "Из темы 3"]


async def test_words_from_the_topic_get_a_mark_when_they_were_sent_and_reasons_when_not(world: World) -> None:
    await waiting(world)
    await world.topic_say("petr", "1", "Из темы")
    await world.rest()
    (mark,) = await posts(world, PostKind.MARK)
    assert mark.reply_to == "t3"
    await world.outcomes("send", ["unreachable", "lost"])
    await world.topic_say("petr", "1", "Из темы")
    await world.topic_say("petr", "1", "Из темы")
    await world.deliver(backwards=False)
    for direction in ("in", "in", "out", "out", "out"):
        await world.work(direction, 5)
    failed, unknown = await posts(world, PostKind.NOTICE)
    assert (failed.reply_to, unknown.reply_to) == ("t4", "t5")
    assert failed.text == "⚠️ Не доставлено клиенту: клиент заблокировал бота"
    assert unknown.text.startswith("❓ Неизвестно, получил ли клиент это сообщение: связь оборвалась во время отправки")
    assert len(await posts(world, PostKind.MARK)) == 1


async def test_the_card_shows_stage_and_owner_and_fitting_buttons(world: World) -> None:
    def shown() -> tuple[str, list[str]]:
        card = [post for post in world.street.posts if post.kind is PostKind.CARD][-1]
        return card.text, [choice.data.split(":")[0] for choice in card.choices]

    await waiting(world)
    text, buttons = shown()
    assert ("ждёт оператора" in text, "пока никто" in text, buttons) == (True, True, ["claim", "close", "contact"])
    await world.act("petr", "claim", "1")
    await world.rest()
    text, buttons = shown()
    assert ("у оператора" in text, "Оператор: Пётр" in text, buttons) == (True, True, ["release", "close", "contact"])
    await world.act("petr", "close", "1")
    await world.rest()
    assert shown()[1] == ["reopen"]
    assert [post.icon for post in await posts(world, PostKind.ICON)] == ["waiting", "operator", "closed"]


async def test_a_state_that_changes_before_it_is_shown_is_shown_once(world: World) -> None:
    await waiting(world)
    before = len(await posts(world, PostKind.CARD))
    for verb in ("claim", "queue", "claim"):
        await world.act("olga", verb, "1")
    await world.rest()
    cards = (await posts(world, PostKind.CARD))[before:]
    assert len(cards) == 1
    assert "Ольга" in cards[0].text


async def test_an_answer_keeps_the_card_as_it_is(world: World) -> None:
    await waiting(world)
    await world.reply("olga", "1", 1)
    await world.rest()
    before = len(await posts(world, PostKind.CARD))
    await world.reply("olga", "1", 2)
    await world.note("olga", "1", 3)
    await world.rest()
    assert len(await posts(world, PostKind.CARD)) == before


async def test_suggestions_come_with_buttons_that_send_them_once(world: World) -> None:
    await waiting(world)
    await world.say("1", "сомнение")
    await world.rest()
    suggested = (await posts(world, PostKind.SUGGESTION))[-1]
    named = [choice.text for choice in suggested.choices]
    assert named == ["📤 Отправить 1", "📤 Отправить 2", "Не подходит", "Не для базы"]
    for _ in range(2):
        await world.topic_press("olga", "1", "wrong")
    for who in ("petr", "olga"):
        await world.topic_press(who, "1", "send")
    await world.rest()
    assert [message.text for message in world.street.seen].count("Ответ other") == 1
    said = {(row.text[:8], row.article_id, row.fits, row.source, row.by) for row in await world.eyes.labels.all()}
    wrong = {("сомнение", each, False, "rejected", "olga") for each in ("first", "other")}
    assert said == wrong | {("сомнение", "other", True, "sent", "petr")}


async def test_a_button_says_that_it_is_no_question_for_the_base(world: World) -> None:
    await waiting(world)
    await world.say("1", "сомнение")
    await world.rest()
    await world.topic_press("olga", "1", "nothing")
    await world.rest()
    said = [(row.text[:8], row.article_id, str(row.source), row.by) for row in await world.eyes.labels.all()]
    assert said == [("сомнение", None, "nothing", "olga")]


async def test_strangers_are_told_once_an_hour_and_heard_by_nobody(world: World) -> None:
    await waiting(world)
    petr = await world.eyes.staff.operator(PETR.id)
    await world.eyes.staff.replace(replace(petr, disabled=True))
    for _ in range(3):
        await world.topic_say("petr", "1", "Из темы")
    await world.rest()
    notices = await posts(world, PostKind.NOTICE)
    assert len(notices) == 1
    assert "не зарегистрированы" in notices[0].text
    assert not any("Из темы" in message.text for message in world.street.seen)
