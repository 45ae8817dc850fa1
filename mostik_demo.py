"""`mostik demo`: everything on one machine, with emulated messengers, sample knowledge base and staff."""

import argparse
import asyncio
import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bots.emulators.mail import MailEmulator
from bots.emulators.playground import routes as playground_routes
from bots.emulators.playground.options import Customer, Login, PlaygroundOptions, StaffMember
from bots.emulators.telegram import TelegramEmulator
from bots.emulators.vk import VkEmulator
from bridge.clock import SystemClock
from bridge.library.learning.teaching import learned
from configs.settings import DEMO_FILE, Settings, load
from kb_matcher.files import sample_questions
from mostik_house import House, open_house, open_store, web_app
from mostik_run import is_loopback, listen, log_as, serve, stopping, write_whole
from mostik_samples import KNOWLEDGE, STAFF, prepare

#: Where the emulated messengers live on the demo's server.
TELEGRAM = "/emulator/telegram"
VK = "/emulator/vk"
LETTERS = "/playground/letters"
#: Where the program of the channel `custom` listens, as examples/custom_client.py does; and what names another place.
CUSTOM = "http://127.0.0.1:8099/"
CUSTOM_URL = "MOSTIK_BOTS__CUSTOM__URL"
GROUP = -1001700000001
COMMUNITY = 220_700_001


@dataclass(frozen=True, slots=True)
class Words:
    """What the demo's shop is called in one language."""

    shop: str
    bot: str
    group: str
    users: tuple[tuple[str, str], ...]
    vk_users: tuple[str, str]
    shop_users: tuple[str, str]  # the first visitors of the seeded stories: who signs in finds what was said


WORDS = {
    "ru": Words(
        "Кедр и Ко",
        "Кедр и Ко · помощник",
        "Кедр и Ко · операторы",
        (("Анна Ковалёва", "anna_kov"), ("Никита Громов", "gromov_n")),
        ("Игорь Белов", "Светлана Мельник"),
        ("Мария Егорова", "John Miller"),
    ),
    "en": Words(
        "Kedr & Co",
        "Kedr & Co assistant",
        "Kedr & Co operators",
        (("Anna Kovaleva", "anna_kov"), ("Nick Grant", "nickgrant")),
        ("Игорь Белов", "Susan Melnik"),
        ("John Miller", "Mary Novak"),
    ),
}


async def demo(arguments: argparse.Namespace) -> int:
    """Serve the demo until ended."""
    data: Path = arguments.data
    await asyncio.to_thread(data.mkdir, parents=True, exist_ok=True)
    with _alone(data):
        async with MailEmulator() as post:
            return await _demo(arguments, data, post)


async def _demo(arguments: argparse.Namespace, data: Path, post: MailEmulator) -> int:
    keys = _keys(data / "demo.json")
    listener = listen(arguments.host, arguments.port)
    port = listener.getsockname()[1]
    loopback = is_loopback(arguments.host)
    url = f"http://{arguments.host if loopback else '127.0.0.1'}:{port}"
    settings = _settings(arguments, keys, data, url, port, post)
    log_as(settings)
    async with open_store(settings.store.url, SystemClock(), migrates=True) as (_, store):
        await prepare(store, keys, arguments.lang)
    emulator = _emulator(keys, data, arguments.lang, expose=loopback or arguments.expose_ctl)
    vk = _vk_emulator(keys, data, arguments.lang, url, emulator.expose_ctl)
    async with open_house(settings, url) as house:
        if arguments.seeded:
            from mostik_past import Emulators
            from mostik_seed import seed

            await seed(house, Emulators(emulator, vk), arguments.lang)
        app = web_app(house, url)
        app.add_subapp(TELEGRAM, emulator.app())
        app.add_subapp(VK, vk.app())
        if emulator.expose_ctl:  # the page plays through /ctl and shows the demo's passwords
            app.add_routes([*playground_routes(_playground(arguments.lang, keys, url)), *post.routes(LETTERS)])
        ready = _ready(arguments, house, keys, emulator, url)
        with stopping() as stopped:
            await serve(house, app, listener, stopped, "all", ready)
    return 0


@contextmanager
def _alone(data: Path) -> Iterator[None]:
    """Hold a data folder: its emulated messengers live in one process. Raises ValueError when another one has it."""
    with (data / ".lock").open("w", encoding="ascii") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ValueError(f"{data}: another demo runs on this folder; end it, or choose another DATA") from None
        yield


def _settings(
    arguments: argparse.Namespace, keys: dict[str, Any], data: Path, url: str, port: int, post: MailEmulator
) -> Settings:
    telegram = {
        "token": keys["telegram_token"],
        "api_base": url + TELEGRAM,
        "staff_group": {"chat": GROUP},
    }
    vk = {"token": keys["vk_token"], "group_id": COMMUNITY, "api_base": url + VK}
    for kind, table in (("telegram", telegram), ("vk", vk)):  # a link of the widget opens a phone of the playground
        table["link_base"] = f"{url}/playground/{kind}"
    site = {
        "secret": keys["site_secret"],
        "title": WORDS[arguments.lang].shop,
        "questions": {language: _samples(language) for language in WORDS},
    }
    custom = {"secret": keys["custom_secret"], "url": os.environ.get(CUSTOM_URL, CUSTOM)}
    overrides = {
        "store": {"url": f"sqlite:///{data.resolve() / 'mostik.sqlite3'}"},
        "panel": {"host": arguments.host, "port": port, "public_url": url},
        "bot": {"language": arguments.lang},
        "shop": {"name": WORDS[arguments.lang].shop},
        "mail": post.table(WORDS[arguments.lang].shop),
        "bots": {"telegram": telegram, "vk": vk, "site": site, "custom": custom},
    }
    return load(DEMO_FILE, {}, overrides)


