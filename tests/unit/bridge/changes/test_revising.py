"""What customers do to words that stand: quotes, edits, deletes, signs, read marks, and what others say for us."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bridge import desk, service
from bridge.changes import amending
from bridge.errors import Conflict
from bridge.model.conversations import DeskState, Stage
from bridge.model.desk import Post, PostKind
from bridge.model.files import Remote
from bridge.model.ids import ChatId, derive
from bridge.model.inbound import Answered, Deleted, Edited, Reacted, Read, Said, Sender
from bridge.model.messages import AuthorKind, DeliveryState, Message
from bridge.model.operators import Role
from tests.changes import at, called, comes, now, thread, words
from tests.files import PDF, picture
from tests.hall import OLGA, PETR, sender
from tests.property.histories import World
from tests.street import DESK, NAME

CHAT = ChatId("1")
ANNA = Sender("900", "Анна из магазина")


async def replied(world: World) -> Message:
    await called(world)
    said = await service.reply(world.process.bridge, OLGA, (await now(world)).id, "Ответ", key="k")
    await world.rest()
    return await world.eyes.messages.get(said.id)


async def told(world: World, kind: PostKind, message: Message) -> Post | None:
    """What the topic was given of a change of a word."""
    return await world.eyes.desk.find(derive("post", DESK, message.conversation, f"{kind.value}:{message.id}"))


async def test_a_word_taken_back_is_kept_for_the_staff(world: World) -> None:
    said = await called(world)
    gone = Deleted(NAME, CHAT, "d1", str(said.external_id), sender("1"), at(world))
    await comes(world, gone)
    stood = (await thread(world))[0]
    assert (stood.text, stood.deleted_at) == ("оператор", at(world))
    last = (await now(world)).last_said
    assert last is not None
    assert (last.text, last.content) == ("", "deleted")
    assert (await told(world, PostKind.EDIT, said)) is not None


async def test_a_sign_on_any_word_of_the_chat(world: World) -> None:
    said, answer = await called(world), await replied(world)
    assert answer.delivery is not None
    ours = str(answer.delivery.external_id)
    for number, (target, emoji) in enumerate([(said.external_id, "🔥"), (ours, "👍"), (ours, "❤")]):
        await comes(world, Reacted(NAME, CHAT, f"r{number}", str(target), sender("1"), emoji, at(world)))
    signs = {row.text: [each.emoji for each in row.reactions] for row in await thread(world) if row.reactions}
    assert signs == {"оператор": ["🔥"], "Ответ": ["❤"]}
    for word, emoji in ((said, "🔥"), (answer, "❤")):
        post = await told(world, PostKind.REACTION, word)
        assert post is not None
        assert (post.icon, post.message) == (emoji, word.id)
    await comes(world, Reacted(NAME, CHAT, "r9", ours, sender("1"), "", at(world)))
    assert next(row for row in await thread(world) if row.text == "Ответ").reactions == ()
    await comes(world, Reacted(NAME, CHAT, "r10", "nobody knows", sender("1"), "👍", at(world)))


async def test_read_marks_go_up_to_the_word_that_was_read(no_group: World) -> None:
    answer = await replied(no_group)
    later = await service.reply(no_group.process.bridge, OLGA, answer.conversation, "Ещё", key="k2")
    await no_group.rest()
    assert answer.delivery is not None
    await comes(no_group, Read(NAME, CHAT, "x1", str(answer.delivery.external_id), sender("1"), at(no_group)))
    states = {row.text: row.delivery.state for row in await thread(no_group) if row.delivery}
    assert (states["Ответ"], states["Ещё"]) == (DeliveryState.READ, DeliveryState.SENT)
    assert later.seq > answer.seq


async def test_a_quote_finds_his_words_and_ours(no_group: World) -> None:
    answer = await replied(no_group)
    said = (await thread(no_group))[0]
    assert answer.delivery is not None
    for number, quoted in enumerate([said.external_id, answer.delivery.external_id, "unknown"]):
        word = Said(NAME, CHAT, f"q{number}", sender("1"), f"об этом {number}", at(no_group), reply_to=quoted)
        await comes(no_group, replace(word, forwarded="Канал\u202e новостей"))
    quotes = {row.text: row.reply_to for row in await thread(no_group) if row.text.startswith("об этом")}
    assert quotes == {"об этом 0": said.id, "об этом 1": answer.id, "об этом 2": None}
    assert (await thread(no_group))[-1].forwarded == "Канал новостей"


async def test_an_answer_given_in_the_messenger_is_recorded_and_silences_the_bot(world: World) -> None:
    await world.say("1", "вопрос")
    await world.deliver(backwards=False)
    await world.work("in", 1)  # the breath has not ended yet
    fact = Answered(NAME, CHAT, "out1", ANNA, "Отвечу сама", at(world))
    world._post("1", fact)
    await world.rest()
    case = await now(world)
    assert (case.stage, case.assignee, case.desk_state) == (Stage.OPERATOR, None, DeskState.ANSWERED)
    assert await words(world, AuthorKind.BOT) == []
    (said,) = [row for row in await thread(world) if row.author.kind is AuthorKind.OPERATOR]
    assert said.delivery is not None
    assert (said.author.name, said.delivery.state, said.delivery.external_id) == (ANNA.name, DeliveryState.SENT, "out1")
    assert "Отвечу сама" not in world.street.screen.values()
    assert "Отвечу сама" in [post.text for post in world.street.posts]
    # Told once more, it is known; nobody of the desk has the conversation, so anybody may take it.
    await comes(world, replace(fact, at=at(world)))
    assert len(await words(world, AuthorKind.OPERATOR)) == 1
    assert (await service.claim(world.process.bridge, PETR, case.id)).assignee == PETR.id


async def test_an_answer_from_outside_leaves_the_owner(world: World) -> None:
    answer = await replied(world)
    before = await now(world)
    await comes(world, Answered(NAME, CHAT, "out1", ANNA, "Подскажу", at(world)))
    after = await now(world)
    assert (after.assignee, after.epoch) == (OLGA.id, before.epoch + 1)
    await service.reply(world.process.bridge, PETR, answer.conversation, "И я", key="k2")
    assert (await now(world)).assignee == OLGA.id


async def test_who_replies_after_an_answer_from_outside_takes_the_conversation(no_group: World) -> None:
    await no_group.say("1", "туман")
    await no_group.rest()
    await comes(no_group, Answered(NAME, CHAT, "out1", ANNA, "Подскажу", at(no_group)))
    await service.reply(no_group.process.bridge, PETR, (await now(no_group)).id, "И я", key="k")
    assert (await now(no_group)).assignee == PETR.id
    codes = [row.event.code for row in await thread(no_group) if row.event]
    assert codes[-2:] == ["answered_elsewhere", "claimed"]


async def test_who_is_written_to_first_is_met_by_his_chat(no_group: World) -> None:
    no_group.street.held["f"] = PDF
    files = (Remote("f", "document", "прайс.pdf"),)
    await comes(no_group, Answered(NAME, CHAT, "out1", ANNA, "Здравствуйте", at(no_group), files=files))
    case = await now(no_group)
    assert (case.customer_name, case.stage) == ("1", Stage.OPERATOR)
    (said,) = [row for row in await thread(no_group) if row.author.kind is AuthorKind.OPERATOR]
    assert ([each.name for each in said.attachments], said.kind) == (["прайс.pdf"], "document")
    await no_group.say("1", "вопрос")
    await no_group.rest()
    assert (await now(no_group)).id == case.id
    assert await words(no_group, AuthorKind.BOT) == []


@pytest.mark.parametrize("outcome", ["ok", "applied"])
async def test_our_own_echo_is_no_answer_and_tells_what_became_of_a_word(no_group: World, outcome: str) -> None:
    await called(no_group)
    said = await service.reply(no_group.process.bridge, OLGA, (await now(no_group)).id, "Ответ", key="k")
    await no_group.outcomes("send", [outcome])
    await no_group.work("out", 9)
    known = (await no_group.eyes.messages.get(said.id)).delivery
    assert known is not None
    echo = known.external_id or "sent99"
    await comes(no_group, Answered(NAME, CHAT, echo, ANNA, "Ответ", at(no_group)))
    assert await words(no_group, AuthorKind.OPERATOR) == ["Ответ"]
    stood = (await no_group.eyes.messages.get(said.id)).delivery
    assert stood is not None
    assert (stood.state, stood.external_id) == (DeliveryState.SENT, echo)
    assert (await now(no_group)).undelivered is None


async def test_an_echo_that_is_quicker_than_the_receipt_waits_for_it(
    no_group: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await called(no_group)
    await service.reply(no_group.process.bridge, OLGA, (await now(no_group)).id, "Ответ", key="k")
    other = await no_group.twin((0,))
    door: Any = next(iter(no_group.process.bridge.channels.by_name.values()))
    whole, sent, answers = door.send, asyncio.Event(), asyncio.Event()

    async def slow(message: Any) -> Any:
        receipt = await whole(message)
        sent.set()
        await answers.wait()
        return receipt

    monkeypatch.setattr(door, "send", slow)
    sending = asyncio.create_task(no_group.process.step("out"))
    await sent.wait()
    echo = f"sent{len(no_group.street.seen)}"
    other._post("1", Answered(NAME, CHAT, echo, ANNA, "Ответ", at(no_group)))
    await other.deliver(backwards=False)
    listening = asyncio.create_task(other.process.step("in"))
    await asyncio.sleep(0)
    answers.set()
    await asyncio.gather(sending, listening)
    await no_group.rest()
    assert await words(no_group, AuthorKind.OPERATOR) == ["Ответ"]


async def test_the_customer_sees_that_he_was_read(no_group: World) -> None:
    said = await called(no_group)
    id = (await now(no_group)).id
    await desk.mark_read(no_group.process.bridge, replace(PETR, role=Role.OBSERVER), id, 99)
    assert no_group.street.shown_seen == []
    for _ in range(3):
        await desk.mark_read(no_group.process.bridge, OLGA, id, 99)
    (mark,) = no_group.process.bridge.memory.reading.values()
    assert mark.task is not None
    await mark.task
    assert no_group.street.shown_seen == [said.external_id]


async def test_a_word_that_is_gone_for_its_customer_takes_no_reaction_of_ours(no_group: World) -> None:
    said = await called(no_group)
    await comes(no_group, Deleted(NAME, CHAT, "d1", str(said.external_id), sender("1"), at(no_group)))
    with pytest.raises(Conflict):
        await amending.react(no_group.process.bridge, OLGA, said.id, "👍")


async def test_a_replaced_picture_comes_as_a_word_that_points_at_the_one_it_changed(no_group: World) -> None:
    await called(no_group)
    street = no_group.street
    street.held |= {"f1": picture(), "f1 anew": picture(), "f2": PDF}
    photo = Remote("f1", "photo", "a.png")
    word = Said(NAME, CHAT, "ph", sender("1"), "вот", at(no_group), "photo", files=(photo,))
    await comes(no_group, word)
    before = len(await words(no_group, AuthorKind.CUSTOMER))

    def edit(number: int, text: str, *files: Remote) -> Edited:
        return Edited(NAME, CHAT, f"e{number}", "ph", sender("1"), text, at(no_group), files=files)

    await comes(no_group, edit(1, "вот так", photo), edit(2, "вот так", replace(photo, ref="f1 anew")))
    assert (await words(no_group, AuthorKind.CUSTOMER))[before - 1 :] == ["вот так"]
    await comes(no_group, edit(3, "вот так", Remote("f2", "document", "b.pdf")))
    rows = [row for row in await thread(no_group) if row.author.kind is AuthorKind.CUSTOMER]
    changed = rows[-2]
    assert (changed.external_id, rows[-1].external_id) == ("ph", "ph")  # one message, where it is quoted or signed
    assert [each.name for each in changed.attachments] == ["a.png"]
    assert (rows[-1].reply_to, [each.name for each in rows[-1].attachments]) == (changed.id, ["b.pdf"])


async def test_an_answer_changed_where_it_was_given_is_changed_here(world: World) -> None:
    answer = await replied(world)
    fact = Answered(NAME, CHAT, "out1", ANNA, "Подскажу", at(world))
    await comes(world, fact, replace(fact, text="Подскажу завтра"))
    rows = [row for row in await thread(world) if row.origin == NAME]
    assert [(row.text, row.edited_at) for row in rows] == [("Подскажу завтра", at(world))]
    assert (await now(world)).last_message.text == "Подскажу завтра"  # type: ignore[union-attr]
    # What we said ourselves is ours to change.
    assert answer.delivery is not None
    await comes(world, replace(fact, external_id=str(answer.delivery.external_id), text="иначе"))
    assert "Ответ" in await words(world, AuthorKind.OPERATOR)
