"""The stories of the demo (演示情节): every after-sale kind, and disputes up to every stage."""

from __future__ import annotations

from gongdao.app.simulate.story import (
    Deed,
    Story,
    agree,
    by_buyer,
    by_merchant,
    found,
    judged,
    photo,
    quoted,
    reject,
    ship_return,
)
from gongdao.core.kernel.words import Claim, Reason, Role

_ARBITRATOR, _REVIEWER = Role.ARBITRATOR, Role.REVIEWER


def _disputed(words: str) -> tuple[Deed, ...]:
    """Refused after 10 h, taken to the platform after 20 h, both sides show something."""
    return (
        photo(0.2, Role.BUYER, words, damaged=True),
        reject(10, "商品出库前已检验，无瑕疵"),
        by_buyer(20, "escalate"),
        photo(24, Role.MERCHANT, "出库检验照片"),
    )


def _faults(after: float, merchant: str, buyer: str) -> tuple[Deed, ...]:
    """What the arbitrator finds; of these, whatever the rules of the case's day ask for."""
    return (
        found(after, "merchant_fault", merchant, "比对双方凭证"),
        found(after + 0.1, "buyer_fault", buyer, "未见使用痕迹"),
        found(after + 0.2, "quality_defect", merchant, "照片与出库检验比对"),
        found(after + 0.3, "mismatch", merchant, "照片与商品页比对"),
        found(after + 0.4, "goods_returnable", value=True, note="可退回"),
        found(after + 0.5, "goods_intact", value=True, note="包装完整"),
        found(after + 0.6, "excluded_goods", value=False, note="不属于不适用七天无理由的商品"),
    )


PLAIN = (
    Story(
        name="unshipped-agreed", claim=Claim.REFUND_ONLY, reason=Reason.NOT_WANTED,
        order="unshipped", words="不想要了，还没发货", deeds=(agree(0.5),), weight=8,
    ),
    Story(
        name="unshipped-silent", claim=Claim.REFUND_ONLY, reason=Reason.LATE_SHIPPING,
        order="unshipped", words="过了承诺时间还不发货", weight=8,
    ),
    Story(
        name="not-received", claim=Claim.REFUND_ONLY, reason=Reason.NOT_RECEIVED,
        order="shipped", words="物流一直不动", deeds=(by_buyer(30, "withdraw"),),
    ),
    Story(
        name="lost-parcel", claim=Claim.REFUND_ONLY, reason=Reason.NOT_RECEIVED,
        order="shipped", words="包裹丢了", weight=6,
    ),
    Story(
        name="returned", claim=Claim.RETURN_REFUND, reason=Reason.NO_REASON, order="received",
        words="七天无理由", weight=10,
        deeds=(agree(5), ship_return(30, "SF2001"), by_merchant(90, "confirm_receipt")),
    ),
    Story(
        name="returned-by-the-clocks", claim=Claim.RETURN_REFUND, reason=Reason.QUALITY,
        order="received", words="用了一次就坏了", deeds=(ship_return(60, "YT2002"),), weight=8,
    ),
    Story(
        name="returned-in-part", claim=Claim.RETURN_REFUND, reason=Reason.WRONG_ITEM,
        order="received", words="其中一件发错颜色", partial=True, weight=8,
        deeds=(agree(2), ship_return(28, "ZT2003"), by_merchant(80, "confirm_receipt")),
    ),
    Story(
        name="never-sent-back", claim=Claim.RETURN_REFUND, reason=Reason.NOT_WANTED,
        order="received", words="大小不合适", deeds=(agree(6),), weight=6,
    ),
    Story(
        name="refused", claim=Claim.RETURN_REFUND, reason=Reason.NO_REASON, order="received",
        words="不喜欢", deeds=(reject(12, "吊牌已剪，影响二次销售"),), weight=6,
    ),
    Story(
        name="exchanged", claim=Claim.EXCHANGE, reason=Reason.WRONG_ITEM, order="received",
        words="尺码发错了", weight=6,
        deeds=(
            agree(4), ship_return(26, "SF2004"), by_merchant(70, "confirm_receipt"),
            by_merchant(80, "resend", tracking_number="SF2005"), by_buyer(150, "confirm_resent"),
        ),
    ),
    Story(
        name="reshipped", claim=Claim.RESHIP, reason=Reason.MISSING_ITEM, order="received",
        words="少发一件", weight=5,
        deeds=(agree(4), by_merchant(20, "resend", tracking_number="JD2006")),
    ),
    Story(
        name="reship-forgotten", claim=Claim.RESHIP, reason=Reason.MISSING_ITEM, order="received",
        words="漏发赠品", deeds=(agree(8),), weight=3,
    ),
    Story(
        name="repaired", claim=Claim.REPAIR, reason=Reason.QUALITY, order="received",
        words="按键失灵，想维修", weight=5,
        deeds=(
            agree(6), ship_return(30, "EMS2007"), by_merchant(80, "confirm_receipt"),
            by_merchant(130, "resend", tracking_number="EMS2008"),
        ),
    ),
)  # fmt: skip

