"""Evidence and findings (举证与认定): what is shown, and what is established from it."""

from __future__ import annotations

from gongdao.core.cases import refusals
from gongdao.core.cases.commands import RecordFinding, SubmitEvidence
from gongdao.core.cases.draft import Draft
from gongdao.core.cases.events import EvidenceSubmitted, FactFound
from gongdao.core.cases.model import FoundFact
from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text
from gongdao.core.rulebook.facts import read_fact


def submit_evidence(draft: Draft, command: SubmitEvidence) -> None:
    """Draft the adding of a piece of evidence."""
    if draft.case.closed_at is not None:
        raise refusals.closed()
    if any(e.id == command.item.id for e in draft.case.evidence):
        raise _bad("evidence", Text("该凭证已提交", "this evidence is already in the case"))
    draft.add(EvidenceSubmitted(at=draft.now, actor=command.by.id, item=command.item))


def record_finding(draft: Draft, command: RecordFinding) -> None:
    """Draft a finding: a fact the rulebooks know, of its declared type, with its evidence."""
    case = draft.case
    if case.closed_at is not None:
        raise refusals.closed()
    declaring = [b for b in draft.playbook.books.values() if command.name in b.facts]
    if not declaring:
        raise _bad(
            "name",
            Text(f"规则中没有事实“{command.name}”", f"no rule asks for the fact `{command.name}`"),
        )
    for book in declaring:
        read_fact(book, book.facts[command.name], command.value)
    known = {e.id for e in case.evidence}
    for reference in command.evidence:
        if reference not in known:
            raise _bad(
                "evidence",
                Text(f"案件没有凭证 {reference}", f"the case has no evidence `{reference}`"),
            )
    draft.add(
        FactFound(
            at=draft.now,
            fact=FoundFact(
                name=command.name,
                value=command.value,
                by=command.by.role,
                actor=command.by.id,
                at=draft.now,
                evidence=command.evidence,
                note=command.note,
            ),
        )
    )


def _bad(field: str, message: Text) -> BadInput:
    return BadInput(Finding(code="case.bad_finding", field=field, message=message))
