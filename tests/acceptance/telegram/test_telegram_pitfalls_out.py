"""Known pitfalls of the Bot API, each tried at the door: the test's name says which."""

import asyncio
import logging

import pytest

from bridge.errors import OutcomeUnknown, Rejected, RetryLater
from bridge.model.desk import Post, PostKind, Topic
from bridge.model.files import Remote
from bridge.model.ids import ConversationId
from bridge.model.inbound import Said, StaffSaid
from bridge.model.lanes import out_lane
from bridge.model.messages import Delivery
from tests.files import picture
from tests.telegram_door import GROUP, OLGA, OTHER, TOKEN, Door, Street, file, word
from tests.telegram_door import street as opened_street

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


async def test_7_general_is_meant_by_no_thread_and_an_odd_thread_is_no_topic(street: Street) -> None:
    door = await street.polling(staff_group={"chat": GROUP})
    await door.channel.post(post("для всех"), place(None))
    (call,) = await street.calls("sendMessage")
    assert "message_thread_id" not in call["params"]
    said = {"operator": OLGA, "group": GROUP}
    first = (await street.ctl("POST", "/operator/say", {**said, "text": "в общем"}))["message_id"]
    await street.ctl("POST", "/operator/say", {**said, "text": "ответ", "reply_to": first})
    assert (await door.hears(StaffSaid, text="ответ")).topic is None
    assert '"message_thread_id"' in door.raws[-1].body


async def test_8_a_private_chat_is_written_to_without_any_thread(street: Street) -> None:
    door = await street.polling()
    user = await street.person()
    await street.say(user, "из темы", raw={"message_thread_id": 77, "is_topic_message": True})
    fact = await door.hears(Said, text="из темы")
    await door.channel.send(word(user, "ответ", reply_to=fact.external_id))
    (call,) = await street.calls("sendMessage")
    assert "message_thread_id" not in call["params"]
    assert (await street.from_bot(user))[0]["text"] == "ответ"


async def test_9_a_forum_is_one_chat_and_its_limit_is_never_met(street: Street) -> None:
    door = street.door(staff_group={"chat": GROUP})
    made = await door.channel.post(post("Тема", PostKind.TOPIC), place(None))
    topic = place(int(made.external_id))
    await street.ctl("POST", "/limits", {"on": True})
    shown = 0
    for _ in range(60):
        wait = await door.channel.turn(str(GROUP), "text")
        if wait > 1.5:
            break  # the minute is spent: the outbox waits for its turn
        if wait:
            await asyncio.sleep(wait)
            continue
        shown += 1
        await door.channel.post(post(f"строка {shown}"), topic)
        if shown == 6:
            break
    assert shown == 6
    assert (await street.ctl("GET", "/stats"))["rate_limited"] == 0
    assert await street.calls("sendChatAction") == []


async def test_10_a_group_that_was_upgraded_is_written_to_and_heard_under_its_new_id(street: Street) -> None:
    door = await street.polling(staff_group={"chat": GROUP})
    made = await door.channel.post(post("Тема", PostKind.TOPIC), place(None))
    topic = place(int(made.external_id))
    await street.fault("migrate", chat=GROUP, count=1)
    await door.channel.post(post("после переезда"), topic)
    (group,) = (await street.ctl("GET", "/groups"))["items"]
    assert group["id"] != GROUP
    assert [item["text"] for item in await street.from_bot(group["id"])][-1] == "после переезда"
    said = {"operator": OLGA, "group": group["id"], "topic": int(made.external_id), "text": "слышно?"}
    await street.ctl("POST", "/operator/say", said)
    assert (await door.hears(StaffSaid, text="слышно?")).topic == made.external_id


@pytest.mark.parametrize(
    "text", ["<b>не жирный</b> & _нет_", "*[x](http://x)* `", "\\_[", "a < b && c > d", "</script>"]
)
async def test_11_what_people_say_is_never_markup(street: Street, text: str) -> None:
    door = street.door(staff_group={"chat": GROUP})
    user = await street.person("<i>Анна</i> *Ко*")
    await street.say(user, "привет")
    await door.channel.send(word(user, text))
    await door.channel.post(post(text), place(None))
    assert [item["text"] for item in await street.from_bot(user)] == [text]
    assert all("parse_mode" not in call["params"] for call in await street.calls("sendMessage"))


