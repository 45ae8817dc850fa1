"""Settings: defaults, file, environment, secrets in files, every fault at once."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from pydantic import ValidationError

from bots.telegram.settings import StaffGroup, TelegramSettings
from bots.vk import check as check_vk
from bots.vk.settings import VkSettings
from bots.web.settings import WebSettings
from bridge.model.records import CustomerRules, CustomField, FieldKind, Retention
from configs import settings as house
from configs.customers import rules
from configs.settings import DEMO_FILE, EXAMPLE_FILE, Settings, SettingsError, load


@pytest.fixture
def write(tmp_path: Path):
    """Write a settings file and return its path."""

    def written(text: str) -> Path:
        path = tmp_path / "mostik.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return written


def faults(path: Path | None, environ: dict[str, str] | None = None) -> dict[str, str]:
    with pytest.raises(SettingsError) as caught:
        load(path, environ or {})
    return dict(caught.value.faults)


def test_without_file_and_environment_the_defaults_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load(None, {})
    assert settings == Settings()
    assert (settings.bot.burst_seconds, settings.bot.answer, settings.bot.offer) == (2.0, None, 0.45)
    assert (settings.panel.host, settings.panel.port, settings.bus.url) == ("127.0.0.1", 8080, "")


def test_without_a_path_the_file_of_the_folder_is_read(write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write("[panel]\nport = 81\n")
    monkeypatch.chdir(tmp_path)
    assert load(None, {}).panel.port == 81


def test_overrides_win_over_the_environment_and_that_over_the_file(write) -> None:
    path = write('[panel]\nhost = "file"\nport = 81\npublic_url = "https://desk.example/"\n')
    environ = {"MOSTIK_PANEL__HOST": "environment", "MOSTIK_PANEL__PORT": "82"}
    panel = load(path, environ, {"panel": {"port": 83}}).panel
    assert (panel.host, panel.port, panel.public_url) == ("environment", 83, "https://desk.example")


def test_variables_that_are_no_settings_are_left_alone(write) -> None:
    environ = {"MOSTIK_TEST_MONGO": "mongodb://elsewhere", "PANEL__PORT": "1", "STORE": "{}", "BOT": "x"}
    assert load(write(""), environ) == Settings()


def test_the_process_environment_is_read_only_when_it_is_given(write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOSTIK_PANEL__PORT", "99")
    monkeypatch.setenv("PANEL", '{"port": 98}')
    path = write("")
    assert load(path, {}).panel.port == 8080
    assert load(path, os.environ).panel.port == 99


def test_a_channels_table_stays_raw_and_gets_its_kind(write) -> None:
    path = write(
        '[bots.telegram]\ntoken = "1:A"\n[bots.telegram.staff_group]\nchat = -1001\n[bots."shop-2"]\nkind = "vk"\n'
    )
    environ = {"MOSTIK_BOTS__TELEGRAM__TOKEN": "2:B", "MOSTIK_BOTS__SHOP_2__TOKEN": "123"}
    assert load(path, environ).bots == {
        "telegram": {"kind": "telegram", "token": "2:B", "staff_group": {"chat": -1001}},
        "shop-2": {"kind": "vk", "token": "123"},
    }


def test_secrets_come_from_files_beside_the_settings(write, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("1:from-a-file\n")
    (tmp_path / "url").write_text("sqlite:///elsewhere.sqlite3")
    path = write('[store]\nurl_file = "url"\n[bots.telegram]\ntoken_file = "token"\n')
    settings = load(path, {})
    assert settings.store.url == "sqlite:///elsewhere.sqlite3"
    assert settings.bots["telegram"] == {"kind": "telegram", "token": "1:from-a-file"}


def test_a_stronger_source_replaces_the_secret_whichever_way_it_is_given(write, tmp_path: Path) -> None:
    (tmp_path / "one").write_text("from-file")
    by_file = write('[bots.telegram]\ntoken_file = "is-not-there"\n')
    assert load(by_file, {"MOSTIK_BOTS__TELEGRAM__TOKEN": "variable"}).bots["telegram"]["token"] == "variable"
    by_value = write('[bots.telegram]\ntoken = "toml"\n')
    environ = {"MOSTIK_BOTS__TELEGRAM__TOKEN_FILE": str(tmp_path / "one")}
    assert load(by_value, environ).bots["telegram"]["token"] == "from-file"


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "cannot be read"), (b"", "is empty"), (b"\xff\xfe", "is not text"), (b"x" * 70_000, "far too long")],
)
def test_a_secrets_file_that_cannot_be_used_is_a_fault(
    write, tmp_path: Path, content: bytes | None, words: str
) -> None:
    if content is not None:
        (tmp_path / "secret").write_bytes(content)
    found = faults(write('[bots.telegram]\ntoken_file = "secret"\n'))
    assert words in found["bots.telegram.token_file"]


def test_a_secret_and_its_file_side_by_side_are_a_fault(write) -> None:
    found = faults(write('[bots.telegram]\ntoken = "a"\ntoken_file = "b"\n'))
    assert 'stands beside "bots.telegram.token"' in found["bots.telegram.token_file"]


def test_every_fault_is_told_at_once_with_the_nearest_key_and_the_variable(write) -> None:
    path = write('[panl]\nport = 1\n[bot]\nbrust_seconds = 1\nlanguage = "de"\n[store]\nurl = "oracle://scott:tiger"\n')
    found = faults(path, {"MOSTIK_PANEL__PORT": "70000", "MOSTIK_BOT__ANSWER": "often", "MOSTIK_LOG__": "x"})
    assert found == {
        "panl": 'is no known section; did you mean "panel"?',
        "bot.brust_seconds": 'is no known key; did you mean "bot.burst_seconds"?',
        "bot.language": "must be 'ru' or 'en', not 'de'",
        "store.url": "must begin with sqlite:// or mongodb:// or mongodb+srv://",
        "panel.port": "must be at most 65535, not '70000' (MOSTIK_PANEL__PORT)",
        "bot.answer": "must be a number, not 'often' (MOSTIK_BOT__ANSWER)",
        "MOSTIK_LOG__": "names no setting, or a part of one that another variable sets",
    }


def test_faults_never_show_a_secret(write) -> None:
    path = write('[store]\nurl = "oracle://scott:tiger"\n[bus]\nurl = "kafka://u:hunter2"\n')
    with pytest.raises(SettingsError) as caught:
        load(path, {})
    assert caught.value.__cause__ is None
    assert "tiger" not in str(caught.value)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        *("[bot]\noffer = 0.1\n", "[bot]\nanswer = 0.3\n", "[bot]\nanswer = 1.5\n", "[bot]\nburst_seconds = inf\n"),
        *("[bot]\nreopen_hours = -1\n", "[bus]\nurl = 'http://x'\n", "[panel]\npublic_url = 'desk.example'\n"),
        *("[bots.phone]\nkind = 'web'\n", "[bots.user_id]\nkind = 'web'\n"),
        *("[bots.'a.b']\n", "[bots.Телеграм]\n", "bots = 1\n", "[bots]\ntelegram = 1\n", "[bots.x]\nkind = 1\n"),
    ],
)
def test_what_cannot_be_meant_is_refused(write, text: str) -> None:
    assert faults(write(text))


def test_a_file_that_is_missing_or_broken_is_one_fault(write, tmp_path: Path) -> None:
    assert "cannot be read" in faults(tmp_path / "nowhere.toml")[str(tmp_path / "nowhere.toml")]
    path = write("[bot\n")
    assert "is not TOML" in faults(path)[str(path)]
    path.write_bytes(b"\xff\xff")
    assert "UTF-8" in faults(path)[str(path)]


def test_settings_never_change(write) -> None:
    settings = load(write(""), {})
    with pytest.raises(ValidationError):
        settings.bot.offer = 0.9  # type: ignore[misc]
    with pytest.raises(ValidationError):
        settings.bot = settings.bot  # type: ignore[misc]


def test_the_example_names_every_option_with_its_default() -> None:
    table = tomllib.loads(EXAMPLE_FILE.read_text(encoding="utf-8"))
    options = {
        (section, key) for section in Settings.model_fields if section != "bots" for key in option_names(section)
    }
    assert {(section, key) for section, keys in table.items() for key in keys} == options
    assert load(EXAMPLE_FILE, {}) == Settings()


def test_fields_of_customers_and_days_are_read_as_the_hall_knows_them(write) -> None:
    table = (
        '[customers]\ntopic_contacts = false\n[customers.fields.level]\nkind = "choice"\nru = "Уровень"\nen = "Level"\n'
    )
    path = write(table + 'choices = ["Новый"]\n[retention]\nupdates = 30\n')
    settings = load(path, {"MOSTIK_RETENTION__FILES": "7.5"})
    level = CustomField("level", FieldKind.CHOICE, {"ru": "Уровень", "en": "Level"}, ("Новый",))
    assert rules(settings.customers, settings.retention) == CustomerRules((level,), Retention(0, 30, 7.5), False)
    for wrong in ("Level", "1a"):
        with pytest.raises(SettingsError, match="a key begins with a letter"):
            load(write(f'[customers.fields.{wrong}]\nru = "a"\nen = "a"\n'), {})
    for wrong in (
        'kind = "choice"',
        'choices = ["a"]',
        'kind = "choice"\nchoices = [" a"]',
        'kind = "color"',
        "en = 1",
    ):
        with pytest.raises(SettingsError):
            load(write(f'[customers.fields.a]\nru = "a"\n{wrong}\n' + ("" if "en" in wrong else 'en = "a"\n')), {})


def option_names(section: str) -> list[str]:
    return list(Settings.model_fields[section].annotation.model_fields)  # type: ignore[union-attr]


def test_the_example_names_every_option_of_telegram(write) -> None:
    lines = EXAMPLE_FILE.read_text(encoding="utf-8").splitlines()
    at = lines.index("# [bots.telegram]")
    table = load(write("\n".join(line.removeprefix("#").removeprefix(" ") for line in lines[at:])), {}).bots["telegram"]
    assert table.keys() == TelegramSettings.model_fields.keys()
    assert table["staff_group"].keys() == StaffGroup.model_fields.keys()
    TelegramSettings.model_validate(table)


def test_the_example_names_every_option_of_the_widget(write) -> None:
    lines = EXAMPLE_FILE.read_text(encoding="utf-8").splitlines()
    at = lines.index(next(line for line in lines if line.startswith("# [bots.site]")))
    table = load(write("\n".join(line.removeprefix("#").removeprefix(" ") for line in lines[at:])), {}).bots["site"]
    assert table.keys() == WebSettings.model_fields.keys()
    WebSettings.model_validate(table)


def test_the_example_names_every_option_of_vk_with_its_default(write) -> None:
    lines = EXAMPLE_FILE.read_text(encoding="utf-8").splitlines()
    at = lines.index(next(line for line in lines if line.startswith("# [bots.vk]")))
    table = load(write("\n".join(line.removeprefix("#").removeprefix(" ") for line in lines[at:])), {}).bots["vk"]
    assert table.keys() == VkSettings.model_fields.keys()
    given = VkSettings.model_validate(table)
    plain = VkSettings.model_validate({"token": table["token"]})
    assert given.model_copy(update={"callback_secret": None}) == plain


@pytest.mark.parametrize("secret", ["с пробелом", "x" * 51, "with-dash"])
def test_a_secret_that_vk_would_not_take_is_told_before_vk_is_asked_and_never_shown(secret: str) -> None:
    assert check_vk({"token": "key", "callback_secret": secret}) == [
        ("callback_secret", "must be 1-50 characters A-Z a-z 0-9")
    ]
    assert check_vk({"token": "key", "callback_secret": "Letters123"}) == []


def test_the_demo_has_the_channels_that_exist() -> None:
    settings = load(DEMO_FILE, {})
    kinds = {name: table["kind"] for name, table in settings.bots.items()}
    assert kinds == {"telegram": "telegram", "vk": "vk", "site": "web", "custom": "custom"}


def test_importing_the_room_is_light() -> None:
    code = "import sys, configs; sys.exit(any(name.startswith('pydantic') for name in sys.modules))"
    assert (
        subprocess.run([sys.executable, "-c", code], cwd=Path(house.__file__).parents[1], check=False).returncode == 0
    )
