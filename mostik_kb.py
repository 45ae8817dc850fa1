"""What the commands on the knowledge base do: files in and out, one question, figures on many."""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

from bridge.library.files.formats import read, write
from bridge.library.files.formats.records import File
from bridge.library.files.importing import Item, Outcome, Plan, plan, take, undo
from bridge.model.articles import Article, Label, Signed
from mostik_commands import store_of
from storage.repositories import Repositories

#: Endings by which the format of a file is known; a folder is Markdown, everything else JSON lines.
SUFFIXES = {".csv": "csv", ".tsv": "csv", ".md": "markdown"}
#: What is wrong in words, by code.
_WORDS = {
    "required": "is missing",
    "empty": "must not be empty",
    "invalid": "is invalid",
    "too_long": "is too long",
    "too_many": "has too many items",
    "twice": "is there twice",
    "bad_json": "is not JSON",
    "bad_csv": "is not CSV: a quotation mark is not closed or stands in the middle of a cell",
    "bad_head": "stands in the head, and is no name with a value",
    "no_heading": "has neither a title nor questions: the first line names the columns",
    "no_text": "has to be a text",
    "no_list": "has to be a list",
    "no_object": "has to be an object",
    "no_time": "has to be a time as ISO 8601 writes it",
    "broken_text": "holds half a letter",
    "unknown_value": "is none of the known ones",
    "for_nobody": "needs a channel or a language",
    "before_begin": "is before the first day",
    "in_another": "stands in another article too",
    "over_channel_limit": "is longer than one message: it will be several",
    "html": "holds HTML, which customers would see as it is",
    "markup": "holds markup, which customers would see as it is",
    "control": "holds a sign nobody sees",
    "no_words": "has no words",
    "title_alone": "are missing: the title alone is matched",
    "unknown_field": "is not known and was left out",
    "not_here": "are not kept here and were left out",
    "too_many_cells": "has more cells than the heading",
}


def _line(place: str, name: str, code: str, detail: str = "") -> str:
    return f"{place}: {name} {_WORDS.get(code, code)}{f' ({detail})' if detail else ''}"


async def kb_import(arguments: argparse.Namespace) -> int:
    """Read files into the store; articles of the same id are changed as far as the files say."""
    from bridge.clock import SystemClock
    from bridge.library.index import changed

    files = read_files(arguments.articles)
    columns = dict(pair.split("=", 1) for pair in arguments.map)
    form = arguments.format or form_of(arguments.articles)
    labels = _labels(arguments.labels)
    async with store_of(arguments) as store:
        planned = await plan(store, read(form, files, columns))
        if _refused(planned, arguments.skip_broken):
            return 1
        if arguments.dry_run:
            _show(planned)
            return 0
        clock = SystemClock()
        by = Signed("", "mostik kb import", clock.now())
        done = await take(store, clock, by, str(arguments.articles), planned, skip_broken=True, told=_progress(planned))
        await store.articles.put_labels(labels)
        await changed(store)
        known = len(labels) or sum((await store.labels.counts()).values())
    _told(planned, done, len(labels))
    if not known:
        print("without labelled questions the bot answers exact wordings alone: import some with --labels")
    return 0


def read_files(path: Path) -> list[File]:
    """Read a file, or all Markdown below a folder in the order of names. Raises ValueError, OSError."""
    if not path.is_dir():
        return [File(str(path), _text(path))]
    found = sorted(each for each in path.rglob("*.md") if each.is_file())
    if not found:
        raise ValueError(f"{path}: no Markdown in this folder")
    return [File(each.relative_to(path).as_posix(), _text(each)) for each in found]


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: not UTF-8 at byte {error.start}") from None
    except OSError as error:
        raise ValueError(f"{path}: {error.strerror or error}") from None


def form_of(path: Path) -> str:
    """Return the format a file or a folder is in, by its name."""
    return "markdown" if path.is_dir() else SUFFIXES.get(path.suffix.lower(), "jsonl")


def _labels(path: Path | None) -> list[Label]:
    from kb_matcher.files import read_labels

    return read_labels(path) if path else []


def _refused(planned: Plan, skip: bool) -> bool:
    """Name what is broken, a line each; tell whether nothing is to be done then."""
    broken = planned.of("broken")
    for item in broken:
        for name, code in item.errors:
            print(_line(item.place, name, code), file=sys.stderr)
    return bool(broken) and not skip


def _show(planned: Plan) -> None:
    for item in planned.items:
        if item.change in ("new", "changed"):
            print(f"{item.place}: {item.change} {item.id}{_fields(item)}")
        for flag in item.flags:
            print(_line(item.place, flag.field, flag.code, flag.article or flag.detail))
    print(_counts(planned))


def _fields(item: Item) -> str:
    return f" ({', '.join(item.fields)})" if item.fields else ""


def _counts(planned: Plan) -> str:
    return ", ".join(f"{change}: {len(planned.of(change))}" for change in ("new", "changed", "unchanged", "broken"))


def _told(planned: Plan, done: Outcome, labels: int) -> None:
    print(f"articles: {len(planned.items)} ({_counts(planned)}), labelled questions: {labels}")
    print(f"import {done.run.id}: `mostik kb undo {done.run.id}` takes it back")
    if done.left:
        print(f"changed by somebody else meanwhile and left: {', '.join(done.left)}")
    flagged = sum(1 for item in planned.items if item.flags)
    if flagged:
        print(f"to be looked at: {flagged}; --dry-run lists them")
    print("a running Mostik takes them up within seconds")


