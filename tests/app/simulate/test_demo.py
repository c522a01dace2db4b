from __future__ import annotations

import struct
from collections import Counter
from datetime import UTC, datetime

import pytest
from django.db import connections

from gongdao.app.queries.verify import verify
from gongdao.app.simulate.demo import make_demo
from gongdao.app.simulate.generate import generate
from gongdao.app.simulate.picture import draw_parcel
from gongdao.app.simulate.results import results
from gongdao.core.kernel.words import Claim
from gongdao.store.connection import transaction
from gongdao.store.postgres import Address
from gongdao.store.tally import CaseEnd, case_ends, gains
from tests.app.world import rows
from tests.throwaway import empty

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
MARKETS = ("demo-douyin", "demo-kuaishou")


def _standing() -> dict[str, tuple[list[CaseEnd], list[object]]]:
    with transaction() as on:
        return {m: (case_ends(on, m), list(gains(on, m))) for m in MARKETS}


#: What stands around the cases, each counted for a marketplace.
AROUND = {
    "messages": "SELECT count(*), max(at) FROM message WHERE marketplace_id = %s",
    "joined": "SELECT count(*) FROM joined_case WHERE shop_id LIKE %s || ':%%' GROUP BY group_id",
    "quoted": "SELECT count(DISTINCT case_id) FROM evidence_use JOIN evidence_blob USING (digest)"
    " WHERE media_type = 'text/plain' AND evidence_use.marketplace_id = %s",
    "tasks": "SELECT state, count(*) FROM invoice_task WHERE marketplace_id = %s"
    " GROUP BY state ORDER BY state",
}


def _around() -> dict[tuple[str, str], list[object]]:
    return {(m, name): rows(query, m) for m in MARKETS for name, query in AROUND.items()}


def test_the_same_seed_and_instant_make_the_same_marketplace() -> None:
    assert generate("douyin", NOW, 1) == generate("douyin", NOW, 1)
    assert generate("douyin", NOW, 1) != generate("douyin", NOW, 2)


def test_no_two_generated_cases_share_an_order_or_an_id() -> None:
    made = [generate(platform, NOW, 1) for platform in ("douyin", "kuaishou")]
    told = [told for market in made for told in market.told]
    assert len({t.case_id for t in told}) == len(told)
    assert len({t.order.order_id for t in told}) == len(told)
    assert all(t.opens_at <= NOW for t in told)


def test_the_demo_is_whole_and_the_same_each_time(db: Address) -> None:
    report = make_demo(NOW)
    assert report.refused == []
    first = _standing()
    assert make_demo(datetime(2026, 12, 1, tzinfo=UTC)).refused == []
    assert _standing() == first, "a second run found the history as it was"
    found = verify()
    assert found.problems == ()
    assert found.ledger_sum_fen == 0
    assert 280 <= found.cases <= 330
    ends = [end for market in MARKETS for end in first[market][0]]
    assert {end.claim for end in ends} == set(Claim)
    stages = {end.arbitration for end in ends if end.outcome is None}
    assert stages >= {"none", "evidence", "reviewing", "ruled", "appealed"}
    outcomes = Counter(end.outcome for end in ends)
    assert set(outcomes) >= {
        None, "refunded", "returned_refunded", "exchanged", "reshipped", "repaired", "compensated",
        "withdrawn", "expired", "rejected_closed", "dismissed", "difference_paid",
    }  # fmt: skip
    assert results("demo-kuaishou").by_purpose["advance"] > 0
    around = _around()
    for market in MARKETS:
        assert around[market, "messages"][0][0] > 400
        assert around[market, "joined"] == [(2,)]
        assert around[market, "quoted"][0][0] >= 2
    states = {state for market in MARKETS for state, _number in around[market, "tasks"]}
    assert states >= {"pending", "pending_reminded", "confirmed", "left_undone"}
    connections.close_all()
    empty(db)
    make_demo(NOW)
    assert _standing() == first, "made anew, it is the same to the fen"
    assert _around() == around


@pytest.mark.parametrize("damaged", [True, False])
def test_a_picture_is_a_real_png_and_always_the_same(damaged: bool) -> None:
    content = draw_parcel(7, damaged=damaged)
    assert content == draw_parcel(7, damaged=damaged)
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", content[16:24]) == (240, 160)
    assert (content == draw_parcel(7, damaged=not damaged)) is False
