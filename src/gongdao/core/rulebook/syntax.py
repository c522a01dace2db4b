"""Reading expressions (表达式语法): text to the nodes of `expression.py`, by recursive descent.

The grammar, loosest first: `a if c else b`, `or`, `and`, `not`, comparison (`==`, `in [...]`,
`is known`), `+ -`, `* /`, sign, literal | name | call | brackets.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from gongdao.core.kernel.findings import BadInput
from gongdao.core.kernel.money import FEN_PER_YUAN, LARGEST_FEN
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.time import Span, parse_instant
from gongdao.core.rulebook.expression import (
    Binary,
    Call,
    Choice,
    Constant,
    Expression,
    Name,
    Unary,
)

FUNCTIONS = ("min", "max", "round", "floor", "ceil", "abs", "next_midnight")
#: Words of the language, which therefore name nothing in a book.
RESERVED = frozenset(
    (
        "if",
        "else",
        "and",
        "or",
        "not",
        "in",
        "is",
        "known",
        "unknown",
        "yuan",
        "true",
        "false",
        "workday",
        "workdays",
    )
)
COMPARISONS = ("==", "!=", "<=", ">=", "<", ">")
_LONGEST = 2000
_DEEPEST = 40
#: A chain of operators is as deep as it is long for everything that walks it.
_MOST_TOKENS = 250
#: Digits that a number in a rulebook may have; more is a slip of the keyboard.
_MOST_DIGITS = 30
_MOST_MONTHS = 1200
_MOST_WORKDAYS = 2500
_MOST_SECONDS = 100 * 366 * 86400
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_TOKEN = re.compile(
    r"""\s*(?:
      (?P<span>\d+\ ?workdays?(?![\w.])|(?:\d+mo)?(?:\d+[wdhms])+(?![\w.])|\d+mo(?![\w.]))
    | (?P<number>\d+(?:\.\d+)?)
    | (?P<name>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)?)
    | '(?P<word>[^']*)'
    | (?P<op>==|!=|<=|>=|[<>+\-*/(),%\[\]])
    )""",
    re.VERBOSE | re.ASCII,
)


class SyntaxFault(Exception):
    """The text is not an expression; `text` says why in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        self.text = Text(zh, en)
        super().__init__(en)


@dataclass(slots=True)
class _Token:
    kind: str
    text: str


def parse_expression(text: str) -> Expression:
    """Read one expression; SyntaxFault when it is not one."""
    if len(text) > _LONGEST:
        raise SyntaxFault("表达式太长", f"the expression is longer than {_LONGEST} characters")
    reader = _Reader(_tokens(text))
    found = reader.choice(0)
    reader.expect("end", "")
    return found


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    at = 0
    stripped = text.rstrip()
    while at < len(stripped):
        found = _TOKEN.match(stripped, at)
        if found is None or found.lastgroup is None:
            rest = stripped[at : at + 12].strip()
            raise SyntaxFault(f"“{rest}”处无法理解", f"cannot read the expression at `{rest}`")
        if len(tokens) >= _MOST_TOKENS:
            raise SyntaxFault("表达式太长，请拆成几个公式", "too long: split it into formulas")
        tokens.append(_Token(found.lastgroup, found.group(found.lastgroup)))
        at = found.end()
    tokens.append(_Token("end", ""))
    return tokens


