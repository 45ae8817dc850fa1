"""Everything a customer or an operator does in Telegram arrives: kind by kind, in and out, in one shop."""

import base64
from typing import Any

import pytest

from tests.files import OGG, PDF, download, picture, upload
from tests.shop import GROUP

PHOTO = picture(90, 60, "JPEG")


def given(body: bytes, name: str = "", mime: str = "") -> dict[str, str]:
    return {"base64": base64.b64encode(body).decode(), "name": name, "mime": mime}


async def customers(shop: Any, phone: Any) -> list[dict[str, Any]]:
    return [m for m in await shop.history(phone) if m["author"]["kind"] == "customer"]


async def line(shop: Any, until: Any, phone: Any, count: int) -> Any:
    """Return the customer's n-th line."""

    async def there() -> Any:
        lines = await customers(shop, phone)
        return lines[count - 1] if len(lines) >= count else None

    return await until(there, f"line {count}")


PLACE = {"latitude": 55.796127, "longitude": 49.106414}
#: What is said -> kind of the line in the panel, part of its text, kinds of its files, part of what the topic shows.
ROWS: dict[str, tuple[dict[str, Any], str, str, list[str], str]] = {
    "text": ({"text": "где заказ?"}, "text", "где заказ?", [], "где заказ?"),
    "link": (
        {"text": "вот", "entities": [{"type": "text_link", "offset": 0, "length": 3, "url": "http://a.example/x"}]},
        "text",
        "вот (http://a.example/x)",
        [],
        "http://a.example/x",
    ),
    "photo": ({"photo": given(PHOTO, "", "image/jpeg"), "caption": "скол"}, "photo", "скол", ["photo"], "скол"),
    "document": (
        {"document": given(PDF, "чек.pdf", "application/pdf"), "protected": True},
        "document", "", ["document"], "",
    ),
    "voice": ({"voice": given(OGG)}, "voice", "", ["voice"], ""),
    "video": ({"video": "клип", "caption": "видео"}, "video", "видео", ["video"], "видео"),
    "video_note": ({"video_note": "круг"}, "video_note", "", ["video_note"], ""),
    "animation": ({"animation": "гифка"}, "animation", "", ["animation"], ""),
    "sticker": ({"sticker": "кот"}, "sticker", "", ["sticker"], ""),
    "location": ({"location": PLACE}, "location", "55.796127, 49.106414", [], "[геопозиция] 55.796127"),
    "venue": (
        {"venue": {**PLACE, "title": "Кафе", "address": "Лесная, 5"}},
        "venue", "Кафе, Лесная, 5\n55.796127", [], "[место на карте] Кафе, Лесная, 5",
    ),
    "contact": (
        {"contact": {"phone": "+79991234567", "own": False, "name": "Пётр Иванов"}},
        "contact", "Пётр Иванов +79991234567", [], "Пётр Иванов",
    ),
    "poll": (
        {"poll": {"question": "Какой?", "options": ["синий", "красный"]}},
        "poll", "Какой?\n• синий\n• красный", [], "[опрос] Какой?",
    ),
    "dice": ({"dice": True}, "dice", "🎲 ", [], "[бросок кубика] 🎲"),
    "story": ({"story": True}, "story", "", [], "[история]"),
    "unknown": ({"raw": {"giveaway_created": {}}}, "giveaway_created", "", [], "[сообщение неизвестного вида]"),
    "forwarded": ({"text": "чужое", "forward_from": "Кто-то"}, "text", "чужое", [], "чужое"),
}  # fmt: skip


async def test_every_kind_a_customer_sends_reaches_the_operator(shop: Any, until: Any) -> None:
    anna = await shop.caller()
    topic = await shop.topic(anna)
    wrong = []
    for number, (row, (said, kind, text, files, in_topic)) in enumerate(ROWS.items(), 2):
        await anna.say(said.pop("text", ""), **said)
        got = await line(shop, until, anna, number)
        kinds = [each["kind"] for each in got["attachments"] if each["reason"] is None]
        if got["kind"] != kind or text not in got["text"] or kinds != files:
            wrong.append((row, got["kind"], got["text"], got["attachments"]))
        if files:
            await download(shop, got["attachments"][0]["url"])
            await until(lambda files=files: _file_in_topic(shop, topic, files[0]), f"{row} in the topic")
        else:
            await shop.topic_shows(topic, in_topic)
    assert wrong == []
    assert (await customers(shop, anna))[-1]["forwarded"] == "Кто-то"


