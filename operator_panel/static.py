"""Files of the pages under URLs that name their content, packed once at start."""

import gzip
import hashlib
import json
import mimetypes
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_PACKED = frozenset({".js", ".css", ".svg", ".json", ".webmanifest", ".html", ".txt", ".map"})
_TYPES = {
    ".js": "text/javascript",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
}
#: Specifiers of static and dynamic imports and of re-exports: from "x", import "x", import("x").
_IMPORT = re.compile(r"""(\bfrom\s*|\bimport\s*\(?\s*)(["'])([^"'\n]+)\2""")
#: Doc comments of our own scripts: a fifth of their packed size that no browser reads.
_DOC = r"/\*\*(?:(?!\*/).)*\*/"
_DOCS = re.compile(rf"^[ \t]*{_DOC}[ \t]*\n|{_DOC}", re.MULTILINE | re.DOTALL)
_URL = re.compile(r"""(url\(\s*|@import\s+)(["']?)(?!data:|https?:|/|#)([^"')\s;]+)\2""")
_LIT = "vendor/lit-html/"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is sent; `packed` is its gzip form when that is smaller."""

    path: str
    mime: str
    body: bytes
    packed: bytes | None
    hash: str

    @property
    def url(self) -> str:
        """Where the browser asks for it: the content's hash stands in it, so it may be kept for ever."""
        return f"/static/{self.hash}/{self.path}"


def bare_name(path: str) -> str | None:
    """The name by which modules import a file: `mostik/core/ws.js`, `lit-html`, `lit-html/directives/repeat.js`."""
    if not path.endswith(".js"):
        return None
    if path.startswith("js/"):
        return f"mostik/{path.removeprefix('js/')}"
    if path == f"{_LIT}lit-html.js":
        return "lit-html"
    if path.startswith(_LIT):
        return f"lit-html/{path.removeprefix(_LIT)}"
    return None


def _absolute(specifier: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), specifier))


def _script(text: str, path: str, names: Mapping[str, str]) -> str:
    """Turn relative imports into names of the import map: a relative path would stay in the importer's hash folder."""

    def named(found: re.Match[str]) -> str:
        before, quote, specifier = found.groups()
        if specifier.startswith("."):
            specifier = names.get(_absolute(specifier, path), specifier)
        return f"{before}{quote}{specifier}{quote}"

    return _IMPORT.sub(named, text)


class Statics:
    """All files of a folder."""

    def __init__(self, folder: Path) -> None:
        """Read, rewrite, hash and pack every file; a missing folder is an empty one."""
        paths = sorted(p for p in folder.rglob("*") if p.is_file()) if folder.is_dir() else []
        raw = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
        self.names = {path: name for path in raw if (name := bare_name(path))}
        self.paths = {name: path for path, name in self.names.items()}
        self._assets: dict[str, Asset] = {}
        self._raw = raw
        for path in raw:
            self._asset(path, ())
        self.import_map = json.dumps(
            {"imports": {name: self.url(path) for path, name in self.names.items()}},
            separators=(",", ":"),
        )

    def _asset(self, path: str, chain: tuple[str, ...]) -> Asset:
        if path not in self._assets:
            body = self._raw[path]
            if path.endswith(".css"):
                body = self._sheet(body.decode(), path, (*chain, path)).encode()
            elif path in self.names:
                text = _script(body.decode(), path, self.names)
                body = (text if path.startswith("vendor/") else _DOCS.sub("", text)).encode()
            self._assets[path] = _pack(path, body)
        return self._assets[path]

    def _sheet(self, text: str, path: str, chain: tuple[str, ...]) -> str:
        """Give a style sheet's url() and @import the hashed URLs; a sheet that imports itself is refused."""

        def hashed(found: re.Match[str]) -> str:
            before, quote, target = found.groups()
            name, mark, rest = target.partition("#")
            wanted = _absolute(name, path)
            if wanted in chain:
                raise ValueError(f"style sheets import each other: {' -> '.join((*chain, wanted))}")
            if wanted not in self._raw:
                raise ValueError(f"{path} asks for {target}, which is not there")
            return f"{before}{quote}{self._asset(wanted, chain).url}{mark}{rest}{quote}"

        return _URL.sub(hashed, text)

    def get(self, path: str) -> Asset | None:
        """The file of this path, if there is one."""
        return self._assets.get(path)

    def url(self, path: str) -> str:
        """The hashed URL of a file; raises KeyError for a file that is not there."""
        return self._assets[path].url

    def text(self, path: str) -> str:
        """The text of a script or a sheet as it is sent."""
        return self._assets[path].body.decode()

    def imports(self, path: str) -> list[str]:
        """The modules a module imports statically, each once, as they stand there."""
        found = (self.paths.get(name) for before, _, name in _IMPORT.findall(self.text(path)) if "(" not in before)
        return list(dict.fromkeys(target for target in found if target))

    def add(self, path: str, text: str, mark: str = "") -> Asset:
        """Serve a text made of other files, under a path of its own; with a mark, its URL holds that for a hash."""
        self._assets[path] = _pack(path, text.encode(), mark)
        return self._assets[path]


def digest(body: bytes) -> str:
    """Return what tells one content of a path from another one."""
    return hashlib.sha256(body).hexdigest()[:8]


def _pack(path: str, body: bytes, mark: str = "") -> Asset:
    suffix = posixpath.splitext(path)[1]
    mime = _TYPES.get(suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"
    packed = gzip.compress(body, 9, mtime=0) if suffix in _PACKED else None
    if packed is not None and len(packed) >= len(body):
        packed = None
    return Asset(path, mime, body, packed, mark or digest(body))
