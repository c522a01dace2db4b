"""Parcels (退货物流): send back, receive, inspect what came back; report a parcel as lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from gongdao.app.carry_out import Request, carry_out
from gongdao.app.outcome import Outcome
from gongdao.app.permissions import Caller, Verb
from gongdao.app.plain_values import check_payload, check_text
from gongdao.core.cases.commands import InspectReturn, ReceiveReturn, ReportLost, SendReturn
from gongdao.core.cases.model import Plain
from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text
from gongdao.core.remedies.parcel import Condition, LabelItem, ParcelLine

_NOTHING: Mapping[str, Plain] = {}


def send_return(  # noqa: PLR0913  the arguments are what the form asks
    caller: Caller,
    case_id: str,
    tracking_number: str,
    *,
    key: str,
    carrier: str = "",
    lines: Sequence[ParcelLine] = (),
    return_freight_fen: int | None = None,
    label: Mapping[str, Plain] = _NOTHING,
    expected_version: int | None = None,
    now: datetime | None = None,
) -> Outcome:
    """Send a parcel back, the first or a further one, or say anew what is in one.

    `label` holds what else the process asks for on the first parcel. Raises Refused.
    """
    given = {"tracking_number": tracking_number, "carrier": carrier, **label}
    if return_freight_fen is not None:
        given["return_freight_fen"] = return_freight_fen
    check_payload(given)
    if not tracking_number.strip():
        raise BadInput(
            Finding(
                code="return.bad_parcel",
                field="tracking_number",
                message=Text("请填写退货单号", "give the tracking number"),
            )
        )
    request = Request(
        caller=caller,
        verb=Verb.SEND_RETURN,
        case_id=case_id,
        key=key,
        content={**given, "lines": tuple(lines)},
        expected_version=expected_version,
        now=now,
    )
    return carry_out(
        request,
        lambda _case, _now: SendReturn(
            tracking_number=tracking_number.strip(),
            carrier=carrier,
            lines=tuple(lines),
            return_freight_fen=return_freight_fen,
            label=dict(label),
            by=caller.actor,
        ),
    )


def receive_return(
    caller: Caller, case_id: str, parcel: int, *, key: str, now: datetime | None = None
) -> Outcome:
    """Say that one of the return parcels has arrived. Raises Refused."""
    request = Request(
        caller=caller,
        verb=Verb.RECEIVE_RETURN,
        case_id=case_id,
        key=key,
        content={"parcel": parcel},
        now=now,
    )
    return carry_out(request, lambda _case, _now: ReceiveReturn(parcel=parcel, by=caller.actor))


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
    parcel: int | None = None,
    received: Sequence[ParcelLine] | None = None,
    expected_version: int | None = None,
    now: datetime | None = None,
) -> Outcome:
    """Record what the merchant found in a returned parcel; `received` None: all was there.

    Raises Refused.
    """
    check_text(note, "note")
    command = InspectReturn(
        condition=condition,
        missing_gifts=tuple(missing_gifts),
        label_lacks=tuple(label_lacks),
        evidence=tuple(evidence),
        note=note,
        parcel=parcel,
        received=None if received is None else tuple(received),
        by=caller.actor,
    )
    request = Request(
        caller=caller,
        verb=Verb.INSPECT_RETURN,
        case_id=case_id,
        key=key,
        content=_found(command),
        expected_version=expected_version,
        now=now,
    )
    return carry_out(request, lambda _case, _now: command)


def _found(command: InspectReturn) -> dict[str, object]:
    """What makes this inspection the same as an earlier one."""
    found: dict[str, object] = {
        "condition": command.condition,
        "missing_gifts": command.missing_gifts,
        "label_lacks": command.label_lacks,
        "evidence": command.evidence,
        "note": command.note,
    }
    if command.parcel is not None or command.received is not None:
        found |= {"parcel": command.parcel, "received": command.received}
    return found


def report_lost(
    caller: Caller,
    case_id: str,
    proof: str,
    *,
    key: str,
    parcel: int | None = None,
    now: datetime | None = None,
) -> Outcome:
    """Report a parcel under way as lost; `proof` names the carrier's record. Raises Refused.

    `parcel` is the number of one of several return parcels; None: all that is under way.
    """
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
        content={"proof": proof} if parcel is None else {"proof": proof, "parcel": parcel},
        now=now,
    )
    return carry_out(
        request, lambda _case, _now: ReportLost(proof=proof, parcel=parcel, by=caller.actor)
    )