async def test_14_a_file_above_20_mb_is_refused_in_words_at_once(street: Street) -> None:
    door = street.door()
    with pytest.raises(Rejected, match="file_too_big"):
        await _read(door, Remote("id", "video", size=(20 << 20) + 1))
    assert await street.calls("getFile") == []
    user = await street.person()
    await street.say(user, document="a.txt")
    await street.fault("file_too_big", method="getFile", count=1)
    polling = await street.polling()
    fact = await polling.hears(Said)
    with pytest.raises(Rejected, match="file_too_big"):
        await _read(door, fact.files[0])


async def test_14_a_file_telegram_takes_no_413_for_is_not_tried_again(street: Street) -> None:
    door = street.door()
    user = await street.person()
    await street.say(user, "привет")
    await street.fault("file_too_big", method="sendDocument", count=1)
    with pytest.raises(Rejected, match="file_too_big"):
        await door.channel.send(word(user, "", file("document", "application/pdf")))
    assert len(await street.calls("sendDocument")) == 1


async def _read(door: Door, remote: Remote) -> bytes:
    return b"".join([piece async for piece in door.channel.fetch(remote)])


async def test_15_an_id_of_another_bots_file_is_never_used_and_the_bytes_go_up() -> None:
    async with opened_street(TOKEN, OTHER) as street:
        user = await street.person()
        for bot in (BOT, int(OTHER.partition(":")[0])):
            await street.say(user, "привет", bot=bot)
        first, second = street.door(), street.door(token=OTHER)
        body = picture(30, 20, "JPEG")
        await first.channel.send(word(user, "", file("photo", "image/jpeg", body)))
        (sent,) = await street.from_bot(user)
        from bots.emulators.telegram.files import id_for

        known = id_for(BOT, "photo", sent["file"]["id"])
        again = file("photo", "image/jpeg", body, remote=f"telegram {known}")
        await first.channel.send(word(user, "своё", again))
        await second.channel.send(word(user, "чужое", file("photo", "image/jpeg", body, remote=f"other {known}")))
        # A bot that got another token, or lost its files, sends the bytes after the first refusal.
        await second.channel.send(word(user, "забытое", again))
        sends = [call["params"]["photo"] for call in await street.calls("sendPhoto")]
        assert [isinstance(photo, str) and not photo.startswith("attach://") for photo in sends] == [
            False, True, False, True, False
        ]  # fmt: skip


async def test_16_no_token_stands_in_any_error_or_log(street: Street, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    door = await street.polling()
    user = await street.person()
    await street.say(user, document="a.txt")
    remote = (await door.hears(Said)).files[0]
    told: list[str] = []
    for fault in ("500", "reset", "truncated", "expired_link"):
        await street.fault(fault, method="download", count=2)  # aiohttp asks again by itself on a line that was open
        with pytest.raises((RetryLater, Rejected)) as caught:
            await _read(door, remote)
        await street.ctl("DELETE", "/faults")
        told += [repr(caught.value), str(caught.value)]
    for fault in ("reset", "502html", "401", "wrong_type", "400"):
        await street.fault(fault, method="sendMessage", count=1, description=f"Bad Request: bot{TOKEN}")
        with pytest.raises(Exception) as failed:  # noqa: PT011 - whatever it is, it tells no token
            await door.channel.send(word(user, "x"))
        told += [repr(failed.value), str(failed.value)]
    words = "\n".join([*told, *(record.getMessage() for record in caplog.records), caplog.text])
    assert TOKEN.partition(":")[2] not in words


async def test_an_unknown_outcome_is_never_sent_again_by_the_door(street: Street) -> None:
    door = street.door(timeout=1)
    user = await street.person()
    await street.say(user, "привет")
    for fault in ("applied_lost", "half_body", "hang"):
        await street.fault(fault, method="sendMessage", count=1)
        with pytest.raises(OutcomeUnknown):
            await door.channel.send(word(user, fault))
    assert [item["text"] for item in await street.from_bot(user)] == ["applied_lost", "half_body"]
    assert len(await street.calls("sendMessage")) == 3
