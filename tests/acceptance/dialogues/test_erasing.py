"""One person is exported and erased: afterwards neither the store's bytes nor the files' hold a trace of him."""

import base64
import io
import json
import re
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from pymongo import AsyncMongoClient

from tests.shop import GROUP, Phone, Shop, open_shop, until

#: What must be nowhere: words, names, contacts and bytes of files that nobody else has.
NAME, WORD, SECRET, TOLD = "Аполлинария", "фиолетового", "крокодилами", "гиппопотама"
MAIL, PHONE, DIGITS = "apollinaria@zvezda.example", "8 912 345-67-89", "9123456789"
FILE = b"%PDF-1.7\n" + b"only-hers " * 50
THEIRS = b"%PDF-1.7\n" + b"for-her-alone " * 50


async def tells(shop: Shop) -> Phone:
    """A customer with words, contacts, files, an edition, a topic, a note, a tag and a rating's worth of traces."""
    phone = await shop.caller(f"{NAME} Ковалёва")
    first = await phone.say(f"хочу {WORD} слона, почта {MAIL}")
    await phone.say("мой телефон " + PHONE)
    await shop.ctl("POST", "/user/edit", {"user": phone.id, "message_id": first, "text": f"хочу {SECRET} и {MAIL}"})
    paper = {"base64": base64.b64encode(FILE).decode(), "name": f"{WORD}.pdf", "mime": "application/pdf"}
    await phone.say("", document=paper, caption=f"вот {WORD}")
    topic = await shop.topic(phone)
    await shop.topic_shows(topic, WORD)
    await shop.staff_says("mark", topic, f"про {WORD} думаем")
    await phone.gets("думаем")
    await answers(shop, phone)

    async def all_there() -> bool:
        lines = await shop.history(phone)
        told = " ".join(line["text"] for line in lines)
        return SECRET in told and any(line["attachments"] for line in lines if line["author"]["kind"] == "customer")

    await until(all_there, "words and files")
    await shop.quiet()
    return phone


async def answers(shop: Shop, phone: Phone) -> None:
    """What the desk does with her: a reply with a file, a note, a tag, her card."""
    case = (await shop.conversation(phone))["id"]
    form = aiohttp.FormData()
    form.add_field("file", THEIRS, filename="reply.pdf", content_type="application/pdf")
    headers = {"Authorization": f"Bearer {shop.tokens['elena']}"}
    async with shop.http.post(f"{shop.url}/api/v1/files", data=form, headers=headers) as kept:
        file = (await kept.json())["id"]
    reply = {"text": f"вашего {TOLD} нашли", "attachments": [{"file_id": file}], "force": True}
    await shop.http.post(
        f"{shop.url}/api/v1/conversations/{case}/messages", json=reply, headers=headers | {"Idempotency-Key": "once"}
    )
    await shop.api("POST", f"/conversations/{case}/messages", {"text": f"заметка: {TOLD}", "kind": "note"})
    customer = (await shop.conversation(phone))["customer"]["id"]
    await shop.api("PATCH", f"/customers/{customer}", {"note": f"любит {SECRET}", "company": TOLD, "tags": [WORD]})
    await phone.gets(TOLD)
    await unsaid(shop, case, headers)


async def unsaid(shop: Shop, case: str, headers: dict[str, str]) -> None:
    """What is written to her and not said yet: a draft, a planned and a canned reply filled for her; a view of her."""
    await shop.api("POST", "/views", {"name": f"От {MAIL}", "narrowing": {"tags": [f"{NAME} Ковалёва"]}}, status=201)
    draft = {"text": f"черновик про {TOLD}"}
    async with shop.http.put(f"{shop.url}/api/v1/conversations/{case}/draft", json=draft, headers=headers) as kept:
        assert kept.status == 200
    hello = {"title": "Привет", "text": "Здравствуйте, {{customer.name}}"}
    canned = await shop.api("POST", "/canned", hello, status=201)
    later = {"text": f"позже о {TOLD}", "send_at": (datetime.now(UTC) + timedelta(days=1)).isoformat()}
    for path, body in (
        (f"conversations/{case}/held", later),
        (f"canned/{canned['id']}/insert", {"conversation": case}),
    ):
        once = headers | {"Idempotency-Key": path}
        async with shop.http.post(f"{shop.url}/api/v1/{path}", json=body, headers=once) as answer:
            assert answer.ok, await answer.text()


def on_disk(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()]