CASH_ON_DELIVERY = (
    Story(
        name="voucher-shown", claim=Claim.RETURN_REFUND, reason=Reason.QUALITY, order="received",
        words="货到付款，质量有问题", payment="cod", platforms=("kuaishou",), weight=5,
        deeds=(
            agree(5), ship_return(30, "YD2009"), by_merchant(80, "confirm_receipt"),
            by_merchant(100, "upload_voucher", voucher="转账回单 2009"),
        ),
    ),
    Story(
        name="voucher-missed", claim=Claim.RETURN_REFUND, reason=Reason.DAMAGED, order="received",
        words="货到付款，收到就碎了", payment="cod", platforms=("kuaishou",), weight=5,
        deeds=(agree(5), ship_return(30, "YD2010"), by_merchant(80, "confirm_receipt")),
    ),
)  # fmt: skip

DISPUTED = (
    Story(
        name="ruled-for-the-buyer", claim=Claim.RETURN_REFUND, reason=Reason.DAMAGED,
        order="received", words="外壳有裂纹", weight=10,
        deeds=(
            *_disputed("开箱即有裂纹"), *_faults(46, "proven", "refuted"),
            judged(48, _ARBITRATOR, "rule"), ship_return(80, "SF2011"),
            by_merchant(150, "confirm_receipt"),
        ),
    ),
    Story(
        name="ruled-for-the-merchant", claim=Claim.RETURN_REFUND, reason=Reason.NOT_WANTED,
        order="received", words="用了几天不想要了", weight=8,
        deeds=(
            *_disputed("商品照片"), *_faults(46, "refuted", "proven"),
            judged(48, _ARBITRATOR, "rule"),
        ),
    ),
    Story(
        name="fault-not-found", claim=Claim.RETURN_REFUND, reason=Reason.NOT_AS_DESCRIBED,
        order="received", words="颜色和图片差很多", weight=6,
        deeds=(
            *_disputed("自然光下的颜色"), *_faults(46, "unproven", "unproven"),
            judged(48, _ARBITRATOR, "rule"), ship_return(90, "SF2012"),
        ),
    ),
    Story(
        name="nobody-rules", claim=Claim.RETURN_REFUND, reason=Reason.QUALITY, order="received",
        words="漏水", deeds=_disputed("漏水处"), weight=6,
    ),
    Story(
        name="conceded", claim=Claim.RETURN_REFUND, reason=Reason.QUALITY, order="received",
        words="充不进电", weight=5,
        deeds=(
            *_disputed("充电指示灯不亮"), by_merchant(30, "concede"), ship_return(60, "ZT2013"),
            by_merchant(120, "confirm_receipt"),
        ),
    ),
    Story(
        name="dispute-withdrawn", claim=Claim.RETURN_REFUND, reason=Reason.OTHER,
        order="received", words="有异味", weight=4,
        deeds=(*_disputed("包装"), by_buyer(40, "withdraw_dispute"), by_buyer(41, "withdraw")),
    ),
    Story(
        name="overruled", claim=Claim.RETURN_REFUND, reason=Reason.NOT_AS_DESCRIBED,
        order="received", words="与直播间说的不一样", weight=5,
        deeds=(
            *_disputed("直播截图"), *_faults(46, "unproven", "refuted"),
            judged(
                48, _ARBITRATOR, "rule", remedy="compensate", liable="merchant",
                compensation_fen=2000, overrule_reason="双方电话中都接受补偿 20 元，商品由买家留用",
            ),
        ),
    ),
    Story(
        name="appeal-upheld-by-the-clock", claim=Claim.RETURN_REFUND, reason=Reason.DAMAGED,
        order="received", words="瓶身破裂", weight=5,
        deeds=(
            *_disputed("破裂处"), *_faults(46, "proven", "refuted"),
            judged(48, _ARBITRATOR, "rule"),
            by_merchant(60, "appeal", ground="new_evidence", note="出库视频可证完好"),
            ship_return(90, "SF2014"),
        ),
    ),
    Story(
        name="appeal-amended", claim=Claim.REFUND_ONLY, reason=Reason.NOT_RECEIVED,
        order="shipped", words="显示签收但没收到", weight=5,
        deeds=(
            reject(10, "物流显示已投递"), by_buyer(20, "escalate"),
            *_faults(46, "proven", "refuted"), judged(48, _ARBITRATOR, "rule"),
            by_merchant(60, "appeal", ground="error_of_fact", note="快递柜取件记录"),
            judged(
                80, _REVIEWER, "amend", remedy="dismiss", liable="buyer",
                overrule_reason="取件码由买家手机号接收并使用",
            ),
        ),
    ),
    Story(
        name="exchange-ruled", claim=Claim.EXCHANGE, reason=Reason.QUALITY, order="received",
        words="换一个好的", weight=5,
        deeds=(
            *_disputed("故障处"), *_faults(46, "proven", "refuted"),
            judged(48, _ARBITRATOR, "rule"), ship_return(70, "SF2015"),
            by_merchant(120, "resend", tracking_number="SF2016"),
        ),
    ),
    Story(
        name="unshipped-disputed", claim=Claim.REFUND_ONLY, reason=Reason.LATE_SHIPPING,
        order="unshipped", words="一直不发货还不退款", weight=6, platforms=("kuaishou",),
        deeds=(
            reject(5, "已在备货"), by_buyer(20, "escalate"), *_faults(46, "proven", "refuted"),
            judged(48, _ARBITRATOR, "rule"),
        ),
    ),
)  # fmt: skip

