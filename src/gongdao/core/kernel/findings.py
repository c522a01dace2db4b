"""Findings (问题): what is wrong with an input, a rulebook or a command, as values.

A finding has a stable code that programs may rely on, the place it is about, a message that says
what is wrong and a cure that says how to put it right, both in Chinese and English.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gongdao.core.kernel.text import Text

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One problem, addressable by code and field."""

    code: str
    """Stable, dotted, lower case: `case.action_not_allowed`."""
    message: Text
    field: str | None = None
    """Dotted path of the offending input, for example `order.lines.0.quantity`."""
    cure: Text | None = None
    severity: Severity = "error"
    where: str | None = None
    """File and line, when the problem is in a file: `rulebooks/a/b/2024-01-01.yaml:12`."""


class Refused(Exception):
    """A command or an input was refused; `findings` say why. Nothing was changed."""

    def __init__(self, *findings: Finding) -> None:
        self.findings = findings
        super().__init__("; ".join(f"{f.code}: {f.message.en}" for f in findings))

    @property
    def code(self) -> str:
        """The code of the first finding, the one an API reports as its own."""
        return self.findings[0].code


class BadInput(Refused):
    """The input itself is malformed; HTTP 422, exit code 2."""


class NotAllowed(Refused):
    """The person may see this but not do it; HTTP 403."""


class NotVisible(Refused):
    """Unknown, or not for this person to see: the two are never told apart; HTTP 404."""


class Conflict(Refused):
    """The case is in another state or version than the command supposes; HTTP 409."""
