"""Dockerfile and compose.yaml held against the project they start; no container engine is needed to find a slip."""

import re
import shlex
from pathlib import Path
from typing import Any

import yaml

from configs.settings import load
from mostik import parser

ROOT = Path(__file__).resolve().parents[3]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ").splitlines()


def lines(word: str) -> list[str]:
    return [line.split(" ", 1)[1] for line in DOCKERFILE if line.startswith(word + " ")]


def test_what_the_image_copies_is_there_and_not_ignored() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    for copied in lines("COPY"):
        if copied.startswith("--from="):
            continue
        for source in shlex.split(copied)[:-1]:
            assert (ROOT / source).exists(), source
            assert source not in ignored, source
    assert {"tests", ".git", "mostik.toml"} <= set(ignored)


def test_the_image_starts_a_command_there_is_as_nobody_special() -> None:
    assert lines("USER")[-1] == "mostik"
    assert lines("ENTRYPOINT") == ['["mostik"]']
    assert parser().parse_args(["run"]).role == "all"
    health = lines("HEALTHCHECK")[0]
    assert "127.0.0.1:8080/healthz" in health
    assert lines("EXPOSE") == ["8080"]


def test_every_base_and_image_names_a_version() -> None:
    images = [service["image"] for service in COMPOSE["services"].values() if "image" in service]
    for image in [*(line.split(" ")[0] for line in lines("FROM")), *images]:
        assert re.search(r":\d", image), image


def test_the_environment_of_the_app_is_one_the_settings_understand(tmp_path: Path) -> None:
    environment = COMPOSE["services"]["app"]["environment"]
    settings = load(None, environment)
    assert settings.store.url == environment["MOSTIK_STORE__URL"]
    assert settings.bus.url == environment["MOSTIK_BUS__URL"]
    assert settings.panel.host == "0.0.0.0"


def test_services_name_each_other_as_the_addresses_do() -> None:
    services = COMPOSE["services"]
    environment = services["app"]["environment"]
    hosts = {re.sub(r"^\w+://", "", environment[key]).split(":")[0] for key in ("MOSTIK_STORE__URL", "MOSTIK_BUS__URL")}
    assert hosts == set(services["app"]["depends_on"]) == set(services) - {"app"}
    for name in hosts:
        assert services["app"]["depends_on"][name]["condition"] == "service_healthy"
        assert services[name]["healthcheck"]["test"]
    published = services["app"]["ports"]
    assert published == ["127.0.0.1:8080:8080"], "behind a proxy with TLS, never open by itself"
    named = {volume.split(":")[0] for s in services.values() for volume in s.get("volumes", []) if volume[0] != "."}
    assert named == set(COMPOSE["volumes"])
