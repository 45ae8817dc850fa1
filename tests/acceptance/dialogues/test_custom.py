"""A program of the shop's own at a custom channel: what it tells comes in once, what is said goes out signed."""

import base64
import json
import time
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bots.custom.shapes import SHAPES, Colleague, File, Person
from bridge import signatures
from bridge.model.articles import Library
from configs.settings import load
from kb_matcher import KbMatcher
from mostik_house import open_house, web_app
from tests.custom import SECRET, Program, program
from tests.files import PDF
from tests.ports import free_port
from tests.shop import open_shop, serving, until


async def test_a_customer_is_answered_and_an_operator_speaks_under_his_name(own: Program) -> None:
    told = await own.tell(text="позовите человека")
    assert told["known"] is False
    await own.gets("оператор")
    asked = next(line for line in await own.lines() if line["author"]["kind"] == "customer")
    assert (asked["id"], asked["author"]["name"]) == (told["message_id"], "Анна Ковалёва")
    sent = await own.reply("Здравствуйте, <b>я</b> здесь & слушаю")
    data = await own.gets("слушаю")
    assert data["channel"] == "custom"
    assert data["message"] == {
        "id": sent["id"],
        "author": {"kind": "operator", "name": "Елена Соколова"},
        "text": "Здравствуйте, <b>я</b> здесь & слушаю",
        "buttons": [],
        "attachments": [],
        "reply_to": None,
        "asks": "",
    }
    await own.settled(sent, "sent")


async def test_what_was_told_before_is_known_and_does_nothing(own: Program) -> None:
    first = await own.tell(text="позовите человека", external_id="same")
    again = await own.tell(text="позовите человека", external_id="same")
    assert (first["known"], again["known"], first["message_id"]) == (False, True, again["message_id"])
    await own.tell(text="ещё слово", external_id=7)
    await until(lambda: own.has("ещё слово"))
    assert [line["text"] for line in await own.lines() if line["author"]["kind"] == "customer"] == [
        "позовите человека",
        "ещё слово",
    ]


#: A body, its field at fault and the code of the fault.
REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({}, "external_id", "required"),
    ({"external_id": "1", "text": "a"}, "customer", "required"),
    ({"external_id": "1", "customer": {"id": "c"}}, "body", "empty"),
    ({"external_id": "1", "customer": {"id": ""}, "text": "a"}, "customer.id", "empty"),
    ({"external_id": " 1", "customer": {"id": "c"}, "text": "a"}, "external_id", "invalid"),
    ({"external_id": True, "customer": {"id": "c"}, "text": "a"}, "external_id", "no_text"),
    ({"external_id": "1", "customer": {"id": "c"}, "txt": "a"}, "txt", "unknown"),
    ({"external_id": "1", "customer": {"id": "c"}, "type": "dance"}, "type", "unknown_value"),
    ({"external_id": "1", "customer": {"id": "c"}, "type": []}, "type", "unknown_value"),
    ({"external_id": "1", "customer": {"id": "c"}, "text": 5}, "text", "no_text"),
    ({"external_id": "1", "customer": {"id": "c"}, "text": "a", "at": "yesterday"}, "at", "no_time"),
    ({"external_id": "1", "customer": {"id": "c"}, "text": "a", "author": "cat"}, "author", "unknown_value"),
    ({"external_id": "1", "customer": {"id": "c"}, "text": "a" * 20_001}, "text", "too_long"),
    ({"external_id": "1", "customer": {"id": "c"}, "attachments": [{"data": "?"}]}, "attachments.0", "no_base64"),
    ({"external_id": "1", "customer": {"id": "c"}, "attachments": [{}]}, "attachments.0", "url_or_data"),
    ({"external_id": "1", "customer": {"id": "c"}, "attachments": [{"data": "YQ=="}] * 11}, "attachments", "too_long"),
    ({"external_id": "1", "customer": {"id": "c"}, "type": "edit", "text": "a"}, "message_id", "required"),
    (
        {"external_id": "1", "customer": {"id": "c"}, "type": "reaction", "message_id": "m", "emoji": "<b>"},
        "emoji",
        "no_emoji",
    ),
]


async def test_a_wrong_body_is_refused_by_field(own: Program) -> None:
    for body, field, code in REFUSED:
        problem = await own.post(json.dumps(body).encode(), 422)
        assert (problem["status"], problem["code"]) == (422, "invalid")
        assert {"field": field, "code": code} in problem["errors"], body
    assert (await own.post(b"{", 400))["code"] == "bad_json"
    assert (await own.post(b"\xff", 400))["code"] == "bad_json"
    assert (await own.post(b"[" * 100_000, 400))["code"] == "bad_json"
    assert (await own.post(b"[1]", 422))["errors"] == [{"field": "body", "code": "no_object"}]
    assert (await own.post(b" " * (11 << 20), 413))["code"] == "too_large"


