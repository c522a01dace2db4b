"""Writing expressions and cells back as text (书写): for explanations, diffs and pages."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction

from gongdao.core.kernel.money import yuan
from gongdao.core.rulebook.expression import (
    Binary,
    Call,
    Choice,
    Constant,
    Expression,
    Name,
    Unary,
)
from gongdao.core.rulebook.literal import decimal_text
from gongdao.core.rulebook.model import Cell, Kind, Operator


def write(node: Expression, *, inner: bool = False) -> str:
    """Write an expression as a rulebook states it; `inner` puts brackets round operations."""
    match node:
        case Constant():
            return _constant(node)
        case Name():
            return node.name
        case Unary("known"):
            return f"{write(node.operand, inner=True)} is known"
        case Unary("not"):
            text = f"not {write(node.operand, inner=True)}"
        case Unary():
            text = f"-{write(node.operand, inner=True)}"
        case Binary():
            left, right = write(node.left, inner=True), write(node.right, inner=True)
            text = f"{left} {node.operator} {right}"
        case Call():
            return f"{node.function}({', '.join(write(a) for a in node.arguments)})"
        case Choice():
            then, condition = write(node.then, inner=True), write(node.condition, inner=True)
            text = f"{then} if {condition} else {write(node.otherwise, inner=True)}"
    return f"({text})" if inner else text


def _constant(node: Constant) -> str:
    value = node.value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return f"'{value.isoformat()}'"
    if isinstance(value, str):
        return f"'{value}'"
    if node.kind == Kind.MONEY and isinstance(value, int):
        return f"{yuan(value)} yuan"
    if isinstance(value, (int, Fraction)):
        return decimal_text(Fraction(value))
    return str(value)


def write_condition(cell: Cell) -> str:
    """Write what a cell wants of its value: `== quality`, `> 15`, `in [a, b]`, `known`."""
    operands = [_bare(o) for o in cell.operands]
    if cell.operator in (Operator.KNOWN, Operator.UNKNOWN):
        return cell.operator.value
    if cell.operator in (Operator.IN, Operator.NOT_IN):
        return f"{cell.operator.value} [{', '.join(operands)}]"
    return f"{cell.operator.value} {operands[0]}"


def _bare(node: Expression) -> str:
    """Words of an enumeration stand in cells without quotes."""
    if isinstance(node, Constant) and isinstance(node.value, str):
        return node.value
    return write(node)
