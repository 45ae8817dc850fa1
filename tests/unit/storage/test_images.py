"""Pictures that are traps: small files that would cost hours or gigabytes to open."""

import io
import zlib
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from bridge.errors import Rejected
from storage import images
from tests.files import huge_png, picture


def jpeg(width: int, height: int, **more: object) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).save(out, "JPEG", **more)
    return out.getvalue()


def many_scans(picture: bytes, times: int) -> bytes:
    """Repeat the last scan of a progressive JPEG, some bytes each that have all of its pixels gone over again."""
    last = picture[picture.rindex(b"\xff\xda") : -2]
    return picture[:-2] + last * times + b"\xff\xd9"


def test_an_enormous_png_is_not_decoded_for_what_stands_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[object] = []
    monkeypatch.setattr(PngImagePlugin.PngImageFile, "load", loaded.append)
    path = tmp_path / "bomb"
    path.write_bytes(huge_png(20_000, 20_000))
    assert images.measured(path, "image/png") == (20_000, 20_000)
    assert loaded == []


def test_a_jpeg_of_endless_scans_is_refused_before_it_is_decoded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "slow"
    progressive = jpeg(64, 64, progressive=True)
    path.write_bytes(many_scans(progressive, 5))
    assert images.measured(path, "image/jpeg") == (64, 64)
    monkeypatch.setattr(images, "WORK", 64 * 64 * 20)
    assert images.measured(path, "image/jpeg") == (64, 64)
    path.write_bytes(many_scans(progressive, 20))
    with pytest.raises(Rejected, match="file_broken"):
        images.measured(path, "image/jpeg")


def test_a_jpeg_of_endless_parts_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "parts"
    plain = jpeg(16, 16)
    path.write_bytes(plain[:2] + b"\xff\xe1\x00\x09Exif\0\0a" * images.SEGMENTS + plain[2:])
    with pytest.raises(Rejected, match="file_broken"):
        images.measured(path, "image/jpeg")


def test_what_stands_behind_a_jpeg_is_none_of_its_parts(tmp_path: Path) -> None:
    """A phone's moving picture: a film behind the photo, in which anything may stand."""
    path = tmp_path / "moving"
    path.write_bytes(jpeg(16, 16) + b"\xff\xda\x00\x02" * (images.SEGMENTS + 1))
    assert images.measured(path, "image/jpeg") == (16, 16)


def test_a_png_of_endless_parts_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "parts"
    private = b"\x00\x00\x00\x00prIv" + zlib.crc32(b"prIv").to_bytes(4)
    head, rest = picture()[:33], picture()[33:]
    path.write_bytes(head + private * images.CHUNKS + rest)
    with pytest.raises(Rejected, match="file_broken"):
        images.measured(path, "image/png")
    for ordinary in (head + private * 100 + rest, picture() + bytes(12 * images.CHUNKS + 12)):
        path.write_bytes(ordinary)
        assert images.measured(path, "image/png") == (32, 20)
