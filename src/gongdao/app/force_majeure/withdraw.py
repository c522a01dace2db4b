"""End or revoke force majeure (结束、撤销): clocks go on, or are as if it had never been."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from gongdao.app.force_majeure.apply import Reach, take_back
from gongdao.app.permissions import Caller, Verb, allow, not_visible
from gongdao.app.plain_values import check_text
from gongdao.core.kernel.findings import BadInput, Conflict, Finding
from gongdao.core.kernel.text import Text
from gongdao.store.cases import marketplace_now
from gongdao.store.connection import transaction
from gongdao.store.force_majeure import (
    DeclarationRow,
    declarations,
    end_declaration,
    find_declaration,
    revoke_declaration,
)
from gongdao.store.trail import AuditEntry, add_audit

DECLARATION = Text("不可抗力声明", "declaration of force majeure")


def listed(caller: Caller) -> tuple[DeclarationRow, ...]:
    """Return the declarations of the caller's marketplaces, newest first."""
    allow(caller, Verb.SEE_FORCE_MAJEURE)
    with transaction() as on:
        return declarations(on, caller.marketplace_ids)


def end(caller: Caller, declaration_id: str, *, now: datetime | None = None) -> Reach:
    """End an open-ended declaration: clocks go on with what they had left; it stays exempt.

    A second time sees to what the first did not come to. Raises NotAllowed, NotVisible, Conflict
    `force_majeure.has_end`.
    """
    row, at = _found(caller, declaration_id, now)
    if row.until is not None:
        raise Conflict(
            Finding(
                code="force_majeure.has_end",
                message=Text("该声明已写明结束时间", "this declaration has an end of its own"),
                cure=Text("如不成立，请撤销", "revoke it if it does not hold"),
            )
        )
    with transaction() as on:
        end_declaration(on, row.id, caller.user_id, at)
        add_audit(on, _entry(caller, f"end:{row.id}"))
    return take_back(row, at, caller.user_id, undone=False)


def revoke(
    caller: Caller, declaration_id: str, because: str, *, now: datetime | None = None
) -> Reach:
    """Take a declaration back: deadlines return to where they were, never before now.

    The cases are assessed again. A second time sees to what the first did not come to. Raises
    NotAllowed, NotVisible, BadInput `force_majeure.no_reason`.
    """
    row, at = _found(caller, declaration_id, now)
    check_text(because, "because")
    if not because.strip():
        raise BadInput(
            Finding(
                code="force_majeure.no_reason",
                field="because",
                message=Text("须写明撤销理由", "say why it is revoked"),
            )
        )
    with transaction() as on:
        revoke_declaration(on, row.id, caller.user_id, at, because)
        add_audit(on, _entry(caller, f"revoke:{row.id}"))
    return take_back(row, at, caller.user_id, undone=True)


def _found(
    caller: Caller, declaration_id: str, now: datetime | None
) -> tuple[DeclarationRow, datetime]:
    allow(caller, Verb.DECLARE_FORCE_MAJEURE)
    try:
        key = UUID(declaration_id)
    except ValueError:
        raise not_visible(DECLARATION, "id") from None
    with transaction() as on:
        row = find_declaration(on, key)
        if row is None or row.marketplace_id not in caller.marketplace_ids:
            raise not_visible(DECLARATION, "id")
        return row, now or marketplace_now(on, row.marketplace_id)


def _entry(caller: Caller, what: str) -> AuditEntry:
    return AuditEntry(
        user_id=caller.user_id,
        role=caller.role,
        verb=f"{Verb.DECLARE_FORCE_MAJEURE}:{what}",
        shop_id=None,
        case_id=None,
        key="",
        result="done",
    )
