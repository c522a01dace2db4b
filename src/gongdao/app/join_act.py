"""Act on joined cases (并案处理): a finding for all, rulings together, each by its own clauses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from gongdao.app.join_cases import running_members
from gongdao.app.jointly import Done, JointRequest, carry_out_jointly, in_part
from gongdao.app.outcome import Outcome
from gongdao.app.permissions import Caller, Verb, allow
from gongdao.app.plain_values import check_payload, check_text, check_value
from gongdao.core.cases import refusals
from gongdao.core.cases.commands import Act, RecordFinding
from gongdao.core.cases.join import DecideOn
from gongdao.core.cases.model import Case, Plain
from gongdao.core.kernel.findings import Refused

Payloads = Mapping[str, Mapping[str, Plain]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """What an action would lead to in one of several cases, or why it would be refused there."""

    case_id: str
    outcome: Outcome | None
    refused: Refused | None


def act_in_all(
    caller: Caller,
    group_id: str,
    action: str,
    payloads: Payloads,
    *,
    key: str,
    now: datetime | None = None,
) -> tuple[Outcome, ...]:
    """Do `action` in each of the cases named, with the payload of each, in one transaction.

    Nobody named: every case of the group that still runs. Each case decides by its own rules and
    facts; one that refuses bars all, named in the field. Raises Refused.
    """
    allow(caller, Verb.ACT)
    chosen = _chosen(caller, group_id, payloads)
    request = JointRequest(
        caller=caller,
        verb=Verb.ACT,
        key=key,
        content={"group": group_id, "action": action, "cases": _plain(payloads)},
        now=now,
    )

    def work(cases: Sequence[Case], decide_on: DecideOn) -> Done:
        _check_running(cases)
        return {c.id: decide_on(c, _act(caller, action, chosen[c.id])) for c in cases}

    return carry_out_jointly(request, tuple(chosen), work)


def preview_in_all(
    caller: Caller,
    group_id: str,
    action: str,
    payloads: Payloads,
    *,
    now: datetime | None = None,
) -> tuple[Prospect, ...]:
    """Return what `act_in_all` would lead to, case by case (试算); nothing is written.

    A case that would refuse says why, and the others are shown all the same.
    """
    allow(caller, Verb.ACT)
    chosen = _chosen(caller, group_id, payloads)
    return tuple(
        _prospect(caller, case_id, _act(caller, action, payload), now)
        for case_id, payload in chosen.items()
    )


def record_in_all(  # noqa: PLR0913  the arguments are what the form asks
    caller: Caller,
    group_id: str,
    name: str,
    value: Plain,
    *,
    key: str,
    evidence: tuple[str, ...] = (),
    note: str = "",
    now: datetime | None = None,
) -> tuple[Outcome, ...]:
    """Record that the fact `name` has `value` in every case of the group that still runs.

    `evidence` may be given in any of them. Raises Refused.
    """
    check_value(value, "value")
    check_text(note, "note")
    allow(caller, Verb.RECORD_FINDING)
    found = {"name": name, "value": value, "evidence": evidence, "note": note}
    request = JointRequest(
        caller=caller,
        verb=Verb.RECORD_FINDING,
        key=key,
        content={"group": group_id, "finding": found},
        now=now,
    )
    command = RecordFinding(name=name, value=value, by=caller.actor, evidence=evidence, note=note)

    def work(cases: Sequence[Case], decide_on: DecideOn) -> Done:
        return {case.id: decide_on(case, command) for case in cases}

    return carry_out_jointly(request, running_members(caller, group_id), work)


def _chosen(caller: Caller, group_id: str, payloads: Payloads) -> Payloads:
    """Return the payload of each case chosen. Raises NotVisible for one outside the group."""
    running = running_members(caller, group_id, named=tuple(payloads))
    for payload in payloads.values():
        check_payload(payload)
    return {case_id: payloads.get(case_id, {}) for case_id in running}


def _check_running(cases: Sequence[Case]) -> None:
    for case in cases:
        if case.closed_at is not None:
            raise in_part(refusals.closed(), f"cases.{case.id}")


def _act(caller: Caller, action: str, payload: Mapping[str, Plain]) -> Act:
    return Act(action=action, by=caller.actor, payload=dict(payload))


def _plain(payloads: Payloads) -> dict[str, dict[str, Plain]]:
    return {case_id: dict(payload) for case_id, payload in sorted(payloads.items())}


def _prospect(caller: Caller, case_id: str, command: Act, now: datetime | None) -> Prospect:
    request = JointRequest(
        caller=caller, verb=Verb.ACT, key="preview", content={}, preview=True, now=now
    )

    def work(cases: Sequence[Case], decide_on: DecideOn) -> Done:
        _check_running(cases)
        return {case.id: decide_on(case, command) for case in cases}

    try:
        (outcome,) = carry_out_jointly(request, (case_id,), work)
    except Refused as refusal:
        return Prospect(case_id=case_id, outcome=None, refused=refusal)
    return Prospect(case_id=case_id, outcome=outcome, refused=None)
