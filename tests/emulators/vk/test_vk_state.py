"""The world outlives its process, goes into a snapshot and out of it, and is forgotten on demand."""

from pathlib import Path

from aiohttp import ClientSession, TCPConnector

from bots.emulators.vk import VkEmulator
from tests.vk_stand import GROUP, TOKEN, Stand, serve

GROUPS = {TOKEN: {"id": GROUP, "name": "Shop", "long_poll": True}}


async def run(path: Path, *, clean: bool = True):
    """Start an emulator on a state file."""
    emulator = VkEmulator(GROUPS, path)
    server = await serve(emulator.app())
    client = ClientSession(connector=TCPConnector(force_close=True))
    return Stand(emulator, server, client)


async def end(stand: Stand) -> None:
    """Stop an emulator."""
    for session in stand.opened:
        session.close()
    await stand.client.close()
    await stand.server.close()


async def history(stand: Stand, ts: str) -> dict:
    """Ask Long Poll for what came after a ts."""
    server = await stand.do("groups.getLongPollServer", group_id=GROUP)
    query = {"act": "a_check", "key": server["key"], "ts": ts, "wait": "0"}
    async with stand.client.get(server["server"], params=query) as answer:
        return await answer.json()


async def test_a_restart_keeps_dialogs_events_and_files(tmp_path: Path) -> None:
    stand = await run(tmp_path / "vk.json")
    user = await stand.user()
    ts = (await stand.do("groups.getLongPollServer", group_id=GROUP))["ts"]
    await stand.say(user, "hello", photo=True)
    sent = await stand.send(user, "good day", random_id=4)
    before = await stand.seen(user)
    await end(stand)

    stand = await run(tmp_path / "vk.json")
    assert await stand.seen(user) == before
    assert await stand.send(user, "good day", random_id=4) == sent
    events = (await history(stand, ts))["updates"]
    assert [event["type"] for event in events] == ["message_new", "message_reply"]
    photo = events[0]["object"]["message"]["attachments"][0]["photo"]["sizes"][-1]["url"]
    assert photo.startswith(stand.base)
    async with stand.client.get(photo) as answer:
        assert (await answer.read()).startswith(b"\x89PNG")
    await end(stand)


async def test_after_a_crash_no_number_is_given_twice(tmp_path: Path) -> None:
    path = tmp_path / "vk.json"
    stand = await run(path)
    user = await stand.user()
    said = await stand.say(user, "hello")
    ts = (await stand.do("groups.getLongPollServer", group_id=GROUP))["ts"]
    await end(stand)
    path.write_text(path.read_text(encoding="utf-8").replace('"clean":true', '"clean":false'), encoding="utf-8")

    stand = await run(path)
    again = await stand.say(user, "hello again")
    assert again > said + 500
    # A client that was shown a few events more than the file knew misses nothing that came after the crash.
    ahead = str(int(ts) + 5)
    updates = (await history(stand, ahead))["updates"]
    assert [event["object"]["message"]["text"] for event in updates] == ["hello again"]
    await end(stand)


async def test_a_snapshot_brings_everything_back(stand: Stand) -> None:
    user = await stand.user()
    await stand.say(user, "hello", document="bill.pdf")
    await stand.ctl("/wall/post", {"text": "New kettles"})
    before, kept = await stand.seen(user), await stand.ctl("/snapshot")
    await stand.say(user, "later")
    await stand.ctl("/reset", {})
    assert (await stand.ctl("/users"))["items"] == []
    assert (await stand.ctl("/wall"))["items"] == []
    await stand.ctl("/snapshot", kept, method="PUT")
    assert await stand.seen(user) == before
    assert (await stand.ctl("/wall"))["items"][0]["text"] == "New kettles"
    await stand.ctl("/snapshot", {"version": 1}, method="PUT", status=400)


async def test_a_reset_keeps_communities_and_goes_on_counting(stand: Stand) -> None:
    user = await stand.user()
    said = await stand.say(user, "hello")
    await stand.ctl("/faults", {"fault": "vk_6", "seconds": 60})
    await stand.ctl("/reset", {})
    assert (await stand.ctl("/faults"))["items"] == []
    other = await stand.user()
    assert other > user
    assert await stand.say(other, "hello") > said
    assert (await stand.do("groups.getById"))["groups"][0]["id"] == GROUP


async def test_any_token_makes_a_community_when_it_may(tmp_path: Path) -> None:
    server = await serve(VkEmulator(open_tokens=True).app())
    async with ClientSession(connector=TCPConnector(force_close=True)) as client:
        stand = Stand(VkEmulator(), server, client)
        ids = [(await stand.raw("groups.getById", token="x" * 30))["response"]["groups"][0]["id"] for _ in range(2)]
        assert ids[0] == ids[1]
        assert (await stand.raw("groups.getById", token="short"))["error"]["error_code"] == 5
    await server.close()


async def test_a_person_says_only_what_can_be_said(stand: Stand) -> None:
    user = await stand.user()
    for body in (
        {"text": ""},
        {"photo": True, "voice": True},
        {"text": "x" * 4097},
        {"album": 11},
        {"location": {"latitude": "north"}},
        {"text": "x", "forward_from": 5},
        {"document": {"base64": "?"}},
    ):
        await stand.ctl("/user/say", {"user": user, **body}, status=400)
    await stand.ctl("/user/say", {"user": 5, "text": "x"}, status=404)
    await stand.ctl("/user/say", {"user": user, "text": "x", "reply_to": 99}, status=404)
    await stand.ctl("/user", {"name": ""}, status=400)
    await stand.ctl("/user", {"name": "Twin", "id": user}, status=409)
    assert await stand.seen(user) == []


async def test_what_the_control_api_has_no_word_for_is_said_in_vks_own(stand: Stand) -> None:
    listener = await stand.listener()
    user = await stand.user()
    link = {"type": "link", "link": {"url": "https://shop.example/", "title": "Shop"}}
    await stand.say(user, "look", attachments=[link, {"type": "tomorrow", "tomorrow": 1}], ref="from-the-site")
    message = (await listener.events())[0]["object"]["message"]
    assert (message["attachments"][0], message["ref"]) == (link, "from-the-site")
    assert [one["text"] for one in await stand.seen(user)] == ["look"]
    await stand.ctl("/user/say", {"user": user, "attachments": [{"url": "x"}]}, status=400)


async def test_people_join_and_leave(stand: Stand) -> None:
    listener = await stand.listener()
    user = await stand.user()
    for verb, member in (("join", 1), ("join", 1), ("leave", 0)):
        await stand.ctl(f"/user/{verb}", {"user": user})
        assert await stand.do("groups.isMember", group_id=GROUP, user_id=user) == member
    assert [event["type"] for event in await listener.events(2)] == ["group_join", "group_leave"]


async def test_a_phone_is_words_and_a_forward_has_an_author(stand: Stand) -> None:
    listener = await stand.listener()
    user, friend = await stand.user(phone="+79990000001"), await stand.user("Friend")
    await stand.say(user, contact={"own": True})
    await stand.say(user, "look", forward_from=friend)
    messages = [event["object"]["message"] for event in await listener.events(2)]
    assert messages[0]["text"] == "+79990000001"
    assert (messages[1]["text"], messages[1]["fwd_messages"][0]["from_id"]) == ("", friend)
