"""Take in messages (接入会话): as the marketplace tells them; told again, kept once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from gongdao.app.audit_call import audited_rows
from gongdao.app.import_batch import ImportTarget, row_error
from gongdao.app.messages.sealing import seal_messages
from gongdao.app.permissions import MARKETPLACE, Caller, Verb, not_visible
from gongdao.app.plain_values import check_text
from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text
from gongdao.core.service_desk.message import Direction, Message
from gongdao.store.connection import transaction
from gongdao.store.imports import RowError
from gongdao.store.marketplaces import find_marketplace
from gongdao.store.messages import write_messages

BATCH = 5000
_REFUSALS = {
    "message.shop_elsewhere": Text(
        "店铺属于另一平台市场", "the shop belongs to another marketplace"
    ),
    "message.changed": Text(
        "该消息与已接入的不同；消息不可修改",
        "the message was taken in otherwise; messages never change",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedMessage:
    """A message that was not taken in, and why."""

    shop_id: str
    message_id: str
    finding: Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagesReport:
    """What became of the messages told."""

    new: int
    same: int
    refused: tuple[RefusedMessage, ...]


def tell_messages(
    caller: Caller, marketplace_id: str, messages: Iterable[Message]
) -> MessagesReport:
    """Take in messages for a caller. Raises NotAllowed, NotVisible."""
    with audited_rows(caller, Verb.INTAKE_MESSAGES) as counted:
        if marketplace_id not in caller.marketplace_ids:
            raise not_visible(MARKETPLACE, "marketplace_id")
        report = intake_messages(marketplace_id, messages)
        counted.rows = report.new + report.same + len(report.refused)
    return report


def intake_messages(marketplace_id: str, messages: Iterable[Message]) -> MessagesReport:
    """Take in messages, streaming; each batch is one transaction, or part of the caller's.

    A message is known by its shop and id. Raises NotVisible for an unknown marketplace.
    """
    with transaction() as on:
        if find_marketplace(on, marketplace_id) is None:
            raise not_visible(MARKETPLACE, "marketplace_id")
    new = told = 0
    refused: list[RefusedMessage] = []
    stream = iter(messages)
    while batch := list(islice(stream, BATCH)):
        told += len(batch)
        good: list[Message] = []
        for message in batch:
            try:
                check_message(message)
            except BadInput as refusal:
                refused.append(_refused(message.shop_id, message.message_id, refusal.findings[0]))
            else:
                good.append(message)
        with transaction() as on:
            written = write_messages(on, marketplace_id, seal_messages(on, marketplace_id, good))
        new += written.new
        for shop_id, message_id, code in written.refused:
            finding = Finding(code=code, field="message_id", message=_REFUSALS[code])
            refused.append(_refused(shop_id, message_id, finding))
    return MessagesReport(new=new, same=told - new - len(refused), refused=tuple(refused))


def take_messages(target: ImportTarget, items: Sequence[tuple[int, Message]]) -> list[RowError]:
    """Take in messages of a file. One that cannot be is an error of its row."""
    report = intake_messages(target.marketplace_id, (message for _, message in items))
    rows = {(message.shop_id, message.message_id): row for row, message in items}
    return [row_error(rows[r.shop_id, r.message_id], r.finding) for r in report.refused]


def check_message(message: Message) -> None:
    """Raise BadInput `message.bad_value` for a message that cannot be."""
    for name in ("shop_id", "message_id", "session_id", "buyer_id"):
        value = getattr(message, name)
        check_text(value, name)
        if not value.strip():
            raise _bad(name, Text("不能为空", "must not be empty"))
    for name in ("agent_id", "order_id", "text"):
        check_text(getattr(message, name) or "", name)
    if message.at.tzinfo is None:
        raise _bad("at", Text("时刻须带时区", "an instant needs an offset"))
    by_person = message.direction in {Direction.AGENT, Direction.ASSIGNED}
    if by_person and not (message.agent_id or "").strip():
        raise _bad("agent_id", Text("须写明客服", "say which agent"))
    if message.direction is Direction.ASSIGNED and message.text:
        raise _bad("text", Text("转人工没有内容", "giving a conversation to a person has no text"))
    if message.direction is not Direction.ASSIGNED and not message.text.strip():
        raise _bad("text", Text("消息没有内容", "a message has a text"))


def _refused(shop_id: str, message_id: str, finding: Finding) -> RefusedMessage:
    return RefusedMessage(shop_id=shop_id, message_id=message_id, finding=finding)


def _bad(field: str, message: Text) -> BadInput:
    return BadInput(Finding(code="message.bad_value", field=field, message=message))
