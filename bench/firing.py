"""Firing deadlines (到期处理) per second, against SQL that knows the answer and against job queues.

Every round fires the same market, each way in a fresh copy of it: `fire_due` as the worker calls
it, one set-based SQL statement, and one job a case on two durable job queues. In the first round
the rows that each way wrote are compared, byte for byte: all did the same work.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

import psycopg

from bench import jobs_dbos, jobs_procrastinate
from bench.firing_sql import statement as set_based
from bench.market import BATCH, FIRING_AT, MARKETPLACE, case_id, fill
from bench.report import Figure, figure
from bench.same_rows import digest
from bench.throwaway import copy_of, filled
from gongdao.app.fire_deadlines import fire_due
from gongdao.store.connection import connection
from gongdao.store.postgres import Address

CASES = 20_000
JOBS = 500
ROUNDS = 5
#: Procrastinate runs one synchronous task at a time and advises against more; ten were faster.
#: DBOS starts a thread a workflow unless told otherwise, more than the database has connections.
AT_ONCE = 10

Way = Callable[[Address], float]


def run() -> list[Figure]:
    """Return deadlines fired per second as ratios to each other way of doing the same."""
    gc.freeze()  # as the worker does
    with filled(lambda: fill(CASES), "many") as many, filled(lambda: fill(JOBS), "few") as few:
        ways = _ways(set_based(few))
        _warm_and_compare(few, ways)
        rates: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(ROUNDS):
            for name, way in ways.items():
                market, count = (many, CASES) if name in {"ours", "sql"} else (few, JOBS)
                with copy_of(market) as address:
                    rates[name].append(count / way(address))
    return _figures(rates)


def _ways(sql: bytes) -> dict[str, Way]:
    return {
        "ours": _ours,
        "sql": lambda address: _sql(address, sql),
        "procrastinate, 1 at once": lambda a: jobs_procrastinate.seconds(a, _ids(), 1),
        "procrastinate": lambda a: jobs_procrastinate.seconds(a, _ids(), AT_ONCE),
        "dbos": lambda a: jobs_dbos.seconds(a, _ids(), AT_ONCE),
    }


def _figures(rates: dict[str, list[float]]) -> list[Figure]:
    jobs = {"cases": CASES, "jobs": JOBS, "a job": "one case, one transaction, the same functions"}
    peers = (
        ("one SQL statement", "sql", ">= 0.35", {"cases": CASES, "batch": BATCH}),
        (
            f"{jobs_procrastinate.PEER}, 1 job at a time as it advises",
            "procrastinate, 1 at once",
            ">= 50",
            jobs,
        ),
        (
            f"{jobs_procrastinate.PEER}, {AT_ONCE} threads",
            "procrastinate",
            ">= 50",
            jobs,
        ),
        (
            f"{jobs_dbos.PEER}, {AT_ONCE} threads, looking every {jobs_dbos.POLLING_SECONDS} s",
            "dbos",
            ">= 50",
            jobs,
        ),
    )
    return [
        figure(
            f"firing deadlines / {title}",
            ours=rates["ours"],
            peer=rates[name],
            unit="/s",
            target=target,
            details={**details, "same rows written": True, "rounds": ROUNDS},
        )
        for title, name, target, details in peers
    ]


def _warm_and_compare(market: Address, ways: dict[str, Way]) -> None:
    """Let each way fire a small market; all must have written the same."""
    written: dict[str, dict[str, str]] = {}
    for name, way in ways.items():
        with copy_of(market) as address:
            way(address)
            written[name] = digest(address)
    for name, tables in written.items():
        other = [t for t in tables if tables[t] != written["ours"][t]]
        if other:
            raise RuntimeError(f"{name} wrote other rows than ours: {', '.join(other)}")


def _ids() -> list[str]:
    return [str(case_id(number)) for number in range(JOBS)]


def _ours(_: Address) -> float:
    connection()
    begin = time.perf_counter()
    while (report := fire_due(BATCH, now=FIRING_AT)).cases:
        assert not report.troubled
    return time.perf_counter() - begin


def _sql(address: Address, statement: bytes) -> float:
    given = {"marketplace_id": MARKETPLACE, "now": FIRING_AT, "limit": None}
    with psycopg.connect(address.dsn) as on:
        on.execute("SELECT 1")
        begin = time.perf_counter()
        on.execute(statement, given)
        on.commit()
        return time.perf_counter() - begin
