"""Telling people (输出): findings and tables on the console, or JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from enum import StrEnum

import typer
from rich.console import Console
from rich.table import Table

from gongdao.core.kernel.findings import Finding, Refused
from gongdao.core.kernel.text import Language, Text

ANSWERED, BAD_INPUT, UNDECIDED = 0, 2, 3


class Tongue(StrEnum):
    """Language of the output."""

    ZH = "zh"
    EN = "en"


def language(tongue: Tongue) -> Language:
    """Return the language code the core speaks of."""
    return "zh" if tongue is Tongue.ZH else "en"


def console() -> Console:
    """Return a console that prints texts as they are: rulebooks may hold square brackets."""
    return Console(markup=False, highlight=False, emoji=False, soft_wrap=True)


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    """Return a plain table for people."""
    found = Table(title=title, title_justify="left", header_style="bold")
    for column in columns:
        found.add_column(column, overflow="fold")
    for row in rows:
        found.add_row(*row)
    return found


def say(text: Text, tongue: Tongue) -> str:
    """Return the text in the language asked for."""
    return text.in_language(language(tongue))


def print_json(data: object) -> None:
    """Print data as JSON on standard output."""
    typer.echo(json.dumps(data, ensure_ascii=False, indent=2))


def finding_data(finding: Finding, tongue: Tongue) -> dict[str, object]:
    """Write a finding for programs: stable code, field, message, cure, place."""
    return {
        "code": finding.code,
        "field": finding.field,
        "message": say(finding.message, tongue),
        "cure": None if finding.cure is None else say(finding.cure, tongue),
        "severity": finding.severity,
        "where": finding.where,
    }


def finding_line(finding: Finding, tongue: Tongue) -> str:
    """Write a finding for people: place, message, cure, code."""
    place = " ".join(p for p in (finding.where, finding.field) if p)
    cure = f" → {say(finding.cure, tongue)}" if finding.cure else ""
    return f"{place}: {say(finding.message, tongue)}{cure} [{finding.code}]".lstrip(": ")


@contextmanager
def refusing(tongue: Tongue, *, as_json: bool) -> Generator[None]:
    """Turn a refusal inside the block into exit code 2 with its findings said."""
    try:
        yield
    except Refused as fault:
        refuse(fault.findings, tongue, as_json=as_json)


def refuse(findings: Sequence[Finding], tongue: Tongue, *, as_json: bool) -> None:
    """Say why the input is refused and leave with exit code 2."""
    if as_json:
        first = finding_data(findings[0], tongue)
        first["findings"] = [finding_data(f, tongue) for f in findings]
        print_json(first)
    else:
        for finding in findings:
            typer.echo(finding_line(finding, tongue), err=True)
    raise typer.Exit(BAD_INPUT)
