"""Rows. Each module holds one family of tables; Django finds them here."""

from gongdao.store.models.account import User
from gongdao.store.models.aftermath import ConductMark, ForceMajeure
from gongdao.store.models.case import Case, Deadline, Event
from gongdao.store.models.hearing import Assignment, EvidencePicture, EvidenceUse, JoinedCase
from gongdao.store.models.integration import (
    DepositMovement,
    OutsideRefund,
    PaymentException,
    WebhookDelivery,
    WebhookEndpoint,
)
from gongdao.store.models.invoice import Invoice, InvoiceCheck, InvoiceEvent, InvoiceTask
from gongdao.store.models.marketplace import (
    ApiToken,
    Marketplace,
    Membership,
    Shop,
    ShopReturnAddress,
)
from gongdao.store.models.message import Message
from gongdao.store.models.money import Outbox, Payment, Posting
from gongdao.store.models.order import Order
from gongdao.store.models.privacy import PersonalKey
from gongdao.store.models.settlement import ReserveDraw, Settlement
from gongdao.store.models.strategy import ShopStrategy
from gongdao.store.models.trail import (
    AuditLog,
    CommandReceipt,
    EvidenceBlob,
    ImportProgress,
    ImportRowError,
)

__all__ = [
    "ApiToken",
    "Assignment",
    "AuditLog",
    "Case",
    "CommandReceipt",
    "ConductMark",
    "Deadline",
    "DepositMovement",
    "Event",
    "EvidenceBlob",
    "EvidencePicture",
    "EvidenceUse",
    "ForceMajeure",
    "ImportProgress",
    "ImportRowError",
    "Invoice",
    "InvoiceCheck",
    "InvoiceEvent",
    "InvoiceTask",
    "JoinedCase",
    "Marketplace",
    "Membership",
    "Message",
    "Order",
    "Outbox",
    "OutsideRefund",
    "Payment",
    "PaymentException",
    "PersonalKey",
    "Posting",
    "ReserveDraw",
    "Settlement",
    "Shop",
    "ShopReturnAddress",
    "ShopStrategy",
    "User",
    "WebhookDelivery",
    "WebhookEndpoint",
]
