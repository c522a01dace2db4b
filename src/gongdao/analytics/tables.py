"""Tables in bulk (批量判定): one rulebook table as columns over a relation of cases.

Stages follow the dependencies: formulas that are read more than once become columns, then each
table's conditions, then the row that applies, then its outputs; what depends on them comes in the
next stage. So the query stays as long as the rulebook, however often a formula is used.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis

from gongdao.analytics.certainty import Certainty
from gongdao.analytics.collected import collected
from gongdao.analytics.intake import Intake
from gongdao.analytics.meaning import CalendarSpan, Meaning, missing, unknown
from gongdao.analytics.number import FALSE, TRUE, Column, TooWide, opposite
from gongdao.analytics.outputs import given_by, picked, shown
from gongdao.analytics.refusals import calendar_span, no_such_table, too_wide
from gongdao.analytics.stages import OWN, Stages
from gongdao.analytics.verdict import Doubt, Truths
from gongdao.core.rulebook.expression import Constant, Expression, Name
from gongdao.core.rulebook.model import Cell, HitPolicy, Rulebook, Table


def compile_table(book: Rulebook, intake: Intake, name: str, kept: tuple[str, ...]) -> Any:  # noqa: ANN401  any engine's relation
    """Return a relation of the columns `kept` and the answer of table `name` for every case.

    The answer is `status`, `row`, `clauses` and the outputs as `out_…`. BadInput
    `rules.no_such_table`, `bulk.too_wide`, `bulk.calendar_span`.
    """
    if name not in book.tables:
        raise no_such_table(book.ref, name, tuple(book.tables))
    try:
        return _Compiler(book, intake, name).answer(kept)
    except TooWide:
        raise too_wide(name) from None
    except CalendarSpan:
        raise calendar_span(name) from None


class _Compiler:
    def __init__(self, book: Rulebook, intake: Intake, asked: str) -> None:
        self._book = book
        self._asked = book.tables[asked]
        self._certainty = Certainty(book, intake.known)
        self._stages = Stages(book, intake, asked, self._consult)
        self._consulted: set[str] = set()

    def answer(self, kept: tuple[str, ...]) -> Any:  # noqa: ANN401  any engine's relation
        """Return the columns `kept` and the answer."""
        table, stages = self._asked, self._stages
        truths = self._judge(table, f"{OWN}_a")
        if table.hit is HitPolicy.COLLECT:
            columns = collected(table, truths, self._certainty, self._value)
            return stages.relation.select(*kept, **columns)
        doubt = Doubt(table, tuple(table.gives), truths, self._value, f"{OWN}_a_d")
        staged = stages.add({f"{OWN}_first": truths.first(), **doubt.staged()})
        first = staged.pop(f"{OWN}_first")
        doubt = doubt.over(stages.here_all(truths))
        certain = first.notnull() & opposite(doubt.column(staged, first))
        if table.hit is HitPolicy.UNIQUE:
            certain = certain & opposite(doubt.truths.several())
        wanting = self._wanting(table, first)
        if wanting is not None:
            certain = certain & opposite(wanting)
        stages.add({f"{OWN}_row": ibis.ifelse(certain, first, ibis.null("int64"))})
        columns = self._answered(table)  # which adds stages
        return stages.relation.select(*kept, **columns)

    def _answered(self, table: Table) -> dict[str, Column]:
        """Return the columns of the answer; the row that answers is null where undecided."""
        stages = self._stages
        self._store_outputs(table, dict.fromkeys(table.gives, stages.relation[f"{OWN}_row"]))
        row = stages.relation[f"{OWN}_row"]
        columns: dict[str, Column] = {
            "status": ibis.ifelse(row.notnull(), "decided", "undecided"),
            "row": _said(row, [r.id for r in table.rows]),
            "clauses": _said(row, [",".join(r.cite) for r in table.rows]),
        }
        for output, type_ in table.gives.items():
            value = stages.value(Name(f"{table.name}.{output}"))
            columns |= shown(f"out_{output}", type_, value)
        return columns

    def _judge(self, table: Table, mark: str) -> Truths:
        """Stage the conditions of a table, and what they read before them."""
        self._stages.prepare(table)
        self._table = table
        cells = [c for row in table.rows for cells in row.alternatives for c in cells]
        self._stages.add_conditions(cells, mark)
        truths = {
            f"{mark}_t{i}": self._row(row.alternatives)
            for i, row in enumerate(table.rows)
            if () not in row.alternatives
        }
        staged = self._stages.add(truths)
        return Truths(
            [staged.get(f"{mark}_t{i}", TRUE) for i in range(len(table.rows))],
            [i for i, row in enumerate(table.rows) if not self._certainty.row(row)],
        )

    def _row(self, alternatives: tuple[tuple[Cell, ...], ...]) -> Column:
        whole: Column | None = None
        for cells in alternatives:
            truth = self._stages.condition(cells[0])
            for cell in cells[1:]:
                truth = truth & self._stages.condition(cell)
            whole = truth if whole is None else whole | truth
        return TRUE if whole is None else whole

    def _value(self, row: int, output: str) -> Meaning | None:
        """Return what a row of the table being judged gives."""
        rule = self._table.rows[row]
        expression = rule.then.get(output)
        if expression is None:
            return None
        value = self._stages.value(expression)
        return given_by(rule, output, self._table.gives[output], value)

    def _wanting(self, table: Table, first: Column) -> Column | None:
        """Return whether an amount of the row that applies cannot be computed."""
        whens: list[tuple[Column, Column]] = []
        for index, row in enumerate(table.rows):
            absent: Column | None = None
            for output, expression in row.then.items():
                if isinstance(expression, Constant) or self._certainty.expression(expression):
                    continue
                value = self._value(index, output)
                if value is not None:
                    one = missing(value)
                    absent = one if absent is None else absent | one
            if absent is not None:
                whens.append((first == index, absent))
        return ibis.cases(*whens, else_=FALSE) if whens else None

    def _consult(self, name: str) -> None:
        """Stage the outputs of a table that another one reads."""
        if name in self._consulted:
            return
        self._consulted.add(name)
        table, stages = self._book.tables[name], self._stages
        wanted = [o for o in table.gives if stages.reads(f"{name}.{o}")]
        if table.hit is HitPolicy.COLLECT:  # a list is not a value
            stages.keep({Name(f"{name}.{o}"): unknown(table.gives[o]) for o in wanted})
            return
        asking = getattr(self, "_table", None)
        mark = f"{OWN}{len(self._consulted)}"
        truths = self._judge(table, mark)
        doubts = {
            o: Doubt(table, (o,), truths, self._value, f"{mark}_d{i}") for i, o in enumerate(wanted)
        }
        columns: dict[str, Column] = {f"{mark}_first": truths.first()}
        if table.hit is HitPolicy.UNIQUE:
            columns[f"{mark}_several"] = truths.several()
        for doubt in doubts.values():
            columns |= doubt.staged()
        staged = stages.add(columns)
        self._store_outputs(table, self._sure_rows(doubts, truths, staged, mark))
        if asking is not None:
            self._table = asking

    def _sure_rows(
        self,
        doubts: Mapping[str, Doubt],
        truths: Truths,
        staged: Mapping[str, Column],
        mark: str,
    ) -> dict[str, Column]:
        """Return for each output the row that gives it, null where that is in doubt."""
        first = staged[f"{mark}_first"]
        here = self._stages.here_all(truths)
        rows: dict[str, Column] = {}
        for output, doubt in doubts.items():
            unsure = doubt.over(here).column(staged, first)
            if f"{mark}_several" in staged:
                unsure = unsure | staged[f"{mark}_several"]
            rows[output] = ibis.ifelse(unsure, ibis.null("int64"), first)
        return rows

    def _store_outputs(self, table: Table, rows: Mapping[str, Column]) -> None:
        """Stage the outputs of a table; `rows` tells which row gives each."""
        meanings: dict[Expression, Meaning] = {}
        for output, row in rows.items():
            type_ = table.gives[output]
            written = [r.then.get(output) for r in table.rows]
            values = [self._value(i, output) for i in range(len(table.rows))]
            meanings[Name(f"{table.name}.{output}")] = picked(type_, row, written, values)
        self._stages.store(meanings)


def _said(row: Column, words: list[str]) -> Column:
    """Return the word of a row; rows of the same word share a branch."""
    rows: dict[str, list[int]] = {}
    for index, word in enumerate(words):
        rows.setdefault(word, []).append(index)
    branches = [(row.isin(r) if len(r) > 1 else row == r[0], w) for w, r in rows.items()]
    return ibis.cases(*branches, else_=ibis.null("string"))
