"""What the team keeps of a customer beside his name, by the API: own fields, company, tags."""

from dataclasses import replace

import pytest

from bridge.model.records import CustomerRules, CustomField, FieldKind

FIELDS = (
    CustomField("born", FieldKind.DATE, {"ru": "День рождения", "en": "Birthday"}),
    CustomField("visits", FieldKind.NUMBER, {"ru": "Покупки", "en": "Visits"}),
    CustomField("level", FieldKind.CHOICE, {"ru": "Уровень", "en": "Level"}, ("Новый", "Постоянный")),
    CustomField("vip", FieldKind.YES_NO, {"ru": "Особый", "en": "VIP"}),
    CustomField("site", FieldKind.LINK, {"ru": "Сайт", "en": "Site"}),
    CustomField("about", FieldKind.TEXT, {"ru": "О нём", "en": "About"}),
)


@pytest.fixture
def ruled(house):
    """The house with fields of its own."""
    object.__setattr__(house.bridge, "rules", CustomerRules(FIELDS))
    return house


async def test_fields_are_typed_and_change_one_by_one(ruled) -> None:
    defined = (await ruled.get("/customers/fields"))["items"]
    assert [(each["key"], each["kind"]) for each in defined] == [(each.key, each.kind.value) for each in FIELDS]
    assert (defined[2]["name"], defined[2]["choices"]) == ("Уровень", ["Новый", "Постоянный"])
    case = await ruled.says("Здравствуйте")
    url = f"/customers/{case.customer}"
    given = {
        "born": "03.02.1990",
        "visits": 2,
        "level": "Новый",
        "vip": True,
        "site": "https://shop.example/a",
        "about": "чай",
    }
    card = await ruled.patch(url, {"fields": given, "company": " Кедр  и Ко ", "tags": ["опт", "ОПТ", "чай"]})
    assert card["fields"] == given | {"born": "1990-02-03"}
    assert (card["company"], card["tags"]) == ("Кедр и Ко", ["ОПТ", "чай"])
    card = await ruled.patch(url, {"fields": {"visits": None, "vip": False}})
    assert card["fields"] == {key: value for key, value in given.items() if key != "visits"} | {
        "born": "1990-02-03",
        "vip": False,
    }


async def test_what_is_no_value_of_a_field_is_named_and_nothing_changes(ruled) -> None:
    case = await ruled.says("Здравствуйте")
    url = f"/customers/{case.customer}"
    card = await ruled.get(url)
    wrong = {
        "born": "31.02.1990",
        "visits": True,
        "level": "Старый",
        "vip": "да",
        "site": "javascript:alert(1)",
        "about": " ",
        "zip": 1,
    }
    problem = await ruled.patch(url, {"fields": wrong, "name": "x"}, status=422)
    assert {each["field"]: each["code"] for each in problem["errors"]} == {
        **{f"fields.{key}": "invalid" for key in wrong},
        "fields.level": "unknown_value",
        "fields.zip": "unknown",
    }
    assert await ruled.get(url) == card
    for body, code in (
        ({"tags": ["а;б"]}, "invalid"),
        ({"tags": ["x" * 41]}, "too_long"),
        ({"company": None}, "invalid"),
    ):
        assert (await ruled.patch(url, body, status=422))["errors"][0]["code"] == code


async def test_a_value_whose_field_is_gone_is_shown_and_can_be_taken_away(ruled) -> None:
    case = await ruled.says("Здравствуйте")
    url = f"/customers/{case.customer}"
    await ruled.patch(url, {"fields": {"about": "чай"}})
    object.__setattr__(ruled.bridge, "rules", CustomerRules())
    assert (await ruled.get(url))["fields"]["about"] == "чай"
    assert "about" not in (await ruled.patch(url, {"fields": {"about": None}}))["fields"]


async def test_contacts_are_masked_for_who_may_not_read_them(house) -> None:
    one, other = await house.says("мой номер 8 912 345-67-89"), await house.says("+7 912 345-67-89", chat="200")
    for who, phone, line in (
        ("anna", "+79123456789", "+7 912 345-67-89"),
        ("watcher", "+7••••••••89", "+7 ••• •••-••-89"),
    ):
        card = await house.get(f"/customers/{one.customer}", who=who)
        assert [each["phone"] for each in card["identities"] if each["channel"] == "phone"] == [phone]
        assert [each["because"]["value"] for each in card["candidates"]] == [phone]
        (found, *_) = (await house.get("/customers", who=who))["items"]
        assert {each.get("phone") for each in found["identities"]} == {None, phone}
        for path in (f"/conversations/{one.id}/messages", f"/customers/{one.customer}/messages"):
            lines = (await house.get(path, who=who))["items"]
            assert [each["event"]["detail"] for each in lines if each["event"]] == [line], path
            assert lines[0]["text"] == ("мой номер 8 912 345-67-89" if who == "anna" else "мой номер 8 ••• •••-••-89")
        row = (await house.get(f"/conversations/{one.id}", who=who))["last_said"]
        assert ("345" in row["text"]) is (who == "anna")
    assert other.id != one.id


