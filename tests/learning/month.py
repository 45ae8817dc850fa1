"""A simulated month: a base that begins with one wording each learns from its people, through the real hall.

    python -m tests.learning.month [--days 30] [--questions 60] [--lives 3] [--jobs 2] [--picture FILE.png]

Every day customers ask what was drawn for it, operators answer, the editor decides in the evening, and at night the
matcher is fitted anew if enough was said. Each day is measured on questions that nobody asks during the month.
"""

import argparse
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random

from bridge.clock import SystemClock
from bridge.context import Bridge
from bridge.feed import Feed
from bridge.library import index
from bridge.library.learning import teaching
from bridge.model.articles import Article, Label, Library
from bridge.model.ids import ArticleId, OperatorId
from bridge.model.operators import Operator, Role
from bridge.phrases import Phrases
from bridge.ports import BotSettings
from bridge.ports.channels import Channels
from configs.phrases import load_phrases
from kb_matcher.files import read_articles, read_labels
from kb_matcher.matcher import KbMatcher
from kb_matcher.measures import Scores, score
from storage.bus_memory import MemoryBus
from storage.files_memory import MemoryFiles
from storage.memory import MemoryDocuments
from storage.repositories import Repositories
from storage.schema import ALL
from tests.learning.people import Question, Tally, Town
from tests.learning.phrasing import varied

KNOWLEDGE = Path(__file__).parents[2] / "configs" / "knowledge"
BEGIN = datetime(2025, 3, 1, 9, 0, tzinfo=UTC)


class Calendar(SystemClock):
    """A clock that a simulated day moves on."""

    def __init__(self) -> None:
        self.time = BEGIN

    def now(self) -> datetime:
        self.time += timedelta(milliseconds=10)
        return self.time


@dataclass(frozen=True, slots=True)
class Day:
    """How it stood in the evening, and what happened during the day.

    `coverage` is the share of questions in scope answered rightly where 95 % of all answers given are right: of those
    that nobody asks during the month, and (`tomorrow`) of those that customers go on asking, in other words again.
    `accuracy`, `answered` and `precision` are of the former, with the `threshold` in force; None: exact wordings alone.
    """

    number: int
    coverage: float
    tomorrow: float
    accuracy: float
    answered: float
    precision: float | None
    threshold: float | None
    wordings: int
    labels: int
    asked: int = 0
    given: int = 0
    right: int = 0


def pool(languages: Sequence[str], articles: int | None = None) -> tuple[list[Article], list[Question]]:
    """Return the sample base with one wording each, and every question there is to it."""
    base, questions = [], []
    for lang in languages:
        whole = read_articles(KNOWLEDGE / lang / "articles.jsonl")[:articles]
        for article in whole:
            id = ArticleId(f"{lang}-{article.id}")
            base.append(replace(article, id=id, lang=lang, questions=()))
            questions += [Question(text, id, lang) for text in article.questions]
        ids = {article.id for article in whole}
        for label in read_labels(KNOWLEDGE / lang / "labels.jsonl"):
            if label.article_id is None or label.article_id in ids:
                id = ArticleId(f"{lang}-{label.article_id}") if label.article_id else None
                questions.append(Question(label.text, id, lang))
    return base, questions


@asynccontextmanager
async def hall(articles: Sequence[Article], sampled: float) -> AsyncIterator[tuple[Bridge, KbMatcher]]:
    """Open the real hall over the store in memory, with the real matcher."""
    documents, clock, bus = MemoryDocuments(), Calendar(), MemoryBus()
    await documents.open(ALL)
    store = Repositories(documents, clock)
    for article in articles:
        await store.articles.put(replace(article, created_at=clock.now(), updated_at=clock.now()))
    matcher = await KbMatcher.build(Library(tuple(articles)))
    yield (
        Bridge(
            store=store,
            bus=bus,
            clock=clock,
            matcher=matcher,
            files=MemoryFiles(1 << 20),
            phrases=Phrases(load_phrases()),
            settings=BotSettings(sampled=sampled, ask_contact=False),
            channels=Channels({}),
            feed=Feed(store, bus, clock),
        ),
        matcher,
    )
    await matcher.settled()
    await documents.close()


