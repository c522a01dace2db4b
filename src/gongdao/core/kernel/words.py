"""Words of the field (词汇): the closed lists that the core itself gives meaning to.

Everything else a platform names is declared in its rulebook. Wire values are lower case and never
change; labels are what people read.
"""

from __future__ import annotations

from enum import StrEnum

from gongdao.core.kernel.text import Text


class Party(StrEnum):
    """Who may own money, bear a cost or be liable (当事方)."""

    BUYER = "buyer"
    MERCHANT = "merchant"
    PLATFORM = "platform"
    CARRIER = "carrier"
    INSURER = "insurer"
    SHARED = "shared"
    NONE = "none"


class Role(StrEnum):
    """Who acts on a case (角色). CLOCK is the system acting because time ran out."""

    BUYER = "buyer"
    MERCHANT = "merchant"
    ARBITRATOR = "arbitrator"
    REVIEWER = "reviewer"
    OPERATOR = "operator"
    AUDITOR = "auditor"
    """Reads everything, changes nothing; no process names one."""
    CARRIER = "carrier"
    CLOCK = "clock"
    RULING = "ruling"


class Claim(StrEnum):
    """What the buyer asks for (诉求)."""

    REFUND_ONLY = "refund_only"
    RETURN_REFUND = "return_refund"
    EXCHANGE = "exchange"
    RESHIP = "reship"
    REPAIR = "repair"
    PRICE_PROTECTION = "price_protection"
    """The goods became cheaper: the difference back (价保)."""


class Remedy(StrEnum):
    """What a ruling grants (处理方案)."""

    REFUND_ONLY = "refund_only"
    RETURN_REFUND = "return_refund"
    PARTIAL_REFUND = "partial_refund"
    EXCHANGE = "exchange"
    RESHIP = "reship"
    REPAIR = "repair"
    COMPENSATE = "compensate"
    DISMISS = "dismiss"
    NOT_ACCEPTED = "not_accepted"
    NEGOTIATE = "negotiate"


class Reason(StrEnum):
    """Why the buyer asks (售后原因)."""

    NO_REASON = "no_reason"
    NOT_WANTED = "not_wanted"
    WRONG_ORDER = "wrong_order"
    QUALITY = "quality"
    NOT_AS_DESCRIBED = "not_as_described"
    COUNTERFEIT = "counterfeit"
    DAMAGED = "damaged"
    WRONG_ITEM = "wrong_item"
    MISSING_ITEM = "missing_item"
    LATE_SHIPPING = "late_shipping"
    FALSE_SHIPPING = "false_shipping"
    OUT_OF_STOCK = "out_of_stock"
    NOT_RECEIVED = "not_received"
    REFUSED = "refused"
    UNSAFE = "unsafe"
    INVOICE = "invoice"
    PRICE_DROP = "price_drop"
    OTHER = "other"


class Goods(StrEnum):
    """Where the goods are (货物轴)."""

    NONE = "none"
    WITH_MERCHANT = "with_merchant"
    IN_TRANSIT = "in_transit"
    WITH_BUYER = "with_buyer"
    IN_RETURN = "in_return"
    RETURNED = "returned"
    RESENT = "resent"
    LOST = "lost"


class MoneyState(StrEnum):
    """How far the money has come (资金轴)."""

    NONE = "none"
    GRANTED = "granted"
    SENT = "sent"
    CONFIRMED = "confirmed"
    FAILED = "failed"
    VOID = "void"
    """A grant that was withdrawn before it was paid; never the axis of a case."""


class Arbitration(StrEnum):
    """How far the platform's intervention has come (仲裁轴)."""

    NONE = "none"
    NEGOTIATING = "negotiating"
    EVIDENCE = "evidence"
    REVIEWING = "reviewing"
    RULED = "ruled"
    APPEALED = "appealed"
    FINAL = "final"


