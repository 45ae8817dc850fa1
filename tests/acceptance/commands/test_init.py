"""`mostik init` as a newcomer meets it: a real process on an emulated Telegram, its answers typed line by line."""

import asyncio
import os
import sys
import tomllib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from bots.emulators.telegram import TelegramEmulator

ROOT = Path(__file__).resolve().parents[3]
TOKEN = "123456789:" + "A" * 35
TOKENS = (TOKEN, *(f"12345678{number}:" + "A" * 35 for number in (1, 2, 3)))
WEAK = {"forum": True, "rights": {"can_manage_topics": False}}


@dataclass
class Newcomer:
    """A folder, and a Telegram to set a bot up in."""

    folder: Path
    base: str

    async def tells(self, path: str, body: dict[str, object]) -> None:
        async with aiohttp.ClientSession() as http, http.post(f"{self.base}/ctl{path}", json=body) as answer:
            assert answer.status == 200, await answer.text()

    async def types(self, *lines: str, command: tuple[str, ...] = ("init",)) -> tuple[int, str, str]:
        more = ("--api-base", self.base) if command == ("init",) else ()
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "mostik",
            *command,
            *more,
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), "LANG": "C"},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate("".join(f"{line}\n" for line in lines).encode())
        assert process.returncode is not None
        return process.returncode, out.decode(), err.decode()


@pytest.fixture
async def newcomer(tmp_path: Path) -> AsyncIterator[Newcomer]:
    emulator = TelegramEmulator({token: {"name": "Shop", "username": "shop_bot"} for token in TOKENS}, [])
    server = TestServer(emulator.app())
    await server.start_server()
    try:
        yield Newcomer(tmp_path, str(server.make_url("")).rstrip("/"))
    finally:
        await server.close()


async def test_a_shop_is_set_up_with_bot_group_and_website(newcomer: Newcomer) -> None:
    group = {"id": -1001234567890, "title": "Desk", "forum": True, "operators": [{"id": 5001, "name": "Elena"}]}
    await newcomer.tells("/group", group)
    await newcomer.tells("/operator/say", {"operator": 5001, "group": -1001234567890, "topic": None, "text": "here"})
    code, out, err = await newcomer.types(
        "ru", "Кедр и Ко", "", "desk.shop.example", "https://desk.shop.example", "12345:wrong", TOKEN,
        "может", "да", "да", "https://my_shop.example", "https://shop.example",
        "nobody@", "elena@kedr.example", "", "да", "да",
    )  # fmt: skip
    assert (code, err) == (0, "")
    assert "Telegram не принял этот токен" in out
    assert "Группа «Desk» (-1001234567890)" in out
    assert "Это не адрес почты" in out
    assert "shop.example" in out
    assert "Ответьте «да» или «нет»" in out
    assert "my_shop.example" in out
    assert "https://desk.shop.example/widget/site/loader.js" in out
    assert TOKEN not in out
    table = tomllib.loads((newcomer.folder / "mostik.toml").read_text(encoding="utf-8"))
    assert table["shop"]["name"] == "Кедр и Ко"
    assert table["bots"]["telegram"]["staff_group"]["chat"] == -1001234567890
    assert table["panel"]["public_url"] == "https://desk.shop.example"
    assert table["bots"]["site"]["origins"] == ["https://shop.example"]
    assert len(table["bots"]["site"]["questions"]["ru"]) == 3
    token = newcomer.folder / "telegram.token"
    assert token.read_text(encoding="ascii").strip() == TOKEN
    assert token.stat().st_mode & 0o077 == 0
    code, out, err = await newcomer.types(command=("run", "--check"))
    assert (code, err) == (0, ""), out
    assert "@shop_bot" in out
    code, out, _ = await newcomer.types(command=("operator", "list"))
    assert out.split("\t")[:4] == ["elena@kedr.example", "Elena", "admin", "active"]
    assert out.split()[-1] == "5001"
    code, out, _ = await newcomer.types(command=("kb", "match", "Сколько стоит доставка?"))
    assert code == 0
    assert "deliver" in out


