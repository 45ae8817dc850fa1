"""One plain line that tells why an article was ranked where it is."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from bridge.model.articles import Decision, Match, Thresholds, apart
from kb_matcher.normalise import latin, stem, wording_words

MAX_WORDING = 80
MAX_WORDS = 6


@lru_cache(maxsize=2048)
def _stems(wording: str) -> frozenset[str]:
    return frozenset(latin(stem(word)) for word in wording_words(wording))


def folded(tokens: Sequence[str]) -> dict[str, str]:
    """Return the words of a question that are worth telling, in order, each with what it is compared by."""
    return {token: latin(stem(token)) for token in tokens if len(token) > 2}


def common(spoken: Mapping[str, str], wording: str) -> list[str]:
    """Return the words of a question, as `folded` gave them, whose stem the wording has too."""
    stems = _stems(wording)
    return [token for token, own in spoken.items() if own in stems][:MAX_WORDS]


def line(wording: str, words: Sequence[str], confidence: float, rival: tuple[str, float] | None) -> str:
    """Return e.g. `like "Where is my order?"; words in common: where, order; next: Returns (-23 points)`."""
    short = wording if len(wording) <= MAX_WORDING else wording[: MAX_WORDING - 1].rstrip() + "\u2026"
    parts = [f'like "{" ".join(short.split())}"']
    parts.append(f"words in common: {', '.join(words)}" if words else "no words in common, similar spelling")
    if rival is not None:
        title, other = rival
        parts.append(f"next: {' '.join(title.split())} (-{round((confidence - other) * 100)} points)")
    return "; ".join(parts)


def several(match: Match, thresholds: Thresholds) -> list[str]:
    """Return what each question of a text with several is answered with, a line each; nothing where it is one."""
    sure, left = apart(match, thresholds)
    lines = [f'to "{one.text}": {one.ranked[0].title} ({one.confidence:.3f})' for one in sure]
    return [*lines, f'without an answer: "{" / ".join(left.text.splitlines())}"'] if left else lines


def held_back(match: Match, thresholds: Thresholds) -> str:
    """Return why the first article is not sent as the answer; empty when it is."""
    if match.decision is Decision.ANSWER:
        return ""
    if not match.ranked:
        return "not sent: nothing in the base resembles the text"
    first = match.ranked[0].confidence
    if thresholds.answer is None:
        return "not sent: without enough labels only exact and nearly exact wordings are answered"
    if first >= thresholds.answer:
        return "not sent: several articles fit"
    return f"not sent: {first:.3f} is below {thresholds.answer:.3f}, from which the bot answers"
