"""Carry out (执行): one command on one case, in one transaction, once.

Every use case that changes a case goes this way: see it, lock it, let its clocks run out, decide,
write. What the clocks did stays done even when the command itself is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from gongdao.app.decide_case import decide_now, decision, follow_clocks
from gongdao.app.impartiality import check_standing
from gongdao.app.join_evidence import SHARED, lock_together, spread
from gongdao.app.outcome import Outcome
from gongdao.app.permissions import CASE, Caller, Verb, allow, not_visible
from gongdao.app.privacy import seal_command, shown
from gongdao.app.shop_address import ShopAddresses
from gongdao.core.cases.commands import Command
from gongdao.core.cases.evolve import replay
from gongdao.core.cases.model import Case
from gongdao.core.cases.playbook import stale
from gongdao.core.kernel.findings import BadInput, Conflict, Finding, Refused
from gongdao.core.kernel.text import Text
from gongdao.store.cases import find_case, marketplace_now, read_events
from gongdao.store.codec import encode_plain
from gongdao.store.connection import Connection, transaction
from gongdao.store.held import Decision, Held
from gongdao.store.record import record
from gongdao.store.trail import AuditEntry, Receipt, add_audit, add_receipt, find_receipt

LONGEST_KEY_CHARACTERS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A command as it was asked for: by whom, on which case, under which key."""

    caller: Caller
    verb: Verb
    case_id: str
    key: str
    content: Mapping[str, object]
    """What makes this command the same as, or another than, an earlier one under its key."""
    expected_version: int | None = None
    preview: bool = False
    now: datetime | None = None
    """The instant of the act, in a simulation; None: by the marketplace's clock."""

    @property
    def fingerprint(self) -> bytes:
        """What is compared when a key comes again."""
        return fingerprint(self.verb, {"case_id": self.case_id, **self.content})


def carry_out(request: Request, make: Callable[[Case, datetime], Command]) -> Outcome:
    """Do the command that `make` builds for the case as it stands, and return what it led to.

    Raises NotAllowed, NotVisible, Conflict (`case.version_conflict`, `command.key_reused`) and
    whatever the core refuses.
    """
    allow(request.caller, request.verb)
    check_key(request.key)
    with transaction() as on:
        held, others = _hold(on, request)
        order = held.case.order
        if not request.preview:
            receipt = find_receipt(on, held.case.shop_id, request.caller.user_id, request.key)
            if receipt is not None:
                done = again(on, held, receipt, request.fingerprint)
                return shown(on, request.caller, order, done)
        check_standing(on, request.caller, held, preview=request.preview)
        now = request.now or marketplace_now(on, held.marketplace_id)
        outcome, refused = _decide(on, (held, *others), request, make, now)
        outcome = shown(on, request.caller, order, outcome)
    if refused is not None:
        raise refused
    return outcome


def _hold(on: Connection, request: Request) -> tuple[Held, tuple[Held, ...]]:
    """Lock the case; with it, when it is about evidence, those it is joined with."""
    if request.verb in SHARED and not request.preview:
        seen = visible_case(on, request.caller, request.case_id, lock=False)
        if seen.case.joined is not None:
            return lock_together(on, seen)
    return visible_case(on, request.caller, request.case_id, lock=not request.preview), ()


def _decide(
    on: Connection,
    locked: Sequence[Held],
    request: Request,
    make: Callable[[Case, datetime], Command],
    now: datetime,
) -> tuple[Outcome, Refused | None]:
    held, *others = locked
    events, case = follow_clocks(held.case, now)
    refused: Refused | None = None
    elsewhere: list[Decision] = []
    try:
        if request.expected_version not in {None, case.version}:
            raise stale(request.expected_version or 0, case.version)
        meant = command = make(case, now)
        if not request.preview:
            command = seal_command(on, held.marketplace_id, case.order, request.caller.role, meant)
        done, case = decide_now(case, command, now)
        events += done
        shops = ShopAddresses(on, preview=request.preview)
        events, case = shops.fill(held.marketplace_id, events, case, now)
        elsewhere = spread(on, others, case, meant, now)
    except Refused as refusal:
        refused = refusal
    if not request.preview:
        record(on, [decision(held, events, case, now), *elsewhere])
        _write_trail(on, held, request, case, refused)
    outcome = Outcome(
        case=case,
        events=events,
        marketplace_id=held.marketplace_id,
        at=now,
        preview=request.preview,
    )
    return outcome, refused


def _write_trail(
    on: Connection, held: Held, request: Request, after: Case, refused: Refused | None
) -> None:
    caller = request.caller
    if refused is None:
        add_receipt(
            on,
            Receipt(
                shop_id=after.shop_id,
                actor=caller.user_id,
                key=request.key,
                fingerprint=request.fingerprint,
                case_id=after.id,
                first_seq=held.case.version + 1,
                last_seq=after.version,
            ),
        )
    add_audit(
        on,
        AuditEntry(
            user_id=caller.user_id,
            role=caller.role,
            verb=request.verb,
            shop_id=after.shop_id,
            case_id=after.id,
            key=request.key,
            result="done" if refused is None else refused.code,
        ),
    )


def visible_case(on: Connection, caller: Caller, case_id: str, *, lock: bool) -> Held:
    """Return the case. Raises NotVisible when it is unknown or not the caller's to see."""
    held = find_case(on, case_id, lock=lock)
    if held is None or not caller.sees(
        marketplace_id=held.marketplace_id,
        shop_id=held.case.shop_id,
        buyer_id=held.case.order.buyer_id,
        case_id=held.case.id,
    ):
        raise not_visible(CASE, "case_id")
    return held


def again(on: Connection, held: Held, receipt: Receipt, wanted: bytes) -> Outcome:
    """Return the result of a command done before, as it was then.

    Raises Conflict `command.key_reused` when the key belonged to another command.
    """
    if receipt.fingerprint != wanted:
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
    events = read_events(on, receipt.shop_id, receipt.case_id, receipt.last_seq)
    done = events[receipt.first_seq - 1 :]
    return Outcome(
        case=replay(events),
        events=done,
        marketplace_id=held.marketplace_id,
        at=done[-1].at if done else held.case.opened_at,
        repeated=True,
    )


def check_key(key: str) -> None:
    """Raise BadInput `command.bad_key` for an empty or over-long idempotency key."""
    if not key or len(key) > LONGEST_KEY_CHARACTERS or not key.isprintable():
        raise BadInput(
            Finding(
                code="command.bad_key",
                field="Idempotency-Key",
                message=Text(
                    f"幂等键须为 1 到 {LONGEST_KEY_CHARACTERS} 个可见字符",
                    f"an idempotency key has 1 to {LONGEST_KEY_CHARACTERS} printable characters",
                ),
            )
        )


def fingerprint(verb: Verb, content: Mapping[str, object]) -> bytes:
    """Return what a command is compared by when its key comes again."""
    return sha256(encode_plain({"verb": verb, **content})).digest()
