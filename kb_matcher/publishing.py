"""The matcher in a folder: one published version that the processes of an installation share, memory-mapped.

A version is a folder of .npy files and a manifest with their lengths and checksums. The file `current` has the name of
the version in force with the checksum of its manifest, and is replaced at once. Who uses a version holds a shared lock
on its manifest; old ones that nobody holds are removed. What is broken, half written or of other code is made anew.
"""

import fcntl
import json
import logging
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from uuid import uuid4
from zlib import crc32

import numpy as np
import Stemmer

from kb_matcher.engine import Engine
from kb_matcher.packing import Unpackable, pack, unpack

log = logging.getLogger("mostik.matcher")

FORMAT = 1
MANIFEST = "manifest.json"
CURRENT = "current"
LOCK = "publishing.lock"
HALF = "half-"  # what a folder is called while it is written
BLOCK = 1 << 20

Faults = (OSError, ValueError, KeyError, IndexError, TypeError, AttributeError, Unpackable)


class Held:
    """A version that is in use: a shared lock as long as this lives."""

    def __init__(self, version: Path) -> None:
        self._descriptor = os.open(version / MANIFEST, os.O_RDONLY | os.O_CLOEXEC)
        fcntl.flock(self._descriptor, fcntl.LOCK_SH)

    def read(self) -> bytes:
        """Return the manifest."""
        return os.pread(self._descriptor, os.fstat(self._descriptor).st_size, 0)

    def __del__(self) -> None:
        if hasattr(self, "_descriptor"):
            os.close(self._descriptor)


class Shelf:
    """A folder in which an installation publishes its matcher."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def taken(self) -> Engine | None:
        """Return the published engine; None: there is none that is whole and made by this code."""
        for _ in range(3):  # a version may be replaced and removed between reading its name and holding it
            named = self._named()
            if named is None:
                return None
            try:
                return _load(self._folder / named[0], named[1])
            except Faults as fault:
                if named == self._named():
                    log.warning("the published matcher %s cannot be used: %s", named[0], str(fault))
                    return None
        return None

    def renewed(self, fits: Callable[[Engine], bool], make: Callable[[], Engine]) -> Engine:
        """Return the published engine if it fits, or make one, publish it, and return it as published.

        One process makes it, the others wait and find it. Where the folder cannot be written, it is returned as made.
        """
        try:
            with self._alone():
                there = self.taken()
                if there is not None and fits(there):
                    return there
                made = make()
                self._publish(made)
                return self.taken() or made
        except OSError as fault:
            log.warning("the matcher cannot be published in %s: %s", self._folder, str(fault))
            return make()

    def tidy(self) -> None:
        """Remove versions that nobody uses any more."""
        with suppress(OSError), self._alone():
            self._clear()

    def _named(self) -> tuple[str, int] | None:
        """Return the name of the version in force and the checksum of its manifest."""
        with suppress(OSError, ValueError):
            name, check = (self._folder / CURRENT).read_text("ascii").split()
            if "/" not in name and not name.startswith("."):
                return name, int(check)
        return None

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self._folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _publish(self, engine: Engine) -> None:
        name = f"{engine.identity[:12]}-{uuid4().hex[:8]}"
        half = self._folder / f"{HALF}{name}"
        half.mkdir()
        try:
            check = _save(engine, half)
            half.rename(self._folder / name)
        except Unpackable as fault:
            log.warning("a matcher with %s is not published", str(fault))
            shutil.rmtree(half, ignore_errors=True)
            return
        except BaseException:
            shutil.rmtree(half, ignore_errors=True)
            raise
        pointer = self._folder / f"{CURRENT}.new"
        _write(pointer, f"{name} {check}".encode("ascii"))
        pointer.replace(self._folder / CURRENT)
        _sync(self._folder)
        self._clear()

    def _clear(self) -> None:
        """Remove versions that nobody holds, and what publishers that died left half written."""
        kept, _ = self._named() or ("", 0)
        for version in self._folder.iterdir():
            if version.is_dir() and version.name != kept and not _held(version):
                shutil.rmtree(version, ignore_errors=True)


def _held(version: Path) -> bool:
    try:
        descriptor = os.open(version / MANIFEST, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False


def _save(engine: Engine, folder: Path) -> int:
    """Write an engine and return the checksum of the manifest."""
    arrays: list[np.ndarray] = []
    packed = pack(replace(engine, thresholds=engine.models.thresholds, held=None), arrays)
    files = []
    for number, array in enumerate(arrays):
        path = folder / f"{number}.npy"
        with path.open("wb") as out:
            np.save(out, array, allow_pickle=False)  # in its own order: sums over it stay the same in every bit
            out.flush()
            os.fsync(out.fileno())
        files.append(_mark(path))
    manifest = {"format": FORMAT, "code": code(), "identity": engine.identity, "files": files, "engine": packed}
    content = json.dumps(manifest).encode()
    _write(folder / MANIFEST, content)
    _sync(folder)
    return crc32(content)


def _load(version: Path, check: int) -> Engine:
    """Map a version. Raises one of Faults when it is not whole or not of this code."""
    held = Held(version)
    content = held.read()
    if crc32(content) != check:
        raise ValueError(f"{MANIFEST} is damaged")
    manifest = json.loads(content)
    if (manifest["format"], manifest["code"]) != (FORMAT, code()):
        raise ValueError("made by another version of the code")
    arrays = []
    for number, mark in enumerate(manifest["files"]):
        path = version / f"{number}.npy"
        if _mark(path) != mark:
            raise ValueError(f"{path.name} is damaged")
        array = np.load(path, mmap_mode="r" if mark[2] else None, allow_pickle=False)
        arrays.append(np.asarray(array))  # a plain view of the map: memmap's own class is slow to slice
    engine = unpack(manifest["engine"], arrays)
    if not isinstance(engine, Engine):
        raise TypeError(f"holds {type(engine).__name__}")
    return replace(engine, held=held)


def _mark(path: Path) -> list[int]:
    """Return length and checksum of a file, and whether it holds more than its header (an empty one has no map)."""
    check = length = 0
    with path.open("rb") as source:
        while block := source.read(BLOCK):
            check, length = crc32(block, check), length + len(block)
        source.seek(0)
        np.lib.format.read_magic(source)
        np.lib.format.read_array_header_1_0(source)
        return [length, check, int(length > source.tell())]


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@cache
def code() -> str:
    """Return what an engine depends on beside its articles: this room's code and weights, and the stemmer's version."""
    room = Path(__file__).parent
    digest = sha256(f"{FORMAT} {Stemmer.version()}".encode())
    for path in sorted((*room.glob("*.py"), *room.glob("*.json"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
