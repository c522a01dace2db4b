"""Checking a rulebook without a solver (检查): what is declared and unused, rows never reached."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gongdao.core.kernel.findings import Finding, Severity
from gongdao.core.kernel.text import Text
from gongdao.core.rulebook.dependencies import names_in, names_of_table
from gongdao.core.rulebook.expression import Expression
from gongdao.core.rulebook.model import HitPolicy, Rulebook
from gongdao.core.rulebook.processes import Process

Place = Callable[[str], str]


def nowhere(field: str) -> str:
    """Say nothing about places."""
    del field
    return ""


def check_book(book: Rulebook, place: Place = nowhere) -> tuple[Finding, ...]:
    """Return what is doubtful in a rulebook that parsed: declared but unused, shadowed, unset.

    `place` turns a dotted field into `file:line`.
    """
    found = [*_unused(book), *_uncited(book), *_unset(book), *_shadowed(book)]
    return tuple(
        Finding(
            code=code,
            field=field,
            message=message,
            cure=cure,
            severity=severity,
            where=place(field),
        )
        for severity, code, field, message, cure in found
    )


_Found = tuple[Severity, str, str, Text, Text | None]


def _unused(book: Rulebook) -> Iterator[_Found]:
    used = set(_names_used(book))
    for section, names in (
        ("facts", book.facts),
        ("parameters", book.parameters),
        ("formulas", book.formulas),
    ):
        for name in names:
            if name not in used:
                yield (
                    "warning",
                    "rules.unused",
                    f"{section}.{name}",
                    Text(f"“{name}”没有被用到", f"`{name}` is never used"),
                    Text("请使用或删去", "use it or remove it"),
                )


def _names_used(book: Rulebook) -> Iterator[str]:
    for formula in book.formulas.values():
        yield from names_in(formula.expression)
    for table in book.tables.values():
        yield from names_of_table(table)
    for required in book.require:
        yield from names_in(required.that)
    for process in book.processes.values():
        for guard in _guards(process):
            yield from names_in(guard)
        for state in process.states.values():
            for clock in state.clocks:
                yield clock.starts
                if clock.parameter is not None:
                    yield clock.parameter
            for action in state.actions.values():
                yield from action.needs
                yield from (e.argument for e in action.does if e.argument is not None)


def _guards(process: Process) -> Iterator[Expression]:
    if process.serves.when is not None:
        yield process.serves.when
    for state in process.states.values():
        for action in state.actions.values():
            if action.when is not None:
                yield action.when


def _uncited(book: Rulebook) -> Iterator[_Found]:
    cited = set(_citations(book))
    for clause in book.sources:
        if clause not in cited:
            yield (
                "warning",
                "rules.clause_never_cited",
                f"sources.{clause}",
                Text(f"条款 {clause} 没有被引用", f"the clause {clause} is never cited"),
                Text(
                    "请引用它，或说明它为何不可执行",
                    "cite it where it is carried out, or remove it",
                ),
            )


def _citations(book: Rulebook) -> Iterator[str]:
    for parameter in book.parameters.values():
        yield from parameter.cite
    for formula in book.formulas.values():
        yield from formula.cite
    for table in book.tables.values():
        for row in table.rows:
            yield from row.cite
            yield from (e.rpartition(":")[2].strip() for e in row.exempt)
    for process in book.processes.values():
        yield from process.cite
        for state in process.states.values():
            for action in state.actions.values():
                yield from action.cite
            for clock in state.clocks:
                yield from clock.cite


def _unset(book: Rulebook) -> Iterator[_Found]:
    for parameter in book.parameters.values():
        if parameter.value is None:
            yield (
                "note",
                "rules.parameter_unset",
                f"parameters.{parameter.name}",
                Text(
                    f"参数“{parameter.name}”没有值",
                    f"the parameter `{parameter.name}` has no value",
                ),
                Text("需要它的结论将是“未决”", "whatever needs it stays undecided"),
            )


def _shadowed(book: Rulebook) -> Iterator[_Found]:
    """Rows after an unconditional row, and rows that repeat an earlier one's conditions."""
    for table in book.tables.values():
        if table.hit is HitPolicy.COLLECT:
            continue
        seen: set[frozenset[object]] = set()
        closed = False
        for index, row in enumerate(table.rows):
            options = {frozenset[object](cells) for cells in row.alternatives}
            if closed or options <= seen:
                yield (
                    "error",
                    "rules.row_unreachable",
                    f"tables.{table.name}.rows.{index}",
                    Text(
                        f"{table.name} 的行“{row.id}”永远轮不到",
                        f"the row `{row.id}` of {table.name} can never apply",
                    ),
                    Text("请调整次序或条件", "move it up, or change its conditions"),
                )
            seen |= options
            closed = closed or frozenset[object]() in options
