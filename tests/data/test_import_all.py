"""Real exports by the bulk path and by the API: the same orders, the same bad rows, ledger 0."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from gongdao.app.found_marketplace import found_marketplace
from gongdao.app.import_batch import ImportTarget, take_orders
from gongdao.app.permissions import Post
from gongdao.connectors.batch import Batch
from gongdao.connectors.import_run import run_import
from gongdao.connectors.mapped_orders import read_mapped_file
from gongdao.connectors.mapping import find_mapping, read_mapping
from gongdao.connectors.olist import Destination, read_olist
from gongdao.core.kernel.text import Text
from gongdao.store.marketplaces import MarketplaceRow
from gongdao.store.models import Membership, User
from tests.app.world import everything_holds, rows
from tests.web.stage import Program

DATA = Path(__file__).parents[3] / "shared" / "data"
pytestmark = [
    pytest.mark.skipif(not DATA.is_dir(), reason="the real data is not here: ../shared/data"),
    pytest.mark.usefixtures("db"),
]
Read = Callable[[str, int], Iterator[Batch]]
BATCH = 1000


def _tmall(marketplace: str, skip: int) -> Iterator[Batch]:
    mapping = read_mapping(find_mapping(Path("tmall-orders")))
    file = DATA / "tmall" / "tmall_orders.csv.gz"
    return read_mapped_file(file, mapping, marketplace, skip_rows=skip)


def _olist(marketplace: str, skip: int) -> Iterator[Batch]:
    to = Destination(marketplace_id=marketplace, platform="tmall")
    return read_olist(DATA / "olist", to, skip_rows=skip)


@pytest.mark.parametrize("read", [_tmall, _olist])
def test_the_bulk_path_and_the_api_take_in_the_same(read: Read) -> None:
    for name in ("bulk", "told"):
        found_marketplace(MarketplaceRow(id=name, platform="tmall", title=Text("市场", "market")))
    done = run_import(
        ImportTarget(marketplace_id="bulk", source="x"),
        lambda skip: read("bulk", skip),
        take=take_orders,
    )
    user = User.objects.create(username="teller")
    Membership.objects.create(user=user, role=Post.OPERATOR.value, marketplace_id="told")
    program = Program("teller")
    refused: Counter[str] = Counter()
    for batch in read("told", 0):
        refused.update(f.finding.code for f in batch.findings)
        orders = [msgspec.to_builtins(o.value) for o in batch.items]
        for start in range(0, len(orders), BATCH):
            got = program.post(
                "/orders",
                {"marketplace_id": "told", "orders": orders[start : start + BATCH]},
                key=None,
            )
            assert got.status == 200, got.body
            refused.update(r["code"] for r in got.body["refused"])
    assert Counter(e.code for e in done.errors) == refused
    bulk, told = (
        rows(
            "SELECT order_id, split_part(shop_id, ':', 2), buyer_id, placed_at, paid_fen"
            " FROM orders WHERE marketplace_id = %s ORDER BY 1, 2",
            name,
        )
        for name in ("bulk", "told")
    )
    assert len(bulk) > 9000
    assert bulk == told
    everything_holds()
