"""Enacting (演绎): plans as openings and cues, done by the use cases that people use."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from gongdao.app.act import act
from gongdao.app.decide_opening import Opening
from gongdao.app.permissions import Caller
from gongdao.app.record_finding import record
from gongdao.app.simulate.plan import RULES_AFTER, Plan
from gongdao.app.simulate.scene import Cue
from gongdao.core.cases.commands import Actor
from gongdao.core.cases.model import Case
from gongdao.core.kernel.findings import Refused
from gongdao.core.kernel.words import Role

#: Platforms whose own rules say when the platform steps in; elsewhere only house rules would.
INTERVENING = frozenset({"douyin"})
_DISPUTE = "dispute"


@dataclass(frozen=True, slots=True, kw_only=True)
class Enactor:
    """Turns the plans of one marketplace into openings and cues."""

    marketplace_id: str
    platform: str

    def openings(self, plans: Iterable[Plan]) -> list[Opening]:
        """Return the openings of these plans, in order of their instants."""
        made = [
            Opening(
                case_id=str(plan.case_id),
                shop_id=plan.order.shop_id,
                order_id=plan.order.order_id,
                claim=plan.claim,
                reason=plan.reason,
                description=plan.description,
                by=Actor(role=Role.BUYER, id=f"simulation:{plan.order.buyer_id}"),
                at=plan.opens_at,
            )
            for plan in plans
        ]
        return sorted(made, key=lambda o: (str(o.at), o.case_id))

    def cues(self, plans: Iterable[Plan]) -> list[Cue]:
        """Return what the buyers do later because the record proves it."""
        found: list[Cue] = []
        for plan in plans:
            if plan.satisfied_at is not None:
                found.append(
                    Cue(plan.satisfied_at, f"{plan.case_id}/1", lambda at, p=plan: self._end(p, at))
                )
            if self.platform not in INTERVENING:
                continue
            found.extend(
                Cue(instant, f"{plan.case_id}/0", lambda at, p=plan: self._ask_platform(p, at))
                for instant in plan.asks_platform_at
            )
        return found

    def standing_disputes(self, plans: Iterable[Plan], cases: Iterable[Case]) -> list[Cue]:
        """Return the arbitrator's cues for disputes that an interrupted run left open."""
        by_id = {str(plan.case_id): plan for plan in plans}
        return [
            cue
            for case in cases
            if case.id in by_id
            for cue in self._arbitration(by_id[case.id], case)
        ]

    def _ask_platform(self, plan: Plan, at: datetime) -> Iterable[Cue]:
        try:
            done = act(
                self._buyer(plan),
                str(plan.case_id),
                "escalate",
                key=f"{plan.case_id}/escalate/{at:%Y%m%dT%H%M%S}",
                now=at,
            )
        except Refused:
            return ()  # the gate is shut, or the claim is settled: the clocks go on
        return self._arbitration(plan, done.case)

    def _arbitration(self, plan: Plan, case: Case) -> list[Cue]:
        closes = [t.due_at for t in case.timers if t.track == _DISPUTE and t.name == "evidence"]
        return [
            Cue(due + RULES_AFTER, f"{plan.case_id}/2", lambda at: self._arbitrate(plan, at))
            for due in closes
        ]

    def _arbitrate(self, plan: Plan, at: datetime) -> Iterable[Cue]:
        """Adopt what the record proves and ask the rules; undecided, it stays for the clocks."""
        caller = self._arbitrator()
        with suppress(Refused):
            for fact in plan.findings:
                record(
                    caller,
                    str(plan.case_id),
                    fact.name,
                    fact.value,
                    key=f"{plan.case_id}/find/{fact.name}",
                    note=fact.note,
                    now=at,
                )
            act(caller, str(plan.case_id), "rule", key=f"{plan.case_id}/rule", now=at)
        return ()

    def _end(self, plan: Plan, at: datetime) -> Iterable[Cue]:
        """The parcel came: the buyer withdraws what he claimed for want of it."""
        buyer, case_id = self._buyer(plan), str(plan.case_id)
        try:
            act(buyer, case_id, "withdraw", key=f"{case_id}/withdraw", now=at)
        except Refused:
            with suppress(Refused):
                act(buyer, case_id, "withdraw_dispute", key=f"{case_id}/withdraw-dispute", now=at)
                act(buyer, case_id, "withdraw", key=f"{case_id}/withdraw-after", now=at)
        return ()

    def _buyer(self, plan: Plan) -> Caller:
        return Caller(
            user_id=f"simulation:{plan.order.buyer_id}",
            role=Role.BUYER,
            marketplace_ids=frozenset({self.marketplace_id}),
            buyer_id=plan.order.buyer_id,
        )

    def _arbitrator(self) -> Caller:
        return Caller(
            user_id="simulation:arbitrator",
            role=Role.ARBITRATOR,
            marketplace_ids=frozenset({self.marketplace_id}),
        )
