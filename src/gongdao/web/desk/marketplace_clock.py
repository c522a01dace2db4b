"""Marketplace clocks (市场时钟): the instant it is now in each marketplace a caller sees.

A demonstration's clock may be ahead; pages count down by the clock that will fire.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gongdao.store.cases import marketplace_now
from gongdao.store.connection import transaction

if TYPE_CHECKING:
    from datetime import datetime

    from gongdao.app.permissions import Caller


def clocks_of(caller: Caller) -> dict[str, datetime]:
    """Return marketplace id -> now."""
    with transaction() as on:
        return {name: marketplace_now(on, name) for name in sorted(caller.marketplace_ids)}
