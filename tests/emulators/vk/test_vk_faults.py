"""Faults on order: of methods, of the line, of events, of files; limits and execute."""

import asyncio
import io

import pytest
import requests
from aiohttp import ClientPayloadError
from vk_api import ApiError, ApiHttpError, VkRequestsPool, VkUpload
from vk_api.exceptions import Captcha

from bots.emulators.samples import png
from tests.vk_stand import GROUP, OTHER_TOKEN, VERSION, Receiver, Stand, refused


async def greeted(stand: Stand) -> int:
    """A person who wrote first."""
    user = await stand.user()
    await stand.say(user, "hello")
    return user


async def words(stand: Stand, user: int) -> list[str]:
    """What stands in a dialog."""
    return [one["text"] for one in await stand.seen(user)]


@pytest.mark.parametrize("code", [1, 5, 9, 10, 15, 18, 27, 29, 100, 900, 901, 902, 936])
async def test_a_code_is_answered_once_and_nothing_is_done(stand: Stand, code: int) -> None:
    user = await greeted(stand)
    await stand.ctl("/faults", {"fault": f"vk_{code}", "method": "messages.send"})
    assert await refused(stand, peer_id=user, message="x", random_id=1) == code
    await stand.send(user, "x", random_id=1)
    assert await words(stand, user) == ["hello", "x"]


async def test_error_6_is_waited_out_by_vk_api(stand: Stand) -> None:
    user = await greeted(stand)
    await stand.ctl("/faults", {"fault": "vk_6", "method": "messages.send", "count": 1})
    await stand.send(user, "x")
    assert await words(stand, user) == ["hello", "x"]
    assert [call["status"] for call in (await stand.ctl("/calls?method=messages.send"))["items"]] == ["vk_6", 200]


async def test_a_captcha_carries_its_sid(stand: Stand) -> None:
    await stand.ctl("/faults", {"fault": "vk_14"})
    with pytest.raises(Captcha) as caught:
        await stand.do("users.get", user_ids=1)
    assert caught.value.sid


@pytest.mark.parametrize(
    ("kind", "status"), [("500", 500), ("502html", 502), ("429", 429), ("403", 403), ("empty", 502)]
)
async def test_a_broken_front_answers_no_json(stand: Stand, kind: str, status: int) -> None:
    await stand.ctl("/faults", {"fault": kind, "retry_after": 7})
    with pytest.raises(ApiHttpError) as caught:
        await stand.do("users.get", user_ids=1)
    assert caught.value.response.status_code == status
    assert caught.value.response.headers.get("Retry-After") == ("7" if kind == "429" else None)


async def test_a_page_instead_of_json(stand: Stand) -> None:
    await stand.ctl("/faults", {"fault": "200html"})
    with pytest.raises(requests.JSONDecodeError):
        await stand.do("users.get", user_ids=1)


async def test_an_answer_that_is_lost_was_applied_once(stand: Stand) -> None:
    user = await greeted(stand)
    await stand.ctl("/faults", {"fault": "applied_lost", "method": "messages.send"})
    with pytest.raises(requests.ConnectionError):
        await stand.send(user, "x", random_id=8)
    await stand.send(user, "x", random_id=8)
    assert await words(stand, user) == ["hello", "x"]


async def test_a_reset_is_not_applied(stand: Stand) -> None:
    user = await greeted(stand)
    await stand.ctl("/faults", {"fault": "reset", "method": "messages.send"})
    with pytest.raises(requests.ConnectionError):
        await stand.send(user, "x")
    assert await words(stand, user) == ["hello"]


async def test_a_silent_server_is_left_by_the_client(stand: Stand) -> None:
    await stand.ctl("/faults", {"fault": "hang", "method": "users.get"})
    session = stand.vk().http
    url = f"{stand.base}/method/users.get"
    data = {"access_token": "vk1.a." + "A" * 40, "v": VERSION}
    with pytest.raises(requests.ReadTimeout):
        await asyncio.to_thread(session.post, url, data=data, timeout=0.2)


async def test_the_echo_comes_before_a_slow_answer(stand: Stand) -> None:
    user = await greeted(stand)
    listener = await stand.listener()
    await stand.ctl("/faults", {"fault": "slow_answer", "method": "messages.send", "delay": 30})
    sending = asyncio.create_task(stand.raw("messages.send", peer_id=user, message="x", random_id=3))
    assert (await listener.events())[0]["object"]["random_id"] == 3
    assert not sending.done()
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)


