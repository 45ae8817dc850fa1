"""Tables of customers, by the API: in by a form, in whatever letters; out so that nothing is run and all comes back."""

import csv
import io
import json
from dataclasses import replace
from datetime import timedelta

import aiohttp
import pytest

from bridge.model.operators import Role
from bridge.model.records import CustomerRules, CustomField, FieldKind
from bridge.people import exporting, importing, table
from bridge.people.exporting import Wanted
from bridge.people.importing import Import
from storage.memory import MemoryDocuments
from storage.repositories import Repositories
from storage.schema import ALL
from tests.serving import until

FIELDS = (
    CustomField("level", FieldKind.CHOICE, {"ru": "Уровень", "en": "Level"}, ("Новый", "Свой")),
    CustomField("born", FieldKind.DATE, {"ru": "День рождения", "en": "Birthday"}),
    CustomField("visits", FieldKind.NUMBER, {"ru": "Покупки", "en": "Visits"}),
    CustomField("vip", FieldKind.YES_NO, {"ru": "Особый", "en": "VIP"}),
)
TABLE = (
    "Код клиента;ФИО;Телефон;Почта;Метки;Уровень;День рождения;Покупки;Особый;Лишнее\r\n"
    'a1;Анна Ковалёва;8 912 345-67-89;anna@shop.example, a@shop.example;опт; чай;Свой;03.02.1990;"1 200,5";да;x\r\n'
).replace("опт; чай", '"опт; чай"')


@pytest.fixture
async def chief(house):
    """The house with fields of its own; Anna administers it."""
    object.__setattr__(house.bridge, "rules", CustomerRules(FIELDS))
    anna = await house.bridge.store.staff.operator(house.staff["anna"].id)
    await house.bridge.store.staff.replace(replace(anna, role=Role.ADMIN))
    return house


async def send(house, path: str, body: bytes, status: int, **query: str):
    form = aiohttp.FormData()
    form.add_field("file", body, filename="customers.csv", content_type="text/csv")
    answer = await house.call("POST", f"/customers/imports{path}", data=form, params=query)
    assert answer.status == status, await answer.text()
    return await answer.json()


async def bring(house, body: bytes, status: int = 202, **query: str):
    """Have a table taken over; returns what became of it, with the rows that were refused."""
    begun = await send(house, "", body, status, **query)
    if status != 202:
        return begun

    async def ended():
        found = await house.get(f"/customers/imports/{begun['id']}")
        return found if found["state"] == "done" else None

    steps = await until(ended), await house.bridge.store.customer_imports.steps(begun["id"], 0, 100)
    return steps[0] | {"errors": [fault for step in steps[1] for fault in step.bad]}


def said(report) -> tuple[int, ...]:
    return tuple(report[name] for name in ("new", "changed", "unchanged", "bad"))