async def _file_in_topic(shop: Any, topic: int, kind: str) -> bool:
    return any(m["kind"] == kind and m["from"]["is_bot"] for m in await shop.in_topic(topic))


async def test_an_album_is_one_word_with_several_files_both_ways(shop: Any, until: Any) -> None:
    anna = await shop.caller()
    topic = await shop.topic(anna)
    album = [given(picture(60 + n, 40, "JPEG"), "", "image/jpeg") for n in range(3)]
    await anna.say("", album=album, caption="три царапины")
    got = await line(shop, until, anna, 2)
    assert (got["text"], [each["kind"] for each in got["attachments"]]) == ("три царапины", ["photo"] * 3)
    row = await shop.conversation(anna)
    files = []
    for name in ("раз.jpg", "два.jpg"):
        files.append(await upload(shop, PHOTO, name))
    body = {"text": "так должно быть", "kind": "reply", "attachments": [{"file_id": id} for id in files]}
    await shop.api("POST", f"/conversations/{row['id']}/messages", body, status=201)

    async def album_there() -> Any:
        there = [m for m in await anna.sees() if m["from"]["is_bot"] and m["kind"] == "photo"]
        return there if len(there) == 2 else None

    first, second = await until(album_there, "the album")
    assert first["media_group_id"] == second["media_group_id"]
    assert (first["text"], second["text"]) in {("так должно быть", ""), ("", "")}
    await anna.gets("так должно быть")  # below the album where a keyboard had to be taken away with it

    async def in_topic() -> Any:
        albums = [m.get("media_group_id") for m in await shop.in_topic(topic) if m["kind"] == "photo"]
        return albums if len(albums) == 5 else None

    albums = await until(in_topic, "both albums in the topic")
    assert albums[0] == albums[1] == albums[2] != albums[3] == albums[4]
    await shop.quiet()
    assert len(await customers(shop, anna)) == 2


async def test_a_quote_an_edit_and_a_sign_of_a_customer_reach_the_operator(shop: Any, until: Any) -> None:
    anna = await shop.caller()
    row = await shop.conversation(anna)
    path = f"/conversations/{row['id']}/messages"
    reply = await shop.api("POST", path, {"text": "Синий или красный?", "kind": "reply"})
    question = await anna.gets("Синий или красный?")
    said = await anna.say("этот", reply_to=question["message_id"], quote="красный")
    got = await line(shop, until, anna, 2)
    assert (got["reply_to"], got["text"]) == (reply["id"], "> красный\nэтот")
    await shop.ctl("POST", "/user/edit", {"user": anna.id, "message_id": said, "text": "нет, синий"})

    async def changed() -> Any:
        now = (await customers(shop, anna))[1]
        return now if now["edited_at"] else None

    assert (await until(changed, "the edit"))["text"] == "> красный\nнет, синий"
    stood = (await customers(shop, anna))[1]["version"]
    await shop.ctl("POST", "/user/edit", {"user": anna.id, "message_id": said, "text": "нет, синий"})
    sign = {"user": anna.id, "message_id": question["message_id"], "emoji": "🔥"}
    await shop.ctl("POST", "/user/react", sign)

    async def signs(emoji: list[str]) -> bool:
        message = next(m for m in await shop.history(anna) if m["id"] == reply["id"])
        return [each["emoji"] for each in message["reactions"]] == emoji

    await until(lambda: signs(["🔥"]), "the sign")
    await shop.ctl("POST", "/user/react", {**sign, "emoji": ""})
    await until(lambda: signs([]), "no sign")
    assert (await customers(shop, anna))[1]["version"] == stood  # an edit nobody can see changes nothing


async def test_a_photo_in_the_place_of_another_reaches_the_operator_and_a_caption_brings_none(
    shop: Any, until: Any
) -> None:
    anna = await shop.caller()
    said = await anna.say("", photo=given(PHOTO, "", "image/jpeg"), caption="скол")
    first = await line(shop, until, anna, 2)
    change = {"user": anna.id, "message_id": said}
    await shop.ctl("POST", "/user/edit", {**change, "text": "скол слева"})
    other = picture(70, 50, "JPEG")
    await shop.ctl("POST", "/user/edit", {**change, "photo": given(other, "", "image/jpeg")})
    second = await line(shop, until, anna, 3)
    assert (second["reply_to"], await download(shop, second["attachments"][0]["url"])) == (first["id"], other)
    await shop.quiet()
    assert [m["text"] for m in await customers(shop, anna)][1:] == ["скол слева", ""]


