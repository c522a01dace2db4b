"""A typed client of gongdao's API, written from its OpenAPI document. Needs urllib3.

    client = Client("https://gongdao.example.com", "gd_…")
    client.payments_list_payments(state="granted")
"""

# Written by tools/write_client.py; do not edit.
from __future__ import annotations

import json
from typing import Any, TypedDict
from urllib.parse import quote, urlencode

import urllib3


class Problem(Exception):
    """A refusal (RFC 9457): `status`, the stable `code`, and the whole document as `body`."""

    def __init__(self, status: int, body: Any) -> None:
        self.status = status
        self.body = body
        self.code = body.get("code", "") if isinstance(body, dict) else ""
        super().__init__(f"{status} {self.code}")



class AccountDayOut(TypedDict):
    account: str
    closing_fen: int
    moved_fen: int
    opening_fen: int


class _ActIn(TypedDict):
    action: str


class ActIn(_ActIn, total=False):
    payload: dict[str, bool | int | str]
    track: str | None


class AgreementOut(TypedDict):
    at: str
    cite: list[str]
    number: int
    terms: TermsOut


class AllowedActionOut(TypedDict):
    begins: bool
    cite: list[str]
    lacking: list[str]
    name: str
    needs: list[str]
    open: bool
    rules: bool
    title: TextOut
    track: str


class AnswerIn(TypedDict):
    answer: str


class AnswerOut(TypedDict):
    cite: list[str]
    collected: list[dict[str, Any]]
    digest: str
    near: list[NearOut]
    needed: list[str]
    outputs: dict[str, Any]
    read: list[ValueOut]
    rows: list[str]
    rulebook: str
    sentences: list[TextOut]
    status: str
    table: str

Arbitration = str


class AssignmentOut(TypedDict):
    case_id: str
    expires_at: str
    id: str
    role: str
    shop_id: str
    taken_at: str
    user_id: str


class AssignmentsOut(TypedDict):
    items: list[AssignmentOut]


class CancelIn(TypedDict, total=False):
    description: str
    reason: str


class CaseOut(TypedDict):
    agreement: AgreementOut | None
    arbitration: str
    bundle: TextOut | None
    challenges: list[ChallengeOut]
    claim: str
    claim_lines: list[ClaimLineOut]
    closed_at: str | None
    counts: CountsOut
    deadlines: list[DeadlineOut]
    description: str
    dossiers: list[DossierOut]
    evidence: list[EvidenceOut]
    facts: list[FactOut]
    goods: str
    grants: list[GrantOut]
    id: str
    inspection: InspectionOut | None
    joined: JoiningOut | None
    lifts: list[LiftOut]
    loss: LossOut | None
    marks: list[MarkOut]
    money: str
    offers: list[OfferOut]
    opened_at: str
    opened_by: str
    order: OrderOut
    outcome: str | None
    pauses: list[PauseOut]
    penalties: list[PenaltyOut]
    pickups: list[PickupOut]
    proposal: ProposalOut | None
    reason: str
    requested_fen: int
    return_address: ReturnAddressOut | None
    return_freight_fen: int
    return_freight_paid_by: str
    returned_before: list[ReturnLineOut]
    returns: list[ReturnParcelOut]
    rulings: list[RulingOut]
    shop_id: str
    stage: str
    tracks: dict[str, TrackOut]
    version: int


class CasePageOut(TypedDict):
    items: list[CaseRowOut]
    next_cursor: str | None


class CaseRowOut(TypedDict):
    arbitration: str
    buyer_id: str
    case_id: str
    claim: str
    closed_at: str | None
    goods: str
    marketplace_id: str
    money: str
    next_due_at: str | None
    opened_at: str
    order_id: str
    outcome: str | None
    reason: str
    requested_fen: int
    shop_id: str
    stage: str
    version: int
    waits_for: list[str]


class CaseStandingOut(TypedDict):
    allowed: list[AllowedActionOut]
    case: CaseOut
    clauses: dict[str, TextOut]
    facts_wanted: list[str]
    marketplace_id: str
    now: str
    payments: list[PaymentOut]
    waits_for: list[str]


class ChallengeIn(TypedDict):
    reason: str


class ChallengeOut(TypedDict):
    at: str
    by: str
    evidence: str
    reason: str


class ChecklistOut(TypedDict):
    complete: bool
    pieces: list[PieceOut]
    slots: list[SlotOut]

Claim = str


class ClaimLineOut(TypedDict):
    goods_fen: int
    line_id: str
    quantity: int
    seen_fen: int | None


class ClaimOut(TypedDict):
    claim: str
    code: str | None
    message: TextOut | None
    open: bool
    title: TextOut


class ClaimsOut(TypedDict):
    items: list[ClaimOut]


class ClauseOut(TypedDict):
    id: str
    reading: str | None
    ref: str
    text: TextOut


class ClockIn(TypedDict):
    now: str | None


class ConductMarkOut(TypedDict):
    about: str
    actor: str
    at: str
    case_id: str
    cause: str
    kind: str
    lifted_at: str | None
    number: int
    subject: str


class CountsOut(TypedDict):
    in_dispute_rate: bool
    in_score: bool
    penalty_stands: bool

Dataset = str


class DeadlineOut(TypedDict):
    action: str
    cite: list[str]
    due_at: str
    name: str
    paused_left_seconds: int | None
    reason: TextOut
    track: str


class DeclarationOut(TypedDict):
    cases: int
    city: str
    declared_at: str
    declared_by: str
    district: str
    ended_at: str | None
    id: str
    marketplace_id: str
    proof: str
    province: str
    revoked_at: str | None
    revoked_because: str
    since: str
    title: TextOut
    until: str | None


class DeclarationsOut(TypedDict):
    items: list[DeclarationOut]


class _DeclareIn(TypedDict):
    marketplace_id: str
    proof: str
    province: str
    since: str


class DeclareIn(_DeclareIn, total=False):
    city: str
    district: str
    title_en: str
    title_zh: str
    until: str | None


class DeclaredFactOut(TypedDict):
    cost: int
    name: str
    title: TextOut
    type: str
    unit: str | None
    words: list[str]


class DeclaredOut(TypedDict):
    declaration: DeclarationOut
    preview: bool
    reach: ReachOut
    repeated: bool


class DeliveryOut(TypedDict):
    attempt: int
    case_id: str | None
    created_at: str
    dead_at: str | None
    delivered_at: str | None
    id: str
    kind: str
    seq: int
    shop_id: str | None
    tries: int
    trouble: str
    try_at: str | None


class DeliveryPageOut(TypedDict):
    items: list[DeliveryOut]
    next_cursor: str | None


class DepositMovementIn(TypedDict):
    amount_fen: int
    external_ref: str


class DepositOut(TypedDict):
    balance_fen: int
    free_fen: int
    held_fen: int
    holds: list[HoldOut]
    owed_fen: int
    reserve_fen: int

Direction = str


class DossierFactOut(TypedDict):
    by: str
    evidence: list[str]
    name: str
    value: bool | int | str


class DossierOut(TypedDict):
    at: str
    digest: str
    facts: list[DossierFactOut]
    number: int
    pieces: list[DossierPieceOut]


class DossierPieceOut(TypedDict):
    admission: str
    by: str
    challenged: list[str]
    digest: str
    evidence: str
    kind: str


class DryRunOut(TypedDict):
    agreed: int
    agreed_fen: int
    by_row: dict[str, int]
    outcomes: dict[str, int]
    requests: int
    sample: list[str]
    undecided: int


class _EndpointIn(TypedDict):
    marketplace_id: str
    url: str


class EndpointIn(_EndpointIn, total=False):
    kinds: list[str]
    shop_id: str | None


class EndpointOut(TypedDict):
    created_at: str
    dead: int
    disabled_at: str | None
    id: str
    kinds: list[str]
    marketplace_id: str
    shop_id: str | None
    url: str
    waiting: int


class EndpointsOut(TypedDict):
    items: list[EndpointOut]


class EraseIn(TypedDict):
    buyer_id: str
    marketplace_id: str


class ErasureOut(TypedDict):
    accounts: int
    files: int
    keys: int


class _EvaluateIn(TypedDict):
    facts: dict[str, Any]
    subject: str


class EvaluateIn(_EvaluateIn, total=False):
    at: str | None
    table: str | None


