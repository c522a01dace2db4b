"""`gongdao serve`: the web pages, and the worker beside them when asked."""

from __future__ import annotations

import socket
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from ipaddress import ip_address
from threading import Event, Thread
from typing import TYPE_CHECKING, Annotated

import typer
from granian.constants import Interfaces
from granian.server import Server
from rich.console import Console

from gongdao.cli.findings import print_findings
from gongdao.core.kernel.findings import Conflict, Finding
from gongdao.core.kernel.text import Text
from gongdao.store import schema
from gongdao.store.config import current, unsafe
from gongdao.store.postgres import connect_info

if TYPE_CHECKING:
    from collections.abc import Generator

PORTS_TRIED = 50
THREADS = 8
RESTART_SECONDS = 1.0
STOP_SECONDS = 20
IPV6 = 6
_out = Console(highlight=False, soft_wrap=True)


def serve(
    host: Annotated[str | None, typer.Option(help="监听地址 · address to listen on")] = None,
    port: Annotated[int | None, typer.Option(help="端口 · port, or the next free one")] = None,
    with_worker: Annotated[
        bool, typer.Option("--with-worker", help="同时运行后台任务 · run the worker too")
    ] = False,
) -> None:
    """启动网页；端口被占用时换下一个并说明 · serve the pages, on the next free port if taken."""
    settings = current()
    settings = replace(settings, host=host or settings.host, port=port or settings.port)
    if refusals := unsafe(settings):
        print_findings(refusals)
        raise typer.Exit(1)
    schema.boot()
    connect_info()
    _bring_up_to_date(embedded=settings.database_url is None)
    chosen = free_port(settings.host, settings.port)
    if chosen != settings.port:
        _out.print(
            f"[yellow]端口 {settings.port} 已被占用，改用 {chosen}"
            f" · port {settings.port} is taken, using {chosen}[/]"
        )
    _out.print(f"公道已启动 · gongdao serves  [bold]http://{_shown(settings.host)}:{chosen}/[/]")
    with ExitStack() as beside:
        if with_worker:
            beside.enter_context(_worker())
        Server(
            "gongdao.web.wsgi:application",
            address=settings.host,
            port=chosen,
            interface=Interfaces.WSGI,
            blocking_threads=THREADS,
            respawn_failed_workers=True,
            websockets=False,
            log_enabled=False,
        ).serve()


def free_port(host: str, wanted: int) -> int:
    """Return `wanted`, or the first port after it that nobody listens on.

    Raises Conflict (serve.no_port) when fifty in a row are taken.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for port in range(wanted, wanted + PORTS_TRIED):
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return port
    raise Conflict(
        Finding(
            code="serve.no_port",
            field="GONGDAO_PORT",
            message=Text(
                f"{host} 上 {wanted} 起的 {PORTS_TRIED} 个端口都被占用",
                f"{PORTS_TRIED} ports from {wanted} on {host} are all taken",
            ),
            cure=Text("用 --port 指定另一个端口", "name another by --port"),
        )
    )


def _bring_up_to_date(*, embedded: bool) -> None:
    """Our own database is migrated for the asking; somebody else's only by its operator."""
    if embedded:
        schema.migrate()
    elif names := schema.pending():
        raise Conflict(
            Finding(
                code="serve.migrations_pending",
                message=Text(f"有 {len(names)} 个迁移未执行", f"{len(names)} migrations pending"),
                cure=Text("先运行 gongdao db migrate", "run gongdao db migrate first"),
            )
        )


@contextmanager
def _worker() -> Generator[None]:
    """Run `gongdao worker run` inside the block, started again whenever it dies."""
    ended = Event()
    current_one: list[subprocess.Popen[bytes]] = []

    def keep_running() -> None:
        while not ended.is_set():
            process = subprocess.Popen([sys.executable, "-m", "gongdao", "worker", "run"])
            current_one[:] = [process]
            process.wait()
            ended.wait(RESTART_SECONDS)

    Thread(target=keep_running, daemon=True).start()
    try:
        yield
    finally:
        ended.set()
        for process in current_one:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()


def _shown(host: str) -> str:
    """The host as a browser wants it: an address for everybody is not one to open."""
    if host == "localhost":
        return host
    at = ip_address(host)
    if at.is_unspecified:
        return "localhost"
    return f"[{at}]" if at.version == IPV6 else str(at)
