"""One ruling with its explanation, against the zen-engine wheel on the same table.

zen-engine gets the same rows as a decision table in its own format, compiled beforehand; it tells
the outputs and, by its trace, the rule. gongdao explains: rows and clauses, every value read and
its origin, near misses. Two tables read facts alone, so that both do the same work. The third is
the hardest: the ruling of a dispute, 51 rows, where gongdao computes formulas and asks other tables
while zen-engine is handed all that ready. Cases are spread over the rows; their facts are all known
and their answers decided, because zen-engine has no unknown. Both work in this process, so that its
processor seconds are counted: what else the machine does meanwhile does not weigh on either.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from statistics import median
from time import process_time
from typing import Any

import zen

from bench.report import Figure, figure
from gongdao.core.kernel.time import Span
from gongdao.core.rulebook.answer import Answer
from gongdao.core.rulebook.calculate import Run, settled
from gongdao.core.rulebook.dependencies import names_of_table
from gongdao.core.rulebook.evaluate import evaluate, value_of
from gongdao.core.rulebook.explain import explain
from gongdao.core.rulebook.expression import Constant, Expression, Name
from gongdao.core.rulebook.model import Cell, Operator, Rulebook, Table, Value
from gongdao.core.rulebook.program import program_of
from gongdao.library.shelf import Shelf
from tests.analytics.generated import Cases

TABLES = (
    ("kuaishou/after-sale@2024-01-03", "cancellation"),
    ("service-desk/vendor-points@2026-07-13", "points"),
    ("douyin/dispute@2023-07-29", "ruling"),
)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ROUNDS, TRIED, OF_EACH_ROW = 25, 6_000, 15


def jdm(table: Table) -> dict[str, Any]:
    """Write a table as zen-engine's JSON decision model: one column a name, one rule a row."""
    names = sorted({c.name for r in table.rows for cells in r.alternatives for c in cells})
    column = {name: f"i{i}" for i, name in enumerate(names)}
    rules: list[dict[str, str]] = []
    for row in table.rows:
        for number, cells in enumerate(row.alternatives):
            rule = {"_id": f"{row.id}/{number}", **dict.fromkeys(column.values(), "")}
            for cell in cells:
                test = _test(cell)
                before = rule[column[cell.name]]
                rule[column[cell.name]] = f"{before} and {test}" if before else test
            for index, output in enumerate(table.gives):
                rule[f"o{index}"] = _given(row.id, output, row.then.get(output))
            rule["o_row"] = json.dumps(row.id)
            rules.append(rule)
    inputs = [{"id": column[n], "name": n, "field": _field(n)} for n in names]
    outputs = [{"id": f"o{i}", "name": o, "field": o} for i, o in enumerate(table.gives)]
    outputs.append({"id": "o_row", "name": "row", "field": "row"})
    content = {"hitPolicy": "first", "inputs": inputs, "outputs": outputs, "rules": rules}
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode", "position": {"x": 0, "y": 0}},
        {"id": "t", "name": "t", "type": "decisionTableNode", "content": content,
         "position": {"x": 1, "y": 0}},
        {"id": "out", "name": "out", "type": "outputNode", "position": {"x": 2, "y": 0}},
    ]  # fmt: skip
    edges = [
        {"id": "a", "sourceId": "in", "targetId": "t", "type": "edge"},
        {"id": "b", "sourceId": "t", "targetId": "out", "type": "edge"},
    ]
    return {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges}


def _field(name: str) -> str:
    return name.replace(".", "_")


def _test(cell: Cell) -> str:
    """Write a condition in zen's unary language."""
    if cell.operator is Operator.KNOWN:
        return "$ != null"
    if cell.operator is Operator.UNKNOWN:
        return "$ == null"
    values = [_literal(o) for o in cell.operands]
    if cell.operator in (Operator.IN, Operator.NOT_IN):
        listed = f"[{', '.join(values)}]"
        return f"$ {cell.operator.value} {listed}"
    return f"$ {cell.operator.value} {values[0]}"


def _literal(expression: object) -> str:
    if expression is None:
        return "null"
    if isinstance(expression, Name):
        return _field(expression.name)
    if not isinstance(expression, Constant):
        raise TypeError("conditions of these tables compare with constants and names")
    return json.dumps(_plain(expression.value))


