"""Who types in a topic what was suggested to him there has accepted it: it is a label like one sent by its button."""

from bridge.context import Bridge
from bridge.library.learning import hearing
from bridge.model.desk import Post
from bridge.model.ids import ConversationId
from bridge.model.labels import Verdict
from bridge.model.messages import AuthorKind
from bridge.model.operators import Operator
from bridge.staff import mirror
from bridge.turn import TURN

#: Lines looked at for the newest suggestion, and customers' words among them.
LOOKED_AT = 20
WORDS = 5


async def accepted(bridge: Bridge, actor: Operator, id: ConversationId, text: str) -> tuple[Verdict, ...]:
    """Return what a word typed for the customer says about the answers last suggested in his topic."""
    post = await _suggestion(bridge, id) if text.strip() else None
    if post is None:
        return ()
    return await hearing.written(bridge, actor, id, [each.article_id for each in post.offered], text, post.at)


async def _suggestion(bridge: Bridge, id: ConversationId) -> Post | None:
    lines = await bridge.store.messages.page(id, None, None, LOOKED_AT)
    asked = [each for each in reversed(lines) if each.author.kind is AuthorKind.CUSTOMER]
    for word in asked[:WORDS]:
        post = await bridge.store.desk.find(mirror.suggestion_id(bridge, id, f"{TURN}{word.id}"))
        if post is not None:
            return post
    return None
