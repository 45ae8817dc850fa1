"""Customers and operators by the API."""

import pytest


async def test_a_customer_with_identities(house) -> None:
    case = await house.says("Здравствуйте")
    found = await house.get("/customers", params={"q": "белов"})
    assert [row["id"] for row in found["items"]] == [case.customer]
    one = await house.get(f"/customers/{case.customer}")
    assert one["name"] == "Игорь Белов"
    assert one["identities"] == [{"channel": "telegram", "external_id": "100", "username": "igor", "proved": True}]
    assert (await house.get("/customers", params={"q": "петров"}))["items"] == []
    assert (await house.get("/customers/nobody", status=404))["code"] == "not_found"


async def test_name_and_note_are_changed_by_the_desk_alone(house) -> None:
    case = await house.says("Здравствуйте")
    url = f"/customers/{case.customer}"
    changed = await house.patch(url, {"name": "Игорь Петрович", "note": "любит чай"})
    assert (changed["name"], changed["note"]) == ("Игорь Петрович", "любит чай")
    assert (await house.patch(url, {"note": ""}))["note"] == ""
    assert (await house.patch(url, {"name": "x"}, who="watcher", status=403))["code"] == "forbidden"
    assert (await house.patch(url, {"name": ""}, status=422))["errors"] == [{"field": "name", "code": "empty"}]
    assert (await house.patch(url, {"name": None}, status=422))["errors"] == [{"field": "name", "code": "invalid"}]
    stale = await house.patch(url, {"name": "x"}, status=409, headers={"If-Match": "99"})
    assert stale["code"] == "version"


async def test_the_timeline_holds_all_conversations_and_pages_back(house) -> None:
    case = await house.says("один")
    await house.post(f"/conversations/{case.id}/messages", {"text": "два"}, status=201)
    await house.post(f"/conversations/{case.id}/close")
    await house.says("три")
    whole = await house.get(f"/customers/{case.customer}/messages")
    assert whole["next"] is None
    assert {"conversation_id", "channel"} <= set(whole["items"][0])
    said = [line["text"] for line in whole["items"] if line["text"]]
    assert said == ["один", "два", "три"]
    back, cursor = [], None
    for _ in range(20):
        query = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
        part = await house.get(f"/customers/{case.customer}/messages", params=query)
        back = [line["id"] for line in part["items"]] + back
        cursor = part["next"]
        if cursor is None:
            break
    assert sorted(back) == sorted(line["id"] for line in whole["items"])
    for wrong in ("x", "12", "x~y"):
        problem = await house.get(f"/customers/{case.customer}/messages", status=422, params={"cursor": wrong})
        assert problem["errors"] == [{"field": "cursor", "code": "invalid"}]


async def test_a_contact_is_added_by_the_desk_as_claimed(house) -> None:
    case = await house.says("Здравствуйте")
    url = f"/customers/{case.customer}"
    card = await house.patch(url, {"email": " Igor@Example.COM", "phone": "8 912 345-67-89"})
    added = [each for each in card["identities"] if each["channel"] != "telegram"]
    assert sorted(added, key=lambda each: each["channel"]) == [
        {"channel": "email", "email": "igor@example.com", "proved": False},
        {"channel": "phone", "phone": "+79123456789", "proved": False},
    ]
    assert len((await house.patch(url, {"phone": "+79123456789"}))["identities"]) == 3
    wrong = await house.patch(url, {"email": "igor@", "phone": "12345"}, status=422)
    assert wrong["errors"] == [{"field": "email", "code": "invalid"}, {"field": "phone", "code": "invalid"}]
    assert (await house.patch(url, {"email": None}, status=422))["errors"] == [{"field": "email", "code": "invalid"}]
    assert (await house.patch(url, {"email": "a@b.ru"}, who="watcher", status=403))["code"] == "forbidden"
    found = await house.get("/customers", params={"q": "igor@example.com"})
    assert [row["id"] for row in found["items"]] == [case.customer]


