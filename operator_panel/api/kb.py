"""/kb: what the knowledge base says."""

from bridge.library import index
from operator_panel import render
from operator_panel.api import bodies, shapes
from operator_panel.serving import Call


async def kb_match(call: Call, body: bodies.Question) -> shapes.MatchResult:
    """Ask the knowledge base."""
    return render.match(await index.match(call.bridge, call.actor, body.text, body.limit))
