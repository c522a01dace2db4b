"""Expressions (表达式): the small typed arithmetic of formulas, cells and outputs.

Written as people write it: `paid - postage`, `min(paid * 30%, 500 yuan)`, `succeeded_at + 15d`,
`shipped_at is known and signed_at - shipped_at > 14d`. Six node kinds; everything that reads a
rulebook (scalar evaluation, proof, bulk compilation) walks these same nodes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import TypeAlias

from gongdao.core.kernel.time import Span


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal: number, money in fen, span, instant, boolean or an enum word."""

    value: bool | int | Fraction | Span | datetime | str
    kind: str
    """The Kind of the literal; `enum` for a bare word in quotes."""


@dataclass(frozen=True, slots=True)
class Name:
    """A fact, parameter, formula, or `table.output`."""

    name: str


@dataclass(frozen=True, slots=True)
class Unary:
    """`-x`, `not x`, `x is known` (operator `known`)."""

    operator: str
    operand: Expression


@dataclass(frozen=True, slots=True)
class Binary:
    """Arithmetic `+ - * /`, comparison `== != < <= > >=`, logic `and or`."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Call:
    """`min max round floor ceil abs next_midnight` of their arguments."""

    function: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """`a if condition else b`."""

    condition: Expression
    then: Expression
    otherwise: Expression


Expression: TypeAlias = Constant | Name | Unary | Binary | Call | Choice
