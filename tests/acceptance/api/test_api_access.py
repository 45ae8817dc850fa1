"""Who is let in: tokens, disabled people, what may not be guessed; and refusals that are problems everywhere."""

import logging

import pytest

from bridge.errors import StoreDown
from bridge.ports.channels import ChannelState

READS = [
    "/conversations",
    "/conversations/counts",
    "/customers",
    "/articles",
    "/channels",
    "/operators",
    "/me",
    "/events",
]


@pytest.mark.parametrize("path", READS)
async def test_nobody_is_let_in_without_a_proof(house, path) -> None:
    problem = await house.get(path, who=None, status=401)
    assert problem["code"] == "unauthorized"
    response = await house.call("GET", path, None)
    assert response.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("proof", ["Bearer wrong", "Bearer ", "Basic YTpi", "Bearer mostik_", "x"])
async def test_a_wrong_proof_is_refused(house, proof) -> None:
    assert (await house.get("/me", who=None, status=401, headers={"Authorization": proof}))["code"] == "unauthorized"


async def test_me_is_the_owner_of_the_token(house) -> None:
    assert await house.get("/me") == {
        "id": "anna",
        "name": "Anna",
        "email": "anna@example.com",
        "role": "operator",
        "language": "ru",
        "theme": "system",
        "text_size": 100,
        "telegram_user_id": None,
        "csrf": None,
    }


async def test_everybody_reads(house) -> None:
    for who in house.staff:
        for path in READS[:-1]:
            await house.get(path, who=who)


async def test_me_changes_taste(house) -> None:
    assert (await house.patch("/me", {"theme": "dark", "language": "en"}))["theme"] == "dark"
    assert (await house.get("/me"))["language"] == "en"
    assert (await house.patch("/me", {"text_size": 120}))["text_size"] == 120
    assert (await house.patch("/me", {"text_size": 115}, status=422))["errors"][0]["field"] == "text_size"
    assert (await house.get("/me"))["text_size"] == 120
    assert (await house.patch("/me", {"theme": None}, status=422))["errors"] == [{"field": "theme", "code": "required"}]
    assert (await house.patch("/me", {"role": "admin"}, status=422))["errors"] == [{"field": "role", "code": "unknown"}]
    assert (await house.patch("/me", {}, status=422))["errors"] == [{"field": "body", "code": "invalid"}]


async def test_a_disabled_person_is_out_at_once(house) -> None:
    await house.get("/me", who="mark")
    await house.patch("/operators/mark", {"disabled": True}, who="boss")
    assert (await house.get("/me", who="mark", status=401))["code"] == "disabled"
    assert "mark" not in [row["id"] for row in (await house.get("/operators"))["items"] if not row["disabled"]]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nonsense", 404, "not_found"),
        ("GET", "/", 404, "not_found"),
        ("DELETE", "/conversations", 405, "method_not_allowed"),
        ("GET", "/conversations/x/claim", 405, "method_not_allowed"),
        ("PUT", "/articles/x", 405, "method_not_allowed"),
        ("POST", "/openapi.json", 404, "not_found"),
    ],
)
async def test_unknown_places_and_methods_are_problems_too(house, method, path, status, code) -> None:
    response = await house.call(method, path)
    assert (response.status, response.content_type) == (status, "application/problem+json")
    problem = await response.json(content_type=None)
    assert problem["code"] == code
    if status == 405:
        assert response.headers["Allow"]


async def test_405_names_what_is_allowed(house) -> None:
    assert (await house.call("PUT", "/articles/x")).headers["Allow"] == "DELETE, GET, PATCH"


@pytest.mark.parametrize("raw", [b"{", b"text=x", b'{"text": NaN', b"\xff\xfe", b'{"text": "\\ud800"}'])
async def test_what_is_no_json_is_400(house, raw) -> None:
    case = await house.says("вопрос")
    response = await house.call("POST", f"/conversations/{case.id}/messages", data=raw)
    assert response.status == 400
    assert (await response.json(content_type=None))["code"] == "bad_json"


async def test_too_much_is_413(house) -> None:
    case = await house.says("вопрос")
    url = f"/conversations/{case.id}/messages"
    assert (await house.post(url, {"text": "x" * 1_000_001}, status=413))["code"] == "too_large"

    async def stream():
        for _ in range(20):
            yield b"x" * 100_000

    response = await house.call("POST", url, data=stream())
    assert response.status == 413


async def test_a_store_that_is_down_is_503_and_not_ready(house, monkeypatch) -> None:
    async def down(*_args: object, **_more: object) -> None:
        raise StoreDown("gone")

    assert (await house.client.get("/readyz")).status == 200
    monkeypatch.setattr(house.bridge.store.conversations, "page", down)
    problem = await house.get("/conversations", status=503)
    assert problem["code"] == "store_down"
    monkeypatch.setattr(house.bridge.store, "ping", down)
    response = await house.client.get("/readyz")
    assert response.status == 503
    assert (await response.json())["faults"] == {"store": "does not answer"}
    assert (await house.client.get("/healthz")).status == 200


async def test_a_fault_of_ours_is_500_and_its_log_holds_no_words(house, monkeypatch, caplog) -> None:
    words = f"the customer said: {'секрет'}"

    async def broken(*_args: object, **_more: object) -> None:
        raise RuntimeError(words)

    monkeypatch.setattr(house.bridge.store.conversations, "page", broken)
    with caplog.at_level(logging.DEBUG):
        assert (await house.get("/conversations", status=500))["code"] == "internal"
    assert "RuntimeError" in caplog.text
    assert "the customer said: секрет" not in caplog.text


async def test_logs_hold_no_token_and_no_words(house, caplog) -> None:
    with caplog.at_level(logging.DEBUG, logger="mostik"):
        case = await house.says("тайна покупателя")
        await house.post(f"/conversations/{case.id}/messages", {"text": "тайна оператора"}, status=201)
        await house.get("/conversations", params={"q": "тайна"})
    assert "/api/v1/conversations/{id}/messages 201" in caplog.text
    assert "тайна" not in caplog.text
    assert all(token not in caplog.text for token in house.tokens.values())


async def test_a_broken_channel_makes_it_unready_by_name(house) -> None:
    house.channel.state = ChannelState("broken", "wrong token")
    response = await house.client.get("/readyz")
    assert response.status == 503
    assert (await response.json())["faults"] == {"channel telegram": "broken"}
    told = {"name": "telegram", "kind": "telegram", "state": "broken", "reason": "wrong token"}
    files = {"size": 1 << 20, "most": 10, "refused": [], "caption": None}
    assert (await house.get("/channels"))["items"] == [
        {**told, "reason_text": "wrong token", "can": [], "files": files, "desk": None}
    ]


async def test_metrics_count_requests_by_route(house) -> None:
    await house.get("/conversations/nowhere", status=404)
    text = await (await house.client.get("/metrics")).text()
    assert 'mostik_http_requests_total{method="GET",route="/api/v1/conversations/{id}",status="404"} 1.0' in text
    assert 'mostik_channel_state{channel="telegram",state="ok"} 1.0' in text


async def test_other_rooms_paths_are_left_alone(house) -> None:
    response = await house.client.get("/hooks/telegram")
    assert response.status == 404
    assert "Content-Security-Policy" not in response.headers
