"""What an editor should look at beyond one article: wordings it shares, buttons that lead nowhere."""

from bridge.context import Bridge
from bridge.library.writing import checks
from bridge.library.writing.checks import Flag, key_of
from bridge.model.articles import Article, ArticleFilters, Button
from bridge.model.ids import ArticleId

#: Articles looked at for each wording, and how many are read at once.
LOOKED_AT = 300
PORTION = 100


async def flags(bridge: Bridge, article: Article) -> list[Flag]:
    """Return everything to be looked at in an article, the wordings it shares and its buttons included."""
    found = checks.flags(article.content)
    for number, question in enumerate(article.questions):
        found += [
            Flag(f"questions.{number}", "in_another", question, id) for id in await sharing(bridge, article, question)
        ]
    wanted = [button.article for button in _buttons(article) if button.article]
    there = {each.id for each in await bridge.store.articles.many(wanted) if each.state == "published"}
    return [*found, *(Flag("buttons", "leads_nowhere", id, id) for id in dict.fromkeys(wanted) if id not in there)]


def _buttons(article: Article) -> list[Button]:
    return [*article.buttons, *(button for variant in article.variants for button in variant.buttons)]


async def sharing(bridge: Bridge, article: Article, wording: str) -> list[ArticleId]:
    """Return the other articles a wording stands in; archived ones and those of another language do not count."""
    key = key_of(wording)
    found: list[ArticleId] = []
    cursor: str | None = None
    for _ in range(LOOKED_AT // PORTION if key else 0):
        rows, cursor = await bridge.store.articles.page(cursor, PORTION, ArticleFilters(words=wording))
        for row in rows:
            wordings = {key_of(question) for question in row.questions}
            if row.state != "archived" and checks.alike(article, row) and key in wordings:
                found.append(row.id)
        if cursor is None:
            break
    return found
