"""Pictures (图片): small PNG files drawn in code, for evidence in the demo; same seed, same bytes."""

from __future__ import annotations

import struct
import zlib

WIDTH_PIXELS = 240
HEIGHT_PIXELS = 160
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_TRUE_COLOUR = 2
_BITS = 8


def draw_parcel(seed: int, *, damaged: bool) -> bytes:
    """Return a PNG of a parcel on a table; a damaged one has a dark crack across it."""
    table = (214 - seed % 40, 205 - seed % 30, 190)
    box = (150 + seed * 7 % 70, 110 + seed * 5 % 50, 60 + seed * 3 % 40)
    tape = (232, 214, 160)
    rows = bytearray()
    for y in range(HEIGHT_PIXELS):
        rows.append(0)  # each row of a PNG names its filter; 0 is none
        for x in range(WIDTH_PIXELS):
            rows.extend(_colour(x, y, seed, (table, box, tape), damaged=damaged))
    head = struct.pack(">IIBBBBB", WIDTH_PIXELS, HEIGHT_PIXELS, _BITS, _TRUE_COLOUR, 0, 0, 0)
    return (
        _SIGNATURE
        + _chunk(b"IHDR", head)
        + _chunk(b"IDAT", zlib.compress(bytes(rows), 9))
        + _chunk(b"IEND", b"")
    )


def _colour(
    x: int,
    y: int,
    seed: int,
    colours: tuple[tuple[int, int, int], ...],
    *,
    damaged: bool,
) -> tuple[int, int, int]:
    table, box, tape = colours
    left, top = 40 + seed % 25, 30 + seed % 15
    if not (left <= x < left + 140 and top <= y < top + 100):
        return table
    if damaged and abs((x - left) - (y - top) - 20 - (x * 7 + seed) % 5) <= 2:
        return (40, 24, 18)
    if abs(x - left - 70) <= 8:
        return tape
    shade = (x - left) // 10
    return (max(0, box[0] - shade), max(0, box[1] - shade), max(0, box[2] - shade))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
