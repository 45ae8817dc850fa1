"""What a visitor sees of a message: public lines only, once they are on their way for sure."""

from typing import Any

from bots.web.site import Site
from bridge.model.conversations import Conversation
from bridge.model.messages import SETTLED, AuthorKind, DeliveryState, Message, Reaction

_PUBLIC = frozenset({AuthorKind.CUSTOMER, AuthorKind.BOT, AuthorKind.OPERATOR})
#: Fates of a word that was never said.
_UNSAID = frozenset({DeliveryState.FAILED, DeliveryState.CANCELLED})


def waits(row: Message) -> bool:
    """Is it a word whose sending is not decided yet? What was said after it waits with it, so that order is kept."""
    return row.delivery is not None and row.delivery.state not in SETTLED


def is_shown(row: Message) -> bool:
    """May the visitor see it? Notes and system lines never; what was cancelled was never said."""
    if row.author.kind not in _PUBLIC or (row.author.kind is AuthorKind.CUSTOMER and row.kind == "command"):
        return False  # orders are given by a button here: what it says stands on it
    return row.delivery is None or (row.delivery.state in SETTLED and row.delivery.state not in _UNSAID)


def message(site: Site, row: Message, language: str) -> dict[str, Any]:
    """Return a message as it goes over the wire; texts are texts, the page shows them as such."""
    gone = row.deleted_at is not None
    shown: dict[str, Any] = {
        "id": row.id,
        "seq": row.seq,
        "author": {"kind": row.author.kind.value, "name": _name(site, row, language)},
        "text": "" if gone else row.text,
        "attachments": [] if gone else [_attachment(each) for each in row.attachments if each.file],
        "buttons": [] if gone else [{"text": each.text, "data": each.data} for each in row.choices],
        "at": _time(row.at),
        "edited_at": _time(row.edited_at) if row.edited_at else None,
        "reactions": [] if gone else [_reaction(each) for each in row.reactions],
    }
    if gone:
        shown["deleted"] = True
    if row.source is not None and row.author.kind is AuthorKind.BOT and not gone:
        shown["article"] = {"id": row.source.article_id, "title": row.source.title}
    if row.reply_to is not None:
        shown["reply_to"] = row.reply_to
    if row.asks:
        shown["asks"] = row.asks
    question = _helped(site, row)
    if question and not gone:
        shown["helped"] = question
    if row.author.kind is AuthorKind.CUSTOMER:
        shown["client_id"] = row.external_id
        shown["delivery"] = {"state": "sent", "reason": None}
    return shown


def _name(site: Site, row: Message, language: str) -> str:
    if row.author.kind is AuthorKind.BOT:
        return site.bridge.phrases.say(language, "staff.author_bot")
    return row.author.name


def rating(row: Conversation) -> dict[str, Any] | None:
    """Return how the visitor rated his conversation, None when he was not asked; score 0: he has not answered."""
    return {"score": row.rating.score, "comment": row.rating.comment} if row.rating is not None else None


def _helped(site: Site, row: Message) -> str:
    """Return the question behind an answer whether it helped: a page with signs for it can leave it out of the text."""
    if not any(each.data.startswith("ok:") for each in row.choices):
        return ""
    asked = (texts.get("customer.helped_question", "") for texts in site.bridge.phrases.texts.values())
    return next((each for each in asked if each and row.text.endswith(f"\n\n{each}")), "")


def _reaction(each: Reaction) -> dict[str, Any]:
    return {"emoji": each.emoji, "by": each.author.kind.value, "name": each.author.name}


def _attachment(each: Any) -> dict[str, Any]:
    return {
        "id": each.file,
        "kind": each.kind,
        "name": each.name,
        "mime": each.mime,
        "size": each.size,
        "width": each.width,
        "height": each.height,
    }


def _time(at: Any) -> str:
    text: str = at.isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")
