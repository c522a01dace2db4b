"""`gongdao force-majeure`: preview, declare, end and revoke it for a region and a period."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from gongdao.cli.ready import ready_database, told

if TYPE_CHECKING:
    from datetime import datetime

    from gongdao.app.force_majeure.apply import Reach
    from gongdao.app.permissions import Caller

app = typer.Typer(no_args_is_help=True)

Market = Annotated[str, typer.Option("--marketplace", help="市场 · marketplace")]
Province = Annotated[str, typer.Option(help="省、直辖市、自治区 · province")]
City = Annotated[str, typer.Option(help="市 · city")]
District = Annotated[str, typer.Option(help="区县 · district")]
Since = Annotated[str, typer.Option("--from", help="开始 · from, 2024-03-02T00:00:00+08:00")]
Until = Annotated[str, typer.Option("--until", help="结束，空为未定 · until; empty: open-ended")]
Proof = Annotated[str, typer.Option(help="官方证明 · official proof")]
Title = Annotated[str, typer.Option(help="名称 · what it is")]


@app.callback()
def group() -> None:
    """不可抗力：时限停走、免考核 · clocks stand still, nothing is assessed."""


@app.command()
def preview(  # noqa: PLR0913, PLR0917  one option each
    marketplace: Market,
    province: Province,
    since: Since,
    proof: Proof,
    city: City = "",
    district: District = "",
    until: Until = "",
    title: Title = "不可抗力",
) -> None:
    """预览影响的案件，不写入 · count and sample the cases, write nothing."""
    _declare(marketplace, (province, city, district), since, until, proof, title, write=False)


@app.command()
def declare(  # noqa: PLR0913, PLR0917  one option each
    marketplace: Market,
    province: Province,
    since: Since,
    proof: Proof,
    city: City = "",
    district: District = "",
    until: Until = "",
    title: Title = "不可抗力",
) -> None:
    """宣布并落实 · declare and apply."""
    _declare(marketplace, (province, city, district), since, until, proof, title, write=True)


@app.command()
def revoke(
    declaration: Annotated[str, typer.Argument(help="声明编号 · its id")],
    marketplace: Market,
    because: Annotated[str, typer.Option(help="理由 · why")],
) -> None:
    """撤销：时限与考核复原 · take it back: deadlines and assessment as before."""
    with told(), ready_database():
        from gongdao.app.force_majeure.withdraw import revoke as run_revoke

        _say(run_revoke(_operator(marketplace), declaration, because))


@app.command()
def end(
    declaration: Annotated[str, typer.Argument(help="声明编号 · its id")], marketplace: Market
) -> None:
    """结束未定期限的声明 · end an open-ended one."""
    with told(), ready_database():
        from gongdao.app.force_majeure.withdraw import end as run_end

        _say(run_end(_operator(marketplace), declaration))


def _declare(
    marketplace: str,
    place: tuple[str, str, str],
    since: str,
    until: str,
    proof: str,
    title: str,
    *,
    write: bool,
) -> None:
    from gongdao.core.kernel.text import Text
    from gongdao.core.kernel.time import parse_instant

    with told(), ready_database():
        from gongdao.app.force_majeure.declare import Declaring
        from gongdao.app.force_majeure.declare import declare as run_declare

        begin = parse_instant(since, field="from")
        finish: datetime | None = parse_instant(until, field="until") if until else None
        wanted = Declaring(
            marketplace_id=marketplace,
            province=place[0],
            city=place[1],
            district=place[2],
            since=begin,
            until=finish,
            title=Text(title, title),
            proof=proof,
        )
        key = f"cli:{'/'.join(place)}:{since}:{until}:{proof}"[:200]
        done = run_declare(_operator(marketplace), wanted, key=key, preview=not write)
        if write:
            typer.echo(f"声明 · declared {done.row.id}")
        _say(done.reach)


def _operator(marketplace: str) -> Caller:
    """Whoever may run commands on this machine acts for the platform."""
    from gongdao.app.permissions import Caller
    from gongdao.core.kernel.words import Role

    return Caller(
        user_id="command-line", role=Role.OPERATOR, marketplace_ids=frozenset({marketplace})
    )


def _say(reach: Reach) -> None:
    from gongdao.core.kernel.time import beijing

    typer.echo(f"案件 · cases {reach.cases}  时限 · clocks {reach.clocks}")
    for clock in reach.sample:
        to = "停走 · stands still" if clock.paused else beijing(clock.due_at)
        typer.echo(f"  {clock.case_id} {clock.region} {beijing(clock.was_due_at)} → {to}")
        typer.echo(f"    {clock.reason.zh}")
