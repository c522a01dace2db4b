"""Drive a sandbox (沙盒): move its clock, force what happens next, choose who confirms payments.

An integrator walks every path in minutes. A marketplace that is no sandbox refuses all of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from gongdao.app.audit_call import audited
from gongdao.app.dispatch_outbox import dispatch
from gongdao.app.fire_deadlines import fire_due
from gongdao.app.permissions import CASE, MARKETPLACE, Caller, Verb, not_visible
from gongdao.core.kernel.findings import BadInput, Conflict, Finding
from gongdao.core.kernel.text import Text
from gongdao.store.cases import due_marketplaces, find_case, marketplace_now
from gongdao.store.connection import Connection, transaction
from gongdao.store.held import next_due_at
from gongdao.store.marketplaces import MarketplaceRow, find_marketplace, put_marketplace

#: A deadline fires strictly after it is due; clocks of sandboxes move by whole seconds.
_JUST_AFTER = timedelta(seconds=1)
_FARTHEST = timedelta(days=36525)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sandbox:
    """How a sandbox stands, after what was due has happened."""

    marketplace_id: str
    now: datetime
    pays_itself: bool
    fired: int
    """Deadlines that passed."""
    paid: int
    """Payments that its own payment system confirmed."""


def read_sandbox(caller: Caller, marketplace_id: str) -> Sandbox:
    """Return how the sandbox stands, having done what is due there."""
    with audited(caller, Verb.DRIVE_SANDBOX) as on:
        _find(on, caller, marketplace_id)
    return _catch_up(marketplace_id)


def set_clock(caller: Caller, marketplace_id: str, instant: datetime | None) -> Sandbox:
    """Make it `instant` there; None: real time. What falls due on the way happens at once.

    Raises NotVisible; Conflict `sandbox.only`; BadInput `sandbox.bad_instant`.
    """
    with audited(caller, Verb.DRIVE_SANDBOX) as on:
        row = _find(on, caller, marketplace_id)
        real = marketplace_now(on, marketplace_id) - row.clock_offset
        offset = timedelta(0) if instant is None else _offset(instant, real)
        put_marketplace(on, replace(row, clock_offset=offset))
    return _catch_up(marketplace_id)


def pass_next_deadline(caller: Caller, marketplace_id: str, case_id: str | None = None) -> Sandbox:
    """Move the clock to just after the next deadline, of one case or of all, and let it fire.

    Raises NotVisible; Conflict `sandbox.only`, `sandbox.nothing_due`.
    """
    with audited(caller, Verb.DRIVE_SANDBOX) as on:
        row = _find(on, caller, marketplace_id)
        now = marketplace_now(on, marketplace_id)
        due = _next_due(on, marketplace_id, case_id)
        if due is None:
            raise Conflict(
                Finding(
                    code="sandbox.nothing_due",
                    field="case_id",
                    message=Text("没有运行中的时限", "no clock is running"),
                )
            )
        if due >= now:
            real = now - row.clock_offset
            put_marketplace(on, replace(row, clock_offset=_offset(due + _JUST_AFTER, real)))
    return _catch_up(marketplace_id)


def choose_payer(caller: Caller, marketplace_id: str, *, pays_itself: bool) -> Sandbox:
    """Let the sandbox confirm its payments by itself, or leave that to whoever integrates.

    He then reports them as confirmed, failed, twice, or for another amount, as he wants to see.
    """
    with audited(caller, Verb.DRIVE_SANDBOX) as on:
        row = _find(on, caller, marketplace_id)
        put_marketplace(on, replace(row, sandbox_pays=pays_itself))
    return _catch_up(marketplace_id)


def _find(on: Connection, caller: Caller, marketplace_id: str) -> MarketplaceRow:
    row = find_marketplace(on, marketplace_id)
    if row is None or marketplace_id not in caller.marketplace_ids:
        raise not_visible(MARKETPLACE, "marketplace_id")
    if not row.sandbox:
        raise Conflict(
            Finding(
                code="sandbox.only",
                field="marketplace_id",
                message=Text("该市场不是沙盒", "this marketplace is no sandbox"),
                cure=Text("请在沙盒市场中试用", "use a marketplace founded as a sandbox"),
            )
        )
    return row


def _next_due(on: Connection, marketplace_id: str, case_id: str | None) -> datetime | None:
    if case_id is not None:
        held = find_case(on, case_id, lock=False)
        if held is None or held.marketplace_id != marketplace_id:
            raise not_visible(CASE, "case_id")
        return next_due_at(held.case)
    waiting = due_marketplaces(on)
    return next((due for found, _, due in waiting if found == marketplace_id), None)


def _offset(instant: datetime, real: datetime) -> timedelta:
    if instant.tzinfo is None or abs(instant - real) > _FARTHEST:
        raise BadInput(
            Finding(
                code="sandbox.bad_instant",
                field="now",
                message=Text(
                    "须为带时区的时刻，距今不超过一百年",
                    "an instant with an offset, within a hundred years of today, is wanted",
                ),
            )
        )
    # Up to the next whole second: a clock moved past a deadline must stand past it.
    return timedelta(seconds=-int((real - instant).total_seconds() // 1))


def _catch_up(marketplace_id: str) -> Sandbox:
    fired = paid = 0
    while (batch := fire_due(marketplace_id=marketplace_id)).cases:
        fired += batch.fired
    while (sent := dispatch(marketplace_id=marketplace_id)).sent:
        paid += sent.sent
    with transaction() as on:
        row = find_marketplace(on, marketplace_id)
        now = marketplace_now(on, marketplace_id)
    return Sandbox(
        marketplace_id=marketplace_id,
        now=now,
        pays_itself=row.sandbox_pays if row is not None else True,
        fired=fired,
        paid=paid,
    )
