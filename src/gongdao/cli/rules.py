"""`gongdao rules` (规则): list, show, check and test the rulebooks on the shelf."""

from __future__ import annotations

from typing import Annotated

import typer

from gongdao.cli.chosen import BookId, Json, Lang, OptionalId, chosen
from gongdao.cli.rules_check import check
from gongdao.cli.rules_diff import diff
from gongdao.cli.rules_draw import draw as draw_pictures
from gongdao.cli.rules_new import new
from gongdao.cli.telling import (
    Tongue,
    console,
    language,
    print_json,
    refuse,
    refusing,
    say,
    table,
)
from gongdao.core.kernel.findings import Finding
from gongdao.core.kernel.time import beijing
from gongdao.core.process.draw import draw
from gongdao.core.rulebook.explain import clause, said
from gongdao.core.rulebook.model import Rulebook
from gongdao.core.rulebook.written import write, write_condition
from gongdao.library.golden import read_goldens
from gongdao.library.run_golden import Report, run_goldens
from gongdao.library.shelf import Shelf

app = typer.Typer(no_args_is_help=True, add_completion=False, help="规则 · rulebooks")

app.command("check")(check)
app.command("diff")(diff)
app.command("draw")(draw_pictures)
app.command("new")(new)


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
def show(book_id: BookId, lang: Lang = Tongue.ZH) -> None:
    """Show one rulebook: its clauses, tables and processes. Without version: the newest."""
    with refusing(lang, as_json=False):
        shelf = Shelf()
        book = shelf.read(chosen(shelf, book_id)[-1])
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
        for file in chosen(shelf, book_id):
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
