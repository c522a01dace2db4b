"""How a verb is asked for: rows of asks, and the small words they are written in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from gongdao.core.kernel.findings import NotAllowed, NotVisible
from tests.app.world import MARKET
from tests.security.matrix_world import Recording, World
from tests.web.stage import Answer

#: What a stranger finds: nothing (404), an empty list, a refusal within the answer; or, of what is
#: his own, what he asked for.
Finds = Literal["nothing", "empty", "refused", "his own"]


@dataclass(frozen=True, slots=True)
class Ask:
    """One way in which a verb is asked for."""

    do: Callable[[Recording, World], Answer]
    stranger: Finds = "nothing"
    stages: tuple[str, ...] = ("opened",)
    """Where, over all of them, everybody who may succeeds."""
    but: frozenset[str] = frozenset()
    """Posts that may, but to whom no process offers it in these stages."""


@dataclass(frozen=True, slots=True)
class Row:
    """A verb's row of test data."""

    asks: tuple[Ask, ...]
    of_a_case: bool = False
    """What it comes to depends on the stage of the case; when that is closed, nothing."""
    changes: bool = True
    door: Callable[[Any, World], Any] | None = None
    """The same on a page, by a browser; None: no page does it."""


def case(path: str) -> Callable[[World], str]:
    return lambda w: f"/cases/{w.case_id}{path}"


def posted(path: Callable[[World], str], body: Any) -> Callable[[Recording, World], Answer]:
    return lambda p, w: p.post(path(w), body(w) if callable(body) else body)


def got(path: Callable[[World], str], **query: str) -> Callable[[Recording, World], Answer]:
    return lambda p, w: p.get(path(w), **query)


def called(use: Callable[[Any], object]) -> Callable[[Recording, World], Answer]:
    """Ask a use case that no address of the API leads to."""

    def do(p: Recording, w: World) -> Answer:
        try:
            found = use(w.caller(p))
        except NotAllowed as refusal:
            return Answer(403, {"code": refusal.code}, {})
        except NotVisible as refusal:
            return Answer(404, {"code": refusal.code}, {})
        return Answer(200, {"items": list(found) if isinstance(found, tuple) else []}, {})

    return do


def sent_file(p: Recording, subject: str, head: str, line: str) -> Answer:
    query = f"?marketplace_id={MARKET}&filename=a.csv"
    return p.send_file(f"/imports/{subject}{query}", f"{head}\n{line}\n".encode())
