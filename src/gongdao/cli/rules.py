"""`gongdao rules` (规则): list, show, check and test the rulebooks on the shelf."""

from __future__ import annotations

from typing import Annotated

import typer

from gongdao.cli.subject import read_subject
from gongdao.cli.telling import (
    BAD_INPUT,
    Tongue,
    console,
    finding_data,
    finding_line,
    language,
    print_json,
    refuse,
    refusing,
    say,
    table,
)
from gongdao.core.kernel.findings import Finding
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.time import beijing
from gongdao.core.process.draw import draw
from gongdao.core.rulebook.explain import clause, said
from gongdao.core.rulebook.model import Rulebook
from gongdao.core.rulebook.written import write, write_condition
from gongdao.library.golden import read_goldens
from gongdao.library.inspect import inspect_book, inspect_platform
from gongdao.library.run_golden import Report, run_goldens
from gongdao.library.shelf import BookFile, Shelf

app = typer.Typer(no_args_is_help=True, add_completion=False, help="规则 · rulebooks")

Lang = Annotated[Tongue, typer.Option(help="语言 · language")]
Json = Annotated[bool, typer.Option("--json", help="输出 JSON · print JSON")]
OptionalId = Annotated[
    str | None, typer.Argument(help="平台/主题[@版本] · platform/subject[@version]")
]


@app.command("list")
def list_books(lang: Lang = Tongue.ZH, as_json: Json = False) -> None:
    """List every rulebook and version on the shelf."""
    shelf = Shelf()
    found: list[dict[str, object]] = []
    for file in shelf.files():
        book = shelf.parsed(file).book
        found.append(
            {
                "ref": file.ref,
                "title": None if book is None else say(book.title, lang),
                "from": None if book is None else book.in_force_from.isoformat(),
                "until": None
                if book is None or not book.in_force_until
                else book.in_force_until.isoformat(),
                "tables": 0 if book is None else len(book.tables),
                "processes": 0 if book is None else len(book.processes),
                "clauses": 0 if book is None else len(book.sources),
                "valid": book is not None,
            }
        )
    if as_json:
        print_json(found)
        return
    heads = {
        Tongue.ZH: ("规则书", "名称", "生效", "表", "流程", "条款"),
        Tongue.EN: ("rulebook", "title", "in force from", "tables", "processes", "clauses"),
    }[lang]
    keys = ("ref", "title", "from", "tables", "processes", "clauses")
    for each in found:
        each["from"] = str(each["from"])[:10]
    console().print(table("", heads, [tuple(str(f[k] or "—") for k in keys) for f in found]))


@app.command("show")
def show(
    book_id: Annotated[str, typer.Argument(help="平台/主题[@版本]")], lang: Lang = Tongue.ZH
) -> None:
    """Show one rulebook: its clauses, tables and processes. Without version: the newest."""
    with refusing(lang, as_json=False):
        shelf = Shelf()
        book = shelf.read(_chosen(shelf, book_id)[-1])
    out = console()
    out.print(f"{say(book.title, lang)} · {book.ref}", style="bold")
    until = beijing(book.in_force_until) if book.in_force_until else "…"
    out.print(f"{beijing(book.in_force_from)} → {until}")
    out.print(table("sources", ("",), [(say(clause(book, c), lang),) for c in book.sources]))
    numbers = [
        (p.name, say(p.title, lang), say(said(book, p.name, p.value), lang), " ".join(p.cite))
        for p in book.parameters.values()
    ]
    numbers += [
        (f.name, say(f.title, lang), write(f.expression), " ".join(f.cite))
        for f in book.formulas.values()
    ]
    if numbers:
        out.print(table("parameters, formulas", ("name", "title", "value", "cite"), numbers))
    _show_tables(book, lang)
    for process in book.processes.values():
        out.print(f"{say(process.title, lang)} · {process.name}", style="bold")
        out.print(draw(process, language(lang)))


def _show_tables(book: Rulebook, lang: Tongue) -> None:
    for each in book.tables.values():
        rows = [
            (
                row.id,
                " | ".join(
                    ", ".join(f"{c.name} {write_condition(c)}" for c in cells) or "—"
                    for cells in row.alternatives
                ),
                ", ".join(f"{o} = {write(e)}" for o, e in row.then.items()),
                " ".join(row.cite),
            )
            for row in each.rows
        ]
        title = f"{say(each.title, lang)} · {each.name} ({each.hit.value})"
        console().print(table(title, ("row", "when", "then", "cite"), rows))


