"""Trouble (故障): a failure of one case, in words kept beside it until somebody looks."""

from __future__ import annotations

from gongdao.core.kernel.findings import Refused

LONGEST_CHARACTERS = 500


def in_words(trouble: Exception) -> str:
    """Return the failure as one line: the code of a refusal, or the kind of error."""
    if isinstance(trouble, Refused):
        return f"{trouble.code}: {trouble.findings[0].message.en}"[:LONGEST_CHARACTERS]
    return f"{type(trouble).__name__}: {trouble}"[:LONGEST_CHARACTERS]
