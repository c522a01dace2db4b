"""Force majeure declared (不可抗力): the declarations, and the cases they concern."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gongdao.core.kernel.text import Text
from gongdao.store.connection import Connection, execute, fetch_all, fetch_one


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclarationRow:
    """A declaration, and whether it was ended or revoked."""

    id: UUID
    marketplace_id: str
    province: str
    city: str
    district: str
    since: datetime
    until: datetime | None
    title: Text
    proof: str
    declared_by: str
    declared_at: datetime
    ended_at: datetime | None = None
    revoked_at: datetime | None = None
    revoked_because: str = ""
    cases: int = 0
    """Cases whose clocks it holds or moved now."""

    @property
    def cause(self) -> str:
        """The name under which cases know it."""
        return f"force_majeure:{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernedRow:
    """An open case in the declared province, to be looked at more closely."""

    shop_id: str
    case_id: str
    region: str


def add_declaration(on: Connection, row: DeclarationRow) -> bool:
    """Write a declaration; False when its id is known already."""
    return bool(
        execute(
            on,
            "add_force_majeure",
            id=row.id,
            marketplace_id=row.marketplace_id,
            province=row.province,
            city=row.city,
            district=row.district,
            since=row.since,
            until=row.until,
            title_zh=row.title.zh,
            title_en=row.title.en,
            proof=row.proof,
            declared_by=row.declared_by,
            declared_at=row.declared_at,
        )
    )


def find_declaration(on: Connection, declaration_id: UUID) -> DeclarationRow | None:
    """Return a declaration, if there is one."""
    row = fetch_one(on, "find_force_majeure", id=declaration_id)
    return _declaration(row) if row is not None else None


def declarations(on: Connection, marketplace_ids: frozenset[str]) -> tuple[DeclarationRow, ...]:
    """Return the declarations of these marketplaces, newest first."""
    rows = fetch_all(on, "list_force_majeure", marketplace_ids=sorted(marketplace_ids))
    return tuple(_declaration(row) for row in rows)


def standing_declarations(on: Connection) -> tuple[tuple[DeclarationRow, datetime], ...]:
    """Return those that still take in new cases, each with its marketplace's time now."""
    rows = fetch_all(on, "standing_force_majeure")
    return tuple((_declaration(row[:-1]), row[-1]) for row in rows)


def hold_declarations(on: Connection, marketplace_id: str) -> tuple[DeclarationRow, ...]:
    """Return those that neither ended nor were revoked; they stand until the transaction ends."""
    rows = fetch_all(on, "held_force_majeure", marketplace_id=marketplace_id)
    return tuple(_declaration(row) for row in rows)


def hold_declaration(on: Connection, declaration_id: UUID) -> bool:
    """Tell whether a declaration still stands; if so, it does until the transaction ends."""
    return fetch_one(on, "hold_force_majeure", id=declaration_id) is not None


def end_declaration(on: Connection, declaration_id: UUID, by: str, at: datetime) -> None:
    """Note that it has ended; what ended before keeps its instant."""
    execute(on, "end_force_majeure", id=declaration_id, by=by, at=at)


def revoke_declaration(
    on: Connection, declaration_id: UUID, by: str, at: datetime, because: str
) -> None:
    """Note that it was revoked, and why; what was revoked before keeps its instant."""
    execute(on, "revoke_force_majeure", id=declaration_id, by=by, at=at, because=because)


def concerned(
    on: Connection, declared: DeclarationRow, stem: str, after: tuple[str, UUID], limit: int
) -> tuple[ConcernedRow, ...]:
    """Return open cases of the province after the last one seen, that it has not reached yet."""
    rows = fetch_all(
        on,
        "force_majeure_concerns",
        marketplace_id=declared.marketplace_id,
        stem=stem,
        until=declared.until,
        cause=declared.cause,
        shop_id=after[0],
        case_id=after[1],
        limit=limit,
    )
    return tuple(ConcernedRow(shop_id=r[0], case_id=str(r[1]), region=r[2]) for r in rows)


def reached(on: Connection, declared: DeclarationRow, limit: int) -> tuple[str, ...]:
    """Return ids of cases whose clocks it still holds or moved."""
    rows = fetch_all(
        on,
        "force_majeure_reached",
        marketplace_id=declared.marketplace_id,
        cause=declared.cause,
        limit=limit,
    )
    return tuple(str(row[0]) for row in rows)


def _declaration(row: tuple[object, ...]) -> DeclarationRow:
    names = (
        "id", "marketplace_id", "province", "city", "district", "since", "until", "zh", "en",
        "proof", "declared_by", "declared_at", "ended_at", "revoked_at", "revoked_because", "cases",
    )  # fmt: skip
    given = dict(zip(names, row, strict=True))
    title = Text(str(given.pop("zh")), str(given.pop("en")))
    return DeclarationRow(title=title, **given)  # type: ignore[arg-type]
