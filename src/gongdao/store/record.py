"""Record (落库): write any number of decisions in a constant number of statements.

The one writer of cases, events, deadlines, postings, payments and the outbox. Requests record one
decision, the worker a thousand; the statements are the same and travel in one pipeline.
"""

from __future__ import annotations

from collections.abc import Sequence

from gongdao.core.cases.playbook import stale
from gongdao.store.connection import Connection, Cursor, cursor, statement
from gongdao.store.held import Decision
from gongdao.store.rows import Columns, Rows, rows_of


def record(on: Connection, decisions: Sequence[Decision]) -> None:
    """Write `decisions` inside the caller's transaction.

    Raises Conflict `case.version_conflict` when a case is no longer at the version its decision was
    made on; the caller's transaction is then to be undone.
    """
    rows = rows_of(decisions)
    with on.pipeline():
        moved = _send(on, "update_cases", rows.moved)
        _send(on, "insert_cases", rows.new)
        _send_rest(on, rows)
    if moved is not None and moved.rowcount != len(rows.moved):
        first = next(d for d in decisions if d.before is not None)
        raise stale(first.first_seq - 1, first.after.version)


def _send_rest(on: Connection, rows: Rows) -> None:
    _send(on, "insert_events", rows.events)
    _send(on, "delete_deadlines", rows.stopped)
    _send(on, "insert_deadlines", rows.started)
    _send(on, "move_order_money", rows.order_money_columns())
    _send(on, "insert_postings", rows.postings)
    _send(on, "upsert_payments", rows.payment_columns())
    _send(on, "insert_outbox", rows.outbox)


def _send(on: Connection, name: str, columns: Columns) -> Cursor | None:
    return cursor(on).execute(statement(name), columns.lists) if columns else None
