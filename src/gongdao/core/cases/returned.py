"""What came back (退回的商品): of the claimed goods, by parcel; what is missing, what was lost."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from gongdao.core.cases.model import Case
from gongdao.core.kernel.money import allocate
from gongdao.core.remedies.parcel import Inspection, ReturnParcel, ReturnState


def expected_in(case: Case, parcel: ReturnParcel | None) -> dict[str, int]:
    """Return how much of each claimed line was to be in a parcel.

    As the buyer said; where he did not, whatever no other parcel was said to hold.
    """
    claimed = Counter({line.line_id: line.quantity for line in case.claim_lines})
    if parcel is not None and parcel.lines:
        return {li.line_id: li.quantity for li in parcel.lines if li.line_id in claimed}
    for other in case.returns:
        if parcel is None or other.number != parcel.number:
            for line in other.lines:
                claimed[line.line_id] -= line.quantity
    return {name: count for name, count in claimed.items() if count > 0}


def missing_fen(case: Case, since: datetime | None = None) -> int:
    """Return the price paid for claimed goods that the merchant proved not to have come back.

    Only an inspection with evidence that says what was received counts, and with `since` only one
    made after it. What the carrier lost is not missing.
    """
    found = [(p, p.inspection) for p in case.returns if p.state is not ReturnState.LOST]
    if not case.returns:
        found = [(None, case.inspection)]
    lacking: Counter[str] = Counter()
    for parcel, inspection in found:
        if inspection is not None and (since is None or inspection.at > since):
            lacking.update(_missing(case, parcel, inspection))
    return _share_fen(case, lacking)


def lost_fen(case: Case) -> int:
    """Return the price paid for claimed goods in return parcels that were lost by themselves."""
    lost: Counter[str] = Counter()
    for parcel in case.returns:
        if parcel.state is ReturnState.LOST:
            lost.update(expected_in(case, parcel))
    return _share_fen(case, lost)


def charged_fen(case: Case) -> int:
    """Return what gifts that did not come back cost, at the prices marked beforehand."""
    return sum(inspection.charged_fen for inspection in inspections_of(case))


def inspections_of(case: Case) -> list[Inspection]:
    """Return what the merchant found, by parcel."""
    found = [p.inspection for p in case.returns if p.inspection is not None]
    if not found and case.inspection is not None:
        found = [case.inspection]
    return found


def _missing(case: Case, parcel: ReturnParcel | None, found: Inspection) -> Counter[str]:
    if not found.evidence or found.received is None:
        return Counter()
    expected = Counter(expected_in(case, parcel))
    return expected - Counter({line.line_id: line.quantity for line in found.received})


def _share_fen(case: Case, quantities: Counter[str]) -> int:
    total = 0
    for line in case.claim_lines:
        count = min(quantities[line.line_id], line.quantity)
        if count > 0:
            total += allocate(line.goods_fen, [count, line.quantity - count])[0]
    return total
