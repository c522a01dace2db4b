"""Cells (单元格): what stands in a cell, read as the type that its field has; exact or refused."""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING

from gongdao.core.kernel.findings import BadInput, Finding, Refused
from gongdao.core.kernel.money import LARGEST_FEN, fen_from_yuan
from gongdao.core.kernel.text import Text

if TYPE_CHECKING:
    from gongdao.connectors.mapping import Kind, Mapping, Source
    from gongdao.core.cases.model import Plain

_TRUE = frozenset({"true", "1", "yes", "是"})
_FALSE = frozenset({"false", "0", "no", "否"})


def read_cell(
    row: MappingOf[str, object], name: str, kind: Kind, source: Source, mapping: Mapping
) -> Plain | datetime | None:
    """Return the value of a field in a row; None where the cell is empty.

    Raises BadInput (import.bad_cell, import.unknown_word) naming the column.
    """
    raw = source.constant if source.column is None else row.get(source.column)
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        raw = source.default
    if raw is None:
        return None
    field = source.column or name
    if source.words is not None:
        word = str(raw).strip()
        if word not in source.words:
            raise _unknown_word(field, word, source.words)
        raw = source.words[word]
    try:
        return _typed(raw, kind, source, mapping, field)
    except Refused:
        raise
    except (ValueError, ArithmeticError) as fault:
        raise _bad(field, raw, kind) from fault


def _typed(
    raw: object, kind: Kind, source: Source, mapping: Mapping, field: str
) -> Plain | datetime:
    match kind:
        case "text":
            return source.prefix + _text(raw)
        case "integer":
            return _whole(raw)
        case "money":
            return _fen(raw, source, field)
        case "instant":
            return _instant(raw, source, mapping)
        case "boolean":
            if isinstance(raw, bool):
                return raw
            return _boolean(str(raw))


def _text(raw: object) -> str:
    """Spreadsheets turn order numbers into floats; a whole one is its digits again."""
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    return str(raw).strip()


def _whole(raw: object) -> int:
    number = Decimal(str(raw).strip())
    if number != number.to_integral_value():
        raise ValueError(raw)
    return int(number)


def _fen(raw: object, source: Source, field: str) -> int:
    amount = fen_from_yuan(str(raw), field=field) if source.unit == "yuan" else _whole(raw)
    if not 0 <= amount <= LARGEST_FEN:
        raise ValueError(raw)
    return amount


def _instant(raw: object, source: Source, mapping: Mapping) -> datetime:
    if isinstance(raw, datetime):
        instant = raw
    elif isinstance(raw, date):
        instant = datetime.combine(raw, time(0))
    elif source.format is not None:
        instant = datetime.strptime(str(raw).strip(), source.format)  # noqa: DTZ007  zone below
    else:
        instant = datetime.fromisoformat(str(raw).strip())
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=mapping.zone)
    return instant.astimezone(UTC)


def _boolean(word: str) -> bool:
    said = word.strip().lower()
    if said not in _TRUE | _FALSE:
        raise ValueError(word)
    return said in _TRUE


def _unknown_word(field: str, word: str, words: MappingOf[str, Plain]) -> BadInput:
    allowed = ", ".join(words)
    return BadInput(
        Finding(
            code="import.unknown_word",
            field=field,
            message=Text(f"“{word}”不在映射的词表中", f"`{word}` is not in the mapping's words"),
            cure=Text(
                f"已有：{allowed}；请在映射里补上", f"known: {allowed}; add it to the mapping"
            ),
        )
    )


_SAID: dict[Kind, tuple[Text, Text]] = {
    "text": (Text("文本", "text"), Text("写文本", "write text")),
    "integer": (Text("整数", "a whole number"), Text("例如 2", "for example 2")),
    "money": (
        Text("非负金额", "an amount of money, not negative"),
        Text("例如 12.50", "for example 12.50"),
    ),
    "instant": (
        Text("时间", "a time"),
        Text(
            "例如 2020-02-21 00:00:02，或在映射里写 format",
            "for example 2020-02-21 00:00:02, or give a format",
        ),
    ),
    "boolean": (
        Text("是或否", "a yes or no"),
        Text("写 是/否 或 true/false", "write true or false"),
    ),
}


def _bad(field: str, raw: object, kind: Kind) -> BadInput:
    what, cure = _SAID[kind]
    return BadInput(
        Finding(
            code="import.bad_cell",
            field=field,
            message=Text(f"“{raw}”不是{what.zh}", f"`{raw}` is not {what.en}"),
            cure=cure,
        )
    )
