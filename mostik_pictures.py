"""What customers of the seeded demo send: photos drawn when they are needed, by shapes, and papers."""

import struct
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from math import cos, pi, sin

from bots.emulators.samples import ogg_silence, pdf

#: Length of a voice, seconds.
VOICE = 5
#: Pixels of a picture; shapes are given on a sheet of 720 by 480.
WIDTH, HEIGHT = 540, 360
#: Fine pixels on a unit of the sheet: twice those of the picture, which averages them, so that edges are smooth.
FINE = 1.5

Point = tuple[float, float]
Colour = tuple[int, int, int]

WALL, WALL_LOW = (226, 221, 212), (206, 199, 188)
TABLE = (158, 142, 124)
CARDBOARD, CARDBOARD_DARK, CARDBOARD_TOP = (196, 146, 88), (146, 100, 52), (220, 178, 126)
TAPE, CRACK, LABEL = (236, 208, 166), (66, 48, 30), (248, 246, 242)
CHINA, CHINA_DARK, CHINA_CRACK, TEA = (244, 246, 245), (212, 218, 217), (58, 66, 66), (92, 62, 44)


@dataclass
class Canvas:
    """Rows of RGB bytes; coordinates are those of the finished picture."""

    rows: list[bytearray] = field(default_factory=list)

    @classmethod
    def room(cls) -> "Canvas":
        """A wall that darkens downwards, and a table before it."""
        height = HEIGHT * 2
        rows = []
        for y in range(height):
            share = y / height
            wall = (round(a + (b - a) * share) for a, b in zip(WALL, WALL_LOW, strict=True))
            rows.append(bytearray(bytes(TABLE if share > 0.72 else tuple(wall)) * (WIDTH * 2)))
        return cls(rows)

    def polygon(self, points: Sequence[Point], colour: Colour) -> None:
        """Fill a polygon, row by row between its edges."""
        corners = [(x * FINE, y * FINE) for x, y in points]
        edges = list(zip(corners, [*corners[1:], corners[0]], strict=True))
        low, high = min(y for _, y in corners), max(y for _, y in corners)
        for y in range(max(0, int(low)), min(len(self.rows), int(high) + 1)):
            at = y + 0.5
            crossed = [(a, b) for a, b in edges if (a[1] <= at) != (b[1] <= at)]
            cuts = sorted(x0 + (at - y0) * (x1 - x0) / (y1 - y0) for (x0, y0), (x1, y1) in crossed)
            for start, stop in zip(cuts[::2], cuts[1::2], strict=False):
                first, last = max(0, round(start)), min(WIDTH * 2, round(stop))
                if first < last:
                    self.rows[y][first * 3 : last * 3] = bytes(colour) * (last - first)

    def line(self, points: Sequence[Point], width: float, colour: Colour) -> None:
        """Draw a broken line of a width in pixels."""
        for (x0, y0), (x1, y1) in pairwise(points):
            long = max(1e-6, ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5)
            dx, dy = (y1 - y0) / long * width / 2, (x0 - x1) / long * width / 2
            self.polygon([(x0 + dx, y0 + dy), (x1 + dx, y1 + dy), (x1 - dx, y1 - dy), (x0 - dx, y0 - dy)], colour)

    def png(self) -> bytes:
        """Return the picture, every pixel the mean of its fine ones."""
        rows = []
        for upper, lower in zip(self.rows[::2], self.rows[1::2], strict=True):
            row = bytearray(WIDTH * 3)
            for part in range(3):
                a, b, c, d = upper[part::6], upper[part + 3 :: 6], lower[part::6], lower[part + 3 :: 6]
                row[part::3] = bytes(sum(four) >> 2 for four in zip(a, b, c, d, strict=True))
            rows.append(b"\0" + bytes(row))
        header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
        chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"".join(rows), 9)), (b"IEND", b""))
        return b"\x89PNG\r\n\x1a\n" + b"".join(
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
            for kind, data in chunks
        )


