"""Messages changed by the API: edits, deletes and reactions that reach the customer, and refusals in words."""

import asyncio
from collections.abc import Sequence

import pytest

from bridge.delivery.lanes import LaneWorkers
from bridge.delivery.outbox import Outbox
from bridge.errors import Rejected
from bridge.ports.channels import Outgoing, Receipt
from tests.acceptance.api.conftest import RecordingChannel


class Amending(RecordingChannel):
    """The same messenger, whose messages can be changed; it remembers what its customers see now."""

    def __init__(self) -> None:
        super().__init__()
        self.screen: dict[str, str] = {}
        self.refuses = ""

    async def send(self, message: Outgoing) -> Receipt:
        receipt = await super().send(message)
        self.screen[str(receipt.external_id)] = message.text
        return receipt

    async def edit(self, message: Outgoing, sent: Sequence[str]) -> Receipt:
        self._may()
        (there,) = sent
        self.screen[there] = message.text
        return Receipt(there)

    async def delete(self, chat: str, sent: Sequence[str]) -> None:
        self._may()
        for there in sent:
            self.screen.pop(there, None)

    async def react(self, chat: str, external_id: str, emoji: str) -> None:
        self._may()
        self.screen[external_id] = emoji

    def _may(self) -> None:
        if self.refuses:
            raise Rejected(self.refuses)


@pytest.fixture
async def able(house):
    """The channel, able to change what was sent, with the real outbox at work."""
    channel = Amending()
    house.bridge.channels.by_name[channel.name] = channel
    workers = asyncio.create_task(LaneWorkers(house.bridge, "out", Outbox(house.bridge).handle, 2).run())
    yield channel
    workers.cancel()
    await asyncio.gather(workers, return_exceptions=True)


async def until(house, line, fits) -> dict:
    """Wait for a line of the thread to be so."""
    async with house.bridge.feed.follow(None) as events:
        while True:
            lines = (await house.get(f"/conversations/{line['conversation_id']}/messages"))["items"]
            found = next(each for each in lines if each["id"] == line["id"])
            if fits(found):
                return found
            await anext(events)


def sent(line) -> bool:
    return line["delivery"]["state"] == "sent"


def settled(line) -> bool:
    return not line["amending"]


async def test_a_reply_is_edited_then_deleted_at_the_customer(house, able) -> None:
    case = await house.says("Здравствуйте")
    said = await house.post(f"/conversations/{case.id}/messages", {"text": "Доброе утро"}, status=201)
    assert (said["amending"], said["reactions"], said["forwarded"]) == (False, [], None)
    await until(house, said, sent)
    changed = await house.patch(f"/messages/{said['id']}", {"text": "Добрый день"})
    assert (changed["text"], changed["amending"]) == ("Добрый день", True)
    edited = await until(house, said, settled)
    assert edited["edited_at"] is not None
    assert able.screen == {"tg-1": "Добрый день"}
    gone = await house.call("DELETE", f"/messages/{said['id']}")
    assert gone.status == 200
    deleted = await until(house, said, settled)
    # The customer sees nothing of it, the staff still read what it was.
    assert (able.screen, deleted["text"], deleted["deleted_at"] is None) == ({}, "Добрый день", False)
    assert (await house.get(f"/conversations/{case.id}"))["last_message"]["content"] == "deleted"
    refused = await house.patch(f"/messages/{said['id']}", {"text": "Снова"}, status=409)
    assert refused["code"] == "deleted"


async def test_a_reaction_is_put_and_taken_away(house, able) -> None:
    case = await house.says("Спасибо!")
    (line,) = (await house.get(f"/conversations/{case.id}/messages"))["items"]
    put = await house.call("PUT", f"/messages/{line['id']}/reaction", json={"emoji": "👍"})
    assert put.status == 200
    signed = await until(house, line, settled)
    assert signed["reactions"] == [{"author": {"kind": "operator", "id": "anna", "name": "Anna"}, "emoji": "👍"}]
    assert able.screen == {"m1": "👍"}
    await house.call("DELETE", f"/messages/{line['id']}/reaction")
    assert (await until(house, line, settled))["reactions"] == []
    assert able.screen == {"m1": ""}
    wrong = await house.call("PUT", f"/messages/{line['id']}/reaction", json={"emoji": "like"})
    assert (await wrong.json())["errors"] == [{"field": "emoji", "code": "invalid"}]


async def test_what_the_messenger_refuses_is_told_in_the_thread(house, able) -> None:
    case = await house.says("Здравствуйте")
    said = await house.post(f"/conversations/{case.id}/messages", {"text": "Доброе утро"}, status=201)
    await until(house, said, sent)
    able.refuses = "edit_too_old"
    await house.patch(f"/messages/{said['id']}", {"text": "Добрый день"})
    back = await until(house, said, settled)
    assert (back["text"], back["edited_at"], able.screen) == ("Доброе утро", None, {"tg-1": "Доброе утро"})
    told = (await house.get(f"/conversations/{case.id}/messages"))["items"][-1]["event"]
    reason = house.bridge.phrases.reason("ru", "edit_too_old")
    assert (told["code"], told["detail"]) == ("edit_failed", reason)


async def test_who_may_not_and_what_cannot_be(house, able) -> None:
    case = await house.says("Здравствуйте")
    said = await house.post(f"/conversations/{case.id}/messages", {"text": "Доброе утро"}, status=201)
    line = await until(house, said, sent)
    assert (await house.patch(f"/messages/{said['id']}", {"text": "x"}, "mark", 403))["code"] == "forbidden"
    assert (await house.patch(f"/messages/{said['id']}", {"text": "x"}, "watcher", 403))["code"] == "forbidden"
    assert (await house.patch(f"/messages/{said['id']}", {"text": " "}, status=422))["errors"][0]["code"] == "empty"
    assert (await house.patch("/messages/none", {"text": "x"}, status=404))["code"] == "not_found"
    stale = {"If-Match": str(line["version"] - 1)}
    assert (await house.patch(f"/messages/{said['id']}", {"text": "x"}, status=409, headers=stale))["code"] == "version"
    assert (await house.patch(f"/messages/{said['id']}", {"text": "От старшего"}, "chief"))["text"] == "От старшего"


async def test_a_messenger_without_the_ability_is_409(house) -> None:
    case = await house.says("Здравствуйте")
    said = await house.post(f"/conversations/{case.id}/messages", {"text": "Доброе утро"}, status=201)
    waits = await house.patch(f"/messages/{said['id']}", {"text": "Добрый день"})
    assert (waits["text"], waits["amending"]) == ("Добрый день", False)
    workers = asyncio.create_task(LaneWorkers(house.bridge, "out", Outbox(house.bridge).handle, 2).run())
    await until(house, said, sent)
    workers.cancel()
    await asyncio.gather(workers, return_exceptions=True)
    assert [each.text for each in house.channel.sent] == ["Добрый день"]
    (asked, *_) = (await house.get(f"/conversations/{case.id}/messages"))["items"]
    for method, path, body in (
        ("PATCH", f"/messages/{said['id']}", {"text": "x"}),
        ("DELETE", f"/messages/{said['id']}", None),
        ("PUT", f"/messages/{asked['id']}/reaction", {"emoji": "👍"}),
    ):
        refused = await house.call(method, path, json=body)
        assert (refused.status, (await refused.json())["code"]) == (409, "channel_cannot")
