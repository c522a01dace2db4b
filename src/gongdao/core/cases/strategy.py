"""Merchant strategies (商家策略): a merchant's own small table agrees to requests by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from gongdao.core.cases.commands import Act, Actor
from gongdao.core.cases.decide import decide
from gongdao.core.cases.events import Event
from gongdao.core.cases.facts import case_facts
from gongdao.core.cases.model import Case
from gongdao.core.cases.playbook import Playbook
from gongdao.core.kernel.findings import Finding, Refused
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Role
from gongdao.core.rulebook.covers import covers
from gongdao.core.rulebook.evaluate import evaluate
from gongdao.core.rulebook.model import Kind, Rulebook

#: What the table of a strategy answers: whether the merchant agrees at once.
AGREE = "agree"


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategy:
    """A strategy of a shop that is switched on."""

    name: str
    version: int
    book: Rulebook


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a strategy says of a request, by which row."""

    agree: bool
    row: str
    cite: tuple[str, ...]


def check_strategy(book: Rulebook) -> tuple[Finding, ...]:
    """Return what keeps a rulebook from being a strategy: it asks a table that gives `agree`."""
    table = book.tables.get(book.asks or "")
    given = table.gives.get(AGREE) if table is not None else None
    if given is not None and given.kind is Kind.BOOLEAN and not book.processes:
        return ()
    return (
        Finding(
            code="strategy.gives_no_agree",
            field="asks",
            message=Text(
                "策略须由一张给出 agree（是否自动同意）的表作答，且不含流程",
                "a strategy asks one table that gives `agree: boolean`, and has no process",
            ),
        ),
    )


def judge(book: Rulebook, case: Case) -> Verdict | None:
    """Return what the strategy says of the request as it was made; None while it cannot tell."""
    if not covers(book, case.claim):
        return None
    facts, origins = case_facts(case, book, case.opened_at)
    answer = evaluate(book, book.asks or "", facts, origins)
    agree = answer.outputs.get(AGREE)
    if answer.status != "decided" or not isinstance(agree, bool):
        return None
    return Verdict(agree=agree, row=answer.hits[-1].row, cite=answer.cite)


def apply(
    case: Case,
    strategies: Sequence[Strategy],
    playbook: Playbook,
    now: datetime,
    *,
    has_address: bool = False,
) -> tuple[tuple[Event, ...], Case]:
    """Agree to a request just opened when a strategy of the shop does, the first that does.

    Where the process does not let the merchant agree, nothing happens: a strategy is a
    convenience, the request waits for a person; so it does when goods are to be sent back and the
    shop has no return address of its own (`has_address`).
    """
    for strategy in strategies:
        verdict = judge(strategy.book, case)
        if verdict is None or not verdict.agree:
            continue
        command = Act(
            action="agree",
            by=Actor(role=Role.MERCHANT, id=f"strategy:{strategy.name}@{strategy.version}"),
            track="after_sale",
            address_follows=has_address,
            payload={
                "strategy": f"{strategy.name}@{strategy.version}",
                "row": verdict.row,
                "cite": ",".join(verdict.cite),
            },
        )
        try:
            return decide(case, command, playbook, now)
        except Refused:
            continue
    return (), case
