"""Stage titles (状态名称): what a list calls a state whose rulebook it does not read."""

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
    """Return state name -> title over the after-sales of a platform, read once in this process."""
    shelf = Shelf()
    found: dict[str, Text] = {}
    for subject in shelf.platform(platform).tracks.get("after_sale", ()):
        for book in reversed(shelf.versions(subject)):
            for process in book.processes.values():
                if process.serves.track == "after_sale":
                    for state in process.states.values():
                        found.setdefault(state.name, state.title)
    return found


def stage_title(stage: str, platform: str) -> str:
    """Return the title of a state of a platform's after-sales; its name when no book knows it."""
    title = _titles(platform).get(stage)
    return wording(title) if title else stage
