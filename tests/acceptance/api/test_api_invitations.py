"""People come by a link that works once, link their Telegram by a code, change their own password, and leave."""

import asyncio
import re
from datetime import timedelta
from typing import Any

import pytest

from bridge import facts
from bridge.model.ids import ChannelName, ChatId
from bridge.model.inbound import Sender, Started
from bridge.model.operators import Role
from bridge.rights import may
from bridge.staff import registering
from bridge.teamwork import inviting
from operator_panel import access
from operator_panel.access import COOKIE
from operator_panel.passwords import check_password
from tests.acceptance.api.conftest import PASSWORD, checked

NEW = {"email": "New@Shop.example", "role": "operator", "capacity": 3}
CHOSEN = "сорок восемь ежей"


class Letters:
    """A mail server that takes everything."""

    def __init__(self, fault: str = "") -> None:
        self.sent: list[tuple[str, str, str]] = []
        self.fault = fault

    async def send(self, to: str, subject: str, text: str) -> str:
        self.sent.append((to, subject, text))
        return self.fault


async def invited(house: Any, **more: Any) -> dict[str, Any]:
    return dict(await house.post("/invitations", {**NEW, **more}, who="boss", status=201))


async def filled(house: Any, path: str, **form: str) -> Any:
    """Open a link's page and send its form."""
    page = await house.client.get(path)
    csrf = re.search(r'name="csrf" value="([^"]+)"', await page.text())
    assert csrf is not None
    return await house.client.post(path, data={"csrf": csrf[1], **form}, allow_redirects=False)


async def himself(house: Any, who: str, method: str, path: str, body: Any = None) -> Any:
    """Somebody calls the API out of his browser."""
    opened = access.new_session(house.staff[who], house.clock.now(), True, "")
    await house.bridge.store.staff.open_session(opened.session)
    headers = {"Cookie": f"{COOKIE}={opened.cookie}", "X-CSRF-Token": opened.session.csrf}
    return await house.call(method, path, None, headers=headers, json=body)


async def test_whoever_has_the_link_names_himself_and_is_in_once(house: Any) -> None:
    made = await invited(house)
    person, path = made["operator"], "/join/" + made["url"].rpartition("/join/")[2]
    assert made["mailed"] == "off"
    assert (person["disabled"], person["invited_until"] is not None, person["name"]) == (True, True, "New")
    stored = await house.bridge.store.staff.operator(person["id"])
    assert path.rpartition(".")[2] not in repr(stored)  # only its hash is kept
    assert (await house.post("/invitations", NEW, who="boss", status=422))["errors"] == [
        {"field": "email", "code": "taken"}
    ]
    short = await filled(house, path, name="", password="короткий")
    assert short.status == 422
    text = await short.text()
    assert "Напишите, как вас зовут" in text
    assert "Нужно не меньше 10 знаков" in text
    assert (await house.client.post(path, data={"name": "Вор", "password": CHOSEN, "csrf": "x"})).status == 401
    come = await filled(house, path, name=" Нина  Новая ", password=CHOSEN)
    assert (come.status, come.headers["Location"]) == (303, "/inbox/mine")
    assert COOKIE in come.cookies
    row = await house.bridge.store.staff.operator(person["id"])
    assert (row.name, row.disabled, row.invited, row.capacity) == ("Нина Новая", False, None, 3)
    assert await check_password(row.password, CHOSEN)
    again = await house.client.get(path)
    assert again.status == 404
    assert "уже не действует" in await again.text()
    assert (await house.client.post(path, data={"name": "Вор", "password": CHOSEN})).status == 404
    assert (await house.post(f"/operators/{row.id}/invitation", who="boss", status=409))["code"] == "not_invited"


async def test_a_link_is_replaced_taken_back_and_runs_out(house: Any) -> None:
    made = await invited(house)
    id, first = made["operator"]["id"], made["url"].rpartition("/")[2]
    other = await house.post(f"/operators/{id}/invitation", who="boss")
    second = other["url"].rpartition("/")[2]
    with pytest.raises(inviting.NotFound):
        await inviting.look(house.bridge, first)
    assert (await house.client.get(f"/join/{second}")).status == 200
    house.clock.shift = inviting.LIVES
    assert (await house.client.get(f"/join/{second}")).status == 404
    await house.call("DELETE", f"/operators/{id}/invitation", "boss")
    assert id not in {one["id"] for one in (await house.get("/operators"))["items"]}
    assert (await house.client.get("/join/nobody.x")).status == 404
    await invited(house)  # the address is free again


