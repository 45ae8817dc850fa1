"""Archives that say less of themselves than they hold."""

import io
import zipfile
from pathlib import Path

import pytest

from bridge.errors import Rejected
from storage.archives import SUSPECT, check_archive


def test_a_bomb_whose_end_record_counts_nothing_is_one_all_the_same(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("zeros", bytes(SUSPECT + 1))
    bomb = bytearray(out.getvalue())
    end = bomb.rindex(b"PK\x05\x06")
    bomb[end + 8 : end + 12] = bytes(4)
    assert len(zipfile.ZipFile(io.BytesIO(bomb)).infolist()) == 1  # what unpackers find
    path = tmp_path / "bomb.zip"
    path.write_bytes(bomb)
    with pytest.raises(Rejected, match="file_bomb"):
        check_archive(path, len(bomb))


def test_an_archive_without_a_file_is_let_through(tmp_path: Path) -> None:
    path = tmp_path / "empty.zip"
    path.write_bytes(b"PK\x05\x06" + bytes(18))
    check_archive(path, 22)