async def test_differences_are_chosen_from_and_parting_gives_back_what_was_taken(ruled) -> None:
    one, other = await ruled.says("один"), await ruled.says("два", chat="200", name="Аня К.")
    mine, theirs = f"/customers/{one.customer}", f"/customers/{other.customer}"
    own = {"company": "Кедр", "note": "после 18", "tags": ["опт"], "fields": {"level": "Новый", "visits": 2}}
    given = {"company": "ИП К.", "note": "не звонить", "tags": ["чай"], "fields": {"level": "Постоянный", "vip": True}}
    await ruled.patch(mine, own)
    apart = await ruled.patch(theirs, given)
    found = (await ruled.get(f"{mine}/differences", params={"other": other.customer}))["items"]
    assert {each["field"]: each["kept"] for each in found} == {
        "name": "this",
        "company": "this",
        "note": "both",
        "tags": "both",
        "fields.level": "this",
    }
    assert next(each for each in found if each["field"] == "company")["other"] == "ИП К."
    for keep, code in ({"age": "this"}, "unknown"), ({"company": "both"}, "invalid"):
        wrong = await ruled.post(f"{mine}/link", {"other": other.customer, "keep": keep}, status=422)
        assert wrong["errors"] == [{"field": f"keep.{next(iter(keep))}", "code": code}]
    keep = {"name": "other", "company": "other", "fields.level": "other"}
    joined = await ruled.post(f"{mine}/link", {"other": other.customer, "keep": keep})
    assert (joined["id"], joined["name"], joined["company"]) == (one.customer, "Аня К.", "ИП К.")
    assert (joined["note"], joined["tags"]) == ("после 18\n\nне звонить", ["опт", "чай"])
    assert joined["fields"] == {"level": "Постоянный", "visits": 2, "vip": True}
    assert (await ruled.get(f"/conversations/{one.id}"))["customer"]["name"] == "Аня К."
    assert "чай" in (await ruled.get("/customers/tags"))["items"]
    await ruled.patch(mine, {"tags": ["опт", "чай", "свой"], "fields": {"level": "Новый"}})
    parted = await ruled.post(f"{mine}/unlink", {"other": other.customer})
    assert {key: parted[key] for key in own} == own | {"tags": ["опт", "свой"]}
    assert parted["name"] == "Игорь Белов"
    assert (await ruled.get(f"/conversations/{one.id}"))["customer"]["name"] == "Игорь Белов"
    assert {key: (await ruled.get(theirs))[key] for key in ("name", *given)} == {
        key: apart[key] for key in ("name", *given)
    }


async def test_where_he_lives_where_he_is_answered_and_what_he_sent(ruled) -> None:
    case = await ruled.says("Здравствуйте")
    url = f"/customers/{case.customer}"
    card = await ruled.patch(url, {"phone": "+7 843 200-00-00"})
    assert (card["time_zone"], card["local_time_zone"]) == ("", "Europe/Moscow")
    assert card["ways"] == [
        {"channel": "telegram", "external_id": "100", "conversation_id": case.id, "fault": "", "reason_text": None}
    ]
    assert (await ruled.patch(url, {"time_zone": "Asia/Omsk"}))["local_time_zone"] == "Asia/Omsk"
    wrong = await ruled.patch(url, {"time_zone": "Луна"}, status=422)
    assert wrong["errors"] == [{"field": "time_zone", "code": "invalid"}]
    chat = await ruled.bridge.store.people.chat("telegram", "100")
    await ruled.bridge.store.people.replace_chat(replace(chat, unreachable="blocked"))
    (way,) = (await ruled.get(url))["ways"]
    assert (way["fault"], way["reason_text"]) == ("closed", "клиент заблокировал бота")
    assert (await ruled.get(f"{url}/files")) == {"items": [], "next": None}
    stale = await ruled.get(url)
    await ruled.patch(url, {"note": "чай"}, headers={"If-Match": str(stale["version"])})
    late = await ruled.patch(url, {"note": "кофе"}, status=409, headers={"If-Match": str(stale["version"])})
    assert late["code"] == "version"
