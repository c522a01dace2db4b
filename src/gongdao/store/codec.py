"""Codec (编码): orders, cases and events as bytes, the same bytes for the same value everywhere.

JSON by field order of the dataclasses. An event's bytes carry its kind and the number of their
schema, so that those written years ago can still be read: `UPCASTERS` turns an old schema into the
next.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, fields
from operator import attrgetter
from typing import Any, cast, get_type_hints

import msgspec

from gongdao.core.cases.events import (
    Acted,
    ClocksPaused,
    ClocksReleased,
    Closed,
    DossierFrozen,
    Event,
    EvidenceChallenged,
    EvidenceSubmitted,
    FactFound,
    Marked,
    MarkLifted,
    MoneyGranted,
    Opened,
    PartLifted,
    PartRestored,
    PaymentMoved,
    Penalised,
    ProposalReturned,
    RefundedOutside,
    Reopened,
    Ruled,
    RulingProposed,
    TrackStarted,
)
from gongdao.core.cases.join_events import EvidenceReferred, Joined, Separated
from gongdao.core.cases.model import Case, Order
from gongdao.core.cases.offer_events import Agreed, OfferAnswered, Offered
from gongdao.core.cases.parcel_events import (
    ParcelLost,
    PickupMoved,
    PickupRequested,
    ReturnAddressGiven,
    ReturnInspected,
    ReturnReceived,
    ReturnSent,
)

#: Wire name of each event. Names are for ever; a new shape gets a new schema number.
KINDS: dict[type[Event], str] = {
    Opened: "opened",
    Acted: "acted",
    TrackStarted: "track_started",
    MoneyGranted: "money_granted",
    PaymentMoved: "payment_moved",
    RefundedOutside: "refunded_outside",
    EvidenceSubmitted: "evidence_submitted",
    EvidenceChallenged: "evidence_challenged",
    DossierFrozen: "dossier_frozen",
    RulingProposed: "ruling_proposed",
    ProposalReturned: "proposal_returned",
    FactFound: "fact_found",
    Ruled: "ruled",
    Penalised: "penalised",
    Closed: "closed",
    Reopened: "reopened",
    ClocksPaused: "clocks_paused",
    ClocksReleased: "clocks_released",
    PartLifted: "part_lifted",
    PartRestored: "part_restored",
    Marked: "marked",
    MarkLifted: "mark_lifted",
    Offered: "offered",
    OfferAnswered: "offer_answered",
    Agreed: "agreed",
    ReturnInspected: "return_inspected",
    ParcelLost: "parcel_lost",
    ReturnAddressGiven: "return_address_given",
    PickupRequested: "pickup_requested",
    PickupMoved: "pickup_moved",
    ReturnSent: "return_sent",
    ReturnReceived: "return_received",
    Joined: "joined",
    Separated: "separated",
    EvidenceReferred: "evidence_referred",
}
#: Current schema number of each kind; 1 unless named here.
SCHEMAS: dict[str, int] = {}
#: (kind, schema) -> what turns the plain data of that schema into that of the next.
UPCASTERS: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {}


class _Envelope(msgspec.Struct):
    kind: str
    schema: int
    event: msgspec.Raw


# The order is immutable and kept beside the snapshot, so the snapshot leaves it out.
_KEPT = tuple(f.name for f in fields(Case) if f.name != "order")
_hints = get_type_hints(Case)
# A part that a later version added has its default in the snapshots written before.
_Snapshot = msgspec.defstruct(
    "_Snapshot",
    [
        (f.name, _hints[f.name]) if f.default is MISSING else (f.name, _hints[f.name], f.default)
        for f in fields(Case)
        if f.name != "order"
    ],
)
_parts = attrgetter(*_KEPT)

_encoder = msgspec.json.Encoder()
_envelope = msgspec.json.Decoder(_Envelope)
_snapshot = msgspec.json.Decoder(_Snapshot)
_order = msgspec.json.Decoder(Order)
_events: dict[str, msgspec.json.Decoder[Any]] = {
    name: msgspec.json.Decoder(kind) for kind, name in KINDS.items()
}
_heads = {
    kind: f'{{"kind":"{name}","schema":{SCHEMAS.get(name, 1)},"event":'.encode()
    for kind, name in KINDS.items()
}


def encode_event(event: Event) -> bytes:
    """Return the canonical bytes of an event, the ones that the hash chain covers."""
    return _heads[type(event)] + _encoder.encode(event) + b"}"


def decode_event(body: bytes) -> Event:
    """Read an event of any schema ever written. Raises msgspec.ValidationError when it is none."""
    envelope = _envelope.decode(body)
    kind, schema = envelope.kind, envelope.schema
    current = SCHEMAS.get(kind, 1)
    if schema == current:
        return cast("Event", _events[kind].decode(envelope.event))
    data = msgspec.json.decode(envelope.event)
    while schema < current:
        data = UPCASTERS[kind, schema](data)
        schema += 1
    return cast("Event", _events[kind].decode(_encoder.encode(data)))


def encode_order(order: Order) -> bytes:
    """Return the bytes of an order."""
    return _encoder.encode(order)


def decode_order(body: bytes) -> Order:
    """Read an order."""
    return _order.decode(body)


def encode_case(case: Case) -> bytes:
    """Return the bytes of a case without its order."""
    return _encoder.encode(_Snapshot(*_parts(case)))


def decode_case(order_body: bytes, snapshot: bytes) -> Case:
    """Read a case from its order's bytes and its own."""
    row = _snapshot.decode(snapshot)
    return Case(order=_order.decode(order_body), **{name: getattr(row, name) for name in _KEPT})


def encode_plain(data: object) -> bytes:
    """Return plain data as JSON bytes."""
    return _encoder.encode(data)


def decode_plain(body: bytes) -> Any:  # noqa: ANN401  plain data has any shape
    """Read plain data."""
    return msgspec.json.decode(body)