async def test_what_a_group_lacks_is_told_and_asked_again(newcomer: Newcomer) -> None:
    group = {"id": -1001234567891, "title": "Flat", "forum": False, "operators": [{"id": 5001, "name": "Elena"}]}
    await newcomer.tells("/group", group)
    await newcomer.tells("/operator/say", {"operator": 5001, "group": -1001234567891, "topic": None, "text": "here"})
    code, out, _ = await newcomer.types(
        "en", "Cedar", "", "", TOKEN, "yes", "", "no", "no", "me@cedar.example", "Me", "no", "no"
    )
    assert code == 0
    assert out.count("Topics are off in this group") == 2
    table = tomllib.loads((newcomer.folder / "mostik.toml").read_text(encoding="utf-8"))
    assert "staff_group" not in table["bots"]["telegram"]


async def test_settings_elsewhere_name_their_store_whole(newcomer: Newcomer) -> None:
    (newcomer.folder / "sub").mkdir()
    answers = ("en", "Cedar", "", "", "", "no", "me@cedar.example", "Me", "no")
    code, _, err = await newcomer.types(*answers, command=("init", "--config", "sub/mostik.toml"))
    assert (code, err) == (0, "")
    assert [path.name for path in newcomer.folder.iterdir()] == ["sub"]
    assert (newcomer.folder / "sub" / "mostik.sqlite3").exists()
    code, out, _ = await newcomer.types(command=("run", "--check", "--config", "sub/mostik.toml"))
    assert code == 0, out


async def test_a_check_makes_no_store(newcomer: Newcomer) -> None:
    (newcomer.folder / "mostik.toml").write_text('[shop]\nname = "Cedar"\n', encoding="utf-8")
    code, out, _ = await newcomer.types(command=("run", "--check"))
    assert code == 1
    assert "there is no such file yet" in out
    assert [path.name for path in newcomer.folder.iterdir()] == ["mostik.toml"]


async def test_settings_that_are_there_are_left_alone(newcomer: Newcomer) -> None:
    (newcomer.folder / "mostik.toml").write_text("# mine\n", encoding="utf-8")
    code, _, err = await newcomer.types("en")
    assert code == 1
    assert err == "mostik: mostik.toml: is there already: edit it, or name another file with --config\n"
    assert (newcomer.folder / "mostik.toml").read_text(encoding="utf-8") == "# mine\n"


async def test_answers_that_end_early_leave_nothing_behind(newcomer: Newcomer) -> None:
    code, _, err = await newcomer.types("en", "Cedar", "")
    assert code == 1
    assert err == "mostik: the answers ended too early, nothing was written\n"
    assert list(newcomer.folder.iterdir()) == []


async def test_a_store_that_does_not_open_leaves_no_settings(newcomer: Newcomer) -> None:
    code, _, err = await newcomer.types("en", "Cedar", "gopher://nowhere", "", "", "no", "me@cedar.example", "Me", "no")
    assert code == 1
    assert err.startswith("mostik: store.url: must begin with ")
    assert "Traceback" not in err
    assert list(newcomer.folder.iterdir()) == []


async def test_a_check_says_what_each_staff_group_lacks(newcomer: Newcomer) -> None:
    """One settings file of four bots: a group that fits, one without topics, one without the right, and none."""
    lines = [f'[store]\nurl = "sqlite:///{newcomer.folder / "mostik.sqlite3"}"']
    groups = {"fits": {"forum": True}, "flat": {"forum": False}, "weak": WEAK, "none": None}
    for number, (name, group) in enumerate(groups.items()):
        chat = -1001234567890 - number
        if group is not None:
            await newcomer.tells("/group", {"id": chat, "title": "Desk", "token": TOKENS[number], **group})
        lines.append(f'[bots.{name}]\nkind = "telegram"\ntoken = "{TOKENS[number]}"\napi_base = "{newcomer.base}"')
        lines.append(f"[bots.{name}.staff_group]\nchat = {chat}\n")
    (newcomer.folder / "mostik.toml").write_text("\n".join(lines), encoding="utf-8")
    assert (await newcomer.types(command=("migrate",)))[0] == 0
    code, out, _ = await newcomer.types(command=("run", "--check"))
    told = {
        line.split(":")[0].split(".")[-1]: line for line in out.splitlines() if " bots." in line and "staff" in line
    }
    assert told["fits"].startswith("ok    bots.fits: @shop_bot, staff group -1001234567890")
    assert told["flat"].startswith("FAIL  bots.flat: staff group -1001234567891: topics are off")
    assert "the bot has no right to manage topics" in told["weak"]
    assert "staff group -1001234567893: there is none of this id, or the bot is not in it" in told["none"]
    assert code == 1
