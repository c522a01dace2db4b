"""The joint statement of reasons (并案裁决书): the rulings of joined cases, told to one party."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gongdao.core.adjudication.ruling import Ruling
from gongdao.core.cases.model import Case
from gongdao.core.cases.second_review import at_stake_fen
from gongdao.core.cases.statement import Section, Statement, statement_of
from gongdao.core.kernel.money import yuan
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Role, label
from gongdao.core.rulebook.model import Rulebook


@dataclass(frozen=True, slots=True, kw_only=True)
class JointStatement:
    """What was ruled in the cases of a group: an overview, then each ruling by itself."""

    group: str
    audience: Role
    title: Text
    overview: Section
    parts: tuple[Statement, ...]
    """One for each case with a ruling, oldest case first."""


def joint_statement(
    group: str, cases: Sequence[Case], audience: Role, books: Sequence[Rulebook | None]
) -> JointStatement | None:
    """Return the rulings in force of joined cases for `audience`; None when none was ruled.

    `books` are the rulebooks that the rulings rest on, case by case; None where there is no ruling.
    """
    parts = tuple(
        statement_of(case, case.ruling, audience, book)
        for case, book in zip(cases, books, strict=True)
        if case.ruling is not None and book is not None
    )
    if not parts:
        return None
    ruled = [(case, case.ruling) for case in cases if case.ruling is not None]
    lines = [_line(number, case) for number, case in enumerate(cases, start=1)]
    return JointStatement(
        group=group,
        audience=audience,
        title=Text("并案裁决书", "Joint statement of reasons"),
        overview=Section(
            title=Text("并案审理的案件", "The cases heard together"), lines=(*lines, _total(ruled))
        ),
        parts=parts,
    )


def _line(number: int, case: Case) -> Text:
    zh, en = (
        f"{number}. 案件 {case.id}，订单 {case.order.order_id}",
        (f"{number}. Case {case.id}, order {case.order.order_id}"),
    )
    ruling = case.ruling
    if ruling is None:
        return Text(f"{zh}：尚未裁决", f"{en}: not ruled")
    remedy, total = label(ruling.remedy), yuan(at_stake_fen(case, ruling))
    return Text(f"{zh}：{remedy.zh}，{total} 元", f"{en}: {remedy.en}, {total} yuan")


def _total(ruled: Sequence[tuple[Case, Ruling]]) -> Text:
    total = yuan(sum(at_stake_fen(case, ruling) for case, ruling in ruled))
    return Text(
        f"共裁决 {len(ruled)} 个案件，退款与赔付合计 {total} 元。",
        f"Ruled: {len(ruled)}; refund and compensation in all: {total} yuan.",
    )
