"""Evidence and findings (举证与认定): what is shown, and what is established from it."""

from __future__ import annotations

from dataclasses import replace

from gongdao.core.cases import refusals
from gongdao.core.cases.ask import ask, clauses
from gongdao.core.cases.commands import RecordFinding, ReferEvidence, SubmitEvidence
from gongdao.core.cases.draft import Draft
from gongdao.core.cases.events import EvidenceSubmitted, FactFound
from gongdao.core.cases.join_events import EvidenceReferred
from gongdao.core.cases.model import EvidenceItem, FoundFact
from gongdao.core.cases.verbs.join import not_joined
from gongdao.core.kernel.findings import BadInput, Conflict, Finding
from gongdao.core.kernel.text import Text
from gongdao.core.rulebook.facts import read_fact
from gongdao.core.rulebook.model import Value


def submit_evidence(draft: Draft, command: SubmitEvidence) -> None:
    """Draft the adding of a piece of evidence: in time, late or as an annex, as the rules say.

    Raises Conflict `evidence.not_received` when the rules refuse it, citing them.
    """
    case, item = draft.case, command.item
    if case.closed_at is not None:
        raise refusals.closed()
    if any(e.id == item.id for e in case.evidence):
        raise _bad("evidence", Text("该凭证已提交", "this evidence is already in the case"))
    item, cite = _admitted(draft, item)
    draft.add(EvidenceSubmitted(at=draft.now, actor=command.by.id, item=item, cite=cite))


def refer_evidence(draft: Draft, command: ReferEvidence) -> None:
    """Draft the use of what was given in a joined case: in time, late or an annex by its own rules.

    Its time to be challenged here begins now; its name and note stay where it was given. What is
    referred to does not count against what a party may hand in.
    Raises Conflict `case.closed`, `joined.not_joined`, `evidence.not_received`.
    """
    case = draft.case
    if case.closed_at is not None:
        raise refusals.closed()
    if case.joined is None or command.given_in == case.id:
        raise not_joined()
    if any(e.id == command.item.id for e in case.evidence):
        raise _bad("evidence", Text("该凭证已提交", "this evidence is already in the case"))
    item = replace(command.item, name="", note="", at=draft.now, given_in=command.given_in)
    item, cite = _admitted(draft, item)
    draft.add(EvidenceReferred(at=draft.now, item=item, cite=cite))


def _admitted(draft: Draft, item: EvidenceItem) -> tuple[EvidenceItem, tuple[str, ...]]:
    """Return the piece as the rules receive it, and the clauses by which they do."""
    case = draft.case
    given: dict[str, Value] = {
        "phase": str(case.arbitration),
        "submitter": str(item.by),
        "given_count": 0,
        "given_bytes": 0,
    }
    if item.given_in is None:
        mine = [e for e in case.evidence if e.by is item.by and e.given_in is None]
        given["given_count"] = len(mine)
        given["given_bytes"] = sum(e.size_bytes for e in mine) + item.size_bytes
    if case.dossiers:
        given["reviewing_since"] = case.dossiers[-1].at
    found = ask(case, draft.playbook, draft.now, "submission", given)
    if found is None:
        return replace(item, admission="accepted"), ()
    admission, cite = str(found[1].outputs["admission"]), found[1].cite
    if admission == "refused":
        raise _not_received(clauses(*found))
    return replace(item, admission=admission), cite


def _not_received(rule: Text) -> Conflict:
    return Conflict(
        Finding(
            code="evidence.not_received",
            field="file",
            message=Text("依规则不予接收该凭证", "the rules do not receive this evidence"),
            cure=Text(f"依据：{rule.zh}", f"rule: {rule.en}"),
        )
    )


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
