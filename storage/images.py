"""Images are opened before they are kept: a broken one is told at once, an enormous one never shown as a picture."""

import re
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from bridge.errors import Rejected

if TYPE_CHECKING:
    from PIL import Image

#: Types that are opened; other images are documents.
OPENED = {"image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "GIF", "image/webp": "WEBP"}
#: Pixels of a picture that is still opened and shown; beyond it, decoding would cost hundreds of megabytes.
PIXELS = 50_000_000
#: Proportion of the sides up to which it is shown as a picture (Telegram's own).
PROPORTION = 20

#: A progressive JPEG goes over all its pixels once a scan (ten are usual): pixels times scans beyond this are a trap.
WORK = 1_000_000_000
#: Parts of a JPEG beyond which nobody wrote it for its picture; extended XMP takes one per 64 KB.
SEGMENTS = 5_000
#: The same of a PNG, whose data usual encoders cut into pieces of 8 KB.
CHUNKS = 20_000

_EXIF_ORIENTATION = 0x0112
#: A marker of a JPEG (ITU-T T.81, B.1.1.3) that is neither fill, stuffing nor a restart inside a scan.
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_START, _END, _SCAN = 0xD8, 0xD9, 0xDA
_one_at_a_time = threading.Lock()


def measured(path: Path, mime: str) -> tuple[int, int]:
    """Open an image of a type in OPENED and return width and height as it is seen. Raises Rejected file_broken."""
    from PIL import Image

    # Its own limit warns or raises by pixels; ours stands below and comes before anything is decoded.
    Image.MAX_IMAGE_PIXELS = None
    with _one_at_a_time:
        try:
            _check_scans(path, mime, 0)
            _check_chunks(path, mime)
            with Image.open(path, formats=(OPENED[mime],)) as image:
                width, height = image.size
                turned = False
                if width * height <= PIXELS:
                    _check_scans(path, mime, width * height)
                    # JPEG alone can do so: an eighth of each side proves it as well.
                    image.draft("RGB", (max(1, width // 8), max(1, height // 8)))
                    image.load()
                    turned = _turned(image)  # of a PNG, looking for what stands beside the picture decodes it
        except MemoryError:
            raise
        except Exception:  # Pillow's decoders raise whatever comes to them on a broken file
            raise Rejected("file_broken") from None
    if not width or not height:
        raise Rejected("file_broken")
    return (height, width) if turned else (width, height)


def _check_scans(path: Path, mime: str, pixels: int) -> None:
    """Raise Rejected file_broken for a JPEG of absurdly many parts, or of too many scans for its pixels."""
    if mime != "image/jpeg":
        return
    data, place, segments, scans = path.read_bytes(), 0, 0, 0
    while (found := _MARKER.search(data, place)) is not None:
        place, marker = found.end(), found.group()[1]
        if marker == _END and scans:
            return  # what stands behind the picture is not looked at by whoever decodes it
        segments, scans = segments + 1, scans + (marker == _SCAN)
        if segments > SEGMENTS or scans * pixels > WORK:
            raise Rejected("file_broken")
        if marker not in (_START, _END):
            place += max(2, int.from_bytes(data[place : place + 2]))


def _check_chunks(path: Path, mime: str) -> None:
    """Raise Rejected file_broken for a PNG of absurdly many parts (ISO 15948, 5.3: length, type, data, CRC)."""
    if mime != "image/png":
        return
    data, place, chunks = path.read_bytes(), 8, 0
    while place < len(data) and data[place + 4 : place + 8] != b"IEND":
        place, chunks = place + 12 + int.from_bytes(data[place : place + 4]), chunks + 1
        if chunks > CHUNKS:
            raise Rejected("file_broken")


def is_picture(width: int, height: int) -> bool:
    """Tell whether an image of this size is shown as a picture; others go as documents."""
    return width * height <= PIXELS and max(width, height) <= PROPORTION * min(width, height)


def _turned(image: "Image.Image") -> bool:
    try:
        return image.getexif().get(_EXIF_ORIENTATION, 1) in (5, 6, 7, 8)
    except Exception:  # what a camera wrote beside the picture may be broken, the picture is not
        return False
