"""What goes out to people of the desk who have not read it in the panel: by the bot in private, and by letter.

A row is claimed for a while before it is sent, so that two processes never send the same one; of one whose sender died
in the middle, and that is still unread then, the person is told again.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bridge.context import Bridge, log
from bridge.errors import BridgeError, Conflict, RetryLater, StoreDown
from bridge.model.conversations import Conversation
from bridge.model.ids import ChatId, ConversationId, OperatorId, derive
from bridge.model.notices import EVERYBODY, Notice, Way
from bridge.model.operators import Operator
from bridge.notices import taking_off, whom
from bridge.notices.people import people, roused
from bridge.ports.channels import AccountsChannel, Channel, Outgoing

#: Rows looked at in one round; lines of one message of the bot, and of one letter.
PORTION = 200
LINES = 5
LETTER_LINES = 50
#: How long a claimed row waits for its sender, and a way that does not work until it is tried again.
CLAIMED = timedelta(minutes=5)
#: Whose accounts the people of the desk have linked.
TELEGRAM = "telegram"


async def send_due(bridge: Bridge) -> int:
    """Send what is due; returns how many notices went out. Raises StoreDown."""
    sent = 0
    for way in (Way.TELEGRAM, Way.EMAIL):
        rows = await bridge.store.notices.due(way, bridge.clock.now(), PORTION)
        for row in rows:
            if row.operator == EVERYBODY:
                await _fan_out(bridge, row)
        for who in dict.fromkeys(row.operator for row in rows if row.operator != EVERYBODY):
            own = [row for row in rows if row.operator == who]
            if said := [row for row in own if row.told and way is Way.TELEGRAM]:
                person = (await people(bridge)).get(who)
                bot = telegram(bridge)
                editor = bridge.channels.editing(bot.name) if bot is not None else None
                await taking_off.take_off(bridge, editor, person, said, _still, _lines)
            sent += await _send(bridge, way, who, [row for row in own if row not in said])
    return sent


async def _fan_out(bridge: Bridge, row: Notice) -> None:
    """Make of what falls to all a notice of its own for each who wants it by the bot or by letter; done again: once."""
    about = await _about(bridge, row)
    if about is not None and whom.is_free(about):
        now, rows = bridge.clock.now(), list[Notice]()
        for person in (await people(bridge)).values():
            ways = tuple(way for way in whom.falls(person, row.kind, about) if way in (Way.TELEGRAM, Way.EMAIL))
            by_bot = Way.TELEGRAM in ways and person.telegram_user_id is not None
            by_letter = bridge.mail is not None and Way.EMAIL in ways and bool(person.email)
            if by_bot or by_letter:
                later = row.at + timedelta(minutes=person.notices.email_minutes)
                own = replace(
                    row,
                    id=derive("notice", row.id, person.id),
                    operator=person.id,
                    ways=ways,
                    telegram_at=roused(person.notices, now) if by_bot else None,
                    email_at=roused(person.notices, later) if by_letter else None,
                    version=0,
                )
                rows.append(own)
        await bridge.store.write_rows(rows)
    await _keep(bridge, replace(row, telegram_at=None, email_at=None))


async def _about(bridge: Bridge, row: Notice) -> Conversation | None:
    found = await bridge.store.conversations.many([row.conversation] if row.conversation else [])
    return found[0] if found else None


async def _send(bridge: Bridge, way: Way, who: OperatorId, rows: Sequence[Notice]) -> int:
    person = (await people(bridge)).get(who)
    if way is Way.EMAIL and person is not None:
        # One letter tells of all that waits for one.
        waiting = await bridge.store.notices.unread(who, LETTER_LINES)
        rows = list({row.id: row for row in (*rows, *waiting) if row.email_at is not None}.values())
    if person is None:
        for row in rows:
            await _keep(bridge, _set(row, way, None))
        return 0
    held = [own for row in rows if (own := await _claimed(bridge, person, way, row)) is not None]
    if not held:
        return 0
    held.sort(key=lambda row: (row.at, row.id))
    at: str | None = None
    try:
        at = await (_by_bot if way is Way.TELEGRAM else _by_letter)(bridge, person, held)
    except RetryLater as pause:
        later = bridge.clock.now() + timedelta(seconds=pause.seconds)
        for row in held:
            await _keep(bridge, _set(row, way, later))
        return 0
    except StoreDown:
        raise
    except BridgeError as fault:
        log.warning("a person of the desk was not told: %s", fault, extra={"operator": who, "way": way.value})
    for row in held:
        if way is Way.TELEGRAM:
            await taking_off.told(bridge, row, at)
        else:
            await _keep(bridge, _set(row, way, None))
    return len(held)


async def _claimed(bridge: Bridge, person: Operator, way: Way, row: Notice) -> Notice | None:
    """Take a row that is still to be told; None: it is not, or somebody else has it."""
    if row.read_at is None and await _still(bridge, person, row):
        return await _keep(bridge, _set(row, way, bridge.clock.now() + CLAIMED))
    await _keep(bridge, _set(row, way, None))
    return None


async def _still(bridge: Bridge, person: Operator, row: Notice) -> bool:
    """Tell whether it is still news for a person: of a conversation he gets; what falls to all while it is free."""
    if row.conversation is None:
        return True
    about = await _about(bridge, row)
    if about is None or not person.sight.sees(about):
        return False
    return Way.PANEL in row.ways or row.kind not in whom.SHARED or whom.is_free(about) or about.assignee == person.id


async def _keep(bridge: Bridge, row: Notice) -> Notice | None:
    try:
        return await bridge.store.notices.replace(row)
    except Conflict:
        return None


def _set(row: Notice, way: Way, at: datetime | None) -> Notice:
    return replace(row, email_at=at) if way is Way.EMAIL else replace(row, telegram_at=at)


async def _by_bot(bridge: Bridge, person: Operator, rows: Sequence[Notice]) -> str | None:
    """Tell of notices in one message; returns which it is."""
    channel = telegram(bridge)
    if channel is None or person.telegram_user_id is None:
        return None
    if channel.state.state != "ok":
        raise RetryLater(CLAIMED.total_seconds(), "the bot does not work now")
    text = _lines(bridge, person, rows)
    told = Outgoing(derive("told", *(row.id for row in rows)), ChatId(str(person.telegram_user_id)), text)
    receipt = await channel.send(told)
    return receipt.external_id if len(receipt.parts) < 2 else None


def telegram(bridge: Bridge) -> Channel | None:
    """Return the bot that tells people in private: the one of the staff group, else the first one."""
    bots = [
        (name, each)
        for name, each in sorted(bridge.channels.by_name.items())
        if isinstance(each, AccountsChannel) and each.accounts == TELEGRAM
    ]
    home = bridge.desk.desk.rpartition(".")[0] if bridge.desk is not None else ""
    return next((each for name, each in bots if name == home), bots[0][1] if bots else None)


async def _by_letter(bridge: Bridge, person: Operator, rows: Sequence[Notice]) -> None:
    if bridge.mail is None:
        return
    language = person.language
    subject = bridge.phrases.say(language, "notice.letter", shop=bridge.shop, count=len(rows))
    text = bridge.phrases.say(language, "notice.letter_intro") + "\n\n" + words(bridge, person, rows, LETTER_LINES)
    if await bridge.mail.send(person.email, subject, text) == "unreachable":
        raise RetryLater(CLAIMED.total_seconds(), "the mail server does not answer")


def _lines(bridge: Bridge, person: Operator, rows: Sequence[Notice]) -> str:
    return words(bridge, person, rows, LINES)


def words(bridge: Bridge, person: Operator, rows: Sequence[Notice], most: int) -> str:
    """Return notices in a person's language, a paragraph each, with where to look."""
    shown = [_line(bridge, person, row) for row in rows[:most]]
    if len(rows) > most:
        shown.append(bridge.phrases.say(person.language, "notice.more", count=len(rows) - most))
    return "\n\n".join(shown)


def _line(bridge: Bridge, person: Operator, row: Notice) -> str:
    key = f"notice.{row.kind.value}"
    if row.detail in ("due", "given", "woken", "unsent"):
        key += f"_{row.detail}"
    head = bridge.phrases.say(person.language, key, customer=row.title, actor=row.actor).rstrip()
    lines = [head, f"«{row.text}»" if row.text else "", address(bridge, row.conversation)]
    return "\n".join(filter(None, lines))


def address(bridge: Bridge, id: ConversationId | None) -> str:
    """Return where the panel shows a conversation, "" where its address is not known."""
    return f"{bridge.panel.rstrip('/')}/inbox/all/{id}" if bridge.panel and id is not None else ""
