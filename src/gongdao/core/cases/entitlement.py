"""Entitlement (应得款项): what a refund or a ruling comes to, never above what was paid."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from gongdao.core.adjudication.ruling import Ruling
from gongdao.core.cases.model import Case
from gongdao.core.cases.returned import charged_fen, lost_fen, missing_fen
from gongdao.core.kernel.money import allocate
from gongdao.core.kernel.words import MoneyState, Party
from gongdao.core.remedies.offer import Agreement
from gongdao.core.remedies.parcel import Leg
from gongdao.core.remedies.settle import FreightLeg, settlement
from gongdao.core.remedies.transfer import Purpose, Transfer

#: What counts against the price paid; compensation comes on top of it.
REFUNDS = frozenset({Purpose.GOODS, Purpose.OUTBOUND_FREIGHT, Purpose.ADVANCE, Purpose.REVERSAL})


def refunded_fen(transfers: tuple[Transfer, ...]) -> int:
    """Return how much of the price paid these transfers give the buyer back, in fen."""
    given = sum(t.amount_fen for t in transfers if t.purpose in REFUNDS and t.taker is Party.BUYER)
    taken = sum(t.amount_fen for t in transfers if t.purpose in REFUNDS and t.giver is Party.BUYER)
    return given - taken


def refundable_left_fen(case: Case) -> int:
    """Return what may still be refunded in this case: what it holds less its own grants."""
    granted = sum(refunded_fen(g.transfers) for g in case.grants if g.state is not MoneyState.VOID)
    return max(0, case.refundable_fen - granted)


def freight_share_fen(case: Case) -> int:
    """Return the claimed lines' share of the outbound freight by price; for all lines, all."""
    order = case.order
    if not order.freight_fen:
        return 0
    total, claimed = order.goods_fen, case.goods_fen
    if claimed >= total:
        return order.freight_fen
    return allocate(order.freight_fen, [claimed, total - claimed])[0]


def plain_refund(case: Case, amount_fen: int) -> tuple[Transfer, ...]:
    """Return the transfers of a refund of `amount_fen`, at most what is claimed and left.

    Less gifts kept, and goods that the merchant proved not to have come back; of what the carrier
    lost, he bears the refund.
    """
    amount = max(0, min(amount_fen, case.requested_fen, _came_back_fen(case)) - charged_fen(case))
    goods = min(amount, refundable_left_fen(case))
    if case.loss is None:
        return _borne_by_carrier(case, settlement(goods_fen=goods))
    return lost_refund(goods, case.loss.leg)


def _came_back_fen(case: Case, since: datetime | None = None) -> int:
    """Return the most that the goods which came back are worth, the rest of the claim included."""
    return max(case.requested_fen, case.goods_fen) - missing_fen(case, since)


def _borne_by_carrier(case: Case, plan: tuple[Transfer, ...]) -> tuple[Transfer, ...]:
    """Return the plan with the refund of goods lost on their way back at the carrier's expense."""
    lost = lost_fen(case)
    found: list[Transfer] = []
    for transfer in plan:
        goods = transfer.purpose is Purpose.GOODS and transfer.giver is Party.MERCHANT
        borne = min(lost, transfer.amount_fen) if goods else 0
        lost -= borne
        if borne:
            found.append(replace(transfer, giver=Party.CARRIER, amount_fen=borne))
        if transfer.amount_fen > borne:
            found.append(replace(transfer, amount_fen=transfer.amount_fen - borne))
    return tuple(found)


def made_good(amount_fen: int) -> tuple[Transfer, ...]:
    """Return what the carrier owes a merchant who paid `amount_fen` for goods that it lost."""
    if not amount_fen:
        return ()
    return (
        Transfer(
            giver=Party.CARRIER,
            taker=Party.MERCHANT,
            amount_fen=amount_fen,
            purpose=Purpose.RECOUPMENT,
        ),
    )


def paid_by_merchant_fen(case: Case) -> int:
    """Return what the merchant was made to pay for goods, by refund or by recoupment, in fen."""
    standing = [t for g in case.grants if g.state is not MoneyState.VOID for t in g.transfers]
    refunds = [t for t in standing if t.purpose is Purpose.GOODS and t.taker is Party.BUYER]
    paid = sum(t.amount_fen for t in refunds if t.giver is Party.MERCHANT)
    advanced = [t for t in standing if t.purpose is Purpose.RECOUPMENT]
    paid += sum(
        t.amount_fen for t in advanced if t.giver is Party.MERCHANT and t.taker is Party.PLATFORM
    )
    undone = [t for t in standing if t.purpose is Purpose.REVERSAL and t.taker is Party.MERCHANT]
    return max(0, paid - sum(t.amount_fen for t in undone))


def ruled_cite(case: Case) -> tuple[str, ...]:
    """Return the clauses by which the merchant was made to pay last."""
    return case.grants[-1].cite if case.grants else ()


