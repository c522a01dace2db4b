"""Follow an order (跟单): its own process goes as far as the order's record shows."""

from __future__ import annotations

from gongdao.core.cases import refusals
from gongdao.core.cases.commands import Actor, FollowOrder
from gongdao.core.cases.draft import Draft, Step
from gongdao.core.cases.events import Closed
from gongdao.core.cases.evolve import AFTER_SALE
from gongdao.core.cases.model import Order, Plain
from gongdao.core.cases.transition import close_if_done, do
from gongdao.core.kernel.words import Role
from gongdao.core.rulebook.processes import Action, State

#: How a case ends that watched over an unpaid order, once it is paid.
PAID = "paid"
#: What somebody who wants the order cancelled does, the most he may.
_CANCELLING = ("cancel", "ask_to_cancel")


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


def ask_to_cancel(draft: Draft) -> None:
    """Draft the cancelling of the order by the drafter, or his asking for it.

    Raises NotAllowed or Conflict when the order's process offers him neither.
    """
    state = state_of(draft)
    offered = [a for name in _CANCELLING if (a := state.actions.get(name)) is not None]
    for action in offered:
        if draft.by.role in action.by:
            do(draft, Step(AFTER_SALE, action, draft.by))
            close_if_done(draft)
            return
    if offered:
        raise refusals.not_yours(offered[0], draft.by.role)
    raise refusals.not_offered("cancel", [state])


def state_of(draft: Draft) -> State:
    """Return the state of the case's first process."""
    track = draft.case.tracks[AFTER_SALE]
    return draft.playbook.state(track.rulebook, track.process, track.state)


def _doer(action: Action, who: str) -> Actor:
    people = [r for r in action.by if r not in (Role.CLOCK, Role.RULING)]
    return Actor(role=people[0], id=who)
