"""Pictures (图片凭证): a copy without what the camera wrote into it, and a hash by likeness.

The copy is what the other party sees: no place, no device, no owner. The hash (of
its 16 × 16 lowest frequencies, 256 bits) stays nearly the same when a picture is scaled or
compressed anew, so the same photo turns up again in other cases.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import IO

import imagehash
from PIL import Image, ImageOps, ImageStat, UnidentifiedImageError
from pillow_heif import register_heif_opener

from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text

register_heif_opener()

MOST_PIXELS = 60_000_000
#: Below this quality (0 to 100, the spread of its greys) a picture is too plain for its hash to
#: mean anything.
LEAST_QUALITY = 5
_HASH_SIDE = 16
_BAND_BITS = 16
_JPEG_QUALITY = 92
#: What a clean copy of each type is written as.
_WRITTEN_AS = {
    "image/jpeg": ("JPEG", "image/jpeg"),
    "image/heic": ("JPEG", "image/jpeg"),
    "image/png": ("PNG", "image/png"),
    "image/webp": ("WEBP", "image/webp"),
    "image/gif": ("PNG", "image/png"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What is known of a picture by looking at it."""

    clean: bytes
    """The picture without metadata, upright; of a moving one, its first frame."""
    clean_media_type: str
    hash_bits: str
    """256 times `0` or `1`."""
    quality: int

    @property
    def bands(self) -> list[int]:
        """The hash in 16 pieces, each with its place: likely matches share one of them.

        Two hashes that differ in fewer than 16 bits always do. Empty for a picture too plain.
        """
        if self.quality < LEAST_QUALITY:
            return []
        pieces = range(0, len(self.hash_bits), _BAND_BITS)
        return [
            (n << _BAND_BITS) | int(self.hash_bits[at : at + _BAND_BITS], 2)
            for n, at in enumerate(pieces)
        ]


def is_picture(media_type: str) -> bool:
    """Tell whether a file of this type is looked at."""
    return media_type in _WRITTEN_AS


def look_at(content: IO[bytes], media_type: str) -> Picture:
    """Return the clean copy and the hash of a picture.

    Raises BadInput `evidence.picture_unreadable` for one that does not open, and
    `evidence.picture_too_large` for one of more than 60 million pixels, before unpacking it.
    """
    try:
        with Image.open(content) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise _too_large()
            upright = ImageOps.exif_transpose(opened)
            has_alpha = "A" in upright.getbands() or "transparency" in upright.info
            pixels = upright.convert("RGBA" if has_alpha else "RGB")
    except Image.DecompressionBombError:
        raise _too_large() from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError):
        raise _unreadable() from None
    pixels.info.clear()
    flat = _on_white(pixels)
    spread = ImageStat.Stat(flat.convert("L")).stddev[0]
    likeness = imagehash.phash(flat, hash_size=_HASH_SIDE)
    written, clean_media_type = _WRITTEN_AS[media_type]
    clean = BytesIO()
    if written == "JPEG":
        flat.save(clean, written, quality=_JPEG_QUALITY)
    else:
        pixels.save(clean, written)
    return Picture(
        clean=clean.getvalue(),
        clean_media_type=clean_media_type,
        hash_bits="".join("1" if bit else "0" for bit in likeness.hash.flatten()),
        quality=min(100, int(spread)),
    )


def _on_white(pixels: Image.Image) -> Image.Image:
    if pixels.mode == "RGB":
        return pixels
    white = Image.new("RGB", pixels.size, (255, 255, 255))
    white.paste(pixels, mask=pixels.getchannel("A"))
    return white


def _unreadable() -> BadInput:
    return BadInput(
        Finding(
            code="evidence.picture_unreadable",
            field="file",
            message=Text("图片已损坏，无法打开", "the picture is damaged and cannot be opened"),
            cure=Text("请重新保存或拍摄后提交", "save or take it again"),
        )
    )


def _too_large() -> BadInput:
    return BadInput(
        Finding(
            code="evidence.picture_too_large",
            field="file",
            message=Text("图片超过 6000 万像素", "the picture has more than 60 million pixels"),
            cure=Text("请缩小后提交", "make it smaller"),
        )
    )
