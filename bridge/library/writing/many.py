"""What is done to many articles at once: each by itself, and what became of each is told."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bridge.context import Bridge
from bridge.errors import BridgeError, Invalid
from bridge.library.writing.articles import changed, require_publishing
from bridge.library.writing.checks import lacks
from bridge.model.articles import Article
from bridge.model.ids import ArticleId
from bridge.model.operators import Operator
from bridge.rights import require


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to become of articles: tags that come and go, another team (`teams`), another state."""

    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    teams: bool = False
    team: str | None = None
    state: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one article: an empty code means it is as wished."""

    id: ArticleId
    code: str = ""
    errors: tuple[tuple[str, str], ...] = ()


async def edit(bridge: Bridge, actor: Operator, ids: Sequence[ArticleId], wish: Wish) -> list[Outcome]:
    """Change articles as wished. Raises Forbidden, StoreDown; what one of them refuses is told in its outcome."""
    require(actor, "article")
    if wish.state is not None:
        require_publishing(bridge, actor)
    return [await _edited(bridge, actor, id, wish) for id in dict.fromkeys(ids)]


async def _edited(bridge: Bridge, actor: Operator, id: ArticleId, wish: Wish) -> Outcome:
    try:
        await changed(bridge, actor, id, "article_edited", lambda row: _wished(bridge, actor, row, wish))
    except BridgeError as refused:
        if refused.code == "store_down":
            raise
        return Outcome(id, refused.code, refused.errors if isinstance(refused, Invalid) else ())
    return Outcome(id)


def _wished(bridge: Bridge, actor: Operator, row: Article, wish: Wish) -> Article:
    if row.state == "published":
        require_publishing(bridge, actor)
    tags = tuple(dict.fromkeys([*(tag for tag in row.tags if tag not in wish.remove), *wish.add]))
    after = replace(row, tags=tags, team=wish.team if wish.teams else row.team, state=wish.state or row.state)
    if wish.state == "published" and row.state != "published" and (missing := lacks(after.content)):
        raise Invalid(*missing)
    return after
