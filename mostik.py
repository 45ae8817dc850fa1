"""The front door: the command line. Every command imports only what it needs, so that --help costs nothing."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

#: Exit codes: done, refused or failed, wrong usage (argparse's own).
DONE, FAILED = 0, 1

Command = Callable[[argparse.Namespace], int]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; what fails says so in one line per fault, never with a traceback."""
    arguments = parser().parse_args(argv)
    command: Command = arguments.command
    try:
        return command(arguments)
    except KeyboardInterrupt:
        return FAILED
    except BrokenPipeError:
        return FAILED
    except Exception as fault:
        from mostik_commands import lines_of

        lines = lines_of(fault)
        if lines is None:
            raise
        for line in lines:
            print(f"mostik: {line}", file=sys.stderr)
        return FAILED


def parser() -> argparse.ArgumentParser:
    """Return the whole command line."""
    top = argparse.ArgumentParser(
        prog="mostik", description="A messenger bridge with bots, a knowledge base and operator handoff."
    )
    top.add_argument("--version", action="version", version="mostik 0.1.0")
    commands = top.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _demo(commands.add_parser("demo", help="everything on this machine, with emulated messengers and sample data"))
    _emulate(commands.add_parser("emulate", help="one emulated messenger alone"))
    _run(commands.add_parser("run", help="the real thing"))
    _init(commands.add_parser("init", help="a few questions, then settings, store and the first administrator"))
    _migrate(commands.add_parser("migrate", help="bring the store to the current schema"))
    _operator(commands.add_parser("operator", help="staff accounts"))
    _kb(commands.add_parser("kb", help="the knowledge base"))
    _customers(commands.add_parser("customers", help="tables of customers in and out, one person's data"))
    return top


def _demo(command: argparse.ArgumentParser) -> None:
    command.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine alone)")
    command.add_argument("--port", type=_port, default=8080, help="0 picks a free one (default: 8080)")
    command.add_argument("--data", type=Path, default=Path("demo-data"), help="folder of store, passwords and chats")
    command.add_argument("--ready-file", type=Path, help="written whole when everything answers")
    command.add_argument("--lang", choices=("ru", "en"), default="ru")
    command.add_argument("--seeded", action="store_true", help="with 40 conversations of the last 14 days")
    command.add_argument("--expose-ctl", action="store_true", help="keep /ctl on addresses other than loopback")
    command.set_defaults(command=_do("mostik_demo", "demo"))


def _emulate(command: argparse.ArgumentParser) -> None:
    command.add_argument("messenger", choices=("telegram", "vk"))
    command.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine alone)")
    command.add_argument("--port", type=_port, default=0, help="0 picks a free one (default)")
    command.add_argument("--state", type=Path, help="file that keeps chats and updates over a restart")
    command.add_argument("--ready-file", type=Path, help="written whole when everything answers")
    command.set_defaults(command=_do("mostik_commands", "emulate"))


def _run(command: argparse.ArgumentParser) -> None:
    command.add_argument("--config", type=Path, help="settings (default: ./mostik.toml)")
    command.add_argument("--role", choices=("all", "doors", "worker", "panel"), default="all")
    command.add_argument("--check", action="store_true", help="verify settings, tokens and store, print each masked")
    command.add_argument("--ready-file", type=Path, help="written when everything answers")
    command.set_defaults(command=_do("mostik_run", "run"))


def _init(command: argparse.ArgumentParser) -> None:
    base = "https://api.telegram.org"
    command.add_argument("--config", type=Path, help="settings to write (default: ./mostik.toml)")
    command.add_argument("--port", type=_port, default=8080, help="of the panel (default: 8080)")
    command.add_argument("--api-base", default=base, help="another Bot API server, an emulated one say")
    command.set_defaults(command=_do("mostik_init", "init"), default_base=base)


def _store_options(command: argparse.ArgumentParser) -> None:
    where = command.add_mutually_exclusive_group()
    where.add_argument("--config", type=Path, help="settings (default: ./mostik.toml)")
    where.add_argument("--data", type=Path, help="a demo's data folder")


