"""/kb/health: what of the base needs an editor's eye, how articles fare, how thresholds would."""

from bridge.library.health import curve, usage
from bridge.library.health import health as library
from bridge.library.health.health import Looked
from bridge.limits import thresholds
from bridge.model.articles import Article
from bridge.model.ids import ArticleId
from bridge.rights import require
from operator_panel.api import article_views
from operator_panel.api import health_shapes as shapes
from operator_panel.api.learning import shown
from operator_panel.serving import Call


async def kb_health(call: Call) -> shapes.Health:
    """Tell what needs an editor's eye: looked at in the background, at most every five minutes or after a change."""
    found = await library.health(call.bridge, call.actor)

    def named(id: ArticleId) -> shapes.NamedArticle:
        return shapes.NamedArticle(id=id, title=found.titles.get(id, id))

    return shapes.Health(
        at=found.at,
        published=found.published,
        whole=found.whole,
        stale=[_used(each) for each in found.stale],
        unseen=[_used(each) for each in found.unseen],
        twins=[
            shapes.TwinArticles(
                one=named(each.one),
                other=named(each.other),
                likeness=each.likeness,
                wording=each.wording,
                like=each.like,
            )
            for each in found.twins
        ],
        contradictions=[
            shapes.SharedWording(wording=each.wording, one=named(each.one), other=named(each.other))
            for each in found.contradictions
        ],
    )


def _used(row: Looked) -> shapes.UsedArticle:
    article = row.article
    used = article_views.usage(row.usage)
    return shapes.UsedArticle(id=article.id, title=_title(article), team=article.team, lang=article.lang, usage=used)


def _title(row: Article) -> str:
    return row.title or next(iter(row.questions), row.id)


async def kb_threshold(call: Call) -> shapes.Thresholding:
    """Tell how other thresholds of automatic answers would fare by the labels there are."""
    found = await curve.threshold(call.bridge, call.actor)
    curves = [
        shapes.Curve(
            kind="language" if each.language else "team" if each.team else "all",
            name=each.language or each.team,
            labels=each.labels,
            points=[shapes.Point(threshold=p.threshold, answered=p.answered, wrong=p.wrong) for p in each.points],
        )
        for each in (found.curve, *found.parts)
    ]
    answer = thresholds(call.bridge).answer
    return shapes.Thresholding(
        at=found.at, fresh=found.fresh, answer=answer, curves=curves, learning=shown(found.learning)
    )


async def article_usage(call: Call, id: str) -> shapes.ArticleUsage:
    """Tell how an article fares, and which others lead to it."""
    require(call.actor, "read")
    row = await call.bridge.store.articles.get(ArticleId(id))
    fares = (await usage.usages(call.bridge, [row]))[row.id]
    leading = await library.used_in(call.bridge, call.actor, row.id)
    return shapes.ArticleUsage(
        usage=article_views.usage(fares),
        last_shown=(await usage.counts(call.bridge)).last.get(row.id),
        used_in=[shapes.NamedArticle(id=each.id, title=_title(each)) for each in leading],
    )
