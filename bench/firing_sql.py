"""The peer's statement, made whole: `firing.sql` with the literals that the program writes today.

Fires one case of each kind by the program itself and reads what it wrote: the bytes of events and
snapshots become SQL expressions in which the instants and amounts of the single case are columns.
So the peer goes on writing the same bytes when an event gains a field.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from string import Template

import psycopg

from bench.market import BATCH, FIRING_AT, case_id
from bench.throwaway import copy_of
from gongdao.app.fire_deadlines import fire_due
from gongdao.store.connection import release
from gongdao.store.postgres import Address

AGREES, REFUNDS = case_id(0), case_id(1)
_BEIJING = timezone(timedelta(hours=8))
_FILE = Path(__file__).parent / "firing.sql"


def statement(market: Address) -> bytes:
    """Return the statement for markets like this one, which is left as it was."""
    with copy_of(market) as address, psycopg.connect(address.dsn) as on:
        before = {key: _snapshot(on, key) for key in (AGREES, REFUNDS)}
        on.commit()
        while fire_due(BATCH, now=FIRING_AT).cases:
            pass
        release()
        agreed, refunded = _events(on, AGREES), _events(on, REFUNDS)
        after = {key: _snapshot(on, key) for key in (AGREES, REFUNDS)}
        started = _one(on, "SELECT reason_zh, reason_en, due_at FROM deadline", AGREES)
        sent = _one(on, "SELECT convert_from(body, 'UTF8') FROM outbox", REFUNDS)[0]
        row = _one(on, "SELECT amount_fen FROM payment", REFUNDS)
    began = _at(agreed[-1])
    here = {
        _z(began): "at",
        _z(started[2]): "next_text",
        began.astimezone(_BEIJING).strftime("%Y-%m-%d %H:%M:%S"): "since",
    }
    there = {_z(_at(refunded[-1])): "at", str(row[0]): "fen"}
    payment = there | {
        str(REFUNDS): "case_id",
        **{json.loads(sent)[name]: name for name in ("shop_id", "order_id", "buyer_id")},
    }
    return (
        Template(_FILE.read_text("utf-8"))
        .substitute(
            agreed_body=_expression(agreed[-1], here),
            agreed_middle=_expression(_middle(after[AGREES]), here),
            agreed_tail=_tail(before[AGREES], after[AGREES], here),
            reason_zh=_expression(started[0], here),
            reason_en=_expression(started[1], here),
            acted_body=_expression(refunded[-3], there),
            granted_body=_expression(refunded[-2], there),
            closed_body=_expression(refunded[-1], there),
            closed_middle=_expression(_middle(after[REFUNDS]), there),
            closed_tail=_tail(before[REFUNDS], after[REFUNDS], there),
            sent_body=_expression(sent, payment),
        )
        .encode()
    )


def _expression(text: str, columns: dict[str, str]) -> str:
    """Return SQL that builds `text` with the given parts of it taken from columns."""
    parts = re.split("(" + "|".join(map(re.escape, columns)) + ")", text)
    return " || ".join(columns.get(part) or _literal(part) for part in parts if part)


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''").replace("%", "%%") + "'"


def _middle(snapshot: str) -> str:
    return snapshot[snapshot.index('"tracks":') : snapshot.index('"facts":')]


def _tail(before: str, after: str, columns: dict[str, str]) -> str:
    """Return SQL that turns the column `tail` into what it is after: members that changed."""
    was, now = json.loads(before), json.loads(after)
    names = list(was)
    made = "tail"
    for name in names[names.index("facts") :]:
        if was[name] != now[name]:
            old, new = _member(name, was[name]), _member(name, now[name])
            made = f"replace({made}, {_literal(old)}, {_expression(new, columns)})"
    return made


def _member(name: str, value: object) -> str:
    return f'"{name}":' + json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _snapshot(on: psycopg.Connection, key: object) -> str:
    query = "SELECT convert_from(snapshot, 'UTF8') FROM cases WHERE id = %s"
    ((text,),) = on.execute(query, [key]).fetchall()
    return str(text)


def _events(on: psycopg.Connection, key: object) -> list[str]:
    query = "SELECT convert_from(body, 'UTF8') FROM event WHERE case_id = %s ORDER BY seq"
    return [row[0] for row in on.execute(query, [key]).fetchall()]


def _one(on: psycopg.Connection, query: str, key: object) -> tuple[object, ...]:
    (row,) = on.execute(f"{query} WHERE case_id = %s".encode(), [key]).fetchall()
    return row


def _at(event: str) -> datetime:
    return datetime.fromisoformat(json.loads(event)["event"]["at"])


def _z(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
