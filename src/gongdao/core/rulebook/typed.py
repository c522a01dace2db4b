"""Types of expressions (类型检查): every name known, every operation meaningful, before any case.

Resolving also settles what the text leaves open: a quoted word becomes a member of the enumeration
it is compared with (synonyms replaced), and money that was multiplied or divided is rounded half up
where it becomes a formula or an output.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from gongdao.core.kernel.text import Text
from gongdao.core.kernel.time import Span
from gongdao.core.rulebook.expression import (
    Binary,
    Call,
    Choice,
    Constant,
    Expression,
    Name,
    Unary,
)
from gongdao.core.rulebook.model import Enumeration, Kind, TypeOf

_NUMBERS = (Kind.INTEGER, Kind.DECIMAL)
_ORDERED = (*_NUMBERS, Kind.MONEY, Kind.SPAN, Kind.INSTANT)
_BOOLEAN = TypeOf(kind=Kind.BOOLEAN)
_DECIMAL = TypeOf(kind=Kind.DECIMAL)
_SPAN = TypeOf(kind=Kind.SPAN)
_INSTANT = TypeOf(kind=Kind.INSTANT)
_ONE_ARGUMENT = ("round", "floor", "ceil", "abs", "next_midnight")


class TypeFault(Exception):
    """The expression has no meaning; `text` says why, `cure` what to do."""

    def __init__(self, text: Text, cure: Text | None = None) -> None:
        self.text = text
        self.cure = cure
        super().__init__(text.en)


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression may name."""

    names: Mapping[str, TypeOf]
    enums: Mapping[str, Enumeration]
    monthly: frozenset[str] = frozenset()
    """Names whose spans count months or working days: they cannot be compared, only added to an
    instant."""


@dataclass(frozen=True, slots=True)
class _Typed:
    node: Expression
    type: TypeOf
    whole: bool = True
    """False when money may have fractions of a fen."""


def resolve(expression: Expression, scope: Scope, wanted: TypeOf | None = None) -> Expression:
    """Return the expression with its words settled, of type `wanted`; TypeFault otherwise."""
    found = _Resolver(scope).typed(expression)
    if wanted is None:
        return found.node
    found = _as_word_of(found, wanted, scope)
    if found.type == wanted:
        rounded = wanted.kind is Kind.MONEY and not found.whole
        return Call("round", (found.node,)) if rounded else found.node
    if wanted.kind is Kind.DECIMAL and found.type.kind is Kind.INTEGER:
        return found.node
    raise TypeFault(
        Text(
            f"结果应为 {type_name(wanted)}，实为 {type_name(found.type)}",
            f"the result should be {type_name(wanted)}, it is {type_name(found.type)}",
        )
    )


def type_of(expression: Expression, scope: Scope) -> TypeOf:
    """Return the type of an expression; TypeFault when it has none."""
    return _Resolver(scope).typed(expression).type


def type_name(type_: TypeOf) -> str:
    """Name a type as a rulebook writes it."""
    return type_.enum or type_.kind.value


def unknown_name(name: str, known: Mapping[str, object]) -> TypeFault:
    """Say that nothing is called `name`, and what may have been meant."""
    near = get_close_matches(name, list(known), n=1)
    cure = Text(
        f"是否想写“{near[0]}”？" if near else "请先在 facts、parameters、formulas 或 tables 中声明",
        f"did you mean `{near[0]}`?"
        if near
        else "declare it under facts, parameters, formulas or tables",
    )
    return TypeFault(Text(f"没有叫“{name}”的东西", f"nothing is called `{name}`"), cure)


def _as_word_of(found: _Typed, type_: TypeOf, scope: Scope) -> _Typed:
    """Settle a quoted word as a member of the enumeration `type_`, inside choices too."""
    node = found.node
    if isinstance(node, Choice) and found.type == TypeOf(kind=Kind.ENUM):
        then = _as_word_of(_Typed(node.then, found.type), type_, scope)
        otherwise = _as_word_of(_Typed(node.otherwise, found.type), type_, scope)
        return _Typed(Choice(node.condition, then.node, otherwise.node), then.type)
    if not isinstance(node, Constant) or node.kind != Kind.ENUM or found.type.enum:
        return found
    if type_.kind is Kind.TEXT:
        return _Typed(Constant(node.value, Kind.TEXT), type_)
    if type_.kind is not Kind.ENUM or type_.enum is None:
        return found
    enum = scope.enums[type_.enum]
    word = enum.synonyms.get(str(node.value), str(node.value))
    if word not in enum.members:
        raise TypeFault(
            Text(f"“{node.value}”不是 {enum.name}", f"`{node.value}` is not a word of {enum.name}"),
            Text(f"可选：{', '.join(enum.members)}", f"choose one of: {', '.join(enum.members)}"),
        )
    return _Typed(Constant(word, Kind.ENUM), type_)


