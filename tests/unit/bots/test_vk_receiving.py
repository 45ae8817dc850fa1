"""VK's receiving half: names and long words never hold an event up, and each event has its place."""

import asyncio
from typing import Any

import pytest

from bots.vk import names as naming
from bots.vk.budget import SendBudget
from bots.vk.events import Placing
from bots.vk.history import History
from bots.vk.names import Names
from bridge.errors import RetryLater
from tests.vk_payloads import ANNA, NAME, event, message, new


class Api:
    """A VK that notes what it is asked, and answers as told: a value, an error, or nothing until it is let."""

    def __init__(self, *answers: Any) -> None:
        self.asked: list[dict[str, Any]] = []
        self.answers = list(answers)

    async def call(self, method: str, **values: Any) -> Any:
        self.asked.append(values)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, asyncio.Event):
            await answer.wait()
            return []
        return answer


def budget() -> SendBudget:
    return SendBudget("key", 0)


def user(id: int, name: str) -> dict[str, Any]:
    return {"id": id, "first_name": name, "last_name": ""}


async def test_those_who_come_together_are_asked_for_together_and_once() -> None:
    api = Api([user(2, "Борис"), user(3, "Вера")])
    names = Names(api, budget())  # type: ignore[arg-type]  # all it needs of the API is a call
    assert await asyncio.gather(*(names.of({id}) for id in (2, 3, 2))) == [{2: "Борис"}, {3: "Вера"}, {2: "Борис"}]
    assert await names.of({2, 3}) == {2: "Борис", 3: "Вера"}
    assert api.asked == [{"user_ids": [2, 3]}]


async def test_nobody_waits_long_for_a_name_nor_asks_again_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(naming, "PATIENCE", 0.05)
    api = Api(asyncio.Event(), RetryLater(1, "server"))
    names = Names(api, budget())  # type: ignore[arg-type]
    assert await names.of({1}) == {}
    refused = Names(Api(RetryLater(1, "server")), budget())  # type: ignore[arg-type]
    assert await refused.of({1}) == {}
    assert await refused.of({1}) == {}  # a second call would find no answer


async def test_a_long_word_is_read_whole_and_kept_as_it_is_when_it_cannot_be() -> None:
    long = message(text="а" * 9000)
    cut = new(text="а" * 100, is_cropped=True)
    api = Api({"items": [long]}, {"items": []}, RetryLater(1, "server"))
    history = History(api, budget())  # type: ignore[arg-type]
    assert (await history.whole(cut))["object"]["message"] == long
    assert (await history.whole(cut))["object"]["client_info"] == cut["object"]["client_info"]
    assert await history.whole(cut) == cut
    whole = new()
    assert await history.whole(whole) is whole


def test_messages_stand_by_their_number_and_all_else_behind_what_was_heard() -> None:
    placing = Placing(NAME)
    later = placing.place(new(conversation_message_id=13), "")
    earlier = placing.place(new(conversation_message_id=12), "")
    press = placing.place(
        event("message_event", {"peer_id": ANNA, "user_id": ANNA, "event_id": "x", "conversation_message_id": 11}), ""
    )
    answer = placing.place(new(conversation_message_id=14), "")
    assert earlier.order < later.order < press.order < answer.order
    assert {each.lane for each in (later, earlier, press, answer)} == {f"in:vk:{ANNA}"}


def test_one_message_has_one_key_whatever_transport_tells_of_it() -> None:
    placing = Placing(NAME)
    first = placing.place(new(), "")
    again = placing.place({**new(), "event_id": "another"}, "")
    old = placing.place(event("message_new", message()), "")
    assert first.key == again.key == old.key
    edit = event("message_edit", message(update_time=5))
    assert placing.place(edit, "").key == placing.place({**edit, "event_id": "another"}, "").key != first.key


@pytest.mark.parametrize(
    "odd", [{}, {"type": "message_new"}, event("message_new", {}), event("message_edit", {"x": 1})]
)
def test_an_event_without_a_place_is_refused(odd: dict[str, Any]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        Placing(NAME).place(odd, "")