class EventOut(TypedDict):
    at: str
    body: dict[str, Any]
    kind: str


class EvidenceOut(TypedDict):
    admission: str
    at: str
    by: str
    digest: str
    given_in: str | None
    id: str
    kind: str
    media_type: str
    name: str
    note: str
    size_bytes: int


class ExceptionOut(TypedDict):
    case_id: str | None
    expected_fen: int
    external_ref: str
    id: str
    kind: str
    marketplace_id: str
    note: str
    number: int | None
    order_id: str
    reported_at: str
    reported_fen: int
    resolution: str
    resolutions: list[str]
    resolved_at: str | None
    resolved_by: str
    shop_id: str


class ExceptionPageOut(TypedDict):
    items: list[ExceptionOut]
    next_cursor: str | None


class ExportDayOut(TypedDict):
    day: str
    parts: list[ExportPartOut]
    written_at: str


class ExportPartOut(TypedDict):
    bytes: int
    dataset: str
    rows: int
    sha256: str


class ExportsOut(TypedDict):
    items: list[ExportDayOut]


class FactOut(TypedDict):
    actor: str
    at: str
    by: str
    evidence: list[str]
    name: str
    note: str
    value: bool | int | str


class _FindingIn(TypedDict):
    name: str
    value: bool | int | str


class FindingIn(_FindingIn, total=False):
    evidence: list[str]
    note: str


class FiringOut(TypedDict):
    at: str
    cite: list[str]
    deadline: str
    do: str
    reason: TextOut
    state: str

Goods = str


class GrantOut(TypedDict):
    channel: str
    cite: list[str]
    external_ref: str | None
    number: int
    state: str
    transfers: list[TransferOut]


class GroupOut(TypedDict):
    group: str
    marketplace_id: str
    members: list[MemberOut]
    now: str


class HealthOut(TypedDict):
    status: str
    version: str


class HoldOut(TypedDict):
    amount_fen: int
    case_id: str
    cite: list[str]
    matter: str
    order_id: str
    reason: TextOut
    since: str


class ImportOut(TypedDict):
    errors: int
    finished: bool
    resumed_at: int
    rows: int
    source: str
    taken: int
    unread: list[str]


class ImportRowOut(TypedDict):
    errors: int
    finished_at: str | None
    rows: int
    source: str
    taken: int
    updated_at: str


class ImportsOut(TypedDict):
    items: list[ImportRowOut]


class _InspectionIn(TypedDict):
    condition: str


class InspectionIn(_InspectionIn, total=False):
    evidence: list[str]
    label_lacks: list[str]
    missing_gifts: list[str]
    note: str
    parcel: int | None
    received: list[QuantityIn] | None


class InspectionOut(TypedDict):
    actor: str
    at: str
    charged_fen: int
    condition: str
    evidence: list[str]
    label_lacks: list[str]
    missing_gifts: list[str]
    note: str
    received: list[ReturnLineOut] | None


class IntakeIn(TypedDict):
    marketplace_id: str
    orders: list[OrderIn]


class IntakeOut(TypedDict):
    changed: int
    new: int
    refused: list[RefusedOrderOut]
    same: int


class InvoiceIn(TypedDict):
    amount_fen: int
    issued_at: str
    medium: Medium
    number: str
    order_id: str
    shop_id: str


class InvoiceOut(TypedDict):
    amount_fen: int
    id: str
    issued_at: str
    left_fen: int
    medium: Medium
    number: str
    order_id: str
    reversed_fen: int
    shop_id: str


class InvoicesOut(TypedDict):
    items: list[InvoiceOut]


class JoinIn(TypedDict):
    case_ids: list[str]
    reason: str


class JoiningOut(TypedDict):
    group: str
    members: list[str]
    since: str


class _JointActIn(TypedDict):
    action: str


class JointActIn(_JointActIn, total=False):
    cases: dict[str, dict[str, bool | int | str]]


class JointStatementOut(TypedDict):
    audience: str
    group: str
    overview: SectionOut
    parts: list[ReasonsOut]
    title: TextOut


class KeptOut(TypedDict):
    name: str
    remarks: list[RemarkOut]
    version: int


class _KeyIn(TypedDict):
    name: str
    scopes: list[str]


class KeyIn(_KeyIn, total=False):
    case_ids: list[str] | None
    expires_at: str | None
    shop_id: str | None


class KeyOut(TypedDict):
    case_ids: list[str] | None
    created_at: str
    expires_at: str | None
    id: str
    last_used_at: str | None
    name: str
    revoked_at: str | None
    role: str
    scopes: list[str]
    shop_id: str | None


class KeysOut(TypedDict):
    items: list[KeyOut]


class LiftOut(TypedDict):
    actor: str
    at: str
    by: str
    cause: str
    part: str
    reason: str


class _LineIn(TypedDict):
    line_id: str
    quantity: int


class LineIn(_LineIn, total=False):
    seen_price_fen: int | None


class LinkOut(TypedDict):
    expires_at: str
    url: str


class _LossIn(TypedDict):
    proof: str


class LossIn(_LossIn, total=False):
    parcel: int | None


class LossOut(TypedDict):
    actor: str
    at: str
    leg: str
    parcel: int | None
    proof: str


class MadeEndpointOut(TypedDict):
    id: str
    secret: str


class MadeKeyOut(TypedDict):
    id: str
    key: str


class MarkOut(TypedDict):
    about: str
    at: str
    by: str
    cause: str
    cite: list[str]
    kind: str
    lifted_at: str | None
    note: str
    number: int
    subject: str


class MarksOut(TypedDict):
    items: list[ConductMarkOut]


class MatchOut(TypedDict):
    at: str
    distance: int
    evidence_id: str
    given_by: str
    other_buyer_id: str
    other_case_id: str
    other_evidence_id: str
    other_order_id: str
    other_shop_id: str


class MatchesOut(TypedDict):
    items: list[MatchOut]

Medium = str


class MemberOut(TypedDict):
    case: CaseOut
    evidence_complete: bool
    waits_for: list[str]


class _MessageIn(TypedDict):
    at: str
    buyer_id: str
    direction: Direction
    message_id: str
    session_id: str
    shop_id: str


class MessageIn(_MessageIn, total=False):
    agent_id: str | None
    order_id: str | None
    text: str


class MessageOut(TypedDict):
    agent_id: str | None
    at: str
    buyer_id: str
    direction: str
    message_id: str
    order_id: str | None
    session_id: str
    shop_id: str
    text: str


class MessagePageOut(TypedDict):
    items: list[MessageOut]
    next_cursor: str | None


class MessagesIn(TypedDict):
    marketplace_id: str
    messages: list[MessageIn]


class MessagesToldOut(TypedDict):
    new: int
    refused: list[RefusedMessageOut]
    same: int


class MessagesWantedIn(TypedDict, total=False):
    agent_id: str | None
    buyer_id: str | None
    order_id: str | None
    session_id: str | None
    shop_id: str | None
    since: str | None
    until: str | None

MoneyState = str


class MovedClockOut(TypedDict):
    case_id: str
    due_at: str
    name: str
    order_id: str
    paused: bool
    reason: TextOut
    region: str
    track: str
    was_due_at: str


class NearOut(TypedDict):
    name: str
    row: str
    table: str
    wanted: str
    was: Any


class NextOut(TypedDict):
    taken: AssignmentOut | None


class _OfferIn(TypedDict):
    remedy: str


class OfferIn(_OfferIn, total=False):
    compensation_fen: int
    note: str
    refund_fen: int
    return_freight: str


class OfferOut(TypedDict):
    actor: str
    answered_at: str | None
    at: str
    by: str
    expires_at: str
    note: str
    number: int
    state: str
    terms: TermsOut


class _OpenIn(TypedDict):
    claim: Claim
    order_id: str
    reason: Reason
    shop_id: str


class OpenIn(_OpenIn, total=False):
    description: str
    lines: list[LineIn]
    requested_fen: int | None


class OpenTogetherIn(TypedDict):
    requests: list[RequestIn]
    shop_id: str


class _OrderIn(TypedDict):
    buyer_id: str
    lines: list[OrderLineIn]
    order_id: str
    payment: str
    placed_at: str
    platform: str
    shop_id: str


