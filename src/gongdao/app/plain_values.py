"""What a caller may put into a command: values kept exactly, and read again as they were."""

from __future__ import annotations

from collections.abc import Mapping

from gongdao.core.cases.model import Plain
from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.money import LARGEST_FEN
from gongdao.core.kernel.text import Text

LONGEST_TEXT_CHARACTERS = 4000
MOST_VALUES = 50
#: How a sealed text begins (app/privacy): nobody hands one in from outside.
SEALED_HEAD = "⟦sealed:"


def check_payload(payload: Mapping[str, Plain]) -> None:
    """Raise BadInput when a payload is too large or holds a value that cannot be kept."""
    if len(payload) > MOST_VALUES:
        raise _bad("payload", Text(f"最多 {MOST_VALUES} 项", f"at most {MOST_VALUES} values"))
    for name, value in payload.items():
        check_text(name, "payload")
        check_value(value, f"payload.{name}")


def check_value(value: object, field: str) -> None:
    """Raise BadInput unless `value` is a boolean, a whole number of sane size, or text."""
    if isinstance(value, str):
        check_text(value, field)
    elif not isinstance(value, int) or abs(value) > LARGEST_FEN:
        raise _bad(
            field,
            Text("须为是否、整数或文本", "give true or false, a whole number, or text"),
        )


def check_text(text: str, field: str) -> None:
    """Raise BadInput for text that is too long or that a database or a browser cannot hold."""
    if len(text) > LONGEST_TEXT_CHARACTERS:
        most = LONGEST_TEXT_CHARACTERS
        raise _bad(field, Text(f"最多 {most} 个字符", f"at most {most} characters"))
    unfit = "\0" in text or any("\ud800" <= c <= "\udfff" for c in text)
    if unfit or SEALED_HEAD in text:
        raise _bad(field, Text("含有无法保存的字符", "it holds characters that cannot be kept"))


def _bad(field: str, message: Text) -> BadInput:
    return BadInput(Finding(code="input.bad_value", field=field, message=message))
