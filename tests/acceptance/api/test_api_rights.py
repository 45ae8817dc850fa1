"""Who gets what: every role and every verb on one's own, a hidden and a shared conversation; lists and live events."""

import asyncio
import json
from typing import Any

import pytest
from aiohttp import FormData

from bridge.model.operators import Role
from bridge.rights import TABLE

#: The right a verb needs, and how it is asked; {c}, {m}, {p} stand for conversation, customer's word, customer.
VERBS: tuple[tuple[str, str, str, Any], ...] = (
    ("read", "GET", "/conversations/{c}", None),
    ("read", "GET", "/conversations/{c}/messages", None),
    ("read", "POST", "/conversations/{c}/read", {"seq": 1}),
    ("read", "POST", "/conversations/{c}/unread", None),
    ("suggest", "GET", "/conversations/{c}/suggestions", None),
    ("reply", "POST", "/conversations/{c}/suggestions/refuse", {"articles": ["delivery"]}),
    ("reply", "POST", "/conversations/{c}/messages", {"text": "ответ", "suggestion": "delivery"}),
    ("reply", "POST", "/conversations/{c}/messages", {"text": "ответ"}),
    ("note", "POST", "/conversations/{c}/messages", {"text": "заметка", "kind": "note"}),
    ("reply", "POST", "/conversations/{c}/held", {"text": "чуть позже"}),
    ("reply", "DELETE", "/conversations/{c}/held/x", None),
    ("reply", "PATCH", "/conversations/{c}/held/x", {"send_at": "2099-01-01T00:00:00Z"}),
    ("reply", "POST", "/conversations/{c}/held/x/send", None),
    ("note", "GET", "/conversations/{c}/draft", None),
    ("note", "PUT", "/conversations/{c}/draft", {"text": "черновик"}),
    ("note", "DELETE", "/conversations/{c}/draft", None),
    ("macro", "POST", "/conversations/{c}/macro", {"macro": "x"}),
    ("tag", "POST", "/conversations/{c}/tags", {"add": ["vip"]}),
    ("prioritize", "PATCH", "/conversations/{c}", {"priority": "high"}),
    ("follow", "POST", "/conversations/{c}/follow", None),
    ("follow", "POST", "/conversations/{c}/unfollow", None),
    ("task", "POST", "/tasks", {"text": "перезвонить", "conversation": "{c}"}),
    ("read", "GET", "/tasks?conversation={c}", None),
    ("read", "GET", "/tasks?customer={p}", None),
    ("star", "PUT", "/messages/{m}/star", None),
    ("star", "DELETE", "/messages/{m}/star", None),
    ("star", "GET", "/conversations/{c}/starred", None),
    ("snooze", "POST", "/conversations/{c}/snooze", {"until": None}),
    ("ask_contact", "POST", "/conversations/{c}/ask_contact", None),
    ("claim", "POST", "/conversations/{c}/claim", None),
    ("assign", "POST", "/conversations/{c}/assign", {"operator": "boss"}),
    ("share", "POST", "/conversations/{c}/share", {"operator": "mark"}),
    ("share", "POST", "/conversations/{c}/unshare", {"operator": "mark"}),
    ("transfer", "POST", "/conversations/{c}/transfer", {"operator": "boss"}),
    ("release", "POST", "/conversations/{c}/release", {"to": "queue"}),
    ("read", "GET", "/search?q=x&conversation={c}", None),
    ("close", "POST", "/conversations/{c}/close", None),
    ("close", "POST", "/conversations/{c}/close", {"without_reply": True}),
    ("reopen", "POST", "/conversations/{c}/reopen", None),
    ("retry", "POST", "/messages/{m}/retry", None),
    ("react", "PUT", "/messages/{m}/reaction", {"emoji": "👍"}),
    ("react", "DELETE", "/messages/{m}/reaction", None),
    ("propose", "GET", "/messages/{m}/article", None),
    ("propose", "POST", "/messages/{m}/article", {"title": "Статья"}),
    ("read", "GET", "/customers/{p}", None),
    ("read", "GET", "/customers/{p}/messages", None),
    ("read", "GET", "/customers/{p}/files", None),
    ("reply", "POST", "/conversations", {"customer": "{p}", "channel": "telegram"}),
    ("customer", "PATCH", "/customers/{p}", {"note": "вежлив"}),
    ("customer", "GET", "/customers/{p}/shop_data", None),
    ("customer", "POST", "/customers/{p}/link", {"other": "{p}x"}),
    ("customer", "POST", "/customers/{p}/unlink", {"other": "{p}x"}),
    ("ban", "POST", "/customers/{p}/ban", {}),
    ("ban", "POST", "/customers/{p}/unban", None),
)
#: Ends of paths that name what is not there: 404 is as far as one gets.
NOWHERE = ("link", "/article", "/held/x", "/held/x/send", "/macro")
#: Rights that no verb on one conversation needs; those left over are tried above.
ELSEWHERE = {"amend", "amend_others", "staff", "teams", "webhooks", "channels", "audit", "article", "publish"}
ELSEWHERE |= {"customers", "erase", "delete", "contacts", "canned", "canned_shared", "views_shared"}


