"""Permissions (权限): who may do what, in one table; what somebody may not see does not exist.

A caller holds one post (岗位): a role of the processes, or, among a merchant's people, owner or
agent. A verb needs one of its roles and, for keys of programs, its scope; some verbs of the
merchant are the owner's alone. Which cases and orders somebody sees is decided by `Caller.sees`.
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
    CANCEL_ORDER = "cancel_order"
    SEE_CASES = "see_cases"
    ACT = "act"
    NEGOTIATE = "negotiate"
    INSPECT_RETURN = "inspect_return"
    REPORT_LOST = "report_lost"
    SEND_RETURN = "send_return"
    RECEIVE_RETURN = "receive_return"
    GIVE_RETURN_ADDRESS = "give_return_address"
    SET_RETURN_ADDRESS = "set_return_address"
    REQUEST_PICKUP = "request_pickup"
    REPORT_PICKUP = "report_pickup"
    MANAGE_STRATEGIES = "manage_strategies"
    SUBMIT_EVIDENCE = "submit_evidence"
    CHALLENGE_EVIDENCE = "challenge_evidence"
    SEE_EVIDENCE = "see_evidence"
    SEE_MATCHES = "see_matches"
    TAKE_CASE = "take_case"
    RECORD_FINDING = "record_finding"
    JOIN_CASES = "join_cases"
    REPORT_PAYMENT = "report_payment"
    RESOLVE_PAYMENTS = "resolve_payments"
    REPORT_OUTSIDE_REFUND = "report_outside_refund"
    MOVE_DEPOSIT = "move_deposit"
    MANAGE_WEBHOOKS = "manage_webhooks"
    MANAGE_KEYS = "manage_keys"
    DRIVE_SANDBOX = "drive_sandbox"
    SEE_LEDGER = "see_ledger"
    SEE_CLOCKS = "see_clocks"
    SEE_FORCE_MAJEURE = "see_force_majeure"
    DECLARE_FORCE_MAJEURE = "declare_force_majeure"
    SEE_MARKS = "see_marks"
    SEE_INVOICES = "see_invoices"
    TELL_INVOICE = "tell_invoice"
    HANDLE_INVOICE = "handle_invoice"
    SEE_RULES = "see_rules"
    VERIFY = "verify"
    ERASE_PERSON = "erase_person"
    INTAKE_MESSAGES = "intake_messages"
    SEE_MESSAGES = "see_messages"
    SEE_SERVICE = "see_service"
    IMPORT_REQUESTS = "import_requests"
    SEE_EXPORTS = "see_exports"


class Post(StrEnum):
    """What somebody is, as memberships name it (岗位)."""

    BUYER = "buyer"
    OWNER = "merchant"
    """Answers for the shop itself."""
    AGENT = "merchant_agent"
    """Answers its cases for the owner (商家客服)."""
    ARBITRATOR = "arbitrator"
    REVIEWER = "reviewer"
    OPERATOR = "operator"
    AUDITOR = "auditor"

    @property
    def role(self) -> Role:
        """The role in which the holder acts on cases."""
        return Role.MERCHANT if self is Post.AGENT else Role(self.value)


POST_LABELS: dict[Post, Text] = {
    Post.BUYER: label(Role.BUYER),
    Post.OWNER: Text("商家", "merchant owner"),
    Post.AGENT: Text("商家客服", "merchant agent"),
    Post.ARBITRATOR: label(Role.ARBITRATOR),
    Post.REVIEWER: label(Role.REVIEWER),
    Post.OPERATOR: label(Role.OPERATOR),
    Post.AUDITOR: label(Role.AUDITOR),
}


@dataclass(frozen=True, slots=True)
class Permission:
    """The roles a verb is for, and the scope that a key of a program needs for it."""

    roles: frozenset[Role]
    scope: str
    owner: bool = False
    """Of the merchant's people, only the owner may."""

    def covers(self, post: Post) -> bool:
        """Whether whoever holds `post` may."""
        return post.role in self.roles and not (self.owner and post is Post.AGENT)


_PARTIES = frozenset({Role.BUYER, Role.MERCHANT})
_PLATFORM = frozenset({Role.ARBITRATOR, Role.REVIEWER, Role.OPERATOR})
_EVERYBODY = _PARTIES | _PLATFORM
_READERS = _EVERYBODY | {Role.AUDITOR}
_OPERATOR = frozenset({Role.OPERATOR})

