"""What the commands on customers do: tables in and out, and all of one person out of the house or erased."""

import argparse
import csv
import gc
import os
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import cast

from bridge.clock import SystemClock
from bridge.context import Bridge
from bridge.delivery.sharing import ClosingChannel
from bridge.errors import Invalid
from bridge.feed import Feed
from bridge.model.customers import Customer
from bridge.model.ids import CustomerId
from bridge.model.imports import CustomerImport, ImportFault
from bridge.people import dossier, erasing, exporting, importing
from bridge.people.exporting import Wanted
from bridge.people.importing import Import
from bridge.people.kin import root
from bridge.people.table import Sheet
from bridge.phrases import Phrases
from bridge.ports import BotSettings, Matcher
from bridge.ports.channels import Channels
from configs.customers import rules
from configs.phrases import load_phrases
from configs.settings import DEMO_FILE, Settings, load
from mostik_commands import url_of

#: Who did it, in the audit log.
BY = "system"
#: Progress is told so often, seconds: on a terminal, elsewhere.
SOON, SELDOM = 0.2, 10.0
_WORDS = {
    "required": "is missing: a row names a customer by external_id or id",
    "unknown": "names nobody here",
    "invalid": "is invalid",
    "too_long": "is too long",
    "too_many": "are too many",
    "too_many_cells": "has more cells than there are headings",
    "unknown_value": "is none of the known ones",
    "unknown_heading": "names a heading the file has not",
    "unknown_column": "leads to a column that is not known",
    "twice": "leads two headings to one column",
    "not_text": "is no text in UTF-8, UTF-16 or Windows-1251",
    "no_headings": "has no line of headings",
    "empty": "is empty",
    "bad_csv": "a quotation mark is not closed",
}


@asynccontextmanager
async def hall(arguments: argparse.Namespace, speaks: bool = False) -> AsyncIterator[Bridge]:
    """Open the store that --config or --data names, with a hall around it; it `speaks` to messengers or to nobody."""
    from mostik_house import open_channels, open_store
    from storage.bus_memory import MemoryBus
    from storage.connect import files_of

    settings = _settings(arguments)
    url, clock, bus = url_of(arguments), SystemClock(), MemoryBus()
    async with open_store(url, clock) as (documents, store):
        folder = Path(settings.files.folder) if settings.files.folder else None
        channels = open_channels(settings.bots, settings.panel.public_url) if speaks else Channels()
        bridge = Bridge(
            store=store,
            bus=bus,
            clock=clock,
            matcher=cast(Matcher, None),  # no command here asks the library
            files=files_of(url, settings.files.max_mb << 20, folder, documents),
            phrases=Phrases(load_phrases(), settings.bot.language),
            settings=BotSettings(**settings.bot.model_dump()),
            channels=channels,
            feed=Feed(store, bus, clock),
            shop=settings.shop.name,
            rules=rules(settings.customers, settings.retention),
        )
        try:
            yield bridge
        finally:
            for channel in channels.by_name.values():
                if isinstance(channel, ClosingChannel):
                    await channel.close()


def _settings(arguments: argparse.Namespace) -> Settings:
    return load(arguments.config if arguments.data is None else DEMO_FILE, os.environ)


async def customers_import(arguments: argparse.Namespace) -> int:
    """Take a table of customers over; exit code 1 when a row was refused."""
    mapping = dict(pair.split("=", 1) for pair in arguments.map)
    async with hall(arguments) as bridge:
        with arguments.file.open("rb") as file, _report(arguments.report) as report:
            try:
                sheet = importing.look(bridge, file, mapping, arguments.delimiter)
                _tell_sheet(sheet, importing.preview(file, sheet))
                if arguments.preview:
                    return 0
                size = os.fstat(file.fileno()).st_size
                asked = Import(
                    file,
                    sheet,
                    arguments.from_line,
                    arguments.dry_run,
                    report,
                    _progress(size),
                    arguments.file.name,
                    size,
                )
                gc.freeze()  # what the program itself consists of is not looked through again and again
                counts = await importing.take_for(bridge, BY, asked)
            except Invalid as fault:
                for column, code in fault.errors:
                    print(f"mostik: {column}: {_WORDS.get(code, code)}", file=sys.stderr)
                return 1
    _tell_counts(counts, arguments.dry_run)
    return 1 if counts.bad else 0


def _tell_sheet(sheet: Sheet, samples: list[list[str]]) -> None:
    delimiter = {"\t": "tab"}.get(sheet.delimiter, sheet.delimiter)
    print(f"letters: {sheet.letters}; delimiter: {delimiter}")
    for heading, target, shown in zip(sheet.headings, sheet.targets, samples, strict=True):
        values = " | ".join(value.replace("\n", " ")[:30] for value in shown)
        print(f"  {heading or '(no heading)'} -> {'left out' if target == '-' else target}: {values}")


