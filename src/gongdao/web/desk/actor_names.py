"""Names of actors (操作人): who did what by name, told to the platform's side alone."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from gongdao.core.kernel.words import Role
from gongdao.store.models import User

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gongdao.core.cases.events import Event

PLATFORM_ROLES = frozenset({Role.ARBITRATOR, Role.REVIEWER, Role.OPERATOR})


def names_of(events: Iterable[Event]) -> dict[str, str]:
    """Return user id -> name of everybody who acted in these events and has an account."""
    ids: dict[str, UUID] = {}
    for event in events:
        for holder in (event, getattr(event, "fact", None), getattr(event, "ruling", None)):
            actor = getattr(holder, "actor", None)
            if isinstance(actor, str) and (key := _key(actor)) is not None:
                ids[actor] = key
    users = User.objects.filter(pk__in=ids.values())
    by_key = {user.pk: user.get_full_name() or user.get_username() for user in users}
    return {actor: by_key[key] for actor, key in ids.items() if key in by_key}


def _key(actor: str) -> UUID | None:
    try:
        return UUID(actor)
    except ValueError:
        return None
