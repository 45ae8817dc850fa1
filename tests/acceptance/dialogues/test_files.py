"""Files on their way between customers, the panel and the topic: real aiogram, Telegram's emulator, a real disk."""

import base64
import io
import json
from dataclasses import replace
from typing import Any

import pytest

from bridge.model.messages import DeliveryState
from tests.files import EXE, HTML, OGG, PDF, bomb, download, huge_png, picture, shown_file, upload

PHOTO = picture(200, 150, "JPEG")


def given(body: bytes, name: str = "", mime: str = "") -> dict[str, str]:
    """Return a file as people of the emulator send it."""
    return {"base64": base64.b64encode(body).decode(), "name": name, "mime": mime}


async def customer_line(shop: Any, phone: Any, until: Any) -> Any:
    """Return the newest message of a customer that has a file."""

    async def found() -> Any:
        lines = [m for m in await shop.history(phone) if m["author"]["kind"] == "customer" and m["attachments"]]
        return lines[-1] if lines else None

    return await until(found, "a line with a file")


async def shown(shop: Any, until: Any, topic: int, kind: str) -> Any:
    async def found() -> Any:
        return next((m for m in await shop.in_topic(topic) if m["kind"] == kind and m["from"]["is_bot"]), None)

    return await until(found, f"{kind} in the topic")


async def got(until: Any, phone: Any, kind: str) -> Any:
    async def found() -> Any:
        return next((m for m in await phone.sees() if m["kind"] == kind and m["from"]["is_bot"]), None)

    return await until(found, f"{kind} at the customer")


@pytest.mark.parametrize(
    ("kind", "body", "name", "mime"),
    [
        ("photo", PHOTO, "", "image/jpeg"),
        ("document", PDF, "счёт № 7.pdf", "application/pdf"),
        ("voice", OGG, "", "audio/ogg"),
    ],
)
async def test_a_customers_file_reaches_panel_and_topic(
    shop: Any, until: Any, kind: str, body: bytes, name: str, mime: str
) -> None:
    anna = await shop.caller()
    topic = await shop.topic(anna)
    words = {} if kind == "voice" else {"caption": "вот, посмотрите"}
    await anna.say("", **{kind: given(body, name, mime)}, **words)
    line = await customer_line(shop, anna, until)
    (file,) = line["attachments"]
    assert (line["kind"], file["kind"], file["reason"]) == (kind, kind, None)
    assert line["text"] == words.get("caption", "")
    assert file["name"] == name or kind != "document"
    assert await download(shop, file["url"]) == body
    post = await shown(shop, until, topic, kind)
    assert await shown_file(shop, post) == body
    assert post["text"] == "\n".join(["Анна Ковалёва", *words.values()])
    assert post["entities"][0]["type"] == "bold"
    uploads = [c for c in (await shop.ctl("GET", "/calls"))["items"] if isinstance(c["params"].get(kind), dict)]
    assert uploads == []  # the same bot knows it by its id: nothing is sent up again


async def test_the_photo_that_called_a_person_is_in_the_topic(shop: Any, until: Any) -> None:
    anna = await shop.phone()
    await anna.say("", photo=given(PHOTO))
    await shop.stage(anna, "waiting")
    topic = await shop.topic(anna)
    await shop.topic_shows(topic, "Анна Ковалёва: [фото]")
    post = await shown(shop, until, topic, "photo")
    assert await shown_file(shop, post) == PHOTO
    row = await shop.conversation(anna)
    assert row["stage"] == "waiting"


async def test_the_bot_answers_a_caption(shop: Any, article: Any) -> None:
    anna = await shop.phone()
    await anna.say(article.questions[0], photo=given(PHOTO))
    await anna.gets(article.answer[:30])
    assert (await shop.conversation(anna))["stage"] == "bot"


async def test_a_photo_and_a_note_from_the_topic(shop: Any, until: Any) -> None:
    anna = await shop.caller()
    topic = await shop.topic(anna)
    await shop.staff_says("elena", topic, "// её прошлый заказ", photo=given(PHOTO))
    await shop.staff_says("elena", topic, "Вот такой", photo=given(PHOTO))
    await shop.staff_says("elena", topic, "", document=given(PDF, "инструкция.pdf", "application/pdf"))
    photo, document = await got(until, anna, "photo"), await got(until, anna, "document")
    assert (photo["text"], await shown_file(shop, photo)) == ("Вот такой", PHOTO)
    assert (document["file"]["name"], await shown_file(shop, document)) == ("инструкция.pdf", PDF)
    await shop.quiet()
    lines = [m for m in await shop.history(anna) if m["author"]["kind"] in ("operator", "note")]
    assert [(m["author"]["kind"], m["kind"], m["text"]) for m in lines] == [
        ("note", "photo", "её прошлый заказ"),
        ("operator", "photo", "Вот такой"),
        ("operator", "document", ""),
    ]
    assert await download(shop, lines[0]["attachments"][0]["url"]) == PHOTO
    assert lines[2]["delivery"]["state"] == "sent"
    assert sum(m["kind"] == "photo" for m in await anna.sees() if m["from"]["is_bot"]) == 1


