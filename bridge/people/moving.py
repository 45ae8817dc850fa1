"""What is a customer's follows him: chats, identities and conversations belong to whoever stands for him."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

from bridge.commit import Change, commit
from bridge.context import Bridge
from bridge.draft import Draft
from bridge.errors import Conflict, NotFound
from bridge.model.conversations import Conversation, ConversationFilters
from bridge.model.customers import Chat, Customer, Identity, Link
from bridge.model.events import AuditEvent
from bridge.model.ids import CustomerId, derive
from bridge.people.kin import members, root
from bridge.staff import topics

T = TypeVar("T", Chat, Identity)

#: Rows looked at in one go.
PORTION = 100


async def move(bridge: Bridge, step: Link) -> None:
    """Bring everything of the customers a step is about to where it belongs now.

    Identities first, then chats, then conversations: who makes one of them meanwhile looks at the one before it last.
    """
    family = [step.child, *(each.id for each in await members(bridge, step.child))]
    places = list(dict.fromkeys([*family, step.parent, (await root(bridge, step.parent)).id]))
    for where in places:
        await _identities(bridge, where)
    for where in places:
        await _chats(bridge, where)
    for where in places:
        await _conversations(bridge, where, step)
    await _tell(bridge, step)


async def _identities(bridge: Bridge, where: CustomerId) -> None:
    for row in await bridge.store.people.identities(where):
        await _follow(bridge, row, bridge.store.people.replace_identity, _identity_again)


async def _chats(bridge: Bridge, where: CustomerId) -> None:
    for row in await bridge.store.people.chats(where, PORTION):
        await _follow(bridge, row, bridge.store.people.replace_chat, _chat_again)


async def _identity_again(bridge: Bridge, row: Identity) -> Identity | None:
    found = await bridge.store.people.owners(row.kind, row.value, PORTION)
    return next((each for each in found if each.id == row.id), None)


async def _chat_again(bridge: Bridge, row: Chat) -> Chat | None:
    return await bridge.store.people.chat(row.channel, row.chat)


async def _follow(
    bridge: Bridge,
    row: T,
    write: Callable[[T], Awaitable[T]],
    again: Callable[[Bridge, T], Awaitable[T | None]],
) -> None:
    """Give a row to whoever stands for the customer it came with; looked at again after the write, for he may go on."""
    current: T | None = row
    while current is not None:
        owner = await root(bridge, current.home)
        if current.customer == owner.id:
            return
        moved = replace(current, customer=owner.id, origin=current.home)
        try:
            current = await write(moved)
        except Conflict:
            current = await again(bridge, current)


async def _conversations(bridge: Bridge, where: CustomerId, step: Link) -> None:
    cursor: str | None = None
    while True:
        rows, cursor = await bridge.store.conversations.page(ConversationFilters(customer=where), cursor, PORTION)
        for row in rows:
            await place(bridge, row, step)
        if cursor is None:
            return


async def place(bridge: Bridge, row: Conversation, step: Link | None = None) -> None:
    """Give a conversation to whoever stands for the customer it began with; a step is told in its thread."""
    while (owner := await root(bridge, row.home)).id != row.customer:
        actor = await _name(bridge, step) if step is not None else ""
        key = f"moved:{step.number if step else 0}:{owner.id}:{owner.link_number}:{row.version}"
        await commit(bridge, row.id, key, _moves(bridge, owner, step, actor, key))
        row = await bridge.store.conversations.get(row.id)


def _moves(
    bridge: Bridge, owner: Customer, step: Link | None, actor: str, key: str
) -> Callable[[Conversation], Change | None]:
    def decide(before: Conversation) -> Change | None:
        if before.customer == owner.id:
            return None
        after = replace(before, customer=owner.id, customer_name=owner.name, origin=before.home)
        draft = Draft(bridge, before, after, key)
        if step is not None:
            code = ("linked_by_proof" if step.because else "linked") if step.joins else "unlinked"
            draft.event(code, actor, owner.name if step.joins else before.customer_name)
        return draft.change()

    return decide


async def _name(bridge: Bridge, step: Link) -> str:
    try:
        return (await bridge.store.staff.operator(step.by)).name  # type: ignore[arg-type]  # "system" is nobody's id
    except NotFound:
        return ""


async def _tell(bridge: Bridge, step: Link) -> None:
    """Write the audit event, and have whoever looks at one of the two look again: his card has changed."""
    await bridge.store.write_rows(
        [
            AuditEvent(
                id=derive("audit", "link", step.number),
                at=step.at,
                actor=step.by,
                action="customer_linked" if step.joins else "customer_unlinked",
                subject=f"customer:{step.parent}",
                detail={"other": step.child, "because": step.because},
            )
        ]
    )
    for id in {(await root(bridge, step.parent)).id, (await root(bridge, step.child)).id}:
        await renew(bridge, id)


async def renew(bridge: Bridge, id: CustomerId) -> None:
    """Have all who look at a customer's conversations look again: his card has changed."""
    rows, _ = await bridge.store.conversations.page(ConversationFilters(customer=id), None, PORTION)
    for row in rows:
        await bridge.feed.tell_conversation(row)
        await topics.show_state(bridge, row)