async def month(
    days: int = 30,
    questions: int = 60,
    *,
    languages: Sequence[str] = ("ru", "en"),
    articles: int | None = None,
    seed: int = 11,
    sampled: float = 0.2,
    every: int = 1,
    most: int = 300,
) -> AsyncIterator[Day]:
    """Live through the days; yields how it stood before the first one (number 0) and each `every`-th evening.

    `most`: questions of either kind that it is measured on.
    """
    dice = Random(seed)
    base, asked = pool(languages, articles)
    dice.shuffle(asked)
    kept, stream = asked[: len(asked) // 3], asked[len(asked) // 3 :]
    weights = [1 / (1 + dice.randrange(8)) for _ in stream]  # some things are asked every day, others once a month
    other = Random(seed + 1)
    tomorrow = [_said(question, other) for question in other.choices(stream, weights, k=most // 2)]
    measured = partial(_measured, kept[:most], tomorrow)
    async with hall(base, sampled) as (bridge, matcher):
        town = Town(bridge, _person("olga", Role.OPERATOR), _person("vera", Role.EDITOR), dice)
        yield await measured(bridge, matcher, 0, Tally())
        tally = Tally()
        for number in range(1, days + 1):
            bridge.clock.time = BEGIN + timedelta(days=number)  # type: ignore[attr-defined]
            for question in dice.choices(stream, weights, k=questions):
                await town.ask(_said(question, dice), tally)
            await _evening(town)
            await teaching.look(bridge)
            await index.look(bridge)
            await matcher.settled()
            if number % every == 0:
                yield await measured(bridge, matcher, number, tally)
                tally = Tally()


async def _evening(town: Town) -> None:
    """Let the editor decide: he knows what each question was about."""
    rows = await town.bridge.store.labels.all()
    known = {row.id: town.truth[row.about].article for row in rows if row.about in town.truth}  # type: ignore[index]
    await town.evening(known)


def _said(question: Question, dice: Random) -> Question:
    return replace(question, text=varied(question.text, question.lang, dice))


async def _measured(
    kept: Sequence[Question],
    tomorrow: Sequence[Question],
    bridge: Bridge,
    matcher: KbMatcher,
    number: int,
    tally: Tally,
) -> Day:
    strangers, usual = _scores(matcher, kept), _scores(matcher, tomorrow)
    learnt = await teaching.state(bridge)
    return Day(
        number=number,
        coverage=strangers.coverage_at_95 or 0.0,
        tomorrow=usual.coverage_at_95 or 0.0,
        accuracy=strangers.accuracy_at_1 or 0.0,
        answered=strangers.coverage or 0.0,
        precision=strangers.precision,
        threshold=learnt.answer,
        wordings=len(matcher.engine.index.wordings),
        labels=learnt.labels,
        asked=tally.asked,
        given=tally.answered,
        right=tally.right,
    )


def _scores(matcher: KbMatcher, questions: Sequence[Question]) -> Scores:
    matches = [matcher.engine.match(each.text, 5, each.lang) for each in questions]
    return score(matches, [Label(each.text, each.article) for each in questions])


def _person(name: str, role: Role) -> Operator:
    return Operator(OperatorId(name), f"{name}@shop.example", name.title(), role, "", BEGIN)


def tell(day: Day) -> None:
    """Print a day in one line."""
    limit = f"{day.threshold:.2f}" if day.threshold is not None else "exact"
    sure = f"{day.precision:.2f}" if day.precision is not None else "-"
    print(
        f"{day.number:3}  {day.wordings:8}  {day.labels:6}  {day.accuracy:11.3f}  {day.coverage:7.3f}"
        f"  {day.tomorrow:8.3f}  {day.answered:8.3f}  {sure:>9}  {limit:>9}  {day.given:5}  {day.right:5}",
        flush=True,
    )


def main() -> None:
    """Live through a month, several times, print each day, the mean and the range, and draw them."""
    parser = argparse.ArgumentParser(description="a simulated month of operators")
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--questions", type=int, default=60, help="a day")
    parser.add_argument("--lives", type=int, default=3, help="months with other dice")
    parser.add_argument("--every", type=int, default=3, help="days after which it is measured")
    parser.add_argument("--jobs", type=int, default=1, help="months lived at once, each in a process of its own")
    parser.add_argument("--picture", type=Path)
    arguments = parser.parse_args()
    from tests.learning import lives
    from tests.learning.picture import draw

    found = lives.lived(arguments.lives, arguments.days, arguments.questions, arguments.every, arguments.jobs)
    print("mean")
    for day in lives.mean(found):
        tell(day)
    print("answered by the bot, and wrongly, in each:", *lives.total(found))
    if arguments.picture:
        draw(arguments.picture, found)


if __name__ == "__main__":
    main()