async def test_what_is_uploaded_reaches_telegram_as_what_it_is(shop: Any, until: Any) -> None:
    anna = await shop.caller()
    topic = await shop.topic(anna)
    row = await shop.conversation(anna)
    url = f"/conversations/{row['id']}/messages"
    for name, body in (("кот.jpg", PHOTO), ("счёт.pdf", PDF), ("page.html", HTML)):
        id = await upload(shop, body, name)
        await shop.api("POST", url, {"text": name, "attachments": [{"file_id": id}]}, status=201)
    photo = await got(until, anna, "photo")
    assert (photo["text"], await shown_file(shop, photo)) == ("кот.jpg", PHOTO)
    await anna.gets("page.html")
    documents = [m for m in await anna.sees() if m["kind"] == "document"]
    assert [(m["text"], m["file"]["name"]) for m in documents] == [("счёт.pdf", "счёт.pdf"), ("page.html", "page.html")]
    assert [await shown_file(shop, m) for m in documents] == [PDF, HTML]
    post = await shown(shop, until, topic, "photo")
    assert await shown_file(shop, post) == PHOTO
    assert post["text"] == "👤 Елена Соколова\nкот.jpg"


async def test_an_album_and_a_text_too_long_for_a_caption(shop: Any, until: Any) -> None:
    anna = await shop.caller()
    row = await shop.conversation(anna)
    ids = [await upload(shop, picture(60 + number, 40), f"{number}.png") for number in range(3)]
    long = "Подробности " * 100
    body = {"text": long, "attachments": [{"file_id": id} for id in ids]}
    said = await shop.api("POST", f"/conversations/{row['id']}/messages", body, status=201)
    await anna.gets("Подробности")
    seen = [m for m in await anna.sees() if m["from"]["is_bot"]][-4:]
    assert [m["kind"] for m in seen] == ["photo", "photo", "photo", "text"]
    assert len({m.get("media_group_id") for m in seen[:3]}) == 1
    assert seen[3]["text"] == long.strip()
    await shop.quiet()
    delivered = next(m for m in await shop.history(anna) if m["id"] == said["id"])
    assert delivered["delivery"]["state"] == "sent"
    mixed = [ids[0], await upload(shop, PDF, "a.pdf")]
    body = {"text": "и ещё", "attachments": [{"file_id": id} for id in mixed]}
    await shop.api("POST", f"/conversations/{row['id']}/messages", body, status=201)
    await got(until, anna, "document")
    seen = [m for m in await anna.sees() if m["from"]["is_bot"]][-2:]
    assert [(m["kind"], m["text"]) for m in seen] == [("photo", "и ещё"), ("document", "")]


async def test_an_id_telegram_no_longer_knows_is_uploaded_anew(shop: Any, until: Any) -> None:
    anna = await shop.caller()
    topic = await shop.topic(anna)
    await shop.staff_says("elena", topic, "раз", photo=given(PHOTO))
    await got(until, anna, "photo")
    await shop.quiet()
    lines = [m for m in await shop.history(anna) if m["attachments"]]
    messages = shop.bridge.store.messages
    row = await messages.get(lines[-1]["id"])
    forgotten = replace(row.attachments[0], remote="telegram AgACnothing")
    failed = replace(row.delivery, state=DeliveryState.FAILED, reason="rejected")
    await messages.replace(replace(row, attachments=(forgotten,), delivery=failed))
    await shop.api("POST", f"/messages/{row.id}/retry")

    async def twice() -> bool:
        return sum(m["kind"] == "photo" for m in await anna.sees() if m["from"]["is_bot"]) == 2

    await until(twice, "the photo again")


async def test_half_a_letter_is_never_sent_twice(shop: Any, until: Any) -> None:
    anna = await shop.caller()
    row = await shop.conversation(anna)
    ids = [await upload(shop, PHOTO, "a.jpg"), await upload(shop, PDF, "b.pdf")]
    await shop.ctl("POST", "/faults", {"method": "sendDocument", "chat": anna.id, "fault": "400", "count": 1})
    body = {"text": "оба", "attachments": [{"file_id": id} for id in ids]}
    said = await shop.api("POST", f"/conversations/{row['id']}/messages", body, status=201)

    async def settled() -> Any:
        line = next(m for m in await shop.history(anna) if m["id"] == said["id"])
        return line if line["delivery"]["state"] == "failed" else None

    line = await until(settled, "failed")
    assert line["delivery"]["reason"] == "part_sent"
    assert sum(m["kind"] == "photo" for m in await anna.sees() if m["from"]["is_bot"]) == 1
    await shop.topic_shows(await shop.topic(anna), "ушла только часть сообщения")