def ellipse(x: float, y: float, across: float, down: float) -> list[Point]:
    """Return an ellipse as a polygon of 48 corners."""
    turns = [2 * pi * step / 48 for step in range(48)]
    return [(x + across * cos(turn), y + down * sin(turn)) for turn in turns]


@cache
def parcel() -> bytes:
    """Return a photo of a parcel that was dropped, PNG."""
    canvas = Canvas.room()
    canvas.polygon(ellipse(360, 398, 230, 26), (132, 117, 100))
    canvas.polygon([(190, 150), (372, 214), (372, 404), (206, 330)], CARDBOARD)
    canvas.polygon([(372, 214), (548, 148), (532, 326), (372, 404)], CARDBOARD_DARK)
    canvas.polygon([(190, 150), (366, 92), (548, 148), (372, 214)], CARDBOARD_TOP)
    canvas.polygon([(266, 124), (298, 114), (478, 174), (448, 186)], TAPE)
    canvas.polygon([(430, 300), (510, 266), (508, 316), (430, 352)], LABEL)
    canvas.line([(222, 212), (258, 246), (236, 270), (282, 300), (264, 330)], 9, CRACK)
    canvas.line([(500, 178), (478, 206), (504, 226), (486, 246)], 8, CRACK)
    return canvas.png()


@cache
def mug() -> bytes:
    """Return a photo of a broken mug, PNG."""
    canvas = Canvas.room()
    canvas.polygon(ellipse(350, 404, 170, 20), (132, 117, 100))
    canvas.polygon(ellipse(478, 250, 68, 76), CHINA_DARK)
    canvas.polygon(ellipse(474, 250, 42, 50), (214, 208, 198))
    canvas.polygon([(240, 130), (462, 130), (448, 396), (254, 396)], CHINA)
    canvas.polygon([(404, 130), (462, 130), (448, 396), (400, 396)], CHINA_DARK)
    canvas.polygon(ellipse(351, 396, 97, 14), CHINA)
    canvas.polygon(ellipse(351, 130, 111, 26), CHINA_DARK)
    canvas.polygon(ellipse(351, 132, 98, 19), TEA)
    canvas.line([(330, 152), (352, 204), (322, 238), (360, 284), (338, 340)], 7, CHINA_CRACK)
    canvas.line([(352, 204), (396, 226), (414, 268)], 5, CHINA_CRACK)
    canvas.line([(360, 284), (300, 306)], 5, CHINA_CRACK)
    canvas.polygon([(180, 408), (214, 388), (232, 414), (204, 424)], CHINA)
    canvas.polygon([(500, 410), (528, 398), (546, 420), (516, 428)], CHINA)
    return canvas.png()


@cache
def plate() -> bytes:
    """Return a photo of a plate with bubbles in its glaze, PNG."""
    canvas = Canvas.room()
    canvas.polygon(ellipse(360, 300, 268, 122), (132, 117, 100))
    canvas.polygon(ellipse(360, 280, 268, 122), CHINA_DARK)
    canvas.polygon(ellipse(360, 272, 262, 116), CHINA)
    canvas.polygon(ellipse(360, 276, 178, 76), CHINA_DARK)
    canvas.polygon(ellipse(360, 280, 170, 70), CHINA)
    for x, y, size in ((300, 268, 11), (330, 296, 8), (372, 262, 9), (410, 290, 12), (442, 272, 7), (268, 284, 6)):
        canvas.polygon(ellipse(x, y, size, size * 0.6), CHINA_DARK)
        canvas.polygon(ellipse(x - 1, y - 1, size * 0.6, size * 0.35), (255, 255, 255))
    return canvas.png()


PHOTOS: dict[str, Callable[[], bytes]] = {"parcel": parcel, "mug": mug, "plate": plate}


def file_of(kind: str, what: str) -> tuple[str, str, bytes]:
    """Return name, type and bytes of a photo of something, a voice, or a paper of that name.

    Raises KeyError for something nobody has drawn.
    """
    if kind == "photo":
        return f"{what}.png", "image/png", PHOTOS[what]()
    if kind == "voice":
        return "voice.ogg", "audio/ogg", ogg_silence(VOICE)
    return what, "application/pdf", pdf("Kedr")