async def waits(house: Any, text: str, chat: str) -> str:
    """A conversation that waits for somebody, of no team."""
    case = await house.says(text, chat)
    await house.post(f"/conversations/{case.id}/release", {"to": "queue"}, who="boss")
    return str(case.id)


class Shop:
    """Two teams; everybody but the administrator gets the first one alone, and one conversation of the second."""

    def __init__(self, house: Any) -> None:
        self.house = house
        self.places: dict[str, dict[str, str]] = {}

    async def found(self) -> "Shop":
        house = self.house
        teams = [await house.post("/teams", {"name": name}, who="boss", status=201) for name in ("Наши", "Чужие")]
        self.team = teams[0]["id"]
        access = {"team_access": {"scope": "only", "names": [self.team]}}
        for who in ("anna", "chief", "watcher", "writer"):
            await house.patch(f"/operators/{who}", access, who="boss")
        for chat, (place, team) in enumerate({"own": 0, "other": 1, "shared": 1}.items(), 1):
            id = await waits(house, f"где заказ {place}?", str(chat))
            await house.post(f"/conversations/{id}/transfer", {"team": teams[team]["id"]}, who="boss")
            row = await house.bridge.store.conversations.get(id)
            line = (await house.bridge.store.messages.page(id, 0, None, 1))[0]
            self.places[place] = {"c": id, "m": line.id, "p": row.customer}
        for who in ("anna", "chief", "watcher", "writer"):
            await house.post(f"/conversations/{self.places['shared']['c']}/share", {"operator": who}, who="boss")
        return self

    async def ask(self, who: str, place: str, method: str, path: str, body: Any) -> int:
        names = self.places[place]
        told = json.dumps(body)
        for name, id in names.items():
            told = told.replace(f"{{{name}}}", id)
        response = await self.house.call(method, path.format(**names), who, json=json.loads(told))
        return int(response.status)


@pytest.fixture
async def shop(house: Any) -> Shop:
    return await Shop(house).found()


async def test_every_role_does_every_verb_where_it_may_and_nowhere_else(shop: Shop) -> None:
    assert {right for right, *_ in VERBS} | ELSEWHERE == set(TABLE)
    people = {"anna": Role.OPERATOR, "chief": Role.SUPERVISOR, "watcher": Role.OBSERVER, "writer": Role.EDITOR}
    wrong = []
    for who, role in {**people, "boss": Role.ADMIN}.items():
        for right, method, path, body in VERBS:
            for place in shop.places:
                status = await shop.ask(who, place, method, path, body)
                if role not in TABLE[right]:
                    fits = status == 403
                elif place == "other" and who != "boss":
                    fits = status == 404
                else:
                    # What does not fit the moment is refused otherwise: the gate is passed.
                    fits = status not in (401, 403, 500) and (status != 404 or path.endswith(NOWHERE))
                if not fits:
                    wrong.append((who, place, method, path, status))
            if who != "boss" and right in ("assign", "transfer", "claim", "reply"):
                await _back(shop)
    assert wrong == []


async def test_a_conversation_is_deleted_by_who_was_given_the_right_where_he_gets_it(shop: Shop) -> None:
    house, path = shop.house, "/conversations/{c}"
    people = ("anna", "chief", "watcher", "writer")
    for who in people:
        assert [await shop.ask(who, place, "DELETE", path, None) for place in shop.places] == [403] * 3, who
    for who in people:
        await house.patch(f"/operators/{who}", {"rights": ["delete", "delete"]}, who="boss")
    for who in ("watcher", "writer"):  # whoever reads alone is not given it by the way
        assert [await shop.ask(who, place, "DELETE", path, None) for place in shop.places] == [403] * 3, who
    assert (await house.get("/operators/anna", who="boss"))["rights"] == ["delete"]
    assert [await shop.ask("anna", place, "DELETE", path, None) for place in shop.places] == [200, 404, 200]
    assert [await shop.ask("anna", place, "DELETE", path, None) for place in shop.places] == [404] * 3
    assert [await shop.ask("boss", place, "DELETE", path, None) for place in shop.places] == [404, 200, 404]
    refused = await house.patch("/operators/anna", {"rights": ["fly"]}, who="boss", status=422)
    assert refused["errors"][0]["field"].startswith("rights")
    assert (await house.call("PATCH", "/operators/anna", "anna", json={"rights": ["delete"]})).status == 403


