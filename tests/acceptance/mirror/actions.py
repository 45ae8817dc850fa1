"""What a customer, an operator in the panel and one in the topic may do with one conversation, picked at random."""

import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from tests.shop import GROUP, STAFF, Phone, Shop

#: Stands in every note, and in nothing else.
SECRET = "тайна"
EMOJI = ("👍", "❤", "🔥", "🎉")
#: Answers of the API that refuse what came too late or belongs to somebody else: they are right answers.
REFUSALS = (403, 404, 409, 422)


@dataclass
class Scene:
    """One customer with the conversation about him, and what was done so far."""

    shop: Shop
    phone: Phone
    mix: random.Random
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    words: int = 0

    def text(self) -> str:
        self.words += 1
        return f"{self.phone.name} слово {self.words} <b>&amp; *_"

    async def act(self) -> None:
        """Do one thing; what nobody could do just now is left out."""
        name, weight = zip(*WEIGHTS.items(), strict=True)
        chosen = self.mix.choices(name, weight)[0]
        if await ACTIONS[chosen](self):
            self.done[chosen] += 1

    async def mine(self, bots: bool) -> dict[str, Any] | None:
        """Pick a message on the phone, the customer's own or one that came from the shop."""
        there = [m for m in await self.phone.sees() if m["from"]["is_bot"] is bots and not m["deleted"]]
        return self.mix.choice(there) if there else None

    async def row(self, *kinds: str) -> dict[str, Any] | None:
        """Pick a line of the history by its author's kind."""
        rows = [row for row in await self.shop.history(self.phone) if row["author"]["kind"] in kinds]
        return self.mix.choice(rows[-12:]) if rows else None

    async def ctl(self, path: str, **body: Any) -> None:
        await self.shop.ctl("POST", path, body)

    async def on_the_phone(self, path: str, **body: Any) -> bool:
        """Do something with a message the customer looks at; the shop may have taken it back a moment ago."""
        body = {"user": self.phone.id, **body}
        async with self.shop.http.post(f"{self.shop.telegram}/ctl{path}", json=body) as answer:
            assert answer.status < 300 or answer.status == 404, await answer.text()
            return answer.status != 404

    async def api(self, method: str, path: str, body: Any = None, of: dict[str, Any] | None = None) -> None:
        """Ask the API as one of the operators, mostly as the author `of` a row; refusals count, a fault fails."""
        who = self.mix.choice(list(STAFF))
        if of is not None and self.mix.random() < 0.9:
            who = of["author"]["id"].removeprefix("op-")
        headers = {"Authorization": f"Bearer {self.shop.tokens[who]}"}
        async with self.shop.http.request(
            method, f"{self.shop.url}/api/v1{path}", json=body, headers=headers
        ) as answer:
            text = await answer.text()
            assert answer.status < 300 or answer.status in REFUSALS, (method, path, answer.status, text)
            if answer.status >= 300:
                self.refused[f"{method} {path.rpartition('/')[2][:12]} {answer.status}"] += 1

    async def here(self) -> str:
        return str((await self.shop.conversation(self.phone))["id"])

    async def place(self) -> int | None:
        """Return the conversation's topic, if it is there and open."""
        topics = (await self.shop.ctl("GET", f"/topics?group={GROUP}"))["items"]
        found = [t["topic"] for t in topics if t["name"].startswith(f"{self.phone.name} ")]
        return found[-1] if found else None

    async def in_topic(self, **body: Any) -> bool:
        """Do something as an operator in the topic: {path, ...}."""
        topic, path = await self.place(), body.pop("path")
        if topic is None:
            return False
        who = STAFF[self.mix.choice(list(STAFF))][1]
        body = {"operator": body.pop("operator", who), "group": GROUP, "topic": topic, **body}
        async with self.shop.http.post(f"{self.shop.telegram}/ctl{path}", json=body) as answer:
            # The topic may have been deleted or closed a moment ago: nobody can write there.
            return answer.status < 300

    async def posted(self, own: bool) -> dict[str, Any] | None:
        """Pick a message of the topic that an operator wrote himself, or one of the bot's."""
        topic = await self.place()
        if topic is None:
            return None
        there = [m for m in await self.shop.in_topic(topic) if m["text"] and not m["deleted"]]
        there = [m for m in there if m["from"]["is_bot"] is not own]
        return self.mix.choice(there[-10:]) if there else None


async def says(at: Scene) -> bool:
    await at.phone.say(at.text())
    return True


async def answers_a_message(at: Scene) -> bool:
    quoted = await at.mine(at.mix.random() < 0.7)
    return quoted is not None and await at.on_the_phone("/user/say", text=at.text(), reply_to=quoted["message_id"])


async def sends_an_album(at: Scene) -> bool:
    await at.ctl("/user/say", user=at.phone.id, album=at.mix.randint(2, 4), text=at.text())
    return True


