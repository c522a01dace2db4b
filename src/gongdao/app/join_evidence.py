"""Shared evidence (并案凭证): what is given or disputed in a case counts in those joined to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from gongdao.app.decide_case import decide_now, decision, follow_clocks
from gongdao.app.permissions import Verb
from gongdao.app.privacy import seal_command
from gongdao.core.cases.commands import ChallengeEvidence, Command, ReferEvidence, SubmitEvidence
from gongdao.core.cases.model import Case
from gongdao.core.cases.playbook import stale
from gongdao.core.kernel.findings import Refused
from gongdao.store.cases import lock_cases
from gongdao.store.connection import Connection
from gongdao.store.held import Decision, Held

#: Commands under these verbs concern every case of a group.
SHARED = frozenset({Verb.SUBMIT_EVIDENCE, Verb.CHALLENGE_EVIDENCE})


def lock_together(on: Connection, seen: Held) -> tuple[Held, tuple[Held, ...]]:
    """Lock a case and those it is joined with, all at once; the case itself comes first.

    Raises Conflict `case.version_conflict` when the group changed since it was seen.
    """
    members = seen.case.joined.members if seen.case.joined is not None else (seen.case.id,)
    held = {h.case.id: h for h in lock_cases(on, members)}
    own = held.pop(seen.case.id)
    if own.case.joined != seen.case.joined:
        raise stale(seen.case.version, own.case.version)
    return own, tuple(held.values())


def spread(
    on: Connection, others: Sequence[Held], given_in: Case, command: Command, now: datetime
) -> list[Decision]:
    """Return what the cases joined with `given_in` record of evidence given, or disputed, there.

    What one of them does not receive any more, because it has ended or its rules say so, it does
    not record; that bars nobody.
    """
    decisions: list[Decision] = []
    for held in others:
        events, case = follow_clocks(held.case, now)
        meant = _meant(given_in, command)
        if meant is None or case.joined is None:
            continue
        if isinstance(meant, ChallengeEvidence):
            meant = seal_command(on, held.marketplace_id, case.order, meant.by.role, meant)
        try:
            done, case = decide_now(case, meant, now)
        except Refused:
            continue
        decisions.append(decision(held, events + done, case, now))
    return decisions


def _meant(given_in: Case, command: Command) -> ReferEvidence | ChallengeEvidence | None:
    match command:
        case SubmitEvidence(item=item, by=by):
            return ReferEvidence(item=item, given_in=given_in.id, by=by)
        case ChallengeEvidence():
            return command
        case _:
            return None