async def _back(shop: Shop) -> None:
    """Nobody owns anything: an owner gets his conversation whatever his reach."""
    for names in shop.places.values():
        await shop.house.post(f"/conversations/{names['c']}/reopen", who="boss")
        await shop.house.post(f"/conversations/{names['c']}/release", {"to": "queue"}, who="boss")


async def test_lists_counts_searches_and_customers_tell_nothing_of_what_is_hidden(shop: Shop) -> None:
    house, places = shop.house, shop.places
    own, shared = (places[name]["c"] for name in ("own", "shared"))
    for query in (
        "",
        "?view=all",
        "?view=free",
        "?stage=waiting",
        "?q=заказ",
        "?view=all&q=заказ",
        "?channel=telegram",
    ):
        seen = {each["id"] for each in (await house.get(f"/conversations{query}"))["items"]}
        assert seen == {own, shared}, query
    assert (await house.get(f"/conversations?customer={places['other']['p']}"))["items"] == []
    counts = await house.get("/conversations/counts")
    assert counts == {"mine": 0, "free": 2, "all": 2, "bot": 0, "due": 0}
    assert {each["id"] for each in (await house.get("/customers"))["items"]} == {
        places["own"]["p"],
        places["shared"]["p"],
    }


async def test_words_and_files_of_what_is_hidden_are_not_there(shop: Shop) -> None:
    house, places = shop.house, shop.places
    for method in ("PATCH", "DELETE"):
        assert await shop.ask("anna", "other", method, "/messages/{m}", {"text": "иначе"}) == 404
        assert await shop.ask("anna", "own", method, "/messages/{m}", {"text": "иначе"}) == 403
    for place, status in (("other", 404), ("own", 200)):
        form = FormData()
        form.add_field("file", f"счёт {place}".encode(), filename="счёт.txt")
        sent = await house.call("POST", "/files", "boss", data=form)
        file = (await sent.json())["id"]
        body = {"text": "счёт", "attachments": [{"file_id": file}]}
        await house.post(f"/conversations/{places[place]['c']}/messages", body, who="boss", status=201)
        await house.post(f"/conversations/{places[place]['c']}/release", {"to": "queue"}, who="boss")
        assert (await house.call("GET", f"/files/{file}", "anna")).status == status


async def test_pages_have_neither_gaps_nor_strangers_and_ones_own_is_there_whatever_the_reach(shop: Shop) -> None:
    house = shop.house
    own, other, shared = (shop.places[name]["c"] for name in ("own", "other", "shared"))
    await house.patch("/operators/anna", {"teams": [shop.team]}, who="boss")
    assert (await house.get("/conversations/counts"))["mine"] == 1
    for number in range(6):
        id = await waits(house, "ещё", str(100 + number))
        if number % 2:
            await house.post(f"/conversations/{id}/transfer", {"team": shop.team}, who="boss")
    for query in ("view=all", "stage=waiting", "assignee=none"):
        seen, cursor = [], ""
        while cursor is not None:
            page = await house.get(f"/conversations?limit=2&{query}" + (f"&cursor={cursor}" if cursor else ""))
            seen += [each["id"] for each in page["items"]]
            cursor = page["next"]
        assert len(seen) == len(set(seen)) == 5, query
        assert other not in seen
    assert (await house.get("/conversations/counts"))["all"] == 5
    # By channel, too: what is his own he gets all the same.
    await house.post(f"/conversations/{own}/assign", {"operator": "anna"}, who="boss")
    access = {"team_access": {"scope": "all"}, "channel_access": {"scope": "except", "names": ["telegram"]}}
    await house.patch("/operators/anna", access, who="boss")
    assert {each["id"] for each in (await house.get("/conversations?view=all"))["items"]} == {own, shared}
    assert await house.get("/conversations/counts") == {"mine": 1, "free": 1, "all": 2, "bot": 0, "due": 1}
    refused = await house.patch("/operators/anna", {"teams": ["x"]}, who="boss", status=422)
    assert refused["errors"] == [{"field": "teams", "code": "unknown"}]


