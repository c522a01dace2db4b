"""Evidence in time, late and annexed; challenges; the frozen dossier; the second reviewer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from gongdao.core.cases.allowed import allowed_actions
from gongdao.core.cases.checklist import Slot, checklist
from gongdao.core.cases.commands import (
    Act,
    Actor,
    ChallengeEvidence,
    Command,
    OpenCase,
    RecordFinding,
    SubmitEvidence,
)
from gongdao.core.cases.decide import catch_up, decide
from gongdao.core.cases.dossier import is_intact
from gongdao.core.cases.evolve import replay
from gongdao.core.cases.model import Case, EvidenceItem, OrderLine
from gongdao.core.cases.waiting import waits_for
from gongdao.core.kernel.findings import Conflict, NotAllowed, Refused
from gongdao.core.kernel.words import Arbitration, Claim, Reason, Remedy, Role
from tests.app.world import DAY, HOUR, T0, an_order
from tests.core.cases.walks import BOOKS

BUYER = Actor(role=Role.BUYER, id="b")
MERCHANT = Actor(role=Role.MERCHANT, id="m")
ARBITRATOR = Actor(role=Role.ARBITRATOR, id="a")
REVIEWER = Actor(role=Role.REVIEWER, id="r")
SECOND = timedelta(seconds=1)


class Hearing:
    """A case driven by hand: its clocks run out before every act."""

    def __init__(
        self, reason: Reason = Reason.QUALITY, paid_fen: int = 9000, platform: str = "kuaishou"
    ) -> None:
        order = replace(
            an_order(platform=platform),
            lines=(OrderLine(line_id="1", title="杯子", quantity=1, paid_fen=paid_fen),),
            freight_fen=0,
        )
        command = OpenCase(
            case_id="01890000-0000-7000-8000-000000000001",
            order=order,
            refundable_fen=order.paid_fen,
            claim=Claim.REFUND_ONLY,
            reason=reason,
            by=BUYER,
        )
        self.events, self.case = decide(None, command, BOOKS.opening(order, T0), T0)
        self.now = T0

    def do(self, command: Command, after: timedelta = HOUR) -> Case:
        self.now += after
        caught, self.case = catch_up(self.case, BOOKS.running, self.now)
        self.events += caught
        done, self.case = decide(self.case, command, BOOKS.running(self.case, self.now), self.now)
        self.events += done
        return self.case

    def act(self, by: Actor, action: str, after: timedelta = HOUR, **payload: str | int) -> Case:
        return self.do(Act(action=action, by=by, payload=payload), after)

    def show(self, by: Actor, kind: str = "photo", after: timedelta = HOUR, size: int = 10) -> str:
        item = EvidenceItem(
            id=f"e{len(self.case.evidence)}", by=by.role, kind=kind, digest="0" * 64,
            media_type="image/png", size_bytes=size, name="a.png", note="", at=self.now + after,
        )  # fmt: skip
        self.do(SubmitEvidence(item=item, by=by), after)
        return item.id

    def disputed(self) -> Hearing:
        self.act(MERCHANT, "reject", reason="不符")
        self.act(BUYER, "escalate", reason="不服")
        return self

    def find(self, name: str = "merchant_fault", value: bool | str = "proven") -> Case:
        return self.do(RecordFinding(name=name, value=value, by=ARBITRATOR))


def refused(hearing: Hearing, command: Command, after: timedelta = HOUR) -> str:
    with pytest.raises(Refused) as refusal:
        hearing.do(command, after)
    finding = refusal.value.findings[0]
    assert finding.message.zh
    assert finding.message.en
    return refusal.value.code


def test_the_checklist_says_what_is_missing_and_whose() -> None:
    hearing = Hearing(Reason.COUNTERFEIT).disputed()
    wanted = checklist(hearing.case, BOOKS.running(hearing.case, hearing.now), hearing.now)
    assert [(s.kind, s.party, s.required) for s in wanted.slots] == [
        ("photo", "buyer", True),
        ("purchase_proof", "merchant", True),
        ("appraisal", "buyer", False),
        ("chat", "buyer", False),
        ("chat", "merchant", False),
    ]
    assert [s.kind for s in wanted.missing_of("merchant")] == ["purchase_proof"]
    assert wanted.slots[1].title.zh == "进货或来源证明"
    assert wanted.slots[1].cite == ("HEAR-2",)
    given = hearing.show(BUYER, "photo")
    hearing.show(BUYER, "purchase_proof")
    now = checklist(hearing.case, BOOKS.running(hearing.case, hearing.now), hearing.now)
    assert now.slots[0].given == (given,)
    assert not now.complete, "the buyer cannot give what the merchant has to prove"
    hearing.show(MERCHANT, "purchase_proof")
    assert checklist(hearing.case, BOOKS.running(hearing.case, hearing.now), hearing.now).complete


def test_a_platform_own_table_of_evidence_comes_first_in_the_checklist() -> None:
    hearing = Hearing(platform="douyin")
    running = BOOKS.running(hearing.case, hearing.now)
    wanted = checklist(hearing.case, running, hearing.now)
    known = [(s.kind, s.party, s.required) for s in wanted.slots if not s.only_if]
    assert known == [
        ("transaction_record", "platform", False),
        ("chat_record", "platform", False),
        ("packaging", "buyer", False),
        ("invoice_and_papers", "buyer", False),
        ("problem_statement", "buyer", False),
        ("chat", "buyer", False),
        ("chat", "merchant", False),
    ], "house slots follow, without those the platform's own table asks for in its own words"
    open_ = {s.kind: [t.zh for t in s.only_if] for s in wanted.slots if s.only_if}
    assert open_["product_photo"] == ["问题肉眼可见"]
    assert open_["appraisal"] == ["问题肉眼可见"]
    assert open_["malice_proof"] == ["涉嫌恶意投诉"]
    assert wanted.complete, "what may turn out not to be wanted is not missing"
    assert wanted.slots[2].cite == ("DY-AS-04",)

    hearing.disputed().find("visible", value=True)
    photo = next(s for s in _slots(hearing) if s.kind == "product_photo")
    assert (photo.missing, photo.cite) == (True, ("DY-DISPUTE-05",))
    piece = hearing.show(BUYER, "photo")
    photo = next(s for s in _slots(hearing) if s.kind == "product_photo")
    assert (photo.missing, photo.given) == (False, (piece,)), "a photo is a product picture"
    (report,) = (s for s in _slots(hearing) if s.kind == "appraisal")
    assert (report.required, report.cite) == (False, ("HEAR-1",)), "only the house rules ask now"


def _slots(hearing: Hearing) -> tuple[Slot, ...]:
    return checklist(hearing.case, BOOKS.running(hearing.case, hearing.now), hearing.now).slots


def test_late_evidence_is_marked_and_later_refused() -> None:
    hearing = Hearing().disputed()
    hearing.show(BUYER)
    hearing.act(ARBITRATOR, "close_evidence")
    hearing.show(MERCHANT, after=DAY)
    assert [e.admission for e in hearing.case.evidence] == ["accepted", "late"]
    assert hearing.events[-1].cite == ("HEAR-7",)  # type: ignore[union-attr]
    item = replace(hearing.case.evidence[0], id="x")
    assert refused(hearing, SubmitEvidence(item=item, by=BUYER), SECOND) == "evidence.not_received"
    assert len(hearing.case.evidence) == 2


def test_a_request_for_more_opens_the_window_again() -> None:
    hearing = Hearing().disputed()
    hearing.act(ARBITRATOR, "close_evidence")
    hearing.act(ARBITRATOR, "request_evidence", after=DAY + HOUR, note="请补充开箱视频")
    hearing.show(BUYER)
    assert hearing.case.evidence[0].admission == "accepted"
    hearing.act(ARBITRATOR, "close_evidence")
    assert [d.number for d in hearing.case.dossiers] == [1, 2]
    assert [len(d.pieces) for d in hearing.case.dossiers] == [0, 1]


def test_a_party_gives_thirty_pieces_and_no_more() -> None:
    hearing = Hearing()
    for _ in range(30):
        hearing.show(BUYER, after=SECOND)
    item = replace(hearing.case.evidence[0], id="x")
    assert refused(hearing, SubmitEvidence(item=item, by=BUYER), SECOND) == "evidence.not_received"
    hearing.show(MERCHANT, after=SECOND)
    big = replace(item, id="y", by=Role.MERCHANT, size_bytes=200 * 1024 * 1024 - 9)
    assert refused(hearing, SubmitEvidence(item=big, by=MERCHANT), SECOND) == (
        "evidence.not_received"
    )
    hearing.do(SubmitEvidence(item=replace(big, size_bytes=big.size_bytes - 1), by=MERCHANT))


def test_the_other_side_may_challenge_within_a_day_and_once() -> None:
    hearing = Hearing().disputed()
    first = hearing.show(BUYER)
    command = ChallengeEvidence(evidence=first, reason="照片不是本商品", by=MERCHANT)
    assert refused(hearing, replace(command, by=BUYER), SECOND) == (
        "evidence.not_yours_to_challenge"
    )
    assert refused(hearing, replace(command, by=ARBITRATOR), SECOND) == (
        "evidence.not_yours_to_challenge"
    )
    assert refused(hearing, replace(command, reason=" "), SECOND) == "evidence.reason_required"
    assert refused(hearing, replace(command, evidence="?"), SECOND) == "evidence.unknown"
    case = hearing.do(command, DAY - 4 * SECOND)
    assert [(c.evidence, c.by, c.reason) for c in case.challenges] == [
        (first, Role.MERCHANT, "照片不是本商品")
    ]
    (piece,) = checklist(case, BOOKS.running(case, hearing.now), hearing.now).pieces
    assert (len(piece.challenges), piece.challenge_open) == (1, False)
    assert refused(hearing, command, timedelta(0)) == "evidence.challenged_already"


def test_a_challenge_a_second_late_is_refused() -> None:
    hearing = Hearing().disputed()
    first = hearing.show(BUYER)
    (piece,) = checklist(hearing.case, BOOKS.running(hearing.case, hearing.now), hearing.now).pieces
    assert piece.challenge_open
    assert piece.challenge_until == hearing.now + DAY
    command = ChallengeEvidence(evidence=first, reason="假", by=MERCHANT)
    assert refused(hearing, command, DAY + SECOND) == "evidence.challenge_closed"


def test_the_dossier_keeps_what_lay_on_the_table() -> None:
    hearing = Hearing().disputed()
    shown = hearing.show(BUYER)
    hearing.do(ChallengeEvidence(evidence=shown, reason="假", by=MERCHANT))
    hearing.find()
    case = hearing.act(ARBITRATOR, "close_evidence")
    (dossier,) = case.dossiers
    assert [(p.evidence, p.challenged) for p in dossier.pieces] == [(shown, ("假",))]
    assert [(f.name, f.value) for f in dossier.facts] == [("merchant_fault", "proven")]
    assert is_intact(case.id, dossier)
    forged = replace(dossier, facts=(replace(dossier.facts[0], value="refuted"),))
    assert not is_intact(case.id, forged)
    assert not is_intact("another case", dossier)
    hearing.show(MERCHANT)
    assert hearing.case.dossiers == case.dossiers
    hearing.find("buyer_fault", "refuted")
    hearing.do(RecordFinding(name="goods_returnable", value=True, by=ARBITRATOR))
    hearing.act(ARBITRATOR, "rule")
    hearing.show(MERCHANT)
    assert hearing.case.evidence[-1].admission == "annex"
    assert replay(hearing.events) == hearing.case


def test_the_clock_freezes_the_dossier_when_nobody_closes_the_evidence() -> None:
    hearing = Hearing().disputed()
    hearing.find()
    hearing.now += DAY + HOUR
    _, case = catch_up(hearing.case, BOOKS.running, hearing.now)
    assert case.arbitration is Arbitration.REVIEWING
    assert case.dossiers[0].at == case.tracks["dispute"].entered_at


def proposed(paid_fen: int = 500_001) -> Hearing:
    hearing = Hearing(paid_fen=paid_fen).disputed()
    hearing.act(ARBITRATOR, "close_evidence")
    for name, value in (("merchant_fault", "proven"), ("buyer_fault", "refuted")):
        hearing.find(name, value)
    hearing.do(RecordFinding(name="goods_returnable", value=False, by=ARBITRATOR))
    hearing.act(ARBITRATOR, "rule")
    return hearing


def test_at_the_threshold_the_arbitrator_rules_alone() -> None:
    hearing = proposed(500_000)
    assert hearing.case.proposal is None
    assert hearing.case.ruling is not None
    assert hearing.case.ruling.actor == "a"


def test_above_it_a_reviewer_confirms() -> None:
    hearing = proposed()
    case = hearing.case
    assert (case.rulings, case.grants, case.arbitration) == ((), (), Arbitration.REVIEWING)
    assert case.proposal is not None
    assert case.proposal.ruling.remedy is Remedy.REFUND_ONLY
    assert case.proposal.cite == ("HEAR-11",)
    playbook = BOOKS.running(case, hearing.now)
    assert Role.REVIEWER in waits_for(case, playbook)
    offered = [a.name for a in allowed_actions(case, Role.REVIEWER, playbook, hearing.now)]
    assert {"confirm_ruling", "return_ruling"} <= set(offered)
    assert "confirm_ruling" not in [
        a.name for a in allowed_actions(case, Role.ARBITRATOR, playbook, hearing.now)
    ]
    confirm = Act(action="confirm_ruling", by=ARBITRATOR)
    assert refused(hearing, confirm, SECOND) == "case.not_your_action"
    same_person = Actor(role=Role.REVIEWER, id="a")
    assert refused(hearing, replace(confirm, by=same_person), SECOND) == "ruling.own_proposal"
    after = hearing.act(REVIEWER, "confirm_ruling")
    assert after.proposal is None
    assert after.ruling is not None
    assert (after.ruling.by, after.ruling.actor) == (Role.REVIEWER, "r")
    assert after.requested_fen == 500_001
    assert after.grants[0].transfers[0].amount_fen == 500_001
    assert refused(hearing, replace(confirm, by=REVIEWER), SECOND) in {
        "ruling.nothing_proposed",
        "case.closed",
    }
    assert replay(hearing.events) == hearing.case


def test_a_returned_proposal_goes_back_to_the_arbitrator() -> None:
    hearing = proposed()
    assert refused(hearing, Act(action="return_ruling", by=REVIEWER)) == "case.field_required"
    case = hearing.act(REVIEWER, "return_ruling", note="请核实开箱视频")
    assert case.proposal is None
    assert case.arbitration is Arbitration.REVIEWING
    hearing.act(ARBITRATOR, "rule")
    assert hearing.case.proposal is not None


def test_a_proposal_that_new_facts_overtook_is_not_confirmed() -> None:
    hearing = proposed()
    hearing.find("merchant_fault", "refuted")
    hearing.find("buyer_fault", "proven")
    with pytest.raises(Conflict) as refusal:
        hearing.act(REVIEWER, "confirm_ruling")
    assert refusal.value.code == "ruling.proposal_outdated"


def test_a_large_overrule_is_confirmed_a_small_one_is_not() -> None:
    departure = {
        "remedy": "refund_only", "liable": "none", "outbound_freight": "none",
        "return_freight": "none", "overrule_reason": "特殊情形",
    }  # fmt: skip
    for paid, waits in ((100_001, True), (100_000, False)):
        hearing = Hearing(paid_fen=paid).disputed()
        hearing.act(ARBITRATOR, "close_evidence")
        hearing.act(ARBITRATOR, "rule", **departure)
        assert (hearing.case.proposal is not None) is waits


def test_a_silent_reviewer_leaves_it_to_the_clocks() -> None:
    hearing = proposed()
    _, case = catch_up(hearing.case, BOOKS.running, hearing.now + 10 * DAY)
    assert case.ruling is not None
    assert case.ruling.by is Role.CLOCK
    assert case.proposal is None


def test_a_silent_arbitrator_hands_over_and_the_reviewer_may_still_confirm() -> None:
    hearing = proposed()
    case = hearing.act(REVIEWER, "confirm_ruling", after=2 * DAY)
    assert case.ruling is not None
    assert case.ruling.actor == "r"
    moves = [getattr(e, "action", "") for e in hearing.events]
    assert moves.index("hand_over") < moves.index("rule")


def test_nobody_confirms_what_was_not_proposed() -> None:
    hearing = Hearing().disputed()
    with pytest.raises((Conflict, NotAllowed)) as refusal:
        hearing.act(REVIEWER, "confirm_ruling")
    assert refusal.value.code == "ruling.nothing_proposed"


def test_mediation_comes_first_and_a_settlement_in_it_ends_the_dispute() -> None:
    hearing = Hearing().disputed()
    case = hearing.act(ARBITRATOR, "mediate", note="请双方协商")
    assert case.arbitration is Arbitration.NEGOTIATING
    hearing.show(BUYER)
    assert hearing.case.evidence[0].admission == "accepted"
    case = hearing.act(MERCHANT, "concede")
    assert case.ruling is not None
    assert (case.ruling.remedy, case.ruling.table) == (Remedy.REFUND_ONLY, "concession")
    assert case.dossiers == ()


def test_mediation_without_result_leads_to_the_review() -> None:
    hearing = Hearing().disputed()
    hearing.act(ARBITRATOR, "mediate", note="请双方协商")
    hearing.now += 2 * DAY + SECOND
    _, case = catch_up(hearing.case, BOOKS.running, hearing.now)
    assert case.arbitration is Arbitration.REVIEWING
    assert len(case.dossiers) == 1


def test_nobody_hears_the_dispute_and_it_is_ruled_all_the_same() -> None:
    """A silent arbitrator, then a silent reviewer: the facts on file decide, nobody hangs."""
    hearing = Hearing().disputed()
    events, case = catch_up(hearing.case, BOOKS.running, hearing.now + 10 * DAY)
    assert [e.action for e in events if hasattr(e, "action")][:3] == [
        "close_evidence",
        "hand_over",
        "rule_on_file",
    ]
    assert case.ruling is not None
    assert (case.ruling.by, case.ruling.table) == (Role.CLOCK, "on_file")
    assert len(case.dossiers) == 1
