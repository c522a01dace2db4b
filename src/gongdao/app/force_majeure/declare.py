"""Declare force majeure (宣布不可抗力): a region, a period, a proof; first previewed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from gongdao.app.carry_out import check_key
from gongdao.app.force_majeure.apply import Reach, apply, foresee
from gongdao.app.permissions import MARKETPLACE, Caller, Verb, allow, not_visible
from gongdao.app.plain_values import check_text
from gongdao.core.kernel.findings import BadInput, Conflict, Finding
from gongdao.core.kernel.text import Text
from gongdao.store.cases import marketplace_now
from gongdao.store.connection import transaction
from gongdao.store.force_majeure import DeclarationRow, add_declaration, find_declaration
from gongdao.store.marketplaces import find_marketplace
from gongdao.store.trail import AuditEntry, add_audit


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaring:
    """What is declared. No `until`: clocks stand still until it is ended."""

    marketplace_id: str
    province: str
    city: str = ""
    district: str = ""
    since: datetime
    until: datetime | None = None
    title: Text
    proof: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """A declaration, and what it reached or would reach."""

    row: DeclarationRow
    reach: Reach
    preview: bool = False
    repeated: bool = False


def declare(
    caller: Caller,
    wanted: Declaring,
    *,
    key: str,
    preview: bool = False,
    now: datetime | None = None,
) -> Declared:
    """Declare force majeure and apply it, or say whom it would reach and write nothing.

    Raises NotAllowed, NotVisible, BadInput (`force_majeure.incomplete`, `force_majeure.period`),
    Conflict `command.key_reused`. The same key again returns what was declared first, and sees to
    cases that a run broken off had not come to.
    """
    allow(caller, Verb.DECLARE_FORCE_MAJEURE)
    check_key(key)
    _check(wanted)
    with transaction() as on:
        known = find_marketplace(on, wanted.marketplace_id)
        if known is None or wanted.marketplace_id not in caller.marketplace_ids:
            raise not_visible(MARKETPLACE, "marketplace_id")
        at = now or marketplace_now(on, wanted.marketplace_id)
    _check_begun(wanted, at)
    if wanted.until is None and wanted.since > at:
        raise _period(Text("未定结束时间的须已开始", "one without an end has begun already"))
    row = _row(caller, wanted, key, at)
    if preview:
        return Declared(row=row, reach=foresee(row, at), preview=True)
    with transaction() as on:
        new = add_declaration(on, row)
        if not new:
            row = _the_same(row, find_declaration(on, row.id))
        add_audit(on, _entry(caller, key, row))
    standing = row.revoked_at is None and row.ended_at is None
    reach = apply(row, at) if standing else Reach()
    return Declared(row=row, reach=reach, repeated=not new)


def _row(caller: Caller, wanted: Declaring, key: str, at: datetime) -> DeclarationRow:
    # The id follows from the key: declared twice, it is the same declaration.
    name = f"{wanted.marketplace_id}\n{caller.user_id}\n{key}"
    return DeclarationRow(
        id=uuid5(NAMESPACE_URL, name),
        marketplace_id=wanted.marketplace_id,
        province=wanted.province.strip(),
        city=wanted.city.strip(),
        district=wanted.district.strip(),
        since=wanted.since,
        until=wanted.until,
        title=wanted.title,
        proof=wanted.proof,
        declared_by=caller.user_id,
        declared_at=at,
    )


def _the_same(wanted: DeclarationRow, known: DeclarationRow | None) -> DeclarationRow:
    names = ("province", "city", "district", "since", "until", "title", "proof")
    if known is None or any(getattr(known, n) != getattr(wanted, n) for n in names):
        raise Conflict(
            Finding(
                code="command.key_reused",
                field="Idempotency-Key",
                message=Text(
                    "该幂等键已用于另一条命令", "this idempotency key belongs to another command"
                ),
                cure=Text("请为新命令使用新的键", "use a new key for a new command"),
            )
        )
    return known


def _entry(caller: Caller, key: str, row: DeclarationRow) -> AuditEntry:
    return AuditEntry(
        user_id=caller.user_id,
        role=caller.role,
        verb=f"{Verb.DECLARE_FORCE_MAJEURE}:{row.id}",
        shop_id=None,
        case_id=None,
        key=key,
        result="done",
    )


def _check(wanted: Declaring) -> None:
    for field in ("province", "proof"):
        value = getattr(wanted, field)
        check_text(value, field)
        if not value.strip():
            raise BadInput(
                Finding(
                    code="force_majeure.incomplete",
                    field=field,
                    message=Text(
                        "须写明地区和官方证明", "name the region and the official proof of it"
                    ),
                )
            )
    for value, field in ((wanted.city, "city"), (wanted.district, "district")):
        check_text(value, field)
    if wanted.until is not None and wanted.until <= wanted.since:
        raise _period(Text("结束须晚于开始", "the period ends after it begins"))


def _period(message: Text) -> BadInput:
    return BadInput(
        Finding(
            code="force_majeure.period",
            field="until",
            message=message,
            cure=Text("请检查起止时间", "check both instants"),
        )
    )


def _check_begun(wanted: Declaring, now: datetime) -> None:
    """Clocks that stand still until further notice stand still from now on, not from later."""
    if wanted.until is None and wanted.since > now:
        raise BadInput(
            Finding(
                code="force_majeure.period",
                field="until",
                message=Text(
                    "尚未开始的须写明结束时间", "what has not begun yet needs an end of its own"
                ),
                cure=Text(
                    "请写明结束时间，或待其开始后再声明",
                    "name its end, or declare it when it has begun",
                ),
            )
        )
