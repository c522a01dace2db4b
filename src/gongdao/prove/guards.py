"""Guards (动作条件): conditions of processes that no case can ever fulfil."""

from __future__ import annotations

from collections.abc import Iterator

from gongdao.core.kernel.findings import Finding
from gongdao.core.kernel.text import Text
from gongdao.core.rulebook.expression import Expression
from gongdao.core.rulebook.model import Rulebook
from gongdao.core.rulebook.written import write
from gongdao.prove.checks import money_within_paid
from gongdao.prove.logic import Question
from gongdao.prove.tables import EncodedBook


def check_guards(book: Rulebook) -> Iterator[Finding]:
    """Yield a finding for every `when` of a process that can never hold."""
    for field, guard in _guards(book):
        encoded = EncodedBook(book)
        holds = encoded.encoder.truth(guard).yes
        domain = [*money_within_paid(encoded), *encoded.agreeing()]
        if Question([*domain, *encoded.vocabulary.domain, holds]).impossible():
            said = write(guard)
            yield Finding(
                code="process.guard_never_holds",
                field=field,
                where=f"rulebooks/{book.id}/{book.version}.yaml",
                message=Text(
                    f"条件“{said}”在任何案件中都不成立", f"no case can ever fulfil `{said}`"
                ),
                cure=Text("请改写条件，或删去", "change the condition, or remove it"),
            )


def _guards(book: Rulebook) -> Iterator[tuple[str, Expression]]:
    for process in book.processes.values():
        field = f"processes.{process.name}"
        if process.serves.when is not None:
            yield f"{field}.serves.when", process.serves.when
        for state in process.states.values():
            for action in state.actions.values():
                if action.when is not None:
                    yield f"{field}.states.{state.name}.actions.{action.name}.when", action.when
