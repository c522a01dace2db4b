"""Stage titles (状态名称): what a list calls a state whose rulebook it does not read."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from gongdao.library.shelf import Shelf
from gongdao.web.desk.language import wording

if TYPE_CHECKING:
    from gongdao.core.kernel.text import Text


@cache
def _titles() -> dict[str, Text]:
    """Return state name -> title over the processes of after-sales, read once in this process."""
    shelf = Shelf()
    found: dict[str, Text] = {}
    for file in shelf.files():
        book = shelf.parsed(file).book
        if book is None:
            continue
        for process in book.processes.values():
            if process.serves.track == "after_sale":
                for state in process.states.values():
                    found.setdefault(state.name, state.title)
    return found


def stage_title(stage: str) -> str:
    """Return the title of a state of the after-sale; its name when no book knows it."""
    title = _titles().get(stage)
    return wording(title) if title else stage
