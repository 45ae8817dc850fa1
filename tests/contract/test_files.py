"""What every place for files promises: looked into, kept whole or not at all, read again from any byte."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bridge.errors import NotFound, Rejected
from bridge.model.files import FileClaim, FileFacts
from bridge.model.ids import FileId, fresh
from bridge.ports import Files
from storage.connect import documents_of, files_of
from storage.files_disk import DiskFiles
from storage.files_memory import MemoryFiles
from tests.files import EXE, HTML, LIMIT, OGG, PDF, SVG, archive, bomb, huge_png, picture, read, stream

#: Another place joins by one more maker of a place of at most LIMIT bytes a file.
MAKERS: dict[str, Callable[[Path], Files]] = {
    "disk": lambda folder: DiskFiles(folder / "files", LIMIT),
    "memory": lambda folder: MemoryFiles(LIMIT),
}


@pytest.fixture(params=[*MAKERS, pytest.param("gridfs", marks=pytest.mark.mongo)])
async def files(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Files]:
    if request.param in MAKERS:
        yield MAKERS[request.param](tmp_path)
        return
    url = request.getfixturevalue("mongo_url")
    documents = documents_of(url)
    await documents.open([])
    yield files_of(url, LIMIT, None, documents)
    await documents.close()


async def keep(
    files: Files, body: bytes, name: str = "", mime: str = "", kind: str = "", trusted: bool = False
) -> tuple[FileId, FileFacts]:
    id = FileId(fresh())
    return id, await files.keep(id, stream(body), FileClaim(name, mime, kind, files.limit, trusted))


async def refusal(files: Files, body: bytes, name: str = "", mime: str = "", kind: str = "") -> str:
    id = FileId(fresh())
    with pytest.raises(Rejected) as refused:
        await files.keep(id, stream(body), FileClaim(name, mime, kind, files.limit))
    with pytest.raises(NotFound):
        await read(files.read(id))
    return refused.value.reason


async def test_a_file_is_read_back_as_it_came_from_any_byte_on(files: Files) -> None:
    body = bytes(range(256)) * 3000
    id, facts = await keep(files, body, "data.bin", "application/x-something")
    assert facts == FileFacts(
        "document", "data.bin", "application/x-something", len(body), hashlib.sha256(body).hexdigest()
    )
    assert await read(files.read(id)) == body
    assert await read(files.read(id, 700_001)) == body[700_001:]
    assert await read(files.read(id, len(body))) == b""


async def test_a_file_is_forgotten_once(files: Files) -> None:
    id, _ = await keep(files, PDF)
    assert await files.delete(id)
    assert not await files.delete(id)
    with pytest.raises(NotFound):
        await read(files.read(id))


async def test_kept_again_it_is_replaced(files: Files) -> None:
    id, _ = await keep(files, PDF)
    await files.keep(id, stream(OGG), FileClaim("", "", "voice", LIMIT))
    assert await read(files.read(id)) == OGG


async def test_the_limit_holds_while_reading_and_the_claim_may_lower_it(files: Files) -> None:
    assert files.limit == LIMIT
    pulled = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal pulled
        while True:
            pulled += 1
            yield bytes(64 << 10)

    with pytest.raises(Rejected, match="file_too_big"):
        await files.keep(FileId(fresh()), endless(), FileClaim("", "", "", LIMIT))
    assert pulled <= (LIMIT >> 16) + 1
    with pytest.raises(Rejected, match="file_too_big"):
        await files.keep(FileId(fresh()), stream(PDF), FileClaim("", "", "", len(PDF) - 1))
    assert (await files.keep(FileId(fresh()), stream(PDF), FileClaim("", "", "", len(PDF)))).size == len(PDF)


async def test_a_line_that_breaks_leaves_nothing(files: Files, tmp_path: Path) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield PDF
        raise ConnectionError

    id = FileId(fresh())
    with pytest.raises(ConnectionError):
        await files.keep(id, broken(), FileClaim("", "", "", LIMIT))
    with pytest.raises(NotFound):
        await read(files.read(id))
    assert not [path for path in await asyncio.to_thread(lambda: list(tmp_path.rglob("*"))) if path.is_file()]


@pytest.mark.parametrize("id", ["../../etc/passwd", "/etc/passwd", "a", "", "a" * 65, "ab/cd", "ab\x00cd", "..", "абв"])
async def test_an_id_that_is_none_of_ours_is_not_there(files: Files, id: str) -> None:
    with pytest.raises(NotFound):
        await read(files.read(FileId(id)))


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP"])
async def test_pictures_are_measured(files: Files, form: str) -> None:
    _, facts = await keep(files, picture(40, 30, form), "x", kind="photo")
    assert (facts.width, facts.height, facts.mime) == (40, 30, f"image/{form.lower()}")
    assert facts.kind == ("animation" if form == "GIF" else "photo")


async def test_a_turned_picture_is_measured_as_it_is_seen(files: Files) -> None:
    from PIL import Image

    exif = Image.Exif()
    exif[0x0112] = 6
    _, facts = await keep(files, picture(40, 30, "JPEG", exif=exif))
    assert (facts.width, facts.height) == (30, 40)


async def test_an_enormous_picture_is_a_document_and_never_decoded(files: Files) -> None:
    _, facts = await keep(files, huge_png(10_000, 9_000), "map.png", kind="photo")
    assert (facts.kind, facts.width, facts.height) == ("document", 10_000, 9_000)
    assert (await keep(files, picture(900, 20), kind="photo"))[1].kind == "document"  # a strip nobody shows


@pytest.mark.parametrize(
    ("claim", "kind", "mime"),
    [
        ((PDF, "a.pdf", "text/html", ""), "document", "application/pdf"),
        ((picture(), "a.png", "", "document"), "document", "image/png"),
        ((picture(), "", "", ""), "photo", "image/png"),
        ((OGG, "", "audio/ogg", "voice"), "voice", "audio/ogg"),
        ((OGG, "", "", ""), "audio", "audio/ogg"),
        ((b"\x1a\x45\xdf\xa3....webm" + bytes(64), "", "audio/webm;codecs=opus", "voice"), "voice", "audio/webm"),
        ((b"\x00\x00\x00\x20ftypisom" + bytes(64), "", "", "video_note"), "video_note", "video/mp4"),
        ((HTML, "a.txt", "text/plain", ""), "document", "text/html"),
        ((HTML, "a.html", "image/png", "voice"), "document", "text/html"),
        ((SVG, "logo.svg", "image/svg+xml", "photo"), "document", "image/svg+xml"),
        ((b"\xef\xbb\xbf \n<?xml version='1.0'?>\n<svg/>", "x", "image/png", ""), "document", "image/svg+xml"),
        ((b"a;b\n1;2\n", "t.csv", "", ""), "document", "text/csv"),
        ((bytes(500), "x", "text/html", ""), "document", "application/octet-stream"),
        ((bytes(500), "x", "image/png", ""), "document", "application/octet-stream"),
        ((archive(a=b"b"), "a.docx", "application/vnd.ms-word", ""), "document", "application/vnd.ms-word"),
    ],
    ids=lambda value: None if not isinstance(value, tuple) else value[1] or value[2] or value[3],
)
async def test_what_a_file_is_is_told_by_its_bytes(
    files: Files, claim: tuple[bytes, str, str, str], kind: str, mime: str
) -> None:
    _, facts = await keep(files, *claim)
    assert (facts.kind, facts.mime) == (kind, mime)


@pytest.mark.parametrize(
    ("reason", "claim"),
    [
        ("file_empty", (b"", "a.txt", "", "")),
        ("file_broken", (picture()[:-40], "a.png", "image/png", "photo")),
        ("file_broken", (picture(300, 300, "JPEG")[:700], "a.jpg", "", "document")),
        ("file_broken", (b"no picture at all", "a.png", "image/png", "")),
        ("file_broken", (PDF, "photo.jpeg", "image/jpeg", "")),
        ("file_broken", (PDF, "a.pdf", "application/pdf", "photo")),
        ("file_broken", (archive(a=b"b")[:-30], "a.zip", "", "")),
        ("file_bomb", (bomb(), "a.zip", "", "")),
        ("file_bomb", (bomb(200 << 20), "a.docx", "", "document")),
        ("file_bomb", (bomb(0xFFFFFFFF), "a.xlsx", "", "")),
        ("file_type", (EXE, "setup.exe", "", "")),
        ("file_type", (EXE, "photo.jpg", "image/jpeg", "photo")),
        ("file_type", (b"echo hi", "run.bat", "text/plain", "")),
        ("file_type", (b"echo hi", "run.BAT. ", "text/plain", "")),
        ("file_type", (b"echo hi", "a/b\\run.vbs", "", "")),
        ("file_type", (archive(a=b"b"), "game.apk", "", "")),
    ],
    ids=lambda value: value if isinstance(value, str) else value[1],
)
async def test_what_is_refused(files: Files, reason: str, claim: tuple[bytes, str, str, str]) -> None:
    assert await refusal(files, *claim) == reason


async def test_staff_may_send_programs(files: Files) -> None:
    _, facts = await keep(files, EXE, "driver.exe", trusted=True)
    assert (facts.kind, facts.mime) == ("document", "application/x-executable")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/счёт № 5.pdf", "счёт № 5.pdf"),
        ("C:\\Users\\x\\a.pdf", "a.pdf"),
        ("invoice\u202efdp.txt", "invoicefdp.txt"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie_ x.pdf"),
        ("", "document.pdf"),
        ("...", "document.pdf"),
        ("и" * 300 + ".pdf", "и" * 116 + ".pdf"),
    ],
)
async def test_names_are_made_harmless(files: Files, given: str, kept: str) -> None:
    assert (await keep(files, PDF, given))[1].name == kept


async def test_files_on_disk_are_their_owners_alone_and_leave_no_rest(tmp_path: Path) -> None:
    files = DiskFiles(tmp_path / "files", LIMIT)
    id, _ = await keep(files, PDF)
    kept = [path for path in await asyncio.to_thread(lambda: list(tmp_path.rglob("*"))) if path.is_file()]
    assert [path.relative_to(tmp_path).as_posix() for path in kept] == [f"files/{id[:2]}/{id}"]
    assert kept[0].stat().st_mode & 0o777 == 0o600
    assert kept[0].parent.stat().st_mode & 0o777 == 0o700


def test_files_stand_beside_their_store(tmp_path: Path) -> None:
    assert isinstance(files_of(f"sqlite:///{tmp_path}/a.db", LIMIT), DiskFiles)
    assert isinstance(files_of("memory://", LIMIT), MemoryFiles)
    with pytest.raises(ValueError, match="folder"):
        files_of("other://x", LIMIT)
