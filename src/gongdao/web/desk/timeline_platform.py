"""What the platform does beside ruling (平台处理), said for the timeline.

Challenges, the frozen dossier, proposals of rulings, clocks that stand still, what a case no longer
counts in, marks on people, refunds outside, cases opened again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from gongdao.core.cases.events import (
    ClocksPaused,
    ClocksReleased,
    DossierFrozen,
    Event,
    EvidenceChallenged,
    Marked,
    MarkLifted,
    PartLifted,
    PartRestored,
    ProposalReturned,
    RefundedOutside,
    Reopened,
    RulingProposed,
)
from gongdao.core.cases.join_events import EvidenceReferred, Joined, Separated
from gongdao.core.cases.model import Part
from gongdao.core.kernel.money import yuan
from gongdao.core.kernel.text import Text, list_in
from gongdao.core.kernel.words import Role, label
from gongdao.web.desk.language import wording
from gongdao.web.desk.timeline_entry import Entry, Kind

PART_LABELS: Final = {
    Part.DISPUTE_RATE: Text("纠纷率", "dispute rate"),
    Part.SCORE: Text("体验分", "experience score"),
    Part.PENALTY: Text("违规", "penalty"),
}


def _challenged(event: EvidenceChallenged) -> Entry:
    challenge = event.challenge
    return _entry(
        event,
        Text(f"质疑凭证：{challenge.reason}", f"Evidence challenged: {challenge.reason}"),
        by=challenge.by,
        actor=challenge.actor,
        kind="evidence",
        cite=event.cite,
    )


def _frozen(event: DossierFrozen) -> Entry:
    count, short = len(event.dossier.pieces), event.dossier.digest[:12]
    return _entry(
        event,
        Text(
            f"卷宗封存：{count} 件凭证（{short}）",
            f"Dossier frozen: {count} pieces of evidence ({short})",
        ),
        kind="evidence",
    )


def _proposed(event: RulingProposed) -> Entry:
    ruling = event.proposal.ruling
    remedy = label(ruling.remedy)
    return _entry(
        event,
        Text(f"拟裁决，待复审员确认：{remedy.zh}", f"Ruling proposed for review: {remedy.en}"),
        by=ruling.by,
        actor=ruling.actor,
        kind="ruling",
        cite=event.proposal.cite,
    )


def _returned(event: ProposalReturned) -> Entry:
    what = Text(f"退回拟裁决：{event.reason}", f"Proposed ruling returned: {event.reason}")
    return _entry(event, what, by=event.by, actor=event.actor, kind="ruling")


def _paused(event: ClocksPaused) -> Entry:
    why = event.pause.reason
    what = Text(f"时限暂停：{why.zh}", f"Clocks stopped: {why.en}")
    return _entry(event, what, by=event.by, actor=event.actor, kind="clock")


def _released(event: ClocksReleased) -> Entry:
    what = Text("时限恢复计时", "Clocks run again")
    return _entry(event, what, by=event.by, actor=event.actor, kind="clock")


def _lifted(event: PartLifted) -> Entry:
    part = PART_LABELS[event.lift.part]
    what = Text(f"不再计入{part.zh}", f"No longer counts in the {part.en}")
    return _entry(event, what, by=event.lift.by, actor=event.lift.actor, kind="ruling")


def _restored(event: PartRestored) -> Entry:
    parts = list_in(tuple(PART_LABELS[p] for p in event.parts))
    what = Text(f"恢复计入：{parts.zh}", f"Counts again in: {parts.en}")
    return _entry(event, what, by=event.by, actor=event.actor, kind="ruling")


def _marked(event: Marked) -> Entry:
    mark = event.mark
    about = label(mark.about)
    return _entry(
        event,
        Text(f"行为认定：{about.zh}（{mark.kind}）", f"Conduct found: {about.en} ({mark.kind})"),
        by=mark.by,
        actor=mark.actor,
        kind="ruling",
        cite=mark.cite,
    )


def _unmarked(event: MarkLifted) -> Entry:
    what = Text("撤销行为认定", "Finding of conduct withdrawn")
    return _entry(event, what, by=event.by, actor=event.actor, kind="ruling")


def _outside(event: RefundedOutside) -> Entry:
    paid = yuan(event.amount_fen)
    what = Text(f"平台外已退款 {paid} 元", f"{paid} yuan was refunded outside the platform")
    return _entry(event, what, actor=event.actor, kind="money")


def _reopened(event: Reopened) -> Entry:
    what = Text("案件重新开启", "Case opened again")
    return _entry(event, what, by=event.by, actor=event.actor)


def _joined(event: Joined) -> Entry:
    count = len(event.members)
    zh, en = f"并案审理，共 {count} 个案件", f"Heard together: {count} cases"
    what = Text(*_because(zh, en, event.reason))
    return _entry(event, what, by=event.by, actor=event.actor)


def _separated(event: Separated) -> Entry:
    short = event.left[-8:]
    zh, en = f"案件 …{short} 分案审理", f"Case …{short} is heard by itself"
    what = Text(*_because(zh, en, event.reason))
    return _entry(event, what, by=event.by, actor=event.actor)


def _because(zh: str, en: str, reason: str) -> tuple[str, str]:
    return (f"{zh}：{reason}", f"{en}: {reason}") if reason else (zh, en)


def _referred(event: EvidenceReferred) -> Entry:
    short = (event.item.given_in or "")[-8:]
    what = Text(
        f"引用并案案件 …{short} 的凭证", f"Evidence of the joined case …{short} is used here"
    )
    return _entry(event, what, by=event.item.by, kind="evidence", cite=event.cite)


def _entry(
    event: Event,
    what: Text,
    *,
    by: Role | None = None,
    actor: str = "",
    kind: Kind = "act",
    cite: tuple[str, ...] = (),
) -> Entry:
    who = wording(by) if by is not None else ""
    return Entry(at=event.at, kind=kind, what=wording(what), who=who, actor=actor, cite=cite)


#: How each kind is said. The event given is always of the kind it stands under.
_SAID: Final[dict[type[Event], Callable[[Any], Entry]]] = {
    EvidenceChallenged: _challenged,
    DossierFrozen: _frozen,
    RulingProposed: _proposed,
    ProposalReturned: _returned,
    ClocksPaused: _paused,
    ClocksReleased: _released,
    PartLifted: _lifted,
    PartRestored: _restored,
    Marked: _marked,
    MarkLifted: _unmarked,
    RefundedOutside: _outside,
    Reopened: _reopened,
    Joined: _joined,
    Separated: _separated,
    EvidenceReferred: _referred,
}


def said_of_platform(event: Event) -> Entry | None:
    """Say an event of this file's kinds; None for any other."""
    say = _SAID.get(type(event))
    return say(event) if say is not None else None