async def test_a_file_deleted_before_it_went_out_fails_with_its_reason(shop: Any, until: Any) -> None:
    anna = await shop.caller()
    row = await shop.conversation(anna)
    id = await upload(shop, PDF, "a.pdf")
    await shop.bridge.files.delete(id)
    body = {"text": "вот", "attachments": [{"file_id": id}]}
    said = await shop.api("POST", f"/conversations/{row['id']}/messages", body, status=201)

    async def settled() -> Any:
        line = next(m for m in await shop.history(anna) if m["id"] == said["id"])
        return line["delivery"] if line["delivery"]["state"] == "failed" else None

    delivery = await until(settled, "failed")
    assert (delivery["reason"], delivery["reason_text"]) == ("file_lost", "файла больше нет в хранилище")


@pytest.mark.parametrize(
    ("kind", "body", "name", "reason", "told"),
    [
        ("photo", PHOTO[:900], "", "file_broken", "Фото: принять не получилось, файл повреждён и не открывается."),
        ("document", bomb(), "b.zip", "file_bomb", "Файл «b.zip»: принять не получилось, архив"),
        ("document", EXE, "игра.exe", "file_type", "Файл «игра.exe»: принять не получилось, программы"),
        ("document", b"text", "a.png", "file_broken", "Файл «a.png»: принять не получилось"),
    ],
)
async def test_what_is_refused_is_told_to_the_customer_and_shown_to_the_staff(
    shop: Any, until: Any, kind: str, body: bytes, name: str, reason: str, told: str
) -> None:
    anna = await shop.caller()
    topic = await shop.topic(anna)
    await anna.say("", **{kind: given(body, name)})
    await anna.gets(told)
    line = await customer_line(shop, anna, until)
    assert (line["attachments"][0]["reason"], line["attachments"][0]["url"]) == (reason, None)
    await shop.topic_shows(topic, f": {shop.bridge.phrases.reason('ru', reason)}]")
    assert len([text for text in await anna.heard() if "принять не получилось" in text]) == 1


async def test_a_file_over_the_limit_is_told_with_the_limit_and_never_fetched(
    tmp_path: Any, library: Any, matcher: Any, open_shop: Any, until: Any
) -> None:
    async with open_shop(tmp_path, library, matcher, files={"max_mb": 1}) as shop:
        anna = await shop.caller()
        said = {"user": anna.id, "document": given(bytes((1 << 20) + 1), "big.bin")}
        url = f"{shop.telegram}/ctl/user/say"
        async with shop.http.post(url, data=io.BytesIO(json.dumps(said).encode())) as answer:
            assert answer.status == 200, await answer.text()
        await anna.gets("Файл «big.bin»: слишком большой размер, принять не получилось. Можно присылать файлы до 1 МБ.")
        line = await customer_line(shop, anna, until)
        assert line["attachments"][0]["reason"] == "file_too_big"
        assert (await shop.ctl("GET", "/calls?method=getFile"))["items"] == []


async def test_a_messenger_that_stumbles_is_asked_again(shop: Any, until: Any) -> None:
    anna = await shop.caller()
    await shop.ctl("POST", "/faults", {"method": "getFile", "fault": "reset", "count": 1})
    await anna.say("", voice=given(OGG))
    line = await customer_line(shop, anna, until)
    assert line["attachments"][0]["reason"] is None


async def test_a_file_the_messenger_refuses_to_hand_out_leaves_the_word(shop: Any, until: Any) -> None:
    anna = await shop.caller()
    await shop.ctl("POST", "/faults", {"method": "getFile", "fault": "file_too_big", "count": 1})
    await anna.say("смотрите", document=given(PDF, "a.pdf"))
    line = await customer_line(shop, anna, until)
    assert (line["text"], line["attachments"][0]["reason"]) == ("смотрите", "file_too_big")
    assert "AAtests" not in str(await shop.history(anna))


async def test_an_enormous_picture_goes_as_a_document(shop: Any, until: Any) -> None:
    anna = await shop.caller()
    row = await shop.conversation(anna)
    id = await upload(shop, huge_png(20_000, 9_000), "карта.png")
    body = {"attachments": [{"file_id": id}]}
    await shop.api("POST", f"/conversations/{row['id']}/messages", body, status=201)
    assert (await got(until, anna, "document"))["file"]["name"] == "карта.png"


async def test_an_operators_file_that_cannot_be_had_goes_nowhere(shop: Any) -> None:
    anna = await shop.caller()
    topic = await shop.topic(anna)
    await shop.staff_says("elena", topic, "вот", photo=given(PHOTO[:900]))
    await shop.topic_shows(topic, "Не доставлено клиенту: файл повреждён")
    await shop.quiet()
    assert "вот" not in await anna.heard()


@pytest.mark.parametrize("kind", ["video", "audio", "video_note", "animation", "sticker"])
async def test_other_kinds_travel_too(shop: Any, until: Any, kind: str) -> None:
    anna = await shop.caller()
    topic = await shop.topic(anna)
    await anna.say("", **{kind: "sample"})
    line = await customer_line(shop, anna, until)
    (file,) = line["attachments"]
    assert (file["kind"], file["reason"]) == (kind, None)
    await shown(shop, until, topic, kind)
    await shop.staff_says("elena", topic, "", **{kind: "answer"})
    await got(until, anna, kind)
