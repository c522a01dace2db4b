from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime, timedelta

import pytest

from gongdao.app.found_marketplace import found_marketplace
from gongdao.app.intake_orders import intake
from gongdao.app.queries.verify import verify
from gongdao.app.simulate import run as run_module
from gongdao.app.simulate.results import Results, results
from gongdao.app.simulate.run import prepare, run
from gongdao.app.simulate.scene import Scene
from gongdao.connectors.olist import Destination, read_olist
from gongdao.core.cases.model import Order
from gongdao.core.kernel.findings import BadInput
from gongdao.core.kernel.text import Text
from gongdao.store.marketplaces import MarketplaceRow
from gongdao.store.postgres import Address
from tests.app.simulate.test_grounds import CONTENT, DAY, PLACED, PROMISED
from tests.connectors.olist_files import REAL, needs_real_data

HOUR = timedelta(hours=1)


def _order(number: int, status: str = "delivered", **changes: object) -> Order:
    attributes = {**CONTENT.attributes, "record_status": status}
    if "stars" in changes:
        attributes["review_score"] = changes.pop("stars")  # type: ignore[assignment]
    return replace(CONTENT, order_id=f"o{number}", attributes=attributes, **changes)  # type: ignore[arg-type]


#: Each says what the clocks of Kuaishou (K) and the rulings of Douyin (D) make of it.
ORDERS = (
    _order(1),  # content: no case
    _order(2, stars=1),  # K, D: agreed after 48 h, never sent back, expired after 7 d
    _order(3, signed_at=PROMISED + 30 * HOUR),  # K: withdrawn; D: escalated, withdrawn from there
    _order(4, signed_at=PROMISED + 5 * DAY),  # K: refunded after 48 h; D: ruled after 49 h
    _order(5, "shipped", signed_at=None),  # K: refunded; D: ruled
    _order(
        6, "processing", signed_at=None, shipped_at=None
    ),  # K: refunded; D: late shipping, ruled
    _order(7, "canceled", signed_at=None),  # K, D: refunded by the clock
    _order(8, "canceled", signed_at=None, paid_at=None),  # never paid: no case
    _order(9, signed_at=PROMISED + 20 * HOUR),  # K, D: withdrawn before anything else
)


@pytest.fixture
def imported(db: Address) -> None:
    del db
    found_marketplace(MarketplaceRow(id="olist", platform="kuaishou", title=Text("奥", "O")))
    # Something late in the record, so that broken promises lie within it.
    last = _order(99, placed_at=PLACED + 60 * DAY, paid_at=None, shipped_at=None, signed_at=None)
    intake("olist", (*ORDERS, last))


def _simulate(platform: str, *, fresh: bool = False) -> tuple[str, Results]:
    simulation = prepare("olist", platform, fresh=fresh)
    if not simulation.finished:
        run(simulation)
    return simulation.marketplace_id, results(simulation.marketplace_id, simulation.plans)


@pytest.mark.usefixtures("imported")
def test_kuaishou_leaves_everything_to_the_clocks() -> None:
    marketplace, found = _simulate("kuaishou")
    assert marketplace == "olist-kuaishou"
    assert found.by_group == {
        "cancelled_after_payment": {"refunded": 1},
        "delivered_late": {"refunded": 1, "withdrawn": 2},
        "low_review": {"expired": 1},
        "never_delivered": {"refunded": 2},
    }
    # Four refunds, and for the review the agreement and the end of the return.
    assert (found.cases, found.open, found.fired, found.ruled) == (7, 0, 6, 0)
    assert found.moved_fen == {"buyer": 4 * 19900, "merchant": -4 * 19900, "payable": 0}
    assert found.ledger_sum_fen == 0
    assert found.arrived_after_refund == 1
    assert verify().problems == ()


@pytest.mark.usefixtures("imported")
def test_douyin_rules_where_the_gate_is_open_and_the_record_proves_the_ground() -> None:
    _, found = _simulate("douyin")
    assert found.by_group == {
        "cancelled_after_payment": {"refunded": 1},
        "delivered_late": {"refunded": 1, "withdrawn": 2},
        "low_review": {"expired": 1},
        "never_delivered": {"refunded": 2},
    }
    assert (found.cases, found.open, found.ruled) == (7, 0, 3)
    assert found.moved_fen["buyer"] == 4 * 19900
    assert found.ledger_sum_fen == 0
    assert verify().problems == ()


@pytest.mark.usefixtures("imported")
def test_a_finished_run_is_told_again_and_a_fresh_one_is_the_same_elsewhere() -> None:
    first, found = _simulate("kuaishou")
    again, told = _simulate("kuaishou")
    assert (again, told) == (first, found)
    second, fresh = _simulate("kuaishou", fresh=True)
    assert second == "olist-kuaishou-2"
    assert fresh == found
    assert prepare("olist", "kuaishou", fresh=False).marketplace_id == second


@pytest.mark.usefixtures("imported")
@pytest.mark.parametrize("windows", [1, 2, 3])
def test_a_run_that_dies_goes_on_and_ends_the_same(windows: int) -> None:
    class Died(Exception):
        pass

    left = [windows]

    def die(_instant: datetime) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise Died

    simulation = prepare("olist", "douyin", fresh=False)
    with pytest.raises(Died):
        run(simulation, die)
    resumed = prepare("olist", "douyin", fresh=False)
    assert resumed.marketplace_id == simulation.marketplace_id
    assert resumed.reached is not None
    assert not resumed.finished
    _, found = _simulate("douyin")
    _, whole = _simulate("douyin", fresh=True)
    assert asdict(found) == asdict(whole)


@pytest.mark.usefixtures("imported")
@pytest.mark.parametrize("platform", ["kuaishou", "douyin"])
def test_the_width_of_a_window_changes_nothing(
    platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, weekly = _simulate(platform)
    monkeypatch.setattr(
        run_module, "Scene", lambda **given: Scene(**given, window=timedelta(hours=5))
    )
    _, hourly = _simulate(platform, fresh=True)
    assert hourly == weekly


@pytest.mark.usefixtures("db")
def test_without_orders_it_says_what_to_do_first() -> None:
    with pytest.raises(BadInput) as refused:
        prepare("olist", "kuaishou", fresh=False)
    assert refused.value.code == "simulation.no_orders"
    assert refused.value.findings[0].cure is not None


@needs_real_data
@pytest.mark.usefixtures("db")
def test_a_slice_of_the_real_orders() -> None:
    found_marketplace(MarketplaceRow(id="olist", platform="kuaishou", title=Text("奥", "O")))
    to = Destination(marketplace_id="olist", platform="kuaishou")
    batch = next(read_olist(REAL / "olist", to, batch_rows=400))
    intake("olist", (read.value for read in batch.items))
    for platform in ("kuaishou", "douyin"):
        _, found = _simulate(platform)
        assert found.open == 0
        assert found.ledger_sum_fen == 0
        assert found.cases == 70
    assert verify().problems == ()
