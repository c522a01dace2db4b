"""Evidence card (举证卡片): what is wanted and missing, what was given, what may be challenged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from django.urls import reverse
from django.utils.translation import gettext as _

from gongdao.app.permissions import PERMISSIONS, Verb
from gongdao.app.queries.evidence import evidence_matches, withheld_pieces
from gongdao.core.cases.checklist import PieceStanding, Slot
from gongdao.core.kernel.words import Arbitration, Role
from gongdao.web.desk.evidence_kinds import accepted, admissions, kinds
from gongdao.web.desk.language import wording
from gongdao.web.evidence_answer import SHOWN_IMAGES
from gongdao.web.evidence_links import sign

if TYPE_CHECKING:
    from datetime import datetime

    from gongdao.app.permissions import Caller
    from gongdao.app.queries.case_page import CasePage
    from gongdao.app.queries.dealings import Dealings
    from gongdao.core.cases.model import Case, EvidenceItem
    from gongdao.store.evidence import Match

_GATHERING = (Arbitration.NEGOTIATING, Arbitration.EVIDENCE)


@dataclass(frozen=True, slots=True)
class PieceShown:
    """One piece of evidence."""

    item: EvidenceItem
    standing: PieceStanding
    kind: str
    admission: str
    """How it was received, unless in time."""
    image_url: str
    """A signed address good for minutes; empty when it is no picture."""
    challengeable: bool
    key: str
    matches: list[Match]
    withheld: bool
    """The other party can be shown no copy of it."""
    hidden: bool
    """The reader is that other party."""


@dataclass(frozen=True, slots=True)
class SlotShown:
    """A kind of evidence wanted of a party."""

    slot: Slot
    only_if: str
    names: list[str]


@dataclass(frozen=True, slots=True)
class PartyWants:
    """What a party is to show, until when."""

    party: str
    mine: bool
    slots: list[SlotShown]
    missing: int


@dataclass(frozen=True, slots=True)
class EvidenceCard:
    """Everything about the evidence of a case, for one reader."""

    wanted: list[PartyWants]
    until: datetime | None
    """When the collecting ends, while it runs."""
    pieces: list[PieceShown]
    may_submit: bool
    kinds: list[tuple[str, str]]
    help: str
    key: str


def evidence_card(caller: Caller, page: CasePage, open_to: Dealings) -> EvidenceCard:
    """Return the card."""
    case = page.case
    matches = _matches(caller, case)
    titles = _titles(page)
    withheld = withheld_pieces(caller, case.id) if case.evidence else frozenset()
    pieces = [
        PieceShown(
            item=standing.item,
            standing=standing,
            kind=titles.get(standing.item.kind, standing.item.kind),
            admission=admissions().get(standing.item.admission, ""),
            image_url=(
                reverse("evidence_link", args=[sign(caller, case.id, standing.item.id)])
                if standing.item.media_type in SHOWN_IMAGES
                else ""
            ),
            challengeable=standing.item.id in open_to.challengeable,
            key=str(uuid4()),
            matches=matches.get(standing.item.id, []),
            withheld=standing.item.id in withheld,
            hidden=standing.item.id in withheld and _is_other_side(caller, standing.item.by),
        )
        for standing in page.checklist.pieces
    ]
    return EvidenceCard(
        wanted=_wanted(caller, page) if case.closed_at is None else [],
        until=_until(case),
        pieces=pieces,
        may_submit=case.closed_at is None and PERMISSIONS[Verb.SUBMIT_EVIDENCE].covers(caller.post),
        kinds=_kinds(caller, page),
        help=accepted(),
        key=str(uuid4()),
    )


def _is_other_side(caller: Caller, by: Role) -> bool:
    return caller.role in {Role.BUYER, Role.MERCHANT} and caller.role is not by


def _wanted(caller: Caller, page: CasePage) -> list[PartyWants]:
    names = {item.id: item.name for item in page.case.evidence}
    found: list[PartyWants] = []
    for party in dict.fromkeys(slot.party for slot in page.checklist.slots):
        slots = [s for s in page.checklist.slots if s.party == party]
        shown = [
            SlotShown(
                slot=slot,
                only_if=_(", ").join(wording(title) for title in slot.only_if),
                names=[names[given] for given in slot.given if given in names],
            )
            for slot in slots
        ]
        found.append(
            PartyWants(
                party=wording(_role(party)),
                mine=party == caller.role.value,
                slots=sorted(shown, key=lambda s: (not s.slot.required, bool(s.only_if))),
                missing=len(page.checklist.missing_of(party)),
            )
        )
    return found


def _role(party: str) -> object:
    try:
        return Role(party)
    except ValueError:
        return _("platform")


def _until(case: Case) -> datetime | None:
    if case.closed_at is not None or case.arbitration not in _GATHERING:
        return None
    running = [t.due_at for t in case.timers if t.track == "dispute" and not t.paused_left_seconds]
    return min(running, default=None)


def _titles(page: CasePage) -> dict[str, str]:
    titles = dict(kinds())
    for slot in page.checklist.slots:
        titles.update(dict.fromkeys(slot.kinds, wording(slot.title)))
        titles[slot.kind] = wording(slot.title)
    return titles


def _kinds(caller: Caller, page: CasePage) -> list[tuple[str, str]]:
    """Return what a piece may show: what is wanted of the caller in front, then anything else."""
    mine = [s for s in page.checklist.slots if s.party == caller.role.value]
    mine.sort(key=lambda s: not s.missing)
    chosen = {s.kind: wording(s.title) for s in mine}
    known = {kind for s in mine for kind in s.kinds}
    return [*chosen.items(), *((k, title) for k, title in kinds() if k not in known)]


def _matches(caller: Caller, case: Case) -> dict[str, list[Match]]:
    """Return where else each piece turns up; for those who rule only."""
    if not case.evidence or not PERMISSIONS[Verb.SEE_MATCHES].covers(caller.post):
        return {}
    found: dict[str, list[Match]] = {}
    for match in evidence_matches(caller, case.id):
        found.setdefault(match.evidence_id, []).append(match)
    return found
