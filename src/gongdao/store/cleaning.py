"""Cleaning (去除隐藏信息): copies of files without what devices and programs wrote into them.

Recordings are copied packet by packet into a new container, PDF files are written anew without
their metadata; nothing is decoded or compressed again, so what is seen and heard stays as it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import IO, BinaryIO, cast

import av
import pikepdf
from av.container import InputContainer

#: Media type -> container to read, container to write.
_CONTAINERS = {
    "video/mp4": ("mov", "mp4"),
    "video/quicktime": ("mov", "mov"),
    "video/webm": ("matroska", "webm"),
    "audio/mpeg": ("mp3", "mp3"),
    "audio/mp4": ("mov", "ipod"),
    "audio/x-wav": ("wav", "wav"),
}
_PDF = "application/pdf"
#: What a container says of its own format, and words that stand for none.
_ABOUT_THE_FORMAT = frozenset({"major_brand", "minor_version", "compatible_brands"})
_WORDLESS = frozenset({"", "VideoHandler", "SoundHandler", "[0][0][0][0]", "FFMP"})
#: Programs that name themselves in what they write; a device's own name begins otherwise.
_WRITERS = ("Lavf", "Lavc", "LAME")
#: JPEG segments in which programs keep words: application data but for colours, and comments.
_WORDY_SEGMENTS = frozenset({*range(0xE1, 0xEE), 0xEF, 0xFE})
_SCAN_BEGINS = 0xDA
_FAULTS = (
    av.FFmpegError,
    pikepdf.PdfError,
    pikepdf.PasswordError,
    pikepdf.DataDecodingError,
    ValueError,
    OSError,
    NotImplementedError,
)


class CannotClean(Exception):
    """The file cannot be copied without its metadata: it is locked, damaged, or of a rare make."""


def needs_cleaning(media_type: str) -> bool:
    """Tell whether files of this type may hold metadata that is not shown; pictures apart."""
    return media_type in _CONTAINERS or media_type == _PDF


def cleaned(content: IO[bytes], media_type: str) -> bytes:
    """Return the content without metadata. Raises CannotClean."""
    try:
        if media_type == _PDF:
            return _clean_pdf(content)
        read, write = _CONTAINERS[media_type]
        return _clean_recording(content, read, write)
    except _FAULTS as fault:
        raise CannotClean(type(fault).__name__) from fault


def _clean_recording(content: IO[bytes], read: str, write: str) -> bytes:
    """Copy pictures and sound into a new container; words and further tracks stay behind."""
    written = BytesIO()
    with (
        av.open(content, "r", format=read) as source,
        av.open(written, "w", format=write, options=_options(write)) as target,
    ):
        kept = [s for s in source.streams if s.type in {"video", "audio"} and not _is_cover(s)]
        if not kept:
            raise CannotClean("no stream")
        copies = {s.index: target.add_stream_from_template(s) for s in kept}
        for copy in copies.values():
            copy.metadata.clear()
        for packet in source.demux(kept):
            if packet.dts is not None:
                packet.stream = copies[packet.stream_index]
                target.mux(packet)
    with av.open(BytesIO(written.getvalue()), "r", format=read) as made:
        if left := list(_words_in(made)):
            raise CannotClean(", ".join(sorted(left)))
    return written.getvalue()


def _options(write: str) -> dict[str, str]:
    options = {"fflags": "+bitexact"}
    if write == "mp3":
        options |= {"id3v2_version": "0", "write_id3v1": "0"}
    return options


def _is_cover(stream: av.stream.Stream) -> bool:
    return bool(stream.disposition & av.stream.Disposition.attached_pic)


def _words_in(copy: InputContainer) -> Iterator[str]:
    """Yield the names of what the copy still says beyond its format."""
    for name in copy.metadata:
        if name not in _ABOUT_THE_FORMAT and not _names_its_writer(name, copy.metadata[name]):
            yield name
    for stream in copy.streams:
        for name, value in stream.metadata.items():
            harmless = name.lower() in {"duration", "language"} or value.strip() in _WORDLESS
            if not harmless and not _names_its_writer(name, value):
                yield name


def _names_its_writer(name: str, value: str) -> bool:
    return name.lower() == "encoder" and value.startswith(_WRITERS)


def _clean_pdf(content: IO[bytes]) -> bytes:
    written = BytesIO()
    with pikepdf.open(cast("BinaryIO", content)) as pdf:
        if "/Info" in pdf.trailer:
            del pdf.trailer["/Info"]
        for found in pdf.objects:
            if isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
                for name in ("/Metadata", "/PieceInfo", "/LastModified"):
                    if name in found:
                        del found[name]
            if isinstance(found, pikepdf.Stream) and found.get("/Filter") == "/DCTDecode":
                found.write(_plain_jpeg(found.read_raw_bytes()), filter=pikepdf.Name.DCTDecode)
        pdf.save(written, deterministic_id=True, encryption=False)
    return written.getvalue()


def _plain_jpeg(content: bytes) -> bytes:
    """Return a JPEG without the segments in which cameras and programs keep words."""
    if content[:2] != b"\xff\xd8":
        raise CannotClean("JPEG")
    kept, at = [content[:2]], 2
    while at + 4 <= len(content) and content[at] == 0xFF:  # noqa: PLR2004  a marker begins
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4])
        if marker == _SCAN_BEGINS:
            break
        if marker not in _WORDY_SEGMENTS:
            kept.append(content[at : at + 2 + length])
        at += 2 + length
    return b"".join([*kept, content[at:]])
