"""An operator speaks first: a customer's conversation goes on or the next one opens, as the operator's own."""

from bridge import service
from bridge.context import Bridge
from bridge.errors import Conflict, Forbidden
from bridge.model.conversations import Conversation
from bridge.model.customers import Chat
from bridge.model.ids import ChannelName, ChatId, CustomerId
from bridge.model.operators import Operator
from bridge.opening import conversation_of, going_on, next_conversation
from bridge.people import ways
from bridge.people.kin import root
from bridge.rights import require
from bridge.teamwork.access import require_seen
from bridge.teamwork.customers import require_customer


async def start(
    bridge: Bridge, actor: Operator, customer: CustomerId, channel: ChannelName, chat: ChatId | None = None
) -> Conversation:
    """Return the conversation of a customer in a channel, open and the operator's; asked again, it is the same one.

    Raises Forbidden, NotFound; Conflict("taken") when a colleague has it, ("banned"), ("never_wrote") where messengers
    let nobody speak first, ("unreachable") or ("channel_down") with the reason's code.
    """
    require(actor, "reply")
    require(actor, "claim")
    await require_customer(bridge, actor, customer)
    person = await root(bridge, customer)
    if person.banned_at is not None:
        raise Conflict("banned")
    found = [way for way in await ways.of(bridge, person) if way.channel == channel and chat in (None, way.chat)]
    if not found:
        raise Conflict("never_wrote", channel)
    way = found[0]
    if way.fault in (ways.NOT_CONNECTED, ways.BROKEN):
        raise Conflict("channel_down", way.reason)
    place = await bridge.store.people.chat(way.channel, way.chat)
    if place is None or place.unreachable is not None:
        raise Conflict("unreachable", way.reason)
    await _require_reach(bridge, actor, place)
    conversation = await conversation_of(bridge, place)
    return await service.begin(bridge, actor, conversation.id)


async def _require_reach(bridge: Bridge, actor: Operator, place: Chat) -> None:
    """Refuse before anything opens that the operator would not get."""
    current = await going_on(bridge, place)
    if current is not None:
        require_seen(actor, current)
    elif not actor.sight.sees(await next_conversation(bridge, place)):
        raise Forbidden(f"{actor.id} gets no conversations of {place.channel}")
