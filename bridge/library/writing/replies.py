"""What an article says in one conversation: the variant of its channel and language; pure."""

from collections.abc import Sequence

from bridge.context import Bridge
from bridge.model.articles import Article, Reply, Variant
from bridge.model.conversations import Conversation
from bridge.model.ids import ChannelName


def reply_in(bridge: Bridge, article: Article, conversation: Conversation) -> Reply:
    """Return what an article says to a conversation's customer."""
    return reply_of(article, conversation.channel, kind_of(bridge, conversation.channel), conversation.language)


def kind_of(bridge: Bridge, channel: str) -> str:
    """Return the messenger of a channel; of one that is not connected, empty."""
    found = bridge.channels.by_name.get(ChannelName(channel))
    return found.kind if found else ""


def reply_of(article: Article, channel: str, kind: str, language: str | None) -> Reply:
    """Return what an article says in a channel of a kind to somebody who speaks a language.

    The language decides first, then the channel by its name, then its kind: better an answer of another channel than
    one nobody understands. Addresses behind buttons stand under the text, since not every messenger has such buttons.
    """
    own = Variant(article.answer, lang=article.lang or "")

    def rank(variant: Variant) -> tuple[int, int]:
        spoken = variant.lang or own.lang
        understood = 1 if not spoken else 2 if spoken == language else 0
        return understood, 2 if variant.channel == channel else 1 if variant.channel else 0

    fitting = [each for each in article.variants if _fits(each, channel, kind, language)]
    best = max([*fitting, own], key=rank)
    buttons = best.buttons or article.buttons
    links = "\n".join(f"{button.text}: {button.url}" for button in buttons if button.url)
    text = f"{best.answer}\n\n{links}" if links and best.answer.strip() else best.answer
    return Reply(text, tuple(button for button in buttons if not button.url), article.files)


def together(told: Sequence[tuple[str, Reply]]) -> Reply:
    """Return several articles' replies as one, each under its title; of one article as it is."""
    if len(told) == 1:
        return told[0][1]
    text = "\n\n".join(f"{title}\n{reply.text}".strip() for title, reply in told)
    buttons = tuple(button for _, reply in told for button in reply.buttons)
    return Reply(text, buttons, tuple(file for _, reply in told for file in reply.files))


def _fits(variant: Variant, channel: str, kind: str, language: str | None) -> bool:
    here = not variant.channel or variant.channel in (channel, kind)
    return here and (not variant.lang or variant.lang == language)