class _Resolver:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def typed(self, node: Expression) -> _Typed:
        """Resolve one node."""
        match node:
            case Constant():
                return _Typed(node, TypeOf(kind=Kind(node.kind)))
            case Name():
                found = self._scope.names.get(node.name)
                if found is None:
                    raise unknown_name(node.name, self._scope.names)
                return _Typed(node, found)
            case Unary():
                return self._unary(node)
            case Binary():
                return self._binary(node)
            case Call():
                return self._call(node)
            case Choice():
                return self._choice(node)

    def _boolean(self, node: Expression) -> Expression:
        found = self.typed(node)
        if found.type.kind is not Kind.BOOLEAN:
            raise _unfit("and/or/not/if", found.type)
        return found.node

    def _unary(self, node: Unary) -> _Typed:
        if node.operator == "not":
            return _Typed(Unary("not", self._boolean(node.operand)), _BOOLEAN)
        found = self.typed(node.operand)
        if node.operator == "known":
            if not isinstance(node.operand, Name):
                raise TypeFault(Text("“is known”只用于名称", "`is known` is asked of a name only"))
            return _Typed(Unary("known", found.node), _BOOLEAN)
        if found.type.kind not in (*_NUMBERS, Kind.MONEY, Kind.SPAN):
            raise _unfit("-", found.type)
        return _Typed(Unary("-", found.node), found.type, found.whole)

    def _binary(self, node: Binary) -> _Typed:
        if node.operator in ("and", "or"):
            left, right = self._boolean(node.left), self._boolean(node.right)
            return _Typed(Binary(node.operator, left, right), _BOOLEAN)
        left, right = self.typed(node.left), self.typed(node.right)
        if node.operator in ("+", "-", "*", "/"):
            type_, whole = _arithmetic(node.operator, left, right)
            if node.operator == "/" and left.type.kind is Kind.SPAN and self._months(node):
                raise _unfit("/ (6mo)", left.type, right.type)
            return _Typed(Binary(node.operator, left.node, right.node), type_, whole)
        return self._comparison(node.operator, left, right)

    def _comparison(self, operator: str, left: _Typed, right: _Typed) -> _Typed:
        left = _as_word_of(left, right.type, self._scope)
        right = _as_word_of(right, left.type, self._scope)
        if not _same(left.type, right.type):
            raise _unfit(operator, left.type, right.type)
        if operator not in ("==", "!=") and left.type.kind not in _ORDERED:
            raise _unfit(operator, left.type, right.type)
        if left.type.kind is Kind.SPAN and (self._months(left.node) or self._months(right.node)):
            raise TypeFault(
                Text(
                    "按月或工作日计的时长不能比较大小：它没有固定长度",
                    "a span in months or working days cannot be compared: it has no fixed length",
                ),
                Text("请改写成“时刻 <= 时刻 + 6mo”", "write `instant <= instant + 6mo`"),
            )
        return _Typed(Binary(operator, left.node, right.node), _BOOLEAN)

    def _months(self, node: Expression) -> bool:
        """Tell whether a span expression may count months or working days."""
        match node:
            case Constant(value=Span() as span):
                return any(span.of_calendar)
            case Name():
                return node.name in self._scope.monthly
            case Unary():
                return self._months(node.operand)
            case Binary():
                return self._months(node.left) or self._months(node.right)
            case Call():
                return any(self._months(a) for a in node.arguments)
            case Choice():
                return self._months(node.then) or self._months(node.otherwise)
            case _:
                return False

    def _call(self, node: Call) -> _Typed:
        arguments = [self.typed(a) for a in node.arguments]
        first = arguments[0]
        nodes = tuple(a.node for a in arguments)
        if node.function in _ONE_ARGUMENT and len(arguments) != 1:
            raise TypeFault(
                Text(f"{node.function} 只取一个参数", f"{node.function} takes one argument")
            )
        call = Call(node.function, nodes)
        kind = first.type.kind
        if node.function == "next_midnight":
            if kind is not Kind.INSTANT:
                raise _unfit(node.function, first.type)
            return _Typed(call, _INSTANT)
        if node.function in ("round", "floor", "ceil"):
            if kind not in (*_NUMBERS, Kind.MONEY):
                raise _unfit(node.function, first.type)
            whole = first.type if kind is Kind.MONEY else TypeOf(kind=Kind.INTEGER)
            return _Typed(call, whole)
        return self._extreme(call, arguments)

    def _extreme(self, call: Call, arguments: list[_Typed]) -> _Typed:
        """`min`, `max`, `abs`."""
        first = arguments[0]
        allowed = _ORDERED if call.function != "abs" else (*_NUMBERS, Kind.MONEY, Kind.SPAN)
        for other in arguments:
            if other.type.kind not in allowed or not _same(first.type, other.type):
                raise _unfit(call.function, first.type, other.type)
        if first.type.kind is Kind.SPAN and self._months(call):
            raise _unfit(call.function, first.type)
        decimal = any(a.type.kind is Kind.DECIMAL for a in arguments)
        type_ = _DECIMAL if decimal else first.type
        return _Typed(call, type_, all(a.whole for a in arguments))

    def _choice(self, node: Choice) -> _Typed:
        condition = self._boolean(node.condition)
        then, otherwise = self.typed(node.then), self.typed(node.otherwise)
        then = _as_word_of(then, otherwise.type, self._scope)
        otherwise = _as_word_of(otherwise, then.type, self._scope)
        if not _same(then.type, otherwise.type):
            raise _unfit("if … else", then.type, otherwise.type)
        decimal = Kind.DECIMAL in (then.type.kind, otherwise.type.kind)
        return _Typed(
            Choice(condition, then.node, otherwise.node),
            _DECIMAL if decimal else then.type,
            then.whole and otherwise.whole,
        )


