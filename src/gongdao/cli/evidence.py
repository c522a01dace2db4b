"""`gongdao evidence`: files of evidence, and those that nothing refers to."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import timedelta
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True)


@app.callback()
def group() -> None:
    """凭证文件 · files of evidence."""


@app.command()
def sweep(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只统计 · count only")] = False,
    grace_minutes: Annotated[
        int, typer.Option(min=10, help="近期提交的不动，分钟 · what is younger stays, minutes")
    ] = 60,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON · print JSON")] = False,
) -> None:
    """清理没有案件引用的文件 · remove files that no case refers to."""
    from gongdao.store import schema

    schema.boot()

    from gongdao.app.sweep_evidence import sweep_evidence

    swept = sweep_evidence(dry_run=dry_run, grace=timedelta(minutes=grace_minutes))
    if as_json:
        typer.echo(json.dumps({"dry_run": dry_run, **asdict(swept)}))
        return
    did = "将清理 · would remove" if dry_run else "已清理 · removed"
    typer.echo(f"{did} {swept.files} 份文件 files，{swept.unused} 条记录 notes")
