"""Parcels (退货物流): inspect what came back; report a parcel as lost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from gongdao.app.carry_out import Request, carry_out
from gongdao.app.outcome import Outcome
from gongdao.app.permissions import Caller, Verb
from gongdao.app.plain_values import check_text
from gongdao.core.cases.commands import InspectReturn, ReportLost
from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text
from gongdao.core.remedies.parcel import Condition, LabelItem


def inspect_return(  # noqa: PLR0913  the arguments are what the form asks
    caller: Caller,
    case_id: str,
    condition: Condition,
    *,
    key: str,
    missing_gifts: Sequence[str] = (),
    label_lacks: Sequence[LabelItem] = (),
    evidence: Sequence[str] = (),
    note: str = "",
    expected_version: int | None = None,
    now: datetime | None = None,
) -> Outcome:
    """Record what the merchant found in the returned parcel. Raises Refused."""
    check_text(note, "note")
    found = {
        "condition": condition,
        "missing_gifts": tuple(missing_gifts),
        "label_lacks": tuple(label_lacks),
        "evidence": tuple(evidence),
        "note": note,
    }
    request = Request(
        caller=caller,
        verb=Verb.INSPECT_RETURN,
        case_id=case_id,
        key=key,
        content=found,
        expected_version=expected_version,
        now=now,
    )
    return carry_out(
        request,
        lambda _case, _now: InspectReturn(
            condition=condition,
            missing_gifts=tuple(missing_gifts),
            label_lacks=tuple(label_lacks),
            evidence=tuple(evidence),
            note=note,
            by=caller.actor,
        ),
    )


def report_lost(
    caller: Caller, case_id: str, proof: str, *, key: str, now: datetime | None = None
) -> Outcome:
    """Report the parcel under way as lost; `proof` names the carrier's record. Raises Refused."""
    check_text(proof, "proof")
    if not proof.strip():
        raise BadInput(
            Finding(
                code="parcel.no_proof",
                field="proof",
                message=Text("请填写承运商的丢件证明", "name the carrier's record of the loss"),
            )
        )
    request = Request(
        caller=caller,
        verb=Verb.REPORT_LOST,
        case_id=case_id,
        key=key,
        content={"proof": proof},
        now=now,
    )
    return carry_out(request, lambda _case, _now: ReportLost(proof=proof, by=caller.actor))
