"""Event kinds (事件种类): the wire name of an event, the same in API and pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gongdao.core.cases.events import Event


def event_kind(event: Event) -> str:
    """Return the wire name of an event's kind: `MoneyGranted` -> `money_granted`."""
    name = type(event).__name__
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")