@pytest.mark.parametrize(
    ("codec", "letters"),
    [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8 with BOM"), ("cp1251", "Windows-1251"), ("utf-16", "UTF-16")],
)
async def test_letters_and_delimiter_are_told_and_the_same_file_again_changes_nothing(chief, codec, letters) -> None:
    body = TABLE.encode(codec)
    seen = await send(chief, "/look", body, 200)
    assert (seen["letters"], seen["delimiter"]) == (letters, ";")
    assert said(await bring(chief, body, dry_run="true")) == (1, 0, 0, 0)
    targets = {column["heading"]: column["to"] for column in seen["columns"]}
    assert (targets["ФИО"], targets["Уровень"], targets["Лишнее"]) == ("name", "field.level", None)
    assert seen["columns"][1]["values"] == ["Анна Ковалёва"]
    assert (await chief.get("/customers", params={"q": "ковалёва"}))["items"] == []
    assert said(await bring(chief, body)) == (1, 0, 0, 0)
    assert said(await bring(chief, body)) == (0, 0, 1, 0)
    (anna,) = (await chief.get("/customers", params={"q": "ковалёва"}))["items"]
    assert anna["fields"] == {"level": "Свой", "born": "1990-02-03", "visits": 1200.5, "vip": True}
    assert anna["tags"] == ["опт", "чай"]
    assert {(each["channel"], each["proved"]) for each in anna["identities"]} == {
        ("user_id", True),
        ("email", False),
        ("phone", False),
    }
    changed = body.decode(codec).replace("Ковалёва", "Белова").encode(codec)
    assert said(await bring(chief, changed)) == (0, 1, 0, 0)
    assert (await chief.get(f"/customers/{anna['id']}"))["name"] == "Анна Белова"


async def test_bad_rows_are_named_and_the_others_taken(chief) -> None:
    rows = ["external_id,name,email,Level,Visits", "b1,Борис,boris@,Новый,1", "b2,Ольга,,Старый,много", ",Никто,,,"]
    rows += ["b3,Иван,ivan@shop.example,Новый,3", "b4,a,b,c,d,e", 'b3,"Иван ', 'Петров",,,']
    report = await bring(chief, "\n".join(rows).encode())
    assert said(report) == (1, 1, 0, 4)
    assert [(each.line, each.column, each.code) for each in report["errors"]] == [
        (2, "email", "invalid"),
        (3, "field.level", "unknown_value"),
        (3, "field.visits", "invalid"),
        (4, "external_id", "required"),
        (6, "row", "too_many_cells"),
        (6, "email", "invalid"),
        (6, "field.level", "unknown_value"),
        (6, "field.visits", "invalid"),
    ]
    (ivan,) = (await chief.get("/customers", params={"q": "Иван"}))["items"]
    assert ivan["name"] == "Иван \nПетров"
    for body, code in ((b"", "empty"), (b"\x98\x98,\xff", "not_text"), (b"\n \n", "no_headings")):
        assert (await bring(chief, body, 422))["errors"] == [{"field": "file", "code": code}]
    for mapping, code in (({"x": "name"}, "unknown_heading"), ({"a": "x"}, "unknown_column"), (7, "invalid")):
        wrong = await bring(chief, b"a,b\n1,2", 422, map=json.dumps(mapping))
        assert wrong["errors"] == [{"field": "map", "code": code}]
    mapped = await bring(chief, b"a|b\nz1|Zoe\n", map=json.dumps({"A": "external_id", "b": "name"}), delimiter="|")
    assert said(mapped) == (1, 0, 0, 0)
    assert said(await bring(chief, b"a|name\nz1|Zoe\nz2|Zed", map='{"a": "external_id"}', from_line="3")) == (
        1,
        0,
        0,
        0,
    )


async def test_what_goes_out_is_run_by_nobody_and_comes_back_as_it_was(chief) -> None:
    case = await chief.says("Здравствуйте", name="=1+1")
    note = '=HYPERLINK("http://x")\n"и, так;"'
    await chief.patch(f"/customers/{case.customer}", {"note": note, "company": "@SUM(1)", "phone": "8 912 345-67-89"})
    await bring(chief, b"external_id,name\nc1,'=2\n")
    answer = await chief.call("GET", "/customers/export", params={"bom": "true", "delimiter": ";"})
    body = await answer.read()
    assert answer.status == 200
    assert body.startswith(b"\xef\xbb\xbf")
    found = {row["id"]: row for row in csv.DictReader(io.StringIO(body.decode("utf-8-sig")), delimiter=";")}
    row = found[case.customer]
    assert (row["name"], row["company"], row["note"], row["phone"]) == (
        "'=1+1",
        "'@SUM(1)",
        f"'{note}",
        "'+79123456789",
    )
    assert sorted(each["name"] for each in found.values()) == ["'=1+1", "'=2"]
    assert not any(cell[:1] in ("=", "+", "-", "@") for each in found.values() for cell in each.values())
    assert said(await bring(chief, body)) == (0, 0, 2, 0)
    assert (await chief.get(f"/customers/{case.customer}"))["note"] == note
    for text in ("'=1", "''=1", "'", "a=1", "-", "\t=1", "'\tb", " +7", "＝1"):
        assert table.plain(table.safe(text)) == text
        assert table.safe(text)[:1] not in ("=", "+", "-", "@", "\t", "＝")
    assert (await chief.call("GET", "/customers/export", who="watcher")).status == 403


async def test_some_go_out_by_what_is_asked_and_come_into_another_house_as_they_were(chief) -> None:
    old = chief.clock.now() - timedelta(days=400)
    await bring(chief, f"{TABLE}a2;Борис;;;;;;;;\r\n".encode())
    case = await chief.says("Здравствуйте", name="Анна Писала")
    await chief.patch(f"/customers/{case.customer}", {"tags": ["ОПТ", "Особые"], "company": "Кедр и Ко"})
    people = chief.bridge.store.people
    (boris,) = await people.search("Борис", 5)
    await people.add_customer(replace(boris, id="other", name="Давний", created_at=old, company="Кедр", version=0))

    async def out(**query: str) -> str:
        answer = await chief.call("GET", "/customers/export", params=query)
        assert answer.status == 200, await answer.text()
        return await answer.text()

    async def names(**query: str) -> list[str]:
        return sorted(row["name"] for row in csv.DictReader(io.StringIO(await out(**query))))

    since = (chief.clock.now() - timedelta(days=1)).isoformat()
    assert await names() == ["Анна Ковалёва", "Анна Писала", "Борис", "Давний"]
    assert await names(q="анна") == ["Анна Ковалёва", "Анна Писала"]
    assert await names(q="anna@shop.example") == await names(tag="чай") == ["Анна Ковалёва"]
    assert await names(tag="опт") == ["Анна Ковалёва", "Анна Писала"]
    assert await names(tag="опт", q="писала") == await names(company="кедр и ко") == ["Анна Писала"]
    assert await names(channel=case.channel) == await names(active_since=since) == ["Анна Писала"]
    assert await names(created_since=since) == ["Анна Ковалёва", "Анна Писала", "Борис"]
    assert await names(created_since=since, tag="опт", channel="другой") == await names(q="№") == []
    events = await chief.bridge.store.journal.page("customers", 1)
    assert events[0].detail == {"by": ["q"]}
    assert (await chief.call("GET", "/customers/export", params={"active_since": "вчера"})).status == 422
    some = await out(tag="опт", q="ковалёва")
    (anna,) = await people.search("ковалёва", 5)
    documents, table_of_anna = MemoryDocuments(), io.BytesIO(some.replace(anna.id, "").encode())
    await documents.open(ALL)
    other = replace(chief.bridge, store=Repositories(documents, chief.clock))
    counts = await importing.take_for(other, "system", Import(table_of_anna, importing.look(other, table_of_anna, {})))
    assert (counts.new, counts.bad) == (1, 0)
    again = "".join([lines async for lines in exporting.export_for(other, "system", wanted=Wanted(tag="ОПТ"))])
    (there,) = await other.store.people.search("ковалёва", 5)
    assert again.replace(there.id, anna.id) == some