async def traces(folder: Path, url: str) -> bytes:
    """Return all bytes there are: of the SQLite file, its log and the files, or of every document of a database."""
    found = on_disk(folder)
    if url.startswith("mongodb"):
        async with AsyncMongoClient(url) as client:
            database = client.get_default_database()
            for name in await database.list_collection_names():
                async for row in database[name].find({}):
                    found.append(repr(row).encode() + b"".join(v for v in row.values() if isinstance(v, bytes)))
    return b"\n".join(found)


def left_in(whole: bytes, phone: Phone) -> list[str]:
    stems = [NAME, WORD[:9], SECRET[:9], TOLD[:9], MAIL, "zvezda", DIGITS, "only-hers", "for-her-alone"]
    text = whole.decode("utf-8", "ignore").lower()
    found = [stem for stem in stems if any(form in text for form in spelled(stem))]
    return found + ([str(phone.id)] if re.search(rf"(?<!\d){phone.id}(?!\d)", text) else [])


def spelled(stem: str) -> list[str]:
    """A word as it may stand in a store: as it is, or as JSON escapes it, whatever its case."""
    escaped = [json.dumps(form).strip('"').lower() for form in (stem.lower(), stem.capitalize())]
    return [stem.lower(), *escaped]


async def erased_of(shop: Shop, folder: Path, url: str) -> None:
    phone, other = await tells(shop), await shop.caller("Борис Иванов")
    customer = (await shop.conversation(phone))["customer"]["id"]
    case = (await shop.conversation(phone))["id"]
    assert len(left_in(await traces(folder, url), phone)) == 10
    await shop.api("GET", f"/customers/{customer}/export", status=403)
    await shop.api("DELETE", f"/customers/{customer}", status=403)
    await exported(shop, customer)
    trace = await shop.api("DELETE", f"/customers/{customer}", who="admin")
    assert trace["by_hand"] == []
    assert (trace["conversations"], trace["files"]) == (1, 2)
    assert trace["updates"] >= 5
    assert left_in(await traces(folder, url), phone) == []
    for path in (f"/customers/{customer}", f"/conversations/{case}"):
        assert (await shop.api("GET", path, status=404))["code"] == "not_found"
    names = [topic["name"] for topic in (await shop.ctl("GET", f"/topics?group={GROUP}"))["items"]]
    assert [name for name in names if NAME in name] == []
    events = await shop.bridge.store.journal.page("customers", 9)
    assert [(event.action, event.actor, event.detail["files"]) for event in events] == [
        ("customer_erased", "op-admin", 2)
    ]
    # Who stays has lost nothing, and she may come again: as somebody nobody knows.
    assert (await shop.history(other))[0]["text"] == "позовите человека"
    await phone.say("это снова я")
    again = await shop.conversation(phone)
    card = await shop.api("GET", f"/customers/{again['customer']['id']}")
    assert (card["note"], card["company"], card["tags"], len(card["identities"])) == ("", "", [], 1)

    async def said() -> list[str]:
        return [line["text"] for line in await shop.history(phone) if line["author"]["kind"] == "customer"]

    assert await until(said) == ["это снова я"]


async def exported(shop: Shop, customer: str) -> None:
    headers = {"Authorization": "Bearer token-of-admin"}
    async with shop.http.get(f"{shop.url}/api/v1/customers/{customer}/export", headers=headers) as answer:
        assert answer.status == 200
        archive = zipfile.ZipFile(io.BytesIO(await answer.read()))
    inside = {name: archive.read(name) for name in archive.namelist()}
    whole = b"".join(inside.values()).decode("utf-8", "replace")
    assert [part for part in (NAME, SECRET, TOLD, MAIL, DIGITS) if part not in whole] == []
    assert sorted(body for name, body in inside.items() if name.startswith("files/")) == sorted([FILE, THEIRS])
    person = json.loads(inside["person.json"])
    assert [row["company"] for row in person["customers"]] == [TOLD]
    assert {row["kind"] for row in person["identities"]} == {"telegram", "email", "phone"}


async def test_nothing_of_a_person_is_left_in_an_sqlite_store(tmp_path: Path, library: Any, matcher: Any) -> None:
    async with open_shop(tmp_path, library, matcher) as shop:
        await erased_of(shop, tmp_path, "sqlite")


@pytest.mark.mongo
async def test_nothing_of_a_person_is_left_in_a_mongodb_store(
    tmp_path: Path, library: Any, matcher: Any, mongo_url: str
) -> None:
    async with open_shop(tmp_path, library, matcher, settings={"store": {"url": mongo_url}}) as shop:
        await erased_of(shop, tmp_path, mongo_url)
