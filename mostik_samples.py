"""What a demo begins with: its staff, the sample knowledge base, replies and macros of the desk."""

import tomllib
from dataclasses import replace
from typing import Any

from bridge.clock import SystemClock
from bridge.model.canned import Canned, Deed, Macro, MacroStep, Shared
from bridge.model.ids import ArticleId, OperatorId, derive
from bridge.model.operators import ApiToken, Operator, Role
from configs.settings import DEMO_FILE
from kb_matcher.files import read_articles, read_labels
from operator_panel.passwords import digest, hash_in_thread
from storage.repositories import Repositories

KNOWLEDGE = DEMO_FILE.parent / "knowledge"
SAMPLES = DEMO_FILE.parent / "demo"
#: Names by language, e-mail, role, Telegram account in the staff group; the first one is the administrator.
STAFF = (
    ({"ru": "Ирина Орлова", "en": "Irina Orlova"}, "admin@kedr.example", Role.ADMIN, 5001),
    ({"ru": "Елена Соколова", "en": "Elena Sokolova"}, "elena@kedr.example", Role.OPERATOR, 5002),
    ({"ru": "Марк Климов", "en": "Mark Klimov"}, "mark@kedr.example", Role.OPERATOR, 5003),
)


async def prepare(store: Repositories, keys: dict[str, Any], language: str) -> None:
    """Put all of it into a new store; what is there already is left as it is."""
    await _staff(store, keys, language)
    if not (await store.articles.page(None, 1))[0]:
        await _knowledge(store, language)
        await _replies(store, language)


async def _staff(store: Repositories, keys: dict[str, Any], language: str) -> None:
    now = SystemClock().now()
    for names, email, role, telegram_id in STAFF:
        id = OperatorId(derive("demo", email))
        if await store.staff.by_email(email) is None:
            password = await hash_in_thread(keys["staff"][email]["password"])
            await store.staff.add(
                Operator(id, email, names[language], role, password, now, telegram_id, language=language)
            )
        token = keys["staff"][email]["token"]
        await store.staff.add_token(ApiToken(digest(token), id, now, "demo", hint=token[-4:]))


async def _knowledge(store: Repositories, language: str) -> None:
    now = SystemClock().now()
    for lang in ("ru", "en"):
        # The same subject in the other language is an article of its own here.
        prefix = "" if lang == language else f"{lang}-"
        articles = read_articles(KNOWLEDGE / lang / "articles.jsonl")
        labels = read_labels(KNOWLEDGE / lang / "labels.jsonl")
        for article in articles:
            named = ArticleId(prefix + article.id)
            await store.articles.put(replace(article, id=named, lang=lang, created_at=now, updated_at=now))
        await store.articles.put_labels(
            [replace(one, article_id=ArticleId(prefix + one.article_id)) if one.article_id else one for one in labels]
        )


async def _replies(store: Repositories, language: str) -> None:
    """Keep what configs/demo/replies.<language>.toml holds, for everybody, as made by the administrator."""
    now, by = SystemClock().now(), OperatorId(derive("demo", STAFF[0][1]))
    found = tomllib.loads((SAMPLES / f"replies.{language}.toml").read_text(encoding="utf-8"))
    for row in found["canned"]:
        id = derive("demo", "canned", row["shortcut"])
        await store.canned.add(
            Canned(id, row["title"], row["text"], by, now, Shared.ALL, shortcut=row["shortcut"], language=language)
        )
    for row in found["macros"]:
        steps = tuple(MacroStep(Deed(deed), value) for deed, value in row["steps"])
        id = derive("demo", "macro", row["shortcut"])
        await store.macros.add(Macro(id, row["title"], steps, by, now, Shared.ALL, shortcut=row["shortcut"]))
