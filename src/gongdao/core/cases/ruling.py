"""Ruling a case (裁决): ask the playbook on the facts found; undo a ruling's money on appeal."""

from __future__ import annotations

from collections.abc import Mapping

from gongdao.core.adjudication.floor import with_floors
from gongdao.core.adjudication.ruling import Authority, Ruling, overrule_from, ruling_from
from gongdao.core.cases import refusals
from gongdao.core.cases.draft import Draft
from gongdao.core.cases.events import PaymentMoved, Ruled
from gongdao.core.cases.model import Plain
from gongdao.core.kernel.words import MoneyState, Party
from gongdao.core.remedies.transfer import Purpose, Transfer, reversed_transfers
from gongdao.core.rulebook.answer import Answer
from gongdao.core.rulebook.evaluate import evaluate
from gongdao.core.rulebook.model import Rulebook


def propose(draft: Draft, question: str) -> tuple[Rulebook, Answer]:
    """Ask the tables of the playbook for `question` in turn.

    The first decided answer counts, raised to the statutory floor where it is below. When none is
    decided, the first undecided one does: the platform's own table says which facts are needed.
    """
    first: tuple[Rulebook, Answer] | None = None
    for book, table in draft.playbook.asked(question, draft.case.claim):
        facts, origins = draft.facts(book)
        answer = evaluate(book, table, facts, origins)
        if answer.status == "decided":
            return book, with_floors(book, answer, _demanded(draft))
        first = first or (book, answer)
    if first is None:
        raise refusals.no_such_question(question)
    return first


def _demanded(draft: Draft) -> list[tuple[Rulebook, Answer]]:
    """Ask the tables of the law on the same case."""
    answers: list[tuple[Rulebook, Answer]] = []
    for law, table in draft.playbook.laws(draft.case.claim):
        facts, origins = draft.facts(law)
        answers.append((law, evaluate(law, table, facts, origins)))
    return answers


def rule(draft: Draft, question: str, payload: Mapping[str, Plain]) -> Ruling:
    """Record the ruling on the facts found, or the one that a person puts in its place.

    Raises Conflict `case.ruling_undecided`, naming the facts that would settle it.
    """
    book, answer = propose(draft, question)
    overrule = overrule_from(payload, draft.case.requested_fen)
    if answer.status != "decided" and overrule is None:
        raise refusals.ruling_undecided(book, answer.needed)
    authority = Authority(
        number=len(draft.case.rulings) + 1, by=draft.by.role, actor=draft.by.id, at=draft.now
    )
    ruling = ruling_from(answer, authority, overrule)
    draft.add(Ruled(at=draft.now, ruling=ruling))
    return ruling


def reopen(draft: Draft) -> tuple[tuple[Transfer, ...], ...]:
    """Undo the money of the rulings so far.

    Grants not yet paid are voided; for those paid, the transfers that give the other parties theirs
    back are returned, at the platform's expense, because it was the platform that ruled.
    """
    paid: list[tuple[Transfer, ...]] = []
    for grant in draft.case.grants:
        if any(t.purpose is Purpose.REVERSAL for t in grant.transfers):
            continue
        if grant.state in (MoneyState.GRANTED, MoneyState.FAILED):
            draft.add(
                PaymentMoved(
                    at=draft.now,
                    number=grant.number,
                    state=MoneyState.VOID,
                    amount_fen=grant.net_fen(Party.BUYER),
                    external_ref=None,
                )
            )
        elif grant.state is not MoneyState.VOID:
            paid.append(reversed_transfers(grant.transfers, instead_of_buyer=Party.PLATFORM))
    return tuple(paid)