def _migrate(command: argparse.ArgumentParser) -> None:
    _store_options(command)
    command.set_defaults(command=_do("mostik_commands", "migrate"))


def _operator(command: argparse.ArgumentParser) -> None:
    verbs = command.add_subparsers(title="verbs", required=True, metavar="VERB")
    add = verbs.add_parser("add", help="a new account; prints its password")
    add.add_argument("email")
    add.add_argument("--name", required=True)
    add.add_argument("--role", required=True, choices=("admin", "supervisor", "operator", "observer", "editor"))
    add.add_argument("--telegram-id", type=_count, help="Telegram user id of a member of the staff group")
    add.add_argument("--password", action="store_true", help="ask for the password instead of making one")
    _verb(add, "operator_add")
    _verb(verbs.add_parser("list", help="all accounts"), "operator_list")
    for verb, words in (
        ("disable", "close an account at once"),
        ("password", "set a new password"),
        ("token", "make an API token and print it"),
    ):
        one = verbs.add_parser(verb, help=words)
        one.add_argument("email")
        _verb(one, f"operator_{verb}")


def _kb(command: argparse.ArgumentParser) -> None:
    verbs = command.add_subparsers(title="verbs", required=True, metavar="VERB")
    fetch = verbs.add_parser("import", help="read articles (and labels) from files into the store")
    fetch.add_argument("articles", type=Path, help="articles.jsonl, articles.csv, or a folder of Markdown")
    fetch.add_argument("--labels", type=Path, help="labels.jsonl")
    _format(fetch)
    fetch.add_argument(
        "--map", action="append", default=[], type=_pair, metavar="HEADING=NAME", help="a table's column"
    )
    fetch.add_argument("--dry-run", action="store_true", help="say what would become of each row")
    fetch.add_argument("--skip-broken", action="store_true", help="take the others when rows are broken")
    _verb(fetch, "kb_import")
    undo = verbs.add_parser("undo", help="take an import back")
    undo.add_argument("id", help="as `import` printed it")
    _verb(undo, "kb_undo")
    export = verbs.add_parser("export", help="write articles (and labels) of the store into files")
    export.add_argument("articles", type=Path, help="articles.jsonl or articles.csv to write, or a folder for Markdown")
    export.add_argument("--labels", type=Path, help="labels.jsonl to write")
    export.add_argument("--state", choices=("draft", "review", "published", "archived"), help="only these")
    _format(export)
    _verb(export, "kb_export")
    match = verbs.add_parser("match", help="what the knowledge base says")
    match.add_argument("text")
    match.add_argument("--explain", action="store_true", help="matched wording and why")
    match.add_argument("--limit", type=_count, default=5)
    _verb(match, "kb_match")
    for verb, words in (
        ("predict", "rank articles for each query of a file"),
        ("evaluate", "figures on labelled ones"),
    ):
        one = verbs.add_parser(verb, help=words)
        one.add_argument("--articles", type=Path, required=True)
        one.add_argument("--queries", type=Path, required=True)
        one.add_argument("--labels", type=Path)
        one.add_argument("--limit", type=_count, default=5)
        if verb == "predict":
            one.add_argument("--out", type=Path, required=True)
        else:
            _figures(one)
        one.set_defaults(command=_do("mostik_kb", f"kb_{verb}"))


def _moment(text: str) -> "datetime":
    from datetime import datetime

    try:
        return datetime.fromisoformat(text).astimezone()
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError("a day or a time, as 2026-01-31 or 2026-01-31T09:30") from None


