"""The evidence checklist (举证清单): what is wanted, from whom, what is there, what is disputed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gongdao.core.cases.ask import ask
from gongdao.core.cases.hearing import Challenge
from gongdao.core.cases.model import Case, EvidenceItem
from gongdao.core.cases.playbook import Playbook
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Role
from gongdao.core.rulebook.evaluate import value_of
from gongdao.core.rulebook.facts import enums_of
from gongdao.core.rulebook.model import Rulebook, Value

_PARTIES = (Role.BUYER, Role.MERCHANT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A kind of evidence that the ground of the case calls for (凭证栏)."""

    kind: str
    title: Text
    party: str
    required: bool
    given: tuple[str, ...]
    """Ids of the pieces that fill it."""
    cite: tuple[str, ...]

    @property
    def missing(self) -> bool:
        """Whether it is required and empty."""
        return self.required and not self.given


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceStanding:
    """How a piece of evidence stands: in time or not, disputed or not, and until when it may be."""

    item: EvidenceItem
    challenges: tuple[Challenge, ...]
    challenge_open: bool
    challenge_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """The evidence of a case against what its ground calls for."""

    slots: tuple[Slot, ...]
    pieces: tuple[PieceStanding, ...]

    @property
    def complete(self) -> bool:
        """Whether nothing required is missing."""
        return not any(slot.missing for slot in self.slots)

    def missing_of(self, party: str) -> tuple[Slot, ...]:
        """Return what a party still has to give."""
        return tuple(s for s in self.slots if s.missing and s.party == party)


def checklist(case: Case, playbook: Playbook, now: datetime) -> Checklist:
    """Return the checklist of a case at `now`; no slots where the platform has no rules for it."""
    found = ask(case, playbook, now, "evidence")
    slots: list[Slot] = []
    if found is not None:
        book, answer = found
        for out, hit in zip(answer.collected, answer.hits, strict=True):
            kind, party = str(out["slot"]), str(out["party"])
            slots.append(
                Slot(
                    kind=kind,
                    title=_title(book, answer.table, kind),
                    party=party,
                    required=out["required"] is True,
                    given=tuple(e.id for e in case.evidence if (e.kind, e.by) == (kind, party)),
                    cite=hit.cite,
                )
            )
    pieces = tuple(_standing(case, item, playbook, now) for item in case.evidence)
    return Checklist(slots=tuple(slots), pieces=pieces)


def _title(book: Rulebook, table: str, kind: str) -> Text:
    enum = enums_of(book).get(book.tables[table].gives["slot"].enum or "")
    return enum.members.get(kind, Text(kind, kind)) if enum is not None else Text(kind, kind)


def _standing(case: Case, item: EvidenceItem, playbook: Playbook, now: datetime) -> PieceStanding:
    given: dict[str, Value] = {"phase": str(case.arbitration), "submitted_at": item.at}
    found = ask(case, playbook, now, "challenge", given)
    until: datetime | None = None
    is_open = case.closed_at is None
    if found is not None:
        book, answer = found
        is_open = is_open and answer.outputs.get("open") is True
        if "challenge_until" in book.formulas:
            value = value_of(book, "challenge_until", {"submitted_at": item.at})
            until = value if isinstance(value, datetime) else None
    by = {c.by for c in case.challenges if c.evidence == item.id}
    others = {role for role in _PARTIES if role is not item.by}
    return PieceStanding(
        item=item,
        challenges=tuple(c for c in case.challenges if c.evidence == item.id),
        challenge_open=is_open and bool(others - by),
        challenge_until=until,
    )