PRICES = (
    Story(
        name="price-protected", claim=Claim.PRICE_PROTECTION, reason=Reason.PRICE_DROP,
        order="received", words="刚收到就降价了", price_drop=True, deeds=(agree(5),), weight=4,
    ),
    Story(
        name="price-protected-by-the-clock", claim=Claim.PRICE_PROTECTION,
        reason=Reason.PRICE_DROP, order="shipped", words="还在路上就降价了", price_drop=True,
        weight=3,
    ),
    Story(
        name="price-disputed", claim=Claim.PRICE_PROTECTION, reason=Reason.PRICE_DROP,
        order="received", words="同款今天便宜一成", price_drop=True, weight=4,
        deeds=(
            photo(0.2, Role.BUYER, "降价页面截图"), reject(10, "不是同款"),
            by_buyer(20, "escalate"), quoted(24, Role.BUYER, "客服承认是同款"),
            found(46, "price_drop", "proven", "比对商品页"), judged(48, _ARBITRATOR, "rule"),
        ),
    ),
)  # fmt: skip

JOINED = (
    Story(
        name="two-orders-heard-together", claim=Claim.RETURN_REFUND, reason=Reason.QUALITY,
        order="received", words="两单同一批次都有裂纹", pair=True, weight=1,
        deeds=(
            reject(10, "商品出库前已检验，无瑕疵"), by_buyer(20, "escalate"),
            judged(26, _ARBITRATOR, "join", reason="同一买家同一店铺同一批次，事实相同"),
            photo(27, Role.BUYER, "两件的裂纹在同一处", damaged=True),
        ),
    ),
)  # fmt: skip

STORIES: tuple[Story, ...] = (*PLAIN, *CASH_ON_DELIVERY, *DISPUTED, *PRICES, *JOINED)
