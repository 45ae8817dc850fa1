"""Images are opened before they are kept: a broken one is told at once, an enormous one never shown as a picture."""

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

_EXIF_ORIENTATION = 0x0112
_one_at_a_time = threading.Lock()


def measured(path: Path, mime: str) -> tuple[int, int]:
    """Open an image of a type in OPENED and return width and height as it is seen. Raises Rejected file_broken."""
    from PIL import Image

    # Its own limit warns or raises by pixels; ours stands below and comes before anything is decoded.
    Image.MAX_IMAGE_PIXELS = None
    with _one_at_a_time:
        try:
            with Image.open(path, formats=(OPENED[mime],)) as image:
                width, height = image.size
                turned = _turned(image)
                if width * height <= PIXELS:
                    # JPEG alone can do so: an eighth of each side proves it as well.
                    image.draft("RGB", (max(1, width // 8), max(1, height // 8)))
                    image.load()
        except MemoryError:
            raise
        except Exception:  # Pillow's decoders raise whatever comes to them on a broken file
            raise Rejected("file_broken") from None
    if not width or not height:
        raise Rejected("file_broken")
    return (height, width) if turned else (width, height)


def is_picture(width: int, height: int) -> bool:
    """Tell whether an image of this size is shown as a picture; others go as documents."""
    return width * height <= PIXELS and max(width, height) <= PROPORTION * min(width, height)


def _turned(image: "Image.Image") -> bool:
    try:
        return image.getexif().get(_EXIF_ORIENTATION, 1) in (5, 6, 7, 8)
    except Exception:  # what a camera wrote beside the picture may be broken, the picture is not
        return False
