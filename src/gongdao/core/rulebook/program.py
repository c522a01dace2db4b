"""Compiled rulebooks (编译结果): tables ready to judge, kept per rulebook."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from gongdao.core.rulebook.answer import NearMiss, RowHit
from gongdao.core.rulebook.calculate import Calculation, Calculator, Run, settled
from gongdao.core.rulebook.compile import Judged, cell_truth, compile_table
from gongdao.core.rulebook.expression import Constant, Expression, Name
from gongdao.core.rulebook.model import HitPolicy, Kind, Rulebook, Table, TypeOf, Value
from gongdao.core.rulebook.operations import Loose
from gongdao.core.rulebook.reads import NOTHING_READ, Reads, reads_of

_MOST_BOOKS = 512
_MOST_CONDITIONS = 4096


@dataclass(slots=True)
class Verdict:
    """What a table says in one run."""

    decided: bool
    outputs: Mapping[str, Value | None]
    """Outputs that are certain; None where the rows still possible differ."""
    collected: tuple[Mapping[str, Value | None], ...]
    near: list[NearMiss]
    reads: Reads
    open_parts: Callable[[Run], Iterator[Expression]]
    """The conditions and outputs that keep it open."""


class CompiledTable:
    """One table, ready to judge."""

    def __init__(self, table: Table, program: Program) -> None:
        self._table = table
        self._program = program
        self._judges: dict[bool, Callable[[Run], Judged]] = {}
        self._hits = [RowHit(table=table.name, row=r.id, cite=r.cite) for r in table.rows]
        self._fixed = [
            {o: e.value if isinstance(e := r.then.get(o), Constant) else None for o in table.gives}
            for r in table.rows
        ]
        self._computed = [
            [
                (o, _settling(program.calculator.of(e), table.gives[o]))
                for o, e in r.then.items()
                if not isinstance(e, Constant)
            ]
            for r in table.rows
        ]
        self._first = table.hit is HitPolicy.FIRST
        self._collects = table.hit is HitPolicy.COLLECT
        self._reads = reads_of(table, program.book, program.calculator)

    def judge(self, run: Run, *, near: bool = False) -> Verdict:
        """Judge the table in `run`, adding the rows that applied to the run's hits.

        `near`: also note the rows that failed by exactly one condition.
        """
        return self._verdict(run, *self._judged(run, near=near))

    def _verdict(
        self, run: Run, hit: list[int], open_: list[int], missed: list[NearMiss]
    ) -> Verdict:
        if self._collects:
            return self._collected(run, hit, open_, missed)
        if len(hit) == 1:
            return self._one(run, hit[0], open_, missed)
        run.hits.extend(self._hits[i] for i in hit)
        # None applies (more facts may open the way), or several do where one may.
        return Verdict(
            decided=False,
            outputs=dict.fromkeys(self._table.gives),
            collected=(),
            near=missed,
            reads=self._reads[-1] if self._reads else NOTHING_READ,
            open_parts=lambda run: self._open(run, open_),
        )

    def consult(self, run: Run) -> Mapping[str, Value | None]:
        """Return the outputs that are certain, adding the rows that applied to the run's hits."""
        hit, open_, missed = self._judged(run, near=False)
        if len(hit) == 1 and not open_ and not self._collects and not self._computed[hit[0]]:
            run.hits.append(self._hits[hit[0]])
            return self._fixed[hit[0]]
        return self._verdict(run, hit, open_, missed).outputs

    def _judged(self, run: Run, *, near: bool) -> Judged:
        judge = self._judges.get(near)
        if judge is None:
            program = self._program
            judge = compile_table(self._table, program.book, program.calculator, near=near)
            self._judges[near] = judge
        return judge(run)

    def _one(self, run: Run, row: int, open_: list[int], near: list[NearMiss]) -> Verdict:
        """Judge when exactly one row certainly applies, though others may be open."""
        outputs = self._outputs(run, row)
        reads = self._reads[row if self._first else -1]
        computed = self._computed[row]
        wanting = [o for o, _ in computed if outputs[o] is None] if computed else []
        if open_:
            while open_ and not wanting and self._agrees(run, open_[-1], outputs):
                open_.pop()
            for other in open_:
                possible = self._outputs(run, other)
                outputs = {o: v if possible[o] == v else None for o, v in outputs.items()}
        if not open_:
            run.hits.append(self._hits[row])
        if not open_ and not wanting:
            return Verdict(
                decided=True,
                outputs=outputs,
                collected=(),
                near=near,
                reads=reads,
                open_parts=_nothing,
            )

        def parts(run: Run) -> Iterator[Expression]:
            yield from self._open(run, open_)
            for output in wanting:
                yield self._table.rows[row].then[output]

        return Verdict(
            decided=False, outputs=outputs, collected=(), near=near, reads=reads, open_parts=parts
        )

    def _collected(
        self, run: Run, hit: list[int], open_: list[int], near: list[NearMiss]
    ) -> Verdict:
        run.hits.extend(self._hits[i] for i in hit)
        collected = tuple(self._outputs(run, i) for i in hit)
        wanting = [
            self._table.rows[i].then[o]
            for i, outputs in zip(hit, collected, strict=True)
            for o, _ in self._computed[i]
            if outputs[o] is None
        ]

        def parts(run: Run) -> Iterator[Expression]:
            yield from self._open(run, open_)
            yield from wanting

        return Verdict(
            decided=not open_ and not wanting,
            outputs={},
            collected=collected,
            near=near,
            reads=self._reads[-1] if self._reads else NOTHING_READ,
            open_parts=parts,
        )

    def _outputs(self, run: Run, row: int) -> dict[str, Value | None]:
        outputs: dict[str, Value | None] = dict(self._fixed[row])
        for output, calculation in self._computed[row]:
            outputs[output] = calculation(run)
        return outputs

    def _agrees(self, run: Run, row: int, outputs: Mapping[str, Value | None]) -> bool:
        """Tell whether a row still open would give just these outputs, all of them known."""
        found = self._outputs(run, row)
        return found == outputs and all(found[o] is not None for o, _ in self._computed[row])

    def _open(self, run: Run, rows: list[int]) -> Iterator[Expression]:
        """Yield what the conditions that keep rows open compare."""
        calculator = self._program.calculator
        for index in rows:
            for cells in self._table.rows[index].alternatives:
                truths = [cell_truth(cell, calculator)(run) for cell in cells]
                if False in truths:
                    continue
                for cell, truth in zip(cells, truths, strict=True):
                    if truth is None:
                        yield Name(cell.name)
                        yield from cell.operands


