"""Files made up on the spot, for people who send "a photo" without bringing one: small, valid and playable."""

import base64
import struct
import zlib
from dataclasses import dataclass

from bots.emulators.control import ControlError, Json

# The smallest WebP picture: one transparent dot.
WEBP = base64.b64decode("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA")
MIMES = {
    "photo": ("photo.png", "image/png"),
    "document": ("document.pdf", "application/pdf"),
    "video": ("video.mp4", "video/mp4"),
    "audio": ("audio.ogg", "audio/ogg"),
    "voice": ("voice.ogg", "audio/ogg"),
    "video_note": ("round.mp4", "video/mp4"),
    "animation": ("animation.mp4", "video/mp4"),
    "sticker": ("sticker.webp", "image/webp"),
}
OPUS_FRAMES_A_SECOND = 50
SILENCE = b"\xf8\xff\xfe"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a call, or that a person sends."""

    name: str
    mime: str
    content: bytes


def upload_of(kind: str, given: object) -> Upload:
    """Return the file a person sends: {"name"?, "mime"?, "base64"}, or a word for a sample; raises ControlError."""
    name, mime = MIMES[kind]
    if isinstance(given, dict):
        if "base64" in given:
            try:
                content = base64.b64decode(str(given["base64"]), validate=True)
            except ValueError:
                raise ControlError(400, f"{kind}.base64 is not base64") from None
            return Upload(str(given.get("name") or name), str(given.get("mime") or mime), content)
        word = str(given.get("name") or "")
    elif given is True or isinstance(given, str):
        word = given if isinstance(given, str) else ""
    else:
        raise ControlError(400, f"{kind} is true, a name, or {{name, mime, base64}}")
    if kind == "document" and "." in word:
        name = word
        mime = "application/pdf" if word.lower().endswith(".pdf") else "text/plain"
    return Upload(name, mime, _content(kind, mime, word))


def _content(kind: str, mime: str, word: str) -> bytes:
    if mime == "image/png":
        return png(word)
    if mime == "image/webp":
        return WEBP
    if mime == "application/pdf":
        return pdf(word or "sample")
    if mime == "audio/ogg":
        return ogg_silence(1, word)
    if mime == "video/mp4":
        return _box(b"ftyp", b"isom\0\0\2\0isomiso2mp41") + _box(b"free", f"{kind} {word}".encode())
    return (word or "sample").encode() + b"\n"


def png(word: str, width: int = 160, height: int = 120) -> bytes:
    """Return a picture whose colours follow from a word."""
    seed = zlib.crc32(word.encode())
    red, green, blue = seed & 0xFF, (seed >> 8) & 0xFF, (seed >> 16) & 0xFF
    rows = b"".join(
        b"\0" + b"".join(bytes(((red + x) & 0xFF, (green + y) & 0xFF, blue)) for x in range(width))
        for y in range(height)
    )
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def pdf(word: str) -> bytes:
    """Return a one-page PDF that shows a word (Latin letters; others become question marks)."""
    shown = word.encode("latin-1", "replace").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    stream = b"BT /F1 24 Tf 40 100 Td (" + shown + b") Tj ET"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj" % number + content + b"endobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return out + b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        size,
        table,
        size,
        len(out),
    )


def ogg_silence(seconds: int, word: str = "") -> bytes:
    """Return an Ogg Opus recording of silence."""
    comment = word.encode()
    head = b"OpusHead" + struct.pack("<BBHIHB", 1, 1, 0, 48000, 0, 0)
    tags = b"OpusTags" + struct.pack("<I", 0) + struct.pack("<II", 1, len(comment) + 8) + b"COMMENT=" + comment
    frames = [SILENCE] * (OPUS_FRAMES_A_SECOND * seconds)
    return _page(2, 0, 0, [head]) + _page(0, 0, 1, [tags]) + _page(4, 960 * len(frames), 2, frames)


def _page(flags: int, granule: int, number: int, packets: list[bytes]) -> bytes:
    lacing = b"".join(b"\xff" * (len(packet) // 255) + bytes([len(packet) % 255]) for packet in packets)
    header = b"OggS" + struct.pack("<BBqIIIB", 0, flags, granule, 1, number, 0, len(lacing)) + lacing
    page = header + b"".join(packets)
    return page[:22] + struct.pack("<I", _ogg_crc(page)) + page[26:]


def _ogg_crc(page: bytes) -> int:
    value = 0
    for byte in page:
        value ^= byte << 24
        for _ in range(8):
            value = (value << 1) ^ 0x04C11DB7 if value & 0x80000000 else value << 1
        value &= 0xFFFFFFFF
    return value


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + kind + content


def kind_of_item(item: object) -> str:
    """Return the kind of an album's item: its `kind`, else by its MIME type, else a photo."""
    if isinstance(item, dict):
        fields: Json = item
        if fields.get("kind") in MIMES:
            return str(fields["kind"])
        mime = str(fields.get("mime") or "")
        if mime and not mime.startswith("image/"):
            return "video" if mime.startswith("video/") else "audio" if mime.startswith("audio/") else "document"
    return "photo"
