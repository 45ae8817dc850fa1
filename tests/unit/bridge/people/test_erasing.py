"""Erasing survives a death between any two steps; what is past its time goes; contacts are masked for who may not."""

import copy
import io
import json
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest

from bridge import service
from bridge.errors import Forbidden, NotFound
from bridge.model.files import Remote
from bridge.model.ids import ChatId, ConversationId, CustomerId
from bridge.model.inbound import Said, Update
from bridge.model.lanes import in_lane
from bridge.model.misses import Miss
from bridge.model.operators import Role
from bridge.model.records import CustomerRules, Retention
from bridge.people import dossier, erasing, importing, linking, masking, retention
from bridge.people.importing import Import
from bridge.people.shop_data import ShopData
from bridge.receive import receive
from storage.memory import MemoryDocuments
from storage.repositories.base import Rows
from storage.schema import MISSES
from tests.files import PDF
from tests.hall import OLGA, PETR, Process, founded, sender
from tests.street import NAME, Killed, Life, Street, Time

ADMIN = replace(PETR, role=Role.ADMIN)
#: Every name, word, contact and chat of the one who goes.
TRACES = ("Покупатель 71", "Покупатель 72", "жираф", "giraffe@", "'71'", ":71'", "'72'", "Задумчив")


async def says(process: Process, chat: str, text: str, file: bool = False) -> str:
    """A word of a customer, as a worker leaves it: the raw update beside what it became."""
    bridge, number = process.bridge, len(process.bridge.memory.written) + 1
    now = bridge.clock.now()
    raw = Update(f"{NAME}:{chat}.{number}", NAME, f"{chat}.{number}", in_lane(NAME, chat), number, text, now, "done")
    await bridge.store.updates.add(raw)
    files = (Remote("paper", "document", "p.pdf", "application/pdf", len(PDF)),) if file else ()
    kind = "document" if file else "text"
    said = Said(NAME, ChatId(chat), f"{chat}.{number}", sender(chat), text, now, kind, files=files)
    return (await receive(bridge, said)).conversation


async def told(street: Street, documents: MemoryDocuments) -> dict[str, str]:
    """One person in two chats, once taken for a third who parted again, and answered; returns who is who."""
    process = Process(documents, street)
    bridge = process.bridge
    street.held["paper"] = PDF
    case = await says(process, "71", "жираф, giraffe@shop.example", file=True)
    second, third = await says(process, "72", "жирафы"), await says(process, "73", "я сам по себе")
    who = {
        chat: (await bridge.store.conversations.get(id)).customer
        for chat, id in ((71, case), (72, second), (73, third))
    }
    await linking.link(bridge, OLGA, who[73], who[72])
    await linking.unlink(bridge, OLGA, who[73], who[72])
    await linking.link(bridge, OLGA, who[71], who[72])
    await service.reply(bridge, OLGA, case, "Задумчивого жирафа нет", key="r1")
    table = io.BytesIO(f"id,external_id,note\n{who[71]},g71,жирафовод\n".encode())
    await importing.take_for(bridge, "system", Import(table, importing.look(bridge, table, {})))
    return {"71": who[71], "72": who[72], "73": who[73], "case": case, "other": third}


def left(documents: MemoryDocuments) -> list[str]:
    whole = repr(documents._rows)
    return [trace for trace in TRACES if trace in whole]


async def test_a_death_between_any_two_steps_leaves_all_of_a_person_or_nothing() -> None:
    time = Time()
    street, documents = Street(time), MemoryDocuments()
    await founded(documents, time)
    who = await told(street, documents)
    assert left(documents) == list(TRACES)
    deaths = 0
    while True:
        mine, stored = copy.deepcopy(street), copy.deepcopy(documents)
        died = await _erased(mine, stored, Life(deaths), who["72"])
        mine.time.pass_(120)
        bridge = Process(stored, mine).bridge
        begun = await bridge.store.erasing.pending(9)
        assert died or not begun
        await erasing.take_up(bridge, timedelta(0))
        if died and not begun and left(stored):
            assert left(stored) == list(TRACES), deaths  # it died before the erasing was written down
        else:
            assert left(stored) == [], deaths
            assert mine.files._files == {}, deaths
        assert (await bridge.store.conversations.get(who["other"])).customer == who["73"]  # type: ignore[arg-type]
        if not died:
            break
        deaths += 3
    assert deaths > 40


async def _erased(street: Street, documents: MemoryDocuments, life: Life, id: str) -> bool:
    """Erase in a life that may end; True: it did."""
    try:
        row = await erasing.erase(Process(documents, street, life).bridge, ADMIN, CustomerId(id))
    except Killed:
        return True
    assert row.done
    assert (row.counts["files"], row.counts["conversations"], row.by_hand) == (1, 2, ())
    return False


