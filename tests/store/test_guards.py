"""What the database itself refuses, whoever asks."""

from __future__ import annotations

import psycopg
import pytest

from gongdao.store.connection import cursor, transaction
from gongdao.store.postgres import Address
from tests.app.world import SHOP, opened, with_orders

NIL = "00000000-0000-0000-0000-000000000000"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET kind = 'opened'",
        "DELETE FROM event",
        "TRUNCATE event",
        "UPDATE posting SET amount_fen = 0",
        "DELETE FROM posting",
        "TRUNCATE posting",
        "DELETE FROM audit_log",
    ],
)
def test_history_cannot_be_changed(db: Address, statement: str) -> None:
    with_orders(1)
    opened(1)
    with pytest.raises(psycopg.errors.RestrictViolation, match="append-only"), transaction() as on:
        cursor(on).execute(statement)


@pytest.mark.parametrize("second", [99, 101, -100])
def test_an_entry_that_does_not_sum_to_zero_is_refused(db: Address, second: int) -> None:
    insert = (
        "INSERT INTO posting (shop_id, order_id, case_id, seq, line, account, amount_fen, purpose, at)"
        " VALUES ('s', 'o', %(nil)s, 7, 0, 'buyer', -100, 'goods', now()),"
        " ('s', 'o', %(nil)s, 7, 1, 'merchant', %(second)s, 'goods', now()),"
        " ('s', 'o2', %(nil)s, 7, 0, 'merchant', 100 - %(second)s, 'goods', now())"
    )
    with pytest.raises(psycopg.errors.CheckViolation, match="is off by"), transaction() as on:
        cursor(on).execute(insert, {"nil": NIL, "second": second})
    with transaction() as on:
        assert cursor(on).execute("SELECT count(*) FROM posting").fetchone() == (0,)


def test_a_balanced_entry_is_kept(db: Address) -> None:
    with transaction() as on:
        cursor(on).execute(
            "INSERT INTO posting (shop_id, order_id, case_id, seq, line, account, amount_fen,"
            " purpose, at) VALUES ('s', 'o', %s, 7, 0, 'buyer', -100, 'goods', now()),"
            " ('s', 'o', %s, 7, 1, 'merchant', 100, 'goods', now())",
            [NIL, NIL],
        )
    with transaction() as on:
        assert cursor(on).execute("SELECT sum(amount_fen) FROM posting").fetchone() == (0,)


@pytest.mark.parametrize(
    ("refunded", "held"), [(14002, 0), (0, 14002), (10000, 4002), (-1, 0), (0, -1)]
)
def test_an_order_never_promises_more_than_was_paid(db: Address, refunded: int, held: int) -> None:
    with_orders(1)
    with pytest.raises(psycopg.errors.CheckViolation), transaction() as on:
        cursor(on).execute(
            "UPDATE orders SET refunded_fen = %s, held_fen = %s WHERE shop_id = %s",
            [refunded, held, SHOP],
        )


def test_only_a_sandbox_moves_its_clock(db: Address) -> None:
    with_orders(1)
    with pytest.raises(psycopg.errors.CheckViolation), transaction() as on:
        cursor(on).execute("UPDATE marketplace SET sandbox = false, clock_offset_seconds = 60")
