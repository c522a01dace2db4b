"""Follow an order (跟单): its own process goes as far as the order's record shows."""

from __future__ import annotations

from collections.abc import Mapping

from gongdao.core.cases import refusals
from gongdao.core.cases.commands import Actor, CancelOrder, FollowOrder
from gongdao.core.cases.draft import Draft, Step
from gongdao.core.cases.events import Closed
from gongdao.core.cases.evolve import AFTER_SALE
from gongdao.core.cases.model import Order, Plain
from gongdao.core.cases.transition import close_if_done, do
from gongdao.core.kernel.words import Reason, Role
from gongdao.core.rulebook.processes import Action, State

#: How a case ends that watched over an unpaid order, once it is paid.
PAID = "paid"
#: What somebody who wants the order cancelled does, the most he may.
_CANCELLING = ("cancel", "ask_to_cancel")
#: What he does who does not take the parcel.
_REFUSING = ("refuse",)
_NOTHING: Mapping[str, Plain] = {}


def follow_order(draft: Draft, command: FollowOrder) -> None:
    """Draft the steps that the order's record has taken since; none when it has not moved.

    A case that waited for the payment ends when it comes.
    """
    if draft.case.closed_at is not None:
        return
    if "pay" in state_of(draft).actions and command.order.paid_at is not None:
        draft.add(Closed(at=draft.now, outcome=PAID))
        return
    catch_up_with(draft, command.order)
    close_if_done(draft)


def catch_up_with(draft: Draft, order: Order) -> None:
    """Do the actions of the order's process that its record shows as done."""
    shown: tuple[tuple[str, bool, str, dict[str, Plain]], ...] = (
        ("pay", order.paid_at is not None, order.buyer_id, {}),
        ("confirm", order.shipped_at is not None, order.shop_id, {}),
        (
            "ship",
            order.shipped_at is not None,
            order.shop_id,
            {"tracking_number": order.tracking_number or ""},
        ),
        (
            "receive",
            order.signed_at is not None or order.succeeded_at is not None,
            order.buyer_id,
            {},
        ),
    )
    for name, done, who, payload in shown:
        action = state_of(draft).actions.get(name)
        if done and action is not None:
            do(draft, Step(AFTER_SALE, action, _doer(action, who)), payload)


def cancel_order(draft: Draft, command: CancelOrder) -> None:
    """Draft what somebody who wants the order cancelled does in the process that runs already.

    Raises like `ask_to_cancel`, and Conflict `case.closed` when the process has ended.
    """
    if draft.case.closed_at is not None:
        raise refusals.closed()
    payload = {"note": command.description} if command.description else {}
    ask_to_cancel(draft, command.reason, payload)


def ask_to_cancel(draft: Draft, reason: Reason, payload: Mapping[str, Plain] = _NOTHING) -> None:
    """Draft the cancelling of the order by the drafter, or his asking for it.

    With the reason `refused` he does not take the parcel (拒收). Raises NotAllowed or Conflict when
    the order's process offers him nothing of the kind.
    """
    state = state_of(draft)
    wanted = _REFUSING if reason is Reason.REFUSED else _CANCELLING
    offered = [a for name in wanted if (a := state.actions.get(name)) is not None]
    for action in offered:
        if draft.by.role in action.by:
            do(draft, Step(AFTER_SALE, action, draft.by), payload)
            close_if_done(draft)
            return
    if offered:
        raise refusals.not_yours(offered[0], draft.by.role)
    raise refusals.not_offered(wanted[0], [state])


def state_of(draft: Draft) -> State:
    """Return the state of the case's first process."""
    track = draft.case.tracks[AFTER_SALE]
    return draft.playbook.state(track.rulebook, track.process, track.state)


def _doer(action: Action, who: str) -> Actor:
    people = [r for r in action.by if r not in (Role.CLOCK, Role.RULING)]
    return Actor(role=people[0], id=who)
