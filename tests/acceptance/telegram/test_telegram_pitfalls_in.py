"""Known pitfalls of the Bot API, each tried at the door: the test's name says which."""

import asyncio
import json
from typing import Any

import pytest

from bots.emulators.telegram.methods.updates import hook_state
from bots.telegram import receiving
from bridge.model.desk import Post, PostKind, Topic
from bridge.model.ids import ConversationId
from bridge.model.inbound import Pressed, Said
from bridge.model.lanes import out_lane
from bridge.model.messages import Choice, Delivery
from tests.serving import until
from tests.telegram_door import GROUP, TOKEN, Door, Street, hooked, word

BOT = int(TOKEN.partition(":")[0])
SECRET = "X-Telegram-Bot-Api-Secret-Token"


def post(text: str, kind: PostKind = PostKind.TEXT) -> Post:
    """Return a post of a staff group."""
    from datetime import UTC, datetime

    at = datetime(2026, 1, 1, tzinfo=UTC)
    delivery = Delivery(out_lane("telegram.staff", "c"), 1)
    return Post("p", "telegram.staff", ConversationId("c"), kind, text, at, delivery)  # type: ignore[arg-type]


def place(topic: int | None, group: int = GROUP) -> Topic:
    return Topic(ConversationId("c"), "telegram.staff", str(group), str(topic) if topic else None)  # type: ignore[arg-type]


@pytest.mark.parametrize("fault", ["bad_update", "missing_field", "unknown_kind"])
async def test_1_an_update_nobody_can_read_holds_up_no_other(street: Street, fault: str) -> None:
    door = await street.polling()
    anna, boris = await street.person(), await street.person("Борис")
    await street.fault(fault, count=1)
    await street.say(anna, "моё сообщение")
    await street.say(boris, "и моё")
    await door.hears(Said, text="моё сообщение")
    await door.hears(Said, text="и моё")
    assert len(door.raws) == 3  # the odd one is kept, too: for the dead letters


async def test_2_what_is_not_stored_is_not_acknowledged(street: Street) -> None:
    door = await street.polling()
    door.down = True
    user = await street.person()
    await street.say(user, "не потеряйте")
    pending = street.emulator.emulation.world.bots[BOT].queue
    await until(lambda: _polled_again(street), "the update at the door")
    assert len(pending) == 1
    await door.stop()
    other = await street.polling()
    await other.hears(Said, text="не потеряйте")
    await street.say(user, "и это")
    await other.hears(Said, text="и это")


async def _polled_again(street: Street) -> bool:
    line = street.emulator.emulation.lines[BOT]
    return line.poll is None  # the poll was answered: the batch is in the door's hands


async def test_2_a_store_that_fails_makes_the_webhook_repeat(street: Street) -> None:
    async with hooked(lambda url: street.door(url, mode="webhook")) as (door, _):
        door.start()
        await until(lambda: _hooked(street), "the webhook")
        door.down = True
        user = await street.person()
        await street.say(user, "не потеряйте")

        async def refused() -> bool:
            return street.emulator.emulation.journal.webhook_failures > 0

        await until(refused, "a refusal")
        await street.ctl("POST", "/clock", {"scale": 100})
        door.down = False
        await door.hears(Said, text="не потеряйте")


async def _hooked(street: Street) -> bool:
    return bool(hook_state(street.emulator.emulation.world.bots[BOT])["url"])


@pytest.mark.parametrize(
    "update",
    [
        {"update_id": 1},
        {"update_id": 2, "message": "words"},
        {"update_id": 3, "message": {"chat": {"id": ["a", "list"]}}},
        {"update_id": 4, "message": {"chat": {"id": 5, "type": "private"}, "message_thread_id": {}}},
        {"update_id": 5, "business_message": {"chat": {"id": 5, "type": "private"}, "text": "x"}},
        {"update_id": 6, "message_reaction": {"chat": {}}},
    ],
)
async def test_3_no_update_is_refused_for_what_it_holds(street: Street, update: dict[str, Any]) -> None:
    async with hooked(lambda url: street.door(url, mode="webhook")) as (door, url):
        door.channel._receiver.accept = door.accept
        headers = {SECRET: door.channel._account.secret}
        async with street.http.post(f"{url}/hooks/telegram", json=update, headers=headers) as answer:
            assert answer.status == 200
        (raw,) = door.raws
        assert json.loads(raw.body) == update
        assert list(door.understood(raw)) == []


