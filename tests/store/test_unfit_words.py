"""Ids that no database can hold are refused as bad input, wherever they come from."""

from __future__ import annotations

import pytest

from gongdao.core.kernel.findings import BadInput
from gongdao.store.connection import transaction
from gongdao.store.marketplaces import find_marketplace, shop_marketplace
from gongdao.store.postgres import Address


@pytest.mark.parametrize("unfit", ["a\0b", "\ud800"])
def test_they_are_refused_and_the_transaction_goes_on(db: Address, unfit: str) -> None:
    with transaction() as on:
        for ask in (find_marketplace, shop_marketplace):
            with pytest.raises(BadInput) as refusal:
                ask(on, unfit)
            assert refusal.value.code == "input.bad_value"
        assert find_marketplace(on, "m1") is None
