"""`mostik init`: a few questions, a commented settings file, the store, and the first administrator."""

import argparse
import json
import os
import secrets
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bridge.errors import BridgeError, ChannelBroken
from mostik_questions import NO, WORDS, Questions

#: Seconds to wait for a word in the staff group at a time.
LISTEN = 60


@dataclass(slots=True)
class Answers:
    """What was answered so far."""

    language: str = "ru"
    shop: str = ""
    store: str = ""
    public_url: str = ""
    token: str = ""
    username: str = ""
    group: int = 0
    author: tuple[int, str] = (0, "")  # who wrote in the group: number and name
    widget: bool = False
    origins: list[str] = field(default_factory=list)
    email: str = ""
    name: str = ""
    telegram_id: int | None = None
    knowledge: bool = True


async def init(arguments: argparse.Namespace) -> int:
    """Ask, write, create. Refuses to touch settings that are there."""
    path: Path = arguments.config or Path("mostik.toml")
    try:
        answers = Answers(_language())
        questions = Questions(answers.language)
        _refuse_existing(path, questions)
        questions.tell("hello", path=path)
        answers.shop = questions.need("shop")
        answers.store = _store(questions, path)
        answers.public_url = _public_url(questions)
        await _telegram(questions, answers, arguments.api_base)
        _site(questions, answers)
        _administrator(questions, answers)
        answers.knowledge = questions.agree("knowledge", True)
    except EOFError:
        raise ValueError("the answers ended too early, nothing was written") from None
    files = _files(path, answers, arguments, questions.words["file"])
    for file, text in files.items():
        _write(file, text)
    try:
        password = await _create(path, answers)
    except BaseException:
        for file in files:
            file.unlink(missing_ok=True)
        raise
    _farewell(questions, path, answers, password, arguments)
    return 0


def _refuse_existing(path: Path, questions: Questions) -> None:
    if path.exists():
        raise ValueError(f"{path}: {questions.words['exists']}")


def _language() -> str:
    locale = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    default = "ru" if locale.lower().startswith("ru") else "en"
    while True:
        answer = input(f"Язык / Language, ru | en [{default}]: ").strip().lower() or default
        if answer in ("ru", "en"):
            return answer


def _store(questions: Questions, path: Path) -> str:
    answer = questions.need("store", "mostik.sqlite3")
    if "://" in answer:
        return answer
    # A store's path starts where mostik is started: settings elsewhere name it whole.
    here = path.resolve().parent == Path.cwd()
    return f"sqlite:///{answer if here else path.resolve().parent / answer}"


def _public_url(questions: Questions) -> str:
    while address := questions.ask("public_url").rstrip("/"):
        if _is_origin(address):
            return address
        questions.tell("origins_bad", address=address)
    return ""


async def _telegram(questions: Questions, answers: Answers, api_base: str) -> None:
    from bots.telegram.setup import BotSetup

    questions.tell("token_how")
    while token := questions.ask("token"):
        try:
            async with BotSetup(token, api_base) as setup:
                account = await setup.account()
                questions.tell("token_good", username=account.username)
                answers.token, answers.username = token, account.username
                if account.served_by:
                    questions.tell("served", host=account.served_by)
                questions.tell("group_how", username=account.username)
                if questions.agree("group_want", True):
                    await _group(questions, answers, setup, hears=not account.served_by)
                return
        except ChannelBroken as fault:
            if str(fault) == "unauthorized":
                questions.tell("token_wrong")
            else:
                questions.tell("token_unreachable", reason=fault)
        except BridgeError as fault:
            questions.tell("token_unreachable", reason=fault)


async def _group(questions: Questions, answers: Answers, setup: Any, hears: bool) -> None:
    """Find the group by a word in it, or by its number, and see that it can be a desk."""
    number = 0
    while not number:
        if hears:
            questions.tell("group_wait", seconds=LISTEN)
            found = await setup.group(LISTEN)
            if found is not None:
                questions.tell("group_found", title=found.title, id=found.id)
                number, answers.author = found.id, (found.user_id, found.user_name)
                break
            questions.tell("group_none")
        answer = questions.ask("group_number").lower()
        if answer in NO or (not answer and not hears):
            return
        if answer and (not answer.startswith("-") or not answer[1:].isdecimal()):
            questions.tell("group_bad_number")
        elif answer:
            number = int(answer)
    while faults := await setup.faults(number):
        for fault in faults:
            questions.tell(f"fault_{fault}")
        if questions.ask("group_again").lower() in NO:
            return
    answers.group = number


def _site(questions: Questions, answers: Answers) -> None:
    answers.widget = questions.agree("widget_want", True)
    while answers.widget:
        origins = [one.strip().rstrip("/") for one in questions.ask("origins").split(",") if one.strip()]
        wrong = [one for one in origins if _refused(one)]
        if not wrong:
            answers.origins = origins
            return
        questions.tell("origins_bad", address=wrong[0])


