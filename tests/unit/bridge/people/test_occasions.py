"""The moments at which a contact is asked for: articles and rules that the settings name."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bridge.model.articles import Article
from bridge.model.asking import AskRule, AskRules
from bridge.model.conversations import Conversation, Stage
from bridge.model.ids import ArticleId, ChannelName, ChatId, ConversationId, CustomerId
from bridge.people.occasions import holds, needs_contact

T0 = datetime(2025, 3, 1, tzinfo=UTC)
HERE = Conversation(
    *(ConversationId("here"), 1, ChannelName("tg"), ChatId("1"), CustomerId("a"), "Анна", Stage.BOT),
    created_at=T0,
    updated_at=T0,
    incoming=2,
)


@pytest.mark.parametrize(
    ("rule", "text", "asks"),
    [
        ({"words": ("перезвон",)}, "Можете ПЕРЕЗВОНИТЬ завтра?", True),
        ({"words": ("перезвон",)}, "неперезвоните", False),
        ({"words": ("счёт",)}, "выставьте счет", True),
        ({"words": ("a.b*",)}, "aXb", False),
        ({"channels": ("tg",)}, "любое", True),
        ({"channels": ("site",)}, "любое", False),
        ({"messages": 2}, "любое", True),
        ({"messages": 3}, "любое", False),
        ({"words": ("счёт",), "channels": ("site",)}, "выставьте счёт", False),
        ({}, "любое", False),
    ],
)
def test_a_rule_holds_where_all_it_names_holds(rule: dict[str, Any], text: str, asks: bool) -> None:
    assert holds(AskRule(**rule), HERE, text) is asks


def test_articles_need_a_contact_by_their_id_or_a_tag() -> None:
    plain = Article(ArticleId("x"), "x", "ответ")
    assert not needs_contact(AskRules(), [plain])
    assert needs_contact(AskRules(articles=frozenset({plain.id})), [plain])
    tagged = replace(plain, tags=("монтаж", "доставка"))
    assert needs_contact(AskRules(tags=frozenset({"доставка"})), [plain, tagged])
    assert not needs_contact(AskRules(tags=frozenset({"оплата"})), [tagged])
