"""Four axes (四轴): stage, goods, money and arbitration of a case, each as steps with one now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from gongdao.core.cases.events import Acted, Event
from gongdao.core.kernel.words import Arbitration, Goods, MoneyState
from gongdao.web.desk.language import wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from enum import StrEnum

    from gongdao.core.cases.model import Case
    from gongdao.core.cases.playbook import Playbook


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an axis."""

    title: str
    done: bool
    now: bool


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis: its name, where it stands, and its steps."""

    name: str
    now: str
    steps: list[Step]
    bad: bool = False


_GOODS = (Goods.WITH_MERCHANT, Goods.IN_TRANSIT, Goods.WITH_BUYER, Goods.IN_RETURN, Goods.RETURNED)
_MONEY = (MoneyState.NONE, MoneyState.GRANTED, MoneyState.SENT, MoneyState.CONFIRMED)
_ARBITRATION = (
    Arbitration.NONE,
    Arbitration.EVIDENCE,
    Arbitration.REVIEWING,
    Arbitration.RULED,
    Arbitration.FINAL,
)


def axes(case: Case, playbook: Playbook, events: Iterable[Event]) -> list[Axis]:
    """Return the four axes of a case."""
    return [
        _stage(case, playbook, events),
        _axis(_("Goods"), case.goods, _GOODS, bad=case.goods is Goods.LOST),
        _axis(_("Money"), case.money, _MONEY, bad=case.money is MoneyState.FAILED),
        _axis(_("Arbitration"), case.arbitration, _ARBITRATION),
    ]


def _stage(case: Case, playbook: Playbook, events: Iterable[Event]) -> Axis:
    """Steps are the states the after-sale has been in, and the end when not yet reached."""
    track = case.tracks["after_sale"]
    states = playbook.books[track.rulebook].processes[track.process].states
    moves = [e for e in events if isinstance(e, Acted) and e.track == "after_sale"]
    visited = [e.from_state for e in moves if e.from_state != e.to_state] + [track.state]
    steps = [
        Step(wording(states[name].title) if name in states else name, done=True, now=False)
        for name in visited[:-1]
    ]
    here = states[track.state]
    steps.append(Step(wording(here.title), done=False, now=True))
    if here.final is None:
        steps.append(Step(_("end"), done=False, now=False))
    return Axis(_("After-sale"), wording(here.title), steps)


def _axis(name: str, value: StrEnum, ladder: Sequence[StrEnum], *, bad: bool = False) -> Axis:
    """Steps of a fixed ladder; a value beside it (lost, appealed, failed) takes the last place."""
    words = list(ladder) if value in ladder else [*ladder[:-1], value]
    place = words.index(value)
    steps = [Step(wording(w), done=i < place, now=i == place) for i, w in enumerate(words)]
    return Axis(name, wording(value), steps, bad)
