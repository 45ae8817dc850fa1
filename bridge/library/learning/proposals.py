"""Wordings grow: what customers asked, and an article answered, is proposed to its editor."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import SequenceMatcher

from bridge.context import Bridge
from bridge.errors import Conflict
from bridge.library.learning.truth import truth
from bridge.library.writing.articles import may_publish, put_article
from bridge.library.writing.checks import WORDING_LENGTH, key_of
from bridge.library.writing.drafts import save_draft
from bridge.limits import thresholds
from bridge.model.articles import Article, Content
from bridge.model.ids import ArticleId
from bridge.model.labels import LabelSource, Verdict
from bridge.model.operators import Operator
from bridge.rights import require

#: Verdicts looked at, and proposals shown, of one article at most.
LOOKED_AT = 500
MOST = 20
#: Two texts whose letters agree in this share say the same.
SAME = 0.93
#: Confidence from which another article holds a text surely, where no threshold is in force.
SURE = 0.9


@dataclass(frozen=True, slots=True)
class Proposal:
    """A text that may become a wording: asked `count` times, last at `at`; `ids` are those of its verdicts.

    `conflict`: why not to take it as it is: taken (it is a wording of the `other` article) or sure (the matcher holds
    it for the other one); empty: nothing is against it.
    """

    ids: tuple[str, ...]
    text: str
    count: int
    at: datetime | None
    sources: tuple[LabelSource, ...]
    conflict: str = ""
    other: ArticleId | None = None
    other_title: str = ""


async def counts(bridge: Bridge, actor: Operator) -> dict[ArticleId, int]:
    """Return how many texts wait for a word of an editor, by article, near-duplicates counted too. Raises Forbidden."""
    require(actor, "suggest")
    return await bridge.store.labels.proposals()


async def proposals(bridge: Bridge, actor: Operator, id: ArticleId) -> list[Proposal]:
    """Return what may become a wording of an article, asked most often first. Raises Forbidden, NotFound.

    Texts that say what a wording says already, or that somebody says something else about, are left out.
    """
    require(actor, "suggest")
    article = await bridge.store.articles.get(id)
    content = article.next.content if article.next else article.content
    there = {key_of(each) for each in (content.title, *content.questions)}
    rows = await bridge.store.labels.proposed(id, LOOKED_AT)
    rows = [row for row in await _standing(bridge, id, rows) if key_of(row.text) not in there | {""}]
    found = []
    for proposal in _together(rows):
        checked = await _checked(bridge, article, proposal)
        if checked is not None:
            found.append(checked)
        if len(found) == MOST:
            break
    return found


async def _standing(bridge: Bridge, id: ArticleId, rows: Sequence[Verdict]) -> list[Verdict]:
    """Leave out texts about which the last word is another one."""
    said: dict[str, list[Verdict]] = {}
    for each in await bridge.store.labels.asked([row.asked for row in rows]):
        said.setdefault(each.asked, []).append(each)
    stands = {
        key: [(label.article_id, label.fits) for label in truth(sorted(each, key=lambda one: (str(one.at), one.id)))]
        for key, each in said.items()
    }
    return [row for row in rows if stands.get(row.asked) == [(id, True)]]


def _together(rows: Sequence[Verdict]) -> list[Proposal]:
    """Put verdicts on texts that say the same together, the most usual first."""
    groups: dict[str, list[Verdict]] = {}
    for row in rows:
        key = key_of(row.text)
        near = key if key in groups else next((other for other in groups if _alike(key, other)), key)
        groups.setdefault(near, []).append(row)
    found = [
        Proposal(
            tuple(each.id for each in group),
            group[0].text,
            len(group),
            max((each.at for each in group if each.at), default=None),
            tuple(dict.fromkeys(each.source for each in group)),
        )
        for group in groups.values()
    ]
    return sorted(found, key=lambda each: (-each.count, -(each.at.timestamp() if each.at else 0), each.text))


def _alike(one: str, other: str) -> bool:
    pair = SequenceMatcher(None, one, other, autojunk=False)
    return pair.real_quick_ratio() >= SAME and pair.quick_ratio() >= SAME and pair.ratio() >= SAME


async def _checked(bridge: Bridge, article: Article, proposal: Proposal) -> Proposal | None:
    """Hold a proposal against the whole base; None: a wording says the same already."""
    found = await bridge.matcher.match(proposal.text, limit=2, language=article.lang)
    if not found.ranked:
        return proposal
    first = found.ranked[0]
    if found.exact:
        if first.article_id == article.id:
            return None
        return replace(proposal, conflict="taken", other=first.article_id, other_title=first.title)
    limit = thresholds(bridge).answer
    if first.article_id != article.id and first.confidence >= (SURE if limit is None else limit):
        return replace(proposal, conflict="sure", other=first.article_id, other_title=first.title)
    return proposal


async def accept(bridge: Bridge, actor: Operator, id: ArticleId, ids: Sequence[str]) -> Article:
    """Make wordings of proposals, at once or (who may not publish) in what is worked on; done again, nothing happens.

    Raises Forbidden, NotFound, Invalid, Conflict("version").
    """
    require(actor, "article")
    rows = await _chosen(bridge, id, ids)
    article = await bridge.store.articles.get(id)
    there = article.next.content if article.next else article.content
    wordings = {key_of(wording): wording for wording in there.questions}
    for row in _first_of_each(rows):
        wordings.setdefault(key_of(row.text), row.text[:WORDING_LENGTH])
    content: Content = replace(there, questions=tuple(wordings.values()))
    if content == there:
        stored = article
    elif article.next is not None or article.state != "published" or not may_publish(bridge, actor):
        stored = await save_draft(bridge, actor, id, content, article.version)
    else:
        stored = await put_article(bridge, actor, article.saying(content))
    await _settle(bridge, rows, "taken")
    return stored


async def refuse(bridge: Bridge, actor: Operator, id: ArticleId, ids: Sequence[str]) -> int:
    """Say that these are no wordings of an article: they stay labels. Returns how many. Raises Forbidden."""
    require(actor, "article")
    return await _settle(bridge, await _chosen(bridge, id, ids), "refused")


async def _chosen(bridge: Bridge, id: ArticleId, ids: Sequence[str]) -> list[Verdict]:
    rows = await bridge.store.labels.many(list(dict.fromkeys(ids)))
    return [row for row in rows if row.article_id == id and row.fits and not row.wording]


def _first_of_each(rows: Sequence[Verdict]) -> list[Verdict]:
    """Return one verdict of each group of texts that say the same."""
    by_id = {row.id: row for row in rows}
    return [by_id[proposal.ids[0]] for proposal in _together(rows)]


async def _settle(bridge: Bridge, rows: Sequence[Verdict], wording: str) -> int:
    """Note what became of texts; a word that came meanwhile is asked about anew."""
    done = 0
    for row in rows:
        try:
            await bridge.store.labels.replace(replace(row, wording=wording))
        except Conflict:
            continue
        done += 1
    return done
