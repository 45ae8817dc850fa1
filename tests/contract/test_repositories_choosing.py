"""What the repositories promise over any store: of those who are asked for no index leaves anybody out."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from random import Random

import pytest

from bridge.clock import SystemClock
from bridge.model.conversations import Conversation, Stage
from bridge.model.customers import Customer, Identity
from bridge.model.ids import ChannelName, ChatId, ConversationId, CustomerId, IdentityId
from storage.documents import Documents
from storage.repositories import Repositories
from storage.schema import ALL

T0 = datetime(2025, 3, 1, 12, 0, tzinfo=UTC)
NAMES, TAGS, COMPANIES = ("Анна", "Борис", "Анна Белова"), ("опт", "Розница", "🎁", "опт розница"), ("", "Кедр", "Опт")
SOUGHT = ("анн", "анна белова", "борис", "n3@shop.example", "кедр", "shop", "🎁")


def case(n: int, of: int) -> Conversation:
    id, chat, owner, at = ConversationId(f"c{n}"), ChatId(f"{n}"), CustomerId(f"cu{of:02}"), T0 + timedelta(hours=n)
    return Conversation(id, 0, ChannelName("telegram"), chat, owner, "x", Stage.BOT, at, at)


@pytest.fixture
async def store(documents: Documents) -> Repositories:
    """Fourteen customers, the last of whom joined the first, with contacts and some conversations."""
    await documents.open(ALL)
    store, random = Repositories(documents, SystemClock()), Random(7)
    for n in range(14):
        tags = tuple(random.sample(TAGS, random.randint(0, 2)))
        name, company = random.choice(NAMES), random.choice(COMPANIES)
        row = Customer(CustomerId(f"cu{n:02}"), name, T0 + timedelta(hours=n), tags=tags, company=company)
        await store.people.add_customer(replace(row, linked_to=CustomerId("cu00") if n == 13 else None))
        mail = Identity(IdentityId(f"i{n}"), row.id, "email", f"n{n}@shop.example", False)
        await store.people.add_identity(replace(mail, customer=CustomerId("cu00")) if n == 13 else mail)
    for n in range(6):
        await store.conversations.open(case(n, random.randint(0, 12)))
    return store


async def test_candidates_are_few_enough_and_nobody_who_fits_is_missing(store: Repositories) -> None:
    people = store.people
    everybody = [row for row in await people.since(None, None, 100) if row.linked_to is None]
    ids = [row.id for row in everybody]
    owned = await people.identities_of(ids)
    found = {q: {row.id for row in everybody if people.finds(q, row, owned[row.id])} for q in SOUGHT}
    assert found == {q: {row.id for row in await people.search(q, 100) if row.id in found[q]} for q in SOUGHT}
    assert (found["🎁"], len(found["shop"]), found["n3@shop.example"]) == (set(), 13, {"cu03"})
    moments = (None, T0 + timedelta(hours=3))
    named, asked = 0, list(product(("", *TAGS), COMPANIES, ("", *SOUGHT), moments, (2, 100)))
    for tag, company, q, since, limit in Random(3).sample(asked, 60):
        few = await people.few(f"{tag} {company}", q, since, limit)
        active = set(ids) if since is None else await people.active(ids, since)
        fit = {
            row.id
            for row in everybody
            if (not tag or tag in row.tags)
            and (not company or company == row.company)
            and (not q or row.id in found[q])
        }
        if few is not None:
            named += 1
            assert fit & active <= {row.id for row in few}
            assert len({row.id for row in few}) == len(few) <= limit
            assert all(row.linked_to is None for row in few)
    assert 20 < named < 60
    assert await people.active([], T0) == set()
    late = T0 + timedelta(hours=4)
    assert await people.active(ids, late) == {(await store.conversations.get(case(n, 0).id)).customer for n in (4, 5)}
