"""VK's deliveries: confirmed, believed only with the secret, durable before `ok`, registered by comparing."""

import json
from typing import Any

import pytest

from bridge.errors import StoreDown
from tests.community import GROUP, Community


def event(text: str = "здравствуйте", **more: Any) -> dict[str, Any]:
    told = {"id": 1, "date": 1_790_000_000, "peer_id": 5, "from_id": 5, "text": text, "conversation_message_id": 1}
    return {
        "type": "message_new",
        "group_id": GROUP,
        "event_id": "e1",
        "v": "5.199",
        "object": {"message": told},
        **more,
    }


async def delivered(shop: Any, body: Any) -> tuple[int, str]:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    async with shop.http.post(f"{shop.url}/hooks/vk", data=data) as answer:
        return answer.status, await answer.text()


async def secret_of(community: Community) -> str:
    await community.listened()
    return (await community.calls("groups.addCallbackServer"))[0]["secret_key"]


async def test_the_server_is_registered_once_with_the_events_we_read(vk_shop: Any, community: Community) -> None:
    await community.listened()
    (server,) = await community.calls("groups.addCallbackServer")
    assert server["url"] == f"{vk_shop.url}/hooks/vk"
    assert server["url"].count("vk1.a") == 0
    (settings,) = await community.calls("groups.setCallbackSettings")
    assert settings["api_version"] == "5.199"
    wanted = {name for name, value in settings.items() if value == "1"}
    assert {"message_new", "message_reply", "message_event", "message_deny", "message_read"} <= wanted
    assert "wall_reply_new" not in wanted
    secret = server["secret_key"]
    assert await vk_shop.bridge.channels.by_name["vk"]._community._registered(server["url"], secret) == "ok"
    assert len(await community.calls("groups.addCallbackServer")) == 1
    assert await community.calls("groups.editCallbackServer") == []
    assert len(await community.calls("groups.setCallbackSettings")) == 1
    await vk_shop.bridge.channels.by_name["vk"]._community._registered(server["url"], "another")
    assert [call["secret_key"] for call in await community.calls("groups.editCallbackServer")] == ["another"]


async def test_a_key_that_may_not_set_the_server_serves_one_set_by_hand_and_says_so(
    tmp_path: Any, library: Any, matcher: Any, open_shop: Any, community: Community, until: Any
) -> None:
    await community.fault("vk_15", method="groups.getCallbackServers", seconds=600)
    table = {**community.table, "callback_secret": "byHand1"}
    async with open_shop(tmp_path, library, matcher, more={"vk": table}) as shop:

        async def told() -> Any:
            items = (await shop.api("GET", "/channels", who="admin"))["items"]
            return next((each for each in items if each["name"] == "vk" and each["reason"]), None)

        channel = await until(told)
        assert (channel["state"], channel["reason"]) == ("ok", "no_rights")
        assert await delivered(shop, event(secret="byHand1")) == (200, "ok")


async def test_an_address_that_vk_cannot_reach_is_told_of_beside_the_channel(
    tmp_path: Any, library: Any, matcher: Any, open_shop: Any, community: Community, until: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr("bots.vk.community.SOON", 0.2)
    await community.fault("vk_10", method="groups.getCallbackConfirmationCode", count=2)
    async with open_shop(tmp_path, library, matcher, more={"vk": community.table}) as shop:

        async def told(reason: str | None) -> bool:
            items = (await shop.api("GET", "/channels", who="admin"))["items"]
            (channel,) = [each for each in items if each["name"] == "vk"]
            return channel["state"] == "ok" and channel["reason"] == reason

        await until(lambda: told("unconfirmed"))
        await until(lambda: told(None))


async def test_the_confirmation_is_answered_for_our_community_alone(vk_shop: Any, community: Community) -> None:
    code = community.emulator.emulation.world.groups[GROUP].confirmation
    assert await delivered(vk_shop, {"type": "confirmation", "group_id": GROUP}) == (200, code)
    assert (await delivered(vk_shop, {"type": "confirmation", "group_id": 5}))[0] == 403


async def test_what_has_not_the_secret_is_refused_and_leaves_nothing(vk_shop: Any, community: Community) -> None:
    for secret in ({}, {"secret": ""}, {"secret": "x"}, {"secret": 5}, {"secret": "\ud83d"}):
        assert (await delivered(vk_shop, event(**secret)))[0] == 403
    assert (await delivered(vk_shop, event(secret=await secret_of(community), group_id=5)))[0] == 403
    assert await vk_shop.bridge.store.updates.known("vk", [f"{GROUP}.m.5.1"]) == set()


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"type": "message_new"}', b'{"type": 1, "group_id": "x"}', b"[" * 200_000]
)
async def test_what_is_no_event_is_refused(vk_shop: Any, body: bytes) -> None:
    assert (await delivered(vk_shop, body))[0] == 400


async def test_an_event_nobody_can_read_goes_to_the_dead_letters_and_harms_no_other(
    vk_shop: Any, community: Community, until: Any
) -> None:
    secret, ids = await secret_of(community), []
    for kind in ("message_new", "message_reply", "wall_reply_new", "message_typing_state"):
        for number, about in enumerate([{}, None, 5, [], {"message": {"id": 0, "text": "x"}}]):
            odd = {"type": kind, "group_id": GROUP, "event_id": f"{kind}{number}", "object": about, "secret": secret}
            assert await delivered(vk_shop, odd) == (200, "ok")
            ids += [f"odd.{kind}{number}"] if kind != "message_typing_state" else []
    assert await vk_shop.bridge.store.updates.known("vk", ids) == set(ids)
    anna = await community.person()
    await anna.say("здравствуйте")
    await anna.gets("бот")
    await vk_shop.quiet()


async def test_an_event_is_stored_before_ok_and_a_store_that_is_away_is_no_ok(
    vk_shop: Any, community: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = await secret_of(community)
    receiver = vk_shop.bridge.channels.by_name["vk"]._receiver
    accept = receiver.accept

    async def away(*_: Any) -> None:
        raise StoreDown("no disk")

    monkeypatch.setattr(receiver, "accept", away)
    assert (await delivered(vk_shop, event(secret=secret)))[0] == 503
    monkeypatch.setattr(receiver, "accept", accept)
    assert await delivered(vk_shop, event(secret=secret)) == (200, "ok")
    assert await vk_shop.bridge.store.updates.known("vk", [f"{GROUP}.m.5.1"]) == {f"{GROUP}.m.5.1"}
    assert await delivered(vk_shop, event(secret=secret)) == (200, "ok")


async def test_a_name_that_vk_does_not_tell_keeps_nobody_waiting(vk_shop: Any, community: Community) -> None:
    await community.fault("vk_10", method="users.get", seconds=600)
    anna = await community.person()
    await anna.say("оператор")
    conversation = await vk_shop.stage(anna, "waiting")
    assert conversation["customer"]["name"] == str(anna.id)


async def test_a_wrong_key_breaks_its_own_community_alone(
    tmp_path: Any, library: Any, matcher: Any, open_shop: Any, community: Community, until: Any
) -> None:
    table = {**community.table, "token": "vk1.a.some-other-communitys-key-that-is-none"}
    async with open_shop(tmp_path, library, matcher, more={"vk": table}) as shop:

        async def broken() -> Any:
            items = (await shop.api("GET", "/channels", who="admin"))["items"]
            return next((each for each in items if each["name"] == "vk" and each["state"] == "broken"), None)

        assert (await until(broken))["reason"]
        phone = await shop.phone()
        await phone.say("оператор")
        await shop.stage(phone, "waiting")
