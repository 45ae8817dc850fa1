"""Who the visitor is: the shop's signature, forged ones, other people's tokens, several browsers of one customer."""

import asyncio
from typing import Any

import pytest

from bots.web import lines
from tests.widget import SECRET, Visitor, signed


async def test_a_right_signature_proves_and_a_forged_one_does_not(site: Any, visit: Any) -> None:
    anna = visit()
    assert (await anna.enter())["visitor"] == {"proved": False}
    tab = await anna.open()
    await tab.say("оператор")
    await tab.gets("зову оператора")
    for forged in (
        signed("1042", "another secret"),
        {**signed("1042"), "user_id": "1043"},
        {**signed("1042"), "hash": ""},
        {**signed("1042"), "hash": "é" * 64},
        {**signed("1042"), "hash": signed("1042")["hash"][:-1]},
    ):
        problem = await anna.enter(forged, status=403)
        assert problem["code"] == "bad_hash"
        assert "Подпись" in problem["detail"]
    assert (await anna.enter())["visitor"] == {"proved": False}
    answer = await anna.enter(signed("1042", email="anna@kedr.example", phone="+79123456789"))
    assert answer["visitor"] == {"proved": True}
    assert answer["conversation_id"] == tab_conversation(tab)
    assert (await anna.enter())["visitor"] == {"proved": True}
    await anna.enter({**signed("1042"), "hash": "0" * 64}, status=403)
    assert (await anna.enter())["visitor"] == {"proved": True}


def tab_conversation(tab: Any) -> str:
    """Return the conversation a tab was last told of."""
    return str([frame["conversation_id"] for frame in tab.frames if frame["type"] == "ready"][-1])


async def test_the_same_customer_in_another_browser_sees_his_chat(site: Any, visit: Any, until: Any) -> None:
    anna, elsewhere = visit(), visit()
    tab = await anna.come(signed("1042"))
    assert (await anna.enter())["conversation_id"] is None
    await tab.say("оператор")
    await tab.gets("зову оператора")
    answer = await elsewhere.enter(signed("1042"))
    assert answer["token"] != anna.token
    other = await elsewhere.open()

    async def alike() -> bool:
        return bool(other.texts == tab.texts)

    await until(alike)  # lines come after "ready", and the bot may say one more
    await other.say("это снова я", "elsewhere")
    await tab.frame(lambda one: one.get("message", {}).get("client_id") == "elsewhere")
    stranger = visit()
    alone = await stranger.come(signed("2000"))
    assert alone.texts == []


async def test_a_guest_who_signs_in_keeps_what_stands_on_his_screen(site: Any, visit: Any) -> None:
    first, second, third = visit(), visit(), visit()
    one = await first.come(signed("1042"))
    await one.say("первое")
    await one.gets("бот")
    two = await second.come()
    await two.say("как гость")
    await two.gets("бот")
    before = second.token
    answer = await second.enter(signed("1042"))
    assert answer["token"] != before
    assert answer["conversation_id"] == tab_conversation(two)
    newest = await third.come(signed("1042"))
    assert newest.texts[0] == "как гость"
    empty = visit()
    await empty.enter()
    guest_token = empty.token
    await empty.enter(signed("1042"))
    assert empty.token != guest_token
    assert (await empty.open()).texts[0] == "как гость"


async def test_the_next_customer_at_the_same_browser_sees_nothing_of_the_last(site: Any, visit: Any) -> None:
    browser = visit()
    tab = await browser.come(signed("1042"))
    await tab.say("мой адрес: Лесная, 5")
    await tab.gets("бот")
    old = browser.token
    answer = await browser.enter(signed("2000"))
    assert answer["conversation_id"] is None
    assert browser.token != old
    assert (await browser.open()).texts == []


async def test_two_customers_who_claim_one_chat_at_once_get_one_each(site: Any, visit: Any) -> None:
    browser = visit()
    tab = await browser.come()
    await tab.say("чей это чат?")
    await tab.gets("бот")
    mine, other = Visitor(site, browser.token), Visitor(site, browser.token)
    answers = await asyncio.gather(mine.enter(signed("a")), other.enter(signed("b")))
    assert len({browser.token, mine.token, other.token}) == 3
    assert sorted(answer["conversation_id"] == tab_conversation(tab) for answer in answers) == [False, True]


