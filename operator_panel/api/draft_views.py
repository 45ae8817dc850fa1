"""Drafts as the API and the pages show them."""

from bridge.model.drafts import StoredDraft
from operator_panel.api import canned_shapes as shapes
from operator_panel.render import Renderer


def draft(renderer: Renderer, row: StoredDraft, language: str) -> shapes.Draft:
    """What somebody has written and not sent."""
    return shapes.Draft(
        conversation_id=row.conversation,
        mode=row.mode,  # type: ignore[arg-type]  # one of the modes of bridge.composing.drafts
        text=row.text,
        attachments=[renderer.attachment(each, language) for each in row.attachments],
        reply_to=row.quote,
        suggestion=row.suggestion,
        seq=row.seq,
        at=row.at,
        stamp=row.stamp,
    )
