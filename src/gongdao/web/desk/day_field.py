"""Day fields (日期输入): a day that somebody chose on a page."""

from __future__ import annotations

from datetime import date

from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text


def read_day(text: str, field: str = "day") -> date | None:
    """Return the day of a date input; None when it was left empty.

    Raises BadInput `input.invalid`.
    """
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(
            Finding(code="input.invalid", field=field, message=Text("请填写日期", "give a date"))
        ) from None
