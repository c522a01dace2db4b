"""Naming rules (指名): `SUBJECT[@VERSION][/TABLE]` on the command line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text
from gongdao.core.rulebook.model import Rulebook
from gongdao.library.shelf import Shelf

_FEWEST, _MOST = 2, 3


@dataclass(frozen=True, slots=True)
class Subject:
    """A rulebook, perhaps in one version, perhaps one table or process of it."""

    book: str
    version: str | None
    part: str | None

    def find(self, shelf: Shelf, at: datetime) -> Rulebook:
        """Return the version named, or the one in force at `at`. Raises NotVisible."""
        if self.version is not None:
            return shelf.exact(f"{self.book}@{self.version}")
        return shelf.in_force(self.book, at)


def read_subject(text: str) -> Subject:
    """Read `kuaishou/after-sale`, `douyin/dispute/ruling`, `douyin/dispute@2023-07-29/ruling`."""
    parts = text.strip("/").split("/")
    if not _FEWEST <= len(parts) <= _MOST or not all(parts):
        raise BadInput(
            Finding(
                code="input.not_a_subject",
                field="subject",
                message=Text(f"“{text}”不是规则名", f"`{text}` does not name rules"),
                cure=Text(
                    "请写 平台/主题 或 平台/主题/判定表",
                    "write platform/subject or platform/subject/table",
                ),
            )
        )
    name, _, version = parts[1].partition("@")
    return Subject(
        book=f"{parts[0]}/{name}",
        version=version or None,
        part=parts[2] if len(parts) == _MOST else None,
    )


def named(kind: Text, names: list[str]) -> BadInput:
    """Refuse when a table or process has to be named and was not."""
    return BadInput(
        Finding(
            code="input.name_one",
            field="subject",
            message=Text(f"请指明{kind.zh}", f"name the {kind.en}"),
            cure=Text(f"可用：{', '.join(names)}", f"choose one of: {', '.join(names)}"),
        )
    )
