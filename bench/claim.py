"""Claiming (领取): what the claim query costs a batch, at 1,000,000 open deadlines against 10,000.

Both databases hold whole cases of the same size, one clock each. Every batch claims cases that no
batch claimed before; between the batches, outside the time measured, their clocks fire: the row
goes and a later one comes.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import psycopg

from bench.market import BATCH, BEGIN, FIRING_AT, MARKETPLACE, fill
from bench.report import Figure, figure
from bench.throwaway import filled
from gongdao.store.connection import Connection, fetch_all

FEW, MANY = 10_000, 1_000_000
ROUNDS = 9
#: The first finds the statement unprepared and the catalogues unread, as no worker does for long.
_WARMING = 1
#: Real cases of which the others are copies, under ids of their own.
_SEEDS = 100
_INDEXES = "cases_open_of_a_shop, cases_of_an_order, cases_of_a_buyer, cases_of_a_marketplace"

_MULTIPLY = f"""
CREATE TEMPORARY TABLE seed AS SELECT row_number() OVER () - 1 AS k, c.* FROM cases AS c;
CREATE TEMPORARY TABLE clock AS
    SELECT s.k, d.track, d.name, d.reason_zh, d.reason_en, d.cite
    FROM deadline AS d INNER JOIN seed AS s ON d.shop_id = s.shop_id AND d.case_id = s.id;
TRUNCATE deadline;
DELETE FROM cases;
-- Claiming does not use these; without them the copies are made in half the time.
DROP INDEX {_INDEXES};
CREATE TEMPORARY TABLE made AS
    SELECT
        n % {_SEEDS} AS k,
        (lpad(to_hex(n), 12, '0') || '70008' || left(md5(n::text), 15))::uuid AS id,
        timestamptz '{BEGIN.isoformat()}' + {{due_after}} AS due_at
    FROM generate_series(0, {{cases}} - 1) AS n;
INSERT INTO cases (
    shop_id, id, marketplace_id, order_id, buyer_id, version, claim, reason, requested_fen, stage,
    goods, money, arbitration, waits_for, opened_at, next_due_at, head_hash, order_body, snapshot
)
SELECT
    s.shop_id, m.id, s.marketplace_id, s.order_id, s.buyer_id, s.version, s.claim, s.reason,
    s.requested_fen, s.stage, s.goods, s.money, s.arbitration, s.waits_for, s.opened_at, m.due_at,
    s.head_hash, s.order_body, s.snapshot
FROM made AS m INNER JOIN seed AS s ON m.k = s.k;
INSERT INTO deadline (
    shop_id, case_id, track, name, marketplace_id, due_at, claim_at, reason_zh, reason_en, cite
)
SELECT
    s.shop_id, m.id, c.track, c.name, s.marketplace_id, m.due_at, m.due_at, c.reason_zh,
    c.reason_en, c.cite
FROM made AS m INNER JOIN seed AS s ON m.k = s.k INNER JOIN clock AS c ON m.k = c.k
"""

#: How the clocks of cases lie that were opened one after another over four days (case n of all).
_ORDERS = {
    "clocks of 24 h, 48 h and 72 h from opening": (
        "n::float8 / {cases} * interval '4 days' + (1 + abs(hashint8(n) % 3)) * interval '1 day'"
    ),
    "clocks in no order at all": (
        "(hashint8(n)::bigint + 2147483648) % 604800 * interval '1 second'"
    ),
}

_FIRE = """
WITH fired AS (
    DELETE FROM deadline WHERE case_id = ANY(%s::uuid[]) RETURNING *
)
INSERT INTO deadline (
    shop_id, case_id, track, name, marketplace_id, due_at, claim_at, reason_zh, reason_en, cite
)
SELECT
    shop_id, case_id, track, name || '-next', marketplace_id, due_at + interval '30 days',
    due_at + interval '30 days', reason_zh, reason_en, cite
FROM fired
"""


def run() -> list[Figure]:
    """Return what a batch costs among many deadlines, as a ratio to what it costs among few."""
    return [_compare(title, due_after) for title, due_after in _ORDERS.items()]


def _compare(title: str, due_after: str) -> Figure:
    costs: dict[int, list[float]] = {FEW: [], MANY: []}
    with ExitStack() as stack:
        markets = {n: stack.enter_context(_market(n, due_after)) for n in (FEW, MANY)}
        for turn in range(ROUNDS):
            for cases in (FEW, MANY) if turn % 2 else (MANY, FEW):
                costs[cases].append(_claim(markets[cases]))
    return figure(
        f"claiming a batch: {MANY:,} open deadlines / {FEW:,}; {title}",
        ours=costs[MANY][_WARMING:],
        peer=costs[FEW][_WARMING:],
        unit="ms/batch",
        target="<= 1.5",
        details={"batch": BATCH, "rounds": ROUNDS - _WARMING},
    )


@contextmanager
def _market(cases: int, due_after: str) -> Iterator[Connection]:
    with filled(lambda: fill(_SEEDS), f"of_{cases}") as address, psycopg.connect(address.dsn) as on:
        making = _MULTIPLY.replace("{due_after}", due_after).replace("{cases}", str(cases))
        on.execute(making.encode())
        on.commit()
        on.autocommit = True
        on.execute("VACUUM (FREEZE, ANALYZE)")
        on.execute("CHECKPOINT")
        on.autocommit = False
        on.prepare_threshold = 3
        yield on


def _claim(on: Connection) -> float:
    """Return what claiming one batch took, in milliseconds; then fire its clocks."""
    begin = time.perf_counter()
    rows = fetch_all(on, "claim_due", marketplace_id=MARKETPLACE, now=FIRING_AT, limit=BATCH)
    spent = time.perf_counter() - begin
    assert len(rows) == BATCH
    on.execute(_FIRE, [[row[1] for row in rows]])
    on.commit()
    return spent * 1000
