"""Playbooks (规则组): the rulebooks that govern a case at an instant, found once and remembered.

Which version governs is said by each rulebook itself: the instant at which the order was placed,
the case was opened, or the act is done. A running process keeps the version it began with.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache

from gongdao.core.cases.model import Case, Order
from gongdao.core.cases.playbook import Playbook
from gongdao.core.rulebook.model import Governs, Rulebook
from gongdao.core.rulebook.platform import Question
from gongdao.library.shelf import Shelf

Instants = Mapping[Governs, datetime]
#: Subject -> the version that governs; None: no version is in force.
_Chosen = Mapping[str, Rulebook | None]


class Playbooks:
    """The playbooks of one shelf. Books are read once; a restart sees new ones."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._platforms: dict[str, _Versions] = {}
        self._exact: dict[str, Rulebook] = {}
        self._made: dict[tuple[object, ...], Playbook] = {}

    def opening(self, order: Order, now: datetime) -> Playbook:
        """Return the playbook for a case opened now on `order`."""
        return self._playbook(order, now, now, ())

    def running(self, case: Case, now: datetime) -> Playbook:
        """Return the playbook for an act done at `now` in `case`."""
        running = tuple([track.rulebook for track in case.tracks.values()])
        return self._playbook(case.order, case.opened_at, now, running)

    def standing(self, platform: str, now: datetime) -> Playbook:
        """Return the playbook of a platform for what concerns no single order, as of now."""
        return self._of(platform, now, now, now, ())

    def _playbook(
        self, order: Order, opened_at: datetime, now: datetime, running: tuple[str, ...]
    ) -> Playbook:
        return self._of(order.platform, order.placed_at, opened_at, now, running)

    def _of(
        self,
        platform: str,
        placed_at: datetime,
        opened_at: datetime,
        now: datetime,
        running: tuple[str, ...],
    ) -> Playbook:
        versions = self._platforms.get(platform)
        if versions is None:
            versions = _Versions(self._shelf, platform)
            self._platforms[platform] = versions
        era = versions.era
        key = (platform, era(placed_at), era(opened_at), era(now), running)
        made = self._made.get(key)
        if made is None:
            instants = {
                Governs.ORDER_PLACED: placed_at,
                Governs.CASE_OPENED: opened_at,
                Governs.ACT_DONE: now,
            }
            made = self._made[key] = self._make(versions, instants, running)
        return made

    def _make(self, versions: _Versions, instants: Instants, running: tuple[str, ...]) -> Playbook:
        platform = versions.platform
        chosen = {subject: versions.governing(subject, instants) for subject in platform.subjects}
        books = {book.ref: book for book in chosen.values() if book is not None}
        for ref in running:
            books.setdefault(ref, self._book(ref))
        return Playbook(
            platform=platform.name,
            tracks={t: _in_force(subjects, chosen) for t, subjects in platform.tracks.items()},
            questions={q: _tables(asked, chosen) for q, asked in platform.questions.items()},
            floor=_tables(platform.floor, chosen),
            books=books,
        )

    def book(self, ref: str) -> Rulebook:
        """Return the exact version that something runs under."""
        return self._book(ref)

    def _book(self, ref: str) -> Rulebook:
        found = self._exact.get(ref)
        if found is None:
            found = self._exact[ref] = self._shelf.exact(ref)
        return found


class _Versions:
    """All versions of a platform's rulebooks, and when any of them begins or ends."""

    def __init__(self, shelf: Shelf, name: str) -> None:
        self.platform = shelf.platform(name)
        self._books = {
            subject: sorted(
                shelf.versions(subject), key=lambda b: (b.in_force_from, b.version), reverse=True
            )
            for subject in self.platform.subjects
        }
        bounds: set[datetime] = set()
        for books in self._books.values():
            bounds.update(b.in_force_from for b in books)
            bounds.update(b.in_force_until for b in books if b.in_force_until is not None)
        self._bounds = sorted(bounds)

    def era(self, instant: datetime) -> int:
        """Return the stretch of time the instant lies in; within one, the same books govern."""
        return bisect_right(self._bounds, instant)

    def governing(self, subject: str, instants: Instants) -> Rulebook | None:
        """Return the newest version in force at the instant it names; None when there is none."""
        for book in self._books[subject]:
            instant = instants[book.governs_by]
            until = book.in_force_until
            if book.in_force_from <= instant and (until is None or instant < until):
                return book
        return None


def _in_force(subjects: Iterable[str], chosen: _Chosen) -> tuple[Rulebook, ...]:
    """Return the versions that govern, of those subjects that have one."""
    found = (chosen[subject] for subject in subjects)
    return tuple(book for book in found if book is not None)


def _tables(asked: Iterable[Question], chosen: _Chosen) -> tuple[tuple[Rulebook, str], ...]:
    """Return the tables to ask in turn, of the books that govern."""
    found: list[tuple[Rulebook, str]] = []
    for question in asked:
        book = chosen[question.subject]
        table = None if book is None else question.table or book.asks
        if book is not None and table is not None:
            found.append((book, table))
    return tuple(found)


@cache
def playbooks() -> Playbooks:
    """Return the playbooks of this installation's shelf, shared by the whole process."""
    return Playbooks(Shelf())