def _progress(planned: Plan) -> Callable[[int], None] | None:
    """Return what draws a bar on a terminal, for more than a moment's work."""
    total = len(planned.of("new")) + len(planned.of("changed"))
    if total < 500 or not sys.stderr.isatty():
        return None

    def told(done: int) -> None:
        filled = 40 * done // total
        end = "\n" if done >= total else ""
        print(f"\r[{'#' * filled}{'.' * (40 - filled)}] {done}/{total}", end=end, file=sys.stderr, flush=True)

    return told


async def kb_undo(arguments: argparse.Namespace) -> int:
    """Take an import back."""
    from bridge.clock import SystemClock
    from bridge.library.index import changed

    clock = SystemClock()
    async with store_of(arguments) as store:
        done = await undo(store, clock, Signed("", "mostik kb undo", clock.now()), arguments.id)
        await changed(store)
    print(f"removed: {len(done.removed)}, brought back: {len(done.written)}, left: {len(done.left)}")
    for id in done.left:
        print(f"{id}: changed since, left as it is")
    return 0


async def take_articles(store: Repositories, articles: Path, labels: Path | None) -> tuple[int, int]:
    """Read files into the store; returns how many articles and labelled questions. Raises ValueError, OSError."""
    from bridge.clock import SystemClock
    from bridge.library.index import changed

    labelled = _labels(labels)
    clock = SystemClock()
    planned = await plan(store, read(form_of(articles), read_files(articles)))
    if broken := [_line(item.place, *fault) for item in planned.of("broken") for fault in item.errors]:
        raise ValueError(broken[0])
    await take(store, clock, Signed("", "mostik init", clock.now()), str(articles), planned)
    await store.articles.put_labels(labelled)
    await changed(store)
    return len(planned.items), len(labelled)


async def kb_export(arguments: argparse.Namespace) -> int:
    """Write the store's articles, and its labels, into files."""
    from bridge.library.learning.truth import resolved
    from kb_matcher.files import write_labels

    async with store_of(arguments) as store:
        articles = await _stored(store, arguments.state)
        labels = [each for each in resolved(await store.labels.all()) if each.fits] if arguments.labels else []
    write_files(arguments.articles, arguments.format, articles)
    if arguments.labels:
        write_labels(arguments.labels, labels)
    more = f", labelled questions: {len(labels)}" if arguments.labels else ""
    print(f"articles: {len(articles)}{more}")
    return 0


def write_files(path: Path, form: str | None, articles: list[Article]) -> None:
    """Write articles into a file, or as Markdown into a folder, which is made; by the name without a format."""
    form = form or ("markdown" if path.is_dir() or not path.suffix else form_of(path))
    if form == "markdown":
        path.mkdir(parents=True, exist_ok=True)
        for file in write(form, articles):
            (path / file.name).write_text(file.text, encoding="utf-8", newline="")
    else:
        path.write_text(write(form, articles)[0].text, encoding="utf-8", newline="")


async def _stored(store: Repositories, state: str | None) -> list[Article]:
    found: list[Article] = []
    cursor: str | None = None
    while True:
        rows, cursor = await store.articles.page(cursor, 500)
        found += [row for row in rows if state in (None, row.state)]
        if cursor is None:
            return found


async def kb_match(arguments: argparse.Namespace) -> int:
    """Print what the knowledge base says to a text."""
    from bridge.clock import SystemClock
    from bridge.library.index import taught
    from kb_matcher import KbMatcher
    from kb_matcher.explain import held_back, several

    async with store_of(arguments) as store:
        matcher = await KbMatcher.build(await taught(store, SystemClock().now()))
    match = await matcher.match(arguments.text, arguments.limit)
    print(match.decision.value)
    if arguments.explain:
        reason = held_back(match, matcher.thresholds)
        for line in [*([reason] if reason else []), *several(match, matcher.thresholds)]:
            print(f"        {line}")
    for item in match.ranked:
        print(f"{item.confidence:6.3f}  {item.article_id}  {item.title}")
        if arguments.explain:
            print(f"        {item.wording} · {item.why}")
    return 0


def kb_predict(arguments: argparse.Namespace) -> int:
    """Write a prediction for each query of a file."""
    from kb_matcher.predict import predict

    report = predict(arguments.articles, arguments.queries, arguments.out, arguments.labels, arguments.limit)
    print("\n".join(report.lines()))
    return 0


def kb_evaluate(arguments: argparse.Namespace) -> int:
    """Print figures on labelled queries."""
    from dataclasses import asdict

    from kb_matcher.predict import evaluate

    found = evaluate(arguments.articles, arguments.queries, arguments.labels, arguments.limit)
    if arguments.plot:
        from kb_matcher.plot import draw

        draw(arguments.plot, found.matches, found.labels, found.report.thresholds.answer)
    if arguments.json:
        print(json.dumps(asdict(found.scores)))
    else:
        print("\n".join(found.report.lines()))
        for name, value in asdict(found.scores).items():
            shown = "-" if value is None else f"{value:.3f}" if isinstance(value, float) else value
            print(f"{name:<24}{shown}")
    return 0
