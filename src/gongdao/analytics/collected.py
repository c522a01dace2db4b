"""Collecting tables in bulk (汇集): every row that applies, as lists that keep one case one row."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import ibis

from gongdao.analytics.certainty import Certainty
from gongdao.analytics.meaning import Meaning, missing
from gongdao.analytics.number import FALSE, Column, opposite
from gongdao.analytics.outputs import shown
from gongdao.analytics.verdict import Truths
from gongdao.core.rulebook.expression import Constant
from gongdao.core.rulebook.model import Table


def collected(
    table: Table,
    truths: Truths,
    certainty: Certainty,
    value: Callable[[int, str], Meaning | None],
) -> dict[str, Column]:
    """Return the answer of a `collect` table: `row`, `clauses` and `out_…` are lists.

    Lists are in the order of the table's rows, and null where the answer is undecided: where a row
    is open, or an amount of one that applies cannot be computed. `clauses` names each clause once.
    """
    count = len(table.rows)
    undecided: Column = FALSE
    for index in truths.open_rows:
        undecided = undecided | truths.columns[index].isnull()
    for index, row in enumerate(table.rows):
        for output, expression in row.then.items():
            if isinstance(expression, Constant) or certainty.expression(expression):
                continue
            amount = value(index, output)
            if amount is not None:
                undecided = undecided | (truths.columns[index] & missing(amount)).fill_null(FALSE)
    decided = opposite(undecided)
    clauses = list(dict.fromkeys(c for row in table.rows for c in row.cite))
    citing = [
        _any([truths.columns[i] for i in range(count) if clause in table.rows[i].cite])
        for clause in clauses
    ]
    columns = {
        "status": ibis.ifelse(decided, "decided", "undecided"),
        "row": _listed(decided, truths.columns, [ibis.literal(r.id) for r in table.rows]),
        "clauses": _listed(decided, citing, [ibis.literal(c) for c in clauses]),
    }
    return columns | _outputs(table, truths, decided, value)


def _outputs(
    table: Table, truths: Truths, decided: Column, value: Callable[[int, str], Meaning | None]
) -> dict[str, Column]:
    """Return for each output the list of what the rows give that apply and give it."""
    columns: dict[str, Column] = {}
    for output, type_ in table.gives.items():
        giving = [i for i, row in enumerate(table.rows) if output in row.then]
        values = [value(i, output) for i in giving]
        written = [shown(f"out_{output}", type_, v) for v in values if v is not None]
        applies = [truths.columns[i] for i in giving]
        for name in written[0] if written else ():
            columns[name] = _listed(decided, applies, [w[name] for w in written])
    return columns


def _any(truths: Sequence[Column]) -> Column:
    found = truths[0]
    for truth in truths[1:]:
        found = found | truth
    return found


def _listed(decided: Column, truths: Sequence[Column], values: Sequence[Column]) -> Column:
    """Return the list of those `values` whose truth holds; null unless decided."""
    nothing = ibis.null(values[0].type())
    listed = ibis.array(
        [ibis.ifelse(t, v, nothing) for t, v in zip(truths, values, strict=True)]
    ).filter(lambda each: each.notnull())
    return ibis.ifelse(decided, listed, ibis.null(listed.type()))
