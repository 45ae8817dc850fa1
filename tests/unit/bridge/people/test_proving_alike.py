"""Who types somebody's contact learns nothing of him: the same is done for a known one as for one nobody has."""

import re
from typing import Any

import pytest

from bridge import facts, timers
from bridge.model.asking import AskRules
from bridge.model.ids import ChatId
from bridge.model.inbound import Identified, Said, Shared
from bridge.people import codes, contacts, proving, retention
from bridge.receive import receive
from bridge.staff import mirror
from storage.memory import MemoryDocuments
from tests.hall import Process, founded, sender
from tests.street import NAME, Street, Time

OPERATIONS = frozenset({"get", "get_many", "find", "insert", "insert_many", "replace", "delete", "bump", "group"})


class Watched(MemoryDocuments):
    """Documents that note what is done with them: operation and collection, of an insert the row's text too."""

    def __init__(self) -> None:
        super().__init__()
        self.done: list[tuple[str, ...]] = []

    def __getattribute__(self, name: str) -> Any:
        found = super().__getattribute__(name)
        if name not in OPERATIONS:
            return found

        def noted(coll: Any, *args: Any, **more: Any) -> Any:
            text = str(args[1].get("text", "")) if name == "insert" and coll.name == "messages" else ""
            self.done.append((name, coll.name, text))
            return found(coll, *args, **more)

        return noted


class Post:
    """A mail server that takes everything."""

    def __init__(self) -> None:
        self.to: list[str] = []

    async def send(self, to: str, subject: str, text: str) -> str:
        self.to.append(to)
        return ""


async def nobody_waits() -> None:
    """No breath waits here."""


async def claimed(process: Process, documents: Watched, chat: str, text: str) -> list[tuple[str, ...]]:
    """Return what is done with the store when somebody claims a contact, from his word on, the contact left out."""
    bridge, now = process.bridge, process.bridge.clock.now()
    await receive(bridge, Said(NAME, ChatId(chat), f"{chat}-0", sender(chat), "добрый день", now))
    documents.done.clear()
    said = await receive(bridge, Said(NAME, ChatId(chat), f"{chat}-1", sender(chat), text, now))
    await proving.follow(bridge, [said])
    (contact,) = contacts.contacts(text)
    forms = text, contacts.shown(contact)
    return [(*step[:2], step[2].replace(forms[0], "…").replace(forms[1], "…")) for step in documents.done]


@pytest.mark.parametrize("way", ["mail", "chat"])
async def test_a_known_contact_is_treated_as_one_nobody_has_until_the_answer_is_written(
    way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proving, "PER_HOUR", 10**9)  # places are drawn by chance: here no two are the same one
    time, documents = Time(), Watched()
    await founded(documents, time)
    process = Process(documents, Street(time), group=False)
    bridge, now, post = process.bridge, time.now(), Post()
    object.__setattr__(bridge, "asks", AskRules(chat_codes=True))
    object.__setattr__(bridge, "mail", post if way == "mail" else None)
    anna = (NAME, ChatId("1"))
    await receive(bridge, Said(*anna, "1-0", sender("1"), "мой заказ 4821", now))
    await facts.done(bridge, Shared(*anna, "1-1", sender("1"), phone="+79120000001", own=True, at=now), nobody_waits)
    proof = Identified(*anna, "1-2", sender("1"), user_id="u1", email="anna@kedr.example", phone="", at=now)
    await facts.done(bridge, proof, nobody_waits)
    texts = ("anna@kedr.example", "none@kedr.example") if way == "mail" else ("8 912 000-00-01", "8 912 000-00-02")
    known = await claimed(process, documents, "2", texts[0])
    strange = await claimed(process, documents, "3", texts[1])
    if way == "mail":
        assert known == strange
        assert post.to == list(texts)
        return
    answered = next(number for number, step in enumerate(strange) if "код" in step[2])
    assert known[: answered + 1] == strange[: answered + 1]
    # Only then it is looked for who has it; and his other chat gets the code.
    assert ("find", "identities", "") in known[answered:]
    assert len([step for step in known if "код" in step[2]]) == 2
    await _veiled_when_over(process, documents, time)


async def _veiled_when_over(process: Process, documents: Watched, time: Time) -> None:
    """The line that holds the code shows none to the desk, and holds none once the code is good no more."""
    bridge = process.bridge
    chat = await bridge.store.people.chat(NAME, ChatId("1"))
    assert chat is not None
    assert chat.conversation is not None
    line = (await bridge.store.messages.page(chat.conversation, None, None, 1))[0]
    (code,) = re.findall(r"\b\d{6}\b", line.text)
    assert mirror.words(bridge, line) == line.text.replace(code, codes.VEIL)
    assert await retention.forget_past(bridge) == 0
    assert code in repr(documents._rows)
    time.pass_(codes.LIVES.total_seconds() + 1)
    assert [await retention.forget_past(bridge), await retention.forget_past(bridge)] == [1, 0]
    assert (await bridge.store.messages.get(line.id)).text == line.text.replace(code, codes.VEIL)
    await timers.tidy_up(bridge)
    assert code not in repr(documents._rows)
