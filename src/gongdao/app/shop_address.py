"""The shop's own return address (店铺默认退货地址), filled in where a case wants one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from secrets import token_bytes

from gongdao.app.decide_case import decide_now
from gongdao.app.decide_opening import Opening, decide_opening
from gongdao.app.plain_values import check_text
from gongdao.app.playbooks import playbooks
from gongdao.app.privacy import (
    ERASED,
    KEY_BYTES,
    MERCHANT,
    open_text,
    seal_command,
    seal_text,
)
from gongdao.core.cases.commands import Actor, GiveReturnAddress
from gongdao.core.cases.events import Event
from gongdao.core.cases.model import Case, Plain
from gongdao.core.cases.returning import ADDRESS, address_in, lacks_address, leads_back
from gongdao.core.cases.strategy import Strategy
from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Role
from gongdao.core.remedies.parcel import ReturnAddress
from gongdao.store.connection import Connection
from gongdao.store.held import Decision
from gongdao.store.orders import KnownOrder
from gongdao.store.personal_keys import KeyWanted, make_personal_keys, personal_keys
from gongdao.store.return_addresses import add_return_address, find_return_address

_PHONE = re.compile(r"\+?[0-9][0-9 \-]{5,19}")
#: Who gives the shop's own address, when nobody needed to.
SHOP_ITSELF = Actor(role=Role.MERCHANT, id="shop-address")


def read_address(given: Mapping[str, Plain]) -> ReturnAddress | None:
    """Return the address in `given`; None: it holds none.

    Raises BadInput `return_address.incomplete`, `return_address.bad_phone`.
    """
    address = address_in(given)
    if address is None:
        return None
    for name in ("return_name", "return_phone", "return_region", "return_address"):
        check_text(getattr(address, name), f"payload.{name}")
    if not _PHONE.fullmatch(address.return_phone):
        raise BadInput(
            Finding(
                code="return_address.bad_phone",
                field="payload.return_phone",
                message=Text("电话号码不正确", "this is no phone number"),
                cure=Text("例如 13800000000 或 021-60000000", "for example 021-60000000"),
            )
        )
    return address


def shop_address(on: Connection, shop_id: str) -> ReturnAddress | None:
    """Return the shop's own address in plain words; None: it gave none."""
    kept = find_return_address(on, shop_id)
    if kept is None:
        return None
    key = personal_keys(on, shop_id, "").get(MERCHANT)

    def opened(sealed: str) -> str:
        return open_text(key, shop_id, "", MERCHANT, sealed) or ERASED

    return replace(
        kept,
        return_name=opened(kept.return_name),
        return_phone=opened(kept.return_phone),
        return_address=opened(kept.return_address),
    )


def keep_address(
    on: Connection, marketplace_id: str, shop_id: str, address: ReturnAddress, given_by: str
) -> None:
    """Keep a shop's new address, sealed under the key of what the merchant writes of his shop."""
    wanted = KeyWanted(shop_id=shop_id, order_id="", subject=MERCHANT, key=token_bytes(KEY_BYTES))
    keys = make_personal_keys(on, marketplace_id, [wanted], anew=True)
    key = keys[shop_id, "", MERCHANT]
    if key is None:
        raise LookupError(f"no key for shop {shop_id}")

    def sealed(text: str) -> str:
        return seal_text(key, shop_id, "", MERCHANT, text)

    kept = replace(
        address,
        return_name=sealed(address.return_name),
        return_phone=sealed(address.return_phone),
        return_address=sealed(address.return_address),
    )
    add_return_address(on, shop_id, kept, given_by)


class ShopAddresses:
    """The shops' own addresses, each read once: for one case, or for a batch of them.

    In a preview they stay in plain words: sealing makes keys, and a preview writes nothing.
    """

    def __init__(self, on: Connection, *, preview: bool = False) -> None:
        self._on = on
        self._preview = preview
        self._read: dict[str, ReturnAddress | None] = {}

    def of(self, shop_id: str) -> ReturnAddress | None:
        """Return a shop's own address; None: it gave none."""
        if shop_id not in self._read:
            self._read[shop_id] = shop_address(self._on, shop_id)
        return self._read[shop_id]

    def fill(
        self, marketplace_id: str, events: tuple[Event, ...], case: Case, now: datetime
    ) -> tuple[tuple[Event, ...], Case]:
        """Return what was decided with the shop's own address added where the case lacks one.

        Where the clock, a ruling or an agreement had the goods sent back, nobody was asked for it.
        """
        if not events or not lacks_address(case, playbooks().running(case, now)):
            return events, case
        address = self.of(case.shop_id)
        if address is None:
            return events, case
        command = GiveReturnAddress(
            return_name=address.return_name,
            return_phone=address.return_phone,
            return_region=address.return_region,
            return_address=address.return_address,
            by=SHOP_ITSELF,
            of_shop=True,
        )
        if not self._preview:
            command = seal_command(self._on, marketplace_id, case.order, Role.MERCHANT, command)
        given, case = decide_now(case, command, now)
        return events + given, case

    def decide_opening(
        self,
        opening: Opening,
        known: KnownOrder,
        at: datetime,
        strategies: Sequence[Strategy] = (),
    ) -> Decision:
        """Return the decision that opens a case; a strategy that agrees to a return says where to.

        Raises Refused.
        """
        has_address = bool(strategies) and self.of(opening.shop_id) is not None
        decided = decide_opening(opening, known, at, strategies, has_address=has_address)
        if not has_address:
            return decided
        events, after = self.fill(known.marketplace_id, decided.events, decided.after, at)
        return replace(decided, events=events, after=after)

    def with_payload(
        self, case: Case, action: str, payload: Mapping[str, Plain], now: datetime
    ) -> dict[str, Plain]:
        """Return the payload of a merchant's act, with the shop's address where it wants one.

        Raises BadInput for an address that is incomplete.
        """
        given = dict(payload)
        back = leads_back(case, playbooks().running(case, now), action)
        if not back or read_address(given) is not None:
            return given
        address = self.of(case.shop_id)
        if address is not None:
            given |= {name: getattr(address, name) for name in ADDRESS}
        return given
