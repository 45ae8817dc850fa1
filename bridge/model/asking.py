"""When the bot asks a customer for an e-mail or a phone, as an installation chose."""

from dataclasses import dataclass

from bridge.model.ids import ArticleId


@dataclass(frozen=True, slots=True)
class AskRule:
    """Asks where all that it names holds; what is left empty says nothing.

    `words`: beginnings of words, one of which the customer wrote; `channels`: where; `messages`: he wrote so many in
    the conversation.
    """

    words: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    messages: int = 0


@dataclass(frozen=True, slots=True)
class AskRules:
    """The moments beside a handoff: these articles or tags of articles need a contact, or a rule holds.

    `chat_codes`: a code that proves a contact also goes over another chat of whoever has proved it.
    """

    articles: frozenset[ArticleId] = frozenset()
    tags: frozenset[str] = frozenset()
    rules: tuple[AskRule, ...] = ()
    chat_codes: bool = False

    @property
    def counts(self) -> bool:
        """Does a rule count a customer's messages?"""
        return any(rule.messages for rule in self.rules)