def _refused(origin: str) -> bool:
    """Ask the website's own door, so that what is taken here runs there."""
    from bots.web import check

    return any(key.startswith("origins") for key, _ in check({"kind": "web", "secret": "s" * 40, "origins": [origin]}))


def _is_origin(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme in ("https", "http") and bool(parts.hostname) and not (parts.path or parts.query)


def _administrator(questions: Questions, answers: Answers) -> None:
    from mostik_commands import email_of

    while not answers.email:
        try:
            answers.email = email_of(questions.need("email"))
        except ValueError:
            questions.tell("email_bad")
    number, writer = answers.author
    answers.name = questions.need("name", writer)
    if number and questions.agree("is_you", True, name=writer):
        answers.telegram_id = number


def _files(path: Path, answers: Answers, arguments: argparse.Namespace, words: dict[str, str]) -> dict[Path, str]:
    """Return the settings and the secrets they name, each with its text."""
    quoted = json.dumps  # a TOML basic string is written as a JSON one
    secrets_of: dict[Path, str] = {}
    lines = [f"# {words['head']}", "", f"# {words['store']}", "[store]"]
    if "@" in answers.store:  # the address holds a password
        secrets_of[path.with_name("store.url")] = answers.store + "\n"
        lines += ['url_file = "store.url"']
    else:
        lines += [f"url = {quoted(answers.store)}"]
    lines += ["", f"# {words['panel']}", "[panel]", 'host = "127.0.0.1"', f"port = {arguments.port}"]
    lines += [f"public_url = {quoted(answers.public_url)}"]
    lines += ["", f"# {words['shop']}", "[shop]", f"name = {quoted(answers.shop, ensure_ascii=False)}"]
    lines += ["", f"# {words['bot']}", "[bot]", f"language = {quoted(answers.language)}"]
    if answers.token:
        file = path.with_name("telegram.token")
        secrets_of[file] = answers.token + "\n"
        lines += ["", f"# {words['telegram']}", "[bots.telegram]", f"token_file = {quoted(file.name)}"]
        lines += ['mode = "polling"']
        if arguments.api_base != arguments.default_base:
            lines += [f"api_base = {quoted(arguments.api_base)}"]
        if answers.group:
            lines += ["", f"# {words['staff_group']}", "[bots.telegram.staff_group]", f"chat = {answers.group}"]
    if answers.widget:
        file = path.with_name("site.secret")
        secrets_of[file] = secrets.token_urlsafe(32) + "\n"
        lines += ["", f"# {words['site']}", "[bots.site]", 'kind = "web"', f"secret_file = {quoted(file.name)}"]
        lines += [f"origins = {quoted(answers.origins)}"]
        if answers.knowledge:
            lines += [f"questions = {{ {answers.language} = {quoted(_samples(answers), ensure_ascii=False)} }}"]
    taken = [str(file) for file in secrets_of if file.exists()]
    if taken:
        raise ValueError(f"{taken[0]}: is there already; move it away or use another folder")
    return {**secrets_of, path: "\n".join(lines) + "\n"}


def _samples(answers: Answers) -> list[str]:
    """Return questions the sample base answers, for the empty chat."""
    from kb_matcher.files import sample_questions

    return sample_questions(WORDS / "knowledge" / answers.language / "articles.jsonl")


def _write(path: Path, text: str) -> None:
    """Write a new file only its owner may read. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write(text)


async def _create(path: Path, answers: Answers) -> str:
    """Make the store, the administrator and the knowledge base; returns the administrator's password."""
    from bridge.clock import SystemClock
    from configs.settings import load
    from mostik_commands import add_operator
    from mostik_house import open_store
    from mostik_kb import take_articles

    password = secrets.token_urlsafe(12)
    settings = load(path, os.environ)
    async with open_store(settings.store.url, SystemClock(), migrates=True) as (_, store):
        await add_operator(store, answers.email, answers.name, "admin", password, answers.telegram_id)
        if answers.knowledge:
            folder = WORDS / "knowledge" / answers.language
            await take_articles(store, folder / "articles.jsonl", folder / "labels.jsonl")
    return password


def _farewell(questions: Questions, path: Path, answers: Answers, password: str, arguments: argparse.Namespace) -> None:
    local = f"http://127.0.0.1:{arguments.port}"
    own = Path(sys.executable).with_name("mostik")
    command = "mostik" if shutil.which("mostik") or not own.exists() else os.path.relpath(own)
    config = "" if path == Path("mostik.toml") else f" --config {path}"
    print()
    questions.tell("done", path=path)
    questions.tell("login", email=answers.email, password=password)
    questions.tell("next", command=f"{command} run{config}", url=answers.public_url or local)
    if answers.widget:
        url = answers.public_url or local
        questions.tell("snippet", tag=f'<script async src="{url}/widget/site/loader.js"></script>')
        if not answers.public_url:
            questions.tell("snippet_local")