PERMISSIONS: dict[Verb, Permission] = {
    Verb.SEE_ORDERS: Permission(_READERS, "orders:read"),
    Verb.INTAKE_ORDERS: Permission(_OPERATOR, "orders:write"),
    Verb.OPEN_CASE: Permission(frozenset({Role.BUYER, Role.OPERATOR}), "cases:write"),
    Verb.CANCEL_ORDER: Permission(_PARTIES | _OPERATOR, "cases:write"),
    Verb.SEE_CASES: Permission(_READERS, "cases:read"),
    Verb.ACT: Permission(_EVERYBODY, "cases:write"),
    Verb.NEGOTIATE: Permission(_PARTIES, "cases:write"),
    Verb.INSPECT_RETURN: Permission(frozenset({Role.MERCHANT}), "cases:write"),
    Verb.REPORT_LOST: Permission(_OPERATOR, "cases:write"),
    Verb.SEND_RETURN: Permission(frozenset({Role.BUYER}), "cases:write"),
    Verb.RECEIVE_RETURN: Permission(frozenset({Role.MERCHANT}), "cases:write"),
    Verb.GIVE_RETURN_ADDRESS: Permission(frozenset({Role.MERCHANT}), "cases:write"),
    Verb.SET_RETURN_ADDRESS: Permission(frozenset({Role.MERCHANT}), "cases:write", owner=True),
    Verb.REQUEST_PICKUP: Permission(_PARTIES | _OPERATOR, "cases:write"),
    Verb.REPORT_PICKUP: Permission(_PARTIES | _OPERATOR, "cases:write"),
    Verb.MANAGE_STRATEGIES: Permission(frozenset({Role.MERCHANT}), "strategies:write"),
    Verb.SUBMIT_EVIDENCE: Permission(_EVERYBODY, "evidence:write"),
    Verb.SEE_EVIDENCE: Permission(_READERS, "cases:read"),
    Verb.CHALLENGE_EVIDENCE: Permission(_PARTIES, "evidence:write"),
    Verb.SEE_MATCHES: Permission(frozenset({Role.ARBITRATOR, Role.REVIEWER}), "cases:read"),
    Verb.TAKE_CASE: Permission(frozenset({Role.ARBITRATOR, Role.REVIEWER}), "cases:write"),
    Verb.RECORD_FINDING: Permission(frozenset({Role.ARBITRATOR, Role.REVIEWER}), "findings:write"),
    Verb.JOIN_CASES: Permission(_PLATFORM, "cases:write"),
    Verb.REPORT_PAYMENT: Permission(_OPERATOR, "payments:write"),
    Verb.RESOLVE_PAYMENTS: Permission(_OPERATOR, "payments:write"),
    Verb.REPORT_OUTSIDE_REFUND: Permission(_OPERATOR, "payments:write"),
    Verb.MOVE_DEPOSIT: Permission(_OPERATOR, "payments:write"),
    Verb.MANAGE_WEBHOOKS: Permission(_OPERATOR | {Role.MERCHANT}, "webhooks:write", owner=True),
    Verb.MANAGE_KEYS: Permission(_EVERYBODY, "keys:write", owner=True),
    Verb.DRIVE_SANDBOX: Permission(_OPERATOR, "sandbox:write"),
    Verb.SEE_LEDGER: Permission(
        _OPERATOR | {Role.MERCHANT, Role.AUDITOR}, "ledger:read", owner=True
    ),
    Verb.SEE_CLOCKS: Permission(_OPERATOR | {Role.AUDITOR}, "clocks:read"),
    Verb.SEE_FORCE_MAJEURE: Permission(_PLATFORM, "clocks:read"),
    Verb.DECLARE_FORCE_MAJEURE: Permission(_OPERATOR, "clocks:write"),
    Verb.SEE_MARKS: Permission(frozenset({Role.REVIEWER, Role.OPERATOR}), "cases:read"),
    Verb.SEE_INVOICES: Permission(_READERS, "invoices:read"),
    Verb.TELL_INVOICE: Permission(_OPERATOR | {Role.MERCHANT}, "invoices:write"),
    Verb.HANDLE_INVOICE: Permission(_PARTIES | _OPERATOR, "invoices:write"),
    Verb.SEE_RULES: Permission(_READERS, "rules:read"),
    Verb.VERIFY: Permission(_OPERATOR | {Role.AUDITOR}, "ledger:read"),
    Verb.ERASE_PERSON: Permission(_OPERATOR, "people:erase"),
    Verb.INTAKE_MESSAGES: Permission(_OPERATOR, "messages:write"),
    Verb.SEE_MESSAGES: Permission(_READERS, "messages:read"),
    Verb.SEE_SERVICE: Permission(_OPERATOR | {Role.MERCHANT, Role.AUDITOR}, "messages:read"),
    Verb.IMPORT_REQUESTS: Permission(_OPERATOR, "cases:write"),
    Verb.SEE_EXPORTS: Permission(_OPERATOR | {Role.AUDITOR}, "exports:read"),
}
#: What a caller limited to named cases may do, with these; every other verb reaches beyond them.
OF_A_CASE = frozenset(
    {
        Verb.SEE_ORDERS,
        Verb.SEE_CASES,
        Verb.ACT,
        Verb.NEGOTIATE,
        Verb.INSPECT_RETURN,
        Verb.REPORT_LOST,
        Verb.SEND_RETURN,
        Verb.RECEIVE_RETURN,
        Verb.GIVE_RETURN_ADDRESS,
        Verb.REQUEST_PICKUP,
        Verb.REPORT_PICKUP,
        Verb.SUBMIT_EVIDENCE,
        Verb.SEE_EVIDENCE,
        Verb.CHALLENGE_EVIDENCE,
        Verb.RECORD_FINDING,
        Verb.SEE_RULES,
        Verb.SEE_INVOICES,
        Verb.TELL_INVOICE,
        Verb.HANDLE_INVOICE,
    }
)
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
    agent: bool = False
    """For merchants: acts for the owner of the shops."""
    case_ids: frozenset[str] | None = None
    """The only cases that exist for the caller, with their orders; None: no such limit."""

    @property
    def post(self) -> Post:
        """What the caller is."""
        return Post.AGENT if self.agent else Post(self.role.value)

    @property
    def title(self) -> Text:
        """What the caller is, for people."""
        return POST_LABELS[self.post]

    @property
    def actor(self) -> Actor:
        """The caller as the events record him."""
        return Actor(role=self.role, id=self.user_id)

    def sees(
        self, *, marketplace_id: str, shop_id: str, buyer_id: str, case_id: str | None = None
    ) -> bool:
        """Whether an order, or with `case_id` that case about it, exists for this caller."""
        if marketplace_id not in self.marketplace_ids:
            return False
        if self.case_ids is not None and case_id not in self.case_ids:
            return False
        if self.role is Role.BUYER:
            return self.buyer_id is not None and buyer_id == self.buyer_id
        if self.role is Role.MERCHANT:
            return shop_id in self.shop_ids
        return self.role in _PLATFORM or self.role is Role.AUDITOR


