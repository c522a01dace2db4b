"""Sealing of conversations (会话加密): each side's words under a key of its own a conversation.

The keys stand beside those of orders: whoever has his personal data erased loses these too.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace

from gongdao.app.permissions import Caller
from gongdao.app.privacy import (
    ERASED,
    KEY_BYTES,
    MERCHANT,
    READS_ALL,
    open_text,
    seal_text,
)
from gongdao.core.kernel.masking import mask
from gongdao.core.kernel.words import Role
from gongdao.core.service_desk.message import Direction, Message
from gongdao.store.connection import Connection
from gongdao.store.personal_keys import KeyWanted, make_personal_keys, personal_keys

_Key = tuple[str, str, str]


def _about(message: Message) -> str:
    return f"im:{message.session_id}"


def _subject(message: Message) -> str:
    return f"buyer:{message.buyer_id}" if message.direction is Direction.BUYER else MERCHANT


def _key_of(message: Message) -> _Key:
    return message.shop_id, _about(message), _subject(message)


def seal_messages(
    on: Connection, marketplace_id: str, messages: Sequence[Message]
) -> tuple[Message, ...]:
    """Return the messages with their texts sealed; where the key was erased, without text."""
    wanted = {
        key: KeyWanted(
            shop_id=key[0], order_id=key[1], subject=key[2], key=secrets.token_bytes(KEY_BYTES)
        )
        for key in (_key_of(m) for m in messages if m.text)
    }
    keys = make_personal_keys(on, marketplace_id, list(wanted.values()), anew=False)
    return tuple(_sealed(message, keys) for message in messages)


def _sealed(message: Message, keys: Mapping[_Key, bytes | None]) -> Message:
    key = keys.get(_key_of(message))
    if not message.text or key is None:
        return replace(message, text="")
    about, subject = _about(message), _subject(message)
    return replace(message, text=seal_text(key, message.shop_id, about, subject, message.text))


def opened_for(on: Connection, caller: Caller, messages: Sequence[Message]) -> tuple[Message, ...]:
    """Return the messages as the caller may read them.

    His own side's words stand as written; in the other side's, contacts are masked; whoever rules
    reads everything; what was erased says so.
    """
    return _opened(on, messages, caller.role)


def opened_for_evidence(on: Connection, messages: Sequence[Message]) -> tuple[Message, ...]:
    """Return the messages for a file that both sides will read: contacts masked throughout."""
    return _opened(on, messages, None)


def _opened(on: Connection, messages: Sequence[Message], role: Role | None) -> tuple[Message, ...]:
    keys: dict[tuple[str, str], Mapping[str, bytes | None]] = {}
    for shop_id, about in sorted({(m.shop_id, _about(m)) for m in messages}):
        keys[shop_id, about] = personal_keys(on, shop_id, about)
    return tuple(replace(m, text=_read(m, keys[m.shop_id, _about(m)], role)) for m in messages)


def _read(message: Message, keys: Mapping[str, bytes | None], role: Role | None) -> str:
    if not message.text:
        return ""
    about, subject = _about(message), _subject(message)
    text = open_text(keys.get(subject), message.shop_id, about, subject, message.text)
    if text is None:
        return ERASED
    own = Role.BUYER if message.direction is Direction.BUYER else Role.MERCHANT
    return text if role in READS_ALL or role is own else mask(text)
