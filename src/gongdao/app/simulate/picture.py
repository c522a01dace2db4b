"""Pictures (图片): small PNG files drawn in code, as the demo's evidence; same seed, same bytes."""

from __future__ import annotations

import struct
import zlib

WIDTH_PIXELS = 240
HEIGHT_PIXELS = 160
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_BITS = 8
_PALETTE = 3
_TABLE, _BOX, _TAPE, _CRACK = range(4)
_BOX_WIDTH, _BOX_HEIGHT, _TAPE_WIDTH = 140, 100, 16


def draw_parcel(seed: int, *, damaged: bool) -> bytes:
    """Return a PNG of a parcel on a table; a damaged one has a dark crack across it."""
    colours = (
        (214 - seed % 40, 205 - seed % 30, 190),
        (150 + seed * 7 % 70, 110 + seed * 5 % 50, 60 + seed * 3 % 40),
        (232, 214, 160),
        (40, 24, 18),
    )
    left, top = 40 + seed % 25, 30 + seed % 15
    table = bytes([_TABLE]) * WIDTH_PIXELS
    side = bytes([_BOX]) * ((_BOX_WIDTH - _TAPE_WIDTH) // 2)
    box = side + bytes([_TAPE]) * _TAPE_WIDTH + side
    rows = bytearray()
    for y in range(HEIGHT_PIXELS):
        row = bytearray(table)
        if top <= y < top + _BOX_HEIGHT:
            row[left : left + _BOX_WIDTH] = box
            if damaged:
                crack = left + 20 + (y - top) + (y * 7 + seed) % 5
                row[crack : crack + 4] = bytes([_CRACK]) * 4
        rows.append(0)  # each row of a PNG names its filter; 0 is none
        rows += row
    head = struct.pack(">IIBBBBB", WIDTH_PIXELS, HEIGHT_PIXELS, _BITS, _PALETTE, 0, 0, 0)
    return (
        _SIGNATURE
        + _chunk(b"IHDR", head)
        + _chunk(b"PLTE", b"".join(bytes(colour) for colour in colours))
        + _chunk(b"IDAT", zlib.compress(bytes(rows), 9))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