def _plain(value: Value) -> object:
    if isinstance(value, bool | int | str):
        return value
    if isinstance(value, datetime):
        return (value - EPOCH) // timedelta(microseconds=1)
    return value.seconds if isinstance(value, Span) else float(value)


def _given(row: str, output: str, expression: Expression | None) -> str:
    """Write an output; one that is computed is handed over ready."""
    if expression is None or isinstance(expression, Constant):
        return _literal(expression)
    return _ready(row, output)


def _ready(row: str, output: str) -> str:
    return f"ready_{row}_{output}".replace("-", "_")


def context(book: Rulebook, table: Table, facts: Mapping[str, Value]) -> dict[str, Any]:
    """Return what the table reads in a case, ready computed."""
    names = set(names_of_table(table))
    found = {_field(n): value_of(book, n, facts) for n in names}
    program = program_of(book)
    for row in table.rows:
        for output, expression in row.then.items():
            if not isinstance(expression, Constant):
                value = settled(program.condition(expression)(Run(facts)))
                found[_ready(row.id, output)] = value
    return {name: None if v is None else _plain(v) for name, v in found.items()}


def _cases(book: Rulebook, name: str) -> list[dict[str, Value]]:
    """Return decided cases with every fact known, from the first row to the last, few of each."""
    made = Cases(book, 1, 0.0, huge=False)
    found: list[dict[str, Value]] = []
    hits: Counter[str] = Counter()
    for _ in range(TRIED):
        facts = made.facts()
        answer = evaluate(book, name, facts)
        row = next((h.row for h in answer.hits if h.table == name), "")
        if answer.status == "decided" and hits[row] < OF_EACH_ROW:
            hits[row] += 1
            found.append(facts)
    return found


def _same(ours: Answer, theirs: Mapping[str, Any]) -> bool:
    row = next(h.row for h in ours.hits if h.table == ours.table)
    given = {o: None if v is None else _plain(v) for o, v in ours.outputs.items()}
    return theirs["row"] == row and all(theirs.get(o) == v for o, v in given.items())


def run() -> list[Figure]:
    """Measure both by turns over the same cases, after checking that they answer the same."""
    return [_measured(Shelf().exact(book), name) for book, name in TABLES]


def _measured(book: Rulebook, name: str) -> Figure:
    table = book.tables[name]
    cases = _cases(book, name)
    contexts = [context(book, table, facts) for facts in cases]
    decision = zen.ZenEngine().create_decision(json.dumps(jdm(table)))
    traced: Any = {"trace": True}
    rows: set[str] = set()
    for facts, given in zip(cases, contexts, strict=True):
        theirs = decision.evaluate(given, traced)["result"]
        ours = evaluate(book, name, facts)
        if not _same(ours, theirs):
            raise AssertionError(f"{facts}: {ours.outputs} but {theirs}")
        rows.add(str(theirs["row"]))
    measured: dict[str, list[float]] = {"ours": [], "traced": [], "sentences": [], "bare": []}
    for _ in range(ROUNDS):
        measured["ours"].append(_each(lambda facts: evaluate(book, name, facts), cases))
        measured["traced"].append(_each(lambda c: decision.evaluate(c, traced), contexts))
        measured["bare"].append(_each(decision.evaluate, contexts))
        sentences = _each(lambda facts: explain(book, evaluate(book, name, facts)), cases)
        measured["sentences"].append(sentences)
    middle = {key: median(values) for key, values in measured.items()}
    return figure(
        f"一案裁决并说理 one ruling, explained: {book.ref}/{name}",
        ours=measured["ours"],
        peer=measured["traced"],
        unit="rulings/s",
        target=">= 10",
        details={
            "peer": "zen-engine with its trace, which says which rule",
            "rows": f"{len(table.rows)}, of which the cases reach {len(rows)}",
            "cases": len(cases),
            "against the peer without its trace": round(middle["ours"] / middle["bare"], 1),
            "also written out in Chinese and English": round(
                middle["sentences"] / middle["traced"], 1
            ),
        },
    )


def _each(work: Callable[[Any], object], inputs: Sequence[Any]) -> float:
    """Return how many of `inputs` are done in a second of the processor."""
    start = process_time()
    for one in inputs:
        work(one)
    return len(inputs) / (process_time() - start)
