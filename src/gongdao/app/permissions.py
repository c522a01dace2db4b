"""Permissions (权限): who may do what, in one table; what somebody may not see does not exist.

A caller acts in one role. A verb needs one of its roles and, for keys of programs, its scope; which
cases and orders a role sees is decided by `Caller.sees`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from gongdao.core.cases.commands import Actor
from gongdao.core.kernel.findings import Finding, NotAllowed, NotVisible
from gongdao.core.kernel.text import Text, list_in
from gongdao.core.kernel.words import Role, label


class Verb(StrEnum):
    """What a caller may ask of the system."""

    SEE_ORDERS = "see_orders"
    INTAKE_ORDERS = "intake_orders"
    OPEN_CASE = "open_case"
    SEE_CASES = "see_cases"
    ACT = "act"
    SUBMIT_EVIDENCE = "submit_evidence"
    SEE_EVIDENCE = "see_evidence"
    RECORD_FINDING = "record_finding"
    REPORT_PAYMENT = "report_payment"
    RESOLVE_PAYMENTS = "resolve_payments"
    REPORT_OUTSIDE_REFUND = "report_outside_refund"
    MOVE_DEPOSIT = "move_deposit"
    MANAGE_WEBHOOKS = "manage_webhooks"
    MANAGE_KEYS = "manage_keys"
    DRIVE_SANDBOX = "drive_sandbox"
    SEE_LEDGER = "see_ledger"
    SEE_CLOCKS = "see_clocks"
    SEE_RULES = "see_rules"
    VERIFY = "verify"


@dataclass(frozen=True, slots=True)
class Permission:
    """The roles a verb is for, and the scope that a key of a program needs for it."""

    roles: frozenset[Role]
    scope: str


_PARTIES = frozenset({Role.BUYER, Role.MERCHANT})
_PLATFORM = frozenset({Role.ARBITRATOR, Role.REVIEWER, Role.OPERATOR})
_EVERYBODY = _PARTIES | _PLATFORM
_OPERATOR = frozenset({Role.OPERATOR})

PERMISSIONS: dict[Verb, Permission] = {
    Verb.SEE_ORDERS: Permission(_EVERYBODY, "orders:read"),
    Verb.INTAKE_ORDERS: Permission(_OPERATOR, "orders:write"),
    Verb.OPEN_CASE: Permission(frozenset({Role.BUYER, Role.OPERATOR}), "cases:write"),
    Verb.SEE_CASES: Permission(_EVERYBODY, "cases:read"),
    Verb.ACT: Permission(_EVERYBODY, "cases:write"),
    Verb.SUBMIT_EVIDENCE: Permission(_EVERYBODY, "evidence:write"),
    Verb.SEE_EVIDENCE: Permission(_EVERYBODY, "cases:read"),
    Verb.RECORD_FINDING: Permission(frozenset({Role.ARBITRATOR, Role.REVIEWER}), "findings:write"),
    Verb.REPORT_PAYMENT: Permission(_OPERATOR, "payments:write"),
    Verb.RESOLVE_PAYMENTS: Permission(_OPERATOR, "payments:write"),
    Verb.REPORT_OUTSIDE_REFUND: Permission(_OPERATOR, "payments:write"),
    Verb.MOVE_DEPOSIT: Permission(_OPERATOR, "payments:write"),
    Verb.MANAGE_WEBHOOKS: Permission(_OPERATOR | {Role.MERCHANT}, "webhooks:write"),
    Verb.MANAGE_KEYS: Permission(_EVERYBODY, "keys:write"),
    Verb.DRIVE_SANDBOX: Permission(_OPERATOR, "sandbox:write"),
    Verb.SEE_LEDGER: Permission(_OPERATOR | {Role.MERCHANT}, "ledger:read"),
    Verb.SEE_CLOCKS: Permission(_OPERATOR, "clocks:read"),
    Verb.SEE_RULES: Permission(_EVERYBODY, "rules:read"),
    Verb.VERIFY: Permission(_OPERATOR, "ledger:read"),
}
ALL_SCOPES = frozenset(p.scope for p in PERMISSIONS.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks: a person signed in, or a program with a key, acting in one role."""

    user_id: str
    role: Role
    marketplace_ids: frozenset[str]
    shop_ids: frozenset[str] = frozenset()
    """For merchants: the shops they act for."""
    buyer_id: str | None = None
    """For buyers: the marketplace's own id of them."""
    scopes: frozenset[str] = field(default=ALL_SCOPES)

    @property
    def actor(self) -> Actor:
        """The caller as the events record him."""
        return Actor(role=self.role, id=self.user_id)

    def sees(self, *, marketplace_id: str, shop_id: str, buyer_id: str) -> bool:
        """Whether an order, and the cases about it, exist for this caller."""
        if marketplace_id not in self.marketplace_ids:
            return False
        if self.role is Role.BUYER:
            return self.buyer_id is not None and buyer_id == self.buyer_id
        if self.role is Role.MERCHANT:
            return shop_id in self.shop_ids
        return self.role in _PLATFORM


def allow(caller: Caller, verb: Verb) -> None:
    """Raise NotAllowed when the caller's role or scopes do not cover `verb`.

    Codes: `permission.role`, `permission.scope`.
    """
    permission = PERMISSIONS[verb]
    if caller.role not in permission.roles:
        roles = list_in(tuple(label(r) for r in Role if r in permission.roles))
        raise NotAllowed(
            Finding(
                code="permission.role",
                message=Text(
                    f"此操作限：{roles.zh}；您是{label(caller.role).zh}",
                    f"this is for: {roles.en}; you act as {label(caller.role).en}",
                ),
            )
        )
    if permission.scope not in caller.scopes:
        raise NotAllowed(
            Finding(
                code="permission.scope",
                field="scopes",
                message=Text(
                    f"密钥没有 {permission.scope} 权限",
                    f"the key lacks the scope {permission.scope}",
                ),
                cure=Text("请使用含此权限的密钥", "use a key that has it"),
            )
        )


def not_visible(what: Text, field_name: str) -> NotVisible:
    """Return the answer for what is unknown and for what is not the caller's to see."""
    return NotVisible(
        Finding(
            code="not_visible",
            field=field_name,
            message=Text(
                f"{what.zh}不存在或您无权查看", f"there is no such {what.en} for you to see"
            ),
        )
    )


CASE = Text("案件", "case")
ORDER = Text("订单", "order")
SHOP = Text("店铺", "shop")
EVIDENCE = Text("凭证", "evidence")
MARKETPLACE = Text("平台市场", "marketplace")
