"""What plain Python answers (基准), in the form in which an engine writes it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from math import isclose
from typing import Any

from gongdao.core.kernel.time import Span
from gongdao.core.rulebook.answer import Answer
from gongdao.core.rulebook.evaluate import evaluate
from gongdao.core.rulebook.model import HitPolicy, Kind, Rulebook, Value
from gongdao.library.shelf import Shelf


def difference(
    book: Rulebook, table: str, facts: Mapping[str, Value], got: Mapping[str, Any]
) -> str | None:
    """Say how an engine's answer differs from plain Python's; None when it does not."""
    return difference_from(book, evaluate(book, table, facts), got)


def floor_difference(shelf: Shelf, answer: Answer, got: Mapping[str, Any]) -> str | None:
    """Say how the law that an engine applied differs from the law of `answer`."""
    wanted: dict[str, Any] = {"floor": None, "floor_row": None, "floor_clauses": None}
    floor = answer.floor
    if floor is not None:
        rows = shelf.exact(floor.rulebook).tables[floor.table].rows
        row = next(r for r in rows if r.id == floor.row)
        assert set(row.cite) <= {s.id for s in floor.sources}
        wanted = {
            "floor": floor.rulebook, "floor_row": floor.row, "floor_clauses": ",".join(row.cite),
        }  # fmt: skip
    for name, value in wanted.items():
        if got.get(name) != value:
            return f"{name}: {got.get(name)!r} instead of {value!r}"
    return None


def difference_from(book: Rulebook, answer: Answer, got: Mapping[str, Any]) -> str | None:
    """Say how an engine's answer differs from `answer`; None when it does not."""
    table = answer.table
    decided = answer.status == "decided"
    declared = book.tables[table]
    collect = declared.hit is HitPolicy.COLLECT
    wanted: dict[str, Any] = {"status": answer.status, "row": None, "clauses": None}
    if decided:
        own = [h for h in answer.hits if h.table == table]
        if collect:
            wanted["row"] = [h.row for h in own]
            order = list(dict.fromkeys(c for r in declared.rows for c in r.cite))
            wanted["clauses"] = sorted({c for h in own for c in h.cite}, key=order.index)
        else:
            wanted["row"] = own[0].row
            wanted["clauses"] = ",".join(own[0].cite)
    for name, value in wanted.items():
        if got[name] != value:
            return f"{name}: {got[name]!r} instead of {value!r}"
    for output, type_ in declared.gives.items():
        if not decided:
            values: Any = None
        elif collect:
            values = [c[output] for c in answer.collected if c[output] is not None]
        else:
            values = answer.outputs[output]
        fault = _differs(f"out_{output}", type_.kind, values, got)
        if fault:
            return fault
    return None


def _differs(name: str, kind: Kind, wanted: Any, got: Mapping[str, Any]) -> str | None:
    unit = {Kind.MONEY: "_fen", Kind.SPAN: "_seconds"}.get(kind, "")
    column = name + unit
    found = got.get(column)
    if wanted is None:
        same = found is None
    elif isinstance(wanted, list):
        same = found == [_plain(w) for w in wanted]
    elif isinstance(found, float):
        same = isclose(found, wanted, rel_tol=1e-12)
    elif isinstance(found, Decimal):
        same = found == wanted
    else:
        same = type(found) is type(_plain(wanted)) and found == _plain(wanted)
    return None if same else f"{column}: {found!r} instead of {wanted!r}"


def _plain(value: Any) -> Any:
    if isinstance(value, Span):
        assert not value.months
        return value.seconds
    if isinstance(value, Fraction) and value.denominator == 1:
        return int(value)
    return value
