"""Statutory floor in bulk (法定底线): where the platform gives the buyer less, the law's answer.

The same as `core.adjudication.floor`, written as columns: the first table of law that is better
for the buyer in something and worse in nothing is applied. The platform's row and clauses stay;
`floor`, `floor_row` and `floor_clauses` say by what law the outputs were raised, null by none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import ibis

from gongdao.analytics.intake import Intake
from gongdao.analytics.number import FALSE, WIDE, Column
from gongdao.analytics.refusals import other_kind
from gongdao.analytics.tables import compile_table
from gongdao.core.adjudication.floor import exempt
from gongdao.core.kernel.words import Party
from gongdao.core.rulebook.model import HitPolicy, Kind, Rulebook, Table

#: A book of law and the name of its table that may not be fallen below, in the order tried.
Floor: TypeAlias = tuple[Rulebook, str]

#: The columns that say by what law an answer was raised.
ADDED = ("floor", "floor_row", "floor_clauses")
_ANSWER = ("status", "row", "clauses")
_OWN, _LAW = "_b_", "_l{}_"
_REMEDY, _REFUND = "remedy", "refund"
_UNIT = {Kind.MONEY: "_fen", Kind.SPAN: "_seconds"}


def prefix_of(place: int) -> str:
    """Return what the columns of the law at `place` start with."""
    return f"{_LAW.format(place)}f_"


def ranked(table: Table, law: Table) -> tuple[str, ...]:
    """Return the outputs of `table` that `law` can raise; none where either collects rows."""
    if HitPolicy.COLLECT in (table.hit, law.hit):
        return ()
    words = (Kind.ENUM, Kind.TEXT)
    return tuple(
        output
        for output in law.order.get(Party.BUYER.value, {})
        if all(output in t.gives and t.gives[output].kind in words for t in (table, law))
    )


@dataclass(frozen=True, slots=True)
class _Law:
    """One table of law, answered for every case."""

    book: Rulebook
    table: Table
    outputs: tuple[str, ...]
    mark: str

    def step(self, answered: Any, output: str) -> Column:  # noqa: ANN401  any engine's relation
        """Return by how many places the law is better; null where a value is not ranked."""
        words = self.table.order[Party.BUYER.value][output]
        has = _place(answered[f"{_OWN}out_{output}"], words)
        return _place(answered[f"{self.mark}out_{output}"], words) - has


_NOWHERE: Column = ibis.null("int64")


def _place(said: Column, words: Sequence[str]) -> Column:
    """Return the place of a word among `words`; null when it is none of them."""
    return ibis.cases(*((said == w, i) for i, w in enumerate(words)), else_=_NOWHERE)


def compile_with_floors(
    book: Rulebook,
    intake: Intake,
    name: str,
    kept: tuple[str, ...],
    floors: Sequence[tuple[Floor, Intake]],
) -> Any:  # noqa: ANN401  any engine's relation
    """Return the columns `kept` and the answer of table `name`, raised to the `floors`.

    Each intake of the law stands on the relation of the one before, the first on that of `intake`.
    BadInput as from `compile_table`, `bulk.other_kind` where a refund would change its type.
    """
    table = book.tables[name]
    for (law, asked), _ in floors:
        _require_one_kind_of_refund(book, table, law, law.tables[asked])
    relation = floors[-1][1].relation
    facts = tuple(c for c in relation.columns if c.startswith("_l"))
    own = Intake(relation, intake.facts, intake.known, intake.seen)
    answered = _renamed(compile_table(book, own, name, (*kept, *facts)), table, _OWN)
    laws: list[_Law] = []
    for place, ((law, asked), read) in enumerate(floors):
        demanded, mark = law.tables[asked], _LAW.format(place)
        through = Intake(answered, read.facts, read.known, read.seen)
        answered = compile_table(law, through, asked, tuple(answered.columns))
        answered = _renamed(answered, demanded, mark)
        laws.append(_Law(law, demanded, ranked(table, demanded), mark))
    return _raised(table, _chosen(table, answered, laws), laws, kept)


def _require_one_kind_of_refund(book: Rulebook, table: Table, law: Rulebook, other: Table) -> None:
    given = [t.gives[_REFUND].kind for t in (table, other) if _REFUND in t.gives]
    if len(set(given)) > 1:
        raise other_kind(_REFUND, book.ref, law.ref)


def _renamed(answered: Any, table: Table, mark: str) -> Any:  # noqa: ANN401  any engine's relation
    """Return a relation whose answer has names of its own."""
    return answered.rename({f"{mark}{n}": n for n in (*_ANSWER, *_columns(table))})


def _columns(table: Table) -> list[str]:
    return [_column(table, o) for o in table.gives]


def _column(table: Table, output: str) -> str:
    return f"out_{output}{_UNIT.get(table.gives[output].kind, '')}"


def _chosen(table: Table, answered: Any, laws: Sequence[_Law]) -> Any:  # noqa: ANN401  as above
    """Add for each case which law applies, and by how much it is better in what."""
    steps = {f"{w.mark}s_{o}": w.step(answered, o) for w in laws for o in w.outputs}
    answered = answered.mutate(**steps)
    open_to: Column = answered[f"{_OWN}status"] == "decided"
    closed = [row.id for row in table.rows if exempt(row)]
    if closed:
        open_to = open_to & answered[f"{_OWN}row"].notin(closed)
    whens: list[tuple[Column, int]] = []
    for place, law in enumerate(laws):
        applies = open_to & (answered[f"{law.mark}status"] == "decided")
        better: Column = FALSE
        for output in law.outputs:
            step = answered[f"{law.mark}s_{output}"].fill_null(0)
            better = better | (step > 0)
            applies = applies & (step >= 0)
        whens.append(((applies & better).fill_null(FALSE), place))
    return answered.mutate(**{f"{_OWN}law": ibis.cases(*whens, else_=_NOWHERE)})


def _raised(table: Table, answered: Any, laws: Sequence[_Law], kept: tuple[str, ...]) -> Any:  # noqa: ANN401  as above
    """Return the columns `kept` and the answer with the outputs that the law raised."""
    columns = {n: answered[f"{_OWN}{n}"] for n in _ANSWER}
    for output in table.gives:
        name = _column(table, output)
        whens = [
            (_raises(answered, place, law, output), answered[f"{law.mark}{name}"])
            for place, law in enumerate(laws)
            if output in law.outputs
        ]
        if output == _REFUND:
            whens = _refunds(table, answered, laws)
        own = answered[f"{_OWN}{name}"]
        columns[name] = _one_type(whens, own)
    columns |= _told(answered, laws)
    return answered.select(*kept, **columns)


def _raises(answered: Any, place: int, law: _Law, output: str) -> Column:  # noqa: ANN401  as above
    """Return whether the law at `place` applies and raises an output."""
    step = answered[f"{law.mark}s_{output}"].fill_null(0)
    return ((answered[f"{_OWN}law"] == place) & (step > 0)).fill_null(FALSE)


def _refunds(table: Table, answered: Any, laws: Sequence[_Law]) -> list[tuple[Column, Column]]:  # noqa: ANN401  as above
    """Return the refund of each law: an amount was for the remedy that gave way to another."""
    name = _column(table, _REFUND)
    found: list[tuple[Column, Column]] = []
    for place, law in enumerate(laws):
        if _REMEDY not in law.outputs:
            continue
        given = _REFUND in law.table.gives
        amount = answered[f"{law.mark}{name}"] if given else ibis.null("int64")
        found.append((_raises(answered, place, law, _REMEDY), amount))
    return found


def _one_type(whens: Sequence[tuple[Column, Column]], own: Column) -> Column:
    """Return `own` or what replaces it; amounts of different widths become the wide one."""
    if not whens:
        return own
    amounts = [own, *(v for _, v in whens)]
    if any(v.type().is_decimal() for v in amounts):
        amounts = [v.cast(WIDE) for v in amounts]
    replaced = zip((w for w, _ in whens), amounts[1:], strict=True)
    return ibis.cases(*replaced, else_=amounts[0])


def _told(answered: Any, laws: Sequence[_Law]) -> dict[str, Column]:  # noqa: ANN401  as above
    """Return the columns that say by what law an answer was raised."""
    applied = answered[f"{_OWN}law"]
    nothing: Column = ibis.null("string")
    refs = [(applied == i, ibis.literal(law.book.ref)) for i, law in enumerate(laws)]
    rows = [(applied == i, answered[f"{law.mark}row"]) for i, law in enumerate(laws)]
    cites = [(applied == i, answered[f"{law.mark}clauses"]) for i, law in enumerate(laws)]
    return {
        name: ibis.cases(*whens, else_=nothing)
        for name, whens in zip(ADDED, (refs, rows, cites), strict=True)
    }