async def test_two_customers_are_joined_and_parted(house) -> None:
    one, other = await house.says("один"), await house.says("два", chat="200", name="И. Белов")
    url = f"/customers/{one.customer}"
    for case in (one, other):
        await house.patch(f"/customers/{case.customer}", {"phone": "+7 912 345-67-89"})
    (alike,) = (await house.get(url))["candidates"]
    assert (alike["id"], alike["proved"]) == (other.customer, False)
    assert alike["because"] == {"kind": "phone", "value": "+79123456789"}
    joined = await house.post(f"{url}/link", {"other": other.customer})
    assert [each["id"] for each in joined["linked"]] == [other.customer]
    assert joined["candidates"] == []
    assert await house.post(f"{url}/link", {"other": other.customer}) == joined
    assert (await house.get(f"/customers/{other.customer}"))["id"] == one.customer
    assert (await house.get(f"/conversations/{other.id}"))["customer"] == {"id": one.customer, "name": "Игорь Белов"}
    said = (await house.get(f"{url}/messages"))["items"]
    assert [line["text"] for line in said if line["text"]] == ["один", "два"]
    found = await house.get("/customers", params={"q": "белов"})
    assert [row["id"] for row in found["items"]] == [one.customer]
    parted = await house.post(f"{url}/unlink", {"other": other.customer})
    assert (parted["linked"], [each["id"] for each in parted["candidates"]]) == ([], [other.customer])
    assert (await house.get(f"/conversations/{other.id}"))["customer"] == {"id": other.customer, "name": "И. Белов"}
    assert await house.post(f"{url}/unlink", {"other": other.customer}) == parted


async def test_joining_is_refused_with_a_reason(house) -> None:
    one, other = await house.says("один"), await house.says("два", chat="200")
    url = f"/customers/{one.customer}"
    same = await house.post(f"{url}/link", {"other": one.customer}, status=422)
    assert same["errors"] == [{"field": "other", "code": "same"}]
    apart = await house.post(f"{url}/unlink", {"other": other.customer}, status=422)
    assert apart["errors"] == [{"field": "other", "code": "not_linked"}]
    assert (await house.post(f"{url}/link", {"other": "nobody"}, status=404))["code"] == "not_found"
    assert (await house.post("/customers/nobody/link", {"other": one.customer}, status=404))["code"] == "not_found"
    assert (await house.post(f"{url}/link", {}, status=422))["code"] == "invalid"
    refused = await house.post(f"{url}/link", {"other": other.customer}, who="watcher", status=403)
    assert refused["code"] == "forbidden"


async def test_a_contact_is_asked_for(house) -> None:
    case = await house.says("Здравствуйте")
    url = f"/conversations/{case.id}"
    assert (await house.post(f"{url}/ask_contact", who="watcher", status=403))["code"] == "forbidden"
    assert (await house.post(f"{url}/ask_contact"))["stage"] == "bot"
    lines = (await house.get(f"{url}/messages"))["items"]
    assert [line["event"]["code"] for line in lines if line["event"]] == ["contact_asked"]
    assert lines[-1]["author"]["kind"] == "bot"
    assert [choice["text"] for choice in lines[-1]["choices"]] == ["Отправить мой номер", "Пропустить"]
    await house.post(f"{url}/close")
    assert (await house.post(f"{url}/ask_contact", status=409))["code"] == "closed"


async def test_the_admin_keeps_the_staff(house) -> None:
    new = {"email": "eva@example.com", "name": "Ева", "role": "operator", "password": "long enough 1"}
    made = await house.post("/operators", new, who="boss", status=201)
    assert "password" not in made
    assert (await house.get(f"/operators/{made['id']}"))["name"] == "Ева"
    twice = await house.post("/operators", new | {"email": "EVA@example.com"}, who="boss", status=422)
    assert twice["errors"] == [{"field": "email", "code": "taken"}]
    changed = await house.patch(
        f"/operators/{made['id']}", {"role": "supervisor", "telegram_user_id": 77, "name": "Ева П."}, who="boss"
    )
    assert (changed["role"], changed["telegram_user_id"], changed["name"]) == ("supervisor", 77, "Ева П.")
    taken = await house.patch("/operators/anna", {"telegram_user_id": 77}, who="boss", status=422)
    assert taken["errors"] == [{"field": "telegram_user_id", "code": "taken"}]
    assert (await house.patch(f"/operators/{made['id']}", {"telegram_user_id": None}, who="boss"))[
        "telegram_user_id"
    ] is None
    events = await house.bridge.store.journal.page(f"operator:{made['id']}", 10)
    assert {event.action for event in events} == {"operator_added", "operator_changed"}
    assert all("long enough" not in str(event) for event in events)


