from gongdao.app.fire_deadlines import fire_due
from gongdao.app.open_case import open_case
from gongdao.core.kernel.words import Claim, Reason
from tests.app.world import *


def test_silence_refunds(db):
    with_orders(1)
    done = open_case(
        BUYER,
        shop_id=SHOP,
        order_id="o1",
        claim=Claim.RETURN_REFUND,
        reason=Reason.QUALITY,
        key="k1",
        now=T0,
    )
    print(done.case.stage(), done.case.timers, done.case.requested_fen)
    r = fire_due(now=T0 + 60 * DAY, marketplace_id=MARKET)
    print(r)