async def test_a_call_without_a_right_fresh_signature_is_refused(own: Program) -> None:
    raw = json.dumps({"external_id": "1", "customer": {"id": "c1"}, "text": "пустите"}).encode()
    now = int(time.time())
    wrong = {
        "no_signature": ["", "v1=00", f"t={now}", "t=now,v1=00", f"t={'9' * 16},v1=00"],
        "bad_signature": [
            signatures.signature("another-secret", raw, now),
            f"t={now},v1=ёё".encode().decode("latin-1"),
        ],
        "stale_signature": [signatures.signature(SECRET, raw, now - 302), signatures.signature(SECRET, raw, now + 310)],
    }
    for code, headers in wrong.items():
        for header in headers:
            assert (await own.post(raw, 401, header))["code"] == code, header
    assert (await own.post(raw + b" ", 401, signatures.signature(SECRET, raw, now)))["code"] == "bad_signature"
    rotated = f"{signatures.signature('another-secret', raw, now)},{signatures.signature(SECRET, raw, now)[13:]}"
    assert not (await own.post(raw, 200, rotated))["known"]


async def test_an_unknown_channel_and_another_method_are_problems(own: Program) -> None:
    own.channel = "nobody"
    assert (await own.tell(text="a", status=404))["code"] == "not_found"
    own.channel = "telegram"
    assert (await own.tell(text="a", status=404))["code"] == "not_found"
    shop = own.mostik
    async with shop.http.get(f"{shop.url}/api/v1/channels/custom/inbound") as answer:
        assert (answer.status, answer.headers["Allow"]) == (405, "POST")
        assert (await answer.json(content_type=None))["code"] == "method_not_allowed"


async def test_a_word_is_tried_until_the_program_has_it_and_has_it_once(own: Program) -> None:
    await own.tell(text="позовите человека")
    await own.gets("оператор")
    await own.mostik.quiet()
    own.answers += [web.Response(status=503), web.Response(status=429, headers={"Retry-After": "1"}), "applied"]
    first = await own.reply("первое")
    second = await own.reply("второе")
    await own.settled(second, "sent")
    assert own.texts()[-2:] == ["первое", "второе"]
    assert [status for status, event in own.calls if event["id"] == first["id"]] == [503, 429, 200]
    assert (await own.settled(first, "sent"))["delivery"]["state"] == "sent"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (web.Response(status=422), "адрес получателя"),
        (web.json_response({"detail": "Заказ  закрыт\nнавсегда"}, status=400), "Заказ закрыт навсегда"),
        (web.Response(status=410), "этого покупателя больше нет"),
    ],
    ids=["422", "400 in words", "410"],
)
async def test_a_final_refusal_is_a_failure_in_words(own: Program, answer: web.Response, reason: str) -> None:
    await own.tell(text="позовите человека")
    await own.gets("оператор")
    await own.mostik.quiet()
    own.answers.append(answer)
    failed = await own.settled(await own.reply("слышно?"), "failed")
    words = failed["delivery"]["reason"]
    assert reason in words or reason in own.mostik.bridge.phrases.reason("ru", words)
    await own.settled(await own.reply("а теперь?"), "sent")


async def test_the_program_s_own_ids_and_ours_both_name_a_word(own: Program) -> None:
    await own.tell(text="позовите человека")
    made = await own.event(lambda one: bool(one["data"].get("message", {}).get("buttons")))
    offered = made["data"]
    skip = offered["message"]["buttons"][-1]
    ours = offered["message"]["id"]
    assert "contact:share" not in {button["data"] for button in offered["message"]["buttons"]}
    refused = await own.tell(type="press", message_id=ours, data="nothing", status=422)
    assert refused["errors"] == [{"field": "data", "code": "unknown_value"}]
    await own.tell(type="press", message_id=ours, data=skip["data"])
    await until(lambda: own.has(skip["text"]))
    sent = await own.reply("вопрос?")
    await own.settled(sent, "sent")
    stored = await own.mostik.bridge.store.messages.get(sent["id"])
    assert stored.delivery is not None
    assert stored.delivery.external_id == f"out-{sent['id']}"


async def test_what_a_colleague_answered_in_the_program_itself_stands_in_the_history_and_silences_the_bot(
    own: Program,
) -> None:
    await own.tell(text="позовите человека")
    await own.gets("оператор")
    await own.mostik.quiet()
    paper = {"data": base64.b64encode(PDF).decode(), "name": "счёт.pdf"}
    colleague = {"id": 7, "name": "Ольга из магазина"}
    told = await own.tell(
        text="Отвечу сама", author="operator", operator=colleague, attachments=[paper], external_id="o"
    )
    assert "message_id" not in told
    line = await until(lambda: own.has("Отвечу сама"))
    assert (line["author"]["kind"], line["author"]["name"]) == ("operator", "Ольга из магазина")
    assert [each["name"] for each in line["attachments"]] == ["счёт.pdf"]
    assert (await own.tell(text="Отвечу сама", author="operator", operator=colleague, external_id="o"))["known"]
    before = len(own.texts())
    await own.tell(text="где мой заказ?")
    await until(lambda: own.has("где мой заказ?"))
    await own.mostik.quiet()
    assert len(own.texts()) == before
    assert sum(each["text"] == "Отвечу сама" for each in await own.lines()) == 1