async def _told(line: Any, until: str) -> list[dict[str, Any]]:
    """What a live line is told up to a frame of a type."""
    frames: list[dict[str, Any]] = []
    while not frames or frames[-1]["type"] != until:
        frames.append(json.loads((await asyncio.wait_for(line.receive(), 10)).data))
    return frames


async def test_a_live_line_tells_of_what_its_person_gets_and_when_that_changes(shop: Shop) -> None:
    house, names = shop.house, shop.places
    proof = {"Authorization": f"Bearer {house.tokens['anna']}"}
    async with house.client.ws_connect("/live", headers=proof) as line:
        await _told(line, "hello")
        await line.send_json({"type": "look", "conversation_id": names["other"]["c"]})
        for place in ("other", "own"):
            await house.post(f"/conversations/{names[place]['c']}/tags", {"add": ["срочно"]}, who="boss")
        frames = await _told(line, "conversation.updated")
        assert names["other"]["c"] not in json.dumps(frames)
        assert frames[-1]["conversation"]["id"] == names["own"]["c"]
        # A customer who writes where she does not look, a conversation that leaves her: once, and no more of it.
        await house.says("ещё вопрос", "2")
        await house.post(f"/conversations/{names['shared']['c']}/unshare", {"operator": "anna"}, who="boss")
        frames = await _told(line, "reset")
        assert names["other"]["c"] not in json.dumps(frames)
        await house.post(f"/conversations/{names['shared']['c']}/tags", {"add": ["ещё"]}, who="boss")
        await house.post(f"/conversations/{names['own']['c']}/tags", {"add": ["ещё"]}, who="boss")
        frames = await _told(line, "conversation.updated")
        assert {each["type"] for each in frames} <= {"conversation.updated", "message.created", "counts"}
        assert names["shared"]["c"] not in json.dumps(frames)
        # What she gets is changed: all is looked at anew.
        await house.patch("/operators/anna", {"team_access": {"scope": "all"}}, who="boss")
        await _told(line, "reset")
        await house.post(f"/conversations/{names['other']['c']}/tags", {"add": ["видно"]}, who="boss")
        assert (await _told(line, "conversation.updated"))[-1]["conversation"]["id"] == names["other"]["c"]


async def test_who_leaves_gives_back_what_is_open_and_keeps_his_words(shop: Shop) -> None:
    house, id = shop.house, shop.places["own"]["c"]
    await house.post(f"/conversations/{id}/messages", {"text": "Сейчас посмотрю"}, status=201)
    assert (await house.call("DELETE", "/operators/anna", "chief")).status == 403
    assert (await house.call("DELETE", "/operators/anna", "boss")).status == 204
    assert (await house.call("DELETE", "/operators/anna", "boss")).status == 404
    await house.get("/me", status=401)
    row = await house.get(f"/conversations/{id}", who="boss")
    assert (row["stage"], row["assignee"]) == ("waiting", None)
    lines = (await house.get(f"/conversations/{id}/messages", who="boss"))["items"]
    assert lines[-1]["event"] == {"code": "left", "actor": "Anna", "detail": ""}
    assert any(each["author"] == {"kind": "operator", "id": "anna", "name": "Anna"} for each in lines)
    assert "anna" not in [each["id"] for each in (await house.get("/operators", who="boss"))["items"]]
    again = {"email": "anna@example.com", "name": "Анна"}
    await house.post("/operators", again, who="boss", status=201)
    # Disabled is the same for what is open; who looks after the installation alone is given nothing.
    await house.post(f"/conversations/{id}/claim", who="mark")
    await house.patch("/operators/mark", {"disabled": True}, who="boss")
    assert (await house.get(f"/conversations/{id}", who="boss"))["stage"] == "waiting"
    await house.patch("/operators/boss", {"serves": False}, who="boss")
    await house.post(f"/conversations/{id}/claim", who="boss", status=403)
    refused = await house.post(f"/conversations/{id}/assign", {"operator": "boss"}, who="boss", status=422)
    assert refused["errors"] == [{"field": "operator", "code": "cannot_reply"}]
    refused = await house.patch("/operators/boss", {"disabled": True}, who="boss", status=422)
    assert refused["errors"] == [{"field": "role", "code": "last_admin"}]
