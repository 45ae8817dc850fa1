"""Tables of customers taken over beside the requests: how far they are, what was refused, stopping and undoing them."""

import asyncio
import csv
import io
from contextlib import suppress
from dataclasses import replace
from typing import Any

import aiohttp
import pytest

from bridge.model.imports import ImportState
from bridge.model.operators import Role
from bridge.people import importing
from bridge.people.importing import Import
from tests.serving import until

HEAD = "external_id,name,email,note\n"


@pytest.fixture
async def chief(house: Any) -> Any:
    """The house; Anna administers it."""
    anna = await house.bridge.store.staff.operator(house.staff["anna"].id)
    await house.bridge.store.staff.replace(replace(anna, role=Role.ADMIN))
    return house


async def send(house: Any, path: str, body: str, status: int, who: str = "anna", **query: str) -> Any:
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("file", body.encode(), filename="люди.csv", content_type="text/csv")
    answer = await house.call("POST", f"/customers/imports{path}", who=who, data=form, params=query)
    assert answer.status == status, await answer.text()
    return await answer.json()


async def ended(house: Any, one: Any) -> Any:
    """Return an import once it is neither running nor being undone."""

    async def look() -> Any:
        found = await house.get(f"/customers/imports/{one['id']}")
        return found if found["state"] not in ("running", "undoing") else None

    return await until(look)


async def names(house: Any) -> dict[str, str]:
    found = (await house.get("/customers/list"))["items"]
    return {each["customer"]["name"]: each["customer"]["note"] for each in found}


async def test_a_table_is_looked_into_counted_taken_over_and_its_refused_rows_are_a_file(chief: Any) -> None:
    body = HEAD + "a1,Анна,anna@shop.example,\na2,Борис,boris@,\n,Никто,,\na3,Вера,,\n"
    seen = await send(chief, "/look", body, 200)
    assert (seen["letters"], seen["delimiter"]) == ("UTF-8", ",")
    assert [(each["to"], each["values"][:1]) for each in seen["columns"][:2]] == [
        ("external_id", ["a1"]),
        ("name", ["Анна"]),
    ]
    tried = await ended(chief, await send(chief, "", body, 202, dry_run="true"))
    assert (tried["new"], tried["bad"], tried["codes"], await names(chief)) == (2, 2, {"invalid": 1, "required": 1}, {})
    done = await ended(chief, await send(chief, "", body, 202))
    assert [done[name] for name in ("state", "name", "new", "bad", "share")] == ["done", "люди.csv", 2, 2, 1.0]
    assert sorted(await names(chief)) == ["Анна", "Вера"]
    answer = await chief.call("GET", f"/customers/imports/{done['id']}/report")
    rows = list(csv.reader(io.StringIO((await answer.read()).decode("utf-8-sig")), delimiter=";"))
    assert rows[1:] == [
        ["3", "Почта", "такого значения быть не может"],
        ["4", "Код клиента в магазине", "нет кода клиента"],
    ]
    listed = (await chief.get("/customers/imports"))["items"]
    assert [each["id"] for each in listed] == [done["id"], tried["id"]]


async def test_undoing_takes_back_what_nobody_changed_since(chief: Any) -> None:
    case = await chief.says("Здравствуйте", name="Давний")
    await chief.patch(f"/customers/{case.customer}", {"note": "старая", "company": "Кедр"})
    known = f"id,external_id,name,note\n{case.customer},o1,Новый,новая\n,b1,Анна,\n,b2,Борис,\n,b1,Анна,позже\n"
    done = await ended(chief, await send(chief, "", known, 202))
    assert (done["new"], done["changed"]) == (2, 2)
    boris = next(each for each in (await chief.get("/customers", params={"q": "Борис"}))["items"])
    await chief.patch(f"/customers/{boris['id']}", {"note": "звонил сам"})
    await chief.patch(f"/customers/{case.customer}", {"note": "правка"})
    undone = await ended(chief, await chief.post(f"/customers/imports/{done['id']}/undo", status=202))
    assert [undone[name] for name in ("state", "removed", "restored", "kept")] == ["undone", 1, 1, 2]
    assert await names(chief) == {"Давний": "правка", "Борис": "звонил сам"}
    card = await chief.get(f"/customers/{case.customer}")
    assert (card["company"], [each["channel"] for each in card["identities"]]) == ("Кедр", ["telegram"])
    assert (await chief.get("/conversations"))["items"][0]["customer"]["name"] == "Давний"
    again = await chief.post(f"/customers/imports/{done['id']}/undo", status=409)
    assert again["code"] == "undone"
    assert (await ended(chief, await send(chief, "", known, 202)))["new"] == 1  # Boris is known by his number


