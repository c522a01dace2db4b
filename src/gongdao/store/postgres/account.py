"""Which operating-system account the server runs as.

PostgreSQL refuses to run as root. When we are root, the server alone runs as somebody else:
whoever owns its data, else the folder it lives in, else `nobody`;
only an account that has a name will do. Nothing else drops rights.
"""

from __future__ import annotations

import os
import pwd
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

NOBODY = 65534


class Identity(TypedDict, total=False):
    """Keyword arguments of `subprocess` that drop to an account."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True, slots=True)
class Account:
    """A user and group of this machine."""

    uid: int
    gid: int

    @property
    def identity(self) -> Identity:
        """How `subprocess` becomes this account; empty when we are it already."""
        if self.uid == os.geteuid():
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def give(self, path: Path) -> None:
        """Make this account the owner of `path` when we are root and it is not."""
        if os.geteuid() == 0 and path.stat().st_uid != self.uid:
            os.chown(path, self.uid, self.gid)

    def can_enter(self, path: Path) -> bool:
        """Whether this account may read `path` itself, through every folder above it."""
        path = path.resolve()
        return all(self._has(parent, stat.S_IXOTH) for parent in path.parents) and self._has(
            path, stat.S_IROTH
        )

    def _has(self, path: Path, bit_for_others: int) -> bool:
        try:
            status = path.stat()
        except FileNotFoundError:
            return True  # not there yet: whoever makes it will give it away
        if status.st_uid == self.uid:
            return bool(status.st_mode & (bit_for_others << 6))
        if status.st_gid == self.gid:
            return bool(status.st_mode & (bit_for_others << 3))
        return bool(status.st_mode & bit_for_others)


def has_name(uid: int) -> bool:
    """Whether the machine's user list knows `uid`; `initdb` refuses a user that has no name.

    The owner of a folder mounted into a container often has none there.
    """
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def server_account(owners: Iterable[Path]) -> Account:
    """Return ourselves; as root, the first named owner of `owners` but root, else nobody."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    for path in owners:
        if path.exists() and (status := path.stat()).st_uid != 0 and has_name(status.st_uid):
            return Account(status.st_uid, status.st_gid)
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        return Account(NOBODY, NOBODY)
    return Account(entry.pw_uid, entry.pw_gid)