def _keys(path: Path) -> dict[str, Any]:
    """Return the demo's secrets: made once per data folder, then the same; what an older one lacks is added."""
    found: dict[str, Any] = {}
    if path.exists():
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except ValueError:
            raise ValueError(f"{path}: not JSON; remove the file to have new passwords made") from None
    keys = {
        "custom_secret": secrets.token_urlsafe(32),
        "site_secret": secrets.token_urlsafe(32),
        "telegram_token": f"7000000001:{secrets.token_urlsafe(26)[:35].replace('-', 'A')}",
        "vk_token": f"vk1.a.{secrets.token_urlsafe(48)}",
        "staff": {
            email: {"password": secrets.token_urlsafe(9), "token": f"mostik_{secrets.token_urlsafe(32)}"}
            for _, email, _, _ in STAFF
        },
        **found,
    }
    if keys != found:
        write_whole(path, keys)
    return keys


def _emulator(keys: dict[str, Any], data: Path, language: str, expose: bool) -> TelegramEmulator:
    members = [{"id": id, "name": names[language]} for names, _, _, id in STAFF]
    return TelegramEmulator(
        {keys["telegram_token"]: {"name": WORDS[language].bot, "username": "kedr_help_bot"}},
        [{"id": GROUP, "title": WORDS[language].group, "forum": True, "members": members}],
        data / "telegram.json",
        expose_ctl=expose,
    )


def _vk_emulator(keys: dict[str, Any], data: Path, language: str, url: str, expose: bool) -> VkEmulator:
    community = {"id": COMMUNITY, "name": WORDS[language].shop, "screen_name": "kedr_shop"}
    return VkEmulator({keys["vk_token"]: community}, data / "vk.json", expose_ctl=expose, base=url + VK)


def _samples(language: str) -> list[str]:
    return sample_questions(KNOWLEDGE / language / "articles.jsonl")


def _playground(language: str, keys: dict[str, Any], url: str) -> PlaygroundOptions:
    words = WORDS[language]
    return PlaygroundOptions(
        telegram_base=url + TELEGRAM,
        group=GROUP,
        operators=[StaffMember(names[language], id) for names, _, _, id in STAFF],
        customers=[Customer(name, username, language) for name, username in words.users],
        vk_base=url + VK,
        vk_customers=[Customer(name, lang=language) for name in words.vk_users],
        panel_url=f"{url}/",
        shop=words.shop,
        language="en" if language == "en" else "ru",
        questions=_samples(language),
        logins=[Login(names[language], email, keys["staff"][email]["password"]) for names, email, _, _ in STAFF],
        widget=f"{url}/widget/site",
        widget_secret=keys["site_secret"],
        shop_customers=[Customer(name) for name in words.shop_users],
        letters=LETTERS,
    )


def _ready(
    arguments: argparse.Namespace, house: House, keys: dict[str, Any], emulator: TelegramEmulator, url: str
) -> Any:
    async def ready() -> None:
        # Everything answers when the bot has introduced itself to the messenger.
        while any(channel.state.state == "starting" for channel in house.bridge.channels.by_name.values()):
            await house.bridge.clock.sleep(0.02)
        await learned(house.bridge)  # who tries it out at once is to see what it can do
        found = await _file(house, keys, url)
        if arguments.ready_file is not None:
            write_whole(arguments.ready_file, found)
        print(f"Panel:       {found['panel']}", flush=True)
        print(f"Playground:  {found['playground']}", flush=True)
        print(f"Shop:        {found['shop']}", flush=True)
        for person in found["operators"]:
            print(f"Login:       {person['email']}  {person['password']}", flush=True)

    return ready


async def _file(house: House, keys: dict[str, Any], url: str) -> dict[str, Any]:
    people = []
    for names, email, _, telegram_id in STAFF:
        operator = await house.bridge.store.staff.by_email(email)
        assert operator is not None
        people.append(
            {
                "id": operator.id,
                "name": operator.name or next(iter(names.values())),
                "email": email,
                "password": keys["staff"][email]["password"],
                "api_token": keys["staff"][email]["token"],
                "telegram_user_id": telegram_id,
            }
        )
    token = keys["telegram_token"]
    return {
        "panel": url,
        "api": f"{url}/api/v1",
        "api_token": people[0]["api_token"],
        "playground": f"{url}/playground",
        "shop": f"{url}/playground/shop",
        "widget": f"{url}/widget/site",
        "custom": {
            "inbound": f"{url}/api/v1/channels/custom/inbound",
            "secret": keys["custom_secret"],
            "url": house.settings.bots["custom"]["url"],
        },
        "admin": {"email": people[0]["email"], "password": people[0]["password"]},
        "operators": people,
        "telegram": {
            "base": url + TELEGRAM,
            "token": token,
            "bot_id": int(token.split(":")[0]),
            "staff_group": GROUP,
        },
        "vk": {"base": url + VK, "group_id": COMMUNITY},
    }
