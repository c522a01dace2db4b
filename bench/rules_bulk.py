"""Five million rulings, against the same table written by hand as SQL `CASE` for DuckDB.

The table says whether an order may be cancelled and by whom: 11 rows over four words and two
instants. Both read the same Parquet file and write the input columns with status, row, clauses and
output to another, with all their start-up: ours reads the rulebook, checks every value and compiles
the table; the hand-written query checks nothing. All facts are known, as a `CASE` by hand has no
unknown; a second figure, without a peer, has one fact in twenty unknown.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import duckdb

from bench.report import Figure, figure
from gongdao.analytics.engines import on_duckdb
from gongdao.analytics.engines.asked import Asked
from gongdao.analytics.run import rule_file
from gongdao.library.shelf import Shelf

BOOK, TABLE = "kuaishou/after-sale@2024-01-03", "cancellation"
ROWS, ROUNDS = 5_000_000, 5

_FACTS = """
SELECT i AS order_no,
    {order_stage} AS order_stage, {payment} AS payment, {actor} AS actor,
    TIMESTAMPTZ '2024-02-01 00:00:00+08' + to_seconds(i % 100000) AS now,
    TIMESTAMPTZ '2024-02-01 00:00:00+08' + to_seconds((i * 7919) % 100000) AS payable_at
FROM range({rows}) AS r(i)
"""
_WORDS = {
    "order_stage": (
        "awaiting_payment", "awaiting_confirmation", "preparing", "shipped", "received",
        "succeeded", "cancelled",
    ),
    "payment": ("online", "cod"),
    "actor": ("buyer", "merchant"),
}  # fmt: skip

_ROWS = (
    ("already-cancelled", "order_stage = 'cancelled'"),
    ("cod-buyer-before-delivery", ("payment = 'cod' AND actor = 'buyer' AND order_stage IN"
     " ('awaiting_payment', 'awaiting_confirmation', 'preparing')")),
    ("cod-buyer-delivered", "payment = 'cod' AND actor = 'buyer' AND order_stage = 'shipped'"),
    ("cod-merchant-early", ("payment = 'cod' AND actor = 'merchant' AND order_stage IN"
     " ('awaiting_confirmation', 'preparing')")),
    ("cod-merchant-delivered", "payment = 'cod' AND actor = 'merchant'"),
    ("online-merchant", "payment = 'online' AND actor = 'merchant'"),
    ("online-unpaid-overdue", ("payment = 'online' AND order_stage = 'awaiting_payment'"
     " AND now > payable_at")),
    ("online-buyer-unpaid", ("payment = 'online' AND actor = 'buyer'"
     " AND order_stage = 'awaiting_payment'")),
    ("online-buyer-paid", ("payment = 'online' AND actor = 'buyer' AND order_stage IN"
     " ('awaiting_confirmation', 'preparing', 'shipped')")),
    ("delivered-buyer", "actor = 'buyer' AND order_stage IN ('received', 'succeeded')"),
    ("nobody-else", "TRUE"),
)  # fmt: skip
_WAY = {
    "cod-buyer-delivered": "customer_service",
    "cod-merchant-early": "by_self",
    "online-unpaid-overdue": "automatic",
    "online-buyer-unpaid": "by_self",
    "online-buyer-paid": "customer_service",
    "delivered-buyer": "after_sale",
}
_CLAUSES = {
    "already-cancelled": "KS-AS-05",
    "cod-buyer-before-delivery": "KS-AS-01",
    "cod-buyer-delivered": "KS-AS-01,KS-AS-03",
    "cod-merchant-early": "KS-AS-02",
    "cod-merchant-delivered": "KS-AS-02,KS-AS-03",
    "online-merchant": "KS-AS-06",
    "online-unpaid-overdue": "KS-AS-07",
    "online-buyer-unpaid": "KS-AS-05",
    "online-buyer-paid": "KS-AS-04",
    "delivered-buyer": "KS-AS-08,KS-AS-16",
    "nobody-else": "KS-AS-01,KS-AS-06",
}


def by_hand() -> str:
    """Return the query that a person would write: one `CASE` a column."""

    def case(give: dict[str, str], otherwise: str) -> str:
        whens = (f"WHEN {when} THEN '{give.get(row, otherwise)}'" for row, when in _ROWS)
        return f"CASE {' '.join(whens)} END"

    return (
        f"SELECT *, 'decided' AS status, {case({r: r for r, _ in _ROWS}, '')} AS row,"
        f" {case(_CLAUSES, '')} AS clauses, {case(_WAY, 'not_allowed')} AS out_way FROM facts"
    )


def _made(folder: Path, name: str, unknown: int) -> Path:
    """Write cases; one value in `unknown` is null, or none for 0."""
    file = folder / name
    words = {
        fact: f"[{', '.join(repr(w) for w in given)}][1 + (hash(i, '{fact}') % {len(given)})::INT]"
        for fact, given in _WORDS.items()
    }
    if unknown:
        words = {
            f: f"CASE WHEN hash(i, '{f}?') % {unknown} > 0 THEN {w} END" for f, w in words.items()
        }
    with duckdb.connect() as on:
        on.execute(f"COPY ({_FACTS.format(rows=ROWS, **words)}) TO '{file}' (FORMAT parquet)")
    return file


def _silent(share: float) -> None:
    del share


def _ours(source: Path, out: Path) -> float:
    start = perf_counter()
    book = Shelf().exact(BOOK)
    rule_file(Asked(book, TABLE), source, out, engine=on_duckdb.rule, progress=_silent)
    return ROWS / (perf_counter() - start)


def _theirs(source: Path, out: Path) -> float:
    start = perf_counter()
    with duckdb.connect() as on:
        on.execute(f"CREATE VIEW facts AS FROM read_parquet('{source}')")
        on.execute(f"COPY ({by_hand()}) TO '{out}' (FORMAT parquet)")
    return ROWS / (perf_counter() - start)


def run() -> list[Figure]:
    """Check that both answer the same, and measure them by turns."""
    with TemporaryDirectory() as made:
        folder = Path(made)
        source, ours, theirs = _made(folder, "facts", 0), folder / "ours", folder / "theirs"
        _ours(source, ours)
        _theirs(source, theirs)
        with duckdb.connect() as on:
            differing = on.execute(
                f"SELECT count(*) FROM (FROM read_parquet('{ours}')"
                f" EXCEPT ALL FROM read_parquet('{theirs}'))"
            ).fetchone()
        if differing != (0,):
            raise AssertionError(f"{differing} rows are answered differently")
        measured = [(_ours(source, ours), _theirs(source, theirs)) for _ in range(ROUNDS)]
        lacking = _made(folder, "lacking", 20)
        unknown = sorted(_ours(lacking, ours) for _ in range(3))[1]
    return [
        figure(
            "成批裁决 rulings in bulk",
            ours=[a for a, _ in measured],
            peer=[b for _, b in measured],
            unit="rulings/s",
            target=">= 0.6",
            details={"table": f"{BOOK}/{TABLE}", "rows": ROWS, "peer": "CASE by hand, DuckDB"},
        ),
        {
            "name": "成批裁决，二十分之一的事实未知 in bulk, one fact in twenty unknown",
            "ours": f"{unknown:,.5g} rulings/s",
            "ratio": None,
            "target": "",
            "met": None,
            "details": {"table": f"{BOOK}/{TABLE}", "rows": ROWS},
        },
    ]
