"""A deadline is an instant: whatever zone the times were written in, it is the same."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongdao.core.cases.commands import Act, Actor, OpenCase
from gongdao.core.cases.decide import catch_up, decide, next_due
from gongdao.core.kernel.words import Claim, Reason, Role
from tests.app.world import an_order
from tests.core.cases.walks import BOOKS

if TYPE_CHECKING:
    from gongdao.core.cases.model import Case, Order

ZONES = ("Asia/Shanghai", "UTC", "America/Sao_Paulo", "Asia/Kathmandu", "Pacific/Apia")
BUYER = Actor(role=Role.BUYER, id="b1")
MERCHANT = Actor(role=Role.MERCHANT, id="m1")


def in_zone(order: Order, zone: str) -> Order:
    moved = {
        f.name: value.astimezone(ZoneInfo(zone))
        for f in fields(order)
        if isinstance(value := getattr(order, f.name), datetime)
    }
    return replace(order, **moved)


def open_at(order: Order, at: datetime) -> Case:
    command = OpenCase(
        case_id="01890000-0000-7000-8000-000000000001",
        order=order,
        refundable_fen=order.paid_fen,
        claim=Claim.RETURN_REFUND,
        reason=Reason.QUALITY,
        by=BUYER,
    )
    return decide(None, command, BOOKS.opening(order, at), at)[1]


@settings(max_examples=60, deadline=None)
@given(
    at=st.datetimes(datetime(2024, 2, 26), datetime(2026, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001  the zone is given beside
    zone=st.sampled_from(ZONES),
    platform=st.sampled_from(("kuaishou", "douyin")),
)
def test_the_zone_of_writing_changes_no_deadline(at: datetime, zone: str, platform: str) -> None:
    order = an_order(1, platform=platform)
    here = open_at(order, at)
    there = open_at(in_zone(order, zone), at.astimezone(ZoneInfo(zone)))
    assert [(t.name, t.due_at, t.reason) for t in here.timers] == [
        (t.name, t.due_at, t.reason) for t in there.timers
    ]
    assert all(t.due_at.utcoffset() == timedelta(0) for t in there.timers)


def test_an_act_at_the_very_deadline_is_in_time_and_a_microsecond_later_is_not() -> None:
    at = datetime(2024, 3, 1, 2, tzinfo=UTC)
    case = open_at(an_order(1), at)
    due = case.timers[0].due_at
    assert due == at + timedelta(hours=48)
    assert next_due(case, due) is None
    reject = Act(action="reject", by=MERCHANT, payload={"reason": "x"})
    assert decide(case, reject, BOOKS.running(case, due), due)[1].stage() == "rejected"
    late = due + timedelta(microseconds=1)
    events, after = catch_up(case, BOOKS.running, late)
    assert events[0].at == due, "the clock's act is stamped with the instant it was due"
    assert after.stage() == "awaiting_return"


@pytest.mark.parametrize("weeks", [1, 60])
def test_what_fell_due_while_nobody_looked_happens_in_its_own_time(weeks: int) -> None:
    at = datetime(2024, 3, 1, 2, tzinfo=UTC)
    case = open_at(an_order(1), at)
    step_by_step, together = case, case
    for day in range(weeks * 7 + 1):
        _, step_by_step = catch_up(step_by_step, BOOKS.running, at + timedelta(days=day))
    _, together = catch_up(together, BOOKS.running, at + timedelta(days=weeks * 7))
    assert step_by_step == together