async def sends_a_file(at: Scene) -> bool:
    kind = at.mix.choice(("photo", "document", "voice"))
    await at.ctl("/user/say", **{"user": at.phone.id, kind: True, "text": at.text()})
    return True


async def edits(at: Scene) -> bool:
    own = await at.mine(False)
    if own is None or not own["text"]:
        return False
    await at.ctl("/user/edit", user=at.phone.id, message_id=own["message_id"], text=at.text())
    return True


async def deletes(at: Scene) -> bool:
    own = await at.mine(False)
    if own is not None:
        await at.ctl("/user/delete", user=at.phone.id, message_id=own["message_id"])
    return own is not None


async def reacts(at: Scene) -> bool:
    ours = await at.mine(True)
    if ours is None:
        return False
    emoji = at.mix.choice((*EMOJI, ""))
    return await at.on_the_phone("/user/react", message_id=ours["message_id"], emoji=emoji)


async def panel_replies(at: Scene) -> bool:
    quoted = await at.row("customer") if at.mix.random() < 0.3 else None
    body = {"text": at.text(), "kind": "reply", "reply_to": quoted["id"] if quoted else None}
    await at.api("POST", f"/conversations/{await at.here()}/messages", body)
    return True


async def panel_notes(at: Scene) -> bool:
    await at.api(
        "POST", f"/conversations/{await at.here()}/messages", {"text": f"{SECRET} {at.text()}", "kind": "note"}
    )
    return True


async def panel_edits(at: Scene) -> bool:
    row = await at.row("operator", "note")
    if row is None:
        return False
    text = f"{SECRET} {at.text()}" if row["author"]["kind"] == "note" else at.text()
    await at.api("PATCH", f"/messages/{row['id']}", {"text": text}, of=row)
    return True


async def panel_deletes(at: Scene) -> bool:
    row = await at.row("operator", "note")
    if row is not None:
        await at.api("DELETE", f"/messages/{row['id']}", of=row)
    return row is not None


async def panel_reacts(at: Scene) -> bool:
    row = await at.row("customer")
    if row is not None:
        await at.api("PUT", f"/messages/{row['id']}/reaction", {"emoji": at.mix.choice(EMOJI)})
    return row is not None


def verb(name: str, **body: Any) -> Callable[[Scene], Awaitable[bool]]:
    async def done(at: Scene) -> bool:
        await at.api("POST", f"/conversations/{await at.here()}/{name}", body)
        return True

    return done


async def topic_says(at: Scene) -> bool:
    return await at.in_topic(path="/operator/say", text=at.text())


async def topic_quotes(at: Scene) -> bool:
    post = await at.posted(own=False)
    return post is not None and await at.in_topic(path="/operator/say", text=at.text(), reply_to=post["message_id"])


async def topic_notes(at: Scene) -> bool:
    return await at.in_topic(path="/operator/say", text=f"// {SECRET} {at.text()}")


async def topic_sends_an_album(at: Scene) -> bool:
    return await at.in_topic(path="/operator/say", album=2, text=at.text())


async def topic_edits(at: Scene) -> bool:
    own = await at.posted(own=True)
    if own is None or own["text"].startswith("/"):
        return False
    text = f"// {SECRET} {at.text()}" if own["text"].startswith("//") else at.text()
    return await at.in_topic(path="/operator/edit", operator=own["from"]["id"], message_id=own["message_id"], text=text)


async def topic_reacts(at: Scene) -> bool:
    post = await at.posted(own=False)
    return post is not None and await at.in_topic(
        path="/operator/react", message_id=post["message_id"], emoji=at.mix.choice(EMOJI)
    )


async def topic_commands(at: Scene) -> bool:
    return await at.in_topic(path="/operator/say", text=at.mix.choice(("/claim", "/close", "/reopen", "/release")))


async def topic_is_closed(at: Scene) -> bool:
    return await at.in_topic(path="/operator/close_topic")


async def topic_is_deleted(at: Scene) -> bool:
    return await at.in_topic(path="/operator/delete_topic")


ACTIONS: dict[str, Callable[[Scene], Awaitable[bool]]] = {
    **{act.__name__: act for act in (says, answers_a_message, sends_an_album, sends_a_file, edits, deletes, reacts)},
    **{act.__name__: act for act in (panel_replies, panel_notes, panel_edits, panel_deletes, panel_reacts)},
    **{act.__name__: act for act in (topic_says, topic_quotes, topic_notes, topic_sends_an_album, topic_edits)},
    **{act.__name__: act for act in (topic_reacts, topic_commands, topic_is_closed, topic_is_deleted)},
    **{name: verb(name) for name in ("claim", "close", "reopen")},
    "release": verb("release", to="queue"),
}
WEIGHTS = dict.fromkeys(ACTIONS, 4) | {"says": 10, "panel_replies": 8, "topic_says": 8, "edits": 6, "panel_edits": 6}
WEIGHTS |= {"topic_is_deleted": 1, "topic_is_closed": 1, "close": 2, "reopen": 2, "topic_commands": 2}