_LABELLED: tuple[tuple[StrEnum, Text], ...] = (
    (Party.BUYER, Text("买家", "buyer")),
    (Party.MERCHANT, Text("商家", "merchant")),
    (Party.PLATFORM, Text("平台", "platform")),
    (Party.CARRIER, Text("承运商", "carrier")),
    (Party.INSURER, Text("保险公司", "insurer")),
    (Party.SHARED, Text("双方", "both parties")),
    (Party.NONE, Text("无", "nobody")),
    (Role.BUYER, Text("买家", "buyer")),
    (Role.MERCHANT, Text("商家", "merchant")),
    (Role.ARBITRATOR, Text("仲裁员", "arbitrator")),
    (Role.REVIEWER, Text("复审员", "senior reviewer")),
    (Role.OPERATOR, Text("平台运营", "operator")),
    (Role.AUDITOR, Text("审计员", "auditor")),
    (Role.CARRIER, Text("承运商", "carrier")),
    (Role.CLOCK, Text("系统（到期）", "system (deadline)")),
    (Role.RULING, Text("裁决", "ruling")),
    (Claim.REFUND_ONLY, Text("仅退款", "refund only")),
    (Claim.RETURN_REFUND, Text("退货退款", "return and refund")),
    (Claim.EXCHANGE, Text("换货", "exchange")),
    (Claim.RESHIP, Text("补寄", "reship")),
    (Claim.REPAIR, Text("维修", "repair")),
    (Claim.PRICE_PROTECTION, Text("价保", "price protection")),
    (Remedy.REFUND_ONLY, Text("仅退款", "refund only")),
    (Remedy.RETURN_REFUND, Text("退货退款", "return and refund")),
    (Remedy.PARTIAL_REFUND, Text("部分退款", "partial refund")),
    (Remedy.EXCHANGE, Text("换货", "exchange")),
    (Remedy.RESHIP, Text("补寄", "reship")),
    (Remedy.REPAIR, Text("维修", "repair")),
    (Remedy.COMPENSATE, Text("赔付", "compensation")),
    (Remedy.DISMISS, Text("不支持诉求", "claim dismissed")),
    (Remedy.NOT_ACCEPTED, Text("不予受理", "not accepted")),
    (Remedy.NEGOTIATE, Text("由双方协商", "left to negotiation")),
    (Reason.NO_REASON, Text("七天无理由", "seven-day no reason")),
    (Reason.NOT_WANTED, Text("不想要了", "no longer wanted")),
    (Reason.WRONG_ORDER, Text("拍错/填错", "ordered by mistake")),
    (Reason.QUALITY, Text("质量问题", "quality")),
    (Reason.NOT_AS_DESCRIBED, Text("描述不符", "not as described")),
    (Reason.COUNTERFEIT, Text("假冒/三无", "counterfeit")),
    (Reason.DAMAGED, Text("到货破损", "arrived damaged")),
    (Reason.WRONG_ITEM, Text("发错货", "wrong item")),
    (Reason.MISSING_ITEM, Text("少件/漏发", "missing item")),
    (Reason.LATE_SHIPPING, Text("延迟发货", "late shipping")),
    (Reason.FALSE_SHIPPING, Text("虚假发货", "false shipping")),
    (Reason.OUT_OF_STOCK, Text("缺货", "out of stock")),
    (Reason.NOT_RECEIVED, Text("未收到货", "not received")),
    (Reason.REFUSED, Text("拒收", "refused on delivery")),
    (Reason.UNSAFE, Text("危及人身安全", "endangers persons")),
    (Reason.INVOICE, Text("发票问题", "invoice")),
    (Reason.PRICE_DROP, Text("买后降价", "price dropped after purchase")),
    (Reason.OTHER, Text("其他", "other")),
    (Goods.NONE, Text("不涉及货物", "no goods")),
    (Goods.WITH_MERCHANT, Text("商家未发货", "with the merchant")),
    (Goods.IN_TRANSIT, Text("运往买家", "on the way to the buyer")),
    (Goods.WITH_BUYER, Text("在买家处", "with the buyer")),
    (Goods.IN_RETURN, Text("退回途中", "on the way back")),
    (Goods.RETURNED, Text("商家已收回", "back with the merchant")),
    (Goods.RESENT, Text("已重新寄出", "sent again")),
    (Goods.LOST, Text("丢失", "lost")),
    (MoneyState.NONE, Text("未涉及", "none")),
    (MoneyState.GRANTED, Text("已决定退款", "granted")),
    (MoneyState.SENT, Text("已通知支付", "instructed")),
    (MoneyState.CONFIRMED, Text("已到账", "confirmed")),
    (MoneyState.FAILED, Text("支付失败", "failed")),
    (MoneyState.VOID, Text("已作废", "void")),
    (Arbitration.NONE, Text("未介入", "none")),
    (Arbitration.NEGOTIATING, Text("协商期", "negotiating")),
    (Arbitration.EVIDENCE, Text("举证期", "collecting evidence")),
    (Arbitration.REVIEWING, Text("审理中", "under review")),
    (Arbitration.RULED, Text("已裁决", "ruled")),
    (Arbitration.APPEALED, Text("申诉中", "appealed")),
    (Arbitration.FINAL, Text("终局", "final")),
)

#: By list and word: `none` is a word of four lists, and reads otherwise in each.
LABELS: dict[tuple[type[StrEnum], str], Text] = {
    (type(word), word.value): text for word, text in _LABELLED
}


def label(word: StrEnum) -> Text:
    """Return what people read for `word`."""
    return LABELS[type(word), word.value]