async def test_half_an_answer_was_applied_and_a_late_one_is_whole(stand: Stand) -> None:
    user = await greeted(stand)
    await stand.ctl("/faults", {"fault": "half_body", "method": "messages.send"})
    with pytest.raises(requests.RequestException):
        await stand.send(user, "x", random_id=4)
    for fault in ("delay", "delay_after"):
        await stand.ctl("/faults", {"fault": fault, "method": "messages.send", "delay": 0.01})
        await stand.send(user, "x", random_id=4)
    assert await words(stand, user) == ["hello", "x"]
    await stand.ctl("/faults", {"fault": "wrong_type", "method": "users.get"})
    assert await stand.do("users.get", user_ids=1) == "a word"


async def test_a_refusal_gets_lost_as_an_answer_does(stand: Stand) -> None:
    stranger = await stand.user()
    await stand.ctl("/faults", {"fault": "applied_lost", "method": "messages.send"})
    with pytest.raises(requests.ConnectionError):
        await stand.send(stranger, "x")


async def test_faults_keep_to_their_chat(stand: Stand) -> None:
    user, other = await greeted(stand), await greeted(stand)
    await stand.ctl("/faults", {"fault": "vk_10", "chat": other, "seconds": 60})
    await stand.send(user, "x")
    assert await refused(stand, peer_id=other, message="x", random_id=0) == 10
    assert len((await stand.ctl("/faults"))["items"]) == 1
    await stand.ctl("/faults", {}, method="DELETE")
    await stand.send(other, "x")
    await stand.ctl("/faults", {"fault": "tomorrow"}, status=400)


async def test_events_come_twice_late_and_strange(stand: Stand) -> None:
    listener = await stand.listener()
    user = await stand.user()
    await stand.ctl("/faults", {"fault": "duplicate_update"})
    await stand.say(user, "one")
    twice = await listener.events(2)
    assert twice[0] == twice[1]
    await stand.ctl("/faults", {"fault": "reorder_updates"})
    await stand.say(user, "two")
    await stand.say(user, "three")
    late = [event["object"]["message"]["text"] for event in await listener.events(2)]
    assert late == ["three", "two"]
    await stand.ctl("/faults", {"fault": "old_shape"})
    await stand.say(user, "four")
    assert (await listener.events())[0]["object"]["text"] == "four"


async def test_an_event_comes_later_and_an_unknown_one_before(stand: Stand) -> None:
    listener = await stand.listener()
    user = await stand.user()
    for delay, text in ((3600, "in an hour"), (0.05, "in a moment")):
        await stand.ctl("/faults", {"fault": "delay_update", "delay": delay})
        await stand.say(user, text)
    assert [event["object"]["message"]["text"] for event in await listener.events()] == ["in a moment"]
    await stand.ctl("/faults", {"fault": "unknown_kind"})
    await stand.say(user, "now")
    assert [event["type"] for event in await listener.events(2)] == ["message_tomorrow", "message_new"]


async def test_a_message_of_an_unknown_shape_stops_vk_apis_parser(stand: Stand) -> None:
    listener = await stand.listener()
    user = await stand.user()
    await stand.ctl("/faults", {"fault": "bad_update"})
    await stand.say(user, "a good one")
    with pytest.raises(TypeError):
        await listener.events()


async def test_secrets_go_wrong(stand: Stand, receiver: Receiver) -> None:
    await receiver.connect(stand, "the secret")
    user = await stand.user()
    for fault in ("drop_secret", "wrong_secret"):
        await stand.ctl("/faults", {"fault": fault})
        await stand.say(user, fault)
    await stand.say(user, "all well")
    secrets = [event.get("secret") for event in await receiver.wait(3)]
    assert (secrets[0], secrets[2]) == (None, "the secret")
    assert secrets[1] not in (None, "the secret")


async def test_the_confirmation_string_changes(stand: Stand, receiver: Receiver) -> None:
    receiver.code = (await stand.do("groups.getCallbackConfirmationCode", group_id=GROUP))["code"]
    await stand.ctl("/faults", {"fault": "confirmation_changed"})
    await stand.do("groups.addCallbackServer", group_id=GROUP, url=receiver.url, title="Mostik")
    await receiver.wait(1)
    assert (await stand.do("groups.getCallbackConfirmationCode", group_id=GROUP))["code"] != receiver.code


