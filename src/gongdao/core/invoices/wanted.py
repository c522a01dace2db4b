"""Wanted (应办): which invoice tasks the remedies of a case call for, by the platform's rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from gongdao.core.cases.entitlement import refunded_fen
from gongdao.core.cases.facts import case_facts
from gongdao.core.cases.model import Case
from gongdao.core.cases.offer_states import agreement_in_force
from gongdao.core.cases.playbook import Playbook
from gongdao.core.invoices.model import Invoice, TaskKind
from gongdao.core.kernel.words import Claim, Goods, MoneyState
from gongdao.core.rulebook.evaluate import evaluate
from gongdao.core.rulebook.model import Rulebook, Value

#: The question that a platform's profile answers with the tables to ask in turn.
QUESTION = "invoice"
_BACK = (Goods.IN_RETURN, Goods.RETURNED)
#: How a case ends whose goods were exchanged or repaired.
_IN_KIND = ("exchanged", "repaired", "solved_in_kind")


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedied:
    """One thing that a case did which an invoice may have to follow."""

    cause: str
    done: Claim
    """What was carried out, in the words of what may be asked for."""
    amount_fen: int = 0
    stands: bool = True
    """False: the refund was withdrawn since."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """What the rules want done, under which clauses."""

    kind: TaskKind
    red_reason: str | None
    cite: tuple[str, ...]


def remedied(case: Case) -> Iterator[Remedied]:
    """Yield the refunds of a case, and its exchange or repair once it has ended in one."""
    for grant in case.grants:
        amount = refunded_fen(grant.transfers)
        if amount > 0:
            yield Remedied(
                cause=f"grant:{grant.number}",
                done=_refund_as(case),
                amount_fen=amount,
                stands=grant.state is not MoneyState.VOID,
            )
    if case.outcome in _IN_KIND:
        yield Remedied(cause="closed", done=_kind_of(case))


def called_for(case: Case, what: Remedied, playbook: Playbook, now: datetime) -> Called | None:
    """Return what the first of the platform's tables wants done; None when all leave it alone."""
    for book, table in playbook.asked(QUESTION, what.done):
        known: dict[str, Value] = case_facts(case, book, now)[0] | {"claim": what.done.value}
        answer = evaluate(book, table, {k: v for k, v in known.items() if k in book.facts})
        word = answer.outputs.get(QUESTION) if answer.status == "decided" else None
        if word in set(TaskKind):
            kind = TaskKind(str(word))
            reason = _reason(known, playbook) if kind is TaskKind.RED_REVERSE else None
            return Called(kind=kind, red_reason=reason, cite=answer.cite)
    return None


def law_of(playbook: Playbook) -> Rulebook | None:
    """Return the book whose processes do what is called for: the first that has them all."""
    for book, _table in playbook.questions.get(QUESTION, ()):
        if set(TaskKind) <= set(book.processes):
            return book
    return None


def shares(
    invoices: Sequence[Invoice], taken: dict[str, int], fen: int
) -> list[tuple[Invoice, int]]:
    """Share a refund out over the invoices of an order, oldest first, as far as each still stands.

    `taken`: what tasks still open will take off each, by invoice id.
    """
    found: list[tuple[Invoice, int]] = []
    for invoice in sorted(invoices, key=lambda i: (i.issued_at, i.id)):
        share = min(fen, invoice.left_fen - taken.get(invoice.id, 0))
        if share > 0:
            found.append((invoice, share))
            fen -= share
    return found


def _reason(known: dict[str, Value], playbook: Playbook) -> str | None:
    book = law_of(playbook)
    if book is None or "reason" not in book.tables:
        return None
    asked = {k: v for k, v in known.items() if k in book.facts}
    word = evaluate(book, "reason", asked).outputs.get("reason")
    return str(word) if word is not None else None


def _refund_as(case: Case) -> Claim:
    if case.claim is Claim.PRICE_PROTECTION:
        return case.claim
    return Claim.RETURN_REFUND if case.goods in _BACK else Claim.REFUND_ONLY


def _kind_of(case: Case) -> Claim:
    agreement = agreement_in_force(case)
    remedy = case.ruling.remedy if case.ruling is not None else None
    if agreement is not None:
        remedy = agreement.terms.remedy
    word = remedy.value if remedy is not None else case.claim.value
    repaired = case.outcome == "repaired" or word == Claim.REPAIR
    return Claim.REPAIR if repaired else Claim.EXCHANGE
