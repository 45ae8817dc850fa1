"""Files in VK both ways: fetched by their direct links, uploaded by vk_api in a thread."""

import base64
from typing import Any

import pytest

from tests.community import Community, Person
from tests.files import OGG, PDF, download, picture, upload

PHOTO = picture(200, 150, "PNG")


def given(body: bytes, name: str = "", mime: str = "") -> dict[str, str]:
    return {"base64": base64.b64encode(body).decode(), "name": name, "mime": mime}


async def asks_for_a_person(shop: Any, community: Community) -> tuple[Person, str]:
    anna = await community.person()
    await anna.say("позовите человека")
    return anna, (await shop.stage(anna, "waiting"))["id"]


async def bytes_of(community: Community, file: dict[str, Any]) -> bytes:
    async with community.http.get(f"{community.base}/ctl/file/{file['id']}") as answer:
        return bytes(await answer.read())


@pytest.mark.parametrize(
    ("kind", "body", "name", "mime"),
    [
        ("photo", PHOTO, "", "image/png"),
        ("document", PDF, "счёт № 7.pdf", "application/pdf"),
        ("voice", OGG, "", "audio/ogg"),
    ],
)
async def test_a_customers_file_is_fetched_and_kept(
    vk_shop: Any, community: Community, until: Any, kind: str, body: bytes, name: str, mime: str
) -> None:
    anna, _ = await asks_for_a_person(vk_shop, community)
    await anna.say("", **{kind: given(body, name, mime)})

    async def line() -> Any:
        lines = [m for m in await vk_shop.history(anna) if m["author"]["kind"] == "customer" and m["attachments"]]
        return lines[-1] if lines else None

    (file,) = (await until(line))["attachments"]
    assert (file["kind"], file["reason"]) == (kind, None)
    assert file["name"] == name or kind != "document"
    assert await download(vk_shop, file["url"]) == body


async def test_an_album_is_one_message_with_all_its_pictures(vk_shop: Any, community: Community, until: Any) -> None:
    anna, _ = await asks_for_a_person(vk_shop, community)
    await anna.say("мои стулья", album=[given(picture(60 + side, 40), "", "image/png") for side in range(3)])

    async def line() -> Any:
        return next((m for m in await vk_shop.history(anna) if len(m["attachments"]) == 3), None)

    assert (await until(line))["text"] == "мои стулья"


async def test_an_operator_answers_with_a_photo_a_paper_and_a_voice(
    vk_shop: Any, community: Community, until: Any
) -> None:
    anna, id = await asks_for_a_person(vk_shop, community)
    files = [
        {"file_id": await upload(vk_shop, body, name)}
        for body, name in ((PHOTO, "стул.png"), (PDF, "счёт.pdf"), (OGG, "голос.ogg"))
    ]
    body = {"text": "Вот фото и счёт", "kind": "reply", "attachments": files}
    await vk_shop.api("POST", f"/conversations/{id}/messages", body)
    together = await anna.gets("Вот фото и счёт")
    assert [(file["kind"], file["name"]) for file in together["files"]][1] == ("document", "счёт.pdf")
    assert [await bytes_of(community, file) for file in together["files"]] == [PHOTO, PDF]

    async def voice() -> Any:
        return next((m for m in await anna.sees() if m["kind"] == "voice"), None)

    assert await bytes_of(community, (await until(voice))["files"][0]) == OGG
    await vk_shop.quiet()
    said = (await vk_shop.history(anna))[-1]
    assert said["delivery"]["state"] == "sent"


async def test_a_voice_and_a_photo_of_the_customer_reach_the_topic(
    vk_shop: Any, community: Community, until: Any
) -> None:
    anna, _ = await asks_for_a_person(vk_shop, community)
    topic = await vk_shop.topic(anna)
    await anna.say("", photo=given(PHOTO, "", "image/png"))

    async def shown() -> Any:
        return next((m for m in await vk_shop.in_topic(topic) if m["kind"] == "photo"), None)

    await until(shown)


@pytest.mark.parametrize("fault", ["reset", "502html", "wrong_hash"])
async def test_an_upload_that_stumbles_is_tried_again(vk_shop: Any, community: Community, fault: str) -> None:
    anna, id = await asks_for_a_person(vk_shop, community)
    where = {} if fault == "wrong_hash" else {"method": "upload"}
    await community.fault(fault, count=1, **where)
    file = await upload(vk_shop, PHOTO, "стул.png")
    body = {"text": "Вот фото", "kind": "reply", "attachments": [{"file_id": file}]}
    await vk_shop.api("POST", f"/conversations/{id}/messages", body)
    (sent,) = (await anna.gets("Вот фото"))["files"]
    assert await bytes_of(community, sent) == PHOTO


async def test_programs_are_refused_before_they_are_sent(vk_shop: Any, community: Community) -> None:
    _, id = await asks_for_a_person(vk_shop, community)
    file = await upload(vk_shop, b"MZ\x90\x00" + bytes(100), "setup.exe")
    body = {"text": "", "kind": "reply", "attachments": [{"file_id": file}]}
    problem = await vk_shop.api("POST", f"/conversations/{id}/messages", body, status=422)
    assert problem["errors"] == [{"field": "attachments", "code": "file_type"}]
