"""At which moments the bot asks for a contact, and which it is: the customer is told why."""

import re
from collections.abc import Iterable

from bridge import policy
from bridge.context import Bridge
from bridge.model.articles import Article
from bridge.model.asking import AskRule, AskRules
from bridge.model.conversations import Conversation
from bridge.people import claims

#: Moments, as phrases and the log call them.
HANDOFF, ARTICLE, RULE = "handoff", "article", "rule"


def needs_contact(rules: AskRules, articles: Iterable[Article]) -> bool:
    """Tell whether one of these articles is only done with when the customer can be reached."""
    return any(each.id in rules.articles or not rules.tags.isdisjoint(each.tags) for each in articles)


def holds(rule: AskRule, conversation: Conversation, text: str) -> bool:
    """Tell whether a rule holds for what a customer said; one that names nothing holds nowhere."""
    if not (rule.words or rule.channels or rule.messages):
        return False
    if rule.channels and conversation.channel not in rule.channels:
        return False
    if conversation.incoming < rule.messages:
        return False
    said = text.lower().replace("ё", "е")
    return not rule.words or any(_begins(word.lower().replace("ё", "е"), said) for word in rule.words)


def _begins(word: str, said: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}", said) is not None


async def occasion(
    bridge: Bridge, conversation: Conversation, decisions: tuple[policy.Decision, ...], text: str
) -> str:
    """Return the moment at which the contact is asked for now, empty for none.

    Named, the question is this conversation's to ask. Raises StoreDown.
    """
    found = await _moment(bridge, conversation, decisions, text)
    return found if found and await claims.may_ask(bridge, conversation) else ""


async def _moment(bridge: Bridge, conversation: Conversation, decisions: tuple[policy.Decision, ...], text: str) -> str:
    if policy.hands_off(decisions):
        return HANDOFF if bridge.settings.ask_contact else ""
    answered = [one.article.article_id for each in decisions if isinstance(each, policy.Answer) for one in each.all]
    if not answered:
        return ""  # no word is said to which the question could be added
    rules = bridge.asks
    if (rules.articles or rules.tags) and needs_contact(rules, await bridge.store.articles.many(answered)):
        return ARTICLE
    return RULE if any(holds(rule, conversation, text) for rule in rules.rules) else ""
