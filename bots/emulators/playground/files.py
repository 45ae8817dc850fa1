"""The page's own files, read once; one hash of them all stands in their address, so that imports stay relative."""

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "static"
TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
PACKED = (".js", ".css", ".svg")


@dataclass(frozen=True, slots=True)
class PageFile:
    """One file as it is sent; `packed` is its gzip form, None where packing does not pay."""

    kind: str
    body: bytes
    packed: bytes | None


def read(folder: Path = FOLDER) -> tuple[str, dict[str, PageFile]]:
    """Return the hash of all files and the files by their path below the folder; others than TYPES are left out."""
    digest = hashlib.sha256()
    found: dict[str, PageFile] = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix not in TYPES:
            continue
        name, body = path.relative_to(folder).as_posix(), path.read_bytes()
        digest.update(f"{name}\0{len(body)}\0".encode() + body)
        packed = gzip.compress(body, 9, mtime=0) if path.suffix in PACKED else None
        found[name] = PageFile(TYPES[path.suffix], body, packed)
    return digest.hexdigest()[:12], found
