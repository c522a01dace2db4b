"""`gongdao`: the table of command groups, each loaded only when it is asked for.

`gongdao --help` therefore starts in a blink: Django, Ibis and Z3 are imported by the one
command that needs them.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, cast

import typer
from typer.core import TyperCommand, TyperGroup

import gongdao
from gongdao.cli.findings import print_findings
from gongdao.core.kernel.findings import BadInput, Refused

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Entry:
    """One name after `gongdao`: where its code lives, and its line in the help."""

    module: str
    help: str
    attribute: str = "app"
    """A `typer.Typer` (a group of commands) or a plain function (one command)."""


COMMANDS: dict[str, Entry] = {
    "demo": Entry("gongdao.cli.demo", "演示一个生成的市场 · a generated marketplace, end to end"),
    "serve": Entry("gongdao.cli.serve", "启动网页 · serve the web pages", "serve"),
    "rules": Entry("gongdao.cli.rules", "规则：列表、查看、检查、测试 · list, show, check, test"),
    "decide": Entry("gongdao.cli.decide", "按规则裁决一组事实 · decide facts by the rulebook"),
    "replay": Entry("gongdao.cli.replay", "推演一段时间线 · run a process over dated acts"),
    "import": Entry("gongdao.cli.import_", "导入订单、包裹、申请、会话 · import files"),
    "export": Entry("gongdao.cli.export", "按日导出 Parquet · a day as Parquet", "export"),
    "simulate": Entry("gongdao.cli.simulate", "在导入的订单上模拟 · simulate on imported orders"),
    "audit": Entry("gongdao.cli.audit", "核验事件链与账本 · verify event chains and ledger"),
    "force-majeure": Entry(
        "gongdao.cli.force_majeure", "不可抗力：预览、宣布、撤销 · preview, declare, revoke"
    ),
    "retention": Entry(
        "gongdao.cli.retention", "个人信息到期删除 · erase personal data kept long enough"
    ),
    "evidence": Entry("gongdao.cli.evidence", "凭证文件：清理 · sweep files nothing refers to"),
    "worker": Entry("gongdao.cli.worker", "后台任务：时限、通知 · deadlines and outbox"),
    "db": Entry("gongdao.cli.db", "数据库：启动、停止、迁移 · start, stop, migrate"),
    "docs": Entry("gongdao.cli.docs", "生成或核对参考文档 · write or check the reference"),
    "translations": Entry("gongdao.cli.translations", "核对译文是否齐全 · check translations"),
    "doctor": Entry("gongdao.cli.doctor", "体检 · check this installation", "doctor"),
}


def _load(name: str, entry: Entry) -> TyperCommand | TyperGroup:
    """Import the command behind `name` now."""
    found: typer.Typer | Callable[..., None] = getattr(import_module(entry.module), entry.attribute)
    if not isinstance(found, typer.Typer):
        single = typer.Typer(add_completion=False)
        single.command(name)(found)
        found = single
    command = typer.main.get_command(found)
    command.name = name
    return cast("TyperCommand | TyperGroup", command)


class LazyGroup(TyperGroup):
    """Lists every command from the table; imports only the one that runs."""

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]
        """Return the names in the order of the table."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: typer.Context, cmd_name: str) -> TyperCommand | None:  # type: ignore[override]
        """Return what the help needs to know of a command: its line, from the table."""
        del ctx
        entry = COMMANDS.get(cmd_name)
        return entry and TyperCommand(cmd_name, help=entry.help)

    def resolve_command(  # type: ignore[override]
        self, ctx: typer.Context, args: list[str]
    ) -> tuple[str | None, TyperCommand | TyperGroup | None, list[str]]:
        """Return the command that is about to run."""
        name, command, rest = super().resolve_command(ctx, args)
        if command is None or command.name is None:
            return name, None, rest
        return name, _load(command.name, COMMANDS[command.name]), rest


app = typer.Typer(cls=LazyGroup, no_args_is_help=True, add_completion=False)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(gongdao.__version__)
        raise typer.Exit


@app.callback()
def root(
    version: bool = typer.Option(
        False,
        "--version",
        callback=_print_version,
        is_eager=True,
        help="版本 · print the version",
    ),
) -> None:
    """公道 gongdao：电商售后、纠纷仲裁与商家治理 · after-sales, arbitration, governance."""
    del version


def run() -> None:
    """Run the command line; the console script and `python -m gongdao` call this.

    A refusal that no command caught is printed with its cure: exit 2 for bad input, else 1.
    """
    try:
        app(prog_name="gongdao", args=sys.argv[1:])
    except Refused as refusal:
        print_findings(refusal.findings)
        sys.exit(2 if isinstance(refusal, BadInput) else 1)