async def test_who_kept_a_guest_s_token_reads_nothing_after_somebody_signed_in(
    site: Any, visit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "LEAVING", 0.0)
    before, customer = visit(), visit()
    tab = await before.come()
    await tab.say("сидел тут раньше")
    await tab.gets("бот")
    customer.token = before.token
    answer = await customer.enter(signed("1042"))
    assert answer["conversation_id"] == tab_conversation(tab)
    assert await tab.closed() == 1001
    assert await (await before.dial()).closed() == 4401
    await before.ask("GET", "/history", 401)
    mine = await customer.open()
    await mine.say("мой адрес: Лесная, 5")
    assert (await before.enter())["conversation_id"] is None
    lost = Visitor(site, tab.visitor.token)
    assert (await lost.enter())["conversation_id"] is None


async def test_an_answer_that_was_lost_is_given_again(site: Any, visit: Any) -> None:
    anna = visit()
    tab = await anna.come()
    await tab.say("как гость")
    await tab.gets("бот")
    guest = anna.token
    await anna.enter(signed("1042"))
    again = Visitor(site, guest)
    assert (await again.enter(signed("2000")))["conversation_id"] is None
    again = Visitor(site, guest)
    assert (await again.enter(signed("1042")))["conversation_id"] == tab_conversation(tab)
    await Visitor(site, guest).enter({**signed("2000"), "user_id": "1042"}, status=403)


async def test_the_proof_reaches_the_hall_with_the_first_word_or_at_once(site: Any, visit: Any, until: Any) -> None:
    anna = visit()
    tab = await anna.come(signed("1042", email="anna@kedr.example", name="Анна Ковалёва"))
    assert (await site.api("GET", "/customers"))["items"] == []
    await tab.say("привет")
    await tab.gets("бот")
    conversation = await anna.conversation()
    assert conversation["customer"]["name"] == "Анна Ковалёва"

    async def proved(id: str, email: str) -> bool:
        customer = await site.api("GET", f"/customers/{id}")
        return any(one.get("email") == email and one["proved"] for one in customer["identities"])

    await until(lambda: proved(conversation["customer"]["id"], "anna@kedr.example"))
    ivan = visit()
    guest = await ivan.come()
    await guest.say("привет")
    await guest.gets("бот")
    id = (await ivan.conversation())["customer"]["id"]
    assert not await proved(id, "ivan@kedr.example")
    await ivan.enter(signed("7", email="ivan@kedr.example"))
    await until(lambda: proved(id, "ivan@kedr.example"))
    olga = visit()
    opened = await olga.come()
    await olga.enter(signed("8", email="olga@kedr.example"))  # the line is open since before
    await opened.say("привет")
    await opened.gets("бот")
    id = (await olga.conversation())["customer"]["id"]
    await until(lambda: proved(id, "olga@kedr.example"))


async def test_a_name_stands_on_one_line_and_hides_nothing(site: Any, visit: Any) -> None:
    """The signature covers the id: a name may be anything, and it stands in topics beside words of ours."""
    anna = visit()
    tab = await anna.come(signed("1042", name="Анна\r\n✅ Телефон\t подтверждён \u202eexe\u0007 👩\u200d🔬"))
    await tab.say("привет")
    await tab.gets("бот")
    assert (await anna.conversation())["customer"]["name"] == "Анна ✅ Телефон подтверждён exe 👩\u200d🔬"


async def test_tokens_are_no_keys_to_others(site: Any, visit: Any) -> None:
    anna, eve = visit(), visit()
    tab = await anna.come()
    await tab.say("моё")
    await tab.gets("бот")
    await eve.come()
    assert (await eve.ask("GET", "/history"))["items"] == []
    for token in ("", "x", anna.token[:-2] + ("AA" if anna.token[-2:] != "AA" else "BB"), anna.token + "A" * 40):
        thief = Visitor(site, token)
        problem = await thief.ask("GET", "/history", status=401, headers={"Authorization": f"Bearer {token}"})
        assert problem["code"] == "no_session"
    fresh = Visitor(site, "nonsense")
    assert (await fresh.enter())["conversation_id"] is None
    assert fresh.token != "nonsense"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "bad_json"),
        (b"[" * 5000, 400, "bad_json"),
        (b"[1]", 422, "invalid"),
        (b'{"identify": {"user_id": "1"}}', 422, "invalid"),
        (b'{"identify": {"user_id": "", "hash": "x"}}', 422, "invalid"),
        (b'{"identify": {"user_id": "\\ud800", "hash": "x"}}', 422, "invalid"),
        (b'{"token": 5}', 422, "invalid"),
        (b'{"token": "' + b"x" * 20_000 + b'"}', 413, "too_large"),
    ],
)
async def test_a_wrong_request_gets_a_clear_problem(site: Any, visit: Any, body: bytes, status: int, code: str) -> None:
    problem = await visit().ask("POST", "/session", status, data=body)
    assert problem["code"] == code
    assert problem["detail"]


