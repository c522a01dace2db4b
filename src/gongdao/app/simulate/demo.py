"""The demo's history (演示历史): two generated marketplaces played up to now.

The instant at which the history ends is kept with it, so that a second run finds the same stories,
does nothing twice, and only lets the clocks go on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO

from gongdao.app.act import act
from gongdao.app.decide_opening import Opening
from gongdao.app.dispatch_outbox import dispatch
from gongdao.app.found_marketplace import found_marketplace
from gongdao.app.intake_orders import intake
from gongdao.app.join_cases import join
from gongdao.app.messages.intake import intake_messages
from gongdao.app.messages.quote import quote
from gongdao.app.permissions import Caller
from gongdao.app.playbooks import playbooks
from gongdao.app.record_finding import record
from gongdao.app.shop_address import keep_address, shop_address
from gongdao.app.simulate.generate import (
    SHOPS_OF_EACH,
    Generated,
    Told,
    generate,
    shop_id,
    shop_title,
)
from gongdao.app.simulate.names import buyer_name, return_address_of
from gongdao.app.simulate.paper import follow, issue
from gongdao.app.simulate.people import caller_of
from gongdao.app.simulate.picture import draw_parcel
from gongdao.app.simulate.sandbox_clock import CLOCK_STOPPED, set_clock
from gongdao.app.simulate.scene import Cue, Scene, play
from gongdao.app.simulate.story import Deed
from gongdao.app.simulate.talk import conversations, spoken_of
from gongdao.app.submit_evidence import submit
from gongdao.core.cases.commands import Actor
from gongdao.core.kernel.findings import Refused
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Role
from gongdao.store.connection import transaction
from gongdao.store.imports import Progress, find_progress, save_progress
from gongdao.store.marketplaces import MarketplaceRow

PLATFORMS = {
    "douyin": Text("演示抖店", "Demo on Douyin"),
    "kuaishou": Text("演示快手", "Demo on Kuaishou"),
}
SOURCE = "demo"
SEED = 20240103
#: Payments are confirmed at the end of a window: within a day.
PAID_EVERY = timedelta(days=1)


@dataclass(slots=True)
class DemoReport:
    """What the demo holds, and which deeds the rules did not allow."""

    marketplaces: list[Generated] = field(default_factory=list[Generated])
    refused: list[str] = field(default_factory=list[str])
    """`story/act: code` of deeds and openings that were refused."""

    @property
    def buyer_id(self) -> str:
        """The buyer whose pages show most."""
        return buyer_name(0)


def make_demo(
    now: datetime, *, seed: int = SEED, told: Callable[[str], None] = lambda _platform: None
) -> DemoReport:
    """Make both marketplaces and play their history, or find them as they were made before.

    A first run ends the history at `now`; later runs keep that instant.
    """
    report = DemoReport()
    for platform, title in PLATFORMS.items():
        told(platform)
        _make(platform, title, now, seed, report)
    return report


def _make(platform: str, title: Text, now: datetime, seed: int, report: DemoReport) -> None:
    marketplace_id = f"demo-{platform}"
    row = MarketplaceRow(
        id=marketplace_id,
        platform=platform,
        title=title,
        sandbox=True,
        clock_offset=CLOCK_STOPPED,
    )
    shops = range(2 * SHOPS_OF_EACH)
    offset = SHOPS_OF_EACH if platform == "kuaishou" else 0
    titles = {shop_id(platform, n): shop_title(n) for n in shops if 0 <= n - offset < SHOPS_OF_EACH}
    found_marketplace(row, titles)
    _take_back(marketplace_id, titles)
    progress, until = _begun(marketplace_id, now)
    made = generate(platform, until, seed)
    report.marketplaces.append(made)
    if progress.finished:
        return
    intake(marketplace_id, made.orders)
    intake_messages(marketplace_id, conversations(made, until))
    issue(made, until)
    cast = _Cast(made, report.refused)
    played = play(
        Scene(
            marketplace_id=marketplace_id,
            openings=cast.openings(),
            cues=cast.cues(until),
            until=until,
            window=PAID_EVERY,
        ),
        window_done=lambda instant: _end_window(made, instant),
    )
    stories = {str(t.case_id): t.story.name for t in made.told}
    report.refused.extend(f"{stories[case]}/open: {code}" for case, code in played.refused)
    intake(marketplace_id, made.settled, now=until)
    # From here on the clock goes by itself, and the worker fires what comes due.
    set_clock(marketplace_id, None)
    with transaction() as on:
        done = Progress(position=progress.position, finished=True)
        save_progress(on, marketplace_id, SOURCE, done)


def _take_back(marketplace_id: str, titles: Mapping[str, str]) -> None:
    """Give each shop the address at which it takes goods back."""
    with transaction() as on:
        for shop, title in titles.items():
            if shop_address(on, shop) is None:
                keep_address(on, marketplace_id, shop, return_address_of(title), "demo")


def _begun(marketplace_id: str, now: datetime) -> tuple[Progress, datetime]:
    """Return the progress and the end of the history, which the first run chooses."""
    with transaction() as on:
        progress = find_progress(on, marketplace_id, SOURCE)
        if progress.position == 0:
            progress = Progress(position=int(now.timestamp()))
            save_progress(on, marketplace_id, SOURCE, progress)
    return progress, datetime.fromtimestamp(progress.position, UTC)


def _end_window(made: Generated, instant: datetime) -> None:
    """Confirm what was paid, see to invoices, and let the clock show how far the history is."""
    set_clock(made.marketplace_id, instant)
    while dispatch(now=instant, marketplace_id=made.marketplace_id).sent:
        pass
    follow(made, instant)


class _Cast:
    """The people of a generated marketplace, who do what their stories tell."""

    def __init__(self, made: Generated, refused: list[str]) -> None:
        self._made = made
        self._refused = refused

    def openings(self) -> list[Opening]:
        """Return the openings in order of their instants."""
        return [
            Opening(
                case_id=str(told.case_id),
                shop_id=told.order.shop_id,
                order_id=told.order.order_id,
                claim=told.story.claim,
                reason=told.story.reason,
                lines=told.lines,
                description=told.story.words,
                by=Actor(role=Role.BUYER, id=told.order.buyer_id),
                at=told.opens_at,
            )
            for told in self._made.told
        ]

    def cues(self, until: datetime) -> list[Cue]:
        """Return every deed that falls into the history."""
        found: list[Cue] = []
        for told in self._made.told:
            for number, deed in enumerate(told.story.deeds):
                at = told.opens_at + deed.after
                if at <= until:
                    name = f"{told.case_id}/{number:02d}"
                    found.append(
                        Cue(at, name, lambda at, t=told, d=deed, n=number: self._do(t, d, n, at))
                    )
        return found

    def _do(self, told: Told, deed: Deed, number: int, at: datetime) -> Iterable[Cue]:
        caller, case_id, key = (
            caller_of(self._made, told.order, deed.by),
            str(told.case_id),
            f"demo/{told.case_id}/{number}",
        )
        try:
            if deed.act == "evidence":
                self._show(told, deed, caller, key, at)
            elif deed.act == "quote":
                note = str(deed.payload["note"])
                quote(caller, case_id, spoken_of(told), key=key, note=note, now=at)
            elif deed.act == "join":
                self._join(told, deed, caller, key, at)
            elif deed.act == "finding":
                self._find(told, deed, caller, key, at)
            else:
                act(caller, case_id, deed.act, deed.payload, key=key, now=at)
        except Refused as refusal:
            self._refused.append(f"{told.story.name}/{deed.act}: {refusal.code}")
        return ()

    def _join(self, told: Told, deed: Deed, caller: Caller, key: str, at: datetime) -> None:
        """Have both cases of a pair heard together; the second of them is joined already."""
        if told.together_with is not None:
            both = (str(told.case_id), str(told.together_with))
            join(caller, both, str(deed.payload["reason"]), key=key, now=at)

    def _find(self, told: Told, deed: Deed, caller: Caller, key: str, at: datetime) -> None:
        """Record what the rules of the case's day ask for; they differ by platform and date."""
        name = str(deed.payload["name"])
        books = playbooks().opening(told.order, at).books.values()
        if any(name in book.facts for book in books):
            record(
                caller,
                str(told.case_id),
                name,
                deed.payload["value"],
                key=key,
                note=str(deed.payload["note"]),
                now=at,
            )

    def _show(self, told: Told, deed: Deed, caller: Caller, key: str, at: datetime) -> None:
        picture = draw_parcel(told.case_id.int % 997, damaged=deed.payload.get("damaged") is True)
        submit(
            caller,
            str(told.case_id),
            name=f"{told.order.order_id}-{deed.by}.png",
            stream=BytesIO(picture),
            kind=str(deed.payload["kind"]),
            key=key,
            note=str(deed.payload["note"]),
            now=at,
        )
