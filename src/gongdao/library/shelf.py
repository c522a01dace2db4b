"""The shelf (书架): every rulebook and platform profile of an installation, by name and date.

Books are found in the folder named by GONGDAO_RULEBOOKS, else in the copy that the installed
package carries, else in the repository's `rulebooks/`. A book is parsed once for each content.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from gongdao.core.kernel.findings import BadInput, Finding, NotVisible
from gongdao.core.kernel.text import Text
from gongdao.core.rulebook.model import Rulebook
from gongdao.core.rulebook.parse import SUBJECT, VERSION, Parsed, parse_rulebook
from gongdao.core.rulebook.platform import ParsedPlatform, Platform, parse_platform
from gongdao.library.strict_yaml import read_yaml
from gongdao.library.working_days import chinese_working_days

_PROFILE = "platform.yaml"


def rulebooks_folder() -> Path:
    """Return the folder that holds the rulebooks of this installation."""
    named = os.environ.get("GONGDAO_RULEBOOKS")
    if named:
        return Path(named)
    package = Path(__file__).resolve().parent.parent
    carried = package / "rulebooks"
    return carried if carried.is_dir() else package.parent.parent / "rulebooks"


@dataclass(frozen=True, slots=True)
class BookFile:
    """One version of a rulebook on disk."""

    id: str
    version: str
    path: Path

    @property
    def ref(self) -> str:
        """`kuaishou/after-sale@2024-01-03`."""
        return f"{self.id}@{self.version}"

    @property
    def cases(self) -> Path:
        """Return the path of the golden cases beside the book (they may be absent)."""
        return self.path.with_suffix(".cases.yaml")


class Shelf:
    """Rulebooks by id and date. Cheap to make; files are read when they are asked for."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = rulebooks_folder() if folder is None else folder

    def files(self, book_id: str | None = None) -> list[BookFile]:
        """Return every version on disk, by id and date; of one id when given."""
        pattern = "*/*/*.yaml" if book_id is None else f"{book_id}/*.yaml"
        found = [
            BookFile(f"{p.parent.parent.name}/{p.parent.name}", p.stem, p)
            for p in self.folder.glob(pattern)
            if not p.name.endswith(".cases.yaml") and p.parent.parent.name[0] not in "_."
        ]
        return sorted(found, key=lambda f: (f.id, f.version))

    def parsed(self, file: BookFile) -> Parsed:
        """Read one version, with everything that is wrong in it."""
        return _parsed(_content(file.path), self.shown(file.path), file.ref)

    def read(self, file: BookFile) -> Rulebook:
        """Return one version. Raises BadInput with its findings when it has errors."""
        parsed = self.parsed(file)
        if parsed.book is None:
            raise BadInput(*[f for f in parsed.findings if f.severity == "error"])
        return parsed.book

    def all(self) -> tuple[Rulebook, ...]:
        """Return every version of every rulebook. Raises BadInput when one has errors."""
        return tuple(self.read(f) for f in self.files())

    def versions(self, book_id: str) -> tuple[Rulebook, ...]:
        """Return the versions of a rulebook, oldest first. Raises NotVisible when there is none."""
        files = self.files(book_id) if SUBJECT.fullmatch(book_id) else []
        if not files:
            raise _no_book(book_id, self.ids())
        return tuple(self.read(f) for f in files)

    def ids(self) -> tuple[str, ...]:
        """Return the ids of all rulebooks."""
        return tuple(dict.fromkeys(f.id for f in self.files()))

    def exact(self, ref: str) -> Rulebook:
        """Return the version named `id@version`. Raises NotVisible when there is none."""
        book_id, _, version = ref.partition("@")
        if SUBJECT.fullmatch(book_id) and VERSION.fullmatch(version):
            file = BookFile(book_id, version, self.folder / book_id / f"{version}.yaml")
            if file.path.is_file():
                return self.read(file)
        raise _no_book(ref, [f.ref for f in self.files()])

    def in_force(self, book_id: str, instant: datetime) -> Rulebook:
        """Return the version that governs at `instant`: the latest begun and not ended.

        Raises NotVisible when the rulebook is unknown or has no version in force then.
        """
        versions = self.versions(book_id)
        found = [
            b
            for b in versions
            if b.in_force_from <= instant
            and (b.in_force_until is None or instant < b.in_force_until)
        ]
        if found:
            return max(found, key=lambda b: (b.in_force_from, b.version))
        first = min(b.in_force_from for b in versions).isoformat()
        raise NotVisible(
            Finding(
                code="rules.none_in_force",
                field="at",
                message=Text(
                    f"{book_id} 在 {instant.isoformat()} 没有生效的版本",
                    f"no version of {book_id} is in force at {instant.isoformat()}",
                ),
                cure=Text(f"最早的版本自 {first} 生效", f"the earliest begins at {first}"),
            )
        )

    def platform(self, name: str) -> Platform:
        """Return a platform's profile. Raises NotVisible when unknown, BadInput when faulty."""
        if name not in self.platform_names():
            raise _no_book(name, self.platform_names(), "rules.no_such_platform")
        parsed = self.parsed_platform(name)
        if parsed.platform is None:
            raise BadInput(*parsed.findings)
        return parsed.platform

    def parsed_platform(self, name: str) -> ParsedPlatform:
        """Read a platform's profile, with everything that is wrong in it."""
        path = self.folder / name / _PROFILE
        return _parsed_platform(_content(path), self.shown(path), name)

    def platforms(self) -> tuple[Platform, ...]:
        """Return every platform's profile, by name."""
        return tuple(self.platform(n) for n in self.platform_names())

    def platform_names(self) -> tuple[str, ...]:
        """Return the names of the platforms that have a profile."""
        found = [p.parent.name for p in self.folder.glob(f"*/{_PROFILE}")]
        return tuple(sorted(n for n in found if n[0] not in "_."))

    def shown(self, path: Path) -> str:
        """Name a file from the shelf's folder, as people see it."""
        return f"{self.folder.name}/{path.relative_to(self.folder).as_posix()}"

    def __iter__(self) -> Iterator[Rulebook]:
        return iter(self.all())