class OrderIn(_OrderIn, total=False):
    attributes: dict[str, bool | int | str]
    cancelled_at: str | None
    freight_fen: int
    freight_prepaid_by: str
    paid_at: str | None
    parcels: list[ParcelIn]
    promised_delivery_at: str | None
    promised_ship_at: str | None
    region: str | None
    shipped_at: str | None
    signed_at: str | None
    succeeded_at: str | None
    tracking_number: str | None


class _OrderLineIn(TypedDict):
    line_id: str
    paid_fen: int
    quantity: int
    title: str


class OrderLineIn(_OrderLineIn, total=False):
    gift: bool
    own_price_fen: int | None


class OrderLineOut(TypedDict):
    line_id: str
    paid_fen: int
    quantity: int
    title: str


class _OrderOut(TypedDict):
    buyer_id: str
    cancelled_at: str | None
    freight_fen: int
    freight_prepaid_by: str
    lines: list[OrderLineOut]
    order_id: str
    paid_at: str | None
    paid_fen: int
    parcels: list[ParcelOut]
    payment: str
    placed_at: str
    platform: str
    shipped_at: str | None
    shop_id: str
    signed_at: str | None
    succeeded_at: str | None


class OrderOut(_OrderOut, total=False):
    receiver: ReceiverOut | None


class OrderPageOut(TypedDict):
    items: list[OrderOut]
    next_cursor: str | None


class OrderStandingOut(TypedDict):
    case_ids: list[str]
    order: OrderOut
    refundable_fen: int


class OrdersWantedIn(TypedDict, total=False):
    buyer_id: str | None
    changed_since: str | None
    marketplace_id: str | None
    placed_since: str | None
    placed_until: str | None
    refundable: bool | None
    search: str | None
    shop_id: str | None


class OutcomeOut(TypedDict):
    at: str
    case: CaseOut
    events: list[EventOut]
    preview: bool
    repeated: bool


class OutcomesOut(TypedDict):
    items: list[OutcomeOut]


class _OutsideRefundIn(TypedDict):
    amount_fen: int
    external_ref: str
    order_id: str
    shop_id: str


class OutsideRefundIn(_OutsideRefundIn, total=False):
    case_id: str | None


class OutsideRefundOut(TypedDict):
    absorbed_fen: int
    case_ids: list[str]
    repeated: bool
    too_much_fen: int


class ParameterOut(TypedDict):
    cite: list[str]
    house: bool
    name: str
    title: TextOut
    value: Any


class _ParcelIn(TypedDict):
    tracking_number: str


class ParcelIn(_ParcelIn, total=False):
    carrier: str
    lines: list[ParcelLineIn]
    shipped_at: str | None
    signed_at: str | None


class ParcelLineIn(TypedDict):
    line_id: str
    quantity: int


class ParcelLineOut(TypedDict):
    line_id: str
    quantity: int


class ParcelOut(TypedDict):
    carrier: str
    lines: list[ParcelLineOut]
    shipped_at: str | None
    signed_at: str | None
    tracking_number: str


class PauseOut(TypedDict):
    cause: str
    reason: TextOut
    since: str
    until: str | None


class PayerIn(TypedDict):
    pays_itself: bool


class _PaymentIn(TypedDict):
    amount_fen: int
    number: int
    result: str


class PaymentIn(_PaymentIn, total=False):
    external_ref: str


class PaymentOut(TypedDict):
    amount_fen: int
    channel: str
    external_ref: str | None
    number: int
    reference: str
    state: str


class PaymentPageOut(TypedDict):
    items: list[PaymentStandingOut]
    next_cursor: str | None


class PaymentStandingOut(TypedDict):
    amount_fen: int
    buyer_id: str
    case_id: str
    channel: str
    external_ref: str | None
    granted_at: str
    moved_at: str
    number: int
    order_id: str
    reference: str
    shop_id: str
    state: str


class PenaltyOut(TypedDict):
    at: str
    cite: list[str]
    code: str


class _PickupIn(TypedDict):
    contact_name: str
    contact_phone: str
    pickup_address: str
    slot_from: str
    slot_until: str


class PickupIn(_PickupIn, total=False):
    paid_by: str


class PickupOut(TypedDict):
    at: str
    by: str
    contact_name: str
    contact_phone: str
    freight_fen: int
    note: str
    number: int
    paid_by: str
    pickup_address: str
    slot_from: str
    slot_until: str
    state: str
    tracking_number: str


class _PickupReportIn(TypedDict):
    state: str


class PickupReportIn(_PickupReportIn, total=False):
    carrier: str
    freight_fen: int
    note: str
    tracking_number: str


class PieceOut(TypedDict):
    challenge_open: bool
    challenge_until: str | None
    challenges: list[ChallengeOut]
    item: EvidenceOut


class ProblemOut(TypedDict):
    code: str
    cure: Any
    detail: str
    field: Any
    findings: list[dict[str, Any]]
    status: int
    title: str
    type: str


class ProcessOut(TypedDict):
    name: str
    start: str
    states: dict[str, Any]
    title: TextOut
    track: str


class ProposalOut(TypedDict):
    action: str
    cite: list[str]
    ruling: RulingOut
    track: str


class ProspectOut(TypedDict):
    case_id: str
    outcome: OutcomeOut | None
    refused: RefusedOut | None


class ProspectsOut(TypedDict):
    items: list[ProspectOut]


class QuantityIn(TypedDict):
    line_id: str
    quantity: int


class _QuoteIn(TypedDict):
    message_ids: list[str]


class QuoteIn(_QuoteIn, total=False):
    note: str


class ReachOut(TypedDict):
    by_stage: dict[str, int]
    cases: int
    clocks: int
    sample: list[MovedClockOut]


class ReadingOut(TypedDict):
    name: str
    origin: str
    value: str | None

Reason = str


class ReasonsOut(TypedDict):
    at: str
    audience: str
    case_id: str
    dossier_digest: str | None
    in_force: bool
    number: int
    sections: list[SectionOut]
    title: TextOut


class ReceiverOut(TypedDict):
    address: str | None
    name: str | None
    phone: str | None


class RefusedActOut(TypedDict):
    at: str
    code: str
    do: str
    message: TextOut


class RefusedMessageOut(TypedDict):
    code: str
    field: str | None
    message: TextOut
    message_id: str
    shop_id: str


class RefusedOrderOut(TypedDict):
    code: str
    field: str | None
    message: TextOut
    order_id: str
    shop_id: str


class RefusedOut(TypedDict):
    code: str
    cure: TextOut | None
    field: str | None
    message: TextOut


class RemarkOut(TypedDict):
    code: str
    field: str | None
    message: TextOut
    severity: str


class _ReplayIn(TypedDict):
    now: str
    process: str
    subject: str
    timeline: list[dict[str, Any]]


class ReplayIn(_ReplayIn, total=False):
    facts: dict[str, Any]


class ReplayOut(TypedDict):
    final: str | None
    fired: list[FiringOut]
    next: FiringOut | None
    process: str
    refused: list[RefusedActOut]
    rulebook: str
    state: str
    waits_for: list[str]


class ReplayedOut(TypedDict):
    replayed: int


class _ReportIn(TypedDict):
    amount_fen: int
    reference: str
    result: str


class ReportIn(_ReportIn, total=False):
    external_ref: str


class ReportOut(TypedDict):
    code: str | None
    message: TextOut | None
    reference: str
    settled: str
    state: str | None


class ReportsIn(TypedDict):
    reports: list[ReportIn]


class ReportsOut(TypedDict):
    items: list[ReportOut]


class _RequestIn(TypedDict):
    claim: Claim
    order_id: str
    reason: Reason


class RequestIn(_RequestIn, total=False):
    description: str
    lines: list[LineIn]
    requested_fen: int | None


class ReserveOut(TypedDict):
    at: str
    category: str
    cite: list[str]
    left_fen: int
    order_id: str
    reason: TextOut
    release_at: str
    reserved_fen: int
    settled_fen: int


class ReservesOut(TypedDict):
    items: list[ReserveOut]


class ResolveIn(TypedDict):
    note: str
    resolution: str


class ReturnAddressIn(TypedDict):
    return_address: str
    return_name: str
    return_phone: str
    return_region: str


class ReturnAddressOut(TypedDict):
    of_shop: bool
    return_address: str
    return_name: str
    return_phone: str
    return_region: str


