"""A customer proves his e-mail by a code: linked with equal proofs, and nothing for whoever types another's address."""

import re
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Any

import pytest

from bots.emulators.mail import MailEmulator
from bridge.people import codes
from storage.schema import MESSAGES, VALUES
from tests.shop import Shop, until
from tests.widget import SECRET, Visitor, signed

ANNA = "anna@kedr.example"
SENT = "код из шести цифр"


@pytest.fixture
async def post() -> AsyncIterator[MailEmulator]:
    async with MailEmulator(refused=("nobody@kedr.example",)) as server:
        yield server


@pytest.fixture
async def whole(
    tmp_path: Any, library: Any, matcher: Any, community: Any, post: MailEmulator, open_shop: Any
) -> AsyncIterator[Shop]:
    """A shop in Telegram, in VK and on its site, with a mail server."""
    more = {"vk": community.table}
    async with open_shop(
        tmp_path,
        library,
        matcher,
        site={"secret": SECRET},
        more=more,
        settings={"mail": post.table("Кедр"), "contact": {"chat_codes": True}},
    ) as opened:
        yield opened


@pytest.fixture
async def visitor(whole: Shop) -> AsyncIterator[Visitor]:
    made = Visitor(whole)
    yield made
    await made.leave()


async def code_for(post: MailEmulator, address: str, number: int = 1) -> str:
    """Await the letter of this number to an address, and read its code."""

    async def came() -> str | None:
        letters = [letter for letter in post.letters if letter.to == address]
        return letters[number - 1].text if len(letters) >= number else None

    found = re.search(r"\b\d{6}\b", await until(came, f"letter {number} to {address}"))
    assert found is not None
    return found[0]


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


async def card(shop: Shop, conversation: dict[str, Any]) -> dict[str, Any]:
    return await shop.api("GET", f"/customers/{conversation['customer']['id']}")


def proofs(found: dict[str, Any]) -> dict[str, bool]:
    return {each["email"]: each["proved"] for each in found["identities"] if each["channel"] == "email"}


async def proved(shop: Shop, asked: Callable[[], Any]) -> dict[str, Any]:
    async def there() -> dict[str, Any] | None:
        found = await card(shop, await asked())
        return found if proofs(found).get(ANNA) else None

    return await until(there, "proved")


async def _proved_lines(shop: Shop, customer: str) -> Any:
    """Return all a customer said and what was noted of him, once his proof is."""
    lines = (await shop.api("GET", f"/customers/{customer}/messages?limit=100"))["items"]
    return lines if any(line["event"] and line["event"]["code"] == "linked_by_proof" for line in lines) else None


async def test_one_person_in_three_channels_is_linked_by_proof_and_answered_where_it_is_chosen(
    whole: Shop, post: MailEmulator, community: Any, visitor: Visitor
) -> None:
    anna = await whole.phone()
    await anna.say(f"Здравствуйте, мой адрес {ANNA}, позовите оператора")
    await anna.gets(SENT)
    code = await code_for(post, ANNA)
    await anna.say(f"код {other_than(code)}")
    await anna.gets("Код не подходит")
    await anna.say(f"вот код: {code}")
    await anna.gets("контакт подтверждён")
    first = await proved(whole, lambda: whole.conversation(anna))
    in_vk = await community.person("Анна")
    await in_vk.say(ANNA)
    await in_vk.gets(SENT)
    await in_vk.say(await code_for(post, ANNA, 2))
    await in_vk.gets("контакт подтверждён")
    tab = await visitor.come()
    await tab.say(f"пишите на {ANNA}")
    await tab.gets(SENT)
    await tab.say(await code_for(post, ANNA, 3))
    await tab.gets("контакт подтверждён")

    async def one() -> dict[str, Any] | None:
        found = await whole.api("GET", f"/customers/{first['id']}")
        rows = (await whole.api("GET", f"/conversations?customer={first['id']}"))["items"]
        return {**found, "rows": rows} if len(found["linked"]) == 2 and len(rows) == 3 else None

    found = await until(one, "three are one")  # identities move before conversations
    rows = found["rows"]
    assert {each["channel"] for each in found["identities"]} == {"telegram", "vk", "site", "email"}
    assert {row["channel"] for row in rows} == {"telegram", "vk", "site"}
    lines = await until(lambda: _proved_lines(whole, first["id"]), "the line about the proof")
    assert {line["channel"] for line in lines} == {"telegram", "vk", "site"}
    times = [datetime.fromisoformat(line["at"]) for line in lines]
    assert times == sorted(times)
    # The channel is the operator's choice; the others hear nothing of it.
    chosen = next(row for row in rows if row["channel"] == "vk")
    await whole.api("POST", f"/conversations/{chosen['id']}/messages", {"text": "Отвечаю здесь", "kind": "reply"})
    await in_vk.gets("Отвечаю здесь")
    assert not any("Отвечаю здесь" in text for text in await anna.heard())
    told = [line["event"]["code"] for line in lines if line["event"]]
    assert {"code_sent", "contact_proved", "linked_by_proof"} <= set(told)


