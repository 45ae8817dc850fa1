"""The matcher in a folder: the same in every bit, shared by processes, whole or made anew."""

import asyncio
import gc
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bridge.model.articles import Article, Label, Library
from bridge.model.ids import ArticleId
from kb_matcher import KbMatcher, publishing
from kb_matcher.engine import Engine, build
from kb_matcher.index import VIEWS
from kb_matcher.packing import Unpackable, pack, unpack
from kb_matcher.publishing import CURRENT, HALF, MANIFEST, Shelf

NEW = Article(ArticleId("tyres"), "Зимняя резина", "Меняем.", ("шипованные покрышки есть",), "ru")
TEXTS = ("сколько стоит ремонт", "есть ли аренда", "are you open", "crjkmrj cnjbn", "столица чили", "🙂", "цепь 4000")


def published(folder: Path) -> list[Path]:
    return sorted(one for one in folder.iterdir() if one.is_dir())


def put(folder: Path, engine: Engine) -> Engine:
    return Shelf(folder).renewed(lambda there: there.identity == engine.identity, lambda: engine)


def test_what_is_loaded_answers_the_same_in_every_bit(
    tmp_path: Path, library: Library, many_labels: tuple[Label, ...]
) -> None:
    built = build(replace(library, labels=many_labels))
    loaded = put(tmp_path, built)
    assert loaded is not built
    assert loaded.thresholds == built.thresholds
    assert loaded.identity == built.identity
    for text in (*TEXTS, *(label.text for label in many_labels[::7])):
        assert loaded.match(text) == built.match(text)
    for view in VIEWS:
        one, other = getattr(loaded.index, view), getattr(built.index, view)
        assert one.scale.tobytes() == other.scale.tobytes()
        assert not one.base.documents.flags.writeable
    assert Shelf(tmp_path).taken() is not None


@pytest.mark.parametrize("count", [0, 1])
def test_tiny_libraries_are_published_too(tmp_path: Path, library: Library, count: int) -> None:
    built = build(Library(library.articles[:count]))
    assert put(tmp_path, built).match("сколько стоит ремонт велосипеда") == built.match(
        "сколько стоит ремонт велосипеда"
    )


def test_what_is_loaded_grows_and_settles(tmp_path: Path, engine: Engine) -> None:
    loaded = put(tmp_path, engine).changed([NEW], [ArticleId("rent")])
    assert loaded.match("шипованные покрышки есть").exact
    settled = loaded.settled()
    assert settled.identity == loaded.identity != engine.identity
    assert put(tmp_path, settled).match("шипованные покрышки есть") == settled.match("шипованные покрышки есть")


def test_a_version_goes_when_nobody_holds_it(tmp_path: Path, engine: Engine) -> None:
    held = put(tmp_path, engine)
    other = engine.changed([NEW]).settled()
    newest = put(tmp_path, other)
    assert len(published(tmp_path)) == 2
    assert held.match("есть ли аренда") == engine.match("есть ли аренда")
    del held
    gc.collect()
    Shelf(tmp_path).tidy()
    assert [one.name.split("-")[0] for one in published(tmp_path)] == [newest.identity[:12]]


DAMAGES = {
    "an array cut short": lambda version: os.truncate(version / "0.npy", 50),
    "an array with a flipped bit": lambda version: _flip(version / "0.npy"),
    "an array that is gone": lambda version: (version / "1.npy").unlink(),
    "a manifest cut short": lambda version: os.truncate(version / MANIFEST, 40),
    "a manifest with a flipped bit": lambda version: _flip(version / MANIFEST),
    "a manifest that is gone": lambda version: (version / MANIFEST).unlink(),
    "no pointer": lambda version: (version.parent / CURRENT).unlink(),
    "an empty pointer": lambda version: (version.parent / CURRENT).write_text(""),
    "a pointer elsewhere": lambda version: (version.parent / CURRENT).write_text("../etc 5"),
}


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_is_broken_is_seen_and_made_anew(tmp_path: Path, engine: Engine, damage: str) -> None:
    put(tmp_path, engine)
    gc.collect()
    DAMAGES[damage](published(tmp_path)[0])
    assert Shelf(tmp_path).taken() is None
    assert put(tmp_path, engine).match("есть ли аренда") == engine.match("есть ли аренда")
    assert len(published(tmp_path)) == 1


