"""The same work as jobs on DBOS: one workflow of one step a case, enqueued beforehand, not timed.

The queue has no limit of concurrency, as DBOS makes it unless told otherwise: workflows run on the
threads of its executor. It looks for work every tenth of a second instead of every second.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from importlib.metadata import version

import psycopg
import sqlalchemy
from dbos import DBOS, DBOSClient

from bench.fire_one import fire_one
from gongdao.store.postgres import Address

PEER = f"DBOS {version('dbos')}"
POLLING_SECONDS = 0.1
_QUEUE = "due"
_UNFINISHED = "SELECT count(*) FROM dbos.workflow_status WHERE status <> 'SUCCESS'"


@DBOS.step()
def fire(case_id: str) -> None:
    fire_one(case_id)


@DBOS.workflow()
def fire_durably(case_id: str) -> None:
    fire(case_id)


def seconds(address: Address, case_ids: Sequence[str], concurrency: int) -> float:
    """Return how long one process needs for all workflows, on `concurrency` threads."""
    url = sqlalchemy.URL.create(
        "postgresql", address.user, query={"host": address.host, "port": str(address.port)},
        database=address.dbname,
    ).render_as_string(hide_password=False)  # fmt: skip
    DBOS(
        config={
            "name": "bench",
            "system_database_url": url,
            "max_executor_threads": concurrency,
            "log_level": "ERROR",
        }
    )
    DBOS.launch()
    try:
        client = DBOSClient(system_database_url=url)
        for case_id in case_ids:
            client.enqueue({"queue_name": _QUEUE, "workflow_name": "fire_durably"}, case_id)
        client.destroy()
        begin = time.perf_counter()
        DBOS.register_queue(_QUEUE, polling_interval_sec=POLLING_SECONDS)
        _wait(address)
        return time.perf_counter() - begin
    finally:
        DBOS.destroy()


def _wait(address: Address) -> None:
    """Return when no workflow is left to finish."""
    with psycopg.connect(address.dsn, autocommit=True) as on:
        while True:
            row = on.execute(_UNFINISHED).fetchone()
            if row == (0,):
                return
            time.sleep(0.02)