async def test_one_that_was_cut_off_is_gone_on_with_and_makes_nobody_twice(chief: Any) -> None:
    body = HEAD + "".join(f"c{n},Имя {n},c{n}@shop.example,\n" for n in range(2500))
    bridge, begun = chief.bridge, asyncio.Event()

    def asked() -> Import:
        file = io.BytesIO(body.encode())
        return Import(file, importing.look(bridge, file, {}), told=lambda row: begun.set(), size=len(body.encode()))

    row = await importing.begin(bridge, "system", asked())
    task = asyncio.create_task(importing.run(bridge, row, asked()))
    await begun.wait()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    cut = await chief.get(f"/customers/imports/{row.id}")
    assert (cut["state"], cut["new"] in (0, 1000, 2000)) == ("stopped", True)
    done = await importing.take_for(bridge, "system", asked())
    assert done.new + done.unchanged == 2500
    everybody, after = [], None
    while portion := await bridge.store.people.since(None, after, 1000):
        everybody += portion
        after = portion[-1]
    owned = await bridge.store.people.identities_of([each.id for each in everybody])
    assert (len(everybody), {len(each) for each in owned.values()}) == (2500, {2})
    left = await importing.begin(bridge, "system", asked())  # its process dies before the first row
    assert (await chief.post(f"/customers/imports/{left.id}/undo", status=409))["code"] == "running"
    chief.clock.shift += importing.LEFT * 2
    assert (await chief.get(f"/customers/imports/{left.id}"))["state"] == "interrupted"
    stopped = await chief.post(f"/customers/imports/{left.id}/stop")
    assert stopped["state"] == ImportState.STOPPED
    assert (await chief.post(f"/customers/imports/{left.id}/stop", status=409))["code"] == "ended"


async def test_bad_input_is_a_problem_and_nobody_but_an_administrator_may(chief: Any) -> None:
    for body, field, code, query in (
        ("", "file", "empty", {}),
        ("\n \n", "file", "no_headings", {}),
        ("a,b\n1,2", "map", "twice", {"map": '{"a": "name", "b": "name"}'}),
        ("a,b\n1,2", "map", "unknown_heading", {"map": '{"x": "name"}'}),
        ("a,b\n1,2", "map", "unknown_column", {"map": '{"a": "x"}'}),
        ("a,b\n1,2", "map", "bad_json", {"map": "{"}),
        ("a,b\n1,2", "delimiter", "invalid", {"delimiter": "ab"}),
    ):
        for path in ("/look", ""):
            refused = await send(chief, path, body, 422, **query)
            assert refused["errors"] == [{"field": field, "code": code}]
    torn = 'external_id,name\nd1,Дина\nd2,"' + "без конца " * 20_000
    failed = await ended(chief, await send(chief, "", torn, 202))
    assert (failed["state"], failed["reason"].split()[-1], failed["name"]) == ("failed", "bad_csv", "люди.csv")
    assert (await chief.call("GET", "/customers/imports/none")).status == 404
    for method, path in (("GET", ""), ("GET", "/x"), ("GET", "/x/report"), ("POST", "/x/stop"), ("POST", "/x/undo")):
        assert (await chief.call(method, f"/customers/imports{path}", who="watcher")).status == 403
    await send(chief, "/look", HEAD, 403, who="watcher")
    await send(chief, "", HEAD, 403, who="watcher")
    await ended(chief, await send(chief, "", HEAD + "d1,Дина,,\ne1,Вера,,\n", 202))
    masked = await chief.call("GET", "/customers/list", who="watcher", params={"q": "Дина"})
    assert masked.status == 200
    assert (await masked.json())["total"] is None
    pages = await chief.get("/customers/list", params={"sort": "name", "limit": "1"})
    assert (pages["total"], pages["items"][0]["customer"]["name"]) == (2, "Вера")
    after = await chief.get("/customers/list", params={"sort": "name", "limit": "1", "cursor": pages["next"]})
    assert (after["total"], after["next"], after["items"][0]["customer"]["name"]) == (None, None, "Дина")
    assert (await chief.call("GET", "/customers/list", params={"sort": "age"})).status == 422
    assert (await chief.call("GET", "/customers/list", params={"cursor": "x"})).status == 422