def test_what_a_publisher_left_half_written_is_removed(tmp_path: Path, engine: Engine) -> None:
    (tmp_path / f"{HALF}x").mkdir()
    (tmp_path / f"{HALF}x" / "0.npy").write_bytes(b"\x93NUMPY")
    put(tmp_path, engine)
    assert not any(one.name.startswith(HALF) for one in published(tmp_path))


def test_nothing_is_in_force_when_writing_breaks_off(
    tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, engine)
    other = engine.changed([NEW]).settled()

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(np, "save", full)
        assert put(tmp_path, other) is other
    there = Shelf(tmp_path).taken()
    assert there is not None
    assert there.identity == engine.identity
    assert len(published(tmp_path)) == 1


def test_what_other_code_made_is_made_anew(tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, engine)
    monkeypatch.setattr(publishing, "code", lambda: "another")
    assert Shelf(tmp_path).taken() is None


def test_a_folder_that_cannot_be_written_keeps_nobody_from_working(tmp_path: Path, engine: Engine) -> None:
    (tmp_path / "file").write_text("")
    assert put(tmp_path / "file" / "folder", engine) is engine


async def test_the_second_process_takes_what_the_first_published(tmp_path: Path, library: Library) -> None:
    first = await KbMatcher.build(library, folder=tmp_path)
    before = published(tmp_path)
    second = await KbMatcher.build(library, answer=0.97, folder=tmp_path)
    assert published(tmp_path) == before
    assert (second.thresholds.answer, first.thresholds.answer) == (0.97, None)
    await first.change([NEW])
    await first.settled()
    middle = published(tmp_path)
    await second.rebuild(replace(library, articles=(*library.articles, NEW)))
    await second.settled()
    assert (await second.match("шипованные покрышки есть")).exact
    assert second.thresholds.answer == 0.97
    assert [one for one in published(tmp_path) if one in middle] == published(tmp_path)
    assert len(published(tmp_path)) == 1


CHILD = """
import asyncio, json, sys
from pathlib import Path
from kb_matcher import KbMatcher
from kb_matcher.files import read_articles
from bridge.model.articles import Library
folder = Path(sys.argv[1])
library = Library(tuple(read_articles(folder / "articles.jsonl")))
matcher = asyncio.run(KbMatcher.build(library, folder=folder / "shelf"))
print(json.dumps([repr(matcher.engine.match(text)) for text in json.loads(sys.argv[2])]))
"""


async def test_processes_that_start_at_once_make_one_version(tmp_path: Path, library: Library) -> None:
    from kb_matcher.files import write_articles

    write_articles(tmp_path / "articles.jsonl", library.articles)
    command = [sys.executable, "-c", CHILD, str(tmp_path), json.dumps(TEXTS)]

    async def one() -> str:
        child = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
        said, _ = await child.communicate()
        assert child.returncode == 0
        return said.decode()

    answers = await asyncio.gather(one(), one(), one())
    assert len(set(answers)) == 1
    assert len(published(tmp_path / "shelf")) == 1
    built = build(library)
    assert json.loads(answers[0]) == [repr(built.match(text)) for text in TEXTS]


@pytest.mark.parametrize("value", [object(), {1: 2}, np.array([object()]), Path("x")])
def test_only_plain_pieces_of_this_room_are_packed(value: object) -> None:
    with pytest.raises(Unpackable):
        pack(value, [])


@pytest.mark.parametrize(
    "name",
    ["os:system", "kb_matcher.engine:build", "kb_matcher.engine:nothing", "pathlib:Path", "kb_matcher.files:json"],
)
def test_only_dataclasses_of_this_room_are_made(name: str) -> None:
    with pytest.raises(Unpackable):
        unpack({"class": name, "fields": {}}, [])


def test_numbers_keep_every_bit() -> None:
    arrays: list[np.ndarray] = []
    value = (0.1 + 0.2, [None, True, "ё"], {"a": np.float32(0.1)}, np.arange(3))
    back = unpack(json.loads(json.dumps(pack(value, arrays))), arrays)
    assert back[:3] == value[:3]
    assert back[2]["a"].dtype == np.float32
    assert back[3] is arrays[0]
