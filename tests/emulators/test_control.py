"""What both control APIs have alike, called as their guide says: what people say, faults on order, state files."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, TCPConnector
from aiohttp.test_utils import TestServer

from bots.emulators.telegram import TelegramEmulator
from bots.emulators.vk import VkEmulator

BOT = "4200001:" + "A" * 35
COMMUNITY = "vk1.a." + "C" * 40


class Control:
    """A control API and one person."""

    def __init__(self, kind: str, emulator: Any, base: str, client: ClientSession) -> None:
        self.kind = kind
        self._emulation = emulator.emulation
        self._base, self._client = base, client
        self.user = 0

    async def ask(self, verb: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Call the control API; returns status and body."""
        async with self._client.request(verb, f"{self._base}/ctl{path}", json=body) as answer:
            return answer.status, await answer.json(content_type=None)

    async def post(self, path: str, body: Any, status: int = 200) -> Any:
        """POST to the control API and insist on a status."""
        given, told = await self.ask("POST", path, body)
        assert given == status, (path, body, told)
        return told

    async def say(self, status: int = 200, **words: Any) -> Any:
        """Have the person say something."""
        return await self.post("/user/say", {"user": self.user, **words}, status)

    def polled(self) -> bool:
        """Tell whether a poll waits for what happens."""
        lines = self._emulation.lines.values()
        return any(line.poll if self.kind == "telegram" else line.polls for line in lines)

    async def poller(self, seconds: int = 2) -> Callable[[], Awaitable[list[str]]]:
        """Return what asks as a bot does, each time from where it stopped, for the texts that came."""
        place: dict[str, Any] = {}

        async def call(url: str, **values: Any) -> Any:
            async with self._client.get(f"{self._base}{url}", params=values) as answer:
                return (await answer.json()).get("result")

        async def updates() -> list[str]:
            got = await call(f"/bot{BOT}/getUpdates", timeout=seconds, offset=place.get("offset", 0))
            place["offset"] = got[-1]["update_id"] + 1
            return [update["message"]["text"] for update in got]

        async def history() -> list[str]:
            asked = {"act": "a_check", "key": place["key"], "ts": place["ts"], "wait": seconds}
            async with self._client.get(place["server"], params=asked) as answer:
                told = await answer.json()
            place["ts"] = told["ts"]
            return [event["object"]["message"]["text"] for event in told["updates"]]

        if self.kind == "telegram":
            return updates
        token = {"access_token": COMMUNITY, "v": "5.199"}
        async with self._client.get(f"{self._base}/method/groups.getLongPollServer", params=token) as answer:
            place |= (await answer.json())["response"]
        return history

    async def seen(self) -> list[dict[str, Any]]:
        """Return what stands in the person's chat."""
        return (await self.ask("GET", f"/chat/{self.user}/messages"))[1]["items"]


@asynccontextmanager
async def opened(kind: str, **more: Any) -> AsyncIterator[Control]:
    made = (
        TelegramEmulator({BOT: {}}, **more)
        if kind == "telegram"
        else VkEmulator({COMMUNITY: {"long_poll": True}}, **more)
    )
    server = TestServer(made.app())
    await server.start_server()
    async with ClientSession(connector=TCPConnector(force_close=True)) as client:
        control = Control(kind, made, str(server.make_url("/")).rstrip("/"), client)
        control.user = (await control.post("/user", {"name": "Anna", "phone": "+79990000001"}))["user"]["id"]
        try:
            yield control
        finally:
            await server.close()


@pytest.fixture(params=["telegram", "vk"])
async def control(request: pytest.FixtureRequest) -> AsyncIterator[Control]:
    async with opened(request.param) as made:
        yield made


@pytest.mark.parametrize(
    ("given", "where"),
    [
        (True, (55.751244, 37.618423)),
        ({"latitude": 1, "longitude": "2.5"}, (1.0, 2.5)),
        ({"lat": -1.5, "lon": 2}, (-1.5, 2.0)),
        ([10, 20.5], (10.0, 20.5)),
    ],
)
async def test_a_place_is_where_it_was_said_to_be(control: Control, given: Any, where: tuple[float, float]) -> None:
    await control.say(location=given)
    (item,) = await control.seen()
    assert (item["location"]["latitude"], item["location"]["longitude"]) == where


@pytest.mark.parametrize(
    "words",
    [
        {"location": "Kazan"},
        {"location": [1, 2, 3]},
        {"location": {"latitude": 91, "longitude": 0}},
        {"location": {"latitude": float("nan"), "longitude": 0}},
        {"contact": {"phone": ""}},
        {"contact": {"own": False}},
        {"contact": {"phone": True}},
        {"contact": {"phone": "+79991234567", "own": "no"}},
        {"voice": 7},
        {"photo": ["a"]},
        {"photo": False},
    ],
)
async def test_what_cannot_be_said_is_refused_and_nothing_else_is_said_instead(control: Control, words: Any) -> None:
    assert (await control.say(status=400, **words))["detail"]
    assert await control.seen() == []
    (anna,) = (await control.ask("GET", "/users"))[1]["items"]
    assert anna["phone"] == "+79990000001"


async def test_what_is_false_is_not_said(control: Control) -> None:
    await control.say(text="only words", photo=False, voice=None, album=[])
    (item,) = await control.seen()
    assert (item["kind"], item["text"]) == ("text", "only words")


async def test_a_phone_of_ones_own_need_not_be_told(control: Control) -> None:
    await control.say(contact=True)
    (item,) = await control.seen()
    assert "+79990000001" in json.dumps(item)
    assert (await control.say(album=True))["message_id"]


