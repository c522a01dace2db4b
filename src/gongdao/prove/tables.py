"""Tables as terms (判定表): when each row surely applies, is surely ruled out, or comes out."""

from __future__ import annotations

from dataclasses import dataclass

from gongdao.core.rulebook.dependencies import facts_behind, names_in
from gongdao.core.rulebook.expression import Constant
from gongdao.core.rulebook.model import Cell, HitPolicy, Kind, Operator, Row, Rulebook, Table
from gongdao.prove.encoder import Encoder, type_of_name
from gongdao.prove.logic import (
    FALSE,
    TRUE,
    Term,
    all_of,
    any_of,
    as_real,
    either,
    integer_value,
    negated,
    same_sort,
)
from gongdao.prove.terms import (
    Meaning,
    Quantity,
    Truth,
    compare,
    conjunction,
    disjunction,
    known_truth,
)
from gongdao.prove.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class EncodedTable:
    """One table over one vocabulary."""

    table: Table
    rows: tuple[Truth, ...]
    """Per row: its conditions surely hold, surely fail."""
    chosen: tuple[Term, ...]
    """Per row: it is the answer (for `collect`: it is among the answers)."""

    @property
    def decided(self) -> Term:
        """Some row is the answer."""
        return any_of(self.chosen) if self.chosen else FALSE

    @property
    def silent(self) -> Term:
        """Every row is ruled out, whatever else may become known."""
        return all_of([row.no for row in self.rows])


class EncodedBook:
    """A rulebook's tables over one vocabulary, encoded as they are asked for."""

    def __init__(self, book: Rulebook, prefix: str = "") -> None:
        self.book = book
        self.vocabulary = Vocabulary(book, prefix)
        self.encoder = Encoder(self.vocabulary, self._output)
        self._tables: dict[str, EncodedTable] = {}

    def agreeing(self) -> list[Term]:
        """Return what the book requires of facts among themselves, of those met so far."""
        found: list[Term] = []
        for required in self.book.require:
            names = {n for each in names_in(required.that) for n in facts_behind(self.book, each)}
            if names & set(self.book.facts) <= set(self.vocabulary.values):
                found.append(negated(self.encoder.truth(required.that).no))
        return found

    def table(self, name: str) -> EncodedTable:
        """Return an encoded table."""
        found = self._tables.get(name)
        if found is None:
            table = self.book.tables[name]
            rows = tuple(self._row(row) for row in table.rows)
            found = EncodedTable(table, rows, tuple(_chosen(table.hit, rows)))
            self._tables[name] = found
        return found

    def given(self, name: str, output: str) -> Meaning:
        """Return what a table gives for one output: the answer's row decides."""
        encoded = self.table(name)
        type_ = encoded.table.gives[output]
        meaning: Meaning | None = None
        for row, chosen in reversed(list(zip(encoded.table.rows, encoded.chosen, strict=True))):
            expression = row.then.get(output)
            if expression is None:
                continue
            meaning = _either(chosen, self.encoder.given_as(expression, type_.enum), meaning)
        if meaning is None:
            return Quantity(integer_value(0), FALSE)
        return meaning

    def settled(self, name: str) -> list[Term]:
        """Return what makes every output of the answer's row known: its facts are met and given."""
        encoded = self.table(name)
        found: list[Term] = []
        for row, chosen in zip(encoded.table.rows, encoded.chosen, strict=True):
            for output, expression in row.then.items():
                meaning = self.encoder.given_as(expression, encoded.table.gives[output].enum)
                found.append(any_of([negated(chosen), known_truth(meaning).yes]))
        return found

    def _output(self, name: str) -> Meaning:
        table, _, output = name.partition(".")
        return self.given(table, output)

    def _row(self, row: Row) -> Truth:
        return disjunction(
            [conjunction([self._cell(cell) for cell in cells]) for cells in row.alternatives]
        )

    def _cell(self, cell: Cell) -> Truth:
        meaning = self.encoder.name(cell.name)
        if cell.operator is Operator.KNOWN:
            return known_truth(meaning)
        if cell.operator is Operator.UNKNOWN:
            known = known_truth(meaning)
            return Truth(known.no, known.yes)
        if cell.operator in (Operator.IN, Operator.NOT_IN):
            any_of = disjunction(
                [self._test(cell, meaning, i, "==") for i in range(len(cell.operands))]
            )
            return any_of if cell.operator is Operator.IN else Truth(any_of.no, any_of.yes)
        return self._test(cell, meaning, 0, cell.operator.value)

    def _test(self, cell: Cell, meaning: Meaning, index: int, operator: str) -> Truth:
        operand = cell.operands[index]
        if isinstance(meaning, Truth):
            other = self.encoder.truth(operand)
            same = disjunction(
                [
                    conjunction([meaning, other]),
                    conjunction([Truth(meaning.no, meaning.yes), Truth(other.no, other.yes)]),
                ]
            )
            return same if operator == "==" else Truth(same.no, same.yes)
        if isinstance(operand, Constant) and operand.kind == Kind.ENUM:
            enum = type_of_name(self.book, cell.name).enum
            return compare(operator, meaning, self.encoder.word(operand, enum))
        return compare(operator, meaning, self.encoder.quantity(operand))


def _either(chosen: Term, value: Meaning, rest: Meaning | None) -> Meaning:
    if isinstance(value, Truth):
        later = rest if isinstance(rest, Truth) else Truth(FALSE, FALSE)
        return Truth(either(chosen, value.yes, later.yes), either(chosen, value.no, later.no))
    if not isinstance(rest, Quantity):
        known = all_of([chosen, value.known])
        return Quantity(value.term, known, value.months, value.workdays)
    first, second = value.term, rest.term
    if not same_sort(first, second):
        first, second = as_real(first), as_real(second)
    known = either(chosen, value.known, rest.known)
    months, workdays = max(value.months, rest.months), max(value.workdays, rest.workdays)
    return Quantity(either(chosen, first, second), known, months, workdays)


def _chosen(hit: HitPolicy, rows: tuple[Truth, ...]) -> list[Term]:
    if hit is not HitPolicy.FIRST:
        return [row.yes for row in rows]
    found: list[Term] = []
    before: list[Term] = [TRUE]
    for row in rows:
        found.append(all_of([*before, row.yes]))
        before.append(row.no)
    return found