class _Reader:
    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._at = 0

    @property
    def _next(self) -> _Token:
        return self._tokens[self._at]

    def _take(self, *texts: str) -> str | None:
        token = self._next
        if token.kind in ("op", "name") and token.text in texts:
            self._at += 1
            return token.text
        return None

    def expect(self, kind: str, text: str) -> None:
        """Step over the token wanted, or refuse."""
        token = self._next
        if token.kind != kind or (text and token.text != text):
            wanted = text or ("结尾" if kind == "end" else kind)
            raise SyntaxFault(
                f"此处应为“{wanted}”，实为“{token.text or '结尾'}”",
                f"expected `{text or kind}`, found `{token.text or 'end'}`",
            )
        self._at += 1

    def choice(self, depth: int) -> Expression:
        """`a if condition else b`."""
        if depth > _DEEPEST:
            raise SyntaxFault("表达式嵌套过深", "the expression is nested too deeply")
        then = self._either(depth)
        if self._take("if") is None:
            return then
        condition = self._either(depth)
        self.expect("name", "else")
        return Choice(condition, then, self.choice(depth + 1))

    def _either(self, depth: int) -> Expression:
        left = self._both(depth)
        while self._take("or"):
            left = Binary("or", left, self._both(depth))
        return left

    def _both(self, depth: int) -> Expression:
        left = self._negation(depth)
        while self._take("and"):
            left = Binary("and", left, self._negation(depth))
        return left

    def _negation(self, depth: int) -> Expression:
        flips = 0
        while self._take("not"):
            flips += 1
        found = self._comparison(depth)
        return Unary("not", found) if flips % 2 else found

    def _comparison(self, depth: int) -> Expression:
        left = self._sum(depth)
        if operator := self._take(*COMPARISONS):
            return Binary(operator, left, self._sum(depth))
        if self._take("is"):
            negated = self._take("unknown") is not None
            if not negated:
                self.expect("name", "known")
            known = Unary("known", left)
            return Unary("not", known) if negated else known
        if self._take("in"):
            return self._membership(left, depth)
        if self._next.text == "not" and self._tokens[self._at + 1].text == "in":
            self._at += 2
            return Unary("not", self._membership(left, depth))
        return left

    def _membership(self, left: Expression, depth: int) -> Expression:
        """`x in [a, b]` is `x == a or x == b`."""
        self.expect("op", "[")
        found: Expression = Binary("==", left, self._sum(depth))
        while self._take(","):
            found = Binary("or", found, Binary("==", left, self._sum(depth)))
        self.expect("op", "]")
        return found

    def _sum(self, depth: int) -> Expression:
        left = self._product(depth)
        while operator := self._take("+", "-"):
            left = Binary(operator, left, self._product(depth))
        return left

    def _product(self, depth: int) -> Expression:
        left = self._signed(depth)
        while operator := self._take("*", "/"):
            left = Binary(operator, left, self._signed(depth))
        return left

    def _signed(self, depth: int) -> Expression:
        flips = 0
        while self._take("-"):
            flips += 1
        found = self._atom(depth)
        return Unary("-", found) if flips % 2 else found

    def _atom(self, depth: int) -> Expression:
        token = self._next
        if token.kind == "op" and token.text == "(":
            self._at += 1
            found = self.choice(depth + 1)
            self.expect("op", ")")
            return found
        if token.kind not in ("span", "number", "word", "name"):
            self.expect("name", "")
        self._at += 1
        if token.kind == "span":
            return Constant(_span(token.text), "span")
        if token.kind == "number":
            return self._number(token.text)
        if token.kind == "word":
            return _word(token.text)
        if token.text in ("true", "false"):
            return Constant(token.text == "true", "boolean")
        if token.text in FUNCTIONS and self._next.text == "(":
            return Call(token.text, self._arguments(depth))
        if token.text in RESERVED:
            raise SyntaxFault(f"“{token.text}”处缺少内容", f"nothing stands before `{token.text}`")
        return Name(token.text)

    def _number(self, text: str) -> Constant:
        if len(text) > _MOST_DIGITS:
            raise SyntaxFault("数字太长", "the number is too long")
        value = Fraction(text)
        if self._take("yuan"):
            fen = value * FEN_PER_YUAN
            if fen.denominator != 1 or fen > LARGEST_FEN:
                raise SyntaxFault("金额最多两位小数", "money has at most two decimals")
            return Constant(int(fen), "money")
        if self._take("%"):
            return Constant(value / 100, "decimal")
        if "." in text:
            return Constant(value, "decimal")
        return Constant(int(text), "integer")

    def _arguments(self, depth: int) -> tuple[Expression, ...]:
        self.expect("op", "(")
        found = [self.choice(depth + 1)]
        while self._take(","):
            found.append(self.choice(depth + 1))
        self.expect("op", ")")
        return tuple(found)


def _span(text: str) -> Span:
    span = Span.parse(text) if len(text) <= _MOST_DIGITS else None
    if span is None or not fits_a_life(span):
        raise SyntaxFault(
            "时长超过一百年或 2500 个工作日",
            "the span is longer than a hundred years or 2500 working days",
        )
    return span


def fits_a_life(span: Span) -> bool:
    """Tell whether a span is at most a hundred years, ten of working days.

    Adding it to a date cannot overflow.
    """
    return (
        abs(span.months) <= _MOST_MONTHS
        and abs(span.seconds) <= _MOST_SECONDS
        and abs(span.workdays) <= _MOST_WORKDAYS
    )


def _word(text: str) -> Constant:
    """A quoted text is an instant if it reads as one, else a word of some enumeration."""
    instant = read_instant(text)
    return Constant(text, "enum") if instant is None else Constant(instant, "instant")


def read_instant(text: str) -> datetime | None:
    """Read an instant with an offset between 1900 and 2200, or return None."""
    try:
        instant = parse_instant(text)
    except (BadInput, OverflowError):
        return None
    return instant if _FIRST_YEAR <= instant.year <= _LAST_YEAR else None
