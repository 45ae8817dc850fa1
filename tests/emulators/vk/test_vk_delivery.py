"""How events travel: settings, handshake, retries, Long Poll's numbers."""

import asyncio

from aiohttp import web

from tests.vk_stand import GROUP, OTHER_GROUP, OTHER_TOKEN, VERSION, Receiver, Stand, refused


async def test_long_poll_is_off_until_it_is_turned_on(stand: Stand) -> None:
    failed = await stand.raw("groups.getLongPollServer", token=OTHER_TOKEN, group_id=OTHER_GROUP)
    assert failed["error"]["error_code"] == 100
    wanted = {"group_id": OTHER_GROUP, "enabled": 1, "api_version": VERSION, "message_new": 1}
    await stand.do("groups.setLongPollSettings", OTHER_TOKEN, **wanted)
    settings = await stand.do("groups.getLongPollSettings", OTHER_TOKEN, group_id=OTHER_GROUP)
    assert (settings["is_enabled"], settings["events"]["message_new"], settings["events"]["message_edit"]) == (
        True,
        1,
        0,
    )
    listener = await stand.listener(OTHER_TOKEN, OTHER_GROUP)
    user = await stand.user()
    await stand.ctl("/user/typing", {"user": user, "group": OTHER_GROUP})
    await stand.say(user, "hello", group=OTHER_GROUP)
    assert [event["type"] for event in await listener.events()] == ["message_new"]


async def poll(stand: Stand, wait: int = 0, **query) -> dict:
    """Ask Long Poll once, without vk_api."""
    server = await stand.do("groups.getLongPollServer", group_id=GROUP)
    given = {"act": "a_check", "key": server["key"], "ts": server["ts"], "wait": str(wait), **query}
    async with stand.client.get(server["server"], params=given) as answer:
        return await answer.json()


async def test_a_stored_ts_gives_what_came_meanwhile(stand: Stand) -> None:
    ts = (await poll(stand))["ts"]
    user = await stand.user()
    await stand.say(user, "one")
    await stand.say(user, "two")
    found = await poll(stand, ts=ts)
    assert [event["object"]["message"]["text"] for event in found["updates"]] == ["one", "two"]
    assert await poll(stand, ts=ts) == found
    assert (await poll(stand, ts=found["ts"]))["updates"] == []


async def test_long_poll_says_what_is_lost(stand: Stand) -> None:
    head = (await poll(stand))["ts"]
    assert await poll(stand, ts="9999999") == {"failed": 1, "ts": head}
    assert await poll(stand, key="wrong") == {"failed": 2}
    assert await poll(stand, ts="x") == {"failed": 3}


async def test_vk_api_goes_on_after_each_failure(stand: Stand) -> None:
    user = await stand.user()
    for code in (1, 2):
        listener = await stand.listener()
        await stand.ctl("/faults", {"fault": "longpoll_failed", "code": code})
        await stand.say(user, f"after {code}")
        assert [event["object"]["message"]["text"] for event in await listener.events()] == [f"after {code}"]
    listener = await stand.listener()
    await stand.ctl("/faults", {"fault": "longpoll_failed", "code": 3})
    await stand.say(user, "lost")
    await asyncio.to_thread(listener.poll.check)
    await stand.say(user, "found")
    assert [event["object"]["message"]["text"] for event in await listener.events()] == ["found"]


