"""Record a finding (认定): a fact that a person established, and the evidence for it."""

from __future__ import annotations

from datetime import datetime

from gongdao.app.carry_out import Request, carry_out
from gongdao.app.outcome import Outcome
from gongdao.app.permissions import Caller, Verb
from gongdao.app.plain_values import check_text, check_value
from gongdao.core.cases.commands import RecordFinding
from gongdao.core.cases.model import Plain


def record(  # noqa: PLR0913  the arguments are what the form asks
    caller: Caller,
    case_id: str,
    name: str,
    value: Plain,
    *,
    key: str,
    evidence: tuple[str, ...] = (),
    note: str = "",
    expected_version: int | None = None,
    now: datetime | None = None,
) -> Outcome:
    """Record that the fact `name` has `value`; `evidence` are ids of evidence in the case.

    Raises Refused: the fact must be one that a rulebook of the case declares, of its type.
    """
    check_value(value, "value")
    check_text(note, "note")
    request = Request(
        caller=caller,
        verb=Verb.RECORD_FINDING,
        case_id=case_id,
        key=key,
        content={"name": name, "value": value, "evidence": evidence, "note": note},
        expected_version=expected_version,
        now=now,
    )
    return carry_out(
        request,
        lambda _case, _now: RecordFinding(
            name=name, value=value, by=caller.actor, evidence=evidence, note=note
        ),
    )
