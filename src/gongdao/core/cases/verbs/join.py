"""Join and separate (并案、分案): what a case records when it is heard with others, or alone."""

from __future__ import annotations

from gongdao.core.cases import refusals
from gongdao.core.cases.commands import JoinCases, SeparateCase
from gongdao.core.cases.draft import Draft
from gongdao.core.cases.join_events import Joined, Separated
from gongdao.core.kernel.findings import Conflict, Finding
from gongdao.core.kernel.text import Text


def handle_group(draft: Draft, command: JoinCases | SeparateCase) -> None:
    """Draft that the case joins a group, or leaves one. Raises as the two below."""
    if isinstance(command, JoinCases):
        join_cases(draft, command)
    else:
        separate_case(draft, command)


def join_cases(draft: Draft, command: JoinCases) -> None:
    """Draft that the case is heard together with others.

    Raises Conflict: `case.closed`; `joined.after_ruling` once the platform has ruled or proposed
    to; `joined.already` when the group is the one it belongs to.
    """
    case = draft.case
    if case.closed_at is not None:
        raise refusals.closed()
    if case.rulings or case.proposal is not None:
        raise _after_ruling()
    now = case.joined
    if now is not None and (now.group, now.members) == (command.group, command.members):
        raise _already()
    draft.add(
        Joined(
            at=draft.now,
            by=command.by.role,
            actor=command.by.id,
            group=command.group,
            members=command.members,
            reason=command.reason,
        )
    )


def separate_case(draft: Draft, command: SeparateCase) -> None:
    """Draft that a case of the group is heard by itself again; evidence referred so far stays.

    Raises Conflict: `case.closed`, `joined.not_joined`.
    """
    case = draft.case
    if case.closed_at is not None:
        raise refusals.closed()
    if case.joined is None or command.left not in case.joined.members:
        raise not_joined()
    draft.add(
        Separated(
            at=draft.now,
            by=command.by.role,
            actor=command.by.id,
            group=case.joined.group,
            left=command.left,
            members=tuple(m for m in case.joined.members if m != command.left),
            reason=command.reason,
        )
    )


def not_joined() -> Conflict:
    """The case is heard by itself."""
    return Conflict(
        Finding(
            code="joined.not_joined",
            field="case_id",
            message=Text("该案件未并案", "the case is not joined with any other"),
        )
    )


def _after_ruling() -> Conflict:
    return Conflict(
        Finding(
            code="joined.after_ruling",
            field="case_ids",
            message=Text(
                "已裁决或已拟裁决的案件不能并案",
                "a case that was ruled on, or has a ruling proposed, cannot be joined",
            ),
            cure=Text("请单独处理该案件", "hear it by itself"),
        )
    )


def _already() -> Conflict:
    return Conflict(
        Finding(
            code="joined.already",
            field="case_ids",
            message=Text("这些案件已经并案", "these cases are joined already"),
        )
    )
