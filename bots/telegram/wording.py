"""A message in plain words: its text with the links that hide in it, places and polls as they can be read anywhere."""

from collections.abc import Sequence

from aiogram.types import (
    Chat,
    Message,
    MessageEntity,
    MessageOriginChannel,
    MessageOriginChat,
    MessageOriginHiddenUser,
    MessageOriginUser,
    Poll,
    ReactionTypeEmoji,
    ReactionTypePaid,
    ReactionTypeUnion,
)

#: Where a point can be looked at; the numbers stand beside it for any other map.
MAP = "https://www.openstreetmap.org/?mlat={0}&mlon={1}#map=17/{0}/{1}"
#: What stands for signs that are no emoji: a paid star, a sign somebody drew himself.
PAID, DRAWN = "⭐", "✨"
#: Currencies without a smaller unit (https://core.telegram.org/bots/payments#supported-currencies), and stars.
WHOLE = frozenset({"CLP", "ISK", "JPY", "KRW", "PYG", "UGX", "UYI", "VND", "XTR"})
_UTF16 = "utf-16-le"


def plain(text: str, entities: Sequence[MessageEntity] | None) -> str:
    """Return a text with the addresses that stand behind words written out in brackets after them.

    Offsets of entities count UTF-16 units (https://core.telegram.org/bots/api#messageentity).
    """
    linked = [each for each in entities or () if each.type == "text_link" and each.url]
    if not linked:
        return text
    units = text.encode(_UTF16, "surrogatepass")
    for each in sorted(linked, key=lambda each: each.offset + each.length, reverse=True):
        start, end = 2 * each.offset, 2 * (each.offset + each.length)
        words = units[start:end].decode(_UTF16, "surrogatepass")
        url = each.url or ""
        if _same(words, url):
            continue
        # White space at the end of a link belongs behind the brackets.
        end -= 2 * (len(words) - len(words.rstrip()))
        units = units[:end] + f" ({url})".encode(_UTF16, "surrogatepass") + units[end:]
    return units.decode(_UTF16, "replace")


def _same(words: str, url: str) -> bool:
    def bare(address: str) -> str:
        return address.strip().casefold().removeprefix("https://").removeprefix("http://").rstrip("/")

    return bare(words) == bare(url)


def text_of(message: Message) -> str:
    """Return a message's text or caption; of what has none, what can be said of it in any language."""
    if message.text:
        return plain(message.text, message.entities)
    if message.caption:
        return plain(message.caption, message.caption_entities)
    return _content(message)


def _content(message: Message) -> str:
    if message.venue is not None:
        venue = message.venue
        return f"{venue.title}, {venue.address}\n{point(venue.location.latitude, venue.location.longitude)}"
    if message.location is not None:
        return point(message.location.latitude, message.location.longitude)
    if message.contact is not None:
        card = message.contact
        return " ".join(filter(None, (card.first_name, card.last_name, card.phone_number)))
    if message.poll is not None:
        return _poll(message.poll)
    if message.dice is not None:
        return f"{message.dice.emoji} {message.dice.value}"
    if message.story is not None:
        return _story(message.story.chat, message.story.id)
    return _trade(message)


def _trade(message: Message) -> str:
    if message.checklist is not None:
        checklist = message.checklist
        marks = (f"{'☑' if task.completion_date else '☐'} {task.text}" for task in checklist.tasks)
        return "\n".join([checklist.title, *marks])
    if message.game is not None:
        return message.game.title
    if message.invoice is not None:
        invoice = message.invoice
        return f"{invoice.title}: {_money(invoice.total_amount, invoice.currency)}"
    if message.successful_payment is not None:
        return _money(message.successful_payment.total_amount, message.successful_payment.currency)
    if message.web_app_data is not None:
        return message.web_app_data.data
    return ""


def point(latitude: float, longitude: float) -> str:
    """Return a point on the earth: its numbers, and a line with a map of it."""
    numbers = f"{latitude:.6f}", f"{longitude:.6f}"
    return f"{', '.join(numbers)}\n{MAP.format(*numbers)}"


def _poll(poll: Poll) -> str:
    return "\n".join([poll.question, *(f"• {option.text}" for option in poll.options)])


def _story(chat: Chat, id: int) -> str:
    return f"https://t.me/{chat.username}/s/{id}" if chat.username else chat.full_name


def _money(amount: int, currency: str) -> str:
    return f"{amount} {currency}" if currency in WHOLE else f"{amount / 100:.2f} {currency}"


def origin_of(message: Message) -> str:
    """Name whose words somebody passed on; empty for his own."""
    origin = message.forward_origin
    match origin:
        case MessageOriginUser():
            return origin.sender_user.full_name
        case MessageOriginHiddenUser():
            return origin.sender_user_name
        case MessageOriginChat():
            return _signed(origin.sender_chat, origin.author_signature)
        case MessageOriginChannel():
            return _signed(origin.chat, origin.author_signature)
    return ""


def _signed(chat: Chat, signature: str | None) -> str:
    return f"{chat.full_name} ({signature})" if signature else chat.full_name


def quoted(message: Message) -> str:
    """Return the lines a person picked out of what he answers, marked as a quote; empty when he picked none.

    Of an answer to something in another chat they are all that is known here.
    """
    words = plain(message.quote.text, message.quote.entities) if message.quote is not None else ""
    if not words:
        return ""
    return "".join(f"> {line}\n" for line in words.splitlines())


def sign(before: Sequence[ReactionTypeUnion], after: Sequence[ReactionTypeUnion]) -> str:
    """Return the sign somebody has put on a message now, the newest of several; empty when he took it away."""
    signs, had = [_sign(each) for each in after], {_sign(each) for each in before}
    return next((each for each in signs if each not in had), signs[-1] if signs else "")


def _sign(reaction: ReactionTypeUnion) -> str:
    if isinstance(reaction, ReactionTypeEmoji):
        return reaction.emoji
    return PAID if isinstance(reaction, ReactionTypePaid) else DRAWN
