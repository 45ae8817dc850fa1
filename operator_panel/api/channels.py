"""/channels: the connected accounts."""

from bridge.rights import require
from operator_panel.api import shapes
from operator_panel.serving import Call


async def channels(call: Call) -> shapes.Page[shapes.ChannelInfo]:
    """List the connected accounts and how they are."""
    require(call.actor, "channels")
    return shapes.Page(items=await call.office.renderer.channels(call.language))
