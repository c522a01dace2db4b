"""Release a case (放回案件): it goes back to the pool for somebody else."""

from __future__ import annotations

from gongdao.app.carry_out import visible_case
from gongdao.app.impartiality import held_by_another
from gongdao.app.permissions import Caller, Verb, allow
from gongdao.store.assignments import release, running_assignment
from gongdao.store.connection import transaction
from gongdao.store.trail import AuditEntry, add_audit


def release_case(caller: Caller, case_id: str) -> None:
    """Give back what the caller has taken, with all that is heard together with it.

    Nothing happens when nobody holds it.

    Raises NotAllowed, NotVisible; Conflict `assignment.held_by_another`.
    """
    allow(caller, Verb.TAKE_CASE)
    with transaction() as on:
        held = visible_case(on, caller, case_id, lock=True)
        running = running_assignment(on, held, caller.role)
        if running is None:
            return
        if running.user_id != caller.user_id:
            raise held_by_another()
        release(on, running, held)
        entry = AuditEntry(
            user_id=caller.user_id,
            role=caller.role,
            verb=Verb.TAKE_CASE,
            shop_id=held.case.shop_id,
            case_id=held.case.id,
            key=running.id,
            result="released",
        )
        add_audit(on, entry)
