"""Login, sessions and pages: who gets in, how long, and what a foreign page cannot do."""

import json
import re
from datetime import timedelta

import pytest
from aiohttp import web

from operator_panel.access import COOKIE
from operator_panel.app import panel
from operator_panel.options import PanelOptions

PASSWORD = "correct horse battery"
SCRIPT = {"Accept": "application/json"}


@pytest.fixture
async def browser(house):
    """A browser: keeps cookies, follows nothing by itself."""
    house.client.session.cookie_jar.clear()
    return house.client


async def form_word(browser) -> str:
    """Return the word the login form must come back with."""
    page = await (await browser.get("/login")).text()
    return re.search(r'name="csrf" value="([^"]+)"', page)[1]


async def log_in(browser, email: str = "anna@example.com", password: str = PASSWORD, **more: str):
    form = {"email": email, "password": password, "csrf": await form_word(browser)} | more
    return await browser.post("/login", data=form, allow_redirects=False)


async def test_a_stranger_is_sent_to_the_login_and_back(house, browser) -> None:
    case = await house.says("Здравствуйте")
    response = await browser.get(f"/inbox/mine/{case.id}", allow_redirects=False)
    assert response.status == 303
    assert response.headers["Location"] == f"/login?next=/inbox/mine/{case.id}"
    assert (await browser.get("/", allow_redirects=False)).headers["Location"] == "/login"
    response = await log_in(browser, next=f"/inbox/mine/{case.id}")
    assert (response.status, response.headers["Location"]) == (303, f"/inbox/mine/{case.id}")
    assert (await browser.get("/login", allow_redirects=False)).headers["Location"] == "/inbox/mine"


@pytest.mark.parametrize("wanted", ["https://evil.example", "//evil.example", "/inbox/../x", "/logout", ""])
async def test_nobody_is_sent_elsewhere(house, browser, wanted) -> None:
    response = await log_in(browser, next=wanted)
    assert response.headers["Location"] == "/inbox/mine"


async def test_cookies_of_a_session(house, browser) -> None:
    response = await log_in(browser)
    cookie = response.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["secure"]) == (True, "Lax", "/", "")
    assert cookie["max-age"] == ""
    [session] = await house.bridge.store.staff.sessions("anna")
    assert cookie.value not in (session.id, session.csrf)
    assert session.expires_at - session.created_at == timedelta(hours=12)
    browser.session.cookie_jar.clear()
    remembered = await log_in(browser, remember="1")
    assert remembered.cookies[COOKIE]["max-age"] == str(30 * 24 * 3600)


@pytest.mark.parametrize(
    ("email", "password"),
    [("anna@example.com", "wrong"), ("nobody@example.com", PASSWORD), ("", ""), ("anna@example.com", "")],
)
async def test_wrong_words_are_refused_alike(house, browser, email, password) -> None:
    response = await log_in(browser, email, password)
    assert response.status == 401
    page = await response.text()
    assert COOKIE not in response.cookies
    if email:
        assert f'value="{email}"' in page
    if password:
        assert f'value="{password}"' not in page


async def test_disabled_people_cannot_log_in(house, browser) -> None:
    await house.patch("/operators/anna", {"disabled": True}, who="boss")
    assert (await log_in(browser)).status == 401


async def test_guessing_is_slowed_down_even_for_the_right_word(house, browser) -> None:
    for _ in range(5):
        assert (await log_in(browser, password="wrong")).status == 401
    response = await log_in(browser)
    assert response.status == 429
    assert 1 <= int(response.headers["Retry-After"]) <= 15
    assert (await log_in(browser, "mark@example.com")).status == 303
    house.clock.shift = timedelta(seconds=16)
    browser.session.cookie_jar.clear()
    assert (await log_in(browser)).status == 303


async def test_a_form_without_its_word_is_refused(house, browser) -> None:
    for word in ("", "wrong", await form_word(browser)):
        browser.session.cookie_jar.clear()
        form = {"email": "anna@example.com", "password": PASSWORD, "csrf": word}
        response = await browser.post("/login", data=form, allow_redirects=False)
        assert response.status == 401
        assert await house.bridge.store.staff.sessions("anna") == []


async def test_a_script_logs_in_by_json(house, browser) -> None:
    word = (await (await browser.get("/login", headers=SCRIPT)).json())["csrf"]
    form = {"email": "anna@example.com", "password": "wrong", "csrf": word}
    refused = await browser.post("/login", data=form, headers=SCRIPT)
    assert refused.status == 401
    problem = await refused.json(content_type=None)
    assert problem["code"] == "credentials"
    opened = await browser.post("/login", data=form | {"password": PASSWORD}, headers=SCRIPT)
    assert opened.status == 200
    me = await (await browser.get("/api/v1/me")).json()
    assert me["csrf"] == (await opened.json())["csrf"]


async def test_a_browser_must_mean_what_it_does(house, browser) -> None:
    case = await house.says("Здравствуйте")
    await log_in(browser)
    url = f"/api/v1/conversations/{case.id}/claim"
    for headers in ({}, {"X-CSRF-Token": "wrong"}):
        response = await browser.post(url, headers=headers)
        assert response.status == 403
        assert (await response.json(content_type=None))["code"] == "csrf"
    word = (await (await browser.get("/api/v1/me")).json())["csrf"]
    assert (await browser.post(url, headers={"X-CSRF-Token": word})).status == 200
    message = await browser.post(
        f"/api/v1/conversations/{case.id}/messages", json={"text": "да"}, headers={"X-CSRF-Token": word}
    )
    assert (await message.json())["origin"] == "panel"