@pytest.mark.parametrize("who", ["anna", "chief", "watcher", "writer"])
async def test_nobody_else_keeps_the_staff(house, who) -> None:
    body = {"email": "eva@example.com", "name": "Ева"}
    assert (await house.post("/operators", body, who=who, status=403))["code"] == "forbidden"
    assert (await house.patch("/operators/mark", {"role": "admin"}, who=who, status=403))["code"] == "forbidden"


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"email": "nonsense"}, "email", "invalid"),
        ({"email": "a@b.c", "name": ""}, "name", "empty"),
        ({"password": "short"}, "password", "too_short"),
        ({"role": "king"}, "role", "unknown_value"),
        ({"telegram_user_id": "7"}, "telegram_user_id", "no_number"),
    ],
)
async def test_a_wrong_account_names_its_field(house, body, field, code) -> None:
    whole = {"email": "eva@example.com", "name": "Ева"} | body
    problem = await house.post("/operators", whole, who="boss", status=422)
    assert {"field": field, "code": code} in problem["errors"]


async def test_the_last_admin_stays(house) -> None:
    for change in ({"role": "operator"}, {"disabled": True}):
        problem = await house.patch("/operators/boss", change, who="boss", status=422)
        assert problem["errors"] == [{"field": "role", "code": "last_admin"}]
    assert (await house.patch("/operators/nobody", {"name": "x"}, who="boss", status=404))["code"] == "not_found"
    await house.patch("/operators/chief", {"role": "admin"}, who="boss")
    assert (await house.patch("/operators/boss", {"role": "operator"}, who="chief"))["role"] == "operator"


async def test_a_customer_is_banned_and_heard_again(house) -> None:
    case = await house.says("один")
    await house.post(f"/conversations/{case.id}/release", {"to": "queue"})
    url = f"/customers/{case.customer}"
    assert (await house.get(url))["ban"] is None
    card = await house.post(f"{url}/ban", {"reason": "  спам "})
    assert card["ban"]["reason"] == "спам"
    row = await house.get(f"/conversations/{case.id}")
    assert (row["banned"], row["waiting_since"]) == (True, None)
    again = await house.post(f"{url}/ban", {"reason": "угрозы"})
    assert (again["ban"]["at"], again["ban"]["reason"]) == (card["ban"]["at"], "угрозы")
    sent = len(house.channel.sent)
    await house.says("купите слона")
    assert len(house.channel.sent) == sent
    assert (await house.get(f"/conversations/{case.id}"))["waiting_since"] is None
    assert (await house.post(f"{url}/unban"))["ban"] is None
    assert (await house.post(f"{url}/unban"))["ban"] is None
    assert (await house.get(f"/conversations/{case.id}"))["banned"] is False
    lines = (await house.get(f"/conversations/{case.id}/messages"))["items"]
    told = [line["event"] for line in lines if line["event"] and "ban" in line["event"]["code"]]
    assert [(one["code"], one["actor"], one["detail"]) for one in told] == [
        ("banned", "Anna", "спам"),
        ("unbanned", "Anna", ""),
    ]


async def test_a_ban_is_refused_with_a_reason(house) -> None:
    case = await house.says("один")
    url = f"/customers/{case.customer}"
    for verb in ("ban", "unban"):
        assert (await house.post(f"{url}/{verb}", {}, who="watcher", status=403))["code"] == "forbidden"
        assert (await house.post(f"/customers/nobody/{verb}", {}, status=404))["code"] == "not_found"
    long = await house.post(f"{url}/ban", {"reason": "x" * 201}, status=422)
    assert long["errors"] == [{"field": "reason", "code": "too_long"}]
    assert (await house.get(url))["ban"] is None