async def test_uploads_are_refused(stand: Stand) -> None:
    user = await greeted(stand)
    upload = VkUpload(stand.vk())
    upload.http.trust_env = False
    stand.opened.append(upload.http)

    async def photo(content: bytes) -> None:
        await asyncio.to_thread(upload.photo_messages, io.BytesIO(content), user)

    await stand.ctl("/faults", {"fault": "wrong_hash"})
    for content in (png("cat"), b"no picture"):
        with pytest.raises(ApiError) as caught:
            await photo(content)
        assert caught.value.code == 100
    await stand.ctl("/faults", {"fault": "reset", "method": "upload"})
    with pytest.raises(requests.ConnectionError):
        await photo(png("cat"))
    program = io.BytesIO(b"MZ")
    program.name = "game.exe"
    server = await stand.do("docs.getMessagesUploadServer", peer_id=user, type="doc")
    told = await asyncio.to_thread(lambda: upload.http.post(server["upload_url"], files={"file": program}).json())
    assert told["error"] == "wrong_ext"


async def test_an_upload_is_saved_once(stand: Stand) -> None:
    user = await greeted(stand)
    server = await stand.do("docs.getMessagesUploadServer", peer_id=user, type="doc")
    session = stand.vk().http
    paper = {"file": ("bill.txt", b"a bill")}
    told = await asyncio.to_thread(lambda: session.post(server["upload_url"], files=paper).json())
    assert (await stand.do("docs.save", file=told["file"]))["doc"]["title"] == "bill.txt"
    assert await refused(stand, "docs.save", file=told["file"]) == 100
    assert await refused(stand, "docs.save", file="nonsense") == 100


async def test_a_link_expires(stand: Stand) -> None:
    listener = await stand.listener()
    user = await stand.user()
    await stand.say(user, document="bill.pdf")
    doc = (await listener.events())[0]["object"]["message"]["attachments"][0]["doc"]
    await stand.ctl("/faults", {"fault": "403", "method": "download"})
    for status in (403, 200):
        async with stand.client.get(doc["url"]) as answer:
            assert answer.status == status
    await stand.ctl("/faults", {"fault": "expired_link"})
    async with stand.client.get(doc["url"]) as answer:
        assert answer.status == 404
    await stand.ctl("/faults", {"fault": "truncated"})
    with pytest.raises(ClientPayloadError):
        async with stand.client.get(doc["url"]) as answer:
            await answer.read()


async def test_twenty_calls_a_second(stand: Stand) -> None:
    await stand.ctl("/limits", {"on": True})
    answers = [await stand.raw("users.get", user_ids=1) for _ in range(21)]
    assert ["error" in answer for answer in answers] == [False] * 20 + [True]
    assert answers[20]["error"]["error_code"] == 6
    assert "response" in await stand.raw("users.get", token=OTHER_TOKEN, user_ids=1)
    assert (await stand.ctl("/stats"))["rate_limited"] == 1
    await stand.ctl("/limits", {"on": False})
    assert "response" in await stand.raw("users.get", user_ids=1)


async def test_execute_does_what_vk_api_writes(stand: Stand) -> None:
    user, other = await greeted(stand), await stand.user("Stranger")

    def pooled(*methods: str):
        vk = stand.vk()
        with VkRequestsPool(vk) as pool:
            return [
                pool.method(method, {"peer_id": peer, "message": f"to {peer} [API.x({{}})]", "random_id": 0})
                for method in methods
                for peer in (user, other)
            ]

    for results in (
        await asyncio.to_thread(pooled, "messages.send"),
        await asyncio.to_thread(pooled, "messages.send", "messages.tomorrow"),
    ):
        assert [result.ok for result in results[:2]] == [True, False]
        assert results[1].error["error_code"] == 901
    assert results[3].error["error_code"] == 3
    assert len(await words(stand, user)) == 3


async def test_execute_refuses_other_scripts(stand: Stand) -> None:
    for code, wanted in (
        ("while(1){}", 12),
        ("return [API.users.get({)];", 12),
        ("return [API.users.get({})", 12),
        ("return 1;", 12),
        ("", 100),
        (f"return [{','.join(['API.users.get({})'] * 26)}];", 13),
    ):
        assert await refused(stand, "execute", code=code) == wanted
    assert await stand.do("execute", code='return [API.users.get({}), API.groups.isMember({"user_id": 1})];') == [[], 0]
