"""Playbook (规则组): the rulebooks that govern one case, chosen by date before the case is decided.

The platform's profile lists, for each track, which subjects to try in turn; the first process that
serves the case is used. Where a platform is silent, its profile ends in the house rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gongdao.core.kernel.findings import BadInput, Conflict, Finding
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Claim
from gongdao.core.rulebook.covers import covers
from gongdao.core.rulebook.evaluate import holds
from gongdao.core.rulebook.model import Rulebook, Value
from gongdao.core.rulebook.processes import Process, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Playbook:
    """The rulebooks in force for one case."""

    platform: str
    tracks: Mapping[str, tuple[Rulebook, ...]]
    """Track -> rulebooks to try in turn for a process."""
    questions: Mapping[str, tuple[tuple[Rulebook, str], ...]]
    """Question (`ruling`, `admission`) -> tables to ask in turn; the first decided counts."""
    floor: tuple[tuple[Rulebook, str], ...] = ()
    """Tables of law below which no answer falls (法定底线)."""
    books: Mapping[str, Rulebook]
    """Every rulebook of the playbook, and those that running tracks were started under, by ref."""

    def asked(self, question: str, claim: Claim) -> tuple[tuple[Rulebook, str], ...]:
        """Return the tables to ask in turn in a case of this claim: those that answer for it."""
        return tuple(q for q in self.questions.get(question, ()) if covers(q[0], claim))

    def laws(self, claim: Claim) -> tuple[tuple[Rulebook, str], ...]:
        """Return the tables of law below which no answer to this claim falls."""
        return tuple(q for q in self.floor if covers(q[0], claim))

    def process(self, ref: str, name: str) -> Process:
        """Return the process a track runs under, of the book it was started with."""
        return self.books[ref].processes[name]

    def state(self, ref: str, process: str, state: str) -> State:
        """Return a state of a process."""
        return self.books[ref].processes[process].states[state]

    def choose(
        self, track: str, claim: Claim, facts: Mapping[str, Value]
    ) -> tuple[Rulebook, Process]:
        """Return the first process of `track` that serves this claim under these facts.

        Raises BadInput `case.no_process` when the platform offers none.
        """
        for book in self.tracks.get(track, ()):
            for process in book.processes.values():
                serves = process.serves
                if serves.track != track or (serves.claims and claim not in serves.claims):
                    continue
                if serves.when is None or holds(book, serves.when, facts).answer is True:
                    return book, process
        raise BadInput(
            Finding(
                code="case.no_process",
                field="claim",
                message=Text(
                    f"平台 {self.platform} 没有适用于该诉求的流程",
                    f"platform `{self.platform}` has no process for this claim",
                ),
                cure=Text("请更换诉求，或为平台补充流程", "choose another claim, or add a process"),
            )
        )


def stale(expected: int, actual: int) -> Conflict:
    """Return the refusal of a command given on an old version of the case."""
    return Conflict(
        Finding(
            code="case.version_conflict",
            field="expected_version",
            message=Text(
                f"案件已更新到第 {actual} 版，您看到的是第 {expected} 版",
                f"the case is at version {actual}; you have seen version {expected}",
            ),
            cure=Text("请刷新后再操作", "reload the case and decide again"),
        )
    )
