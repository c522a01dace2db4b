"""The database made ready for a command: started if it is ours, and brought up to date."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from gongdao.cli.findings import print_findings
from gongdao.core.kernel.findings import Conflict, Finding, Refused
from gongdao.core.kernel.text import Text
from gongdao.store import schema
from gongdao.store.config import current
from gongdao.store.postgres import database

if TYPE_CHECKING:
    from collections.abc import Generator

#: A refused command ends with this code, as `gongdao decide` does.
BAD_INPUT = 2


@contextmanager
def ready_database() -> Generator[None]:
    """Keep the database running and migrated inside the block.

    Our own is migrated for the asking; somebody else's only by its operator: Conflict
    `db.migrations_pending`.
    """
    schema.boot()
    with database():
        if current().database_url is None:
            schema.migrate()
        elif names := schema.pending():
            raise Conflict(
                Finding(
                    code="db.migrations_pending",
                    message=Text(
                        f"有 {len(names)} 个迁移未执行", f"{len(names)} migrations are pending"
                    ),
                    cure=Text("先运行 gongdao db migrate", "run gongdao db migrate first"),
                )
            )
        yield


@contextmanager
def told(*, as_json: bool = False) -> Generator[None]:
    """Print what refuses the block as findings, and end the command with exit code 2."""
    try:
        yield
    except Refused as refusal:
        print_findings(refusal.findings, as_json=as_json)
        raise typer.Exit(BAD_INPUT) from refusal
