"""Price protection: the difference and no more, asked, answered, ruled, and taken off later."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from gongdao.app.act import act
from gongdao.app.fire_deadlines import fire_due
from gongdao.app.queries.case_page import case_page
from gongdao.app.record_finding import record
from gongdao.core.cases.commands import LineAsked
from gongdao.core.cases.model import Case
from gongdao.core.kernel.findings import BadInput, Conflict, Refused
from gongdao.core.kernel.words import Claim, Reason
from gongdao.store.postgres import Address
from tests.app.world import (
    ARBITRATOR,
    BUYER,
    DAY,
    HOUR,
    MARKET,
    MERCHANT,
    T0,
    everything_holds,
    one,
    opened,
    with_orders,
)

PLATFORMS = ["douyin", "jd", "kuaishou", "taobao", "tmall"]
SECOND = timedelta(seconds=1)


def protected(
    price_fen: int | None = 4000, quantity: int = 2, *, line: str = "1", **changes: object
) -> Case:
    """Ask for price protection on the cups, 90 yuan for two; 10 yuan less by default."""
    lines = (LineAsked(line_id=line, quantity=quantity, seen_price_fen=price_fen),)
    given: dict[str, object] = {
        "claim": Claim.PRICE_PROTECTION,
        "reason": Reason.PRICE_DROP,
        "lines": lines,
    }
    return opened(**(given | changes))  # type: ignore[arg-type]


def refused(code: str, kind: type[Refused] = BadInput, **changes: object) -> None:
    with pytest.raises(kind) as refusal:
        protected(**changes)  # type: ignore[arg-type]
    assert refusal.value.code == code


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_platform_pays_the_difference_and_holds_no_more(platform: str, db: Address) -> None:
    with_orders(1, platform=platform)
    case = protected()
    assert (case.requested_fen, case.refundable_fen) == (1000, 1000)
    assert one("SELECT held_fen FROM orders") == 1000
    assert case.tracks["after_sale"].rulebook == "house/price-protection@2020-01-01"
    done = act(MERCHANT, case.id, "agree", key="a", now=T0 + HOUR).case
    assert (done.outcome, [t.amount_fen for g in done.grants for t in g.transfers]) == (
        "difference_paid",
        [1000],
    )
    assert done.grants[0].cite == ("HOUSE-PP-2", "HOUSE-PP-3")
    assert one("SELECT refunded_fen FROM orders") == 1000
    everything_holds()


def test_silence_is_agreement(db: Address) -> None:
    with_orders(1)
    case = protected()
    assert case.timers[0].due_at == T0 + 2 * DAY
    fire_due(now=T0 + 2 * DAY, marketplace_id=MARKET)
    assert one("SELECT refunded_fen FROM orders") == 0
    fire_due(now=T0 + 2 * DAY + SECOND, marketplace_id=MARKET)
    assert one("SELECT refunded_fen FROM orders") == 1000
    everything_holds()


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize(("found", "paid_fen"), [("proven", 1000), ("refuted", 0)])
def test_the_platform_checks_the_price(
    platform: str, found: str, paid_fen: int, db: Address
) -> None:
    with_orders(1, platform=platform)
    case = protected()
    act(MERCHANT, case.id, "reject", {"reason": "不是同款"}, key="r", now=T0 + HOUR)
    act(BUYER, case.id, "escalate", key="e", now=T0 + 2 * HOUR)
    now, rule = _until_ruled(case.id)
    record(ARBITRATOR, case.id, "price_drop", found, key="f", now=now)
    ruled = act(ARBITRATOR, case.id, rule, key="rule", now=now).case
    assert ruled.ruling is not None
    assert ruled.ruling.rulebook == "house/price-protection@2020-01-01"
    assert sum(t.amount_fen for g in ruled.grants for t in g.transfers) == paid_fen
    everything_holds()


def _until_ruled(case_id: str) -> tuple[datetime, str]:
    """Let the clocks of the intervention run until an arbitrator may rule; return how."""
    now = T0 + 3 * HOUR
    for _ in range(40):
        page = case_page(ARBITRATOR, case_id, now=now)
        found = [a.name for a in page.allowed if a.rules and a.open and a.name != "settle"]
        if found:
            return now, found[0]
        now += 6 * HOUR
        fire_due(now=now, marketplace_id=MARKET)
    raise AssertionError("nobody may ever rule")


def test_the_window_closes_by_the_second(db: Address) -> None:
    with_orders(1)
    last = T0 + 10 * DAY
    refused("case.not_accepted", Conflict, now=last + SECOND)
    assert protected(now=last).requested_fen == 1000


def test_what_is_no_lower_price_is_refused(db: Address) -> None:
    with_orders(1)
    refused("case.price_not_lower", price_fen=4500)
    refused("case.price_not_lower", price_fen=-1)
    refused("case.price_needed", price_fen=None)
    refused("case.price_needed", lines=())
    refused("case.reason_of_another_claim", reason=Reason.QUALITY)
    refused("case.reason_of_another_claim", claim=Claim.REFUND_ONLY)
    refused("case.price_not_asked", claim=Claim.REFUND_ONLY, reason=Reason.QUALITY)
    assert one("SELECT count(*) FROM cases") == 0


def test_nothing_is_protected_before_it_is_paid(db: Address) -> None:
    with_orders(1, paid_at=None, shipped_at=None, signed_at=None)
    refused("case.order_unpaid", Conflict)


def test_a_further_drop_is_measured_from_what_is_left(db: Address) -> None:
    with_orders(1)
    first = protected()
    act(MERCHANT, first.id, "agree", key="a", now=T0 + HOUR)
    second = protected(3800, key="again", now=T0 + DAY)
    assert second.requested_fen == 400
    assert second.order.lines[0].paid_fen == 8000
    assert second.order.lines[0].price_back_fen == 1000
    refused("case.price_not_lower", price_fen=4000, key="third", now=T0 + DAY)


def test_a_return_settles_at_the_lowered_price(db: Address) -> None:
    with_orders(1)
    act(MERCHANT, protected().id, "agree", key="a", now=T0 + HOUR)
    back = opened(
        claim=Claim.RETURN_REFUND, key="back", now=T0 + DAY,
        lines=(LineAsked(line_id="1", quantity=1),),
    )  # fmt: skip
    assert back.requested_fen == 4000
    everything_holds()


def test_a_refused_request_lowers_nothing(db: Address) -> None:
    with_orders(1)
    act(BUYER, protected().id, "withdraw", key="w", now=T0 + HOUR)
    whole = opened(key="whole", claim=Claim.RETURN_REFUND, now=T0 + DAY)
    assert whole.requested_fen == 14001


@pytest.mark.parametrize("platform", PLATFORMS)
def test_books_that_do_not_answer_for_it_are_not_asked(platform: str, db: Address) -> None:
    """A merchant who concedes before shipping would refund all by the general table."""
    with_orders(1, platform=platform, shipped_at=None, signed_at=None, tracking_number=None)
    case = protected()
    act(MERCHANT, case.id, "reject", {"reason": "不是同款"}, key="r", now=T0 + HOUR)
    act(BUYER, case.id, "escalate", key="e", now=T0 + 2 * HOUR)
    done = act(MERCHANT, case.id, "concede", key="c", now=T0 + 3 * HOUR).case
    assert done.ruling is not None
    assert done.ruling.rulebook == "house/price-protection@2020-01-01"
    assert done.ruling.rows == ("concession/as-asked",)
    assert sum(t.amount_fen for g in done.grants for t in g.transfers) == 1000


def test_pieces_that_went_back_are_no_longer_protected(db: Address) -> None:
    """One of two cups is returned and refunded: the other alone is worth its difference."""
    with_orders(1)
    one_cup = (LineAsked(line_id="1", quantity=1),)
    back = opened(claim=Claim.RETURN_REFUND, lines=one_cup)
    refused("case.pieces_not_kept", key="early", now=T0 + HOUR)
    act(MERCHANT, back.id, "agree", key="a", now=T0 + HOUR)
    act(BUYER, back.id, "ship_return", {"tracking_number": "SF9"}, key="s", now=T0 + 2 * HOUR)
    done = act(MERCHANT, back.id, "confirm_receipt", key="c", now=T0 + 3 * HOUR).case
    assert sum(t.amount_fen for g in done.grants for t in g.transfers) == 4500
    with pytest.raises(BadInput) as refusal:
        protected(key="both", now=T0 + DAY)
    (finding,) = refusal.value.findings
    assert (finding.code, finding.field) == ("case.pieces_not_kept", "lines.0.quantity")
    assert finding.cure is not None
    assert finding.cure.en.startswith("ask for at most 1;")
    assert protected(quantity=1, key="kept", now=T0 + DAY).requested_fen == 500
    everything_holds()


def test_pieces_refunded_without_a_return_are_no_longer_protected(db: Address) -> None:
    with_orders(1)
    paid_back = opened(lines=(LineAsked(line_id="1", quantity=2),))
    act(MERCHANT, paid_back.id, "agree", key="a", now=T0 + HOUR)
    with pytest.raises(BadInput) as refusal:
        protected(quantity=1, key="after", now=T0 + DAY)
    (finding,) = refusal.value.findings
    assert (finding.code, finding.field) == ("case.pieces_not_kept", "lines.0.quantity")
    assert finding.cure is not None
    assert finding.cure.zh.startswith("请去掉此子订单")
    everything_holds()


def test_a_withdrawn_claim_leaves_the_pieces_protected(db: Address) -> None:
    with_orders(1)
    case = opened(lines=(LineAsked(line_id="1", quantity=2),))
    refused("case.pieces_not_kept", key="early", now=T0 + HOUR)
    act(BUYER, case.id, "withdraw", key="w", now=T0 + HOUR)
    assert protected(key="again", now=T0 + DAY).requested_fen == 1000
