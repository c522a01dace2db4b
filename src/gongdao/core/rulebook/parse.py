"""Plain data to a rulebook (解析): reports everything that is wrong, not only the first thing.

The data comes from any strict reader of YAML or JSON; `where` says at which file and line a path of
keys stands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from gongdao.core.kernel.calendar import NO_CALENDAR, Calendar
from gongdao.core.kernel.findings import Finding
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.time import Span
from gongdao.core.rulebook.dependencies import report_cycles
from gongdao.core.rulebook.draft import BOOLEAN, Draft
from gongdao.core.rulebook.literal import BUILT_IN, how_to_write
from gongdao.core.rulebook.model import (
    Enumeration,
    FactDeclaration,
    Formula,
    Governs,
    Kind,
    Parameter,
    Requirement,
    Rulebook,
    Source,
    TypeOf,
    Value,
)
from gongdao.core.rulebook.parse_process import parse_process
from gongdao.core.rulebook.parse_table import declare_outputs, parse_table
from gongdao.core.rulebook.processes import Process
from gongdao.core.rulebook.reading import Path, Reader, Where, shown
from gongdao.core.rulebook.syntax import read_instant

_TOP = (
    "rulebook", "version", "title", "in_force", "governs_by", "asks", "sources", "enums", "facts",
    "require", "parameters", "formulas", "tables", "processes",
)  # fmt: skip
_REQUIRED = ("rulebook", "version", "title", "in_force", "governs_by", "sources")
SUBJECT = re.compile(r"[a-z][a-z0-9-]*/[a-z][a-z0-9-]*", re.ASCII)
VERSION = re.compile(r"\d{4}-\d{2}-\d{2}(?:\.\d+)?", re.ASCII)
_DEAREST = 9


@dataclass(frozen=True, slots=True)
class Parsed:
    """A rulebook, or None when it has errors; and everything found."""

    book: Rulebook | None
    findings: tuple[Finding, ...]


def nowhere(path: Path) -> str:
    """Say nothing about places: for data that came from no file."""
    del path
    return ""


def parse_rulebook(
    data: object,
    where: Where = nowhere,
    *,
    digest: str = "",
    calendar: Calendar = NO_CALENDAR,
) -> Parsed:
    """Read a rulebook from plain data (dicts, lists, text, integers, Decimal, booleans, None).

    `calendar` holds the working days that its spans in working days count.
    """
    reader = Reader(where)
    draft = Draft(reader, calendar=calendar)
    top = reader.mapping(data, (), allowed=_TOP, required=_REQUIRED)
    book_id = _matching(reader, top.get("rulebook"), ("rulebook",), SUBJECT, "kuaishou/after-sale")
    version = _matching(reader, top.get("version"), ("version",), VERSION, '"2024-01-03"')
    title = reader.title(top.get("title"), ("title",))
    start, end = _in_force(reader, top.get("in_force"))
    governs = reader.one_of(top.get("governs_by"), ("governs_by",), Governs)
    sources = _sources(draft, top.get("sources"))
    draft.sources = frozenset(sources)
    _enums(draft, top.get("enums"))
    facts = _facts(draft, top.get("facts"))
    parameters = _parameters(draft, top.get("parameters"))
    raw_formulas = _declare_formulas(draft, top.get("formulas"))
    raw_tables = _section(reader, top, "tables")
    gives = {n: declare_outputs(draft, n, t) for n, t in raw_tables.items()}
    formulas = _formulas(draft, raw_formulas)
    tables = {n: parse_table(draft, n, t, gives[n]) for n, t in raw_tables.items()}
    processes = _processes(draft, _section(reader, top, "processes"))
    require = _requirements(draft, top.get("require", []))
    asks = top.get("asks")
    if asks is not None and (not isinstance(asks, str) or asks not in tables):
        reader.one_of(asks, ("asks",), tables)
    report_cycles(reader, formulas, tables)
    if start is None or governs is None or any(f.severity == "error" for f in reader.findings):
        return Parsed(None, tuple(reader.findings))
    book = Rulebook(
        id=book_id, version=version, title=title, in_force_from=start, in_force_until=end,
        governs_by=governs, sources=sources,
        enums={n: e for n, e in draft.enums.items() if e is not BUILT_IN.get(n)},
        facts=facts, parameters=parameters, formulas=formulas,
        tables={n: t for n, t in tables.items() if t is not None},
        processes=processes, require=require, asks=asks if isinstance(asks, str) else None,
        calendar=calendar, digest=digest,
    )  # fmt: skip
    return Parsed(book, tuple(reader.findings))


def _matching(
    reader: Reader, data: object, path: Path, pattern: re.Pattern[str], example: str
) -> str:
    if isinstance(data, str) and pattern.fullmatch(data):
        return data
    reader.report(
        path,
        "rules.bad_identity",
        Text(f"“{shown(data)}”格式不对", f"`{shown(data)}` is not of the right form"),
        Text(f"例如 {example}", f"write it like {example}"),
    )
    return ""


def _in_force(reader: Reader, data: object) -> tuple[datetime | None, datetime | None]:
    path = ("in_force",)
    found = reader.mapping(data, path, allowed=("from", "until"), required=("from",))
    start = _instant(reader, found.get("from"), (*path, "from"))
    end = None
    if found.get("until") is not None:
        end = _instant(reader, found["until"], (*path, "until"))
    if start and end and end <= start:
        reader.report(
            path,
            "rules.empty_interval",
            Text("失效时刻不晚于生效时刻", "the interval in force is empty"),
            Text("until 应晚于 from", "`until` must be later than `from`"),
        )
    return start, end


def _instant(reader: Reader, data: object, path: Path) -> datetime | None:
    found = read_instant(data) if isinstance(data, str) else None
    if found is None:
        how = how_to_write(TypeOf(kind=Kind.INSTANT), {})
        reader.wrong(path, data, how)
    return found


def _section(reader: Reader, top: Mapping[str, object], key: str) -> dict[str, object]:
    """Return a section of named things, keeping only the good names."""
    found = reader.mapping(top[key], (key,)) if top.get(key) is not None else {}
    return {n: d for n, d in found.items() if reader.name(n, (key, n))}


def _sources(draft: Draft, data: object) -> dict[str, Source]:
    sources: dict[str, Source] = {}
    for clause, raw in draft.reader.mapping(data, ("sources",)).items():
        path = ("sources", clause)
        draft.identifier(clause, path)
        found = draft.reader.mapping(
            raw, path, allowed=("zh", "en", "ref", "reading"), required=("zh", "en", "ref")
        )
        reading = found.get("reading")
        sources[clause] = Source(
            id=clause,
            text=draft.labels(found, path),
            ref=draft.reader.text(found.get("ref"), (*path, "ref")),
            reading=None if reading is None else draft.reader.text(reading, (*path, "reading")),
        )
    return sources


def _enums(draft: Draft, data: object) -> None:
    for name, raw in _section(draft.reader, {"enums": data}, "enums").items():
        path = ("enums", name)
        found = draft.reader.mapping(raw, path)
        if name in list(Kind):
            draft.reader.one_of(name, path, ("a name that is not a type",))
            continue
        synonyms_data = found.pop("synonyms", None)
        built_in = BUILT_IN.get(name)
        members = _kept(draft, built_in, found, path) if built_in else {}
        for word, labels in found.items():
            if built_in:
                draft.reader.one_of(word, (*path, word), ("only", "synonyms"))
            elif draft.reader.name(word, (*path, word)) and _free(draft, word, (*path, word)):
                members[word] = draft.reader.title(labels, (*path, word))
        synonyms: dict[str, str] = {}
        if synonyms_data is not None:
            here = (*path, "synonyms")
            for other, word in draft.reader.mapping(synonyms_data, here).items():
                if draft.reader.one_of(word, (*here, other), members) is not None:
                    synonyms[other] = cast("str", word)
        draft.enums[name] = Enumeration(name=name, members=members, synonyms=synonyms)


def _kept(
    draft: Draft, built_in: Enumeration, found: dict[str, object], path: Path
) -> dict[str, Text]:
    """Return the words of a built-in list that the book answers for: all, or those of `only`."""
    here = (*path, "only")
    given = found.pop("only", None)
    if given is None:
        return dict(built_in.members)
    chosen = [
        draft.reader.one_of(word, (*here, i), built_in.members)
        for i, word in enumerate(draft.reader.items(given, here))
    ]
    return {w: t for w, t in built_in.members.items() if w in chosen}


def _free(draft: Draft, word: str, path: Path) -> bool:
    """Refuse words that cells already give a meaning to."""
    if word not in ("known", "unknown"):
        return True
    draft.reader.report(
        path,
        "rules.word_reserved",
        Text(f"“{word}”是保留词", f"the word `{word}` is reserved"),
        Text("请换一个词，例如 not_established", "choose another, for example not_established"),
    )
    return False


def _facts(draft: Draft, data: object) -> dict[str, FactDeclaration]:
    facts: dict[str, FactDeclaration] = {}
    keys = ("type", "zh", "en", "unit", "min", "max", "evidence_of", "cost")
    for name, raw in _section(draft.reader, {"facts": data}, "facts").items():
        path = ("facts", name)
        found = draft.reader.mapping(raw, path, allowed=keys, required=("type", "zh", "en"))
        type_ = draft.type_of(found.get("type"), (*path, "type"))
        if type_ is None:
            continue
        draft.declare(name, type_, path)
        cost = found.get("cost", 1)
        if not isinstance(cost, int) or isinstance(cost, bool) or not 1 <= cost <= _DEAREST:
            draft.reader.wrong((*path, "cost"), cost, Text("1 到 9 的整数", "a number 1 to 9"))
            cost = 1
        unit, owner = found.get("unit"), found.get("evidence_of")
        if owner is not None:
            owner = draft.reader.one_of(owner, (*path, "evidence_of"), ("buyer", "merchant"))
        facts[name] = FactDeclaration(
            name=name,
            type=type_,
            title=draft.labels(found, path),
            unit=None if unit is None else draft.reader.text(unit, (*path, "unit")),
            minimum=_bound(draft, found.get("min"), type_, (*path, "min")),
            maximum=_bound(draft, found.get("max"), type_, (*path, "max")),
            evidence_of=owner,
            cost=cost,
        )
    return facts


def _bound(draft: Draft, data: object, type_: TypeOf, path: Path) -> Value | None:
    if data is None:
        return None
    if type_.kind in (Kind.BOOLEAN, Kind.ENUM, Kind.TEXT):
        draft.reader.report(
            path,
            "rules.no_bounds",
            Text("此类型没有上下限", "this type has no bounds"),
            Text("请删去 min、max", "leave out `min` and `max`"),
        )
        return None
    return draft.literal(data, type_, path)


def _parameters(draft: Draft, data: object) -> dict[str, Parameter]:
    parameters: dict[str, Parameter] = {}
    keys = ("type", "value", "zh", "en", "cite", "house")
    for name, raw in _section(draft.reader, {"parameters": data}, "parameters").items():
        path = ("parameters", name)
        found = draft.reader.mapping(
            raw, path, allowed=keys, required=("type", "value", "zh", "en", "cite")
        )
        type_ = draft.type_of(found.get("type"), (*path, "type"))
        if type_ is None:
            continue
        draft.declare(name, type_, path)
        given = found.get("value")
        value = None if given is None else draft.literal(given, type_, (*path, "value"))
        if type_.kind is Kind.SPAN:
            draft.spans[name] = value if isinstance(value, Span) else None
        if isinstance(value, Span) and any(value.of_calendar):
            draft.monthly.add(name)
        parameters[name] = Parameter(
            name=name,
            type=type_,
            title=draft.labels(found, path),
            value=value,
            cite=draft.cite(found.get("cite"), (*path, "cite")),
            house=draft.reader.flag(found.get("house", False), (*path, "house")),
        )
    return parameters


def _declare_formulas(draft: Draft, data: object) -> dict[str, tuple[TypeOf, dict[str, object]]]:
    declared: dict[str, tuple[TypeOf, dict[str, object]]] = {}
    keys = ("type", "value", "zh", "en", "cite")
    for name, raw in _section(draft.reader, {"formulas": data}, "formulas").items():
        path = ("formulas", name)
        found = draft.reader.mapping(raw, path, allowed=keys, required=keys)
        type_ = draft.type_of(found.get("type"), (*path, "type"))
        if type_ is not None:
            draft.declare(name, type_, path)
            declared[name] = (type_, found)
    return declared


def _formulas(
    draft: Draft, declared: Mapping[str, tuple[TypeOf, dict[str, object]]]
) -> dict[str, Formula]:
    formulas: dict[str, Formula] = {}
    for name, (type_, found) in declared.items():
        path = ("formulas", name)
        expression = draft.expression(found.get("value"), (*path, "value"), type_)
        cite = draft.cite(found.get("cite"), (*path, "cite"))
        title = draft.labels(found, path)
        if expression is not None:
            formulas[name] = Formula(
                name=name, type=type_, title=title, expression=expression, cite=cite
            )
    return formulas


def _requirements(draft: Draft, data: object) -> tuple[Requirement, ...]:
    found: list[Requirement] = []
    for index, raw in enumerate(draft.reader.items_of_any(data, ("require",))):
        path: Path = ("require", index)
        read = draft.reader.mapping(
            raw, path, allowed=("that", "zh", "en", "cure"), required=("that", "zh", "en")
        )
        that = draft.expression(read.get("that"), (*path, "that"), BOOLEAN)
        message = draft.labels(read, path)
        cure = read.get("cure")
        if that is not None:
            found.append(
                Requirement(
                    that=that,
                    message=message,
                    cure=None if cure is None else draft.reader.title(cure, (*path, "cure")),
                )
            )
    return tuple(found)


def _processes(draft: Draft, raw: Mapping[str, object]) -> dict[str, Process]:
    found = {n: parse_process(draft, n, d) for n, d in raw.items()}
    return {n: p for n, p in found.items() if p is not None}
