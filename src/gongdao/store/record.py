"""Record (落库): write any number of decisions in a constant number of statements.

The one writer of cases, events, deadlines, postings, payments and the outbox. Requests record one
decision, the worker a thousand; the statements are the same and travel in one pipeline.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

import psycopg

from gongdao.core.kernel.findings import Conflict, Finding
from gongdao.core.kernel.text import Text
from gongdao.store.connection import Connection, Cursor, cursor, statement
from gongdao.store.held import Decision
from gongdao.store.reserves import Recoupment, draw_reserves, undo_draws
from gongdao.store.rows import Columns, Rows, rows_of

#: Decisions that travel together: few enough to keep the database busy, enough to share the cost.
_AT_A_TIME = 250


def record(on: Connection, decisions: Iterable[Decision]) -> None:
    """Write `decisions` inside the caller's transaction.

    They are taken a few at a time, so that the database writes some while the next are decided.
    Raises Conflict `case.version_conflict` when a case is no longer at the version its decision was
    made on; the caller's transaction is then to be undone.
    """
    try:
        _send_all(on, decisions)
    except psycopg.errors.UniqueViolation as refusal:
        if refusal.diag.constraint_name == "event_pkey":
            raise _outdated() from refusal
        raise


def _send_all(on: Connection, decisions: Iterable[Decision]) -> None:
    moved: list[tuple[Cursor, Rows]] = []
    recouped: list[Recoupment] = []
    withdrawn: list[Recoupment] = []
    source = iter(decisions)
    with on.pipeline():
        while few := list(islice(source, _AT_A_TIME)):
            rows = rows_of(few)
            sent = _send(on, "update_cases", rows.moved)
            if sent is not None:
                moved.append((sent, rows))
            _send_rest(on, rows)
            recouped += rows.recouped
            withdrawn += rows.withdrawn
    if any(sent.rowcount != len(rows.moved) for sent, rows in moved):
        raise _outdated()
    if recouped:
        draw_reserves(on, recouped)
    if withdrawn:
        undo_draws(on, withdrawn)


def _outdated() -> Conflict:
    return Conflict(
        Finding(
            code="case.version_conflict",
            field="expected_version",
            message=Text("案件在此期间已被更新", "the case has moved on meanwhile"),
            cure=Text("请刷新后再操作", "reload the case and decide again"),
        )
    )


def _send_rest(on: Connection, rows: Rows) -> None:
    _send(on, "insert_cases", rows.new)
    _send(on, "insert_events", rows.events)
    _send(on, "insert_evidence_uses", rows.evidence)
    _send(on, "delete_deadlines", rows.stopped)
    _send(on, "insert_deadlines", rows.started)
    _send(on, "move_order_money", rows.order_money_columns())
    _send(on, "insert_postings", rows.postings)
    _send(on, "upsert_payments", rows.payment_columns())
    _send(on, "upsert_marks", rows.mark_columns())
    _send(on, "upsert_joined", rows.joined)
    _send(on, "delete_joined", rows.separated)
    _send(on, "insert_outbox", rows.outbox)
    _send(on, "insert_deliveries", rows.deliveries)
    _send(on, "insert_invoice_checks", rows.invoice_checks)


def _send(on: Connection, name: str, columns: Columns) -> Cursor | None:
    return cursor(on).execute(statement(name), columns.lists) if columns else None
