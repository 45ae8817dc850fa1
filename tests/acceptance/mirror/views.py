"""The three views of a conversation, compared row by row: the customer's screen, the panel's history, the topic."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

from bridge.model.desk import Topic
from bridge.model.ids import ConversationId
from bridge.model.messages import AuthorKind, DeliveryState, Message
from bridge.staff import places
from tests.acceptance.mirror.actions import SECRET
from tests.shop import GROUP, Phone, Shop

ARRIVED = (DeliveryState.SENT, DeliveryState.DELIVERED, DeliveryState.READ)
#: Kinds of a customer's rows whose text is not what stands on the screen.
OWN_WORDS = ("press", "command", "contact")


@dataclass
class Views:
    """What stands where, when all is quiet."""

    rows: list[Message]
    screen: dict[str, dict[str, Any]]
    topic: dict[str, dict[str, Any]]
    place: Topic | None

    def faults(self) -> list[str]:
        """Return where the views differ beyond what the table of fallbacks allows."""
        return [*self._screen_faults(), *self._order_faults(), *self._unknown(), *self._reaction_faults()]

    def shown(self, row: Message) -> list[dict[str, Any]]:
        """Return the messages of the screen that a row became or came as."""
        return [self.screen[id] for id in ids_of(row) if id in self.screen]

    def _screen_faults(self) -> Iterator[str]:
        for row in self.rows:
            there = [each for each in self.shown(row) if not each["deleted"]]
            told = f"{row.author.kind.value} {row.seq} {row.text[:40]!r}"
            match row.author.kind:
                case AuthorKind.NOTE | AuthorKind.SYSTEM:
                    if there:
                        yield f"{told} left the team"
                case AuthorKind.CUSTOMER:
                    # Telegram tells nobody what a customer deletes: what he took away stands in the history.
                    words = {each["text"] or "" for each in there}
                    if there and row.kind not in OWN_WORDS and row.text not in words:
                        yield f"{told} stands as {words} on the screen"
                    if there and (album := there[0]["album"]) is not None:
                        sent = sum(each["album"] == album for each in self.screen.values())
                        if sent != len(row.attachments):
                            yield f"{told} has {len(row.attachments)} of {sent} files of its album"
                case _ if row.delivery is not None and row.delivery.state in ARRIVED:
                    if bool(there) is (row.deleted_at is not None):
                        yield f"{told} is {'still' if there else 'not'} on the screen"
                    if there and "".join(each["text"] or "" for each in there) != row.text:
                        yield f"{told} stands as {[each['text'] for each in there]} on the screen"
                case _ if there:
                    yield f"{told} stands on the screen and was never sent"

    def _order_faults(self) -> Iterator[str]:
        for ours in (False, True):
            kinds = (AuthorKind.BOT, AuthorKind.OPERATOR) if ours else (AuthorKind.CUSTOMER,)
            found = [int(id) for row in self.rows if row.author.kind in kinds for id in ids_of(row)[:1]]
            if found != sorted(found):
                yield f"{'our' if ours else 'the customer’s'} words are out of order: {found}"

    def _unknown(self) -> Iterator[str]:
        known = {id for row in self.rows for id in ids_of(row)}
        albums = {each["album"] for each in self.screen.values() if each["message_id_"] in known and each["album"]}
        for id, each in self.screen.items():
            if id not in known and each["album"] not in albums:
                yield f"{each['text']!r} stands on the screen, and in no history"

    def _reaction_faults(self) -> Iterator[str]:
        for row in self.rows:
            there = self.shown(row)
            signs = {each.author.kind: each.emoji for each in row.reactions}
            for kind, bot in ((AuthorKind.CUSTOMER, False), (AuthorKind.OPERATOR, True)):
                seen = {sign["emoji"] for each in there for sign in each["reactions"] if sign["bot"] is bot}
                wanted = {signs[kind]} if kind in signs else set()
                # A word of several messages has a sign on each of them; the history keeps a person's newest.
                same = seen == wanted or (len(there) > 1 and wanted <= seen)
                if there and not same and row.author.kind not in (AuthorKind.NOTE, AuthorKind.SYSTEM):
                    yield f"signs of {kind.value} on {row.seq} {row.text[:40]!r}: {seen}, and {wanted} in the history"


def ids_of(row: Message) -> tuple[str, ...]:
    """Return the ids a row has on the customer's screen."""
    if row.author.kind is AuthorKind.CUSTOMER:
        return (row.external_id,) if row.external_id else ()
    if row.delivery is None or row.delivery.external_id is None:
        return ()
    return row.delivery.parts or (row.delivery.external_id,)


async def look(shop: Shop, phone: Phone) -> list[Views]:
    """Return the views of each conversation of a customer."""
    items = (await shop.api("GET", f"/conversations?external_id={phone.id}"))["items"]
    rows: list[Message] = []
    for item in reversed(items):
        rows += await shop.bridge.store.messages.page(ConversationId(item["id"]), 0, None, 1000)
    place = await shop.bridge.store.desk.topic(ConversationId(items[0]["id"]))
    posts = await shop.in_topic(int(place.topic)) if place is not None and place.topic else []
    chat = shop.emulator.emulation.world.private(
        int(shop.house.settings.bots["telegram"]["token"].split(":")[0]), phone.id
    )
    assert chat is not None
    screen = {}
    for post, each in zip(chat.posts, await phone.sees(), strict=True):
        signs = [{"emoji": e, "bot": who != str(phone.id)} for who, some in post.reactions.items() for e in some]
        each |= {"reactions": signs, "album": post.body.get("media_group_id"), "message_id_": str(post.id)}
        screen[str(post.id)] = each
    return [Views(rows, screen, {str(m["message_id"]): m for m in posts}, place)]


async def topic_faults(shop: Shop, views: Views) -> list[str]:
    """Return what the topic shows otherwise than the history says; a topic made anew shows what came since."""
    faults = []
    place = views.place
    if place is None or place.topic is None:
        return ["there is no topic"]
    for row in views.rows:
        if row.author.kind is not AuthorKind.SYSTEM and row.conversation == place.id:
            faults += [f"{row.seq} {row.text[:40]!r} {fault}" async for fault in _faults_of(shop, views, row, place)]
    return faults


async def _faults_of(shop: Shop, views: Views, row: Message, place: Topic) -> AsyncIterator[str]:
    written = row.origin == f"{row.channel}.staff" and row.external_id is not None
    at = (str(row.external_id),) if written else places.sent(await places.post_of(shop.bridge, row), place)
    if not at or int(at[0]) < int(place.topic or 0):
        return  # it stood in a topic that was deleted
    there = [views.topic[id] for id in at if id in views.topic]
    if not there:
        yield "stands nowhere in the topic"
        return
    # What an operator wrote in the topic itself the bot cannot change there: it tells the change in a line.
    told = [each["text"] or "" for each in (views.topic.values() if written else there)]
    if not any(row.text in text for text in told):
        yield f"stands as {[each['text'] for each in there]} in the topic"
    gone = shop.bridge.phrases.say("ru", "staff.mark_deleted")
    if row.deleted_at is not None and not written and not any(gone in text for text in told):
        yield "was taken back, and the topic does not say so"


async def leaks(shop: Shop) -> list[str]:
    """Return every call to a private chat that carried a note."""
    calls = (await shop.ctl("GET", "/calls"))["items"]
    return [
        str(call["params"])
        for call in calls
        if str(call["params"].get("chat_id", GROUP)) != str(GROUP) and SECRET in str(call["params"])
    ]