def _chosen(shelf: Shelf, book_id: str | None) -> list[BookFile]:
    """Return the files meant: one version, all versions of one book, or all. Raises NotVisible."""
    if book_id is None:
        return shelf.files()
    subject = read_subject(book_id)
    found = [
        f for f in shelf.files() if f.id == subject.book and subject.version in (None, f.version)
    ]
    if not found:
        shelf.exact(book_id)  # raises, naming what there is
    return found


@app.command("check")
def check(book_id: OptionalId = None, lang: Lang = Tongue.ZH, as_json: Json = False) -> None:
    """Check rulebooks, their golden cases and the platform profiles. Exit 2 on errors."""
    shelf = Shelf()
    found: list[Finding] = []
    with refusing(lang, as_json=as_json):
        files = _chosen(shelf, book_id)
        for file in files:
            found += inspect_book(shelf, file)
        for name in shelf.platform_names() if book_id is None else ():
            found += inspect_platform(shelf, name)
    errors = [f for f in found if f.severity == "error"]
    if as_json:
        print_json([finding_data(f, lang) for f in found])
    else:
        for finding in found:
            typer.echo(f"{finding.severity} {finding_line(finding, lang)}")
        others = len(found) - len(errors)
        summary = Text(
            f"检查 {len(files)} 本规则书：{len(errors)} 个错误，{others} 个提示",
            f"checked {len(files)} rulebooks: {len(errors)} errors, {others} notes",
        )
        typer.echo(say(summary, lang))
    raise typer.Exit(BAD_INPUT if errors else 0)


@app.command("test")
def run_tests(
    book_id: OptionalId = None,
    lang: Lang = Tongue.ZH,
    as_json: Json = False,
    unreached: Annotated[
        bool, typer.Option(help="列出未触及的行、状态、时限、条款 · list what no case reached")
    ] = False,
) -> None:
    """Run the golden cases. Exit 1 when one goes otherwise than expected, 2 on faulty files."""
    shelf = Shelf()
    reports: dict[str, Report] = {}
    faults: list[Finding] = []
    with refusing(lang, as_json=as_json):
        for file in _chosen(shelf, book_id):
            book = shelf.parsed(file).book
            goldens = read_goldens(file, book) if book else None
            faults += goldens.findings if goldens else shelf.parsed(file).findings
            if book is not None and goldens is not None:
                reports[file.ref] = run_goldens(book, goldens.goldens)
    if faults and as_json:
        refuse(faults, lang, as_json=True)
    if as_json:
        print_json({ref: _report_data(r) for ref, r in reports.items()})
    else:
        _print_reports(reports, lang, unreached=unreached)
    if faults:
        refuse(faults, lang, as_json=False)
    raise typer.Exit(1 if any(r.failed for r in reports.values()) else 0)


def _report_data(report: Report) -> dict[str, object]:
    return {
        "cases": len(report.outcomes),
        "failed": [
            {"name": o.golden.name, "line": o.golden.line, "differences": o.differences}
            for o in report.failed
        ],
        "unreached": {k: list(v) for k, v in report.unreached.items()},
    }


def _print_reports(reports: dict[str, Report], lang: Tongue, *, unreached: bool) -> None:
    heads = {
        Tongue.ZH: ("规则书", "金例", "失败", "未触及 行/状态/时限/条款"),
        Tongue.EN: ("rulebook", "cases", "failed", "unreached rows/states/clocks/clauses"),
    }[lang]
    rows = [
        (
            ref,
            str(len(r.outcomes)),
            str(len(r.failed)),
            " / ".join(str(len(r.unreached[k])) for k in ("rows", "states", "clocks", "clauses")),
        )
        for ref, r in reports.items()
    ]
    console().print(table("", heads, rows))
    for ref, report in reports.items():
        for outcome in report.failed:
            typer.echo(f"✗ {ref}:{outcome.golden.line} {outcome.golden.name}")
            for difference in outcome.differences:
                typer.echo(f"    {difference}")
        for kind, names in report.unreached.items() if unreached else ():
            for name in names:
                typer.echo(f"? {ref} {kind}: {name}")