async def test_an_impostor_gets_nothing_and_the_operator_sees_an_unproved_claim(
    whole: Shop, post: MailEmulator, visitor: Visitor
) -> None:
    anna = await visitor.come(identify=signed("u-1", email=ANNA))
    await anna.say("Мой заказ 4821 везут на улицу Мира, 5")
    await anna.gets("Здравствуйте")
    real = await card(whole, await visitor.conversation())
    assert proofs(real) == {ANNA: True}
    eve, bob = await whole.phone("Ева"), await whole.phone("Борис")
    await eve.say(ANNA)
    await bob.say("unknown@kedr.example")
    heard = [
        (await one.gets(SENT))["text"].replace(address, "…")
        for one, address in ((eve, ANNA), (bob, "unknown@kedr.example"))
    ]
    assert heard[0] == heard[1]  # known or not, the answer is the same
    code = await code_for(post, ANNA)
    for step in range(codes.TRIES):
        await eve.say(f"{(int(code) + 1 + step) % 1_000_000:06}")
    await eve.gets("больше он не действует")
    await eve.say(f"код {code}")  # found at last, and too late
    await whole.quiet()
    there = await whole.conversation(eve)
    claimed = await card(whole, there)
    assert proofs(claimed) == {ANNA: False}
    assert claimed["id"] != real["id"]
    assert claimed["linked"] == []
    assert [(each["id"], each["proved"]) for each in claimed["candidates"]] == [(real["id"], True)]
    assert not any("4821" in text or "Мира" in text for text in await eve.heard())
    told = [line["event"]["code"] for line in await whole.history(eve) if line["event"]]
    assert "code_spent" in told
    assert "contact_proved" not in told


async def test_sends_are_bounded_and_what_cannot_be_sent_is_said(whole: Shop, post: MailEmulator) -> None:
    anna = await whole.phone()
    await anna.say("nobody@kedr.example")
    await anna.gets("отправить не получилось")
    for number in range(1, 4):
        await anna.say(ANNA)
        await code_for(post, ANNA, number)
    await anna.say(ANNA)
    await anna.gets("не раньше чем через час")
    boris = await whole.phone("Борис")
    await boris.say(ANNA)  # the address has had its letters, whoever asks
    await boris.gets("не раньше чем через час")
    assert len(post.letters) == 3
    kept = [await whole.bridge.store.journal.value(key) for key in await _keys(whole)]
    assert kept
    letters = "".join(letter.text for letter in post.letters)
    assert not any(code in str(kept) for code in re.findall(r"\b\d{6}\b", letters))


async def _keys(shop: Shop) -> list[str]:
    rows = await shop.house.documents.find(VALUES, (), limit=1000)
    return [row.id for row in rows if row.id.startswith("code")]


async def test_a_code_over_another_chat_and_the_same_answer_where_there_is_none(whole: Shop, visitor: Visitor) -> None:
    anna = await whole.caller()
    await whole.ctl("POST", "/user/say", {"user": anna.id, "contact": {"phone": "79123456789", "own": True}})
    await anna.gets("+7 912 345-67-89")
    tab = await visitor.come()
    await tab.say("8 912 345-67-89")
    told = await tab.gets("в тот чат придёт код")
    there = await anna.gets("Если это вы, пришлите туда код")
    code = re.search(r"\b\d{6}\b", there["text"])
    assert code is not None
    shown = [line["text"] for line in await whole.history(anna)]
    assert any(codes.VEIL in text for text in shown)
    assert not any(code[0] in text for text in [*shown, (await whole.conversation(anna))["last_message"]["text"]])
    boris = await whole.phone("Борис")
    await boris.say("8 912 345-00-00")
    same = await boris.gets("в тот чат придёт код")
    assert same["text"].replace("345-00-00", "345-67-89") == told["text"]
    await tab.say(code[0])
    await tab.gets("контакт подтверждён")
    mine = (await whole.conversation(anna))["customer"]["id"]

    async def joined() -> bool:
        return (await visitor.conversation())["customer"]["id"] == mine

    await until(joined)

    async def veiled() -> bool:
        rows = [row.body["text"] for row in await whole.house.documents.find(MESSAGES, (), limit=1000)]
        return any(codes.VEIL in text for text in rows) and not any(f" {code[0]}." in text for text in rows)

    await until(veiled)