class _ReturnIn(TypedDict):
    tracking_number: str


class ReturnIn(_ReturnIn, total=False):
    carrier: str
    label: dict[str, str]
    lines: list[QuantityIn]
    return_freight_fen: int | None


class ReturnLineOut(TypedDict):
    line_id: str
    quantity: int


class ReturnParcelOut(TypedDict):
    carrier: str
    inspection: InspectionOut | None
    lines: list[ReturnLineOut]
    number: int
    received_at: str | None
    sent_at: str
    state: str
    tracking_number: str


class RevokeIn(TypedDict):
    because: str

Role = str


class RowOut(TypedDict):
    cite: list[str]
    id: str
    then: dict[str, str]
    when: list[dict[str, str]]


class RulebookOut(TypedDict):
    digest: str
    governs_by: str
    id: str
    in_force_from: str
    in_force_until: str | None
    ref: str
    title: TextOut
    version: str


class RulingOut(TypedDict):
    actor: str
    at: str
    by: str
    cite: list[str]
    compensation_fen: int
    corrects: int | None
    digest: str
    liable: str
    number: int
    outbound_freight: str
    overruled: bool
    penalties: list[str]
    proposed: str
    read: list[ReadingOut]
    reason: str
    refund_fen: int | None
    remedy: str
    return_freight: str
    rows: list[str]
    rulebook: str
    score_effect: bool
    table: str


class SandboxOut(TypedDict):
    fired: int
    marketplace_id: str
    now: str
    paid: int
    pays_itself: bool


class SectionOut(TypedDict):
    lines: list[TextOut]
    title: TextOut


class SeparateIn(TypedDict):
    case_id: str
    reason: str


class ServiceDayOut(TypedDict):
    agent_id: str
    answered: int
    answered_in_30s: int
    answered_in_3m: int
    answered_in_5s: int
    conversations: int
    day: str
    first_wait_seconds: int
    messages: int
    shop_id: str


class ServiceDaysOut(TypedDict):
    items: list[ServiceDayOut]


class ShortfallOut(TypedDict):
    lacks_fen: int
    marketplace_id: str
    recouped_at: str | None
    shop_id: str


class ShortfallsOut(TypedDict):
    items: list[ShortfallOut]


class SlotOut(TypedDict):
    cite: list[str]
    given: list[str]
    kind: str
    missing: bool
    only_if: list[TextOut]
    party: str
    required: bool
    title: TextOut


class StatementLineOut(TypedDict):
    account: str
    amount_fen: int
    at: str
    case_id: str
    order_id: str
    purpose: str
    seq: int


class StatementOut(TypedDict):
    accounts: list[AccountDayOut]
    day: str
    lines: list[StatementLineOut]
    shop_id: str


class StrategyIn(TypedDict):
    text: str


class StrategyOut(TypedDict):
    is_on: bool
    made_at: str
    made_by: str
    name: str
    switched_at: str | None
    switched_by: str
    text: str
    tried_at: str | None
    version: int


class SwitchIn(TypedDict):
    on: bool


class TableOut(TypedDict):
    gives: dict[str, str]
    hit: str
    name: str
    rows: list[RowOut]
    title: TextOut


class _TaskActIn(TypedDict):
    action: str


class TaskActIn(_TaskActIn, total=False):
    payload: dict[str, bool | int | str]


class TaskActionOut(TypedDict):
    name: str
    needs: list[str]
    open: bool
    title: TextOut


class TaskDeadlineOut(TypedDict):
    action: str
    cite: list[str]
    due_at: str
    reason: TextOut


class TaskEventOut(TypedDict):
    event: dict[str, Any]
    kind: str
    recorded_at: str
    seq: int

TaskKind = str


class TaskOut(TypedDict):
    allowed: list[TaskActionOut]
    amount_fen: int
    case_id: str | None
    cite: list[str]
    closed_at: str | None
    code: str
    deadlines: list[TaskDeadlineOut]
    given: dict[str, bool | int | str]
    id: str
    invoice_number: str
    kind: TaskKind
    medium: Medium
    opened_at: str
    order_id: str
    outcome: str | None
    red_reason: str | None
    rulebook: str
    shop_id: str
    state: str
    state_title: TextOut
    title: TextOut
    version: int
    waits_for: list[str]


class TaskPageOut(TypedDict):
    items: list[TaskOut]
    next_cursor: str | None


class TaskStandingOut(TypedDict):
    events: list[TaskEventOut]
    task: TaskOut


class TasksWantedIn(TypedDict, total=False):
    case_id: str | None
    kind: TaskKind | None
    open: bool | None
    order_id: str | None
    shop_id: str | None
    waits_for: Role | None


class TermsOut(TypedDict):
    compensation_fen: int
    refund_fen: int
    remedy: str
    return_freight: str


class TestOut(TypedDict):
    delivery_id: str


class TextOut(TypedDict):
    en: str
    zh: str


class TimelineEntryOut(TypedDict):
    at: str
    body: dict[str, Any]
    kind: str
    recorded_at: str | None
    seq: int


class TimelineOut(TypedDict):
    items: list[TimelineEntryOut]


class TrackOut(TypedDict):
    entered_at: str
    process: str
    rulebook: str
    state: str


class TransferOut(TypedDict):
    amount_fen: int
    giver: str
    purpose: str
    taker: str


class ValueOut(TypedDict):
    name: str
    origin: str
    value: Any


class WantedIn(TypedDict, total=False):
    arbitration: Arbitration | None
    buyer_id: str | None
    claim: Claim | None
    closed_since: str | None
    closed_until: str | None
    disputed: bool
    due_before: str | None
    goods: Goods | None
    marketplace_id: str | None
    money: MoneyState | None
    open: bool | None
    opened_since: str | None
    opened_until: str | None
    order: str
    order_id: str | None
    outcome: str | None
    reason: Reason | None
    region: str | None
    search: str | None
    shop_id: str | None
    stage: str | None
    waits_for: Role | None


class WholeRulebookOut(TypedDict):
    clauses: list[ClauseOut]
    digest: str
    facts: list[DeclaredFactOut]
    governs_by: str
    id: str
    in_force_from: str
    in_force_until: str | None
    parameters: list[ParameterOut]
    processes: list[ProcessOut]
    ref: str
    tables: list[TableOut]
    title: TextOut
    version: str


class WrongIn(TypedDict):
    number: str
    shop_id: str


