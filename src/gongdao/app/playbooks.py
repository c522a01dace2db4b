"""Playbooks (规则组): the rulebooks that govern a case at an instant, found once and remembered.

Which version governs is said by each rulebook itself: the instant at which the order was placed,
the case was opened, or the act is done. A running process keeps the version it began with.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache

from gongdao.core.cases.model import Case, Order
from gongdao.core.cases.playbook import Playbook
from gongdao.core.rulebook.model import Governs, Rulebook
from gongdao.core.rulebook.platform import Platform
from gongdao.library.shelf import Shelf

Instants = Mapping[Governs, datetime]


class Playbooks:
    """The playbooks of one shelf. Books are read once; a process that should see new ones restarts."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._platforms: dict[str, Platform] = {}
        self._versions: dict[str, tuple[Rulebook, ...]] = {}
        self._exact: dict[str, Rulebook] = {}
        self._made: dict[tuple[str, ...], Playbook] = {}

    def opening(self, order: Order, now: datetime) -> Playbook:
        """Return the playbook for a case opened now on `order`."""
        return self._playbook(order, opened_at=now, now=now, running=())

    def running(self, case: Case, now: datetime) -> Playbook:
        """Return the playbook for an act done at `now` in `case`."""
        running = (track.rulebook for track in case.tracks.values())
        return self._playbook(case.order, opened_at=case.opened_at, now=now, running=running)

    def _playbook(
        self, order: Order, *, opened_at: datetime, now: datetime, running: Iterable[str]
    ) -> Playbook:
        instants = {
            Governs.ORDER_PLACED: order.placed_at,
            Governs.CASE_OPENED: opened_at,
            Governs.ACT_DONE: now,
        }
        platform = self._platform(order.platform)
        governing = [self._governing(subject, instants) for subject in platform.subjects]
        refs = tuple(book.ref if book is not None else "" for book in governing)
        key = (platform.name, *refs, "|", *running)
        made = self._made.get(key)
        if made is None:
            chosen = dict(zip(platform.subjects, governing, strict=True))
            kept = key[len(refs) + 2 :]
            made = self._made[key] = self._make(platform, chosen, kept)
        return made

    def _make(
        self,
        platform: Platform,
        chosen: Mapping[str, Rulebook | None],
        running: tuple[str, ...],
    ) -> Playbook:
        books = {book.ref: book for book in chosen.values() if book is not None}
        for ref in running:
            books.setdefault(ref, self._book(ref))
        return Playbook(
            platform=platform.name,
            tracks={
                track: tuple(b for s in subjects if (b := chosen[s]) is not None)
                for track, subjects in platform.tracks.items()
            },
            questions={
                question: tuple(
                    (book, table)
                    for q in asked
                    if (book := chosen[q.subject]) is not None
                    and (table := q.table or book.asks) is not None
                )
                for question, asked in platform.questions.items()
            },
            books=books,
        )

    def _governing(self, subject: str, instants: Instants) -> Rulebook | None:
        """Return the newest version in force at the instant it names; None when there is none."""
        versions = self._versions.get(subject)
        if versions is None:
            found = self._shelf.versions(subject)
            versions = tuple(sorted(found, key=lambda b: b.in_force_from, reverse=True))
            self._versions[subject] = versions
        for book in versions:
            instant = instants[book.governs_by]
            until = book.in_force_until
            if book.in_force_from <= instant and (until is None or instant < until):
                return book
        return None

    def _platform(self, name: str) -> Platform:
        found = self._platforms.get(name)
        if found is None:
            found = self._platforms[name] = self._shelf.platform(name)
        return found

    def _book(self, ref: str) -> Rulebook:
        found = self._exact.get(ref)
        if found is None:
            found = self._exact[ref] = self._shelf.exact(ref)
        return found


@cache
def playbooks() -> Playbooks:
    """Return the playbooks of this installation's shelf, shared by the whole process."""
    return Playbooks(Shelf())
