"""`gongdao worker`: deadlines and messages in the background."""

from __future__ import annotations

import signal
import threading
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True)


@app.callback()
def group() -> None:
    """后台任务 · deadlines and outbox."""


@app.command()
def run(
    once: Annotated[
        bool, typer.Option("--once", help="处理完到期事项即退出 · stop when nothing is due")
    ] = False,
    batch: Annotated[
        int, typer.Option(min=1, max=100_000, help="每批案件数 · cases a transaction")
    ] = 1000,
) -> None:
    """到期处理与发送，直至被停止 · fire deadlines and send messages until told to stop."""
    from rich.console import Console

    from gongdao.store import schema

    schema.boot()

    from gongdao.worker.run import Round
    from gongdao.worker.run import run as run_worker

    out = Console(highlight=False, soft_wrap=True)
    stopping = threading.Event()

    def stop(_number: int, _frame: object) -> None:
        stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)

    def watch(done: Round) -> None:
        out.print(
            f"到期 · fired {done.fired.fired}  案件 · cases {done.fired.cases}  "
            f"付款 · paid {done.sent}  最迟 · latest {done.fired.late_max_seconds:.3f} s"
            + (f"  暂缓 · put off {done.troubled}" if done.troubled else "")
        )

    run_worker(stopping, batch=batch, once=once, watch=watch)
