"""Articles as the API shows them, and its bodies as the hall takes them."""

from datetime import datetime
from typing import Any

from bridge import files
from bridge.context import Bridge
from bridge.errors import Invalid
from bridge.library.health.usage import Usage
from bridge.library.writing import checks, compare
from bridge.model import articles as model
from bridge.model.files import Attachment
from bridge.model.ids import ArticleId, FileId
from bridge.model.operators import Operator
from bridge.phrases import split
from bridge.service import TEXT_LIMIT
from operator_panel.api import article_bodies as bodies
from operator_panel.api import article_shapes as shapes
from operator_panel.api.bodies import Attached
from operator_panel.api.file_shapes import File
from operator_panel.api.shapes import FieldError
from operator_panel.problems import invalid

#: Fields that may be taken away.
MAY_BE_NULL = frozenset({"lang", "team", "valid_from", "valid_until"})


def standing(row: model.Article, now: datetime) -> Any:
    """Tell how an article stands, in one word; see article_shapes.Standing."""
    if row.state != "published":
        return row.state
    if row.next is not None:
        return "review_next" if row.next.review else "next"
    if row.in_force(now):
        return "live"
    return "over" if row.valid_until is not None and row.valid_until <= now else "before"


def article(bridge: Bridge, row: model.Article, fares: Usage | None = None) -> shapes.Article:
    """An article as editors see it."""
    return shapes.Article(
        **_content(row.content),
        id=row.id,
        state=row.state,  # type: ignore[arg-type]  # checked when it was written
        in_force=row.in_force(bridge.clock.now()),
        comment=row.comment,
        edition=row.edition,
        signed=_signed(row.signed),
        next=_next(row.next) if row.next else None,
        created_at=row.created_at,
        updated_at=row.updated_at,
        version=row.version,
        usage=usage(fares) if fares is not None else None,
    )


def usage(row: Usage) -> shapes.Usage:
    """How an article fares with customers."""
    return shapes.Usage(
        shown=row.shown,
        shown_30_days=row.shown_lately,
        helped=row.helped,
        not_helped=row.not_helped,
        helped_share=row.share,
        stale=row.stale or None,  # type: ignore[arg-type]  # the words of library.usage
    )


def _next(row: model.NextEdition) -> shapes.NextEdition:
    signed = shapes.Signed(id=row.signed.by, name=row.signed.name, at=row.signed.at)
    return shapes.NextEdition(**_content(row.content), review=row.review, comment=row.comment, signed=signed)


def edition(row: model.Edition) -> shapes.Edition:
    """How an article once stood."""
    return shapes.Edition(
        **_content(row.content),
        number=row.number,
        state=row.state,  # type: ignore[arg-type]  # checked when it was written
        signed=_signed(row.signed),
    )


def _content(row: model.Content) -> dict[str, Any]:
    same = {name: getattr(row, name) for name in ("title", "answer", "lang", "team", "valid_from", "valid_until")}
    return same | {
        "questions": list(row.questions),
        "tags": list(row.tags),
        "variants": [
            shapes.Variant(answer=one.answer, channel=one.channel, lang=one.lang, buttons=_buttons(one.buttons))
            for one in row.variants
        ],
        "buttons": _buttons(row.buttons),
        "files": [_file(one) for one in row.files],
    }


def _buttons(rows: tuple[model.Button, ...]) -> list[shapes.Button]:
    return [shapes.Button(text=one.text, article=one.article, url=one.url) for one in rows]


def _file(row: Attachment) -> File:
    names = ("kind", "name", "mime", "size", "width", "height")
    return File(id=row.file, url=f"/api/v1/files/{row.file}", **{name: getattr(row, name) for name in names})


def _signed(row: model.Signed | None) -> shapes.Signed | None:
    return shapes.Signed(id=row.by, name=row.name, at=row.at) if row else None


def flags(rows: list[checks.Flag]) -> list[shapes.Flag]:
    """What an editor should look at."""
    return [shapes.Flag(field=one.field, code=one.code, detail=one.detail, article=one.article or None) for one in rows]


def errors(rows: list[checks.Fault]) -> list[FieldError]:
    """What is wrong, by field and code."""
    return [FieldError(field=field, code=code) for field, code in rows]


def changes(rows: list[compare.FieldChange]) -> list[shapes.FieldChange]:
    """In what two editions differ."""
    return [
        shapes.FieldChange(
            field=one.field,
            pieces=[shapes.Piece(kind=piece.kind, text=piece.text) for piece in one.pieces],  # type: ignore[arg-type]
        )
        for one in rows
    ]


def reply(row: model.Reply) -> shapes.Reply:
    """What an article says, as it is sent."""
    buttons = [one.text for one in row.buttons]
    return shapes.Reply(parts=split(row.text, TEXT_LIMIT), buttons=buttons, files=[_file(one) for one in row.files])


async def written(
    bridge: Bridge, actor: Operator, body: bodies.ContentChange | bodies.NewArticle, there: model.Content | None
) -> dict[str, Any]:
    """Return a body's fields as an article holds them; files are those of before or the writer's own.

    Raises Problem 422.
    """
    named = body.model_fields_set if isinstance(body, bodies.ContentChange) else set(type(body).model_fields)
    values: dict[str, Any] = {name: getattr(body, name) for name in named if name in model.CONTENT}
    nulls = [name for name, value in values.items() if value is None and name not in MAY_BE_NULL]
    if nulls:
        raise invalid(*((name, "required") for name in sorted(nulls)))
    for name in ("questions", "tags"):
        if name in values:
            values[name] = tuple(dict.fromkeys(values[name]))
    if "buttons" in values:
        values["buttons"] = tuple(_button(one) for one in values["buttons"])
    if "variants" in values:
        values["variants"] = tuple(_variant(one) for one in values["variants"])
    if "files" in values:
        values["files"] = await _files(bridge, actor, values["files"], there)
    return values


def _button(body: bodies.NewButton) -> model.Button:
    return model.Button(body.text, ArticleId(body.article) if body.article else None, body.url)


def _variant(body: bodies.NewVariant) -> model.Variant:
    return model.Variant(body.answer, body.channel, body.lang, tuple(_button(one) for one in body.buttons))


async def _files(
    bridge: Bridge, actor: Operator, asked: list[Attached], there: model.Content | None
) -> tuple[Attachment, ...]:
    known = {one.file: one for one in there.files} if there else {}
    ids = list(dict.fromkeys(FileId(one.file_id) for one in asked))
    try:
        new = await files.attached(bridge, f"operator:{actor.id}", [id for id in ids if id not in known])
    except Invalid as refused:
        raise invalid(*(("files", code) for _, code in refused.errors)) from None
    known |= {one.file: one for one in new}
    return tuple(known[id] for id in ids)