def _customers(command: argparse.ArgumentParser) -> None:
    verbs = command.add_subparsers(title="verbs", required=True, metavar="VERB")
    fetch = verbs.add_parser("import", help="read a table of customers; the same file again changes nothing")
    fetch.add_argument("file", type=Path, help="CSV in UTF-8, UTF-16 or Windows-1251, with a line of headings")
    fetch.add_argument(
        "--map", action="append", default=[], type=_pair, metavar="HEADING=COLUMN", help='"-" leaves a heading out'
    )
    fetch.add_argument("--preview", action="store_true", help="show columns and first values, read nothing")
    fetch.add_argument("--dry-run", action="store_true", help="say what would become of the rows")
    fetch.add_argument("--report", type=Path, metavar="F.csv", help="refused rows, with line and reason")
    fetch.add_argument("--from-line", type=_count, default=0, metavar="N", help="go on where an import ended")
    export = verbs.add_parser("export", help="write customers into a table that `import` reads")
    export.add_argument("file", type=Path, help="CSV to write, in UTF-8")
    export.add_argument("--bom", action="store_true", help="with the mark some spreadsheets know UTF-8 by")
    for name, told in (("q", "words"), ("tag", "a tag"), ("company", "a company"), ("channel", "a channel")):
        export.add_argument(f"--{name}", default="", help=f"only customers with {told}")
    for name in ("created", "active"):
        told = f"only customers {name} since a day or time (YYYY-MM-DD[THH:MM])"
        export.add_argument(f"--{name}-since", type=_moment, metavar="T", help=told)
    for one in (fetch, export):
        one.add_argument("--delimiter", type=_sign, metavar="D", help='one sign, or "tab"')
    one = verbs.add_parser("export-one", help="write all that is kept of one person")
    one.add_argument("id", help="the customer's id")
    one.add_argument("file", type=Path, help="ZIP archive to write")
    erase = verbs.add_parser("erase", help="delete one person with all that is his")
    erase.add_argument("id", help="the customer's id")
    erase.add_argument("--yes", action="store_true", help="do not ask once more")
    search = verbs.add_parser(
        "search", help="tell where words stand in the whole store, byte by byte, as after erasing"
    )
    search.add_argument("value", nargs="+", help="an e-mail, a phone as it was written, a name, an id")
    named = (("import", fetch), ("export", export), ("export_one", one), ("erase", erase), ("search", search))
    for verb, parser in named:
        _verb(parser, f"customers_{verb}")


def _figures(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true")
    command.add_argument("--plot", type=Path, metavar="F.png", help="draw answered against wrong, by threshold")


def _format(command: argparse.ArgumentParser) -> None:
    command.add_argument("--format", choices=("jsonl", "csv", "markdown"), help="default: by the name")


def _verb(command: argparse.ArgumentParser, function: str) -> None:
    _store_options(command)
    module = {"kb": "mostik_kb", "customers": "mostik_customers"}.get(function.partition("_")[0], "mostik_commands")
    command.set_defaults(command=_do(module, function))


def _pair(text: str) -> str:
    """Read a heading and our name for it."""
    if not all(part.strip() for part in text.partition("=")[::2]):
        raise argparse.ArgumentTypeError(f"{text}: must be HEADING=NAME")
    return text


def _sign(text: str) -> str:
    """Read a delimiter."""
    if text == "tab":
        return "\t"
    if len(text) != 1 or text in '"\r\n':
        raise argparse.ArgumentTypeError(f"{text}: a delimiter is one sign, or tab")
    return text


def _port(text: str) -> int:
    """Read a port's number."""
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text}: a port is a number from 0 to 65535")
    return int(text)


def _count(text: str) -> int:
    """Read a whole number above zero."""
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text}: must be a whole number above zero")
    return int(text)


def _do(module: str, function: str) -> Command:
    """Name a command's function; its module is imported when the command runs."""

    def run(arguments: argparse.Namespace) -> int:
        import asyncio
        import gc
        import importlib

        # What a program is made of is no garbage: looking for some among it takes a tenth of each start.
        gc.disable()
        try:
            found = getattr(importlib.import_module(module), function)
        finally:
            gc.freeze()
            gc.enable()
        done: int = asyncio.run(found(arguments)) if asyncio.iscoroutinefunction(found) else found(arguments)
        return done

    return run


if __name__ == "__main__":
    sys.exit(main())
