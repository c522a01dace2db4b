"""Carry out jointly (并案执行): commands on several cases in one transaction, all or none, once.

The cases are locked at once, in the order of their ids, so that two askers never wait for each
other. What their clocks did stays done even when the command is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from gongdao.app.carry_out import again, check_key, fingerprint
from gongdao.app.decide_case import decide_now, decision, follow_clocks
from gongdao.app.impartiality import check_standing
from gongdao.app.outcome import Outcome
from gongdao.app.permissions import CASE, Caller, Verb, allow, not_visible
from gongdao.app.privacy import seal_command, shown
from gongdao.core.cases.commands import Command, ReferEvidence
from gongdao.core.cases.events import Event
from gongdao.core.cases.join import DecideOn
from gongdao.core.cases.model import Case
from gongdao.core.kernel.findings import BadInput, Finding, Refused
from gongdao.core.kernel.text import Text
from gongdao.store.cases import find_case, lock_cases, marketplace_now
from gongdao.store.connection import Connection, transaction
from gongdao.store.held import Decision, Held
from gongdao.store.record import record
from gongdao.store.trail import AuditEntry, Receipt, add_audit, add_receipt, find_receipt

#: Stands between a key and the number of a further case of the same command; no key contains it.
_FURTHER = "\x1f"
Done = Mapping[str, tuple[tuple[Event, ...], Case]]
#: Looks at the tables before what was decided is written; may refuse it all.
Also = Callable[[Connection, Sequence[Held], Done], None]
_NOTHING: Done = {}
#: Decides for all the cases: gets them as their clocks left them, and what decides on one.
Work = Callable[[Sequence[Case], DecideOn], Done]


@dataclass(frozen=True, slots=True, kw_only=True)
class JointRequest:
    """A command on several cases as it was asked for."""

    caller: Caller
    verb: Verb
    key: str
    content: Mapping[str, object]
    """What makes this command the same as, or another than, an earlier one under its key."""
    preview: bool = False
    now: datetime | None = None
    """The instant of the act, in a simulation; None: by the marketplace's clock."""

    @property
    def fingerprint(self) -> bytes:
        """What is compared when a key comes again."""
        return fingerprint(self.verb, self.content)


def carry_out_jointly(
    request: JointRequest, case_ids: Sequence[str], work: Work, also: Also | None = None
) -> tuple[Outcome, ...]:
    """Do what `work` decides on these cases, and return what it led to in each that it touched.

    `also` does what else belongs to it in the tables, or refuses it.

    Raises NotAllowed, NotVisible, Conflict `command.key_reused` and whatever the core refuses, with
    the case in front of the field.
    """
    allow(request.caller, request.verb)
    check_key(request.key)
    refused: Refused | None = None
    with transaction() as on:
        held = hold_all(on, request.caller, case_ids, lock=not request.preview)
        if not request.preview:
            earlier = done_before(on, request, held[0].case.shop_id)
            if earlier:
                return earlier
        for one in held:
            check_standing(on, request.caller, one, preview=request.preview)
        now = request.now or marketplace_now(on, held[0].marketplace_id)
        caught = {h.case.id: follow_clocks(h.case, now) for h in held}
        try:
            done = work(
                [case for _, case in caught.values()],
                decider(on, request, held[0].marketplace_id, now),
            )
            if also is not None:
                also(on, held, done)
        except Refused as refusal:
            refused, done = refusal, _NOTHING
        if not request.preview:
            record(on, [_decision(h, caught[h.case.id], done, now) for h in held])
            write_trail(on, request, done, caught_versions(caught), held, refused)
        outcomes = tuple(
            _outcome(on, request, h, caught[h.case.id], done, now)
            for h in held
            if h.case.id in done
        )
    if refused is not None:
        raise refused
    return outcomes


def hold_all(
    on: Connection, caller: Caller, case_ids: Sequence[str], *, lock: bool
) -> tuple[Held, ...]:
    """Return these cases, oldest first. Raises NotVisible; BadInput `joined.other_shop`."""
    if not case_ids:
        raise not_visible(CASE, "case_ids")
    seen = {i: found for i in case_ids if (found := find_case(on, i, lock=False)) is not None}
    for case_id in case_ids:
        if case_id not in seen or not sees(caller, seen[case_id]):
            raise not_visible(CASE, "case_ids")
    if len({held.marketplace_id for held in seen.values()}) > 1:
        raise BadInput(
            Finding(
                code="joined.other_shop",
                field="case_ids",
                message=Text("不同平台市场的案件不能并案", "they are of different marketplaces"),
            )
        )
    held = lock_cases(on, seen) if lock else tuple(seen.values())
    return tuple(sorted(held, key=lambda h: (h.case.opened_at, h.case.id)))


