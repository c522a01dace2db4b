"""Reading facts (读取事实): plain data to values, checked against what the book declares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import cast

from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.time import Span
from gongdao.core.rulebook.dependencies import facts_behind, names_in
from gongdao.core.rulebook.evaluate import holds
from gongdao.core.rulebook.literal import BUILT_IN, how_to_write, read_literal, say
from gongdao.core.rulebook.model import Enumeration, FactDeclaration, Rulebook, Value
from gongdao.core.rulebook.operations import BINARY
from gongdao.core.rulebook.reading import shown


@dataclass(frozen=True, slots=True)
class FactsRead:
    """The values that could be read, and what is wrong with the others."""

    facts: Mapping[str, Value]
    findings: tuple[Finding, ...]


def enums_of(book: Rulebook) -> Mapping[str, Enumeration]:
    """Return every enumeration the book may use: its own and the built-in ones."""
    return {**BUILT_IN, **book.enums}


def read_facts(book: Rulebook, data: object, *, field: str = "facts") -> FactsRead:
    """Read facts given as plain data; `null` means unknown. Never raises.

    Money is yuan (`"12.50"`, `12.50`, `12.50 yuan`) or `{fen: 1250}`; instants need an offset.
    """
    if not isinstance(data, dict):
        return FactsRead({}, (_not_a_mapping(data, field),))
    enums = enums_of(book)
    facts: dict[str, Value] = {}
    findings: list[Finding] = []
    for name, given in cast("dict[object, object]", data).items():
        declared = book.facts.get(name) if isinstance(name, str) else None
        if declared is None:
            findings.append(_unknown_fact(book, name, field))
        elif given is not None:
            value = read_literal(given, declared.type, enums, bare_yuan=True)
            fault = _fault(declared, given, value, enums, f"{field}.{declared.name}")
            if fault is not None:
                findings.append(fault)
            elif value is not None:
                facts[declared.name] = value
    findings += _contradictions(book, facts, field)
    return FactsRead(facts, tuple(findings))


def _contradictions(book: Rulebook, facts: Mapping[str, Value], field: str) -> Iterator[Finding]:
    """Yield what the book requires of facts among themselves and these do not fulfil."""
    for required in book.require:
        if holds(book, required.that, facts).answer is False:
            names = [
                n
                for each in names_in(required.that)
                for n in facts_behind(book, each)
                if n in facts
            ]
            yield Finding(
                code="facts.contradictory",
                field=f"{field}.{names[0]}" if names else field,
                message=required.message,
                cure=required.cure
                or Text("请核对这些事实", "check these facts against each other"),
            )


def read_fact(book: Rulebook, declared: FactDeclaration, given: object) -> Value:
    """Read one fact given as plain data; BadInput says what is wrong with it."""
    read = read_facts(book, {declared.name: given})
    if declared.name not in read.facts:
        raise BadInput(*(read.findings or (_missing(declared),)))
    return read.facts[declared.name]


def _missing(declared: FactDeclaration) -> Finding:
    return Finding(
        code="facts.value_required",
        field=f"facts.{declared.name}",
        message=Text(f"“{declared.title.zh}”没有值", f"`{declared.name}` has no value"),
        cure=Text("请填写", "give one"),
    )


def _fault(
    declared: FactDeclaration,
    given: object,
    value: Value | None,
    enums: Mapping[str, Enumeration],
    field: str,
) -> Finding | None:
    title = declared.title
    if value is None or (isinstance(value, Span) and any(value.of_calendar)):
        how = how_to_write(declared.type, enums)
        if value is not None:
            how = Text("事实中的时长请用天、小时写", "write a span of a fact in days or hours")
        return Finding(
            code="facts.wrong_type",
            field=field,
            message=Text(
                f"{title.zh}：“{shown(given)}”无法理解", f"{title.en}: cannot read `{shown(given)}`"
            ),
            cure=how,
        )
    for bound, test, zh, en in (
        (declared.minimum, ">=", "不小于", "at least"),
        (declared.maximum, "<=", "不大于", "at most"),
    ):
        if bound is not None and not BINARY[test](value, bound):
            limit = say(bound, declared.type, enums)
            return Finding(
                code="facts.out_of_bounds",
                field=field,
                message=Text(
                    f"{title.zh}应{zh} {limit.zh}", f"{title.en} should be {en} {limit.en}"
                ),
                cure=Text("请核对数值和单位", "check the number and its unit"),
            )
    return None


def _unknown_fact(book: Rulebook, name: object, field: str) -> Finding:
    near = get_close_matches(str(name)[:64], list(book.facts), n=1)
    names = ", ".join(book.facts)
    return Finding(
        code="facts.unknown_fact",
        field=f"{field}.{shown(name)}",
        message=Text(
            f"{book.ref} 没有声明事实“{shown(name)}”",
            f"{book.ref} declares no fact `{shown(name)}`",
        ),
        cure=Text(f"是否想写“{near[0]}”？", f"did you mean `{near[0]}`?")
        if near
        else Text(f"可用：{names}", f"facts: {names}"),
    )


def _not_a_mapping(data: object, field: str) -> Finding:
    return Finding(
        code="facts.not_a_mapping",
        field=field,
        message=Text(
            f"事实应为键值表，实为“{shown(data)}”", f"facts are a mapping, found `{shown(data)}`"
        ),
        cure=Text("例如 {paid: 12.50}", "for example {paid: 12.50}"),
    )
