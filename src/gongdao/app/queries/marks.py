"""Marks (行为认定): what the platform found about buyers, merchants and its own adjudicators."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gongdao.app.permissions import Caller, Verb, allow
from gongdao.core.kernel.words import Role
from gongdao.store.connection import fetch_all, transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkRow:
    """One finding, and when it was lifted."""

    case_id: str
    number: int
    about: str
    subject: str
    kind: str
    cause: str
    actor: str
    at: datetime
    lifted_at: datetime | None


def marks(
    caller: Caller,
    *,
    about: Role | None = None,
    subject: str | None = None,
    standing: bool = False,
) -> tuple[MarkRow, ...]:
    """Return marks of the caller's marketplaces, newest first, at most 500; `standing` ones only.

    Raises NotAllowed.
    """
    allow(caller, Verb.SEE_MARKS)
    with transaction() as on:
        rows = fetch_all(
            on,
            "marks",
            marketplace_ids=sorted(caller.marketplace_ids),
            about=about.value if about is not None else None,
            subject=subject,
            standing=standing,
        )
    return tuple(
        MarkRow(
            case_id=str(r[0]), number=r[1], about=r[2], subject=r[3], kind=r[4], cause=r[5],
            actor=r[6], at=r[7], lifted_at=r[8],
        )
        for r in rows
    )  # fmt: skip
