"""Stage titles (状态名称): what a list calls a state, or an outcome, without its rulebook."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from gongdao.library.shelf import Shelf
from gongdao.store.models import Marketplace
from gongdao.web.desk.language import wording

if TYPE_CHECKING:
    from gongdao.core.kernel.text import Text


def platforms() -> dict[str, str]:
    """Return marketplace id -> platform."""
    return dict(Marketplace.objects.values_list("id", "platform"))


@cache
def _titles(platform: str) -> dict[str, Text]:
    """Return name of a state or outcome -> title over a platform's after-sales, read once."""
    shelf = Shelf()
    found: dict[str, Text] = {}
    for subject in shelf.platform(platform).tracks.get("after_sale", ()):
        for book in reversed(shelf.versions(subject)):
            for process in book.processes.values():
                if process.serves.track == "after_sale":
                    for state in process.states.values():
                        found.setdefault(state.name, state.title)
                        if state.final is not None:
                            found.setdefault(state.final, state.title)
    return found


def stage_title(stage: str, platform: str) -> str:
    """Return the title of a state or outcome of a platform's after-sales; else its name."""
    title = _titles(platform).get(stage)
    return wording(title) if title else stage
