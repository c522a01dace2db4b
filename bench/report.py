"""Figures (数字): what a benchmark returns, the table printed, `bench/report.json`, the page.

A benchmark is a module of this folder with a function `run` that returns a figure or several.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from typing import NotRequired, TypedDict

import psycopg
from rich.console import Console
from rich.table import Table

from gongdao.store.postgres import connect_info

HERE = Path(__file__).parent
REPORT = HERE / "report.json"
PAGE = HERE.parent / "docs" / "reference" / "benchmarks.md"
_PACKAGES = (
    "gongdao", "psycopg", "msgspec", "django", "procrastinate", "dbos", "zen-engine", "duckdb",
    "ibis-framework",
)  # fmt: skip


class Figure(TypedDict):
    """One claim of speed, measured."""

    name: str
    ours: NotRequired[str]
    """With its unit; what was measured, of ours and of the peer."""
    peer: NotRequired[str]
    ratio: float | None
    """Median of the ratios of the single rounds; None: nothing to compare with."""
    target: str
    """`>= 0.35`, `<= 1.5`; empty: no target."""
    met: bool | None
    details: NotRequired[Mapping[str, object]]


def figure(
    name: str,
    *,
    ours: Sequence[float],
    peer: Sequence[float],
    unit: str,
    target: str,
    details: Mapping[str, object],
) -> Figure:
    """Return the figure of interleaved rounds: ours and the peer's, round by round."""
    ratios = [a / b for a, b in zip(ours, peer, strict=True)]
    ratio = median(ratios)
    return {
        "name": name,
        "ours": f"{median(ours):,.5g} {unit}",
        "peer": f"{median(peer):,.5g} {unit}",
        "ratio": round(ratio, 3),
        "target": target,
        "met": _met(ratio, target),
        "details": {
            **details,
            "unit": unit,
            "ours": [round(x, 3) for x in ours],
            "peer": [round(x, 3) for x in peer],
            "ratios": [round(x, 3) for x in ratios],
        },
    }


def _met(ratio: float, target: str) -> bool:
    sign, bound = target.split()
    return ratio >= float(bound) if sign == ">=" else ratio <= float(bound)


def show(figures: Sequence[Figure]) -> None:
    """Print the table."""
    table = Table("名称 name", "本系统 ours", "对照 peer", "比值 ratio", "目标 target", "达标 met")
    for f in figures:
        table.add_row(*_cells(f))
    Console(width=150).print(table)


def write(figures: Mapping[str, Sequence[Figure]], load: float) -> None:
    """Write the report, keeping the figures of benchmarks not run this time, and its page."""
    kept = json.loads(REPORT.read_text(encoding="utf-8"))["benchmarks"] if REPORT.is_file() else {}
    now = datetime.now(UTC).isoformat(timespec="seconds")
    kept |= {
        name: {"at": now, "load_before": round(load, 2), "figures": list(found)}
        for name, found in figures.items()
    }
    report = {"machine": _machine(), "versions": _versions(), "benchmarks": kept}
    text = json.dumps(report, ensure_ascii=False, indent=1, sort_keys=True)
    REPORT.write_text(text + "\n", encoding="utf-8")
    PAGE.write_text(_page(report["machine"], report["versions"], kept), encoding="utf-8")


def _page(machine: Mapping[str, object], versions: Mapping[str, str], kept: object) -> str:
    assert isinstance(kept, dict)
    lines = [
        "<!-- 由 make bench 生成 · written by `make bench` -->",
        "",
        "# 性能 · Benchmarks",
        "",
        "每个数字都是同一次运行、同一台机器、同一数据库中交替测量的比值的中位数；绝对值只供参考。",
        "",
        "Every figure is the median of ratios measured by turns in one run, on one machine and one",
        "database; the absolute values say little beyond this machine.",
        "",
        "| 名称 name | 本系统 ours | 对照 peer | 比值 ratio | 目标 target | 达标 met |",
        "|---|---|---|--:|--:|:-:|",
    ]
    for name in sorted(kept):
        lines += ["| " + " | ".join(_cells(f)) + " |" for f in kept[name]["figures"]]
    for name in sorted(kept):
        lines += ["", f"## {name}", "", _when(kept[name]), ""]
        for f in kept[name]["figures"]:
            lines += [f"**{f['name']}**", ""]
            told = f.get("details", {}).items()
            lines += [f"- {key}: {_plain(value)}" for key, value in told]
            lines.append("")
    lines += ["## 机器 · Machine", ""]
    lines += [f"- {key}: {value}" for key, value in (*machine.items(), *versions.items())]
    return "\n".join(lines) + "\n"


def _when(run: Mapping[str, object]) -> str:
    load, processors = run["load_before"], os.cpu_count()
    busy = "" if float(str(load)) < 1 else "；机器繁忙，数字不稳 · the machine was busy: unsteady"
    return f"{run['at']}, load {load} / {processors}{busy}"


def _plain(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _cells(f: Figure) -> tuple[str, ...]:
    ratio, met = f.get("ratio"), f.get("met")
    return (
        f["name"],
        str(f.get("ours", "")),
        str(f.get("peer", "")),
        "" if ratio is None else f"{ratio:.3g} ×",
        str(f["target"]),
        "" if met is None else "✓" if met else "✗",
    )


def _machine() -> dict[str, object]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "processors": os.cpu_count(),
        "memory_gib": round(memory),
    }


def _versions() -> dict[str, str]:
    with psycopg.connect(connect_info().dsn) as on:
        server = str(on.info.parameter_status("server_version"))
    found = {"python": platform.python_version(), "postgresql": server}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