def allow(caller: Caller, verb: Verb) -> None:
    """Raise NotAllowed when the caller's role or scopes do not cover `verb`.

    Codes: `permission.role`, `permission.scope`, `permission.cases_only`.
    """
    permission = PERMISSIONS[verb]
    if not permission.covers(caller.post):
        roles = list_in(tuple(POST_LABELS[p] for p in Post if permission.covers(p)))
        raise NotAllowed(
            Finding(
                code="permission.role",
                message=Text(
                    f"此操作限：{roles.zh}；您是{POST_LABELS[caller.post].zh}",
                    f"this is for: {roles.en}; you act as {POST_LABELS[caller.post].en}",
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

    if caller.case_ids is not None and verb not in OF_A_CASE:
        raise NotAllowed(
            Finding(
                code="permission.cases_only",
                message=Text(
                    "此密钥只用于指定的案件，不能执行此操作",
                    "the key is for named cases only; this reaches beyond them",
                ),
                cure=Text("请使用不限案件的密钥", "use a key that is not limited to cases"),
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
GROUP = Text("并案", "group of joined cases")
ORDER = Text("订单", "order")
SHOP = Text("店铺", "shop")
EVIDENCE = Text("凭证", "evidence")
MARKETPLACE = Text("平台市场", "marketplace")
INVOICE_TASK = Text("发票事项", "invoice task")