@pytest.mark.parametrize("verbs", [("block", "unblock"), ("deny", "allow")])
async def test_people_shut_their_door_and_open_it_by_either_word(control: Control, verbs: tuple[str, str]) -> None:
    await control.say(text="hello")
    for verb, blocked in zip(verbs, (True, False), strict=True):
        assert (await control.post(f"/user/{verb}", {"user": control.user}))["user"]["blocked"] is blocked


async def test_a_sign_nobody_has_is_refused(control: Control) -> None:
    said = (await control.say(text="hello"))["message_id"]
    for emoji, status in (("👍", 200), ("❤️", 200), ("XX", 400)):
        await control.post("/user/react", {"user": control.user, "message_id": said, "emoji": emoji}, status)
    assert len((await control.seen())[0]["reactions"]) == 1


async def test_nobody_has_an_endless_name(control: Control) -> None:
    assert "at most" in (await control.post("/user", {"name": "x" * 130}, 400))["detail"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"count": 0},
        {"count": -1},
        {"count": 1.5},
        {"count": True},
        {"seconds": -5},
        {"seconds": "soon"},
        {"probability": 1.1},
        {"probability": -0.1},
        {"retry_after": -3},
        {"retry_after": "later"},
        {"retry_after": 2.5},
        {"delay": -1},
        {"chat": "Anna"},
    ],
)
async def test_a_fault_with_numbers_that_are_none_is_not_ordered(control: Control, wrong: dict[str, Any]) -> None:
    assert "whole numbers" in (await control.post("/faults", {"fault": "500", **wrong}, 400))["detail"]
    assert (await control.ask("GET", "/faults"))[1]["items"] == []


async def test_a_fault_takes_numbers_as_words_too(control: Control) -> None:
    told = await control.post("/faults", {"fault": "429", "count": "2", "probability": "0.5", "retry_after": None})
    assert (told["count"], told["probability"]) == (2, 0.5)


async def test_a_snapshot_is_put_back_without_a_number_given_twice(control: Control) -> None:
    """A bot that lives on takes what has a number it knows for something it has had."""
    (_, empty), others = await control.ask("GET", "/snapshot"), set()
    for text in ("one", "two"):
        others.add((await control.say(text=text))["message_id"])
    _, kept = await control.ask("GET", "/snapshot")
    others.add((await control.say(text="three"))["message_id"])
    later = (await control.post("/user", {"name": "Later"}))["user"]["id"]
    for world, seen in ((kept, ["one", "two"]), (empty, [])):
        assert (await control.ask("PUT", "/snapshot", world))[0] == 200
        assert [item["text"] for item in await control.seen()] == seen
        said = (await control.say(text="four"))["message_id"]
        assert said not in others
        others.add(said)
    assert (await control.post("/user", {"name": "Other"}))["user"]["id"] > later


async def test_a_poller_that_lives_on_gets_what_is_said_after_a_snapshot_was_put_back(control: Control) -> None:
    _, kept = await control.ask("GET", "/snapshot")
    poll = await control.poller()
    await control.say(text="before")
    assert await poll() == ["before"]
    assert (await control.ask("PUT", "/snapshot", kept))[0] == 200
    await control.say(text="after")
    assert await poll() == ["after"]


async def test_a_poll_under_way_sees_the_world_that_was_put_back(control: Control) -> None:
    _, kept = await control.ask("GET", "/snapshot")
    poll = await control.poller(seconds=30)
    waiting = asyncio.create_task(poll())
    async with asyncio.timeout(10):
        while not control.polled():  # noqa: ASYNC110 - the emulator tells nobody that somebody waits
            await asyncio.sleep(0.01)
    assert (await control.ask("PUT", "/snapshot", kept))[0] == 200
    await control.say(text="after")
    async with asyncio.timeout(10):
        texts = await waiting or await poll()
    assert texts == ["after"]


@pytest.mark.parametrize("wrong", [{"on": "yes"}, {"on": True, "per_second": 0}, {"on": True, "per_second": "x"}])
async def test_limits_that_make_no_sense_change_nothing(control: Control, wrong: dict[str, Any]) -> None:
    if control.kind == "telegram" and "per_second" in wrong:
        pytest.skip("Telegram has several limits, all its own")
    assert (await control.post("/limits", wrong, 400))["detail"]
    assert (await control.post("/limits", {"on": False}))["on"] is False


@pytest.mark.parametrize("kind", ["telegram", "vk"])
@pytest.mark.parametrize("content", ["{bad", "[]", '{"version": 1}', '{"version": 99}', "\xff"])
def test_a_state_file_that_is_none_is_named(tmp_path: Path, kind: str, content: str) -> None:
    state = tmp_path / "state.json"
    state.write_bytes(content.encode("latin-1"))
    emulator: Any = TelegramEmulator if kind == "telegram" else VkEmulator
    with pytest.raises(ValueError, match=r"state\.json holds no state of this emulator"):
        emulator(state_path=state)
    assert state.read_bytes() == content.encode("latin-1")


async def test_a_state_of_the_other_messenger_is_none(tmp_path: Path) -> None:
    for kind, other in (("telegram", VkEmulator), ("vk", TelegramEmulator)):
        state = tmp_path / f"{kind}.json"
        async with opened(kind, state_path=state) as control:
            await control.say(text="hello")
        with pytest.raises(ValueError, match="holds no state"):
            other(state_path=state)