async def test_only_who_may_erases_and_the_other_keeps_his_history() -> None:
    time = Time()
    street, documents = Street(time), MemoryDocuments()
    await founded(documents, time)
    who = await told(street, documents)
    bridge = Process(documents, street).bridge
    with pytest.raises(Forbidden):
        await erasing.erase(bridge, OLGA, CustomerId(who["71"]))
    for id in ("72", "73"):
        bridge.memory.shop_data[CustomerId(who[id])] = ShopData(at=time.now())
    await erasing.erase(bridge, ADMIN, CustomerId(who["72"]))
    assert list(bridge.memory.shop_data) == [who["73"]]
    with pytest.raises(NotFound):
        await bridge.store.people.customer(CustomerId(who["71"]))
    thread = await bridge.store.messages.page(who["other"], None, None, 99)  # type: ignore[arg-type]
    assert [line.text for line in thread if line.text] == ["я сам по себе"]
    assert {line.event.detail for line in thread if line.event} <= {"", "Покупатель 73"}
    assert await erasing.take_up(bridge, timedelta(0)) == 0


async def test_what_is_past_its_time_goes_and_what_is_open_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    time = Time()
    street, documents = Street(time), MemoryDocuments()
    await founded(documents, time)
    who = await told(street, documents)
    process = Process(documents, street)
    object.__setattr__(process.bridge, "rules", CustomerRules(retention=Retention(30, 10, 20)))
    store = process.bridge.store
    await service.close(process.bridge, OLGA, who["case"], key="c")  # type: ignore[arg-type]
    portions: list[int] = []

    async def give_back(pages: int) -> bool:
        portions.append(pages)
        return len(portions) % 30 != 0

    monkeypatch.setattr(documents, "give_back", give_back)
    rounds: list[int] = []
    for _ in range(3):
        assert await retention.forget_past(process.bridge) == 0
        rounds.append(len(portions))
    assert rounds == [retention.GIVEN, 30, 30]  # what the last process left, by portions
    time.pass_(21 * 86_400)
    assert await retention.forget_past(process.bridge) == 4  # three raw updates, one file
    assert len(portions) == 30 + retention.GIVEN
    assert street.files._files == {}
    assert len(await store.messages.page(who["case"], None, None, 99)) > 2  # type: ignore[arg-type]
    time.pass_(10 * 86_400)
    assert await retention.forget_past(process.bridge) > 2
    with pytest.raises(NotFound):
        await store.conversations.get(who["case"])  # type: ignore[arg-type]
    assert (await store.conversations.get(who["other"])).number == 3  # type: ignore[arg-type]  # it is not closed
    chat = await store.people.chat(NAME, ChatId("71"))
    assert chat is not None
    assert chat.conversation is None
    again = await says(process, "71", "снова")
    assert (await store.conversations.get(again)).customer == who["71"]  # type: ignore[arg-type]


async def test_what_was_made_of_his_words_is_in_his_export_and_goes_with_him() -> None:
    time = Time()
    street, documents = Street(time), MemoryDocuments()
    await founded(documents, time)
    who = await told(street, documents)
    bridge = Process(documents, street).bridge
    for name in ("case", "other"):
        at = ConversationId(who[name])
        await Rows(documents, MISSES, Miss).insert(
            Miss(f"miss-{name}", time.now(), f"вопрос {name}", "ru", NAME, at, "unsure")
        )
    packed = io.BytesIO()
    await dossier.export_one(bridge, ADMIN, CustomerId(who["71"]), packed)
    with zipfile.ZipFile(packed) as archive:
        made = json.loads(archive.read("made-of-words.json"))
        shown = [json.loads(archive.read(name)) for name in archive.namelist() if name.startswith("conversations/")]
    posts = [post for case in shown for post in case["posts"]]
    assert any("Задумчивого жирафа нет" in post["text"] for post in posts)
    assert {post["conversation"] for post in posts} <= {case["conversation"]["id"] for case in shown}
    assert [row["text"] for row in made["misses"]] == ["вопрос case"]
    await erasing.erase(bridge, ADMIN, CustomerId(who["71"]))
    assert [row.id for row in await bridge.store.misses.many(["miss-case", "miss-other"])] == ["miss-other"]


def test_contacts_are_masked_so_that_two_can_be_told_apart() -> None:
    assert masking.masked("phone", "+79123456789") == "+7••••••••89"
    assert masking.masked_contact("+7 912 345-67-89") == "+7 ••• •••-••-89"
    assert masking.masked("email", "anna@shop.example") == "a•••@shop.example"
    assert masking.masked("telegram", "100") == "100"
    said = "Пишите на anna@shop.example или 8 912 345-67-89, заказ 20417; ещё anna собака shop точка example"
    shown = masking.masked_text(said)
    assert shown == "Пишите на a•••@shop.example или 8 ••• •••-••-89, заказ 20417; ещё •••"
    assert masking.masked_text("заказ 20417 до 19:30") == "заказ 20417 до 19:30"