def lost_refund(goods_fen: int, leg: Leg) -> tuple[Transfer, ...]:
    """Return the transfers of a refund for a parcel that the carrier lost.

    The carrier bears it: to the buyer for goods that he had sent back, to the merchant for those
    that he had sent and refunds.
    """
    if leg is Leg.RETURN:
        return settlement(goods_fen=goods_fen, refund_from=Party.CARRIER)
    return (*settlement(goods_fen=goods_fen), *made_good(goods_fen))


def ruled_refund(case: Case, ruling: Ruling) -> tuple[Transfer, ...]:
    """Return the transfers of the refund that `ruling` grants, freight of both ways included."""
    held = held_fen(case)
    left = case.refundable_fen if held else refundable_left_fen(case)
    came = min(case.requested_fen, _came_back_fen(case, ruling.at))
    wanted = came if ruling.refund_fen is None else ruling.refund_fen
    goods = min(wanted, case.goods_fen, left)
    outbound = freight_share_fen(case)
    if case.order.freight_prepaid_by is Party.BUYER:
        outbound = min(outbound, left - goods)
    legs = (
        FreightLeg(
            purpose=Purpose.OUTBOUND_FREIGHT,
            amount_fen=outbound,
            prepaid_by=case.order.freight_prepaid_by,
            bearer=ruling.outbound_freight,
        ),
        FreightLeg(
            purpose=Purpose.RETURN_FREIGHT,
            amount_fen=case.return_freight_fen,
            prepaid_by=case.return_freight_paid_by,
            bearer=ruling.return_freight,
        ),
    )
    compensation = _compensation_fen(case, ruling, held)
    plan = settlement(goods_fen=goods, legs=legs, compensation_fen=compensation)
    borne = _borne_by_carrier(case, plan)
    lost = goods if case.loss is not None else 0
    return (*repaid_first(borne, held), *made_good(lost))


def ruled_compensation(case: Case, ruling: Ruling) -> tuple[Transfer, ...]:
    """Return the transfers of the compensation alone that `ruling` grants."""
    held = held_fen(case)
    plan = settlement(goods_fen=0, compensation_fen=_compensation_fen(case, ruling, held))
    return repaid_first(plan, held)


def held_fen(case: Case) -> int:
    """Return what the buyer holds at the platform's expense since a ruling was undone, in fen.

    Undoing gives the other parties theirs back and leaves the buyer his; the platform is out of
    pocket for it until the ruling anew says who owes it.
    """
    held = 0
    for grant in case.grants:
        if grant.state is MoneyState.VOID:
            continue
        advanced = any(t.purpose is Purpose.ADVANCE for t in grant.transfers)
        for t in grant.transfers:
            if t.purpose is Purpose.REVERSAL and t.giver is Party.PLATFORM:
                held += t.amount_fen
            elif t.purpose is Purpose.RECOUPMENT and t.taker is Party.PLATFORM and not advanced:
                held -= t.amount_fen
    return max(0, held)


def repaid_first(plan: tuple[Transfer, ...], held: int) -> tuple[Transfer, ...]:
    """Return `plan` with what the buyer already holds paid to the platform, not to him again."""
    found: list[Transfer] = []
    for transfer in plan:
        repaid = min(held, transfer.amount_fen) if transfer.taker is Party.BUYER else 0
        held -= repaid
        if repaid:
            found.append(
                replace(
                    transfer, taker=Party.PLATFORM, amount_fen=repaid, purpose=Purpose.RECOUPMENT
                )
            )
        if transfer.amount_fen > repaid:
            found.append(replace(transfer, amount_fen=transfer.amount_fen - repaid))
    return tuple(found)


def _compensation_fen(case: Case, ruling: Ruling, held: int) -> int:
    """Compensation not granted yet; all of it when what was granted has been undone."""
    wanted = ruling.compensation_fen
    return wanted if held else _compensation_left_fen(case, wanted)


def agreed_refund(case: Case, agreement: Agreement) -> tuple[Transfer, ...]:
    """Return the transfers of the refund agreed on, and of the parcel back."""
    terms = agreement.terms
    leg = FreightLeg(
        purpose=Purpose.RETURN_FREIGHT,
        amount_fen=case.return_freight_fen,
        prepaid_by=case.return_freight_paid_by,
        bearer=terms.return_freight,
    )
    goods = min(terms.refund_fen, refundable_left_fen(case))
    return _borne_by_carrier(case, settlement(goods_fen=goods, legs=(leg,)))


def agreed_compensation(case: Case, agreement: Agreement) -> tuple[Transfer, ...]:
    """Return the transfers of the compensation agreed on, less what was granted before."""
    wanted = agreement.terms.compensation_fen
    return settlement(goods_fen=0, compensation_fen=_compensation_left_fen(case, wanted))


def _compensation_left_fen(case: Case, wanted_fen: int) -> int:
    granted = sum(
        t.amount_fen
        for grant in case.grants
        if grant.state is not MoneyState.VOID
        for t in grant.transfers
        if t.purpose is Purpose.COMPENSATION
    )
    return max(0, wanted_fen - granted)
