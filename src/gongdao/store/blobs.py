"""Blobs (凭证内容): stored once under the digest of what they hold, on disk or S3 by setting."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from tempfile import TemporaryFile
from typing import IO, Protocol

import filetype
from django.core.files import File
from django.core.files.storage import storages

from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text
from gongdao.store.connection import Connection, execute
from gongdao.store.pictures import Picture, is_picture, look_at

LARGEST_BYTES = 20 * 1024 * 1024
_CHUNK_BYTES = 64 * 1024
#: What people show as evidence, recognised by content; the name's ending is never believed.
MEDIA_TYPES = frozenset(
    {
        "image/jpeg",
        "image/png",
        "image/webp",
        "image/gif",
        "image/heic",
        "video/mp4",
        "video/quicktime",
        "audio/mpeg",
        "audio/mp4",
        "audio/x-wav",
        "application/pdf",
        "text/plain",
    }
)


class Readable(Protocol):
    """A stream of bytes: an upload, an open file."""

    def read(self, size: int = -1, /) -> bytes:
        """Return up to `size` bytes; none at the end."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Blob:
    """Content that is stored."""

    digest: str
    """sha256, hex: the name it is stored under."""
    media_type: str
    size_bytes: int
    picture: Picture | None = None
    """For pictures: the copy for the other party, and the likeness."""


def store_blob(stream: Readable) -> Blob:
    """Read `stream` to its end, recognise it, and store it under its digest.

    Raises BadInput: `evidence.empty`, `evidence.too_large`, `evidence.type_not_accepted`, and what
    `look_at` refuses. Storing the same content again stores nothing.
    """
    digest = hashlib.sha256()
    size = 0
    with TemporaryFile() as kept:
        while chunk := stream.read(_CHUNK_BYTES):
            size += len(chunk)
            if size > LARGEST_BYTES:
                raise _bad("too_large", Text("文件超过 20 MB", "the file is larger than 20 MB"))
            digest.update(chunk)
            kept.write(chunk)
        if size == 0:
            raise _bad("empty", Text("文件是空的", "the file is empty"))
        kept.seek(0)
        media_type = recognise(kept.read(_CHUNK_BYTES), whole=size <= _CHUNK_BYTES)
        kept.seek(0)
        picture = look_at(kept, media_type) if is_picture(media_type) else None
        kept.seek(0)
        _keep(digest.hexdigest(), kept)
    if picture is not None:
        _keep(picture.clean_digest, BytesIO(picture.clean))
    return Blob(digest=digest.hexdigest(), media_type=media_type, size_bytes=size, picture=picture)


def _keep(digest: str, content: IO[bytes]) -> None:
    storage = storages["evidence"]
    if not storage.exists(_name(digest)):
        storage.save(_name(digest), File(content))


def recognise(head: bytes, *, whole: bool) -> str:
    """Return the media type of content that begins with `head`. Raises BadInput for any other."""
    found: str | None = filetype.guess_mime(head)
    if found is None and _is_text(head, whole=whole):
        found = "text/plain"
    if found not in MEDIA_TYPES:
        raise _bad(
            "type_not_accepted",
            Text("不接受此类文件", "files of this kind are not accepted"),
            Text(
                "可提交：图片、视频、音频、PDF、纯文本",
                "give a picture, a video, a recording, a PDF or plain text",
            ),
        )
    return found


@contextmanager
def open_blob(digest: str) -> Iterator[IO[bytes]]:
    """Open stored content for reading. Raises FileNotFoundError when there is none."""
    with storages["evidence"].open(_name(digest)) as file:
        yield file


def remove_blob(digest: str) -> None:
    """Remove stored content; what is not there is none the less removed."""
    storages["evidence"].delete(_name(digest))


def note_blob(on: Connection, marketplace_id: str, shop_id: str, blob: Blob) -> None:
    """Note that a shop's case refers to this content, and what it looks like."""
    execute(
        on,
        "note_blob",
        shop_id=shop_id,
        digest=blob.digest,
        media_type=blob.media_type,
        size_bytes=blob.size_bytes,
    )
    if blob.picture is not None:
        execute(
            on,
            "note_picture",
            shop_id=shop_id,
            digest=blob.digest,
            marketplace_id=marketplace_id,
            clean_digest=blob.picture.clean_digest,
            clean_media_type=blob.picture.clean_media_type,
            hash=blob.picture.hash_bits,
            quality=blob.picture.quality,
            bands=blob.picture.bands,
        )


def _is_text(head: bytes, *, whole: bool) -> bool:
    try:
        text = head.decode()
    except UnicodeDecodeError as fault:
        cut_short = not whole and fault.start >= len(head) - 3
        if not cut_short:
            return False
        text = head[: fault.start].decode()
    return all(c.isprintable() or c in "\n\r\t\ufeff" for c in text)


def _name(digest: str) -> str:
    return f"{digest[:2]}/{digest[2:4]}/{digest}"


def _bad(code: str, message: Text, cure: Text | None = None) -> BadInput:
    finding = Finding(code=f"evidence.{code}", field="file", message=message, cure=cure)
    return BadInput(finding)
