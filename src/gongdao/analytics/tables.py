"""Tables in bulk (批量判定): one rulebook table as columns over a relation of cases.

Stages follow the dependencies: each table's conditions become columns, then the row that answers,
then its outputs; what depends on them comes in the next stage. So the query stays as long as the
rulebook, however often a formula is used.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import ibis

from gongdao.analytics.meaning import Meaning, Moment, Writer, compared, given, missing, parameter
from gongdao.analytics.number import FALSE, TRUE, Column, Number, opposite, rounded
from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text
from gongdao.core.rulebook.dependencies import names_in, names_of_table
from gongdao.core.rulebook.expression import Constant
from gongdao.core.rulebook.model import Cell, HitPolicy, Kind, Operator, Rulebook, Table

#: Columns that the compiled query adds carry this prefix; facts of a rulebook never do.
OWN = "_g"


@dataclass(slots=True)
class Compiler:
    """Compiles tables of one rulebook over `relation`, whose fact columns are `facts`."""

    book: Rulebook
    relation: Any
    facts: dict[str, Meaning]
    _columns: dict[str, Meaning] = field(default_factory=dict[str, Meaning])
    _answers: dict[str, str] = field(default_factory=dict[str, str])
    _stored: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])

    def answer(self, name: str) -> Any:  # noqa: ANN401  a relation of the engine's own type
        """Return the relation with columns `status`, `row`, `clauses` and one for each output."""
        table = self.book.tables[name]
        if table.hit is HitPolicy.COLLECT:
            raise _collects(name)
        self._consult(name)
        row = self.relation[f"{self._answers[name]}_row"]
        ids = [(row == i, ibis.literal(r.id)) for i, r in enumerate(table.rows)]
        clauses = [(row == i, ibis.literal(",".join(r.cite))) for i, r in enumerate(table.rows)]
        decided = self.relation[f"{self._answers[name]}_decided"]
        outputs = {o: self._shown(f"{name}.{o}", decided) for o in table.gives}
        return self.relation.mutate(
            status=ibis.ifelse(decided, "decided", "undecided"),
            row=ibis.cases(*ids, else_=ibis.null("string")),
            clauses=ibis.cases(*clauses, else_=ibis.null("string")),
            **{f"out_{o}": column for o, column in outputs.items()},
        )

    def _shown(self, name: str, decided: Column) -> Column:
        """Return an output as people read it: fen, seconds, a decimal; null when undecided."""
        meaning = self._named(name)
        if isinstance(meaning, Moment):
            meaning = Number(meaning.micros.numerator, 1_000_000, meaning.micros.bits)
        if isinstance(meaning, Number):
            whole = isinstance(meaning.denominator, int) and meaning.denominator == 1
            column = meaning.numerator if whole else _ratio(meaning)
        else:
            column = meaning
        return ibis.ifelse(decided, column, ibis.null(column.type()))

    def _writer(self) -> Writer:
        return Writer(self._named)

    def _named(self, name: str) -> Meaning:
        """Return the column of any name; what it depends on has been staged before."""
        book = self.book
        if name in book.facts:
            return self.facts[name]
        if name in book.parameters:
            return parameter(book.parameters[name])
        if name in book.formulas:
            return self._writer().of(book.formulas[name].expression)
        return self._stored_meaning(name)

    def _stored_meaning(self, name: str) -> Meaning:
        columns = self._stored[name]
        numerator = self.relation[columns[0]]
        previous = self._columns[name]
        if isinstance(previous, Moment):
            return Moment(Number(numerator, 1, previous.micros.bits))
        if isinstance(previous, Number):
            denominator = self.relation[columns[1]] if len(columns) > 1 else previous.denominator
            return Number(numerator, denominator, previous.bits, previous.denominator_bits)
        return numerator

    def _consult(self, name: str) -> None:
        """Stage a table: first the tables it reads, then its conditions, then its answer."""
        if name in self._answers:
            return
        table = self.book.tables[name]
        for other in _tables_read(self.book, table):
            self._consult(other)
        mark = f"{OWN}{len(self._answers)}"
        conditions = {
            f"{mark}_t{i}": self._row(row.alternatives) for i, row in enumerate(table.rows)
        }
        self.relation = self.relation.mutate(**conditions)
        truths = [self.relation[column] for column in conditions]
        values = [
            {o: self._given(table, i, o) for o in table.gives} for i in range(len(table.rows))
        ]
        self._answers[name] = mark
        self._store(name, table, truths, values, mark)

    def _given(self, table: Table, row: int, output: str) -> Meaning | None:
        expression = table.rows[row].then.get(output)
        if expression is None:
            return None
        meaning = self._writer().of(expression)
        if isinstance(meaning, Moment):  # outputs are whole seconds
            return Moment(_whole_seconds(meaning.micros), meaning.months)
        return meaning

    def _store(
        self,
        name: str,
        table: Table,
        truths: list[Column],
        values: list[dict[str, Meaning | None]],
        mark: str,
    ) -> None:
        count = len(truths)
        first = ibis.cases(*[(t, i) for i, t in enumerate(truths)], else_=ibis.null("int64"))
        doubts = [_doubt(table, truths, values, k) for k in range(count)]
        certain = ibis.cases(
            *[(t, opposite(doubts[i]["*"])) for i, t in enumerate(truths)],
            else_=FALSE,
        )
        columns: dict[str, Column] = {
            f"{mark}_decided": certain,
            f"{mark}_row": ibis.ifelse(certain, first, ibis.null("int64")),
        }
        for output, type_ in table.gives.items():
            given = [values[i][output] for i in range(count)]
            parts = _picked(truths, [d[output] for d in doubts], given, type_.kind)
            for part, column in parts.columns.items():
                columns[f"{mark}_{output}_{part}"] = column
            self._columns[f"{name}.{output}"] = parts.meaning
            self._stored[f"{name}.{output}"] = tuple(f"{mark}_{output}_{p}" for p in parts.columns)
        self.relation = self.relation.mutate(**columns)

    def _row(self, alternatives: tuple[tuple[Cell, ...], ...]) -> Column:
        whole: list[Column] = []
        for cells in alternatives:
            truth: Column = TRUE
            for index, cell in enumerate(cells):
                condition = self._cell(cell)
                truth = condition if index == 0 else truth & condition
            whole.append(truth)
        combined = whole[0]
        for other in whole[1:]:
            combined = combined | other
        return combined

    def _cell(self, cell: Cell) -> Column:
        value = self._named(cell.name)
        if cell.operator is Operator.KNOWN:
            return given(value)
        if cell.operator is Operator.UNKNOWN:
            return missing(value)
        writer = self._writer()
        if cell.operator in (Operator.IN, Operator.NOT_IN):
            tests = [compared("==", value, writer.of(o)) for o in cell.operands]
            found = tests[0]
            for test in tests[1:]:
                found = found | test
            return found if cell.operator is Operator.IN else opposite(found)
        return compared(cell.operator.value, value, writer.of(cell.operands[0]))


@dataclass(frozen=True, slots=True)
class _Parts:
    """An output as stored columns, and how to read them back."""

    columns: dict[str, Column]
    meaning: Meaning


def _doubt(
    table: Table, truths: list[Column], values: list[dict[str, Meaning | None]], row: int
) -> dict[str, Column]:
    """Return, if `row` is the first to apply, whether an open row could make an output differ.

    Key `*` tells whether the answer as a whole is in doubt: an open row that would give something
    else, or an amount of the row itself that cannot be computed.
    """
    never: Column = FALSE
    doubts: dict[str, Column] = {}
    whole = never
    for output in table.gives:
        doubt = never
        mine = values[row][output]
        others = range(row) if table.hit is HitPolicy.FIRST else range(len(truths))
        for other in others:
            if other == row:
                continue
            differs = _differs(values[other][output], mine)
            if differs is not None:
                doubt = doubt | (truths[other].isnull() & differs)
        if table.hit is HitPolicy.UNIQUE:
            for other in others:
                if other != row:
                    whole = whole | truths[other].fill_null(FALSE)
        doubts[output] = doubt
        whole = whole | doubt
        if mine is not None and not isinstance(table.rows[row].then.get(output), Constant):
            whole = whole | missing(mine)
    doubts["*"] = whole
    return doubts


def _differs(one: Meaning | None, other: Meaning | None) -> Column | None:
    """Return whether two outputs differ; None when they are the same whatever the case."""
    if one is None and other is None:
        return None
    if one is None or other is None:
        return TRUE
    if one is other or _same_literal(one, other):
        return None
    equal = compared("==", one, other)
    return opposite(equal.fill_null(FALSE) | (missing(one) & missing(other)))


def _same_literal(one: Meaning, other: Meaning) -> bool:
    if isinstance(one, Moment) and isinstance(other, Moment):
        return one.months == other.months and _same_literal(one.micros, other.micros)
    if isinstance(one, Number) and isinstance(other, Number):
        below = (one.denominator, other.denominator)
        if isinstance(below[0], int) or isinstance(below[1], int):
            same = isinstance(below[0], int) and below[0] == below[1]
        else:
            same = bool(below[0].equals(below[1]))
        return same and bool(one.numerator.equals(other.numerator))
    if isinstance(one, Number | Moment) or isinstance(other, Number | Moment):
        return False
    return bool(one.equals(other))


def _picked(
    truths: list[Column], doubts: list[Column], given: list[Meaning | None], kind: Kind
) -> _Parts:
    """Return the output of the first row that applies; null where it is in doubt."""
    known = [g for g in given if g is not None]
    if any(isinstance(g, Number | Moment) for g in known):
        return _picked_number(truths, doubts, given)
    nothing = ibis.null("boolean" if kind is Kind.BOOLEAN else "string")
    whens = [
        (truth, nothing if value is None else ibis.ifelse(doubt, nothing, value))
        for truth, doubt, value in zip(truths, doubts, given, strict=True)
    ]
    if not known and kind not in (Kind.BOOLEAN, Kind.ENUM, Kind.TEXT):
        return _Parts({"n": ibis.null("int64")}, Number(ibis.null("int64"), 1, 1))
    column = ibis.cases(*whens, else_=nothing)
    return _Parts({"w": column}, column)


def _picked_number(
    truths: list[Column], doubts: list[Column], given: list[Meaning | None]
) -> _Parts:
    numbers = [g.micros if isinstance(g, Moment) else g for g in given]
    real = [n for n in numbers if isinstance(n, Number)]
    type_ = "int64" if all(str(n.numerator.type()).startswith("int") for n in real) else None
    nothing = ibis.null(type_ or "decimal(38, 0)")
    whens: list[tuple[Column, Column]] = []
    lower: list[tuple[Column, Column]] = []
    for truth, doubt, number in zip(truths, doubts, numbers, strict=True):
        if not isinstance(number, Number):
            whens.append((truth, nothing))
            lower.append((truth, ibis.literal(1, "int64")))
            continue
        whens.append((truth, ibis.ifelse(doubt, nothing, number.numerator)))
        below = number.denominator
        lower.append((truth, ibis.literal(below, "int64") if isinstance(below, int) else below))
    columns = {"n": ibis.cases(*whens, else_=nothing)}
    bits = max(n.bits for n in real)
    below_bits = max(n.denominator_bits for n in real)
    shared: Column | int = 1
    if any(not (isinstance(n.denominator, int) and n.denominator == 1) for n in real):
        columns["d"] = ibis.cases(*lower, else_=ibis.literal(1, "int64"))
        shared = columns["d"]
    found = Number(columns["n"], shared, bits, below_bits)
    moment = any(isinstance(g, Moment) for g in given)
    return _Parts(columns, Moment(found) if moment else found)


def _whole_seconds(micros: Number) -> Number:
    seconds = rounded(Number(micros.numerator, 1_000_000, 50, 20), "floor")
    return Number(seconds.numerator * 1_000_000, 1, micros.bits)


def _ratio(value: Number) -> Column:
    below = value.denominator
    bottom = ibis.literal(below) if isinstance(below, int) else below
    return value.numerator.cast("float64") / bottom.cast("float64")


def _tables_read(book: Rulebook, table: Table) -> tuple[str, ...]:
    """Return the other tables that a table reads, directly or through formulas."""
    found: dict[str, None] = {}
    waiting, seen = list(names_of_table(table)), set[str]()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        if name in book.formulas:
            waiting.extend(names_in(book.formulas[name].expression))
        elif "." in name:
            found[name.partition(".")[0]] = None
    return tuple(found)


def _collects(name: str) -> BadInput:
    return BadInput(
        Finding(
            code="bulk.collects",
            field="subject",
            message=Text(
                f"判定表 {name} 收集多行结果，不能逐案成一行",
                f"table `{name}` collects several rows; a case would not be one row",
            ),
            cure=Text("请选择 first 或 unique 的表", "choose a table that is `first` or `unique`"),
        )
    )