class Client:
    """Calls the API with one key. An instance may be shared by threads."""

    def __init__(self, address: str, key: str, *, language: str = "zh-Hans") -> None:
        self._address = address.rstrip("/")
        self._headers = {"Authorization": f"Bearer {key}", "Accept-Language": language}
        self._pool = urllib3.PoolManager(timeout=urllib3.Timeout(30.0), retries=False)

    def _call(
        self,
        verb: str,
        path: str,
        query: dict[str, Any],
        headers: dict[str, Any],
        body: Any = None,
    ) -> Any:
        given = {k: v for k, v in query.items() if v is not None}
        words = {k: str(v).lower() if isinstance(v, bool) else v for k, v in given.items()}
        address = self._address + path + (f"?{urlencode(words, doseq=True)}" if words else "")
        sent = self._headers | {k: str(v) for k, v in headers.items() if v is not None}
        content = None
        if isinstance(body, bytes):
            content, sent["Content-Type"] = body, "application/octet-stream"
        elif body is not None:
            content, sent["Content-Type"] = json.dumps(body).encode(), "application/json"
        answer = self._pool.request(verb, address, body=content, headers=sent)
        is_json = "json" in answer.headers.get("Content-Type", "")
        said = json.loads(answer.data) if is_json and answer.data else answer.data
        if answer.status >= 400:
            raise Problem(answer.status, said)
        return said

    def assignments_list_mine(
        self,
    ) -> AssignmentsOut:
        """My cases."""
        return self._call(
            "GET",
            f"/api/v1/assignments",
            {},
            {},
            None,
        )

    def assignments_take_longest_waiting(
        self,
    ) -> NextOut:
        """Take the next case."""
        return self._call(
            "PUT",
            f"/api/v1/assignments/next",
            {},
            {},
            None,
        )

    def assignments_give_back(
        self,
        case_id: str,
    ) -> AssignmentsOut:
        """Give a case back."""
        return self._call(
            "DELETE",
            f"/api/v1/assignments/{quote(case_id, safe='')}",
            {},
            {},
            None,
        )

    def assignments_take_one(
        self,
        case_id: str,
    ) -> AssignmentOut:
        """Take a case."""
        return self._call(
            "PUT",
            f"/api/v1/assignments/{quote(case_id, safe='')}",
            {},
            {},
            None,
        )

    def cases_list_cases(
        self,
        *,
        order: str | None = None,
        open: bool | None = None,
        waits_for: Role | None = None,
        claim: Claim | None = None,
        reason: Reason | None = None,
        stage: str | None = None,
        arbitration: Arbitration | None = None,
        disputed: bool | None = None,
        goods: Goods | None = None,
        money: MoneyState | None = None,
        outcome: str | None = None,
        region: str | None = None,
        marketplace_id: str | None = None,
        shop_id: str | None = None,
        order_id: str | None = None,
        buyer_id: str | None = None,
        opened_since: str | None = None,
        opened_until: str | None = None,
        closed_since: str | None = None,
        closed_until: str | None = None,
        due_before: str | None = None,
        search: str | None = None,
        cursor: str | None = None,
        limit: int | None = None,
        fields: str | None = None,
    ) -> CasePageOut:
        """List cases."""
        return self._call(
            "GET",
            f"/api/v1/cases",
            {"order": order, "open": open, "waits_for": waits_for, "claim": claim, "reason": reason, "stage": stage, "arbitration": arbitration, "disputed": disputed, "goods": goods, "money": money, "outcome": outcome, "region": region, "marketplace_id": marketplace_id, "shop_id": shop_id, "order_id": order_id, "buyer_id": buyer_id, "opened_since": opened_since, "opened_until": opened_until, "closed_since": closed_since, "closed_until": closed_until, "due_before": due_before, "search": search, "cursor": cursor, "limit": limit, "fields": fields},
            {},
            None,
        )

    def cases_open_one(
        self,
        body: OpenIn,
        *,
        idempotency_key: str,
        preview: bool | None = None,
    ) -> OutcomeOut:
        """Open a case, or preview it."""
        return self._call(
            "POST",
            f"/api/v1/cases",
            {"preview": preview},
            {"Idempotency-Key": idempotency_key},
            body,
        )

    def cases_get_case(
        self,
        case_id: str,
        *,
        fields: str | None = None,
    ) -> CaseStandingOut:
        """One case."""
        return self._call(
            "GET",
            f"/api/v1/cases/{quote(case_id, safe='')}",
            {"fields": fields},
            {},
            None,
        )

    def commands_act(
        self,
        case_id: str,
        body: ActIn,
        *,
        idempotency_key: str,
        if_match: str | None = None,
        preview: bool | None = None,
    ) -> OutcomeOut:
        """Do an action, or preview it."""
        return self._call(
            "POST",
            f"/api/v1/cases/{quote(case_id, safe='')}/actions",
            {"preview": preview},
            {"Idempotency-Key": idempotency_key, "If-Match": if_match},
            body,
        )

    def evidence_hand_in(
        self,
        case_id: str,
        body: bytes,
        *,
        idempotency_key: str,
    ) -> OutcomeOut:
        """Hand in evidence."""
        return self._call(
            "POST",
            f"/api/v1/cases/{quote(case_id, safe='')}/evidence",
            {},
            {"Idempotency-Key": idempotency_key},
            body,
        )

    def hearing_get_checklist(
        self,
        case_id: str,
    ) -> ChecklistOut:
        """Evidence wanted and given."""
        return self._call(
            "GET",
            f"/api/v1/cases/{quote(case_id, safe='')}/evidence-checklist",
            {},
            {},
            None,
        )

    def hearing_get_matches(
        self,
        case_id: str,
    ) -> MatchesOut:
        """The same evidence elsewhere."""
        return self._call(
            "GET",
            f"/api/v1/cases/{quote(case_id, safe='')}/evidence-matches",
            {},
            {},
            None,
        )

    def evidence_messages_quote_messages(
        self,
        case_id: str,
        body: QuoteIn,
        *,
        idempotency_key: str,
    ) -> OutcomeOut:
        """Quote messages as evidence."""
        return self._call(
            "POST",
            f"/api/v1/cases/{quote(case_id, safe='')}/evidence/messages",
            {},
            {"Idempotency-Key": idempotency_key},
            body,
        )

    def hearing_challenge(
        self,
        case_id: str,
        evidence_id: str,
        body: ChallengeIn,
        *,
        idempotency_key: str,
    ) -> OutcomeOut:
        """Challenge the other side's evidence."""
        return self._call(
            "POST",
            f"/api/v1/cases/{quote(case_id, safe='')}/evidence/{quote(evidence_id, safe='')}/challenges",
            {},
            {"Idempotency-Key": idempotency_key},
            body,
        )

    def evidence_content(
        self,
        case_id: str,
        evidence_id: str,
    ) -> Any:
        """Read evidence."""
        return self._call(
            "GET",
            f"/api/v1/cases/{quote(case_id, safe='')}/evidence/{quote(evidence_id, safe='')}/content",
            {},
            {},
            None,
        )

    def evidence_link(
        self,
        case_id: str,
        evidence_id: str,
    ) -> LinkOut:
        """A signed link to evidence."""
        return self._call(
            "GET",
            f"/api/v1/cases/{quote(case_id, safe='')}/evidence/{quote(evidence_id, safe='')}/link",
            {},
            {},
            None,
        )

    def commands_find(
        self,
        case_id: str,
        body: FindingIn,
        *,
        idempotency_key: str,
        if_match: str | None = None,
    ) -> OutcomeOut:
        """Record a finding."""
        return self._call(
            "POST",
            f"/api/v1/cases/{quote(case_id, safe='')}/findings",
            {},
            {"Idempotency-Key": idempotency_key, "If-Match": if_match},
            body,
        )

    def parcels_inspect(
        self,
        case_id: str,
        body: InspectionIn,
        *,
        idempotency_key: str,
        if_match: str | None = None,
    ) -> OutcomeOut:
        """Inspect what came back."""
        return self._call(
            "POST",
            f"/api/v1/cases/{quote(case_id, safe='')}/inspection",
            {},
            {"Idempotency-Key": idempotency_key, "If-Match": if_match},
            body,
        )

    def parcels_lose(
        self,
        case_id: str,
        body: LossIn,
        *,
        idempotency_key: str,
    ) -> OutcomeOut:
        """Report a parcel as lost."""
        return self._call(
            "POST",
            f"/api/v1/cases/{quote(case_id, safe='')}/loss",
            {},
            {"Idempotency-Key": idempotency_key},
            body,
        )

    def negotiation_offers_offer(
        self,
        case_id: str,
        body: OfferIn,
        *,
        idempotency_key: str,
        if_match: str | None = None,
        preview: bool | None = None,
    ) -> OutcomeOut:
        """Make an offer, or counter one."""
        return self._call(
            "POST",
            f"/api/v1/cases/{quote(case_id, safe='')}/offers",
            {"preview": preview},
            {"Idempotency-Key": idempotency_key, "If-Match": if_match},
            body,
        )

    def negotiation_offers_answer(
        self,
        case_id: str,
        number: str,
        body: AnswerIn,
        *,
        idempotency_key: str,
        if_match: str | None = None,
        preview: bool | None = None,
    ) -> OutcomeOut:
        """Answer an offer."""
        return self._call(
            "POST",
            f"/api/v1/cases/{quote(case_id, safe='')}/offers/{quote(number, safe='')}/answer",
            {"preview": preview},
            {"Idempotency-Key": idempotency_key, "If-Match": if_match},
            body,
        )

    def commands_pay(
        self,
        case_id: str,
        body: PaymentIn,
        *,
        idempotency_key: str,
    ) -> OutcomeOut:
        """Report a payment."""
        return self._call(
            "POST",
            f"/api/v1/cases/{quote(case_id, safe='')}/payments",
            {},
            {"Idempotency-Key": idempotency_key},
            body,
        )

    def parcels_ask_pickup(
        self,
        case_id: str,
        body: PickupIn,
        *,
        idempotency_key: str,
    ) -> OutcomeOut:
        """Ask for a door pick-up."""
        return self._call(
            "POST",
            f"/api/v1/cases/{quote(case_id, safe='')}/pickups",
            {},
            {"Idempotency-Key": idempotency_key},
            body,
        )

    def parcels_tell_pickup(
        self,
        case_id: str,
        number: str,
        body: PickupReportIn,
        *,
        idempotency_key: str,
    ) -> OutcomeOut:
        """Report a door pick-up."""
        return self._call(
            "POST",
            f"/api/v1/cases/{quote(case_id, safe='')}/pickups/{quote(number, safe='')}/report",
            {},
            {"Idempotency-Key": idempotency_key},
            body,
        )

    def parcels_give_address(
        self,
        case_id: str,
        body: ReturnAddressIn,
        *,
        idempotency_key: str,
        if_match: str | None = None,
    ) -> OutcomeOut:
        """Give the return address."""
        return self._call(
            "POST",
            f"/api/v1/cases/{quote(case_id, safe='')}/return-address",
            {},
            {"Idempotency-Key": idempotency_key, "If-Match": if_match},
            body,
        )

    def parcels_send(
        self,
        case_id: str,
        body: ReturnIn,
        *,
        idempotency_key: str,
        if_match: str | None = None,
    ) -> OutcomeOut:
        """Send a parcel back."""
        return self._call(
            "POST",
            f"/api/v1/cases/{quote(case_id, safe='')}/returns",
            {},
            {"Idempotency-Key": idempotency_key, "If-Match": if_match},
            body,
        )

    def parcels_receive(
        self,
        case_id: str,
        parcel: str,
        *,
        idempotency_key: str,
    ) -> OutcomeOut:
        """Receive a return parcel."""
        return self._call(
            "POST",
            f"/api/v1/cases/{quote(case_id, safe='')}/returns/{quote(parcel, safe='')}/receipt",
            {},
            {"Idempotency-Key": idempotency_key},
            None,
        )

    def hearing_get_statement(
        self,
        case_id: str,
        number: str,
    ) -> ReasonsOut:
        """Statement of reasons of a ruling."""
        return self._call(
            "GET",
            f"/api/v1/cases/{quote(case_id, safe='')}/rulings/{quote(number, safe='')}/statement",
            {},
            {},
            None,
        )

    def cases_get_timeline(
        self,
        case_id: str,
    ) -> TimelineOut:
        """What happened."""
        return self._call(
            "GET",
            f"/api/v1/cases/{quote(case_id, safe='')}/timeline",
            {},
            {},
            None,
        )

    def rules_questions_evaluate_facts(
        self,
        body: EvaluateIn,
    ) -> AnswerOut:
        """Decide facts by the rulebook in force."""
        return self._call(
            "POST",
            f"/api/v1/evaluate",
            {},
            {},
            body,
        )

    def exports_list_exports(
        self,
        marketplace_id: str,
        *,
        since: str | None = None,
        until: str | None = None,
    ) -> ExportsOut:
        """Days exported."""
        return self._call(
            "GET",
            f"/api/v1/exports/{quote(marketplace_id, safe='')}",
            {"since": since, "until": until},
            {},
            None,
        )

    def exports_download(
        self,
        marketplace_id: str,
        day: str,
        dataset: str,
    ) -> Any:
        """A day's file, Parquet."""
        return self._call(
            "GET",
            f"/api/v1/exports/{quote(marketplace_id, safe='')}/{quote(day, safe='')}/{quote(dataset, safe='')}",
            {},
            {},
            None,
        )

    def force_majeure_force_majeure_listed(
        self,
    ) -> DeclarationsOut:
        """Declarations of force majeure."""
        return self._call(
            "GET",
            f"/api/v1/force-majeure",
            {},
            {},
            None,
        )

    def force_majeure_force_majeure_declare(
        self,
        body: DeclareIn,
        *,
        idempotency_key: str,
        preview: bool | None = None,
    ) -> DeclaredOut:
        """Declare force majeure, or preview it."""
        return self._call(
            "POST",
            f"/api/v1/force-majeure",
            {"preview": preview},
            {"Idempotency-Key": idempotency_key},
            body,
        )

    def force_majeure_force_majeure_end(
        self,
        declaration_id: str,
    ) -> ReachOut:
        """End an open declaration."""
        return self._call(
            "POST",
            f"/api/v1/force-majeure/{quote(declaration_id, safe='')}/end",
            {},
            {},
            None,
        )

    def force_majeure_force_majeure_revoke(
        self,
        declaration_id: str,
        body: RevokeIn,
    ) -> ReachOut:
        """Revoke a declaration."""
        return self._call(
            "POST",
            f"/api/v1/force-majeure/{quote(declaration_id, safe='')}/revoke",
            {},
            {},
            body,
        )

    def health_health(
        self,
    ) -> HealthOut:
        """Is it well?."""
        return self._call(
            "GET",
            f"/api/v1/health",
            {},
            {},
            None,
        )

    def imports_list_imports(
        self,
        *,
        marketplace_id: str,
    ) -> ImportsOut:
        """Imports and how far they have come."""
        return self._call(
            "GET",
            f"/api/v1/imports",
            {"marketplace_id": marketplace_id},
            {},
            None,
        )

    def imports_import_errors(
        self,
        *,
        marketplace_id: str,
        source: str,
        format: str | None = None,
    ) -> Any:
        """Rows that were not taken, as CSV or JSON Lines."""
        return self._call(
            "GET",
            f"/api/v1/imports/errors",
            {"marketplace_id": marketplace_id, "source": source, "format": format},
            {},
            None,
        )

    def imports_import_file(
        self,
        subject: str,
        body: bytes,
        *,
        marketplace_id: str,
        filename: str,
    ) -> ImportOut:
        """Import a file."""
        return self._call(
            "POST",
            f"/api/v1/imports/{quote(subject, safe='')}",
            {"marketplace_id": marketplace_id, "filename": filename},
            {},
            body,
        )

    def invoices_of_order(
        self,
        *,
        shop_id: str,
        order_id: str,
    ) -> InvoicesOut:
        """Invoices of an order."""
        return self._call(
            "GET",
            f"/api/v1/invoices",
            {"shop_id": shop_id, "order_id": order_id},
            {},
            None,
        )

    def invoices_tell(
        self,
        body: InvoiceIn,
    ) -> InvoiceOut:
        """Tell an invoice."""
        return self._call(
            "POST",
            f"/api/v1/invoices",
            {},
            {},
            body,
        )

    def invoices_list_tasks(
        self,
        *,
        open: bool | None = None,
        kind: TaskKind | None = None,
        waits_for: Role | None = None,
        shop_id: str | None = None,
        order_id: str | None = None,
        case_id: str | None = None,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> TaskPageOut:
        """List invoice tasks."""
        return self._call(
            "GET",
            f"/api/v1/invoices/tasks",
            {"open": open, "kind": kind, "waits_for": waits_for, "shop_id": shop_id, "order_id": order_id, "case_id": case_id, "cursor": cursor, "limit": limit},
            {},
            None,
        )

    def invoices_get_task(
        self,
        task_id: str,
    ) -> TaskStandingOut:
        """One invoice task."""
        return self._call(
            "GET",
            f"/api/v1/invoices/tasks/{quote(task_id, safe='')}",
            {},
            {},
            None,
        )

    def invoices_act(
        self,
        task_id: str,
        body: TaskActIn,
        *,
        idempotency_key: str,
        if_match: str | None = None,
    ) -> TaskStandingOut:
        """Act on a task."""
        return self._call(
            "POST",
            f"/api/v1/invoices/tasks/{quote(task_id, safe='')}/actions",
            {},
            {"Idempotency-Key": idempotency_key, "If-Match": if_match},
            body,
        )

    def invoices_wrong(
        self,
        body: WrongIn,
        *,
        idempotency_key: str,
    ) -> TaskStandingOut:
        """Reverse an invoice issued wrongly."""
        return self._call(
            "POST",
            f"/api/v1/invoices/wrong",
            {},
            {"Idempotency-Key": idempotency_key},
            body,
        )

    def joined_join_cases(
        self,
        body: JoinIn,
        *,
        idempotency_key: str,
    ) -> OutcomesOut:
        """Join cases."""
        return self._call(
            "POST",
            f"/api/v1/joined-cases",
            {},
            {"Idempotency-Key": idempotency_key},
            body,
        )

    def joined_open_several(
        self,
        body: OpenTogetherIn,
        *,
        idempotency_key: str,
        preview: bool | None = None,
    ) -> OutcomesOut:
        """Open cases on several orders at once."""
        return self._call(
            "POST",
            f"/api/v1/joined-cases/openings",
            {"preview": preview},
            {"Idempotency-Key": idempotency_key},
            body,
        )

    def joined_separate_case(
        self,
        body: SeparateIn,
        *,
        idempotency_key: str,
    ) -> OutcomesOut:
        """Separate a case."""
        return self._call(
            "POST",
            f"/api/v1/joined-cases/separations",
            {},
            {"Idempotency-Key": idempotency_key},
            body,
        )

    def joined_get_group(
        self,
        group_id: str,
    ) -> GroupOut:
        """A group of joined cases."""
        return self._call(
            "GET",
            f"/api/v1/joined-cases/{quote(group_id, safe='')}",
            {},
            {},
            None,
        )

    def joined_act_together(
        self,
        group_id: str,
        body: JointActIn,
        *,
        idempotency_key: str,
    ) -> OutcomesOut:
        """Act in all, rule together."""
        return self._call(
            "POST",
            f"/api/v1/joined-cases/{quote(group_id, safe='')}/actions",
            {},
            {"Idempotency-Key": idempotency_key},
            body,
        )

    def joined_preview_together(
        self,
        group_id: str,
        body: JointActIn,
    ) -> ProspectsOut:
        """Preview an action in all."""
        return self._call(
            "POST",
            f"/api/v1/joined-cases/{quote(group_id, safe='')}/actions/preview",
            {},
            {},
            body,
        )

    def joined_find_in_all(
        self,
        group_id: str,
        body: FindingIn,
        *,
        idempotency_key: str,
    ) -> OutcomesOut:
        """Record a finding in all."""
        return self._call(
            "POST",
            f"/api/v1/joined-cases/{quote(group_id, safe='')}/findings",
            {},
            {"Idempotency-Key": idempotency_key},
            body,
        )

    def joined_get_joint_statement(
        self,
        group_id: str,
    ) -> JointStatementOut:
        """Joint statement of reasons."""
        return self._call(
            "GET",
            f"/api/v1/joined-cases/{quote(group_id, safe='')}/statement",
            {},
            {},
            None,
        )

    def keys_list_keys(
        self,
    ) -> KeysOut:
        """List keys."""
        return self._call(
            "GET",
            f"/api/v1/keys",
            {},
            {},
            None,
        )

    def keys_make_key(
        self,
        body: KeyIn,
    ) -> MadeKeyOut:
        """Make a key."""
        return self._call(
            "POST",
            f"/api/v1/keys",
            {},
            {},
            body,
        )

    def keys_revoke_key(
        self,
        key_id: str,
    ) -> Any:
        """Revoke a key."""
        return self._call(
            "DELETE",
            f"/api/v1/keys/{quote(key_id, safe='')}",
            {},
            {},
            None,
        )

    def keys_rotate_key(
        self,
        key_id: str,
        *,
        overlap_seconds: int | None = None,
    ) -> MadeKeyOut:
        """Rotate a key."""
        return self._call(
            "POST",
            f"/api/v1/keys/{quote(key_id, safe='')}/rotate",
            {"overlap_seconds": overlap_seconds},
            {},
            None,
        )

    def marks_list_marks(
        self,
        *,
        about: Role | None = None,
        subject: str | None = None,
        standing: bool | None = None,
    ) -> MarksOut:
        """Findings of bad conduct."""
        return self._call(
            "GET",
            f"/api/v1/marks",
            {"about": about, "subject": subject, "standing": standing},
            {},
            None,
        )

    def messages_list_messages(
        self,
        *,
        shop_id: str | None = None,
        buyer_id: str | None = None,
        session_id: str | None = None,
        order_id: str | None = None,
        agent_id: str | None = None,
        since: str | None = None,
        until: str | None = None,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> MessagePageOut:
        """Read conversations."""
        return self._call(
            "GET",
            f"/api/v1/messages",
            {"shop_id": shop_id, "buyer_id": buyer_id, "session_id": session_id, "order_id": order_id, "agent_id": agent_id, "since": since, "until": until, "cursor": cursor, "limit": limit},
            {},
            None,
        )

    def messages_tell(
        self,
        body: MessagesIn,
    ) -> MessagesToldOut:
        """Tell messages."""
        return self._call(
            "POST",
            f"/api/v1/messages",
            {},
            {},
            body,
        )

    def messages_list_measures(
        self,
        *,
        since: str,
        until: str,
        shop_id: str | None = None,
    ) -> ServiceDaysOut:
        """Counts a shop, agent and day."""
        return self._call(
            "GET",
            f"/api/v1/messages/measures",
            {"since": since, "until": until, "shop_id": shop_id},
            {},
            None,
        )

    def orders_list_orders(
        self,
        *,
        search: str | None = None,
        marketplace_id: str | None = None,
        shop_id: str | None = None,
        buyer_id: str | None = None,
        placed_since: str | None = None,
        placed_until: str | None = None,
        changed_since: str | None = None,
        refundable: bool | None = None,
        cursor: str | None = None,
        limit: int | None = None,
        fields: str | None = None,
    ) -> OrderPageOut:
        """List orders."""
        return self._call(
            "GET",
            f"/api/v1/orders",
            {"search": search, "marketplace_id": marketplace_id, "shop_id": shop_id, "buyer_id": buyer_id, "placed_since": placed_since, "placed_until": placed_until, "changed_since": changed_since, "refundable": refundable, "cursor": cursor, "limit": limit, "fields": fields},
            {},
            None,
        )

    def orders_tell_orders(
        self,
        body: IntakeIn,
        *,
        watch: bool | None = None,
    ) -> IntakeOut:
        """Tell orders."""
        return self._call(
            "POST",
            f"/api/v1/orders",
            {"watch": watch},
            {},
            body,
        )

    def orders_get_order(
        self,
        shop_id: str,
        order_id: str,
        *,
        fields: str | None = None,
    ) -> OrderStandingOut:
        """One order."""
        return self._call(
            "GET",
            f"/api/v1/orders/{quote(shop_id, safe='')}/{quote(order_id, safe='')}",
            {"fields": fields},
            {},
            None,
        )

    def orders_cancel(
        self,
        shop_id: str,
        order_id: str,
        body: CancelIn,
        *,
        idempotency_key: str,
    ) -> OutcomeOut:
        """Cancel an order, or ask for it."""
        return self._call(
            "POST",
            f"/api/v1/orders/{quote(shop_id, safe='')}/{quote(order_id, safe='')}/cancellation",
            {},
            {"Idempotency-Key": idempotency_key},
            body,
        )

    def orders_claims_list_claims(
        self,
        shop_id: str,
        order_id: str,
    ) -> ClaimsOut:
        """What may be asked for now."""
        return self._call(
            "GET",
            f"/api/v1/orders/{quote(shop_id, safe='')}/{quote(order_id, safe='')}/claims",
            {},
            {},
            None,
        )

    def payments_list_payments(
        self,
        *,
        state: str | None = None,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> PaymentPageOut:
        """List payments."""
        return self._call(
            "GET",
            f"/api/v1/payments",
            {"state": state, "cursor": cursor, "limit": limit},
            {},
            None,
        )

    def payments_get_deposit(
        self,
        shop_id: str,
    ) -> DepositOut:
        """A shop's deposit."""
        return self._call(
            "GET",
            f"/api/v1/payments/deposits/{quote(shop_id, safe='')}",
            {},
            {},
            None,
        )

    def payments_move_deposit(
        self,
        shop_id: str,
        body: DepositMovementIn,
    ) -> DepositOut:
        """Move a deposit."""
        return self._call(
            "POST",
            f"/api/v1/payments/deposits/{quote(shop_id, safe='')}",
            {},
            {},
            body,
        )

    def payments_list_exceptions(
        self,
        *,
        open: bool | None = None,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> ExceptionPageOut:
        """List payment exceptions."""
        return self._call(
            "GET",
            f"/api/v1/payments/exceptions",
            {"open": open, "cursor": cursor, "limit": limit},
            {},
            None,
        )

    def payments_resolve(
        self,
        exception_id: str,
        body: ResolveIn,
    ) -> Any:
        """Resolve an exception."""
        return self._call(
            "POST",
            f"/api/v1/payments/exceptions/{quote(exception_id, safe='')}",
            {},
            {},
            body,
        )

    def payments_refunded_outside(
        self,
        body: OutsideRefundIn,
    ) -> OutsideRefundOut:
        """Report a refund outside."""
        return self._call(
            "POST",
            f"/api/v1/payments/outside-refunds",
            {},
            {},
            body,
        )

    def payments_report_payments(
        self,
        body: ReportsIn,
    ) -> ReportsOut:
        """Report how payments fare."""
        return self._call(
            "POST",
            f"/api/v1/payments/reports",
            {},
            {},
            body,
        )

    def payments_get_reserves(
        self,
        shop_id: str,
    ) -> ReservesOut:
        """A shop's settlement reserves."""
        return self._call(
            "GET",
            f"/api/v1/payments/reserves/{quote(shop_id, safe='')}",
            {},
            {},
            None,
        )

    def payments_list_shortfalls(
        self,
    ) -> ShortfallsOut:
        """Shops whose deposit lacks something."""
        return self._call(
            "GET",
            f"/api/v1/payments/shortfalls",
            {},
            {},
            None,
        )

    def people_erase(
        self,
        body: EraseIn,
    ) -> ErasureOut:
        """Erase a buyer's personal data."""
        return self._call(
            "POST",
            f"/api/v1/people/erasures",
            {},
            {},
            body,
        )

    def rules_questions_replay_timeline(
        self,
        body: ReplayIn,
    ) -> ReplayOut:
        """Run a process over dated acts."""
        return self._call(
            "POST",
            f"/api/v1/replay",
            {},
            {},
            body,
        )

    def rules_rulebooks_list_rulebooks(
        self,
    ) -> list[RulebookOut]:
        """List rulebooks."""
        return self._call(
            "GET",
            f"/api/v1/rulebooks",
            {},
            {},
            None,
        )

    def rules_rulebooks_get_rulebook(
        self,
        ref: str,
    ) -> WholeRulebookOut:
        """One rulebook."""
        return self._call(
            "GET",
            f"/api/v1/rulebooks/{quote(ref, safe='')}",
            {},
            {},
            None,
        )

    def sandbox_get_sandbox(
        self,
        marketplace_id: str,
    ) -> SandboxOut:
        """How a sandbox stands."""
        return self._call(
            "GET",
            f"/api/v1/sandbox/{quote(marketplace_id, safe='')}",
            {},
            {},
            None,
        )

    def sandbox_set_clock(
        self,
        marketplace_id: str,
        body: ClockIn,
    ) -> SandboxOut:
        """Set its clock."""
        return self._call(
            "PUT",
            f"/api/v1/sandbox/{quote(marketplace_id, safe='')}/clock",
            {},
            {},
            body,
        )

    def sandbox_pass_next_deadline(
        self,
        marketplace_id: str,
        *,
        case_id: str | None = None,
    ) -> SandboxOut:
        """Pass a deadline."""
        return self._call(
            "POST",
            f"/api/v1/sandbox/{quote(marketplace_id, safe='')}/next-deadline",
            {"case_id": case_id},
            {},
            None,
        )

    def sandbox_choose_payer(
        self,
        marketplace_id: str,
        body: PayerIn,
    ) -> SandboxOut:
        """Choose who pays."""
        return self._call(
            "PUT",
            f"/api/v1/sandbox/{quote(marketplace_id, safe='')}/payer",
            {},
            {},
            body,
        )

    def parcels_get_own_address(
        self,
        shop_id: str,
    ) -> ReturnAddressOut | None:
        """A shop's own return address."""
        return self._call(
            "GET",
            f"/api/v1/shops/{quote(shop_id, safe='')}/return-address",
            {},
            {},
            None,
        )

    def parcels_set_own_address(
        self,
        shop_id: str,
        body: ReturnAddressIn,
    ) -> ReturnAddressOut:
        """Set a shop's return address."""
        return self._call(
            "PUT",
            f"/api/v1/shops/{quote(shop_id, safe='')}/return-address",
            {},
            {},
            body,
        )

    def strategies_every_version(
        self,
        shop_id: str,
    ) -> list[StrategyOut]:
        """Every version."""
        return self._call(
            "GET",
            f"/api/v1/shops/{quote(shop_id, safe='')}/strategies",
            {},
            {},
            None,
        )

    def strategies_keep(
        self,
        shop_id: str,
        body: StrategyIn,
    ) -> KeptOut:
        """Keep a new version."""
        return self._call(
            "POST",
            f"/api/v1/shops/{quote(shop_id, safe='')}/strategies",
            {},
            {},
            body,
        )

    def strategies_dry_run(
        self,
        shop_id: str,
        name: str,
        version: str,
        *,
        days: int | None = None,
    ) -> DryRunOut:
        """Try a version."""
        return self._call(
            "POST",
            f"/api/v1/shops/{quote(shop_id, safe='')}/strategies/{quote(name, safe='')}/{quote(version, safe='')}/dry-run",
            {"days": days},
            {},
            None,
        )

    def strategies_switch(
        self,
        shop_id: str,
        name: str,
        version: str,
        body: SwitchIn,
    ) -> list[StrategyOut]:
        """Switch."""
        return self._call(
            "POST",
            f"/api/v1/shops/{quote(shop_id, safe='')}/strategies/{quote(name, safe='')}/{quote(version, safe='')}/switch",
            {},
            {},
            body,
        )

    def statements_get_statement(
        self,
        shop_id: str,
        day: str,
    ) -> StatementOut:
        """A shop's statement of a day."""
        return self._call(
            "GET",
            f"/api/v1/statements/{quote(shop_id, safe='')}/{quote(day, safe='')}",
            {},
            {},
            None,
        )

    def statements_get_statement_file(
        self,
        shop_id: str,
        day: str,
        *,
        format: str | None = None,
    ) -> Any:
        """The statement's lines as a file."""
        return self._call(
            "GET",
            f"/api/v1/statements/{quote(shop_id, safe='')}/{quote(day, safe='')}/file",
            {"format": format},
            {},
            None,
        )

    def webhooks_list_endpoints(
        self,
    ) -> EndpointsOut:
        """List endpoints."""
        return self._call(
            "GET",
            f"/api/v1/webhooks",
            {},
            {},
            None,
        )

    def webhooks_make_endpoint(
        self,
        body: EndpointIn,
    ) -> MadeEndpointOut:
        """Make an endpoint."""
        return self._call(
            "POST",
            f"/api/v1/webhooks",
            {},
            {},
            body,
        )

    def webhooks_disable_endpoint(
        self,
        endpoint_id: str,
    ) -> Any:
        """Disable an endpoint."""
        return self._call(
            "DELETE",
            f"/api/v1/webhooks/{quote(endpoint_id, safe='')}",
            {},
            {},
            None,
        )

    def webhooks_list_deliveries(
        self,
        endpoint_id: str,
        *,
        state: str | None = None,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> DeliveryPageOut:
        """List messages."""
        return self._call(
            "GET",
            f"/api/v1/webhooks/{quote(endpoint_id, safe='')}/deliveries",
            {"state": state, "cursor": cursor, "limit": limit},
            {},
            None,
        )

    def webhooks_replay(
        self,
        endpoint_id: str,
        *,
        delivery_id: str | None = None,
    ) -> ReplayedOut:
        """Replay dead letters."""
        return self._call(
            "POST",
            f"/api/v1/webhooks/{quote(endpoint_id, safe='')}/replay",
            {"delivery_id": delivery_id},
            {},
            None,
        )

    def webhooks_rotate_secret(
        self,
        endpoint_id: str,
    ) -> MadeEndpointOut:
        """Change the secret."""
        return self._call(
            "POST",
            f"/api/v1/webhooks/{quote(endpoint_id, safe='')}/secret",
            {},
            {},
            None,
        )

    def webhooks_send_test(
        self,
        endpoint_id: str,
    ) -> TestOut:
        """Send a signed test event."""
        return self._call(
            "POST",
            f"/api/v1/webhooks/{quote(endpoint_id, safe='')}/test",
            {},
            {},
            None,
        )
