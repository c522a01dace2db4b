"""`gongdao export`: what happened on a day, as Parquet partitions without personal data."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gongdao.cli.ready import ready_database, told

if TYPE_CHECKING:
    from gongdao.connectors.export_files import Manifest


def export(
    out: Annotated[Path, typer.Option(help="输出文件夹 · folder of the exports")],
    day: Annotated[
        str, typer.Option(help="哪一天，北京时间；默认昨天 · the day, Beijing time; yesterday")
    ] = "",
    since: Annotated[str, typer.Option("--from", help="从哪天 · first of several days")] = "",
    until: Annotated[str, typer.Option("--to", help="到哪天 · last of several days")] = "",
    marketplace: Annotated[
        str, typer.Option(help="只导出一个市场 · one marketplace; all by default")
    ] = "",
    behind: Annotated[
        bool, typer.Option("--behind", help="只补缺失或落后的天 · only days missing or behind")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON · print JSON")] = False,
) -> None:
    """按日导出 Parquet：案件、事件、时限、账本、订单 · a day as Parquet, without personal data"""
    with told(as_json=as_json), ready_database():
        from gongdao.app.permissions import MARKETPLACE, not_visible
        from gongdao.connectors.export_files import export_day, outdated_days
        from gongdao.store.connection import transaction
        from gongdao.store.marketplaces import find_marketplace

        first, last = _days(day, since, until)
        with transaction() as on:
            if marketplace and find_marketplace(on, marketplace) is None:
                raise not_visible(MARKETPLACE, "marketplace")
        only = marketplace or None
        if behind:
            days = outdated_days(out, first, last, marketplace_id=only)
        else:
            days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        for each in days:
            _say(export_day(out, each, marketplace_id=only), as_json=as_json)
        if not days and not as_json:
            typer.echo("没有落后的天 · no day is behind")


def _days(day: str, since: str, until: str) -> tuple[date, date]:
    """Return the first and last day asked for. Raises BadInput `export.bad_day`."""
    from gongdao.core.kernel.time import BEIJING

    yesterday = datetime.now(BEIJING).date() - timedelta(days=1)
    if since or until:
        first = _day(since, "from") if since else yesterday
        last = _day(until, "to") if until else yesterday
    else:
        first = last = _day(day, "day") if day else yesterday
    if day and (since or until):
        raise _bad("day", day)
    if last < first:
        raise _bad("to", last.isoformat())
    return first, last


def _day(text: str, field: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _bad(field, text) from None


def _bad(field: str, said: str) -> Exception:
    from gongdao.core.kernel.findings import BadInput, Finding
    from gongdao.core.kernel.text import Text

    return BadInput(
        Finding(
            code="export.bad_day",
            field=field,
            message=Text(f"“{said}”不能作为 --{field}", f"`{said}` cannot be --{field}"),
            cure=Text(
                "写 --day 2026-11-20，或 --from 与 --to，先早后晚",
                "write --day 2026-11-20, or --from and --to, the earlier day first",
            ),
        )
    )


def _say(manifest: Manifest, *, as_json: bool) -> None:
    counts = {name: part.rows for name, part in manifest.datasets.items()}
    if as_json:
        typer.echo(json.dumps({"day": manifest.day.isoformat(), "rows": counts}))
        return
    said = "  ".join(f"{name} {rows}" for name, rows in counts.items())
    typer.echo(f"{manifest.day}  {said}")