async def test_what_is_quoted_or_passed_on_is_not_the_customers_own(shop: Any, until: Any) -> None:
    anna = await shop.caller()
    row = await shop.conversation(anna)
    path = f"/conversations/{row['id']}/messages"
    await shop.api("POST", path, {"text": "Наш номер: +7 912 345-67-89", "kind": "reply"})
    ours = await anna.gets("Наш номер")
    await anna.say("сюда?", reply_to=ours["message_id"], quote="+7 912 345-67-89")
    await anna.say("пишите на petr@mail.example", forward_from="Пётр")
    await anna.say("а мой anna@mail.example")
    await line(shop, until, anna, 4)
    await shop.quiet()
    identities = (await shop.api("GET", f"/customers/{row['customer']['id']}"))["identities"]
    assert [each["email"] for each in identities if each.get("email")] == ["anna@mail.example"]
    assert [each for each in identities if each.get("phone")] == []


async def test_an_operators_quote_edit_delete_and_sign_reach_the_customer(shop: Any, until: Any) -> None:
    anna = await shop.caller()
    said = await anna.say("а доставка?")
    asked = await line(shop, until, anna, 2)
    row = await shop.conversation(anna)
    path = f"/conversations/{row['id']}/messages"
    reply = await shop.api("POST", path, {"text": "в среду", "kind": "reply", "reply_to": asked["id"], "force": True})
    there = await anna.gets("в среду")
    assert there["reply_to"] == said
    await shop.api("PATCH", f"/messages/{reply['id']}", {"text": "в четверг"})
    assert (await anna.gets("в четверг"))["message_id"] == there["message_id"]
    await shop.api("PUT", f"/messages/{asked['id']}/reaction", {"emoji": "👍"})

    async def signed() -> bool:
        return next(m for m in await anna.sees() if m["message_id"] == said)["reactions"] == ["👍"]

    await until(signed, "the sign")
    await shop.api("DELETE", f"/messages/{reply['id']}")

    async def gone() -> bool:
        return next(m for m in await anna.sees() if m["message_id"] == there["message_id"])["deleted"]

    await until(gone, "no word")


async def test_words_of_a_topic_arrive_with_their_links_and_are_changed_there(shop: Any, until: Any) -> None:
    anna = await shop.caller()
    topic = await shop.topic(anna)
    link = [{"type": "text_link", "offset": 9, "length": 5, "url": "https://shop.example/how"}]
    bold = [{"type": "bold", "offset": 0, "length": 8}]
    id = await shop.staff_says("elena", topic, "смотрите здесь", entities=[*bold, *link])
    there = await anna.gets("смотрите здесь (https://shop.example/how)")
    place = {"operator": 5002, "group": GROUP, "topic": topic, "message_id": id}
    await shop.ctl("POST", "/operator/edit", {**place, "text": "смотрите там"})
    changed = await anna.gets("смотрите там")
    assert changed["message_id"] == there["message_id"]
    await shop.staff_says("elena", topic, "", location={"latitude": 55.75, "longitude": 37.62})
    await anna.gets("55.750000, 37.620000")


async def test_typing_is_shown_before_an_answer(
    tmp_path: Any, library: Any, matcher: Any, open_shop: Any, until: Any
) -> None:
    article = library.articles[0]
    # A word that is handled when its breath has ended is answered at once: a busy machine needs a longer breath.
    async with open_shop(tmp_path, library, matcher, bot={"burst_seconds": 3.0}) as shop:
        anna = await shop.phone()
        await anna.say(article.questions[0])

        async def shown() -> Any:
            return (await shop.ctl("GET", "/calls?method=sendChatAction"))["items"]

        await until(shown)
        await anna.gets(article.answer[:30])
        actions = await shown()
        assert [(call["params"]["action"], call["params"]["chat_id"]) for call in actions] == [("typing", str(anna.id))]


@pytest.mark.parametrize(("order", "words"), [("/operator", "зову оператора"), ("/help", ""), ("/lang en", "")])
async def test_orders_are_carried_out(shop: Any, until: Any, order: str, words: str) -> None:
    anna = await shop.phone()
    await anna.say("/start")
    await anna.gets("бот")
    before = len(await anna.heard())
    await anna.say(order)

    async def answered() -> Any:
        heard = await anna.heard()
        return heard[before:] or None

    (answer, *_) = await until(answered, order)
    assert words in answer
    if order == "/operator":
        await shop.stage(anna, "waiting")
