"""Aftermath (裁决之后): clocks stopped, rulings corrected, parts lifted, conduct marked.

The effects of the side processes. Each adds its events to the draft; none moves a process, save
that a correction of amounts settles the difference.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from gongdao.core.cases import refusals
from gongdao.core.cases.draft import Draft
from gongdao.core.cases.entitlement import refundable_left_fen, ruled_compensation, ruled_refund
from gongdao.core.cases.events import (
    ClocksPaused,
    ClocksReleased,
    Marked,
    MarkLifted,
    PartLifted,
    PartRestored,
    PaymentMoved,
    Ruled,
)
from gongdao.core.cases.independence import ruler
from gongdao.core.cases.model import Lift, Mark, Part, Pause, Plain
from gongdao.core.cases.pauses import clocks_under
from gongdao.core.cases.timers import counted
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import MoneyState, Party, Role
from gongdao.core.remedies.settle import settlement
from gongdao.core.remedies.transfer import Purpose, Transfer
from gongdao.core.rulebook.processes import Action

ALL_PARTS = "all"


def pause(draft: Draft, track: str, reason: Text) -> None:
    """Stop every clock of the case but those of the process that asks for it."""
    if any(p.cause == track for p in draft.case.pauses):
        return
    stop = Pause(cause=track, since=draft.now, until=None, reason=reason, spares=(track,))
    add_pause(draft, stop)


def add_pause(draft: Draft, added: Pause) -> None:
    """Leave out the time of `added` from every clock of the case."""
    case = draft.case
    timers = clocks_under(case, (*case.pauses, added), draft.now, counted(draft))
    draft.add(
        ClocksPaused(at=draft.now, by=draft.by.role, actor=draft.by.id, pause=added, timers=timers)
    )


def release(draft: Draft, cause: str) -> None:
    """Let the clocks go on that stood still, or were set on, because of `cause`."""
    case = draft.case
    if all(p.cause != cause for p in case.pauses):
        return
    left = tuple(p for p in case.pauses if p.cause != cause)
    draft.add(
        ClocksReleased(
            at=draft.now,
            by=draft.by.role,
            actor=draft.by.id,
            cause=cause,
            timers=clocks_under(case, left, draft.now, counted(draft)),
        )
    )


def lift(draft: Draft, cause: str, parts: tuple[Part, ...], reason: str) -> None:
    """Let the case count no longer in `parts`, because of `cause`; again, nothing."""
    had = {li.part for li in draft.case.lifts if li.cause == cause}
    for part in parts:
        if part not in had:
            draft.add(
                PartLifted(
                    at=draft.now,
                    lift=Lift(
                        part=part,
                        cause=cause,
                        by=draft.by.role,
                        actor=draft.by.id,
                        at=draft.now,
                        reason=reason,
                    ),
                )
            )


def restore(draft: Draft, cause: str) -> None:
    """Let the case count again in what `cause` had lifted."""
    parts = tuple(
        p for p in Part if any(li.part is p for li in draft.case.lifts if li.cause == cause)
    )
    if parts:
        draft.add(
            PartRestored(
                at=draft.now, by=draft.by.role, actor=draft.by.id, cause=cause, parts=parts
            )
        )


def parts_of(argument: str | None, payload: Mapping[str, Plain]) -> tuple[Part, ...]:
    """Return the parts an effect names, else the one that the payload does; `all` is every one."""
    named = argument or str(payload.get("part", ALL_PARTS))
    return tuple(Part) if named == ALL_PARTS else (Part(named),)


def mark(
    draft: Draft, track: str, action: Action, about: str, payload: Mapping[str, Plain]
) -> None:
    """Record that the buyer, the merchant or the one who ruled behaved badly.

    What it was is the kind that the process asks for; of an adjudicator, the ground of complaint.
    """
    case = draft.case
    role, subject = Role.BUYER, case.order.buyer_id
    if about == "merchant":
        role, subject = Role.MERCHANT, case.shop_id
    elif about == "adjudicator":
        ruled = ruler(case)
        if ruled is None:
            raise refusals.nobody_ruled()
        role, subject = ruled
    draft.add(
        Marked(
            at=draft.now,
            mark=Mark(
                number=len(case.marks) + 1,
                about=role,
                subject=subject,
                kind=str(payload.get("kind") or payload.get("ground") or action.name),
                cause=track,
                by=draft.by.role,
                actor=draft.by.id,
                at=draft.now,
                cite=action.cite,
                note=str(payload.get("note", "")),
            ),
        )
    )


def unmark(draft: Draft, track: str) -> None:
    """Withdraw the marks that the process made and that still stand."""
    for standing in draft.case.marks:
        if standing.cause == track and standing.lifted_at is None:
            draft.add(
                MarkLifted(
                    at=draft.now, by=draft.by.role, actor=draft.by.id, number=standing.number
                )
            )


def correct(draft: Draft, action: Action, payload: Mapping[str, Plain]) -> tuple[Transfer, ...]:
    """Put a slip of the ruling right; returns what is owed because of it.

    Who won and who is liable stay as ruled; amounts may change: `refund_fen`, `compensation_fen`.
    What was not paid yet is withdrawn and granted anew. Of what was paid, the buyer gets what is
    lacking from the merchant, and what was too much the platform gives back to the merchant.
    """
    case = draft.case
    was = case.ruling
    if was is None:
        raise refusals.nobody_ruled()
    refund, compensation = payload.get("refund_fen"), payload.get("compensation_fen")
    if isinstance(refund, int) and refund > case.requested_fen:
        raise refusals.corrected_beyond_claim()
    now = replace(
        was,
        number=len(case.rulings) + 1,
        refund_fen=refund if isinstance(refund, int) else was.refund_fen,
        compensation_fen=(compensation if isinstance(compensation, int) else was.compensation_fen),
        cite=tuple(dict.fromkeys((*was.cite, *action.cite))),
        by=draft.by.role,
        actor=draft.by.id,
        at=draft.now,
        reason=str(payload.get("note", "")),
        corrects=was.number,
    )
    draft.add(Ruled(at=draft.now, ruling=now))
    if (now.refund_fen, now.compensation_fen) == (was.refund_fen, was.compensation_fen):
        return ()
    return _difference(draft, refunded=now.refund_fen != was.refund_fen)


def _difference(draft: Draft, *, refunded: bool) -> tuple[Transfer, ...]:
    standing = [g for g in draft.case.grants if g.state is not MoneyState.VOID]
    purposes = {t.purpose for g in standing for t in g.transfers}
    if not standing:
        return ()
    if all(g.state in (MoneyState.GRANTED, MoneyState.FAILED) for g in standing):
        for grant in standing:
            draft.add(
                PaymentMoved(
                    at=draft.now,
                    number=grant.number,
                    state=MoneyState.VOID,
                    amount_fen=grant.net_fen(Party.BUYER),
                    external_ref=None,
                )
            )
        ruling = draft.case.ruling
        if ruling is None:
            return ()
        again = ruled_refund if Purpose.GOODS in purposes else ruled_compensation
        return again(draft.case, ruling)
    return _settled_difference(draft, refunded=refunded and Purpose.GOODS in purposes)


def _settled_difference(draft: Draft, *, refunded: bool) -> tuple[Transfer, ...]:
    case, ruling = draft.case, draft.case.ruling
    if ruling is None:
        return ()
    goods = compensation = 0
    for transfer in (t for g in case.grants if g.state is not MoneyState.VOID for t in g.transfers):
        if transfer.taker is Party.BUYER and transfer.purpose is Purpose.GOODS:
            goods += transfer.amount_fen
        elif transfer.taker is Party.BUYER and transfer.purpose is Purpose.COMPENSATION:
            compensation += transfer.amount_fen
    owed = ruling.compensation_fen - compensation
    due = 0
    if refunded:
        wanted = case.requested_fen if ruling.refund_fen is None else ruling.refund_fen
        due = min(min(wanted, case.goods_fen) - goods, refundable_left_fen(case))
    back = max(0, -due) + max(0, -owed)
    transfers = settlement(goods_fen=max(0, due), compensation_fen=max(0, owed))
    if back:
        transfers += (
            Transfer(
                giver=Party.PLATFORM,
                taker=Party.MERCHANT,
                amount_fen=back,
                purpose=Purpose.REVERSAL,
            ),
        )
    return transfers
