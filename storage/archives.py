"""What a zip archive says it will become, read from its directory alone: nothing is unpacked here.

Layout as in PKWARE's APPNOTE: the end record names count and place of the central directory's entries.
"""

import struct
from pathlib import Path

from bridge.errors import Rejected

#: An archive is a bomb when it holds more than this, bytes and entries, ...
WHOLE = 2 << 30
ENTRIES = 50_000
#: ... or when it holds more than this and grows by more than so many times: documents of an office grow tenfold.
SUSPECT = 100 << 20
RATIO = 100

_END = struct.Struct("<4s4H2LH")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_IN_ZIP64 = 0xFFFFFFFF
_TAIL = _END.size + 0xFFFF  # the end record and the longest comment behind it


def check_archive(path: Path, size: int) -> None:
    """Raise Rejected file_bomb for an archive of absurd contents, file_broken for one without a directory."""
    with path.open("rb") as file:
        file.seek(max(0, size - _TAIL))
        tail = file.read()
        place = tail.rfind(b"PK\x05\x06")
        if place < 0 or len(tail) - place < _END.size:
            raise Rejected("file_broken")
        _, _, _, _, count, length, start, _ = _END.unpack_from(tail, place)
        if count > ENTRIES:
            raise Rejected("file_bomb")
        if start + length > size:
            raise Rejected("file_broken")
        file.seek(start)
        whole = _whole(file.read(length), count)
    if whole > WHOLE or (whole > SUSPECT and whole > RATIO * size):
        raise Rejected("file_bomb")


def _whole(directory: bytes, count: int) -> int:
    """Add up what the entries say they unpack to, bytes. Raises Rejected file_broken."""
    whole = place = found = 0
    # Unpackers read as many as there are, whatever the end record counts.
    while found < count or directory[place : place + 4] == b"PK\x01\x02":
        if len(directory) - place < _ENTRY.size or directory[place : place + 4] != b"PK\x01\x02":
            raise Rejected("file_broken")
        found += 1
        if found > ENTRIES:
            raise Rejected("file_bomb")
        entry = _ENTRY.unpack_from(directory, place)
        size, name, extra, comment = entry[9:13]
        place += _ENTRY.size + name
        whole += _size64(directory[place : place + extra]) if size == _IN_ZIP64 else size
        place += extra + comment
    return whole


def _size64(extra: bytes) -> int:
    """Return the size of an entry that stands in its zip64 field, 4 GiB when it stands nowhere."""
    place = 0
    while len(extra) - place >= 4:
        field, length = struct.unpack_from("<2H", extra, place)
        if field == 1 and length >= 8 and len(extra) - place >= 12:
            return int(struct.unpack_from("<Q", extra, place + 4)[0])
        place += 4 + length
    return _IN_ZIP64