def _content(path: Path) -> bytes:
    """Return a file's bytes, read again only when its time or size changed."""
    stat = path.stat()
    return _read(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=512)
def _read(path: Path, changed_ns: int, size: int) -> bytes:
    del changed_ns, size
    return path.read_bytes()


@lru_cache(maxsize=512)
def _parsed(content: bytes, shown: str, ref: str) -> Parsed:
    """Parse a book once for each content and place."""
    try:
        document = read_yaml(content, shown)
    except BadInput as fault:
        return Parsed(None, fault.findings)
    parsed = parse_rulebook(
        document.data,
        document.where,
        digest=sha256(content).hexdigest(),
        calendar=chinese_working_days(),
    )
    if parsed.book is not None and parsed.book.ref != ref:
        return Parsed(None, (*parsed.findings, _misplaced(parsed.book.ref, shown)))
    return parsed


@lru_cache(maxsize=128)
def _parsed_platform(content: bytes, shown: str, name: str) -> ParsedPlatform:
    try:
        document = read_yaml(content, shown)
    except BadInput as fault:
        return ParsedPlatform(None, fault.findings)
    parsed = parse_platform(document.data, document.where)
    if parsed.platform is not None and parsed.platform.name != name:
        return ParsedPlatform(None, (_misplaced(parsed.platform.name, shown),))
    return parsed


def _misplaced(name: str, shown: str) -> Finding:
    return Finding(
        code="rules.misplaced",
        message=Text(
            f"文件位置与内容“{name}”不符", f"the file says it is `{name}`, its place differs"
        ),
        cure=Text(
            "文件应在 rulebooks/<平台>/<主题>/<版本>.yaml",
            "files lie at rulebooks/<platform>/<subject>/<version>.yaml",
        ),
        where=f"{shown}:1",
    )


def _no_book(
    name: str, known: tuple[str, ...] | list[str], code: str = "rules.no_such_rulebook"
) -> NotVisible:
    return NotVisible(
        Finding(
            code=code,
            field="subject",
            message=Text(f"书架上没有“{name}”", f"there is no `{name}` on the shelf"),
            cure=Text(f"可用：{'、'.join(known)}", f"choose one of: {', '.join(known)}"),
        )
    )
