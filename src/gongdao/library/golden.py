"""Golden cases (金例): what a rulebook must answer, clause by clause, and whether it does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text
from gongdao.core.process.timeline import Timeline, read_instant_at, read_timeline
from gongdao.core.rulebook.facts import read_facts
from gongdao.core.rulebook.model import Rulebook, Value
from gongdao.core.rulebook.reading import Path, Reader
from gongdao.library.shelf import BookFile
from gongdao.library.strict_yaml import read_yaml

_KEYS = ("name", "clause", "table", "process", "facts", "timeline", "now", "expect")
_EXPECT_TABLE = ("row", "rows", "gives", "collected", "undecided")
_EXPECT_PROCESS = (
    "state", "final", "fired", "next", "waits_for", "refused", "effects",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Golden:
    """One golden case, for a table or for a process."""

    name: str
    clause: tuple[str, ...]
    facts: Mapping[str, Value]
    expect: Mapping[str, object]
    """As written; compared by what it names."""
    table: str | None = None
    process: str | None = None
    timeline: Timeline | None = None
    now: datetime | None = None
    line: int = 0


@dataclass(slots=True)
class GoldenFile:
    """The cases of one version of a rulebook."""

    goldens: list[Golden] = field(default_factory=list[Golden])
    findings: list[Finding] = field(default_factory=list[Finding])


def read_goldens(file: BookFile, book: Rulebook) -> GoldenFile:
    """Read the cases beside a book; a book without cases has none."""
    if not file.cases.is_file():
        return GoldenFile()
    shown_path = "/".join(file.cases.parts[-4:])
    try:
        document = read_yaml(file.cases.read_bytes(), shown_path)
    except BadInput as fault:
        return GoldenFile(findings=list(fault.findings))
    reader = Reader(document.where)
    top = reader.mapping(
        document.data, (), allowed=("rulebook", "cases"), required=("rulebook", "cases")
    )
    if top.get("rulebook") != book.ref:
        reader.one_of(top.get("rulebook"), ("rulebook",), (book.ref,))
    goldens: list[Golden] = []
    for index, raw in enumerate(reader.items_of_any(top.get("cases", []), ("cases",))):
        golden = _golden(reader, raw, ("cases", index), book)
        if golden is not None:
            goldens.append(golden)
    return GoldenFile(goldens, reader.findings)


def _golden(reader: Reader, data: object, path: Path, book: Rulebook) -> Golden | None:
    before = len(reader.findings)
    found = reader.mapping(data, path, allowed=_KEYS, required=("name", "clause", "expect"))
    name = reader.text(found.get("name"), (*path, "name"))
    clause = reader.words(found.get("clause", []), (*path, "clause"))
    for index, each in enumerate(clause):
        if each not in book.sources:
            reader.one_of(each, (*path, "clause", index), book.sources)
    read = read_facts(book, found.get("facts", {}))
    for finding in read.findings:
        reader.report(
            (*path, *str(finding.field).split(".")), finding.code, finding.message, finding.cure
        )
    is_process = "process" in found
    allowed = _EXPECT_PROCESS if is_process else _EXPECT_TABLE
    expect = reader.mapping(found.get("expect"), (*path, "expect"), allowed=allowed)
    if not expect:
        reader.report((*path, "expect"), "golden.expects_nothing", _EXPECTS_NOTHING)
    table = process = timeline = now = None
    if is_process:
        process = reader.one_of(found.get("process"), (*path, "process"), book.processes)
        timeline = read_timeline(reader, found.get("timeline"), (*path, "timeline"))
        now = read_instant_at(reader, found.get("now"), (*path, "now"))
    else:
        table = reader.one_of(found.get("table", book.asks), (*path, "table"), book.tables)
        _check_expected(reader, expect, (*path, "expect"), book, table)
    if len(reader.findings) > before:
        return None
    return Golden(
        name=name, clause=clause, facts=read.facts, expect=expect, table=table, process=process,
        timeline=timeline, now=now, line=reader.line(path),
    )  # fmt: skip


def _check_expected(
    reader: Reader, expect: Mapping[str, object], path: Path, book: Rulebook, table: str | None
) -> None:
    """A case that expects what can never be is a mistake of the case."""
    if table is None:
        return
    rows = [r.id for r in book.tables[table].rows]
    for key in ("row", "rows"):
        for index, row in enumerate(reader.words(expect.get(key, []), (*path, key))):
            reader.one_of(row, (*path, key, index), rows)
    if "gives" in expect:
        reader.mapping(expect["gives"], (*path, "gives"), allowed=tuple(book.tables[table].gives))
    for index, each in enumerate(reader.items_of_any(expect.get("collected", []), path)):
        here = (*path, "collected", index)
        reader.mapping(each, here, allowed=tuple(book.tables[table].gives))
    names = [*book.facts, *book.parameters]
    for index, name in enumerate(reader.words(expect.get("undecided", []), (*path, "undecided"))):
        reader.one_of(name, (*path, "undecided", index), names)


_EXPECTS_NOTHING = Text("没有写明预期结果", "the case expects nothing")
