"""What a file is by its first bytes: the types that messengers carry, and those that run or mislead.

Signatures are those of the formats' own specifications (PNG, JFIF, GIF89a, RIFF, ISO 14496-12 "ftyp", EBML, RFC 3533,
PKWARE's APPNOTE, PE/COFF, ELF, Mach-O).
"""

import re

#: Bytes from the beginning that `sniffed` wants to see.
HEAD = 4096
#: What runs when it is opened: its own type, whatever the name says.
PROGRAM = "application/x-executable"
ARCHIVE = "application/zip"
ANY = "application/octet-stream"

_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", ARCHIVE),
    (b"PK\x05\x06", ARCHIVE),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"\x1f\x8b", "application/gzip"),
    (b"ID3", "audio/mpeg"),
    (b"fLaC", "audio/flac"),
    (b"#!AMR", "audio/amr"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"{\\rtf", "application/rtf"),
    (b"MZ", PROGRAM),
    (b"\x7fELF", PROGRAM),
    (b"\xfe\xed\xfa\xce", PROGRAM),
    (b"\xfe\xed\xfa\xcf", PROGRAM),
    (b"\xce\xfa\xed\xfe", PROGRAM),
    (b"\xcf\xfa\xed\xfe", PROGRAM),
    (b"\xca\xfe\xba\xbe", PROGRAM),
    (b"L\x00\x00\x00\x01\x14\x02\x00", PROGRAM),  # a Windows shortcut
)
#: Major brand of an ISO media file -> its type; others are video/mp4.
_BRANDS = {
    **dict.fromkeys((b"M4A ", b"M4B "), "audio/mp4"),
    **dict.fromkeys((b"heic", b"heix", b"mif1", b"heim"), "image/heic"),
    b"avif": "image/avif",
    b"qt  ": "video/quicktime",
}
_RIFFS = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
#: A sync word of MPEG audio, layer III or ADTS.
_MPEG = {0xFB: "audio/mpeg", 0xFA: "audio/mpeg", 0xF3: "audio/mpeg", 0xF2: "audio/mpeg", 0xF1: "audio/aac"}
_MARKUP = re.compile(rb"<(?:!doctype\s+html|html|head|body|script|iframe|svg|!--|\?xml)", re.IGNORECASE)


def sniffed(head: bytes) -> str:
    """Return the type that the first bytes tell, empty when they tell none."""
    for start, mime in _STARTS:
        if head.startswith(start) and (mime != PROGRAM or b"\x00" in head):  # a text may begin with MZ, too
            return mime
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "video/mp4")
    if head.startswith(b"RIFF"):
        return _RIFFS.get(head[8:12], "")
    if head.startswith(b"OggS"):
        return "video/ogg" if b"theora" in head[:512] else "audio/ogg"
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "video/webm" if b"webm" in head[:64] else "video/x-matroska"
    if len(head) > 2 and head[0] == 0xFF and head[1] in _MPEG:
        return _MPEG[head[1]]
    return _text(head)


def _text(head: bytes) -> str:
    """Tell text, and markup by what a browser would take it for, whatever stands before it."""
    marked = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    if b"\x00" in head and not marked:
        return ""
    if (found := _MARKUP.search(head[:1024].replace(b"\x00", b""))) is not None:
        tag = found.group().lower()
        if tag == b"<svg" or (tag in (b"<?xml", b"<!--") and b"<svg" in head.lower()):
            return "image/svg+xml"
        return "text/xml" if tag == b"<?xml" else "text/html"
    if marked:
        return "text/plain"
    try:
        head.decode()
    except UnicodeDecodeError as fault:
        # Cut in the middle of a letter at the end of what was looked at: still text.
        return "text/plain" if fault.start > len(head) - 4 and len(head) >= HEAD else ""
    return "text/plain"
