"""The same work as jobs on Procrastinate: one job a case, deferred beforehand, not timed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from importlib.metadata import version

from procrastinate import App, PsycopgConnector

from bench.fire_one import fire_one
from gongdao.store.postgres import Address

PEER = f"Procrastinate {version('procrastinate')}"


def seconds(address: Address, case_ids: Sequence[str], concurrency: int) -> float:
    """Return how long one worker needs for all jobs, `concurrency` at a time."""
    return asyncio.run(_run(address, case_ids, concurrency))


async def _run(address: Address, case_ids: Sequence[str], concurrency: int) -> float:
    app = App(connector=PsycopgConnector(conninfo=address.dsn))

    @app.task(name="fire")
    def fire(case_id: str) -> None:
        fire_one(case_id)

    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        await fire.batch_defer_async(*({"case_id": case_id} for case_id in case_ids))
        begin = time.perf_counter()
        await app.run_worker_async(
            concurrency=concurrency, wait=False, install_signal_handlers=False
        )
        return time.perf_counter() - begin
