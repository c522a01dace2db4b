"""`gongdao rules check` (检查): everything that is wrong in rulebooks, proven by a solver."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from gongdao.cli.chosen import Json, Lang, OptionalId, chosen
from gongdao.cli.proofs import Proofs
from gongdao.cli.telling import (
    BAD_INPUT,
    Tongue,
    finding_data,
    finding_line,
    print_json,
    refusing,
    say,
)
from gongdao.core.kernel.findings import Finding
from gongdao.core.kernel.text import Text
from gongdao.library.floors import floors_of
from gongdao.library.inspect import inspect_book, inspect_platform, place_in
from gongdao.library.shelf import BookFile, Shelf

_NO_SOLVER = Finding(
    code="rules.not_proven",
    severity="warning",
    message=Text("没有安装求解器，未作证明", "the solver is not installed: nothing was proven"),
    cure=Text("请安装 gongdao[prove]", "install gongdao[prove]"),
)


@dataclass(slots=True)
class _Run:
    """What one call of the command looked at and found."""

    found: list[Finding] = field(default_factory=list[Finding])
    books: int = 0
    proven: int = 0
    kept: int = 0
    seconds: float = 0


def check(
    book_id: OptionalId = None,
    lang: Lang = Tongue.ZH,
    as_json: Json = False,
    prove: Annotated[
        bool, typer.Option("--prove/--no-prove", help="用求解器证明 · prove with the solver")
    ] = True,
) -> None:
    """Check and prove rulebooks, their golden cases and the platform profiles. Exit 2 on errors."""
    shelf = Shelf()
    run = _Run()
    with refusing(lang, as_json=as_json):
        files = chosen(shelf, book_id)
        started = time.monotonic()
        _check(shelf, files, run, prove=prove)
        for name in shelf.platform_names() if book_id is None else ():
            run.found += inspect_platform(shelf, name)
        run.seconds = time.monotonic() - started
    errors = [f for f in run.found if f.severity == "error"]
    if as_json:
        print_json([finding_data(f, lang) for f in run.found])
    else:
        for finding in run.found:
            typer.echo(f"{finding.severity} {finding_line(finding, lang)}")
        typer.echo(say(_summary(run, len(errors)), lang))
    raise typer.Exit(BAD_INPUT if errors else 0)


def _check(shelf: Shelf, files: list[BookFile], run: _Run, *, prove: bool) -> None:
    if prove and find_spec("z3") is None:
        run.found.append(_NO_SOLVER)
        prove = False
    proofs = Proofs() if prove else None
    for file in _shown(files):
        run.books += 1
        run.found += inspect_book(shelf, file)
        book = shelf.parsed(file).book
        if proofs is None or book is None:
            continue
        place = place_in(shelf, file)
        run.proven += 1
        run.found += [
            replace(f, where=place(f.field or "")) for f in proofs.of(book, floors_of(shelf, book))
        ]
    run.kept = 0 if proofs is None else proofs.kept


def _shown(files: list[BookFile]) -> Iterator[BookFile]:
    """Yield the files while a bar on the terminal says which one is being looked at."""
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
    console = Console(stderr=True)
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("", total=len(files))
        for file in files:
            bar.update(task, description=file.ref)
            yield file
            bar.advance(task)


def _summary(run: _Run, errors: int) -> Text:
    others = len(run.found) - errors
    return Text(
        f"检查 {run.books} 本规则书：{errors} 个错误，{others} 个提示；"
        f"证明 {run.proven} 本（{run.kept} 本未变，沿用上次），{run.seconds:.1f} 秒",
        f"checked {run.books} rulebooks: {errors} errors, {others} notes; "
        f"proven {run.proven} ({run.kept} unchanged since last time), {run.seconds:.1f} seconds",
    )
