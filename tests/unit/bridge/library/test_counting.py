"""What became of articles is counted by day, exactly once whatever dies in between, and stays small."""

from datetime import timedelta

from bridge import timers
from bridge.library.health import counting, usage
from bridge.model.ids import ArticleId, ChatId
from bridge.model.inbound import Said
from bridge.model.questions import EVER, Use, use_of
from storage.memory import MemoryDocuments
from storage.schema import USES
from tests.hall import Process, founded, sender
from tests.street import NAME, Killed, Life, Street, Time, raw_of

FIRST, OTHER = ArticleId("first"), ArticleId("other")


class Shop:
    """A street where customers are answered by the bot, process after process."""

    def __init__(self) -> None:
        self.documents, self.time = MemoryDocuments(), Time()
        self.street = Street(self.time)
        self.number = 0

    async def open(self) -> "Shop":
        self.store = await founded(self.documents, self.time)
        self.process = Process(self.documents, self.street, group=False, burst=0.0)
        return self

    async def ask(self, text: str, *, tidies: bool = True) -> None:
        self.number += 1
        said = Said(NAME, ChatId("1"), f"m{self.number}", sender("1"), text, self.time.now())
        await self.process.inbox.accept(NAME, raw_of(self.number, "1", said))
        for _ in range(20):
            await self.process.step("in")
            await self.process.step("out")
            self.time.pass_(0.1)
        if tidies:
            await self.tidy()

    async def tidy(self) -> None:
        await timers.tidy_up(self.process.bridge)

    async def use(self, how: str, about: str) -> None:
        await self.store.write_rows([Use(use_of(about, FIRST, how), FIRST, self.time.now(), how)])

    async def counts(self) -> dict[str, dict[ArticleId, int]]:
        self.process.bridge.memory.kept.clear()
        found = await usage.counts(self.process.bridge)
        return {how: each for how, each in found.ever.items() if each}

    async def rows(self) -> int:
        return await self.documents.count(USES)


async def test_an_answer_is_counted_off_its_message_and_days_are_folded_once() -> None:
    shop = await Shop().open()
    await shop.ask("вопрос раз")
    await shop.ask("сомнение")
    await shop.use("helped", "t1")
    expected = {"answer": {FIRST: 1}, "offer": {FIRST: 1, OTHER: 1}, "helped": {FIRST: 1}}
    assert (await shop.counts(), await shop.rows()) == (expected, 1), "no row for what a message says"
    assert await counting.fold(shop.process.bridge) is False, "it is too young"
    shop.time.pass_(86_400)
    await shop.ask("вопрос два", tidies=False)
    shop.time.pass_(3600)
    assert await counting.fold(shop.process.bridge) is False, "words may be written out only later"
    await shop.tidy()
    assert await counting.fold(shop.process.bridge)
    expected["answer"][FIRST] = 2
    assert (await shop.counts(), len(await shop.store.uses.days())) == (expected, 2)
    shop.time.pass_(7200)
    for _ in range(2):
        await counting.fold(shop.process.bridge)
    assert (await shop.counts(), await shop.rows()) == (expected, 0), "what is counted is forgotten"
    shop.time.pass_(20 * 86_400)
    await shop.ask("вопрос три")
    await shop.use("helped", "t2")
    shop.time.pass_(21 * 86_400)
    await counting.fold(shop.process.bridge)
    found = await usage.counts(shop.process.bridge)
    assert [day.id for day in await shop.store.uses.days()][-1] == EVER
    assert (found.ever["answer"], found.ever["helped"], found.lately["answer"]) == ({FIRST: 3}, {FIRST: 2}, {FIRST: 1})
    assert found.last[FIRST] < shop.time.now() - timedelta(days=20)


async def test_a_death_at_any_write_of_counting_neither_loses_nor_doubles() -> None:
    for deaths in range(12):
        shop = await Shop().open()
        for day in range(3):
            await shop.ask(f"вопрос {day}")
            await shop.use("sent", f"t{day}")
            shop.time.pass_(86_400 if day else 45 * 86_400)
        life = Life()
        life.left = deaths
        dying = Process(shop.documents, shop.street, life, group=False).bridge
        try:
            await counting.fold(dying)
            await counting.fold(dying)
        except Killed:
            pass
        wanted = {"answer": {FIRST: 3}, "sent": {FIRST: 3}}
        assert await shop.counts() == wanted, deaths
        for _ in range(2):
            shop.time.pass_(7200)
            await counting.fold(shop.process.bridge)
            assert await shop.counts() == wanted, deaths
        assert await shop.rows() == 0
    assert not life.dead, "it died at every write there is"


async def test_rows_of_the_version_before_count_for_the_messages_of_their_time() -> None:
    shop = await Shop().open()
    await shop.ask("вопрос старый")
    await shop.use("answer", "bot:1")
    shop.time.pass_(5)
    await shop.ask("вопрос новый")
    assert await shop.counts() == {"answer": {FIRST: 2}}
    shop.time.pass_(7200)
    for _ in range(3):
        await counting.fold(shop.process.bridge)
        assert await shop.counts() == {"answer": {FIRST: 2}}
        shop.time.pass_(7200)
    assert await shop.rows() == 0