def _tell_counts(counts: CustomerImport, dry_run: bool) -> None:
    would = " (nothing was written)" if dry_run else ""
    told = [f"{counts.new} new", f"{counts.changed} changed", f"{counts.unchanged} unchanged", f"{counts.bad} refused"]
    print(f"{', '.join(told)}{would}")
    for code, count in sorted(counts.codes.items()):
        print(f"  {count} x {_WORDS.get(code, code)}")


@contextmanager
def _report(path: Path | None) -> Iterator[Callable[[ImportFault], None]]:
    """Give what writes refused rows down: into a table, or the first of them on stderr."""
    if path is None:
        left = [20]

        def told(fault: ImportFault) -> None:
            if left[0]:
                left[0] -= 1
                print(f"line {fault.line}: {fault.column} {_WORDS.get(fault.code, fault.code)}", file=sys.stderr)
                if not left[0]:
                    print("further refused rows are only counted: name a --report", file=sys.stderr)

        yield told
        return
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["line", "column", "code", "reason"])
        yield lambda fault: writer.writerow([fault.line, fault.column, fault.code, _WORDS.get(fault.code, fault.code)])


def _progress(size: int) -> Callable[[CustomerImport], None]:
    """Return what draws a bar on a terminal, and elsewhere says a line now and then."""
    begun = told_at = time.monotonic()
    terminal = sys.stderr.isatty()

    def told(counts: CustomerImport) -> None:
        nonlocal told_at
        now = time.monotonic()
        if now - told_at < (SOON if terminal else SELDOM):
            return
        told_at = now
        rows = counts.new + counts.changed + counts.unchanged + counts.bad
        share = min(1.0, counts.read / max(size, 1))
        filled = int(40 * share)
        words = f"{rows} rows, {rows / (now - begun):.0f} a second; go on after an end: --from-line {counts.line + 1}"
        bar = f"\r[{'#' * filled}{'.' * (40 - filled)}] {share:.0%} {words}"
        print(bar if terminal else f"{share:.0%} {words}", end="" if terminal else "\n", file=sys.stderr, flush=True)

    return told


async def customers_export(arguments: argparse.Namespace) -> int:
    """Write customers, all or those who are asked for, into a table."""
    encoding = "utf-8-sig" if arguments.bom else "utf-8"
    wanted = Wanted(**{name: getattr(arguments, name) for name in Wanted.__slots__})
    async with hall(arguments) as bridge:
        with arguments.file.open("w", encoding=encoding, newline="") as out:
            arguments.file.chmod(0o600)
            async for lines in exporting.export_for(bridge, BY, arguments.delimiter or ",", wanted):
                out.write(lines)
    return 0


async def customers_export_one(arguments: argparse.Namespace) -> int:
    """Write all that is kept of one person into an archive."""
    async with hall(arguments) as bridge:
        await root(bridge, CustomerId(arguments.id))  # a mistyped id leaves no empty archive
        with arguments.file.open("wb") as out:
            arguments.file.chmod(0o600)
            await dossier.export_for(bridge, BY, CustomerId(arguments.id), out)
    return 0


def _meant(person: Customer) -> bool:
    return input(f"Type {person.id} to erase {person.name} for good: ").strip() == person.id


async def customers_erase(arguments: argparse.Namespace) -> int:
    """Erase one person, after the id was typed once more unless --yes says that it is meant."""
    async with hall(arguments, speaks=arguments.data is None) as bridge:
        person = await root(bridge, CustomerId(arguments.id))
        if not arguments.yes and not _meant(person):
            print("mostik: nothing was erased", file=sys.stderr)
            return 1
        row = await erasing.erase_for(bridge, BY, person.id)
    told = ", ".join(f"{count} {name}" for name, count in sorted(row.counts.items()))
    print(f"erased: {told}")
    for topic in row.by_hand:
        print(f"delete by hand: topic {topic}")
    return 0


async def customers_search(arguments: argparse.Namespace) -> int:
    """Tell where values stand in the whole store and its files; exit code 1 when they stand anywhere."""
    from mostik_house import open_store
    from storage.connect import files_of
    from storage.traces import own_files, traces

    settings, url = _settings(arguments), url_of(arguments)
    folder = Path(settings.files.folder) if settings.files.folder else None
    async with open_store(url, SystemClock()) as (documents, _):
        files = files_of(url, settings.files.max_mb << 20, folder, documents)
        found = await traces(documents, files, own_files(url, folder), arguments.value)
    for place, count in found.items():
        print(f"{place}: {count}")
    print("found" if found else "found nowhere")
    return 1 if found else 0
