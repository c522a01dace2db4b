"""Audit (核验): every case as its events alone would have it, against what the tables say.

The history of a case, read as one decision, is turned into rows by the very code that writes them;
these rows have to be those in the tables, byte for byte. The chain is checked on the stored bytes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from gongdao.core.cases.events import Event
from gongdao.core.cases.evolve import replay
from gongdao.core.cases.model import Case
from gongdao.core.kernel.chain import GENESIS, link
from gongdao.store.codec import decode_event
from gongdao.store.connection import Connection, fetch_all, fetch_one, transaction
from gongdao.store.held import Decision
from gongdao.store.rows import Rows, array, rows_of

BATCH = 500
_COLUMNS = (
    "shop_id", "id", "marketplace_id", "order_id", "buyer_id", "version", "claim", "reason",
    "requested_fen", "stage", "goods", "money", "arbitration", "waits_for", "outcome", "opened_at",
    "closed_at", "next_due_at", "head_hash", "order_body", "snapshot", "region",
    "counted_in_dispute_rate",
    "counted_in_score", "penalty_stands", "paused_by",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One disagreement found."""

    code: str
    """`chain.broken`, `replay.differs`, `deadlines.differ`, `postings.differ`, `payments.differ`,
    `order.differs`, `ledger.unbalanced`, `event.unreadable`."""
    shop_id: str
    subject: str
    """Case or order id; empty for the whole ledger."""
    detail: str


@dataclass(slots=True)
class Audit:
    """What has been examined so far."""

    cases: int = 0
    events: int = 0
    problems: list[Problem] = field(default_factory=list[Problem])
    orders: dict[tuple[str, str], list[int]] = field(
        default_factory=lambda: defaultdict(lambda: [0, 0])
    )
    """(shop, order) -> what its cases refunded and hold, in fen."""


@contextmanager
def frozen() -> Iterator[Connection]:
    """Read everything as it stands at one instant, however long it takes; nothing is written."""
    with transaction() as on:
        on.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield on


def count_cases(on: Connection) -> int:
    """Return how many cases there are to examine."""
    row = fetch_one(on, "count_cases")
    return int(row[0]) if row is not None else 0


def examine_cases(
    on: Connection, audit: Audit, waits_for: Callable[[Case], tuple[str, ...]]
) -> Iterator[int]:
    """Examine every case, adding to `audit`; yields how many after each batch."""
    last: tuple[str, UUID] = ("", UUID(int=0))
    while rows := fetch_all(on, "audit_cases", shop_id=last[0], case_id=last[1], limit=BATCH):
        for row in rows:
            _examine(row, audit, waits_for)
        last = (rows[-1][0], rows[-1][1])
        yield len(rows)


def _examine(
    row: Sequence[Any], audit: Audit, waits_for: Callable[[Case], tuple[str, ...]]
) -> None:
    stored = dict(zip(_COLUMNS, row[: len(_COLUMNS)], strict=True))
    bodies, hashes, deadlines, postings, payments = row[len(_COLUMNS) :]
    audit.cases += 1
    audit.events += len(bodies)

    def problem(code: str, detail: str) -> None:
        audit.problems.append(
            Problem(code=code, shop_id=stored["shop_id"], subject=str(stored["id"]), detail=detail)
        )

    broken = _broken_at(bodies, hashes)
    if broken is not None:
        problem("chain.broken", f"event {broken}")
        return
    try:
        events = tuple(decode_event(body) for body in bodies)
        case = replay(events)
    except (msgspec.MsgspecError, ValueError, KeyError) as trouble:
        problem("event.unreadable", str(trouble))
        return
    wanted = rows_of([_whole(stored["marketplace_id"], case, events, waits_for(case))])
    expected = {name: values[0] for name, values in wanted.new.lists.items()}
    expected["head_hash"] = hashes[-1]
    for name in ("waits_for", "paused_by"):
        stored[name] = array(tuple(stored[name]))
    for name in _COLUMNS:
        if stored[name] != expected[name]:
            problem("replay.differs", name)
    for code, found, right in (
        ("deadlines.differ", deadlines, _deadlines(wanted)),
        ("postings.differ", postings, _postings(wanted)),
        ("payments.differ", payments, _payments(wanted)),
    ):
        if found != right:
            problem(code, f"{found} instead of {right}")
    for key, (refunded, held) in wanted.order_money.items():
        audit.orders[key][0] += refunded
        audit.orders[key][1] += held


def _broken_at(bodies: Sequence[bytes], hashes: Sequence[bytes]) -> int | None:
    """Return the number of the first event whose hash does not follow; None for a whole chain."""
    head = GENESIS
    for seq, (body, stored) in enumerate(zip(bodies, hashes, strict=True), start=1):
        head = link(head, body)
        if head != stored:
            return seq
    return None if bodies else 0


def _whole(
    marketplace_id: str, case: Case, events: tuple[Event, ...], waits_for: tuple[str, ...]
) -> Decision:
    """Return a case's whole history as if it had been one decision."""
    return Decision(
        held=None, marketplace_id=marketplace_id, after=case, events=events, waits_for=waits_for
    )


def _deadlines(rows: Rows) -> list[str]:
    lists = rows.started.lists
    found = zip(lists["track"], lists["name"], lists["due_at"], strict=True)
    return [
        f"{track} {name} {due_at.timestamp():.6f}"
        for track, name, due_at in sorted(found, key=lambda f: (str(f[0]), str(f[1])))
        if isinstance(due_at, datetime)
    ]


def _postings(rows: Rows) -> list[str]:
    lists = rows.postings.lists
    names = ("seq", "line", "account", "amount_fen", "purpose")
    return [
        " ".join(str(v) for v in line)
        for line in zip(*(lists[name] for name in names), strict=True)
    ]


def _payments(rows: Rows) -> list[str]:
    lists = rows.payment_columns().lists
    found = zip(lists["number"], lists["amount_fen"], lists["state"], strict=True)
    return [" ".join(str(v) for v in row) for row in sorted(found, key=lambda f: int(str(f[0])))]


def examine_orders(on: Connection, audit: Audit) -> None:
    """Compare what orders say is refunded and held with the sum over their cases."""
    said = {(row[0], row[1]): [row[2], row[3]] for row in fetch_all(on, "audit_orders")}
    for key in sorted(said.keys() | audit.orders.keys()):
        found, expected = said.get(key, [0, 0]), audit.orders.get(key, [0, 0])
        if found != expected:
            audit.problems.append(
                Problem(
                    code="order.differs",
                    shop_id=key[0],
                    subject=key[1],
                    detail=f"refunded and held {found} instead of {expected}",
                )
            )


def examine_ledger(on: Connection, audit: Audit) -> tuple[int, int]:
    """Return the sum of the ledger in fen and the number of its entries; every one must be zero."""
    for shop_id, said, left in fetch_all(on, "audit_reserves"):
        audit.problems.append(
            Problem(
                code="reserve.differs",
                shop_id=shop_id,
                subject="",
                detail=f"the ledger has {said} fen in reserve, its orders {left}",
            )
        )
    total, entries, wrong = fetch_one(on, "audit_ledger") or (0, 0, 0)
    if total or wrong:
        audit.problems.append(
            Problem(
                code="ledger.unbalanced",
                shop_id="",
                subject="",
                detail=f"sum {total} fen, {wrong} entries not zero",
            )
        )
    return int(total), int(entries)