async def test_4_a_delivery_that_comes_twice_has_one_key(street: Street) -> None:
    door = await street.polling()
    user = await street.person()
    taken: list[str] = []
    accept = door.accept

    async def noted(channel: Any, raw: Any) -> None:
        taken.append(raw.key)
        await accept(channel, raw)

    door.channel._receiver.accept = noted
    await street.fault("duplicate_update", count=1)
    await street.say(user, "раз")
    await street.say(user, "два")
    await door.hears(Said, text="два")
    await until(lambda: _twice(taken), "the second copy")
    assert [fact.text for fact in door.facts()] == ["раз", "два"]


async def _twice(taken: list[str]) -> bool:
    return len(taken) > len(set(taken))


async def test_17_two_that_poll_tell_each_other_and_go_on_when_one_ends(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "CONFLICT", 0.05)
    first = await street.polling()
    second = street.door()
    second.start()
    await until(lambda: _in_conflict(first, second), "a conflict")
    assert "broken" not in (first.channel.state.state, second.channel.state.state)
    await second.stop()
    user = await street.person()
    await street.say(user, "кто здесь?")
    await first.hears(Said, text="кто здесь?")
    await until(lambda: _at_peace(first), "peace")


async def _in_conflict(*doors: Door) -> bool:
    return any(door.channel.state.reason == "conflict" for door in doors)


async def _at_peace(door: Door) -> bool:
    return door.channel.state.state == "ok" and door.channel.state.reason is None


async def test_17_of_two_processes_with_a_lease_one_polls(street: Street) -> None:
    lease = asyncio.Lock()

    async def sole(work: Any) -> None:
        async with lease:
            await work()

    doors = [street.door(sole=sole), street.door(sole=sole)]
    for door in doors:
        door.start()
    user = await street.person()
    await street.say(user, "раз")
    await until(lambda: _heard(doors, 1), "the first word")
    holder = doors[0] if doors[0].raws else doors[1]
    await holder.stop()
    await street.say(user, "два")
    await until(lambda: _heard(doors, 2), "the second word")
    assert 409 not in {call["status"] for call in await street.calls("getUpdates")}


async def _heard(doors: list[Door], count: int) -> bool:
    return len({raw.key for door in doors for raw in door.raws}) == count


async def test_20_words_of_a_business_account_and_of_bots_are_nobodys(street: Street) -> None:
    door = street.door()
    await street.say(await street.person(), "привет")
    echo = {"message_id": 1, "date": 1, "chat": {"id": 5, "type": "private"}, "text": "x"}
    mine = {"id": BOT, "is_bot": True, "first_name": "Shop"}
    for kind, more in (("business_message", {"sender_business_bot": mine, "from": mine}), ("message", {"from": mine})):
        raw = door.channel._receiver.raw({"update_id": 9, kind: {**echo, **more}})
        assert list(door.understood(raw)) == []


async def test_a_press_overtakes_no_word_and_an_old_one_harms_nothing(street: Street) -> None:
    door = await street.polling()
    user = await street.person()
    await street.say(user, "привет")
    await door.channel.send(word(user, "Да?", choices=(Choice("Да", "yes:1"),)))
    (question,) = await street.from_bot(user)
    await street.ctl("POST", "/user/press", {"user": user, "message_id": question["message_id"], "data": "yes:1"})
    press = await door.hears(Pressed)
    assert {raw.lane for raw in door.raws} == {f"in:telegram:{user}"}
    street.emulator.emulation.world.callbacks[press.press_id].at -= 200
    await door.channel.pressed(press.press_id, "поздно")
    await until(lambda: _answered(street), "the answer")
    assert door.channel.state.state == "ok"


async def _answered(street: Street) -> bool:
    return any(call["status"] == 400 for call in await street.calls("answerCallbackQuery"))
