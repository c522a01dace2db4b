"""Findings on the terminal: one form for every command."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text as Line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gongdao.core.kernel.findings import Finding
    from gongdao.core.kernel.text import Text

_COLOURS = {"error": "bold red", "warning": "bold yellow", "note": "bold cyan"}


def print_findings(findings: Iterable[Finding], *, as_json: bool = False) -> None:
    """Print each finding: to stdout as JSON objects for programs, or to stderr for people."""
    if as_json:
        sys.stdout.write(json.dumps([_object(f) for f in findings], ensure_ascii=False) + "\n")
        return
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    for finding in findings:
        place = " ".join(part for part in (finding.where, finding.field) if part)
        console.print(Line(f"{finding.code}  {place}".rstrip(), style=_COLOURS[finding.severity]))
        console.print(Line(f"  {finding.message.zh}\n  {finding.message.en}"))
        if finding.cure:
            console.print(Line(f"  → {finding.cure.zh}\n  → {finding.cure.en}", style="green"))


def _object(finding: Finding) -> dict[str, object]:
    return {
        "code": finding.code,
        "field": finding.field,
        "message": _both(finding.message),
        "cure": _both(finding.cure) if finding.cure else None,
        "severity": finding.severity,
        "where": finding.where,
    }


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}
