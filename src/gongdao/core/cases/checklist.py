"""The evidence checklist (举证清单): what is wanted, from whom, what is there, what is disputed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from gongdao.core.cases.ask import ask
from gongdao.core.cases.facts import case_facts
from gongdao.core.cases.hearing import Challenge
from gongdao.core.cases.model import Case, EvidenceItem
from gongdao.core.cases.playbook import Playbook
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Role
from gongdao.core.rulebook.evaluate import evaluate, value_of
from gongdao.core.rulebook.explain import title_of
from gongdao.core.rulebook.facts import enums_of
from gongdao.core.rulebook.model import Rulebook, Value
from gongdao.core.rulebook.possible import possible_rows

_PARTIES = (Role.BUYER, Role.MERCHANT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A kind of evidence that the ground of the case calls for (凭证栏)."""

    kind: str
    kinds: tuple[str, ...]
    """Every kind of piece that fills it: its own, and what the book calls the same."""
    title: Text
    party: str
    """`buyer`, `merchant`, or `platform` for what the platform has itself."""
    required: bool
    given: tuple[str, ...]
    """Ids of the pieces that fill it."""
    cite: tuple[str, ...]
    only_if: tuple[Text, ...] = ()
    """Facts not known yet that decide whether it is wanted at all."""

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
    """Return the checklist of a case at `now`; no slots where the platform has no rules for it.

    Every book that the platform asks for evidence adds its slots, the first one's in front; what an
    earlier book asks of a party already is not asked again.
    """
    slots: list[Slot] = []
    for book, table in playbook.questions.get("evidence", ()):
        if table in book.tables:
            asked = {(kind, s.party) for s in slots for kind in s.kinds}
            slots += [s for s in _slots(case, book, table, now) if (s.kind, s.party) not in asked]
    pieces = tuple(_standing(case, item, playbook, now) for item in case.evidence)
    return Checklist(slots=tuple(slots), pieces=pieces)


#: How tables name their outputs: the kind, whose it is to give, whether it must be there. Douyin's
#: table says of a piece that it suffices as proof; then its giver cannot do without it.
_OUTPUTS = (("slot", "party", "required"), ("item", "giver", "suffices"))


def _slots(case: Case, book: Rulebook, table: str, now: datetime) -> Iterator[Slot]:
    """Yield the slots of one table: those wanted, then those that facts still unknown may want."""
    gives = book.tables[table].gives
    names = next((n for n in _OUTPUTS if set(n) <= set(gives)), None)
    if names is None:
        return
    facts = {k: v for k, v in case_facts(case, book, now)[0].items() if k in book.facts}
    answer = evaluate(book, table, facts)
    hits = [hit for hit in answer.hits if hit.table == table]
    for out, hit in zip(answer.collected, hits, strict=True):
        yield _slot(case, book, gives[names[0]].enum, [out[n] for n in names], hit.cite)
    for may in possible_rows(book, table, facts):
        slot = _slot(case, book, gives[names[0]].enum, [may.outputs[n] for n in names], may.cite)
        why = tuple(title_of(book, name) for name in may.unknown)
        yield replace(slot, required=False, only_if=why)


def _slot(
    case: Case, book: Rulebook, words: str | None, out: list[Value | None], cite: tuple[str, ...]
) -> Slot:
    kind, party = str(out[0]), str(out[1])
    enum = enums_of(book).get(words or "")
    kinds, title = (kind,), Text(kind, kind)
    if enum is not None:
        kinds += tuple(s for s, meant in enum.synonyms.items() if meant == kind)
        title = enum.members.get(kind, title)
    return Slot(
        kind=kind,
        kinds=kinds,
        title=title,
        party=party,
        required=out[2] is True,
        given=tuple(e.id for e in case.evidence if e.by == party and e.kind in kinds),
        cite=cite,
    )


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
