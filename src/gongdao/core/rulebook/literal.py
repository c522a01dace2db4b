"""Values in plain data (字面值): reading one by its declared type, and writing it for people."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from gongdao.core.kernel.findings import BadInput
from gongdao.core.kernel.money import LARGEST_FEN, fen_from_yuan, yuan
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.time import Span, beijing
from gongdao.core.kernel.words import Claim, Goods, Party, Reason, Remedy, Role, label
from gongdao.core.rulebook.model import Enumeration, Kind, TypeOf, Value
from gongdao.core.rulebook.syntax import fits_a_life, read_instant

_NUMBER = re.compile(r"[+-]?\d{1,30}(?:\.\d{1,30})?", re.ASCII)
_SPAN = re.compile(r"(?=\d)(?:\d{1,6}mo)?(?:\d{1,12}[wdhms])*|\d{1,6} ?workdays?", re.ASCII)
#: Larger counts are typing errors; keeps every reader's integers within 64 bits.
_LARGEST_NUMBER = 10**15


def _built_in(name: str, words: type[StrEnum]) -> Enumeration:
    return Enumeration(name=name, members={w.value: label(w) for w in words})


#: Enumerations that every rulebook may use without declaring them.
BUILT_IN: Mapping[str, Enumeration] = {
    "party": _built_in("party", Party),
    "role": _built_in("role", Role),
    "claim": _built_in("claim", Claim),
    "remedy": _built_in("remedy", Remedy),
    "reason": _built_in("reason", Reason),
    "goods": _built_in("goods", Goods),
}

#: How each kind is written, for cures.
HOW: Mapping[Kind, Text] = {
    Kind.BOOLEAN: Text("true 或 false", "true or false"),
    Kind.INTEGER: Text("整数，例如 15", "a whole number, for example 15"),
    Kind.DECIMAL: Text("数字或百分数，例如 0.35%", "a number or a rate, for example 0.35%"),
    Kind.MONEY: Text("金额，例如 12.50 yuan", "money, for example 12.50 yuan"),
    Kind.SPAN: Text(
        "时长，例如 48h、7d、6mo、5 workdays", "a span, for example 48h, 7d, 6mo, 5 workdays"
    ),
    Kind.INSTANT: Text(
        "带时区的时刻，例如 2024-01-03T10:00:00+08:00",
        "an instant with offset, for example 2024-01-03T10:00:00+08:00",
    ),
    Kind.ENUM: Text("所列词语之一", "one of the words listed"),
    Kind.TEXT: Text("文字", "text"),
}


def how_to_write(type_: TypeOf, enums: Mapping[str, Enumeration]) -> Text:
    """Say how a value of the type is written."""
    enum = enums.get(type_.enum or "")
    if enum is not None:
        words = ", ".join(enum.members)
        return Text(f"可选：{words}", f"one of: {words}")
    return HOW[type_.kind]


def read_literal(
    data: object, type_: TypeOf, enums: Mapping[str, Enumeration], *, bare_yuan: bool = False
) -> Value | None:
    """Read one value of `type_`, or return None when it is not one. Never raises.

    `bare_yuan` accepts money as plain yuan (`12.50`), as facts are given; rulebooks must say
    `12.50 yuan`.
    """
    match type_.kind:
        case Kind.BOOLEAN:
            return data if isinstance(data, bool) else None
        case Kind.INTEGER:
            number = _number(data)
            return int(number) if number is not None and number.denominator == 1 else None
        case Kind.DECIMAL:
            return _number(data)
        case Kind.MONEY:
            return _money(data, bare_yuan=bare_yuan)
        case Kind.SPAN:
            return _span(data)
        case Kind.INSTANT:
            if isinstance(data, datetime):
                return data.astimezone(UTC) if data.tzinfo is not None else None
            return read_instant(data) if isinstance(data, str) else None
        case Kind.ENUM:
            return _word(data, enums.get(type_.enum or ""))
        case Kind.TEXT:
            return data if isinstance(data, str) else None


def _number(data: object) -> Fraction | None:
    if isinstance(data, bool):
        return None
    value: Fraction | None = None
    if isinstance(data, (int, Fraction)):
        value = Fraction(data)
    elif isinstance(data, Decimal):
        small = data.is_finite() and abs(data.adjusted()) <= 30  # noqa: PLR2004  digits
        value = Fraction(data) if small else None
    elif isinstance(data, str):
        text = data.strip()
        rate = text.endswith("%")
        digits = text.removesuffix("%").strip()
        if _NUMBER.fullmatch(digits):
            value = Fraction(digits) / (100 if rate else 1)
    return value if value is not None and abs(value) <= _LARGEST_NUMBER else None


def _span(data: object) -> Span | None:
    if not isinstance(data, str) or not _SPAN.fullmatch(data.strip()):
        return None
    span = Span.parse(data)
    return span if fits_a_life(span) else None


def _money(data: object, *, bare_yuan: bool) -> int | None:
    if isinstance(data, Mapping):
        fen: object = data.get("fen") if set(data) == {"fen"} else None  # pyright: ignore[reportUnknownMemberType,reportUnknownVariableType,reportUnknownArgumentType]
        good = isinstance(fen, int) and not isinstance(fen, bool) and abs(fen) <= LARGEST_FEN
        return fen if good and isinstance(fen, int) else None
    if isinstance(data, str):
        text = data.strip()
        if text.endswith("yuan"):
            text = text.removesuffix("yuan").strip()
        elif not bare_yuan:
            return None
        text = text.removeprefix("¥").replace(",", "")
        if not _NUMBER.fullmatch(text):
            return None
    elif isinstance(data, (int, Decimal)) and not isinstance(data, bool) and bare_yuan:
        number = _number(data)
        if number is None:
            return None
        text = str(data)
    else:
        return None
    try:
        return fen_from_yuan(text)
    except BadInput:
        return None


def _word(data: object, enum: Enumeration | None) -> str | None:
    if enum is None or not isinstance(data, str):
        return None
    word = enum.synonyms.get(data, data)
    return word if word in enum.members else None


def say(value: Value | None, type_: TypeOf, enums: Mapping[str, Enumeration]) -> Text:
    """Write a value as people read it: labels for words, `12.50 元`, Beijing time."""
    if value is None:
        return Text("未知", "unknown")
    if isinstance(value, bool):
        return Text("是", "yes") if value else Text("否", "no")
    if isinstance(value, datetime):
        return Text(beijing(value), f"{beijing(value)} (Beijing)")
    if isinstance(value, Span):
        return value.in_words()
    if isinstance(value, str):
        enum = enums.get(type_.enum or "")
        return enum.members.get(value, Text(value, value)) if enum else Text(value, value)
    if type_.kind is Kind.MONEY:
        amount = yuan(int(value))
        return Text(f"{amount} 元", f"{amount} yuan")
    number = decimal_text(Fraction(value))
    return Text(number, number)


def decimal_text(value: Fraction) -> str:
    """Write an exact number: as a decimal when it ends, else as a fraction."""
    if value.denominator == 1:
        return str(value.numerator)
    rest = value.denominator
    places = 0
    while rest % 10 == 0 or rest % 2 == 0 or rest % 5 == 0:
        rest = rest // 10 if rest % 10 == 0 else rest // 2 if rest % 2 == 0 else rest // 5
        places += 1
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    scaled = value * 10**places
    sign = "-" if scaled < 0 else ""
    digits = str(abs(scaled.numerator)).rjust(places + 1, "0")
    return f"{sign}{digits[:-places]}.{digits[-places:]}".rstrip("0")


def plain(value: Value | None, type_: TypeOf) -> object:
    """Write a value as plain data that `read_literal` reads back: for JSON and for records."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Span):
        return str(value)
    if type_.kind is Kind.MONEY and isinstance(value, int):
        return {"fen": value}
    if isinstance(value, Fraction):
        return decimal_text(value)
    return value
