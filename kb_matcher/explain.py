"""One plain line that tells why an article was ranked where it is."""

from collections.abc import Sequence

from kb_matcher.normalise import latin, stem

MAX_WORDING = 80
MAX_WORDS = 6


def common(tokens: Sequence[str], wording: Sequence[str]) -> list[str]:
    """Return the words of the question whose stem the wording has too, in order, each once."""
    stems = {latin(stem(token)) for token in wording}
    found = dict.fromkeys(token for token in tokens if len(token) > 2 and latin(stem(token)) in stems)
    return list(found)[:MAX_WORDS]


def line(wording: str, words: Sequence[str], confidence: float, rival: tuple[str, float] | None) -> str:
    """Return e.g. `like "Where is my order?"; words in common: where, order; next: Returns (-23 points)`."""
    short = wording if len(wording) <= MAX_WORDING else wording[: MAX_WORDING - 1].rstrip() + "\u2026"
    parts = [f'like "{" ".join(short.split())}"']
    parts.append(f"words in common: {', '.join(words)}" if words else "no words in common, similar spelling")
    if rival is not None:
        title, other = rival
        parts.append(f"next: {' '.join(title.split())} (-{round((confidence - other) * 100)} points)")
    return "; ".join(parts)