def sees(caller: Caller, held: Held) -> bool:
    """Whether the case exists for the caller."""
    return caller.sees(
        marketplace_id=held.marketplace_id,
        shop_id=held.case.shop_id,
        buyer_id=held.case.order.buyer_id,
        case_id=held.case.id,
    )


def decider(on: Connection, request: JointRequest, marketplace_id: str, now: datetime) -> DecideOn:
    """Return what decides a command on one case, its words sealed under that case's own keys."""

    def decide_on(case: Case, command: Command) -> tuple[tuple[Event, ...], Case]:
        try:
            if not request.preview and not isinstance(command, ReferEvidence):
                command = seal_command(on, marketplace_id, case.order, request.caller.role, command)
            return decide_now(case, command, now)
        except Refused as refusal:
            raise in_part(refusal, f"cases.{case.id}") from refusal

    return decide_on


def in_part(refusal: Refused, part: str) -> Refused:
    """Return the refusal with the part of the command that it is about in front of its field."""
    findings = (
        replace(f, field=part + (f".{f.field}" if f.field else "")) for f in refusal.findings
    )
    return type(refusal)(*findings)


def done_before(on: Connection, request: JointRequest, shop_id: str) -> tuple[Outcome, ...]:
    """Return what the command led to when it was done before, if it was."""
    outcomes: list[Outcome] = []
    while True:
        key = further(request.key, len(outcomes))
        receipt = find_receipt(on, shop_id, request.caller.user_id, key)
        held = find_case(on, receipt.case_id, lock=False) if receipt is not None else None
        if receipt is None or held is None:
            return tuple(outcomes)
        done = again(on, held, receipt, request.fingerprint)
        outcomes.append(shown(on, request.caller, held.case.order, done))


def further(key: str, number: int) -> str:
    """Return the key of the receipt of the command's case `number`, from 0."""
    return key if number == 0 else f"{key}{_FURTHER}{number}"


def caught_versions(caught: Done) -> dict[str, int]:
    """Return the version of each case after its clocks."""
    return {case_id: case.version for case_id, (_, case) in caught.items()}


def write_trail(
    on: Connection,
    request: JointRequest,
    done: Done,
    versions: Mapping[str, int],
    held: Sequence[Held],
    refused: Refused | None,
) -> None:
    """Write a receipt for every case that the command changed, and a line of the log for each."""
    caller = request.caller
    touched = [(case_id, after) for case_id, (events, after) in done.items() if events]
    for number, (case_id, after) in enumerate(touched):
        receipt = Receipt(
            shop_id=after.shop_id,
            actor=caller.user_id,
            key=further(request.key, number),
            fingerprint=request.fingerprint,
            case_id=case_id,
            first_seq=versions.get(case_id, 0) + 1,
            last_seq=after.version,
        )
        add_receipt(on, receipt)
    result = "done" if refused is None else refused.code
    lines = [(i, c.shop_id) for i, c in touched] or [(h.case.id, h.case.shop_id) for h in held]
    for case_id, shop_id in lines:
        entry = AuditEntry(
            user_id=caller.user_id,
            role=caller.role,
            verb=request.verb,
            shop_id=shop_id,
            case_id=case_id,
            key=request.key,
            result=result,
        )
        add_audit(on, entry)


def _decision(
    held: Held, caught: tuple[tuple[Event, ...], Case], done: Done, now: datetime
) -> Decision:
    events, after = done.get(held.case.id, ((), caught[1]))
    return decision(held, caught[0] + events, after, now)


def _outcome(
    on: Connection,
    request: JointRequest,
    held: Held,
    caught: tuple[tuple[Event, ...], Case],
    done: Done,
    now: datetime,
) -> Outcome:
    events, after = done[held.case.id]
    outcome = Outcome(
        case=after,
        events=caught[0] + events,
        marketplace_id=held.marketplace_id,
        at=now,
        preview=request.preview,
    )
    return shown(on, request.caller, held.case.order, outcome)