def _settling(calculation: Calculation, type_: TypeOf) -> Calculation:
    """Return a calculation whose spans are whole seconds, as in every ruling."""
    if type_.kind is not Kind.SPAN:
        return calculation
    return lambda run: settled(calculation(run))


def _nothing(run: Run) -> Iterator[Expression]:
    del run
    return iter(())


class Program:
    """One rulebook, compiled."""

    def __init__(self, book: Rulebook) -> None:
        self.book = book
        self.ref = book.ref
        self.calculator = Calculator(book, self._consult)
        outputs = [f"{t.name}.{o}" for t in book.tables.values() for o in t.gives]
        self.names = frozenset((*book.facts, *book.parameters, *book.formulas, *outputs))
        self._conditions: dict[int, tuple[Expression, Calculation]] = {}
        self.tables = {n: CompiledTable(t, self) for n, t in book.tables.items()}

    def _consult(self, table: str, run: Run) -> Mapping[str, Loose]:
        outputs = run.outputs.get(table)
        if outputs is None:
            outputs = run.outputs[table] = self.tables[table].consult(run)
        return outputs

    def value(self, name: str, run: Run) -> Loose:
        """Return the value of any name of the book in `run`."""
        return self.calculator.of_name(name)(run)

    def condition(self, expression: Expression) -> Calculation:
        """Return the calculation of a condition, compiled once for each expression object."""
        found = self._conditions.get(id(expression))
        if found is None:
            if len(self._conditions) >= _MOST_CONDITIONS:
                self._conditions.clear()
            # The expression is kept beside its calculation so that its id is not used again.
            found = (expression, self.calculator.of(expression))
            self._conditions[id(expression)] = found
        return found[1]


_programs: dict[int, Program] = {}


def program_of(book: Rulebook) -> Program:
    """Return the compiled form of `book`, compiled at its first use."""
    found = _programs.get(id(book))
    if found is None:
        if len(_programs) >= _MOST_BOOKS:
            _programs.clear()
        # A program keeps its book, so the id stays taken while the program is here.
        found = _programs[id(book)] = Program(book)
    return found
