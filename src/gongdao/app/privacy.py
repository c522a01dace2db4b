"""Privacy (个人信息): what people write is sealed when recorded, and opened for who may read.

Events, snapshots, dossiers, webhooks and exports hold the sealed text alone, so the hash chain and
every copy stay as they are when a key is erased: only the words are gone (docs/adr/0005).
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar, cast

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from gongdao.app.permissions import Caller
from gongdao.app.plain_values import SEALED_HEAD
from gongdao.core.cases.model import EvidenceItem, Order
from gongdao.core.kernel.masking import mask, mask_name
from gongdao.core.kernel.words import Role
from gongdao.store.connection import Connection
from gongdao.store.personal_keys import (
    KeyWanted,
    make_personal_keys,
    personal_keys,
    personal_keys_of,
)

_T = TypeVar("_T")
KEY_BYTES = 32
_HEAD, _TAIL = SEALED_HEAD, "⟧"
_HEAD_BYTES = _HEAD.encode()
ERASED = "〔已删除 erased〕"
MERCHANT, PLATFORM = "merchant", "platform"
#: Fields of commands that hold what a person wrote in words of his own.
_WRITTEN = frozenset({"description", "note", "reason", "message"})
#: Fields of an action's payload that hold the like.
_PAYLOAD = _WRITTEN | {
    "return_name", "return_phone", "return_address",
    "pickup_address", "contact", "contact_name", "contact_phone", "customer_name",
}  # fmt: skip
#: Attributes of an order that say who receives it, where.
RECEIVER = frozenset({"receiver_name", "receiver_phone", "receiver_address"})
#: Written to be read by the other side.
_FOR_BOTH_SIDES = frozenset({"return_name", "return_phone", "return_address", "pickup_address"})
_PARTIES = frozenset({Role.BUYER, Role.MERCHANT})
#: Whoever rules must be able to read what was said.
READS_ALL = frozenset({Role.ARBITRATOR, Role.REVIEWER})


def subject_of(role: Role, order: Order) -> str:
    """Return whose words somebody acting in `role` writes about the order."""
    if role is Role.BUYER:
        return f"buyer:{order.buyer_id}"
    return MERCHANT if role is Role.MERCHANT else PLATFORM


def seal_command(on: Connection, marketplace_id: str, order: Order, role: Role, command: _T) -> _T:
    """Return the command with what its giver wrote sealed under his side's key for the order."""
    if not _written(command):
        return command
    subject = subject_of(role, order)
    wanted = KeyWanted(
        shop_id=order.shop_id,
        order_id=order.order_id,
        subject=subject,
        key=secrets.token_bytes(KEY_BYTES),
    )
    keys = make_personal_keys(on, marketplace_id, [wanted], anew=True)
    key = keys[order.shop_id, order.order_id, subject]
    if key is None:
        raise LookupError(f"no key for {subject}")
    changes = {name: _sealed_value(key, order, subject, v) for name, v in _written(command)}
    return cast("_T", replace(cast("Any", command), **changes))


def _written(command: object) -> list[tuple[str, object]]:
    """Return the parts of a command that hold somebody's own words."""
    found: list[tuple[str, object]] = []
    for field in fields(cast("Any", command)):
        value: object = getattr(command, field.name)
        if isinstance(value, EvidenceItem) or _is_words(field.name, value):
            found.append((field.name, value))
        elif field.name == "payload":
            payload = cast("Mapping[str, object]", value)
            if any(_is_words(n, v) for n, v in payload.items()):
                found.append((field.name, payload))
    return found


def _is_words(name: str, value: object) -> bool:
    return name in _PAYLOAD and type(value) is str and value != ""


def _sealed_value(key: bytes, order: Order, subject: str, value: object) -> object:
    if isinstance(value, EvidenceItem):
        note = _seal(key, order, subject, value.note) if value.note else ""
        return replace(value, name=_seal(key, order, subject, value.name), note=note)
    if isinstance(value, Mapping):
        given = cast("Mapping[str, object]", value)
        return {
            n: _seal(key, order, subject, str(v)) if _is_words(n, v) else v
            for n, v in given.items()
        }
    return _seal(key, order, subject, str(value))


def seal_receivers(
    on: Connection, marketplace_id: str, orders: Sequence[Order]
) -> tuple[Order, ...]:
    """Return the orders with their receivers sealed; those erased before lose them again."""
    named = [o for o in orders if RECEIVER & o.attributes.keys()]
    if not named:
        return tuple(orders)
    wanted = {
        (o.shop_id, o.order_id): KeyWanted(
            shop_id=o.shop_id,
            order_id=o.order_id,
            subject=subject_of(Role.BUYER, o),
            key=secrets.token_bytes(KEY_BYTES),
        )
        for o in named
    }
    keys = make_personal_keys(on, marketplace_id, list(wanted.values()), anew=False)
    return tuple(_with_receiver(o, keys) for o in orders)


