"""Files into the knowledge base and back by the API: a dry run, broken rows, undo, the round trip."""

import base64
import io
import json
import zipfile
from typing import Any

import pytest

FORMATS = ("jsonl", "csv", "markdown")


def lines(*rows: dict[str, Any]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


async def bring(house: Any, text: str, status: int = 200, who: str = "writer", **more: Any) -> Any:
    return await house.post("/kb/import", {"format": "jsonl", "text": text} | more, who=who, status=status)


async def everything(house: Any) -> dict[str, Any]:
    left = ("version", "edition", "signed", "updated_at", "created_at")
    rows = (await house.get("/articles", params={"limit": "100"}))["items"]
    return {row["id"]: {name: value for name, value in row.items() if name not in left} for row in rows}


async def test_a_dry_run_tells_what_would_become_of_each_row_and_writes_nothing(house: Any) -> None:
    before = await everything(house)
    text = lines(
        {"id": "new", "title": "Новая", "questions": ["когда привезут заказ"], "answer": "Да"},
        {"id": "return", "answer": "Иначе"},
        {"id": "delivery", "title": "Сколько идёт доставка"},
        {"id": "bad", "title": ""},
        {"id": "new", "title": "Опять"},
    )
    report = await bring(house, text, name="база.jsonl", dry_run=True)
    assert {name: report[name] for name in ("id", "new", "changed", "unchanged", "broken")} == {
        "id": None,
        "new": 1,
        "changed": 1,
        "unchanged": 1,
        "broken": 2,
    }
    items = {item["place"]: item for item in report["items"]}
    assert items["база.jsonl:2"]["fields"] == ["answer"]
    assert [(each["field"], each["code"]) for each in items["база.jsonl:4"]["errors"]] == [
        ("title", "required"),
        ("questions", "required"),
    ]
    assert items["база.jsonl:5"]["errors"] == [{"field": "id", "code": "twice"}]
    shared = [(each["field"], each["code"], each["article"]) for each in items["база.jsonl:1"]["flags"]]
    assert ("questions.0", "in_another", "delivery") in shared
    assert await everything(house) == before
    assert (await house.get("/kb/imports", who="writer"))["items"] == []


async def test_broken_rows_refuse_all_by_their_places_unless_they_are_to_be_skipped(house: Any) -> None:
    text = lines({"id": "fine", "title": "Да", "answer": "Да"}) + "{\n"
    refused = await bring(house, text, 422)
    assert refused["errors"] == [{"field": "articles:2.row", "code": "bad_json"}]
    assert "fine" not in await everything(house)
    report = await bring(house, text, skip_broken=True)
    assert (report["new"], report["broken"]) == (1, 1)
    assert "fine" in await everything(house)


async def test_what_was_imported_is_matched_at_once_and_undone_as_a_whole(house: Any) -> None:
    before = await everything(house)
    text = lines(
        {"id": "slon", "title": "Слоны", "questions": ["почём слоны"], "answer": "Дорого"},
        {"id": "return", "answer": "Иначе", "tags": ["осень"]},
    )
    report = await bring(house, text)
    said = await house.post("/kb/match", {"text": "почём слоны"})
    assert (said["decision"], said["ranked"][0]["article_id"]) == ("answer", "slon")
    (listed,) = (await house.get("/kb/imports", who="writer"))["items"]
    assert (listed["id"], listed["articles"], listed["undone"]) == (report["id"], 2, None)
    undone = await house.post(f"/kb/imports/{report['id']}/undo", who="chief")
    assert undone == {"removed": 1, "restored": 1, "left": []}
    assert await everything(house) == before
    assert (await house.post("/kb/match", {"text": "почём слоны"}))["decision"] != "answer"
    assert (await house.get("/kb/imports", who="writer"))["items"][0]["undone"]["name"] == "Chief"
    again = await house.post(f"/kb/imports/{report['id']}/undo", who="chief", status=422)
    assert again["errors"] == [{"field": "id", "code": "undone"}]
    await house.post("/kb/imports/none/undo", who="chief", status=404)


async def test_what_was_changed_since_is_left_by_the_undo(house: Any) -> None:
    report = await bring(house, lines({"id": "return", "answer": "Из файла"}, {"id": "x", "title": "Икс"}))
    await house.patch("/articles/return", {"answer": "Рукой"}, who="boss")
    undone = await house.post(f"/kb/imports/{report['id']}/undo", who="writer")
    assert undone == {"removed": 1, "restored": 0, "left": ["return"]}
    assert (await house.get("/articles/return"))["answer"] == "Рукой"


@pytest.mark.parametrize("form", FORMATS)
async def test_an_export_comes_back_without_loss(house: Any, form: str) -> None:
    body = {
        "id": "whole",
        "title": "=Полная, статья",
        "questions": ["как, так?", "[срочно]"],
        "answer": "Первая\n\n---\nвторая",
        "lang": "ru",
        "tags": ["a, b", "vip"],
        "variants": [{"answer": "Hi", "channel": "vk", "lang": "en", "buttons": [{"text": "Call"}]}],
        "buttons": [{"text": "Ещё", "article": "return"}, {"text": "Сайт", "url": "https://shop.example"}],
        "valid_until": "2030-01-01T00:00:00Z",
        "state": "draft",
    }
    await house.post("/articles", body, who="writer", status=201)
    before = await everything(house)
    response = await house.call("GET", f"/kb/export?format={form}", "anna")
    assert response.status == 200
    exported = await response.read()
    if form == "markdown":
        again: dict[str, Any] = {"archive": base64.b64encode(exported).decode()}
    else:
        again = {"text": exported.decode()}
    report = await house.post("/kb/import", {"format": form, "dry_run": True} | again, who="writer")
    assert (report["unchanged"], report["new"], report["changed"], report["broken"]) == (3, 0, 0, 0)
    for id in before:
        assert (await house.call("DELETE", f"/articles/{id}", "writer")).status == 204
    await house.post("/kb/import", {"format": form} | again, who="writer")
    assert await everything(house) == before


async def test_who_may_import(house: Any) -> None:
    for who in ("anna", "watcher"):
        await bring(house, lines({"id": "x", "title": "x"}), 403, who=who, dry_run=True)
        await house.get("/kb/imports", who=who, status=403)


def packed(**files: bytes) -> str:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, body in files.items():
            made.writestr(f"{name}.md", body)
    return base64.b64encode(out.getvalue()).decode()


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "text", "one_of"),
        ({"text": "", "archive": ""}, "text", "one_of"),
        ({"archive": "нет"}, "archive", "broken"),
        ({"archive": base64.b64encode(b"PK").decode()}, "archive", "broken"),
        ({"archive": packed(a="Привет".encode("cp1251"))}, "archive", "not_utf8"),
        ({"archive": packed(a=bytes(65 << 20))}, "archive", "too_large"),
    ],
)
async def test_what_is_no_file_is_refused(house: Any, body: Any, field: str, code: str) -> None:
    refused = await house.post("/kb/import", {"format": "markdown"} | body, who="writer", status=422)
    assert {"field": field, "code": code} in refused["errors"]
