"""Running a simulation (模拟执行): the orders of an imported marketplace, played in one of its own.

Resumable: after every window the instant reached is committed; a run that was killed goes on there.
Idempotent: a finished run is only told again; `fresh` plays once more in a new marketplace.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from gongdao.app.dispatch_outbox import dispatch
from gongdao.app.found_marketplace import found_marketplace
from gongdao.app.intake_orders import intake
from gongdao.app.simulate.enact import Enactor
from gongdao.app.simulate.plan import Plan, last_instant, moved, plan_case
from gongdao.app.simulate.sandbox_clock import CLOCK_STOPPED, set_clock
from gongdao.app.simulate.scene import Played, Scene, play
from gongdao.core.cases.model import Order
from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text
from gongdao.store.connection import transaction
from gongdao.store.imports import Progress, find_progress, save_progress
from gongdao.store.marketplaces import MarketplaceRow, find_marketplace
from gongdao.store.tally import orders_of, standing_disputes

SOURCE = "simulation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """A simulation, played or just about to be."""

    marketplace_id: str
    platform: str
    orders: tuple[Order, ...]
    plans: tuple[Plan, ...]
    reached: datetime | None
    """The instant up to which it has been played; None: not begun."""
    finished: bool


def prepare(source_id: str, platform: str, *, fresh: bool) -> Simulation:
    """Return the simulation of the orders of marketplace `source_id` under `platform`.

    Makes its marketplace and takes the orders in if need be. Raises BadInput
    `simulation.no_orders` when nothing has been imported.
    """
    with transaction() as on:
        known = orders_of(on, source_id)
    if not known:
        raise BadInput(
            Finding(
                code="simulation.no_orders",
                field="source",
                message=Text(
                    f"市场 {source_id} 没有订单", f"marketplace `{source_id}` has no orders"
                ),
                cure=Text("先运行 gongdao import olist DIR", "first run gongdao import olist DIR"),
            )
        )
    marketplace_id = _marketplace(source_id, platform, fresh=fresh)
    orders = tuple(
        moved(order, marketplace_id=marketplace_id, platform=platform) for order in known
    )
    ends_at = last_instant(orders)
    with transaction() as on:
        progress = find_progress(on, marketplace_id, SOURCE)
    if progress.position == 0:
        intake(marketplace_id, orders)
    plans = (plan_case(order, marketplace_id, ends_at) for order in orders)
    return Simulation(
        marketplace_id=marketplace_id,
        platform=platform,
        orders=orders,
        plans=tuple(plan for plan in plans if plan is not None),
        reached=datetime.fromtimestamp(progress.position, UTC) if progress.position else None,
        finished=progress.finished,
    )


def run(
    simulation: Simulation, window_done: Callable[[datetime], None] = lambda _instant: None
) -> Played:
    """Play the simulation to its last deadline, from where an earlier run ended."""
    enactor = Enactor(marketplace_id=simulation.marketplace_id, platform=simulation.platform)
    cues = enactor.cues(simulation.plans)
    with transaction() as on:
        disputes = list(standing_disputes(on, simulation.marketplace_id))
    cues.extend(enactor.standing_disputes(simulation.plans, disputes))
    scene = Scene(
        marketplace_id=simulation.marketplace_id,
        openings=enactor.openings(simulation.plans),
        cues=cues,
    )

    def keep(instant: datetime, *, finished: bool = False) -> None:
        while dispatch(now=instant, marketplace_id=simulation.marketplace_id).sent:
            pass
        set_clock(simulation.marketplace_id, instant)
        _save(simulation, instant, finished=finished)
        window_done(instant)

    reached = [simulation.reached or simulation.orders[0].placed_at]

    def after_window(instant: datetime) -> None:
        reached[0] = instant
        keep(instant)

    played = play(scene, after=simulation.reached, window_done=after_window)
    keep(reached[0], finished=not played.troubled)
    return played


def _save(simulation: Simulation, instant: datetime, *, finished: bool) -> None:
    progress = Progress(
        position=int(instant.timestamp()), taken=len(simulation.orders), finished=finished
    )
    with transaction() as on:
        save_progress(on, simulation.marketplace_id, SOURCE, progress)


def _marketplace(source_id: str, platform: str, *, fresh: bool) -> str:
    """Return the newest simulated marketplace of this name, or with `fresh` the one after it."""
    number = 1
    with transaction() as on:
        while find_marketplace(on, _name(source_id, platform, number + 1)) is not None:
            number += 1
        begun = find_progress(on, _name(source_id, platform, number), SOURCE).position > 0
    if fresh and begun:
        number += 1
    marketplace_id = _name(source_id, platform, number)
    title = Text(f"{platform} 规则下的模拟 {number}", f"simulation {number} under {platform} rules")
    found_marketplace(
        MarketplaceRow(
            id=marketplace_id,
            platform=platform,
            title=title,
            sandbox=True,
            clock_offset=CLOCK_STOPPED,
        )
    )
    return marketplace_id


def _name(source_id: str, platform: str, number: int) -> str:
    return f"{source_id}-{platform}" + (f"-{number}" if number > 1 else "")


def expected_end(plans: Sequence[Plan]) -> datetime:
    """Return an instant after which little can still happen, for a progress bar."""
    return max(plan.opens_at for plan in plans) + timedelta(days=30)
