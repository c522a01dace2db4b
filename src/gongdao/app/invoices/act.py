"""Act on an invoice task (办理发票事项): once for its key, on the version its giver saw."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from gongdao.app.audit_call import audited
from gongdao.app.carry_out import check_key, fingerprint
from gongdao.app.invoices.keep import keep
from gongdao.app.invoices.visible import visible_task
from gongdao.app.permissions import Caller, Verb
from gongdao.app.plain_values import check_payload
from gongdao.app.playbooks import playbooks
from gongdao.core.cases.model import Plain
from gongdao.core.cases.playbook import stale
from gongdao.core.invoices.decide import act
from gongdao.core.invoices.model import InvoiceTask
from gongdao.core.kernel.findings import Conflict, Finding
from gongdao.core.kernel.text import Text
from gongdao.store.cases import marketplace_now
from gongdao.store.trail import Receipt, add_receipt, find_receipt

_NOTHING: Mapping[str, Plain] = {}


def act_on_task(
    caller: Caller,
    task_id: str,
    action: str,
    payload: Mapping[str, Plain] = _NOTHING,
    *,
    key: str,
    expected_version: int | None = None,
    now: datetime | None = None,
) -> InvoiceTask:
    """Do `action` of the task's process in the caller's role, and return the task after it.

    Raises NotVisible, NotAllowed, BadInput; Conflict for what is not open now, `command.key_reused`
    and `case.version_conflict`.
    """
    check_key(key)
    check_payload(payload)
    content = {"task": task_id, "action": action, "payload": dict(payload)}
    mark = fingerprint(Verb.HANDLE_INVOICE, content)
    with audited(caller, Verb.HANDLE_INVOICE, key=key) as on:
        held = visible_task(on, caller, task_id, lock=True)
        receipt = find_receipt(on, held.task.shop_id, caller.user_id, key)
        if receipt is not None:
            if receipt.fingerprint != mark:
                raise _reused()
            return held.task
        if expected_version is not None and expected_version != held.task.version:
            raise stale(expected_version, held.task.version)
        at = now or marketplace_now(on, held.marketplace_id)
        book = playbooks().book(held.task.rulebook)
        events, after = act(held.task, book, action, caller.actor, at, payload)
        keep(on, held, events, after)
        add_receipt(on, _receipt(caller, held.task, after, key, mark))
        return after


def _receipt(
    caller: Caller, before: InvoiceTask, after: InvoiceTask, key: str, mark: bytes
) -> Receipt:
    return Receipt(
        shop_id=after.shop_id,
        actor=caller.user_id,
        key=key,
        fingerprint=mark,
        case_id=after.id,
        first_seq=before.version + 1,
        last_seq=after.version,
    )


def _reused() -> Conflict:
    return Conflict(
        Finding(
            code="command.key_reused",
            field="Idempotency-Key",
            message=Text(
                "该幂等键已用于另一条命令", "this idempotency key belongs to another command"
            ),
            cure=Text("请为新命令使用新的键", "use a new key for a new command"),
        )
    )