async def test_of_two_who_open_one_link_at_once_one_is_in(house: Any) -> None:
    word = (await invited(house))["url"].rpartition("/")[2]
    comes = (inviting.join(house.bridge, word, name, "hash") for name in ("Первая", "Вторая"))
    results = await asyncio.gather(*comes, return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["NotFound", "Operator"]


async def test_a_letter_carries_the_link_and_its_fault_is_told(house: Any) -> None:
    letters = Letters()
    object.__setattr__(house.bridge, "mail", letters)
    made = await invited(house, language="en")
    assert made["mailed"] == "sent"
    [(to, _, text)] = letters.sent
    assert to == NEW["email"]
    assert made["url"] in text
    assert "You are invited" in text
    letters.fault = "refused"
    assert (await house.post(f"/operators/{made['operator']['id']}/invitation", who="boss"))["mailed"] == "refused"


async def test_only_an_administrator_invites(house: Any) -> None:
    made = await invited(house)
    for who in ("anna", "watcher"):
        assert (await house.post("/invitations", {"email": "x@y.example"}, who=who, status=403))["code"] == "forbidden"
        for method in ("POST", "DELETE"):
            answer = await house.call(method, f"/operators/{made['operator']['id']}/invitation", who)
            assert answer.status == 403


async def test_ones_own_name_and_password(house: Any) -> None:
    assert (await house.patch("/me", {"name": "Анна Вторая"}))["name"] == "Анна Вторая"

    async def changed(old: str, password: str, status: int) -> Any:
        answer = await himself(house, "anna", "POST", "/me/password", {"old": old, "password": password})
        return await checked(answer, status)

    wrong = await changed("нет", CHOSEN, 422)
    assert wrong["errors"] == [{"field": "old", "code": "wrong"}]
    short = await changed(PASSWORD, "мало", 422)
    assert short["errors"] == [{"field": "password", "code": "too_short"}]
    same = await changed(PASSWORD, PASSWORD, 422)
    assert same["errors"] == [{"field": "password", "code": "same"}]
    await changed(PASSWORD, CHOSEN, 204)
    row = await house.bridge.store.staff.operator("anna")
    assert await check_password(row.password, CHOSEN)
    assert len(await house.bridge.store.staff.sessions("anna")) == 1  # the one it was changed in
    for _ in range(6):
        last = await himself(house, "anna", "POST", "/me/password", {"old": "нет", "password": CHOSEN})
    assert last.status == 429
    assert int(last.headers["Retry-After"]) > 0


async def _nothing() -> None:
    """No words wait for their breath's end."""


async def brings(house: Any, code: str, chat: str, number: int = 1) -> None:
    """Somebody opens the bot by a link."""
    fact = Started(
        ChannelName("telegram"), ChatId(chat), f"s{number}", Sender(chat, "Аня"), house.bridge.clock.now(), code
    )
    await facts.done(house.bridge, fact, _nothing)


async def code(house: Any, who: str = "anna") -> dict[str, Any]:
    return dict(await checked(await himself(house, who, "POST", "/me/telegram"), 200))


async def test_telegram_is_linked_by_a_code_that_works_once(house: Any) -> None:
    made = await code(house)
    assert made["code"].startswith(registering.OF_STAFF)
    newer = await code(house)
    await brings(house, made["code"], "7001")
    assert (await house.get("/me"))["telegram_user_id"] is None  # another one took its place
    await brings(house, newer["code"], "7001", 2)
    assert (await house.get("/me"))["telegram_user_id"] == 7001
    await brings(house, newer["code"], "7002", 3)
    assert (await house.get("/me"))["telegram_user_id"] == 7001
    assert (await himself(house, "anna", "DELETE", "/me/telegram")).status == 200
    assert (await house.get("/me"))["telegram_user_id"] is None
    old = await code(house)
    house.clock.shift = registering.LIVES + timedelta(minutes=1)
    await brings(house, old["code"], "7001", 4)
    assert (await house.get("/me"))["telegram_user_id"] is None
    last = await code(house, "mark")
    await brings(house, last["code"], "7001", 5)
    other = await code(house)
    await brings(house, other["code"], "7001", 6)
    assert (await house.get("/me"))["telegram_user_id"] is None  # it is Mark's


#: What keeping people and teams asks for, and the right it needs; {p} is somebody, {t} a team.
VERBS: tuple[tuple[str, str, str, Any], ...] = (
    ("read", "GET", "/operators", None),
    ("read", "GET", "/operators/{p}", None),
    ("staff", "POST", "/operators", {"email": "anna@example.com", "name": "x"}),
    ("staff", "PATCH", "/operators/{p}", {"capacity": 4}),
    ("staff", "POST", "/invitations", {"email": "anna@example.com"}),
    ("staff", "POST", "/operators/{p}/invitation", None),
    ("staff", "DELETE", "/operators/{p}/invitation", None),
    ("staff", "DELETE", "/operators/nobody", None),
    ("read", "GET", "/teams", None),
    ("read", "GET", "/teams/{t}", None),
    ("teams", "POST", "/teams", {"name": "Линия"}),
    ("teams", "PATCH", "/teams/{t}", {"name": "Первая"}),
    ("teams", "DELETE", "/teams/nobody", None),
    ("read", "PATCH", "/me", {"theme": "dark"}),
)
#: Sections of the settings, and the right each needs.
PAGES = {"me": "read", "people": "staff", "teams": "teams"}


async def test_every_role_keeps_people_and_teams_where_it_may_and_nowhere_else(house: Any) -> None:
    team = (await house.post("/teams", {"name": "Первая"}, who="boss", status=201))["id"]
    wrong = []
    for who, person in house.staff.items():
        for right, method, path, body in VERBS:
            answer = await house.call(method, path.format(p="mark", t=team), who, json=body)
            if (answer.status == 403) is may(person, right) or answer.status in (401, 500):
                wrong.append((who, method, path, answer.status))
        opened = access.new_session(person, house.clock.now(), True, "")
        await house.bridge.store.staff.open_session(opened.session)
        for section, right in PAGES.items():
            page = await house.client.get(f"/settings/{section}", headers={"Cookie": f"{COOKIE}={opened.cookie}"})
            if page.status != (200 if may(person, right) else 403):
                wrong.append((who, section, page.status))
    assert wrong == []
    for method, path in (("POST", "/me/password"), ("POST", "/me/telegram"), ("DELETE", "/me/telegram")):
        body = {"old": PASSWORD, "password": CHOSEN} if path == "/me/password" else None
        assert (await house.call(method, path, "boss", json=body)).status == 403  # a token takes over no account


async def test_who_is_gone_or_has_not_come_is_not_let_in_by_a_change(house: Any) -> None:
    made = (await invited(house))["operator"]
    early = await house.patch(f"/operators/{made['id']}", {"disabled": False}, who="boss", status=422)
    assert early["errors"] == [{"field": "disabled", "code": "invited"}]
    assert (await house.call("DELETE", "/operators/mark", "boss")).status == 204
    await house.patch("/operators/mark", {"disabled": False}, who="boss", status=404)
    taken = await house.patch("/operators/anna", {"email": "BOSS@example.com"}, who="boss", status=422)
    assert taken["errors"] == [{"field": "email", "code": "taken"}]


async def test_two_administrators_who_put_each_other_out_at_once_leave_one(house: Any) -> None:
    await house.patch("/operators/chief", {"role": "admin"}, who="boss")
    out = [house.call("PATCH", "/operators/chief", "boss", json={"disabled": True})]
    out += [house.call("DELETE", "/operators/boss", "chief")]
    assert {answer.status for answer in await asyncio.gather(*out)} & {422, 401, 403}
    left = [row for row in await house.bridge.store.staff.all() if row.role is Role.ADMIN and not row.disabled]
    assert left