def _same(left: TypeOf, right: TypeOf) -> bool:
    """Tell whether two types compare: numbers of either kind do."""
    return left == right or (left.kind in _NUMBERS and right.kind in _NUMBERS)


def _arithmetic(operator: str, left: _Typed, right: _Typed) -> tuple[TypeOf, bool]:
    """Return the type of `left operator right`, and whether money stays whole fen."""
    kinds = (left.type.kind, right.type.kind)
    whole = left.whole and right.whole
    numbers = kinds[0] in _NUMBERS and kinds[1] in _NUMBERS
    if operator in ("+", "-"):
        if numbers:
            return (_DECIMAL if Kind.DECIMAL in kinds else left.type), True
        if kinds in ((Kind.MONEY, Kind.MONEY), (Kind.SPAN, Kind.SPAN)):
            return left.type, whole
        if kinds == (Kind.INSTANT, Kind.SPAN):
            return left.type, True
        if kinds == (Kind.SPAN, Kind.INSTANT) and operator == "+":
            return right.type, True
        if kinds == (Kind.INSTANT, Kind.INSTANT) and operator == "-":
            return _SPAN, True
        raise _unfit(operator, left.type, right.type)
    if operator == "/":
        if numbers or kinds in ((Kind.MONEY, Kind.MONEY), (Kind.SPAN, Kind.SPAN)):
            return _DECIMAL, True
        if kinds[0] is Kind.MONEY and kinds[1] in _NUMBERS:
            return left.type, False
        raise _unfit(operator, left.type, right.type)
    if numbers:
        return (_DECIMAL if Kind.DECIMAL in kinds else left.type), True
    for one, other in ((left, right), (right, left)):
        if one.type.kind is Kind.MONEY and other.type.kind in _NUMBERS:
            return one.type, one.whole and other.type.kind is Kind.INTEGER
        if one.type.kind is Kind.SPAN and other.type.kind is Kind.INTEGER:
            return one.type, True
    raise _unfit(operator, left.type, right.type)


def _unfit(operator: str, *types: TypeOf) -> TypeFault:
    names = ", ".join(type_name(t) for t in types)
    return TypeFault(
        Text(f"“{operator}”不能用于 {names}", f"`{operator}` has no meaning for {names}"),
        Text("见规则语言手册“Expressions”一节", "see “Expressions” in the rule language reference"),
    )
