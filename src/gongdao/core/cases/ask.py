"""Asking the playbook (询问规则): the first decided answer to a question about a case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from gongdao.core.cases.facts import case_facts
from gongdao.core.cases.model import Case
from gongdao.core.cases.playbook import Playbook
from gongdao.core.kernel.text import Text, list_in
from gongdao.core.rulebook.answer import Answer
from gongdao.core.rulebook.evaluate import evaluate
from gongdao.core.rulebook.model import Rulebook, Value

_NOTHING: Mapping[str, Value] = {}


def ask(
    case: Case,
    playbook: Playbook,
    now: datetime,
    question: str,
    given: Mapping[str, Value] = _NOTHING,
) -> tuple[Rulebook, Answer] | None:
    """Return the first decided answer to `question` and its rulebook; None when there is none.

    `given` are facts of the question itself; they overrule the case's facts of the same name.
    """
    for book, table in playbook.asked(question, case.claim):
        known = case_facts(case, book, now)[0] | dict(given)
        answer = evaluate(book, table, {k: v for k, v in known.items() if k in book.facts})
        if answer.status == "decided":
            return book, answer
    return None


def clauses(book: Rulebook, answer: Answer) -> Text:
    """Return the words of the clauses that an answer cites."""
    return list_in(tuple(book.sources[c].text for c in answer.cite if c in book.sources))
