"""Rows and lines as the API, the pages and the live lines show them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeVar, cast

from bridge import files
from bridge.changes.amendments import REFUSED
from bridge.context import Bridge
from bridge.desk import Suggestion
from bridge.model.articles import Match
from bridge.model.conversations import Conversation, LastMessage, Rating, Stage
from bridge.model.drafts import Held
from bridge.model.files import Attachment, StoredFile
from bridge.model.ids import ChannelName, ConversationId, FileId
from bridge.model.messages import Author, AuthorKind, DeliveryState, Event, Message, Source
from bridge.model.operators import Operator, Session
from bridge.people import codes, masking
from bridge.ports.channels import Channel
from bridge.rights import may
from bridge.staff import backlog
from bridge.teamwork import roster
from operator_panel.api import shapes

S = TypeVar("S", bound=shapes.Shape)


@dataclass(frozen=True, slots=True)
class Renderer:
    """Turns the hall's rows into the API's shapes; words of reasons by the reader's language."""

    bridge: Bridge

    def conversation(
        self, row: Conversation, read: int = 0, reader: str = "", whole: bool = True
    ) -> shapes.Conversation:
        """A row for a reader, who has read the customer's first `read` messages; contacts as in `message`."""
        channel = self.bridge.channels.by_name.get(row.channel)
        return shapes.Conversation(
            id=row.id,
            number=row.number,
            stage=row.stage,
            desk_state=row.desk_state,
            channel=row.channel,
            channel_kind=channel.kind if channel else row.channel,
            external_id=row.chat,
            customer=shapes.Ref(id=row.customer, name=row.customer_name),
            team=shapes.Ref(id=row.team, name=roster.name_of(self.bridge, row.team)) if row.team else None,
            assignee=shapes.Ref(id=row.assignee, name=row.assignee_name or "") if row.assignee else None,
            shared=list(row.shared),
            tags=list(row.tags),
            priority=cast(shapes.Priority, row.priority),
            followers=list(row.followers),
            following=reader in row.followers,
            unread=max(0, row.incoming - read),
            incoming=row.incoming,
            seq=row.seq,
            last_message=_last(row.last_message, whole),
            last_said=_last(row.last_said, whole),
            last_delivery=_told(row.undelivered),
            rating=_rating(row.rating),
            banned=row.banned,
            waiting_since=None if row.stage is Stage.CLOSED else row.waiting_since,
            snoozed_until=row.snoozed_until,
            snooze_note=row.snooze_note,
            held=[self.held(each, row) for each in row.held],
            created_at=row.created_at,
            updated_at=row.updated_at,
            version=row.version,
        )

    def held(self, row: Held, conversation: Conversation) -> shapes.Held:
        """A reply that is not sent yet."""
        return shapes.Held(
            id=row.id,
            conversation_id=conversation.id,
            by=row.by,
            name=row.name,
            text=row.text,
            attachments=[self.attachment(each) for each in row.attachments],
            reply_to=row.reply_to,
            suggestion=row.suggestion,
            at=row.at,
            due=row.due,
            undo=row.undo,
            close=row.then.close,
            snooze_until=row.then.snooze_until,
            crossed=conversation.spoken_seq > row.seen_seq,
            failed=row.failed or None,
        )

    async def conversations(self, rows: Sequence[Conversation], reader: Operator) -> list[shapes.Conversation]:
        """Rows with the reader's own unread counts, by one look at his read marks."""
        ids: list[ConversationId] = [row.id for row in rows]
        await roster.teams(self.bridge)
        reads = await self.bridge.store.staff.reads(reader.id, ids) if ids else {}
        whole = may(reader, "contacts")
        return [self.conversation(row, reads.get(row.id, 0), reader.id, whole) for row in rows]

    def message(self, row: Message, language: str, whole: bool = True) -> shapes.Message:
        """A line of the thread; who may not read contacts `whole` sees those that stand in it masked."""
        return shapes.Message(**self._message(row, language, whole))

    def told(self, conversation: Conversation, message: Message | None) -> dict[str, Any]:
        """What webhooks tell of: the rows as the API shows them, in the installation's language, as plain values."""
        sent = replace(conversation, held=())  # what is not said yet is told to nobody
        about = {"conversation_id": conversation.id, "conversation": self.conversation(sent)}
        if message is not None:
            line = self.message(message, self.bridge.settings.language)
            about |= {"seq": message.seq, "version": message.version, "message": line}
        else:
            about["version"] = conversation.version
        return {
            key: each.model_dump(mode="json") if isinstance(each, shapes.Shape) else each for key, each in about.items()
        }

    def timeline(self, row: Message, language: str, whole: bool = True) -> shapes.TimelineMessage:
        """A line among those of all conversations of a customer."""
        return shapes.TimelineMessage(channel=row.channel, **self._message(row, language, whole))

    def _message(self, row: Message, language: str, whole: bool) -> dict[str, Any]:
        return {
            "id": row.id,
            "conversation_id": row.conversation,
            "seq": row.seq,
            "author": _author(row.author),
            "kind": row.kind,
            "text": _words(row.text, row.kind, row.author.kind, whole),
            "attachments": [self.attachment(each, language) for each in row.attachments],
            "reply_to": row.reply_to,
            "mentions": list(row.mentions),
            "edited_at": row.edited_at,
            "deleted_at": row.deleted_at,
            "amending": row.amendment is not None,
            "reactions": [shapes.Reaction(author=_author(each.author), emoji=each.emoji) for each in row.reactions],
            "forwarded": row.forwarded or None,
            "delivery": self._delivery(row, language),
            "at": row.at,
            "incoming": row.incoming,
            "source": _source(row.source) if row.source else None,
            "also": [_source(each) for each in row.also],
            "offered": [_source(each) for each in row.offered],
            "choices": [shapes.Choice(text=each.text) for each in row.choices],
            "event": self._event(row.event, language, whole) if row.event else None,
            "origin": row.origin,
            "version": row.version,
        }

    def attachment(self, row: Attachment, language: str | None = None) -> shapes.Attachment:
        """A file of a word; why it could not be had is said in a language, the house's own where none is given."""
        return shapes.Attachment(
            id=row.file,
            kind=row.kind,
            name=row.name,
            mime=row.mime,
            size=row.size,
            width=row.width,
            height=row.height,
            seconds=row.seconds,
            url=file_url(row.file) if row.file else None,
            reason=row.reason or None,
            reason_text=self.reason(language or self.bridge.phrases.language, row.reason),
        )

    def _event(self, event: Event, language: str, whole: bool) -> shapes.Event:
        told = event.code in REFUSED.values()  # its detail is a reason's code
        detail = self.bridge.phrases.reason(language, event.detail) if told else event.detail
        if event.code in masking.TELLING and not whole:
            detail = masking.masked_contact(detail)
        return shapes.Event(code=event.code, actor=event.actor, detail=detail)

    def _delivery(self, row: Message, language: str) -> shapes.Delivery | None:
        delivery = row.delivery
        if delivery is None:
            return None
        words = self.reason(language, delivery.reason)
        return shapes.Delivery(state=delivery.state, reason=delivery.reason, reason_text=words)

    async def channels(self, language: str) -> list[shapes.ChannelInfo]:
        """The connected accounts by name; reasons as codes and in the reader's words. Raises StoreDown."""
        channels = self.bridge.channels
        abilities = {"edit": channels.editing, "delete": channels.deleting, "react": channels.reacting}
        desk = await self._desk(language)
        found: list[tuple[str, Channel]] = sorted(channels.by_name.items())
        return [
            shapes.ChannelInfo.model_validate(
                {
                    "name": name,
                    "kind": each.kind,
                    "state": each.state.state,
                    "reason": each.state.reason,
                    "reason_text": self.reason(language, each.state.reason),
                    "can": [verb for verb, able in abilities.items() if able(ChannelName(name)) is not None],
                    "files": self._files(ChannelName(name)),
                    "desk": desk if desk is not None and desk.name.rpartition(".")[0] == name else None,
                }
            )
            for name, each in found
        ]

    def _files(self, name: ChannelName) -> dict[str, object] | None:
        found = files.limits(self.bridge, name)
        if found is None:
            return None
        endings = sorted(found.endings)
        return {"size": found.size, "most": found.most, "refused": endings, "caption": found.caption or None}

    async def _desk(self, language: str) -> shapes.DeskInfo | None:
        desk = self.bridge.desk
        if desk is None:
            return None
        found = await backlog.look(self.bridge)
        code = found.reason if not found.reason or found.reason.startswith("group_") else f"group_{found.reason}"
        return shapes.DeskInfo(
            name=desk.desk,
            waiting=found.waiting,
            oldest=found.oldest,
            reason=code,
            reason_text=self.reason(language, code),
        )

    def reason(self, language: str, code: str | None) -> str | None:
        """Why something is not, in the reader's words."""
        return self.bridge.phrases.reason(language, code) if code else None


