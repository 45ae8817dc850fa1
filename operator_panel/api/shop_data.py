"""/customers/{id}/shop_data: what the shop's own program knows of a customer."""

from pydantic import Field

from bridge.model.ids import CustomerId
from bridge.people import shop_data
from operator_panel.api import bodies, cards
from operator_panel.serving import Call


class ShopDataQuery(bodies.Asked):
    """`anew`: ask the program although its last answer is young."""

    anew: bool = Field(False)


async def customer_shop_data(call: Call, id: str, query: ShopDataQuery) -> cards.ShopData:
    """Ask the shop's program what it knows of a customer; an answer is kept for the minutes of the settings."""
    found = await shop_data.shop_data(call.bridge, call.actor, CustomerId(id), anew=query.anew)
    fields = [cards.ShopField(name=each.name, value=each.value, link=each.link) for each in found.fields]
    return cards.ShopData(fields=fields, at=found.at, fault=found.fault)
