"""What becomes of articles with customers, as it is read off messages or written with verdicts; pure."""

from bridge.model.labels import LabelSource, Verdict
from bridge.model.messages import AuthorKind, Message
from bridge.model.questions import Use, use_of

#: What the data of the button that says an answer helped begins with: it stands under the last part of each answer.
HELPED = "ok:"


def told_in(message: Message) -> list[Use]:
    """Return the articles that a word of the bot said (answer) or named on buttons (offer), each once."""
    if message.author.kind is not AuthorKind.BOT:
        return []
    if message.source is not None:
        # The last part of an answer asks whether it helped, or tells which of several questions it answers.
        ends = bool(message.source.asked) or any(choice.data.startswith(HELPED) for choice in message.choices)
        articles, how = [each.article_id for each in (message.source, *message.also)] if ends else [], "answer"
    else:
        articles, how = [each.article_id for each in message.offered], "offer"
    return [Use(use_of(message.id, article, how), article, message.at, how) for article in dict.fromkeys(articles)]


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
