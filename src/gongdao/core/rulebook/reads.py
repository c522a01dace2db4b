"""What an answer read (读取的值): the values that judging down to a row rests on, made ready.

Which names those are, where each value stands in a run and what its origin is called are known as
soon as a table is; for a case only the values are left to fetch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gongdao.core.rulebook.answer import ValueRead
from gongdao.core.rulebook.calculate import Calculation, Calculator, Run, settled
from gongdao.core.rulebook.dependencies import facts_behind, names_in
from gongdao.core.rulebook.model import Kind, Rulebook, Table, Value

#: Where a value stands: among the facts, worked out in the run, or set in the book.
_GIVEN, _WORKED_OUT, _SET = range(3)
#: A name, what its origin is called, where its value stands.
Read = tuple[str, str, int]

#: Makes a named tuple without the detour of naming its parts.
_MADE: Callable[[type[ValueRead], tuple[str, Value, str]], ValueRead] = tuple.__new__  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]


@dataclass(frozen=True, slots=True)
class Reads:
    """The names that judging down to one row rests on, facts first named first."""

    names: tuple[Read, ...]
    parameters: Mapping[str, Value]
    spans: frozenset[str]
    """Formulas of spans among them, told in whole seconds."""
    given: tuple[Calculation, ...]
    """Outputs of other tables that the row may give without having asked for them."""

    def told(self, run: Run, origins: Mapping[str, str]) -> tuple[ValueRead, ...]:
        """Return the values of `run` that are known; `origins` says where facts came from."""
        for calculation in self.given:
            calculation(run)
        gets = (run.get, run.values.get, self.parameters.get)
        made = _MADE
        found = [
            made(ValueRead, (name, value, origin))
            for name, origin, place in self.names
            if (value := gets[place](name)) is not None
        ]
        if origins or self.spans:
            found = [self._settled(read, origins) for read in found]
        return tuple(found)

    def _settled(self, read: ValueRead, origins: Mapping[str, str]) -> ValueRead:
        if read.origin == "fact" and read.name in origins:
            return read._replace(origin=origins[read.name])
        return read._replace(value=settled(read.value)) if read.name in self.spans else read


NOTHING_READ = Reads((), {}, frozenset(), ())


def reads_of(table: Table, book: Rulebook, calculator: Calculator) -> list[Reads]:
    """Return, for each row, what judging down to it rests on."""
    found: dict[str, None] = {}
    reads: list[Reads] = []
    for row in table.rows:
        for cells in row.alternatives:
            for cell in cells:
                _note(found, book, cell.name)
                for operand in cell.operands:
                    for name in names_in(operand):
                        _note(found, book, name)
        at_row = dict(found)
        for output in row.then.values():
            for name in names_in(output):
                _note(at_row, book, name)
        given = tuple(calculator.of_name(n) for n in at_row if "." in n and n not in found)
        reads.append(_made_ready(at_row, book, given))
    return reads


def _note(found: dict[str, None], book: Rulebook, name: str) -> None:
    """Add a name, and the facts and parameters it rests on."""
    for each in (name, *facts_behind(book, name)):
        parameter = book.parameters.get(each)
        if parameter is None or parameter.value is not None:
            found.setdefault(each)


def _made_ready(names: Mapping[str, None], book: Rulebook, given: tuple[Calculation, ...]) -> Reads:
    listed: list[Read] = []
    for name in names:
        if name in book.parameters:
            listed.append((name, "parameter", _SET))
        elif name in book.facts:
            listed.append((name, "fact", _GIVEN))
        else:
            listed.append((name, "table" if "." in name else "formula", _WORKED_OUT))
    set_ = {n: book.parameters[n].value for n in names if n in book.parameters}
    values = {n: v for n, v in set_.items() if v is not None}
    spans = {n for n in names if n in book.formulas and book.formulas[n].type.kind is Kind.SPAN}
    return Reads(tuple(listed), values, frozenset(spans), given)
