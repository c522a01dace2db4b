"""Bytes of events and cases: the same for the same value, and readable for ever."""

from __future__ import annotations

import msgspec
import pytest

from gongdao.core.cases.events import Closed, Event, PaymentMoved
from gongdao.core.kernel.words import MoneyState
from gongdao.store import codec
from gongdao.store.codec import decode_event, encode_event
from tests.app.world import T0

CLOSED = b'{"kind":"closed","schema":1,"event":{"at":"2024-03-01T02:00:00Z","outcome":"refunded"}}'


def test_the_bytes_of_an_event_are_fixed() -> None:
    """These bytes are in databases: whoever changes them breaks every chain."""
    assert encode_event(Closed(at=T0, outcome="refunded")) == CLOSED
    assert decode_event(CLOSED) == Closed(at=T0, outcome="refunded")


def test_every_kind_of_event_has_a_name() -> None:
    assert set(codec.KINDS) == set(Event.__args__)
    assert len(set(codec.KINDS.values())) == len(codec.KINDS)


def test_an_old_schema_is_raised_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(codec.SCHEMAS, "closed", 3)
    monkeypatch.setitem(
        codec.UPCASTERS, ("closed", 1), lambda old: {"at": old["at"], "result": old["outcome"]}
    )
    monkeypatch.setitem(
        codec.UPCASTERS, ("closed", 2), lambda old: {"at": old["at"], "outcome": old["result"]}
    )
    assert decode_event(CLOSED) == Closed(at=T0, outcome="refunded")


def test_bytes_that_are_no_event_are_refused() -> None:
    for body in (b"", b"{}", b'{"kind":"closed","schema":1,"event":{"at":"x"}}', CLOSED[:-1]):
        with pytest.raises(msgspec.MsgspecError):
            decode_event(body)


def test_words_come_back_as_words() -> None:
    moved = PaymentMoved(at=T0, number=1, state=MoneyState.SENT, amount_fen=5, external_ref=None)
    assert decode_event(encode_event(moved)).state is MoneyState.SENT
