"""Webhooks by the API: an administrator registers addresses; what is wrong with one is told before it is called."""

import pytest

from bridge.webhooks import MOST

HOOK = {"url": "https://hooks.example/mostik", "types": ["message.created"], "secret": "a-secret-of-both"}


async def test_a_webhook_is_registered_listed_and_removed(house) -> None:
    made = await house.post("/webhooks", HOOK, who="boss", status=201)
    assert (made["url"], made["types"], made["waiting"]) == (HOOK["url"], HOOK["types"], 0)
    assert made["secret"] == "••••••••"
    both = {**HOOK, "types": ["conversation.updated", "message.created", "message.created"]}
    other = await house.post("/webhooks", both, who="boss", status=201)
    assert other["types"] == ["message.created", "conversation.updated"]
    listed = await house.get("/webhooks", who="boss")
    assert [row["id"] for row in listed["items"]] == [made["id"], other["id"]]
    assert HOOK["secret"] not in str(listed)
    assert await house.get(f"/webhooks/{made['id']}", who="boss") == made
    assert (await house.get(f"/webhooks/{made['id']}/deliveries", who="boss"))["items"] == []
    answer = await house.call("DELETE", f"/webhooks/{made['id']}", "boss")
    assert answer.status == 204
    assert (await house.get(f"/webhooks/{made['id']}", who="boss", status=404))["code"] == "not_found"
    assert (await house.call("DELETE", f"/webhooks/{made['id']}", "boss")).status == 404
    audit = await house.bridge.store.journal.page(f"webhook:{made['id']}", 10)
    assert [(event.action, event.detail) for event in audit] == [
        ("webhook_removed", {"host": "hooks.example"}),
        ("webhook_added", {"host": "hooks.example"}),
    ]


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"url": "hooks.example"}, "url", "no_address"),
        ({"url": "ftp://hooks.example/x"}, "url", "no_address"),
        ({"url": "https://user:word@hooks.example/"}, "url", "no_address"),
        ({"url": "http://192.168.1.7/x"}, "url", "address_not_allowed"),
        ({"url": "http://LOCALHOST./x"}, "url", "address_not_allowed"),
        ({"types": []}, "types", "too_short"),
        ({"types": ["message.deleted"]}, "types", "unknown_value"),
        ({"secret": "short"}, "secret", "too_short"),
        ({"secret": None}, "secret", "no_text"),
        ({"more": 1}, "more", "unknown"),
    ],
)
async def test_what_is_wrong_is_named(house, change, field, code) -> None:
    refused = await house.post("/webhooks", {**HOOK, **change}, who="boss", status=422)
    assert [error["field"].partition(".")[0] for error in refused["errors"]] == [field]
    assert refused["errors"][0]["code"] == code
    assert "a-secret-of-both" not in str(refused)


async def test_administrators_alone_keep_webhooks(house) -> None:
    for who in ("anna", "chief", "watcher"):
        assert (await house.post("/webhooks", HOOK, who=who, status=403))["code"] == "forbidden"
        assert (await house.get("/webhooks", who=who, status=403))["code"] == "forbidden"


async def test_there_is_an_end_to_their_number(house) -> None:
    for number in range(MOST):
        await house.post("/webhooks", {**HOOK, "url": f"https://hooks.example/{number}"}, who="boss", status=201)
    refused = await house.post("/webhooks", HOOK, who="boss", status=422)
    assert refused["errors"] == [{"field": "url", "code": "too_many"}]
