"""Blobs (凭证内容): stored once under the digest of what they hold, on disk or S3 by setting."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from tempfile import TemporaryFile
from typing import IO, Protocol

import filetype
from django.core.files import File
from django.core.files.storage import storages

from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text
from gongdao.store.cleaning import CannotClean, cleaned, needs_cleaning
from gongdao.store.connection import Connection, execute, fetch_one
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
        "video/webm",
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
    """Content that was examined, and is stored or about to be."""

    digest: str
    """sha256, hex: the name it is stored under."""
    media_type: str
    size_bytes: int
    content: IO[bytes]
    clean: bytes | None
    """The copy for the other party; None where the content itself has nothing to hide, and where
    what it hides could not be removed."""
    clean_media_type: str
    picture: Picture | None = None
    """For pictures: the likeness."""

    @property
    def clean_digest(self) -> str | None:
        """The name that the copy is stored under."""
        return sha256(self.clean).hexdigest() if self.clean is not None else None


@contextmanager
def examine(stream: Readable) -> Iterator[Blob]:
    """Read `stream` to its end, recognise it, and make the copy for the other party.

    Raises BadInput: `evidence.empty`, `evidence.too_large`, `evidence.type_not_accepted`, and what
    `look_at` refuses.
    """
    digest = sha256()
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
        yield Blob(
            digest=digest.hexdigest(),
            media_type=media_type,
            size_bytes=size,
            content=kept,
            clean=picture.clean if picture is not None else _clean(kept, media_type),
            clean_media_type=picture.clean_media_type if picture is not None else media_type,
            picture=picture,
        )


def _clean(content: IO[bytes], media_type: str) -> bytes | None:
    if not needs_cleaning(media_type):
        return None
    content.seek(0)
    try:
        return cleaned(content, media_type)
    except CannotClean:
        return None


def keep_blob(on: Connection, marketplace_id: str, shop_id: str, blob: Blob) -> None:
    """Store the content and its copy, and note that a shop's case refers to them.

    What is stored already is not stored again. Whoever removes content takes the same lock.
    """
    lock_content(on, blob.digest, blob.clean_digest)
    _note(on, marketplace_id, shop_id, blob)
    blob.content.seek(0)
    _keep(blob.digest, blob.content)
    if blob.clean is not None and blob.clean_digest is not None:
        _keep(blob.clean_digest, BytesIO(blob.clean))


def blob_stays(on: Connection, shop_id: str, digest: str) -> bool:
    """Tell whether content is noted for the shop, and hold it so until the transaction ends."""
    return fetch_one(on, "blob_stays", shop_id=shop_id, digest=digest) is not None


def lock_content(on: Connection, *digests: str | None) -> None:
    """Let nobody else store or remove this content until the transaction ends."""
    for digest in sorted({d for d in digests if d is not None}):
        execute(on, "lock_content", key=int(digest[:15], 16))


def _keep(digest: str, content: IO[bytes]) -> None:
    storage = storages["evidence"]
    if not storage.exists(_name(digest)):
        storage.save(_name(digest), File(content))


def stored_digests(before: datetime) -> Iterator[str]:
    """Yield the digests of all content that was stored before an instant."""
    storage = storages["evidence"]
    for first in _folders(""):
        for second in _folders(first):
            for name in storage.listdir(f"{first}/{second}")[1]:
                if storage.get_modified_time(f"{first}/{second}/{name}") < before:
                    yield name


def _folders(place: str) -> list[str]:
    try:
        return sorted(storages["evidence"].listdir(place)[0])
    except FileNotFoundError:
        return []


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


def _note(on: Connection, marketplace_id: str, shop_id: str, blob: Blob) -> None:
    execute(
        on,
        "note_blob",
        shop_id=shop_id,
        digest=blob.digest,
        media_type=blob.media_type,
        size_bytes=blob.size_bytes,
        clean_digest=blob.clean_digest,
        clean_media_type=blob.clean_media_type,
    )
    if blob.picture is not None:
        execute(
            on,
            "note_picture",
            shop_id=shop_id,
            digest=blob.digest,
            marketplace_id=marketplace_id,
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