def _with_receiver(order: Order, keys: Mapping[tuple[str, str, str], bytes | None]) -> Order:
    subject = subject_of(Role.BUYER, order)
    key = keys.get((order.shop_id, order.order_id, subject))
    kept: dict[str, bool | int | str] = {}
    for name, value in order.attributes.items():
        if name not in RECEIVER or _is_sealed(value):
            kept[name] = value
        elif key is not None:
            kept[name] = _seal(key, order, subject, str(value))
    return replace(order, attributes=kept)


def _seal(key: bytes, order: Order, subject: str, text: str) -> str:
    return seal_text(key, order.shop_id, order.order_id, subject, text)


def seal_text(key: bytes, shop_id: str, about: str, subject: str, text: str) -> str:
    """Return a text sealed under its side's key for an order or a conversation of a shop.

    The same text under the same key is always the same bytes.
    """
    sealed = AESSIV(key).encrypt(text.encode(), _named(shop_id, about, subject))
    side = subject.partition(":")[0]
    return f"{_HEAD}{side}:{base64.urlsafe_b64encode(sealed).decode()}{_TAIL}"


def open_text(key: bytes | None, shop_id: str, about: str, subject: str, sealed: str) -> str | None:
    """Return the text that was sealed; None when its key was erased."""
    _, _, body = sealed[len(_HEAD) : -len(_TAIL)].partition(":")
    try:
        opened = AESSIV(key or b"").decrypt(
            base64.urlsafe_b64decode(body), _named(shop_id, about, subject)
        )
    except (InvalidTag, ValueError):
        return None
    return opened.decode()


def _named(shop_id: str, about: str, subject: str) -> list[bytes]:
    return [f"{shop_id}\n{about}\n{subject}".encode()]


def _is_sealed(value: object) -> bool:
    return isinstance(value, str) and value.startswith(_HEAD) and value.endswith(_TAIL)


def shown(on: Connection, caller: Caller, order: Order, value: _T) -> _T:
    """Return an order, a case, an event, or a tuple of such, as the caller may read it.

    His own side's words stand as written. Of the other side's, contacts are masked; whoever rules
    reads everything; what was erased says so.
    """
    if _HEAD_BYTES not in msgspec.json.encode(value):
        return value
    keys = personal_keys(on, order.shop_id, order.order_id)
    reader = _Reader(caller.role, order, keys)
    return cast("_T", reader.read("", value))


def shown_orders(on: Connection, caller: Caller, orders: Sequence[Order]) -> tuple[Order, ...]:
    """Return orders as the caller may read them, with the keys of all of them read at once."""
    sealed = [o for o in orders if any(_is_sealed(value) for value in o.attributes.values())]
    if not sealed:
        return tuple(orders)
    keys = personal_keys_of(on, [(o.shop_id, o.order_id) for o in sealed])
    found: dict[tuple[str, str], Order] = {}
    for order in sealed:
        key = (order.shop_id, order.order_id)
        found[key] = cast("Order", _Reader(caller.role, order, keys.get(key, {})).read("", order))
    return tuple(found.get((o.shop_id, o.order_id), o) for o in orders)


def veiled(value: object) -> object:
    """Return plain data with every sealed text left out, for programs outside."""
    if isinstance(value, Mapping):
        return {k: veiled(v) for k, v in cast("Mapping[str, object]", value).items()}
    if isinstance(value, list | tuple):
        return [veiled(v) for v in cast("Sequence[object]", value)]
    return "" if _is_sealed(value) else value


class _Reader:
    """Opens sealed texts for somebody acting in a role."""

    def __init__(self, role: Role, order: Order, keys: Mapping[str, bytes | None]) -> None:
        self._role = role
        self._order = order
        self._keys = keys
        self._own = subject_of(role, order)

    def read(self, name: str, value: object) -> object:
        """Return `value`, which stands in a field called `name`, with its texts opened."""
        if isinstance(value, str):
            return self._text(name, value) if _is_sealed(value) else value
        if is_dataclass(value) and not isinstance(value, type):
            changes: dict[str, Any] = {}
            for field in fields(value):
                before = getattr(value, field.name)
                after = self.read(field.name, before)
                if after is not before:
                    changes[field.name] = after
            return replace(value, **changes) if changes else value
        if isinstance(value, Mapping):
            given = cast("Mapping[str, object]", value)
            return {k: self.read(k, v) for k, v in given.items()}
        if isinstance(value, tuple):
            items = cast("tuple[object, ...]", value)
            return tuple(self.read(name, v) for v in items)
        return value

    def _text(self, name: str, sealed: str) -> str:
        side = sealed[len(_HEAD) : -len(_TAIL)].partition(":")[0]
        subject = f"buyer:{self._order.buyer_id}" if side == "buyer" else side
        text = open_text(
            self._keys.get(subject), self._order.shop_id, self._order.order_id, subject, sealed
        )
        if text is None:
            return ERASED
        if self._role in READS_ALL or (
            self._role in _PARTIES and (subject == self._own or name in _FOR_BOTH_SIDES)
        ):
            return text
        return mask_name(text) if name.endswith("_name") else mask(text)
