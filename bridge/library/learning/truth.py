"""What stands of all that was said about a question: one label, or what is known not to answer it; pure."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from bridge.library.learning.labels import asked_as
from bridge.model.articles import Label
from bridge.model.labels import CUSTOMERS, Verdict

_NEVER = datetime.min.replace(tzinfo=UTC)


def resolved(verdicts: Iterable[Verdict]) -> list[Label]:
    """Return what verdicts come to, the question that was spoken of last at the end.

    Of each question the last word of the installation's people stands, whatever customers pressed; where these said
    nothing, the customers' last. Who says later that an article does not fit takes back that it does.
    """
    questions: dict[str, list[Verdict]] = {}
    for verdict in sorted(verdicts, key=_when):
        key = verdict.asked or asked_as(verdict.text)
        questions[key] = [*questions.pop(key, []), verdict]  # the order is that of the last word
    return [label for said in questions.values() for label in truth(said)]


def truth(said: Sequence[Verdict]) -> list[Label]:
    """Return what the verdicts on one question, by their times, come to: one label, or several that do not fit."""
    staff = [each for each in said if each.source not in CUSTOMERS]
    for voices in (staff, [each for each in said if each.source in CUSTOMERS]):
        last: Verdict | None = None
        for each in voices:
            if each.fits:
                last = each
            elif last is not None and each.article_id == last.article_id:
                last = None
        denied = {each.article_id: each for each in (staff if voices is not staff else ()) if not each.fits}
        if last is not None and last.article_id not in denied:
            return [Label(last.text, last.article_id)]
    wrong = {each.article_id: each for each in said if not each.fits}
    return [Label(each.text, each.article_id, fits=False) for each in wrong.values()]


def _when(verdict: Verdict) -> tuple[datetime, str]:
    return verdict.at or _NEVER, verdict.id
