"""What becomes of articles with customers is counted by rows written with the words that do it; pure."""

from collections.abc import Iterable
from datetime import datetime

from bridge.model.ids import ArticleId
from bridge.model.labels import LabelSource, Verdict
from bridge.model.questions import Use, use_of


def shown(turn: str, articles: Iterable[ArticleId], how: str, at: datetime) -> list[Use]:
    """Return the rows that say that articles were shown in a turn: `how` is answer or offer."""
    return [Use(use_of(turn, article, how), article, at, how) for article in dict.fromkeys(articles)]


def use_in(verdict: Verdict) -> list[Use]:
    """Return the row that a verdict makes count: a customer was helped or not, or an operator sent a suggestion."""
    article, at = verdict.article_id, verdict.at
    if article is None or at is None:
        return []
    if verdict.source is LabelSource.HELPED:
        how = "helped" if verdict.fits else "not_helped"
    elif verdict.source in (LabelSource.SENT, LabelSource.EDITED):
        how = "sent"
    else:
        return []
    return [Use(use_of(f"{verdict.about}:{verdict.asked}", article, how), article, at, how)]
