"""A store the version before wrote: what it did not know is read as it would have been, and people can be joined."""

from dataclasses import replace
from datetime import UTC, datetime

from bridge.clock import SystemClock
from bridge.model.ids import ChannelName, ChatId, CustomerId
from storage.documents import Coll, Documents, Index
from storage.repositories import Repositories
from storage.schema import ALL

T0 = datetime(2025, 3, 1, 12, 0, tzinfo=UTC)
CUSTOMERS = Coll("customers", {"created_at": "ts"}, (Index(("created_at",)),), words="words")
IDENTITIES = Coll("identities", {"customer": "str"}, (Index(("customer",)),), words="words")
CHATS = Coll("chats", {"customer": "str"}, (Index(("customer",)),))


async def _written_before(documents: Documents) -> None:
    await documents.open([CUSTOMERS, IDENTITIES, CHATS])
    for n in (1, 2):
        id = f"cu{n}"
        person = {"name": f"Анна {n}", "created_at": T0, "language": "ru", "note": "", "fields": {}, "words": "анна"}
        await documents.insert(CUSTOMERS, id, person)
        account = {"customer": id, "kind": "tg", "value": str(n), "proved": True, "username": "", "words": str(n)}
        await documents.insert(IDENTITIES, f"i{n}", account)
        chat = {"channel": "tg", "chat": str(n), "customer": id, "conversation": None, "unreachable": None}
        await documents.insert(CHATS, f"tg:{n}", chat)


async def test_rows_without_what_is_new_are_read_found_and_written(documents: Documents) -> None:
    await _written_before(documents)
    await documents.close()
    await documents.open(ALL)
    people = Repositories(documents, SystemClock()).people
    (account,) = await people.owners("tg", "2", 9)
    assert (account.id, account.home, account.origin, account.source) == ("i2", "cu2", None, "")
    customer = await people.customer(CustomerId("cu1"))
    assert (customer.linked_to, customer.contact_asked_at, customer.link_number) == (None, None, 0)
    assert await people.joined(CustomerId("cu1")) == []
    assert (customer.company, customer.tags, customer.fields) == ("", (), {})
    fuller = replace(
        customer, company="Кедр и Ко", tags=("опт",), fields={"born": "1990-02-03", "visits": 2, "vip": True}
    )
    assert await people.replace_customer(fuller) == replace(fuller, version=2)
    assert await people.customer(customer.id) == replace(fuller, version=2)
    assert [row.id for row in await people.search("кедра опт", 9)] == ["cu1"]
    assert [row.id for row in await people.search("", 9)] == ["cu2", "cu1"]
    chat = await people.chat(ChannelName("tg"), ChatId("2"))
    assert chat is not None
    assert (chat.home, (await people.replace_chat(chat)).version) == ("cu2", 2)
