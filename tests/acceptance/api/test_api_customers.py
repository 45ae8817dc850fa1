"""What the team keeps of a customer beside his name, by the API: own fields, company, tags."""

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
    assert other.id != one.id