def file(row: StoredFile) -> shapes.File:
    """A file that was kept."""
    return _as(shapes.File, row, url=file_url(row.id))


def file_url(id: FileId) -> str:
    """Where a file is fetched from."""
    return f"/api/v1/files/{id}"


def _rating(row: Rating | None) -> shapes.Rating | None:
    """A rating that was given; who was only asked has given none."""
    return shapes.Rating(score=row.score, comment=row.comment, at=row.at) if row is not None and row.score else None


def _words(text: str, kind: str, author: str, whole: bool) -> str:
    """What the desk reads of a line: never a code that was sent to a customer, contacts only if it may."""
    if kind == "code" and author == AuthorKind.BOT:
        text = codes.veiled(text)
    return text if whole else masking.masked_text(text)


def _last(last: LastMessage | None, whole: bool) -> shapes.LastMessage | None:
    if last is None:
        return None
    text = _words(last.text, last.content, last.kind, whole)
    return shapes.LastMessage(text=text, kind=last.kind, content=last.content, at=last.at)


def _author(author: Author) -> shapes.Author:
    return shapes.Author(kind=author.kind, id=author.id or None, name=author.name)


def _told(fate: DeliveryState | None) -> Literal["failed", "unknown"] | None:
    match fate:
        case DeliveryState.FAILED:
            return "failed"
        case DeliveryState.UNKNOWN:
            return "unknown"
    return None


def _source(row: Source) -> shapes.Source:
    return shapes.Source(article_id=row.article_id, title=row.title, confidence=_bounded(row.confidence))


def _bounded(confidence: float) -> float:
    return min(1.0, max(0.0, float(confidence)))


def match(row: Match) -> shapes.MatchResult:
    """What the knowledge base says."""
    ranked = [_as(shapes.RankedArticle, each, confidence=_bounded(each.confidence)) for each in row.ranked]
    return shapes.MatchResult(decision=row.decision, ranked=ranked)


def suggestion(row: Suggestion) -> shapes.Suggestion:
    """An article offered to the operator."""
    return _as(shapes.Suggestion, row, confidence=_bounded(row.confidence))


def me(row: Operator, session: Session | None) -> shapes.Me:
    """The caller."""
    return _as(shapes.Me, row, csrf=session.csrf if session else None)


def _as(shape: type[S], row: object, **made: Any) -> S:
    """A row in a shape whose fields are called as its own; `made` are those that are not."""
    same = {name: getattr(row, name) for name in shape.model_fields.keys() - made.keys()}
    return shape.model_validate(same | made)
