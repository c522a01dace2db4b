"""Rule text (规则文字): cells and expressions of a rulebook in the words of its own labels."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gongdao.core.rulebook.explain import title_of, type_of_name
from gongdao.core.rulebook.expression import (
    Binary,
    Call,
    Choice,
    Constant,
    Expression,
    Name,
    Unary,
)
from gongdao.core.rulebook.facts import enums_of
from gongdao.core.rulebook.literal import say
from gongdao.core.rulebook.model import Cell, Kind, Operator, Rulebook, TypeOf
from gongdao.web.desk.language import wording

_SIGNS = {"*": "×", "/": "÷", "==": "=", "!=": "≠", "<=": "≤", ">=": "≥"}


def condition(cell: Cell, book: Rulebook) -> str:
    """Say a cell: what its value has to be."""
    wanted = type_of_name(book, cell.name)
    operands = [spoken(o, book, wanted) for o in cell.operands]
    match cell.operator:
        case Operator.KNOWN:
            return _("is known")
        case Operator.UNKNOWN:
            return _("is unknown")
        case Operator.IN | Operator.EQ:
            return pgettext("between alternatives", " or ").join(operands)
        case Operator.NOT_IN:
            return _("none of: {list}").format(list=_(", ").join(operands))
        case _:
            return f"{_SIGNS.get(cell.operator.value, cell.operator.value)} {operands[0]}"


def spoken(node: Expression, book: Rulebook, wanted: TypeOf | None = None) -> str:
    """Say an expression with labels in place of names; `wanted` types its bare words."""
    match node:
        case Constant():
            kind = Kind(node.kind)
            meant = wanted if kind is Kind.ENUM and wanted else TypeOf(kind=kind)
            return wording(say(node.value, meant, enums_of(book)))
        case Name():
            return wording(title_of(book, node.name))
        case Unary("known"):
            return _("{value} is known").format(value=spoken(node.operand, book))
        case Unary("not"):
            return _("not ({value})").format(value=spoken(node.operand, book))
        case Unary():
            return f"−{spoken(node.operand, book)}"
        case Binary():
            return _binary(node, book)
        case Call():
            inside = _(", ").join(spoken(a, book) for a in node.arguments)
            return f"{_function(node.function)}({inside})"
        case Choice():
            return _("{then} if {condition}, else {otherwise}").format(
                then=spoken(node.then, book, wanted),
                condition=spoken(node.condition, book),
                otherwise=spoken(node.otherwise, book, wanted),
            )


def _binary(node: Binary, book: Rulebook) -> str:
    """Say an operation; a word compared with a name is said by that name's enumeration."""
    left_type = type_of_name(book, node.left.name) if isinstance(node.left, Name) else None
    left = spoken(node.left, book)
    right = spoken(node.right, book, left_type)
    sign = {"and": _("and"), "or": _("or")}.get(
        node.operator, _SIGNS.get(node.operator, node.operator)
    )
    return f"{_bracketed(node.left, left)} {sign} {_bracketed(node.right, right)}"


def _bracketed(node: Expression, said: str) -> str:
    return f"({said})" if isinstance(node, Binary | Choice) else said


def _function(name: str) -> str:
    return {
        "min": _("the lesser of "),
        "max": _("the greater of "),
        "round": _("rounded "),
        "next_midnight": _("midnight after "),
    }.get(name, name)
