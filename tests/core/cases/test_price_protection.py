"""Price protection, purely: what goes back is the difference, and never a fen more than was paid."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongdao.core.cases.commands import LineAsked
from gongdao.core.cases.model import Order, OrderLine
from gongdao.core.cases.price_protection import difference_fen, net_of, with_prices
from gongdao.core.cases.verbs.open_case import claim_lines
from gongdao.core.kernel.findings import BadInput

AT = datetime(2024, 3, 1, tzinfo=UTC)
LINES = st.lists(
    st.tuples(st.integers(1, 9), st.integers(0, 100_000)), min_size=1, max_size=4
)  # (quantity, paid fen)


def order_of(lines: list[tuple[int, int]]) -> Order:
    return Order(
        order_id="o", shop_id="s", buyer_id="b", platform="jd", payment="online", placed_at=AT,
        lines=tuple(
            OrderLine(line_id=str(n), title="杯子", quantity=quantity, paid_fen=paid)
            for n, (quantity, paid) in enumerate(lines)
        ),
    )  # fmt: skip


@given(LINES, st.data())
def test_the_difference_is_exact_and_what_is_left_is_never_below_nothing(
    lines: list[tuple[int, int]], data: st.DataObject
) -> None:
    order = order_of(lines)
    paid = order.goods_fen
    for _ in range(3):
        line = data.draw(st.sampled_from(order.lines))
        quantity = data.draw(st.integers(1, line.quantity))
        price = data.draw(st.integers(0, 12_000))
        asked = (LineAsked(line_id=line.line_id, quantity=quantity, seen_price_fen=price),)
        plain = claim_lines(order, asked)
        if price * quantity >= plain[0].goods_fen:
            with pytest.raises(BadInput) as refusal:
                with_prices(plain, asked)
            assert refusal.value.code == "case.price_not_lower"
            continue
        claimed = with_prices(plain, asked)
        back = difference_fen(claimed)
        assert back == plain[0].goods_fen - price * quantity > 0
        before = order.goods_fen
        order = net_of(order, {line.line_id: back})
        assert order.goods_fen == before - back >= 0
        assert sum(li.price_back_fen for li in order.lines) == paid - order.goods_fen
