"""Reading timelines (读取时间线): dated acts from plain data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Role
from gongdao.core.process.replay import TimedAct
from gongdao.core.rulebook.literal import HOW
from gongdao.core.rulebook.model import Kind
from gongdao.core.rulebook.reading import Path, Reader, Where
from gongdao.core.rulebook.syntax import read_instant


@dataclass(frozen=True, slots=True)
class Timeline:
    """When a process begins, and what was done in it."""

    begin: datetime
    acts: tuple[TimedAct, ...]


def read_instant_at(reader: Reader, data: object, path: Path) -> datetime | None:
    """Read an instant with an offset, or report and return None."""
    found = data if isinstance(data, datetime) and data.tzinfo else None
    found = read_instant(data) if isinstance(data, str) else found
    if found is None:
        reader.wrong(path, data, HOW[Kind.INSTANT])
    return found


def read_timeline(reader: Reader, data: object, path: Path) -> Timeline | None:
    """Read `[{at}, {at, by, do, with}, …]`: the first entry is the beginning; None when faulty."""
    entries = reader.items_of_any(data, path)
    acts: list[TimedAct] = []
    begin: datetime | None = None
    for index, raw in enumerate(entries):
        here = (*path, index)
        found = reader.mapping(raw, here, allowed=("at", "by", "do", "with"), required=("at",))
        at = read_instant_at(reader, found.get("at"), (*here, "at"))
        if index == 0:
            begin = at
            if "do" not in found:
                continue
        by = reader.one_of(found.get("by"), (*here, "by"), Role)
        do = reader.text(found.get("do"), (*here, "do"))
        given = reader.mapping(found.get("with", {}), (*here, "with"))
        if at is not None and by is not None and do:
            acts.append(TimedAct(at=at, by=by, do=do, given=given))
    if not entries:
        reader.wrong(path, data, Text("至少一个时刻", "at least one instant"))
    return None if begin is None else Timeline(begin, tuple(acts))


def timeline_of(data: object, where: Where) -> Timeline:
    """Read a timeline. Raises BadInput with everything that is wrong in it."""
    reader = Reader(where)
    found = read_timeline(reader, data, ("timeline",))
    if found is None or reader.findings:
        raise BadInput(*(reader.findings or [_EMPTY]))
    return found


_EMPTY = Finding(
    code="timeline.empty",
    field="timeline",
    message=Text("时间线没有开始时刻", "the timeline has no beginning"),
    cure=Text("第一项写开始时刻 at", "let the first entry say `at`"),
)
