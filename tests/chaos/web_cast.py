"""What the killing of the web server needs before and after: `python -m tests.chaos.web_cast …`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from gongdao.store import schema

schema.boot()  # the models of accounts

from gongdao.app.callers import callers_of, make_key  # noqa: E402  needs the models
from gongdao.app.intake_orders import intake  # noqa: E402  as above
from gongdao.app.permissions import ALL_SCOPES  # noqa: E402  as above
from gongdao.app.queries.verify import verify  # noqa: E402  as above
from gongdao.store.connection import cursor, transaction  # noqa: E402  as above
from gongdao.store.models import Membership, User  # noqa: E402  as above
from tests.app.world import MARKET, SHOP, T0, a_marketplace, an_order  # noqa: E402  as above

PEOPLE = {"buyer": {"buyer_id": "b1"}, "merchant": {"shop_id": SHOP}}


def seed(orders: int, keys: int) -> None:
    """A sandbox in March 2024, its orders and people; prints `keys` keys of each person."""
    schema.migrate()
    a_marketplace("kuaishou")
    with transaction() as on:
        cursor(on).execute(
            "UPDATE marketplace SET clock_offset_seconds ="
            " extract(epoch FROM %s::timestamptz - clock_timestamp())", [T0]
        )  # fmt: skip
    intake(MARKET, [an_order(n) for n in range(1, orders + 1)])
    made: dict[str, list[str]] = {}
    for role, place in PEOPLE.items():
        user = User.objects.create(username=role)
        Membership.objects.create(user=user, role=role, marketplace_id=MARKET, **place)
        (caller,) = callers_of(str(user.pk))
        made[role] = [make_key(caller, f"k{n}", ALL_SCOPES) for n in range(keys)]
    print(json.dumps(made))


def check(noted: Path) -> None:
    """Print what does not hold; nothing when everything does."""
    problems = [f"{p.code} {p.subject} {p.detail}" for p in verify().problems]
    notes = [json.loads(line) for line in noted.read_text("utf-8").splitlines()]
    with transaction() as on:

        def found(query: str) -> list[tuple[object, ...]]:
            return list(cursor(on).execute(query.encode()).fetchall())

        versions = dict(found("SELECT id::text, version FROM cases"))
        problems += [
            f"lost: {note}"
            for note in notes
            if int(str(versions.get(note["case"], 0))) < note["version"]
        ]
        for query in (
            "SELECT order_id, count(*) FROM cases GROUP BY 1 HAVING count(*) > 1",
            "SELECT case_id, count(*) FROM payment GROUP BY 1 HAVING count(*) > 1",
            "SELECT actor, key, count(*) FROM command_receipt GROUP BY 1, 2 HAVING count(*) > 1",
            (
                "SELECT case_id, kind, count(*) FROM event WHERE kind IN ('opened', 'closed',"
                " 'evidence_submitted', 'money_granted') GROUP BY 1, 2 HAVING count(*) > 1"
            ),
        ):
            problems += [f"twice: {row}" for row in found(query)]
        keys = {(str(key)) for (key,) in found("SELECT key FROM command_receipt")}
        problems += [f"no receipt: {n['key']}" for n in notes if n["key"] not in keys]
        counted = {
            "cases": len(versions),
            "payments": found("SELECT count(*) FROM payment")[0][0],
            "receipts": len(keys),
            "ledger": found("SELECT coalesce(sum(amount_fen), 0)::int FROM posting")[0][0],
        }
    print(json.dumps({"problems": problems, **counted}))


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["seed", orders, keys]:
            seed(int(orders), int(keys))
        case ["check", noted]:
            check(Path(noted))
