"""What people of the desk learn of each other: names, roles, states; addresses only those who keep accounts."""

import asyncio
import json
import re
from typing import Any

from bridge.model.operators import Role
from operator_panel.access import COOKIE, new_session
from operator_panel.routes import API, PAGES

#: Mark's, which nobody but himself and an administrator may read anywhere.
SECRETS = ("mark@example.com", "7700112233")
PLACE = re.compile(r"\{(\w+)\}")


async def _traces(house: Any) -> dict[str, str]:
    """Have Mark leave traces in all that is listed; returns an id for each collection's addresses."""
    await house.patch("/operators/mark", {"telegram_user_id": 7_700_112_233}, who="boss")
    team = (await house.post("/teams", {"name": "Линия", "members": ["mark", "chief"]}, who="chief", status=201))["id"]
    case = await house.says("где заказ?", "41")
    url = f"/conversations/{case.id}"
    await house.post(f"{url}/claim", who="mark")
    said = await house.post(f"{url}/messages", {"text": "Сейчас посмотрю"}, who="mark", status=201)
    note = {"text": "@Anna взгляни", "kind": "note", "mentions": ["anna"]}
    await house.post(f"{url}/messages", note, who="mark", status=201)
    await house.post(f"{url}/follow", who="anna")
    given = {"text": "перезвонить", "assignee": "anna", "conversation": case.id}
    task = await house.post("/tasks", given, who="mark", status=201)
    view = {"name": "Марка", "narrowing": {"assignees": ["mark"]}, "shared": "all"}
    view = await house.post("/views", view, who="chief", status=201)
    canned = {"title": "Привет", "text": "Здравствуйте, {{operator.name}}!", "shared": "all"}
    canned = await house.post("/canned", canned, who="chief", status=201)
    await house.post(f"{url}/transfer", {"team": team, "reason": "не моё"}, who="mark")
    return {
        "conversations": case.id,
        "messages": said["id"],
        "operators": "mark",
        "teams": team,
        "views": view["id"],
        "customers": case.customer,
        "canned": canned["id"],
        "tasks": task["id"],
        "articles": "delivery",
        "inbox": "all",
    }


def _addresses(ids: dict[str, str]) -> list[str]:
    """Everything that is read below the API, of what is there."""
    found = []
    for route in API:
        kind = route.path.split("/")[1]
        if route.method == "GET" and route.path != "/events" and (kind in ids or "{" not in route.path):
            found.append(PLACE.sub(lambda match, kind=kind: ids[kind] if match[1] == "id" else "1", route.path))
    return found


async def test_addresses_of_colleagues_are_told_nowhere_but_to_who_keeps_accounts(house: Any) -> None:
    ids = await _traces(house)
    addresses = _addresses(ids)
    assert {"/operators", "/operators/mark", "/operators/states", "/teams", "/views", "/me"} <= set(addresses)
    for who in ("anna", "chief", "watcher", "writer"):
        told = []
        for address in addresses:
            answer = await house.call("GET", address, who)
            body = await answer.read()
            assert answer.status < 500, address
            told += [address for secret in SECRETS if secret.encode() in body]
        opened = new_session(house.staff[who], house.clock.now(), True, "")
        await house.bridge.store.staff.open_session(opened.session)
        for _, path, _, known in PAGES:
            if not known or path.startswith("/kb/{section}/"):
                continue
            address = path.format(view="all", conversation=ids["conversations"], section="me", id="mark")
            page = await house.client.get(address, headers={"Cookie": f"{COOKIE}={opened.cookie}"})
            body = await page.text()
            told += [address for secret in SECRETS if secret in body]
        assert told == [], who


async def test_an_account_is_whole_for_its_person_and_for_an_administrator(house: Any) -> None:
    await _traces(house)
    account = ("email", "telegram_user_id", "team_access", "channel_access", "invited_until")
    hidden = dict.fromkeys(account)
    invited = await house.post("/invitations", {"email": "new@example.com"}, who="boss", status=201)
    for who, role in ((name, person.role) for name, person in house.staff.items()):
        for row in (await house.get("/operators", who=who))["items"]:
            alone = await house.get(f"/operators/{row['id']}", who=who)
            assert {**alone, "seen_at": None} == {**row, "seen_at": None}
            shown = {name: row[name] for name in account}
            if role is Role.ADMIN or row["id"] == who:
                assert shown["email"].endswith("@example.com"), (who, row["id"])
                assert shown["team_access"] == {"scope": "all", "names": []}
            else:
                assert shown == hidden, (who, row["id"])
            assert {"id", "name", "role", "disabled", "teams", "serves"} <= set(row)
    assert invited["operator"]["invited_until"]
    assert (await house.get("/me", who="mark"))["telegram_user_id"] == 7_700_112_233


async def test_live_lines_and_the_stream_name_people_and_no_addresses(house: Any) -> None:
    proof = {"Authorization": f"Bearer {house.tokens['anna']}"}
    stream = await house.call("GET", "/events", "anna")
    async with house.client.ws_connect("/live", headers=proof) as line:
        ids = await _traces(house)
        await house.patch("/operators/mark", {"name": "Марк Последний"}, who="boss")
        frames: list[str] = []
        while not frames or "Марк Последний" not in frames[-1]:
            frames.append((await asyncio.wait_for(line.receive(), 10)).data)
    assert json.loads(frames[-1])["type"] == "operators"
    told = b""
    while b"conversation.updated" not in told or ids["conversations"].encode() not in told:
        told += await asyncio.wait_for(stream.content.readline(), 10)
    stream.close()
    everything = "".join(frames) + told.decode()
    assert not [secret for secret in SECRETS if secret in everything]
