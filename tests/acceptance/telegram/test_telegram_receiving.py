"""How updates come in: the webhook is compared before it is set, polls and deliveries lose nothing."""

from typing import Any

import pytest

from bots.telegram import receiving
from bots.telegram.parse import KINDS
from bridge.model.inbound import Commanded, Reacted, Said, Started
from tests.serving import until
from tests.telegram_door import GROUP, OLGA, OTHER, TOKEN, Door, Street, hooked
from tests.telegram_door import street as opened_street


async def set_calls(street: Street, count: int) -> list[Any]:
    """Return the calls of setWebhook once there are so many."""

    async def made() -> Any:
        calls = await street.calls("setWebhook")
        return calls if len(calls) >= count else None

    return list(await until(made, f"{count} setWebhook"))


async def looked(street: Street, count: int) -> None:
    async def enough() -> bool:
        return len(await street.calls("getWebhookInfo")) >= count

    await until(enough, "a look at the webhook")


async def test_the_webhook_is_set_once_and_only_compared_afterwards(street: Street) -> None:
    async with hooked(lambda url: street.door(url, mode="webhook")) as (door, url):
        door.start()
        (call,) = await set_calls(street, 1)
        assert call["params"]["url"].startswith(f"{url}/hooks/telegram?mark=")
        assert "drop_pending_updates" not in call["params"]
        assert "message_reaction" in call["params"]["allowed_updates"]
        user = await street.person()
        await street.say(user, "привет")
        assert (await door.hears(Said)).text == "привет"
        await door.stop()
        again = street.door(url, mode="webhook")
        before = len(await street.calls("getWebhookInfo"))
        again.start()
        await looked(street, before + 1)
        await until(lambda: _ok(again))
        assert len(await street.calls("setWebhook")) == 1


async def _ok(door: Door) -> bool:
    return door.channel.state.state == "ok"


@pytest.mark.parametrize(
    "changed", [{"max_connections": 3}, {"allowed_updates": '["message"]'}, {"url": "http://127.0.0.1:1/elsewhere"}]
)
async def test_what_somebody_changed_is_set_again_and_what_waits_stays(street: Street, changed: dict[str, Any]) -> None:
    user = await street.person()
    async with hooked(lambda url: street.door(url, mode="webhook")) as (door, url):
        door.start()
        (call,) = await set_calls(street, 1)
        await door.stop()
        mine = {key: call["params"][key] for key in ("url", "secret_token", "allowed_updates", "max_connections")}
        async with street.http.post(f"{street.base}/bot{TOKEN}/setWebhook", data={**mine, **changed}) as answer:
            assert answer.status == 200
        again = street.door(url, mode="webhook")
        again.start()
        calls = await set_calls(street, 3)
        assert calls[2]["params"]["url"] == call["params"]["url"]
        await street.say(user, "слышите?")
        waits = street.emulator.emulation.world.bots[7000000001]
        assert waits.webhook is not None
        assert waits.webhook.max_connections == receiving.CONNECTIONS


async def test_another_secret_is_set_and_the_old_one_is_refused(street: Street) -> None:
    user = await street.person()
    async with hooked(lambda url: street.door(url, mode="webhook", webhook_secret="one")) as (door, url):
        door.start()
        (first,) = await set_calls(street, 1)
        await door.stop()
    async with hooked(lambda url: street.door(url, mode="webhook", webhook_secret="two")) as (door, url):
        door.start()
        second = (await set_calls(street, 2))[-1]
        assert first["params"]["url"].partition("?")[2] != second["params"]["url"].partition("?")[2]
        assert second["params"]["secret_token"] == "two"
        await street.say(user, "привет")
        await door.hears(Said, text="привет")
        body = {"update_id": 1, "message": {}}
        for header in ("one", "нет", ""):
            given = {"X-Telegram-Bot-Api-Secret-Token": header}
            async with street.http.post(f"{url}/hooks/telegram", json=body, headers=given) as answer:
                assert answer.status == 401


