"""`gongdao retention`: personal data that has been kept long enough goes."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import timedelta
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True)


@app.callback()
def group() -> None:
    """个人信息的保存期限 · how long personal data is kept."""


@app.command()
def run(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只统计 · count only")] = False,
    appeal_days: Annotated[
        int, typer.Option(min=0, help="结案后的申诉期，日 · appeal window after the end, days")
    ] = 60,
    margin_days: Annotated[
        int, typer.Option(min=0, help="申诉期外再留，日 · margin beyond it, days")
    ] = 30,
    order_days: Annotated[
        int,
        typer.Option(
            min=0, help="自下单起至少保存，日（电子商务法 31：三年）· least age of the order, days"
        ),
    ] = 1098,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON · print JSON")] = False,
) -> None:
    """删除到期的个人信息 · erase what has been kept long enough; chain and ledger stay."""
    from rich.console import Console

    from gongdao.store import schema

    schema.boot()

    from gongdao.app.retention import RetentionRule, run_retention

    rule = RetentionRule(
        appeal_window=timedelta(days=appeal_days),
        margin=timedelta(days=margin_days),
        order_kept=timedelta(days=order_days),
    )
    reports = run_retention(rule, dry_run=dry_run)
    if as_json:
        found = {"dry_run": dry_run, "marketplaces": [asdict(report) for report in reports]}
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    out = Console(highlight=False, soft_wrap=True)
    did = "将删除 · would erase" if dry_run else "已删除 · erased"
    for report in reports:
        out.print(
            f"{report.marketplace_id}: {did} {report.orders} 单 orders，"
            f"{report.keys} 把密钥 keys，{report.files} 份文件 files，"
            f"{report.conversations} 方会话 sides of conversations"
        )
    if not reports:
        out.print("没有市场 · no marketplace")
