"""Strategy proof (策略证明): the solver's check of a merchant's strategy, where it is installed."""

from __future__ import annotations

import importlib
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gongdao.core.kernel.findings import Finding
    from gongdao.core.rulebook.model import Rulebook


def prove(book: Rulebook) -> Iterable[Finding]:
    """Prove a strategy; without the extra `prove` there is nothing to say."""
    if find_spec("z3") is None:
        return ()
    found: Iterable[Finding] = importlib.import_module("gongdao.prove.book").check_book(book)
    return found
