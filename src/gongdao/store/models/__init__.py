"""Rows. Each module holds one family of tables; Django finds them here."""

from gongdao.store.models.account import User
from gongdao.store.models.case import Case, Deadline, Event
from gongdao.store.models.integration import (
    DepositMovement,
    OutsideRefund,
    PaymentException,
    WebhookDelivery,
    WebhookEndpoint,
)
from gongdao.store.models.marketplace import ApiToken, Marketplace, Membership, Shop
from gongdao.store.models.money import Outbox, Payment, Posting
from gongdao.store.models.order import Order
from gongdao.store.models.trail import (
    AuditLog,
    CommandReceipt,
    EvidenceBlob,
    ImportProgress,
    ImportRowError,
)

__all__ = [
    "ApiToken",
    "AuditLog",
    "Case",
    "CommandReceipt",
    "Deadline",
    "DepositMovement",
    "Event",
    "EvidenceBlob",
    "ImportProgress",
    "ImportRowError",
    "Marketplace",
    "Membership",
    "Order",
    "Outbox",
    "OutsideRefund",
    "Payment",
    "PaymentException",
    "Posting",
    "Shop",
    "User",
    "WebhookDelivery",
    "WebhookEndpoint",
]