async def test_a_bot_that_polls_takes_the_webhook_away_and_loses_nothing(street: Street) -> None:
    user = await street.person()
    hook = {"url": "http://127.0.0.1:1/nobody"}
    async with street.http.post(f"{street.base}/bot{TOKEN}/setWebhook", data=hook) as answer:
        assert answer.status == 200
    await street.say(user, "пока никого нет")
    door = await street.polling()
    assert (await door.hears(Said)).text == "пока никого нет"
    (call,) = await street.calls("deleteWebhook")
    assert call["params"].get("drop_pending_updates") != "true"


async def test_orders_links_and_signs_come_through(street: Street) -> None:
    door = await street.polling()
    user = await street.person()
    await street.say(user, "/start promo-7")
    await street.say(user, "/lang en")
    said = await street.say(user, "слово")
    await street.ctl("POST", "/user/react", {"user": user, "message_id": said, "emoji": "🔥"})
    assert (await door.hears(Started)).payload == "promo-7"
    assert (await door.hears(Commanded)).argument == "en"
    assert (await door.hears(Reacted)).message_external_id == str(said)
    assert {raw.lane for raw in door.raws} == {f"in:telegram:{user}"}


async def test_the_menu_of_orders_is_compared_before_it_is_set(street: Street) -> None:
    from bots.telegram.menu import ORDERS, offer
    from bridge.phrases import Phrases
    from configs.phrases import load_phrases

    call = street.door().channel._account.call
    phrases = Phrases(load_phrases())
    await offer(call, phrases)
    calls = await street.calls("setMyCommands")
    assert [each["params"].get("language_code") for each in calls] == [None, *phrases.texts]
    assert all(name in calls[0]["params"]["commands"] for name in ORDERS)
    await offer(call, phrases)
    assert len(await street.calls("setMyCommands")) == len(calls)


async def test_a_group_with_a_bot_of_its_own_is_heard_by_that_bot_alone() -> None:
    async with opened_street(TOKEN, OTHER) as street:
        door = await street.polling(staff_group={"chat": GROUP, "token": OTHER})

        async def both() -> bool:
            return len({call["bot"] for call in await street.calls("getUpdates")}) == 2

        await until(both, "two bots that poll")
        user = await street.person()
        await street.say(user, "клиент")
        place = {"operator": OLGA, "group": GROUP}
        said = await street.ctl("POST", "/operator/say", {**place, "text": "вот", "photo": "кот"})
        from bridge.model.inbound import StaffSaid

        word = await door.hears(StaffSaid)
        assert (word.external_id, word.files[0].ref[:5]) == (str(said["message_id"]), "desk/")
        content = b"".join([piece async for piece in door.channel.fetch(word.files[0])])
        assert content.startswith(b"\x89PNG")
        await door.hears(Said, text="клиент")
        await until(lambda: _count(door, 3))  # the customers' bot is in the group, too: its copy is nobody's word
        assert [type(fact).__name__ for fact in door.facts()].count("StaffSaid") == 1


async def _count(door: Door, count: int) -> bool:
    return len(door.raws) >= count


async def test_a_groups_bot_whose_token_broke_disturbs_no_customer() -> None:
    async with opened_street(TOKEN) as street:
        door = await street.polling(staff_group={"chat": GROUP, "token": OTHER})
        user = await street.person()
        await street.say(user, "клиент")
        await door.hears(Said)

        async def told() -> bool:
            return door.channel.state.reason == "unauthorized"

        await until(told, "what is wrong")
        assert door.channel.state.state == "ok"


async def test_bots_of_one_server_share_connections_and_a_broken_token_disturbs_no_other() -> None:
    async with opened_street(TOKEN) as street:
        good = await street.polling()
        bad = street.door(token=OTHER)
        bad.start()

        async def broken() -> bool:
            return bad.channel.state.state == "broken"

        await until(broken, "a broken bot")
        assert good.channel._account.session is bad.channel._account.session
        await bad.stop()
        user = await street.person()
        await street.say(user, "слышно?")
        await good.hears(Said, text="слышно?")
        assert good.channel.state.state == "ok"


def test_business_and_guests_are_not_asked_for() -> None:
    assert not [kind for kind in KINDS if "business" in kind or "guest" in kind]