async def test_the_handshake_decides(stand: Stand, receiver: Receiver) -> None:
    receiver.code = "wrong"
    given = {"group_id": GROUP, "url": receiver.url, "title": "Mostik", "secret_key": ""}
    server = (await stand.do("groups.addCallbackServer", **given))["server_id"]
    event = (await receiver.wait(1))[0]
    assert (event["type"], event["group_id"], "object" in event) == ("confirmation", GROUP, False)
    receiver.code = (await stand.do("groups.getCallbackConfirmationCode", group_id=GROUP))["code"]
    await stand.do("groups.editCallbackServer", **given | {"server_id": server, "secret_key": "s"})
    await receiver.wait(2)
    async with asyncio.timeout(5):
        while (await stand.do("groups.getCallbackServers", group_id=GROUP))["items"][0]["status"] != "ok":  # noqa: ASYNC110 - VK tells it by no event
            await asyncio.sleep(0)
    assert await refused(stand, "groups.addCallbackServer", **given | {"title": "x" * 15}) == 100
    assert await refused(stand, "groups.addCallbackServer", **given | {"url": "ftp://x"}) == 100
    await stand.do("groups.deleteCallbackServer", group_id=GROUP, server_id=server)
    assert (await stand.do("groups.getCallbackServers", group_id=GROUP))["count"] == 0


async def test_a_failed_event_comes_again_with_its_number(stand: Stand, receiver: Receiver) -> None:
    await receiver.connect(stand)
    await stand.ctl("/clock", {"scale": 1000})
    answers = iter([web.Response(status=500), web.Response(text="okay"), None])

    async def answer(request, event):
        return next(answers)

    receiver.answer = answer
    user = await stand.user()
    await stand.say(user, "hello")
    got = await receiver.wait(3)
    assert len({event["event_id"] for event in got}) == 1
    assert [headers.get("X-Retry-Counter") for headers in receiver.headers] == [None, "1", "2"]
    assert (await stand.ctl("/stats"))["groups"][0]["pending"] == 0


async def test_a_later_event_overtakes_one_that_waits_and_brings_it_back(stand: Stand, receiver: Receiver) -> None:
    await receiver.connect(stand)
    answers = iter([web.Response(status=503, headers={"Retry-After": "3000"})])

    async def answer(request, event):
        return next(answers, None)

    receiver.answer = answer
    user = await stand.user()
    await stand.say(user, "one")
    await receiver.wait(1)
    await stand.say(user, "two")
    texts = [event["object"]["message"]["text"] for event in await receiver.wait(3)]
    assert texts == ["one", "two", "one"]


async def test_a_server_that_says_remove_is_removed(stand: Stand, receiver: Receiver) -> None:
    await receiver.connect(stand)

    async def answer(request, event):
        return web.Response(text="remove")

    receiver.answer = answer
    user = await stand.user()
    await stand.say(user, "hello")
    await receiver.wait(1)
    async with asyncio.timeout(5):
        while (await stand.ctl("/groups"))["items"][0]["servers"]:  # noqa: ASYNC110 - nothing tells it
            await asyncio.sleep(0)


async def test_events_wait_while_the_server_is_away(stand: Stand, receiver: Receiver) -> None:
    await receiver.connect(stand)
    url, receiver.url = receiver.url, receiver.url.replace("/hook", "/gone")
    server = stand.emulator.emulation.world.groups[GROUP].servers[1]
    server.url = receiver.url
    user = await stand.user()
    for number in range(12):
        await stand.say(user, f"word {number}")
    async with asyncio.timeout(5):
        while server.failures < 10:  # noqa: ASYNC110 - the emulator counts in another task
            await asyncio.sleep(0)
    server.url = url
    await stand.ctl("/clock", {"scale": 1000})
    given = {"group_id": GROUP, "server_id": 1, "url": url, "title": "Mostik", "secret_key": "new"}
    await stand.do("groups.editCallbackServer", **given)
    got = await receiver.wait(13)
    words = {event["object"]["message"]["text"] for event in got if event["type"] == "message_new"}
    assert words == {f"word {number}" for number in range(12)}


async def test_both_ways_carry_the_same_event(stand: Stand, receiver: Receiver) -> None:
    await receiver.connect(stand)
    listener = await stand.listener()
    user = await stand.user()
    await stand.say(user, "hello")
    assert (await receiver.wait(1))[0]["event_id"] == (await listener.events())[0]["event_id"]
