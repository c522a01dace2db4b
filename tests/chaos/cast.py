"""Processes that are killed: `python -m tests.chaos.cast seed|command|verify …`.

`command` gives commands under keys of their own and notes each in a file once it was acknowledged,
as a client would; after a kill its successor begins from the start, repeating what it is not sure of.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO
from uuid import UUID

from gongdao.app.act import act
from gongdao.app.intake_orders import intake
from gongdao.app.open_case import open_case
from gongdao.app.outcome import Outcome
from gongdao.app.queries.verify import verify
from gongdao.core.kernel.findings import Refused
from gongdao.core.kernel.words import Claim, Reason
from gongdao.store import schema
from gongdao.store.connection import Interrupted, cursor, release, transaction
from tests.app.world import BUYER, MARKET, MERCHANT, SHOP, T0, a_marketplace, an_order

CASES = 4000


def seed() -> None:
    """A sandbox whose clock stands in March 2024 and runs as clocks do."""
    schema.migrate()
    a_marketplace("kuaishou")
    with transaction() as on:
        cursor(on).execute(
            "UPDATE marketplace SET clock_offset_seconds ="
            " extract(epoch FROM %s::timestamptz - clock_timestamp())", [T0]
        )  # fmt: skip
    intake(MARKET, [an_order(n) for n in range(1, CASES + 1)])


def command(noted: Path, first: int) -> None:
    """Open cases and answer some; a note is written only for what was acknowledged."""
    done = {json.loads(line)["key"] for line in noted.read_text().splitlines()}
    with noted.open("a") as notes:
        for n in range(first, CASES + 1, 2):
            # Long before now, so that the clock is due as soon as the case is open.
            if f"open-{n}" not in done:
                _give(notes, f"open-{n}", lambda n=n: open_case(
                    BUYER, shop_id=SHOP, order_id=f"o{n}", claim=Claim.REFUND_ONLY,
                    reason=Reason.QUALITY, key=f"open-{n}",
                ))  # fmt: skip
            if n % 3 and f"act-{n}" not in done:
                _give(notes, f"act-{n}", lambda n=n: act(
                    MERCHANT, _case_of(n), "agree", key=f"act-{n}",
                ))  # fmt: skip
            if n % 40 == first % 40:
                _push_time()


def _give(notes: IO[str], key: str, give: Callable[[], Outcome]) -> None:
    while True:
        try:
            outcome = give()
        except Refused as refusal:
            note = {"key": key, "refused": refusal.code}
        except Interrupted:
            release()
            continue
        else:
            note = {"key": key, "case": outcome.case.id, "version": outcome.case.version,
                    "events": len(outcome.events)}  # fmt: skip
        notes.write(json.dumps(note) + "\n")
        notes.flush()
        os.fsync(notes.fileno())
        return


def _case_of(n: int) -> str:
    with transaction() as on:
        query = "SELECT id::text FROM cases WHERE order_id = %s"
        row = cursor(on).execute(query, [f"o{n}"]).fetchone()
    assert row is not None
    return row[0]


def _push_time() -> None:
    """Let three days pass, so that every clock is due."""
    with transaction() as on:
        cursor(on).execute(
            "UPDATE marketplace SET clock_offset_seconds = clock_offset_seconds + 3 * 86400"
        )


def check(noted: Path) -> None:
    """Print what does not hold; nothing when everything does."""
    found = verify()
    problems = [f"{p.code} {p.subject} {p.detail}" for p in found.problems]
    with transaction() as on:
        for line in noted.read_text().splitlines():
            note = json.loads(line)
            if "case" in note:
                query = "SELECT version FROM cases WHERE id = %s"
                row = cursor(on).execute(query, [UUID(note["case"])]).fetchone()
                if row is None or row[0] < note["version"]:
                    problems.append(f"lost: {note}")
        for query in (
            "SELECT order_id, count(*) FROM cases GROUP BY 1 HAVING count(*) > 1",
            "SELECT case_id, count(*) FROM payment GROUP BY 1 HAVING count(*) > 1",
            (
                "SELECT case_id, count(*) FROM event WHERE kind = 'closed' GROUP BY 1"
                " HAVING count(*) > 1"
            ),
        ):
            problems += [f"twice: {row}" for row in cursor(on).execute(query).fetchall()]
        counted = {
            name: cursor(on).execute(query).fetchone()[0]
            for name, query in {
                "cases": "SELECT count(*) FROM cases",
                "fired": "SELECT count(*) FROM event WHERE actor = 'clock'",
                "paid": "SELECT count(*) FROM payment WHERE state = 'confirmed'",
                "waiting": "SELECT count(*) FROM outbox WHERE sent_at IS NULL",
                "ledger": "SELECT coalesce(sum(amount_fen), 0)::int FROM posting",
            }.items()
        }
    print(json.dumps({"problems": problems, **counted}))


if __name__ == "__main__":
    schema.boot()
    match sys.argv[1:]:
        case ["seed"]:
            seed()
        case ["command", noted, first]:
            command(Path(noted), int(first))
        case ["check", noted]:
            check(Path(noted))