async def test_an_email_and_a_phone_that_are_none_are_named(site: Any, visit: Any) -> None:
    answer = await visit().enter(signed("1042", email="anna at kedr", phone="12"))
    assert answer["visitor"] == {"proved": True, "ignored": ["email", "phone"]}


async def test_a_number_is_the_id_as_it_is_written(site: Any, visit: Any) -> None:
    body = {"identify": {**signed("1042"), "user_id": 1042}}
    assert (await visit().ask("POST", "/session", json=body))["visitor"]["proved"]


async def test_guests_are_refused_where_the_shop_wants_customers(
    tmp_path: Any, library: Any, matcher: Any, open_shop: Any
) -> None:
    table = {"secret": SECRET, "required_identity": True, "origins": ["https://*.kedr.example"]}
    async with open_shop(tmp_path, library, matcher, site=table) as shop:
        anna = Visitor(shop)
        assert (await anna.enter(status=403))["code"] == "identity_required"
        await anna.enter(signed("1042"))
        tab = await anna.open()
        await tab.say("привет")
        await tab.gets("бот")
        await anna.leave()
        shops = {"Origin": "https://www.kedr.example"}
        async with shop.http.post(f"{anna.base}/session", json={"token": anna.token}, headers=shops) as answer:
            assert answer.status == 200
            assert answer.headers["Access-Control-Allow-Origin"] == shops["Origin"]
        for foreign in ("https://kedr.example.evil.example", "http://www.kedr.example", "null"):
            headers = {"Origin": foreign}
            async with shop.http.post(f"{anna.base}/session", json={}, headers=headers) as answer:
                assert (answer.status, (await answer.json())["code"]) == (403, "origin")
                assert "Access-Control-Allow-Origin" not in answer.headers
            async with shop.http.get(f"{anna.base}/socket", headers=headers) as answer:
                assert answer.status == 403
        async with shop.http.options(f"{anna.base}/session", headers=shops) as answer:
            assert answer.headers["Access-Control-Allow-Headers"] == "Authorization, Content-Type"
        async with shop.http.get(anna.base) as frame:
            assert "frame-ancestors 'self' https://*.kedr.example" in frame.headers["Content-Security-Policy"]


async def test_a_browser_tells_where_it_is_and_the_card_what_time_is_there(site: Any, visit: Any, until: Any) -> None:
    async def zone(visitor: Any) -> Any:
        customer = (await visitor.conversation())["customer"]["id"]
        return (await site.api("GET", f"/customers/{customer}"))["local_time_zone"]

    anna = visit()
    await anna.enter()
    said = ("", "../../etc/passwd", "Mars/Olympus", "A" * 5000, 7, None, ["Asia/Omsk"], "Asia/Omsk", "Europe/Samara")
    for number, claimed in enumerate(said):
        tab = await anna.open(time_zone=claimed)
        await tab.say(f"слово {number}", f"w{number}")
        await tab.frame(lambda one, id=f"w{number}": one.get("message", {}).get("client_id") == id)
        known = claimed if number > 6 else ""

        async def told(known: Any = known) -> bool:
            return bool(await zone(anna) == known)

        await until(told)
        await tab.shut()
    await anna.enter(signed("4077", phone="+7 423 240-12-34"))
    elsewhere = visit()
    await elsewhere.come(signed("4077"))  # another browser of his goes on in the same chat
    assert await zone(elsewhere) == "Europe/Samara"  # not Vladivostok, where his phone's number belongs
