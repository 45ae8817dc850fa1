"""Proofs beside the password: codes of an app, sessions to end, tokens with scopes."""

import re
from datetime import timedelta

import pyotp
import pytest

from operator_panel.access import COOKIE

PASSWORD = "correct horse battery"
SCRIPT = {"Accept": "application/json"}


class Seat:
    """A person in a browser of his own."""

    def __init__(self, house, email: str = "anna@example.com") -> None:
        self.house, self.email, self.cookies, self.csrf = house, email, {}, ""

    async def form(self, **fields: str) -> dict:
        """Send the login's form as a script; returns the answer with its status."""
        self.house.client.session.cookie_jar.clear()
        async with self.house.client.get("/login", headers=SCRIPT, cookies=self.cookies) as page:
            told = await page.json()
            pre = {name: morsel.value for name, morsel in page.cookies.items()}
        self.house.client.session.cookie_jar.clear()
        form = {"csrf": told["csrf"], **fields}
        async with self.house.client.post("/login", data=form, headers=SCRIPT, cookies=pre) as answer:
            if answer.status == 200:
                self.cookies = {COOKIE: answer.cookies[COOKIE].value}
                self.csrf = (await answer.json())["csrf"]
            self.house.client.session.cookie_jar.clear()
            return {"status": answer.status, **await answer.json(content_type=None)}

    async def enter(self, **fields: str) -> dict:
        return await self.form(email=self.email, password=PASSWORD, **fields)

    async def call(self, method: str, path: str, status: int, body: object = None):
        headers = {"X-CSRF-Token": self.csrf}
        answer = await self.house.client.request(
            method, f"/api/v1{path}", json=body, headers=headers, cookies=self.cookies
        )
        text = await answer.text()
        assert answer.status == status, text
        return await answer.json() if text else None


def code_of(house, secret: str, later: int = 0) -> str:
    return pyotp.TOTP(secret).at(house.bridge.clock.now() + timedelta(seconds=later))


@pytest.fixture
async def seat(house) -> Seat:
    seat = Seat(house)
    assert (await seat.enter())["status"] == 200
    return seat


async def begun(seat: Seat) -> tuple[str, list[str]]:
    """Turn the second factor on; returns secret and spare codes."""
    await seat.call("POST", "/me/second_factor", 422, {"password": "wrong"})
    told = await seat.call("POST", "/me/second_factor", 201, {"password": PASSWORD})
    assert told["address"].startswith("otpauth://totp/")
    assert told["secret"] in told["address"]
    assert told["picture"].startswith("<svg")
    assert (await Seat(seat.house).enter())["status"] == 200, "nothing is asked for before the app has shown a code"
    await seat.call("POST", "/me/second_factor/confirm", 422, {"code": "000000"})
    secret = told["secret"]
    spares = await seat.call("POST", "/me/second_factor/confirm", 200, {"code": code_of(seat.house, secret)})
    return secret, spares["codes"]


async def test_a_code_is_asked_for_after_the_password_and_taken_once(house, seat) -> None:
    secret, spares = await begun(seat)
    assert len(set(spares)) == 10
    assert (await seat.call("GET", "/me/second_factor", 200))["on"]
    other = Seat(house)
    told = await other.enter()
    assert (told["status"], told["code"]) == (401, "code_needed")
    assert not other.cookies
    used = code_of(house, secret)  # it confirmed the app a moment ago
    assert (await other.form(ticket=told["ticket"], code=used))["code"] == "code"
    fresh = code_of(house, secret, 30)
    assert (await other.form(ticket=told["ticket"], code=f"{fresh[:3]} {fresh[3:]}"))["status"] == 200
    assert (await Seat(house).form(ticket=told["ticket"], code=fresh))["code"] == "code"
    third = Seat(house)
    assert (await third.form(ticket=told["ticket"], code=spares[0].upper()))["status"] == 200
    assert (await Seat(house).form(ticket=told["ticket"], code=spares[0]))["code"] == "code"
    assert (await seat.call("GET", "/me/second_factor", 200))["spares"] == 9


async def test_a_ticket_ends_and_is_nobody_elses_and_tries_are_bounded(house, seat) -> None:
    secret, _ = await begun(seat)
    ticket = (await Seat(house).enter())["ticket"]
    boss = await house.bridge.store.staff.operator("boss")
    for forged in (ticket.replace("anna", "boss"), f"{boss.id}.99999999999.x", "x", ticket[:-1]):
        assert (await Seat(house).form(ticket=forged, code=code_of(house, secret, 30)))["code"] == "expired"
    for _ in range(5):
        assert (await Seat(house).form(ticket=ticket, code="000000"))["status"] == 401
    told = await Seat(house).form(ticket=ticket, code=code_of(house, secret, 30))
    assert (told["status"], told["code"]) == (429, "throttled")
    house.clock.shift += timedelta(seconds=301)
    assert (await Seat(house).form(ticket=ticket, code=code_of(house, secret)))["code"] == "expired"


