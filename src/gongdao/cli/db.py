"""`gongdao db`: the database that everything shares."""

from __future__ import annotations

import subprocess
from typing import Annotated

import typer
from rich.console import Console

from gongdao.store import schema
from gongdao.store.config import current
from gongdao.store.postgres import address, control, database
from gongdao.store.postgres.account import server_account
from gongdao.store.postgres.place import binaries_for

app = typer.Typer(no_args_is_help=True, add_completion=False)
_out = Console(highlight=False, soft_wrap=True)


def _embedded() -> bool:
    if current().database_url is None:
        return True
    _out.print("DATABASE_URL 指向外部数据库 · DATABASE_URL names an external server")
    return False


@app.command()
def start() -> None:
    """启动并保持运行 · start the embedded server and keep it up without users"""
    if _embedded():
        control.pin(current().var)
        with database() as where:
            _out.print(f"运行中 · running  {where.url}")


@app.command()
def stop(
    now: Annotated[
        bool, typer.Option("--now", help="立即停止，断开所有使用者 · under its users' feet")
    ] = False,
) -> None:
    """停止；仍有使用者时等他们离开 · stop once its last user has left, or `--now`"""
    if not _embedded():
        return
    var = current().var
    if now or not control.status(var).in_use:
        control.stop(var)
        _out.print("已停止 · stopped")
    else:
        control.unpin(var)
        _out.print("仍在使用，最后一个使用者离开后停止 · in use: stops when the last user leaves")


@app.command()
def status() -> None:
    """状态 · whether it runs, where its data is"""
    if not _embedded():
        return
    seen = control.status(current().var)
    _out.print(f"运行 · running   {seen.pid or '否 no'}")
    _out.print(f"使用中 · in use  {'是 yes' if seen.in_use else '否 no'}")
    _out.print(f"常驻 · pinned    {'是 yes' if seen.pinned else '否 no'}")
    _out.print(f"数据 · data      {seen.data}", markup=False)
    _out.print(f"日志 · log       {seen.log}", markup=False)


@app.command()
def url() -> None:
    """打印连接地址，不启动 · print the address; starts nothing"""
    typer.echo(address(current()).url)


@app.command()
def migrate() -> None:
    """建表或升级 · bring the tables up to date"""
    schema.boot()
    with database():
        applied = schema.migrate()
    _out.print(f"已执行 {len(applied)} 个迁移 · {len(applied)} migrations applied")


@app.command()
def migrations(
    check: Annotated[bool, typer.Option("--check", help="有未写的迁移则失败 · fail")] = False,
) -> None:
    """模型需要而尚未写出的迁移 · migrations that the models need and nobody wrote"""
    schema.boot()
    missing = schema.unwritten()
    _out.print(missing or "无 · none", markup=False)
    if check and missing:
        raise typer.Exit(1)


@app.command()
def shell() -> None:
    """打开 psql · open psql"""
    psql = binaries_for(server_account(())) / "psql"
    with database() as where:
        raise typer.Exit(subprocess.run([psql, where.dsn], check=False).returncode)
