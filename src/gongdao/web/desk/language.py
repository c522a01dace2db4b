"""Language (语言): which of the two wordings of a text this page shows."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import get_language

from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import label

if TYPE_CHECKING:
    from gongdao.core.kernel.text import Language


def current_language() -> Language:
    """Return the language of the page being made; Chinese unless English was asked for."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def wording(value: object) -> str:
    """Return a text or a word of the field as this page's reader reads it."""
    if isinstance(value, Text):
        return value.in_language(current_language())
    if isinstance(value, StrEnum):
        return label(value).in_language(current_language())
    return str(value)