async def test_what_the_program_says_of_a_customer_is_claimed_and_proved_where_it_vouches(
    tmp_path: Path, library: Library, matcher: KbMatcher
) -> None:
    for vouches in (False, True):
        async with program() as own:
            table = {"custom": own.table(vouches=vouches)}
            folder = tmp_path / str(vouches)
            folder.mkdir()
            async with open_shop(folder, library, matcher, more=table) as own.shop:
                person = {"id": 1042, "name": "Анна", "email": "Anna@Example.com", "phone": "+7 912 345-67-89"}
                said = {"external_id": "1", "customer": person, "text": "позовите человека"}
                await own.post(json.dumps(said).encode())
                told = await until(lambda own=own: _contacts(own, "1042"))
                assert told == {"anna@example.com": vouches, "+79123456789": vouches}


async def _contacts(own: Program, id: str) -> dict[str, bool] | None:
    """Return a customer's e-mail and phone, and whether they are proved, once both are there."""
    found = await own.conversation(id)
    if not found:
        return None
    customer = await own.mostik.api("GET", f"/customers/{found['customer']['id']}")
    named = {one.get("email") or one.get("phone"): one["proved"] for one in customer["identities"]}
    named.pop(None, None)
    return named if len(named) == 2 else None


async def test_a_half_letter_and_the_zero_character_are_replaced_by_signs_of_it(own: Program) -> None:
    await own.tell(text="позовите человека")
    said = {"external_id": "z", "customer": {"id": "c1"}, "text": "до\0после"}
    await own.post(json.dumps(said, ensure_ascii=False).replace("после", "\\ud800!").encode())
    assert await until(lambda: own.has("до\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}!"))


async def test_a_process_that_only_serves_doors_refuses_in_problems_too(
    tmp_path: Path, library: Library, matcher: KbMatcher
) -> None:
    async with program() as own:
        bots = {"custom": own.table(), "other": own.table()}
        settings = load(None, {}, {"store": {"url": f"sqlite:///{tmp_path / 'doors.sqlite3'}"}, "bots": bots})
        async with (
            open_house(settings, "http://desk.example", migrates=True, matcher=matcher) as house,
            serving(web_app(house, "http://desk.example", "doors"), free_port()) as url,
            aiohttp.ClientSession() as http,
        ):
            said = json.dumps({"external_id": "1", "customer": {"id": "c"}, "text": "a"}).encode()
            headers = {signatures.HEADER: signatures.signature(SECRET, said, int(time.time()))}
            # Nobody runs the channels here: what cannot be kept is not acknowledged.
            for name, status in [("nobody", 404), ("custom", 503), ("other", 503)]:
                call = http.post(f"{url}/api/v1/channels/{name}/inbound", data=said, headers=headers)
                async with call as answer:
                    problem = await answer.json(content_type="application/problem+json")
                    assert (answer.status, problem["code"]) == (status, "not_found" if status == 404 else "unavailable")


async def test_the_openapi_document_knows_every_field_of_the_call(own: Program) -> None:
    async with own.mostik.http.get(f"{own.mostik.url}/api/v1/openapi.json") as answer:
        call = (await answer.json())["paths"]["/channels/{name}/inbound"]["post"]
    said = call["requestBody"]["content"]["application/json"]["schema"]["properties"]
    assert said.keys() == {field for shape in SHAPES.values() for field in shape.model_fields}
    assert said["type"]["enum"] == list(SHAPES)
    assert said["attachments"]["items"]["properties"].keys() == File.model_fields.keys()
    assert said["customer"]["properties"].keys() == Person.model_fields.keys()
    assert said["operator"]["properties"].keys() == Colleague.model_fields.keys()


async def test_an_answer_given_outside_is_changed_and_taken_back_there(own: Program) -> None:
    await own.tell(text="позовите человека")
    await own.gets("оператор")
    await own.tell(text="Привезём в пять", author="operator", operator={"id": "9", "name": "Иван"}, external_id="o-1")
    await until(lambda: own.has("Привезём в пять"))
    await own.tell(type="edit", message_id="o-1", text="Привезём в шесть")
    await until(lambda: own.has("Привезём в шесть"))
    await own.tell(type="reaction", message_id="o-1", emoji="👍")
    ours = next(line for line in await own.lines() if "оператор" in line["text"] and line["author"]["kind"] == "bot")
    await own.tell(type="edit", message_id=ours["id"], text="это сказал не он")
    await own.tell(type="delete", message_id="o-1")

    async def gone() -> Any:
        return next((line for line in await own.lines() if line["deleted_at"]), None)

    line = await until(gone)
    assert (line["author"]["kind"], line["author"]["name"], line["text"]) == ("operator", "Иван", "Привезём в шесть")
    assert [each["emoji"] for each in line["reactions"]] == ["👍"]
    words = [(each["author"]["kind"], each["text"]) for each in await own.lines()]
    assert [text for kind, text in words if kind == "customer"] == ["позовите человека"]
    assert (ours["author"]["kind"], ours["text"]) in words
