"""An operator speaks first: in a channel the customer wrote in, as the operator's own conversation."""

from typing import Any


async def _closed(shop: Any, phone: Any) -> dict[str, Any]:
    row = await shop.conversation(phone)
    await shop.api("POST", f"/conversations/{row['id']}/close")
    return dict(row)


async def test_an_operator_writes_first_to_who_wrote_once(shop: Any) -> None:
    phone = await shop.caller("Пётр Зимин")
    row = await _closed(shop, phone)
    asked = {"customer": row["customer"]["id"], "channel": row["channel"]}
    begun = await shop.api("POST", "/conversations", asked, status=201)
    assert (begun["stage"], begun["assignee"]["name"]) == ("operator", "Елена Соколова")
    assert (await shop.api("POST", "/conversations", asked, status=201))["id"] == begun["id"]
    assert (await shop.api("POST", "/conversations", asked, who="mark", status=409))["code"] == "taken"
    await shop.api("POST", f"/conversations/{begun['id']}/messages", {"text": "Ваш заказ приехал"}, status=201)
    await phone.gets("Ваш заказ приехал")


async def test_after_a_deleted_conversation_the_operators_word_opens_the_next(shop: Any, until: Any) -> None:
    phone = await shop.caller("Пётр Зимин")
    row = await shop.conversation(phone)
    await shop.api("DELETE", f"/conversations/{row['id']}", who="admin")
    asked = {"customer": row["customer"]["id"], "channel": row["channel"]}
    begun = await shop.api("POST", "/conversations", asked, status=201)
    assert begun["id"] != row["id"]
    assert (begun["stage"], begun["assignee"]["name"]) == ("operator", "Елена Соколова")
    await shop.api("POST", f"/conversations/{begun['id']}/messages", {"text": "Мы нашли ваш заказ"}, status=201)
    await phone.gets("Мы нашли ваш заказ")
    await phone.say("спасибо, жду")

    async def heard() -> bool:
        lines = (await shop.api("GET", f"/conversations/{begun['id']}/messages"))["items"]
        return any(line["text"] == "спасибо, жду" for line in lines)

    await until(heard, "the customer's answer")


async def test_who_blocked_us_is_not_written_to(shop: Any, until: Any) -> None:
    phone = await shop.caller("Пётр Зимин")
    row = await shop.conversation(phone)
    await shop.ctl("POST", "/user/block", {"user": phone.id})
    await shop.api("POST", f"/conversations/{row['id']}/messages", {"text": "вы тут?", "force": True}, status=201)

    async def shut() -> bool:
        card = await shop.api("GET", f"/customers/{row['customer']['id']}")
        return any(way["fault"] == "closed" for way in card["ways"])

    await until(shut, "the chat is shut")
    asked = {"customer": row["customer"]["id"], "channel": row["channel"]}
    refused = await shop.api("POST", "/conversations", asked, status=409)
    assert (refused["code"], bool(refused["detail"])) == ("unreachable", True)


async def test_why_nobody_can_be_written_to_first_is_told(shop: Any) -> None:
    phone = await shop.caller("Пётр Зимин")
    row = await shop.conversation(phone)
    customer = row["customer"]["id"]
    refused = await shop.api("POST", "/conversations", {"customer": customer, "channel": "vk"}, status=409)
    assert refused["code"] == "never_wrote"
    await shop.api("POST", f"/customers/{customer}/ban", {})
    asked = {"customer": customer, "channel": row["channel"]}
    assert (await shop.api("POST", "/conversations", asked, status=409))["code"] == "banned"
    nobody = {"customer": "nobody", "channel": row["channel"]}
    assert (await shop.api("POST", "/conversations", nobody, status=404))["code"] == "not_found"
    refused = await shop.api("POST", "/conversations", {"customer": customer}, status=422)
    assert refused["errors"] == [{"field": "channel", "code": "required"}]