async def test_the_page_asks_for_the_code(house, seat) -> None:
    secret, _ = await begun(seat)
    house.client.session.cookie_jar.clear()
    page = await (await house.client.get("/login")).text()
    word = re.search(r'name="csrf" value="([^"]+)"', page)[1]
    form = {"email": "anna@example.com", "password": PASSWORD, "csrf": word}
    page = await (await house.client.post("/login", data=form)).text()
    fields = dict(re.findall(r'name="(csrf|ticket)" value="([^"]+)"', page))
    assert 'autocomplete="one-time-code"' in page
    answer = await house.client.post(
        "/login", data={**fields, "code": code_of(house, secret, 30)}, allow_redirects=False
    )
    assert (answer.status, answer.headers["Location"]) == (303, "/inbox/mine")


async def test_a_factor_goes_by_its_password_or_by_an_administrator(house, seat) -> None:
    await begun(seat)
    await house.post("/me/second_factor/off", {"password": PASSWORD}, "anna", 403)
    await seat.call("POST", "/me/second_factor/off", 204, {"password": PASSWORD})
    assert (await Seat(house).enter())["status"] == 200
    await begun(seat)
    boss = Seat(house, "boss@example.com")
    await boss.enter()
    await seat.call("DELETE", "/operators/anna/second_factor", 403)
    await boss.call("DELETE", "/operators/anna/second_factor", 204)
    await seat.call("GET", "/me", 401)
    assert (await Seat(house).enter())["status"] == 200
    actions = [row.action for row in await house.bridge.store.journal.page("operator:anna", 50)]
    told = sorted(each for each in actions if each.startswith("second"))
    assert told == ["second_factor_off"] * 2 + ["second_factor_on"] * 2


async def test_sessions_are_listed_and_ended(house, seat) -> None:
    other, third = Seat(house), Seat(house)
    await other.enter()
    await third.enter()
    rows = (await seat.call("GET", "/me/sessions", 200))["items"]
    assert [row["here"] for row in rows].count(True) == 1
    assert len(rows) == 3
    mine = next(row for row in (await other.call("GET", "/me/sessions", 200))["items"] if row["here"])
    await seat.call("DELETE", f"/me/sessions/{mine['id']}", 204)
    await other.call("GET", "/me", 401)
    await seat.call("DELETE", "/me/sessions", 204)
    await third.call("GET", "/me", 401)
    await seat.call("GET", "/me", 200)


async def test_a_token_does_what_its_scopes_say_until_it_ends(house, seat) -> None:
    case = await house.says("Здравствуйте")
    asked = {"name": "Учёт", "scopes": ["conversations:read"], "days": 2}
    made = await seat.call("POST", "/me/tokens", 201, asked)
    assert made["hint"] == made["token"][-4:]
    await seat.call("POST", "/me/tokens", 422, {**asked, "scopes": ["everything"]})

    async def tried(method: str, path: str, body: object = None) -> tuple[int, str]:
        headers = {"Authorization": f"Bearer {made['token']}"}
        answer = await house.client.request(method, f"/api/v1{path}", json=body, headers=headers)
        return answer.status, (await answer.json()).get("code", "") if answer.status >= 400 else ""

    assert await tried("GET", f"/conversations/{case.id}/messages") == (200, "")
    assert await tried("GET", "/me") == (200, "")
    for method, path in (("POST", f"/conversations/{case.id}/claim"), ("GET", "/customers"), ("GET", "/operators")):
        assert await tried(method, path) == (403, "scope"), path
    assert await tried("POST", "/me/tokens", asked) == (403, "scope")
    [row] = [row for row in (await seat.call("GET", "/me/tokens", 200))["items"] if row["name"] == "Учёт"]
    assert row["used_at"]
    assert "token" not in row
    house.clock.shift += timedelta(days=2, seconds=1)
    assert await tried("GET", "/me") == (401, "expired")
    later = Seat(house)
    await later.enter()
    forever = await later.call("POST", "/me/tokens", 201, {"name": "Вечный"})
    made["token"] = forever["token"]
    assert await tried("POST", f"/conversations/{case.id}/claim") == (200, "")
    assert await tried("POST", "/me/tokens", asked) == (403, "forbidden")
    await later.call("DELETE", f"/me/tokens/{forever['id']}", 204)
    assert await tried("GET", "/me") == (401, "unauthorized")