async def test_a_session_rolls_with_use_and_ends_without(house, browser) -> None:
    await log_in(browser)
    for hours in (11, 22, 33):
        house.clock.shift = timedelta(hours=hours)
        assert (await browser.get("/api/v1/me")).status == 200
    house.clock.shift = timedelta(hours=33 + 13)
    response = await browser.get("/api/v1/me")
    assert response.status == 401
    assert (await response.json(content_type=None))["code"] == "expired"


async def test_a_remembered_session_ends_after_thirty_days(house, browser) -> None:
    await log_in(browser, remember="1")
    for days, status in ((29, 200), (31, 401)):
        house.clock.shift = timedelta(days=days)
        assert (await browser.get("/api/v1/me")).status == status


async def test_logging_out_ends_the_session_for_good(house, browser) -> None:
    cookie = (await log_in(browser)).cookies[COOKIE].value
    assert (await browser.post("/logout", data={"csrf": "wrong"}, allow_redirects=False)).status == 403
    word = (await (await browser.get("/api/v1/me")).json())["csrf"]
    response = await browser.post("/logout", data={"csrf": word}, allow_redirects=False)
    assert (response.status, response.headers["Location"]) == (303, "/login")
    assert await house.bridge.store.staff.sessions("anna") == []
    again = await browser.get("/api/v1/me", headers={"Cookie": f"{COOKIE}={cookie}"})
    assert again.status == 401


async def test_security_headers_and_nonces(house, browser) -> None:
    await log_in(browser)
    response = await browser.get("/inbox/mine")
    policy = response.headers["Content-Security-Policy"]
    nonce = re.search(r"'nonce-([^']+)'", policy)[1]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"
    page = await response.text()
    assert f'nonce="{nonce}"' in page
    assert all(f'nonce="{nonce}"' in tag for tag in re.findall(r"<script[^>]*>", page))
    assert not re.search(r'\sstyle="|\son[a-z]+="', page)
    assert nonce not in (await browser.get("/inbox/mine")).headers["Content-Security-Policy"]


async def test_static_files_are_kept_for_ever_by_their_hash(house, browser) -> None:
    page = await (await browser.get("/login")).text()
    urls = re.findall(r'(?:href|src)="(/static/[^"#]+)', page)
    assert urls
    for url in urls:
        response = await browser.get(url)
        assert response.status == 200, url
        assert "immutable" in response.headers["Cache-Control"]
    imports = json.loads(re.search(r'type="importmap"[^>]*>(.*?)</script>', page, re.S)[1])["imports"]
    for url in imports.values():
        assert (await browser.get(url, headers={"Accept-Encoding": "gzip"})).content_type == "text/javascript"
    sheet = next(url for url in urls if ".css" in url)
    for coding in ("gzip", "br"):
        packed = await browser.get(sheet, headers={"Accept-Encoding": coding}, auto_decompress=False)
        assert packed.headers["Content-Encoding"] == coding
    plain = await browser.get(sheet, headers={"Accept-Encoding": "identity, br;q=0"})
    assert "Content-Encoding" not in plain.headers
    old = await browser.get(re.sub("/static/[^/]+/", "/static/000000000000/", sheet))
    assert old.headers["Cache-Control"] == "no-cache"
    assert (await browser.get("/static/000000000000/../app.py")).status == 404
    assert (await browser.get("/static/000000000000/nowhere.js")).status == 404


async def test_a_fault_shows_the_error_page_in_the_readers_words(house, browser, monkeypatch) -> None:
    await log_in(browser)

    async def broken(*_args: object, **_more: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(house.bridge.store.conversations, "view", broken)
    response = await browser.get("/inbox/mine")
    assert response.status == 500
    assert response.content_type == "text/html"


async def test_long_answers_are_packed(house, browser) -> None:
    await log_in(browser)
    for path in ("/inbox/mine", "/api/v1/openapi.json"):
        plain = await browser.get(path, headers={"Accept-Encoding": "identity"})
        for coding in ("gzip", "br"):
            packed = await browser.get(path, headers={"Accept-Encoding": coding}, auto_decompress=False)
            assert packed.headers["Content-Encoding"] == coding
            assert len(await packed.read()) < len(await plain.read()) / 2


async def test_over_https_cookies_are_secure(bridge, aiohttp_client) -> None:
    app = web.Application()
    panel(app, bridge, PanelOptions(public_url="https://desk.example.com"))
    client = await aiohttp_client(app)
    response = await client.get("/login")
    assert response.cookies["mostik_pre"]["secure"] is True
    assert response.headers["Strict-Transport-Security"]


async def test_strangers_read_their_own_language(house, browser) -> None:
    page = await (await browser.get("/login", headers={"Accept-Language": "en-GB,en;q=0.8"})).text()
    assert '<html lang="en"' in page
    assert '<html lang="ru"' in await (await browser.get("/login")).text()


async def test_an_address_nobody_serves_has_a_page_for_people_and_a_problem_for_programs(browser) -> None:
    async with browser.get("/nope", headers={"Accept": "text/html", "Accept-Language": "ru"}) as answer:
        assert answer.status == 404
        assert "text/html" in answer.headers["Content-Type"]
        assert "Content-Security-Policy" in answer.headers
    async with browser.get("/nope") as answer:
        assert (answer.status, await answer.text()) == (404, "404: Not Found")
    for path in ("/api/v1", "/api/v1/", "/api/v1/nope"):
        async with browser.get(path) as answer:
            assert (answer.status, (await answer.json())["code"]) == (404, "not_found"), path
