"""How a customer is called: a name somebody gave beats one that was made up."""

from typing import Any

from tests.shop import GROUP, until
from tests.widget import signed

QUESTION = "почту или телефон"


async def test_a_name_somebody_gave_beats_a_made_up_one_whoever_is_older(site: Any, visit: Any) -> None:
    visitor = visit()
    tab = await visitor.come(identify=signed("u-2002", phone="8 912 345-67-89"))
    await tab.say("позовите оператора")
    await tab.gets("оператор")
    guest = (await visitor.conversation())["customer"]
    assert guest["name"].startswith("Гость")
    phone = await site.caller("Ольга Чайкина")
    await phone.gets(QUESTION)
    card = {"phone": "79123456789", "own": True}
    await site.ctl("POST", "/user/say", {"user": phone.id, "contact": card})

    async def called() -> dict[str, Any] | None:
        there = (await visitor.conversation())["customer"]
        return there if there["name"] == "Ольга Чайкина" else None

    olga = await until(called)
    here = await site.conversation(phone)
    assert here["customer"] == olga
    assert here["customer"]["name"] == "Ольга Чайкина"
    where = (await visitor.conversation())["id"]

    async def told() -> list[str]:
        lines = (await site.api("GET", f"/conversations/{where}/messages"))["items"]
        events = [line["event"] for line in lines if line["event"]]
        return [event["detail"] for event in events if event["code"] == "linked_by_proof"]

    assert await until(told, "the line about it") == ["Ольга Чайкина"]
    topics = (await site.ctl("GET", f"/topics?group={GROUP}"))["items"]
    topic = next(one["topic"] for one in topics if one["name"].startswith("Гость"))
    await site.topic_shows(topic, "Клиент: Ольга Чайкина")
    await site.topic_shows(topic, "· Сайт")
    await _by_hand(site, visitor, olga, guest)


async def _by_hand(site: Any, visitor: Any, olga: dict[str, Any], guest: dict[str, Any]) -> None:
    """Parted and joined again from the guest's card, it is the guest who leaves and joins; so is it undone."""
    await site.api("POST", f"/customers/{olga['id']}/unlink", {"other": guest["id"]})
    assert (await visitor.conversation())["customer"] == guest
    joined = await site.api("POST", f"/customers/{guest['id']}/link", {"other": olga["id"]})
    assert (joined["id"], joined["name"]) == (olga["id"], olga["name"])
    assert (await visitor.conversation())["customer"] == olga
    for _ in range(2):  # asked again, nothing changes
        parted = await site.api("POST", f"/customers/{guest['id']}/unlink", {"other": olga["id"]})
        assert (parted["id"], parted["name"]) == (guest["id"], guest["name"])
    assert (await visitor.conversation())["customer"] == guest


async def test_a_visitor_is_called_by_the_name_the_shop_tells_later(site: Any, visit: Any) -> None:
    anna = visit()
    tab = await anna.come(identify=signed("u-3003"))
    await tab.say("позовите оператора")
    await tab.gets("оператор")
    assert (await anna.conversation())["customer"]["name"].startswith("Гость")
    again = await anna.come(identify=signed("u-3003", name="Анна Ковалёва"))
    await again.say("это снова я")

    async def called() -> bool:
        return bool((await anna.conversation())["customer"]["name"] == "Анна Ковалёва")

    await until(called)
