"""Start, stop and recover one PostgreSQL server. Only the keeper calls this, so nothing races."""

from __future__ import annotations

import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from gongdao.store.postgres.account import has_name
from gongdao.store.postgres.address import DATABASE, ROLE
from gongdao.store.postgres.place import PORT, Place, binaries_for
from gongdao.store.postgres.refusals import refused

START_SECONDS = 60
#: An idle orphan ends at once; one in the midst of a query may never look up.
ORPHANS_SECONDS = 2
LARGEST_LOG_BYTES = 10_000_000

#: Durable, UTC, on a Unix socket only. An operator's own wishes go by ALTER SYSTEM, which wins.
CONFIGURATION = """\
# Written anew at every start. Change a value by ALTER SYSTEM SET, which is kept and wins.
listen_addresses = ''
port = {port}
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
max_connections = 60
shared_buffers = 128MB
max_wal_size = 1GB
fsync = on
synchronous_commit = on
timezone = 'UTC'
log_timezone = 'UTC'
datestyle = 'iso, ymd'
lc_messages = 'C'
log_min_messages = warning
"""


@dataclass(frozen=True, slots=True)
class Server:
    """The server of one place."""

    place: Place
    binaries: Path

    @classmethod
    def at(cls, place: Place) -> Server:
        """Return the server of `place`, its folders made."""
        place.prepare()
        return cls(place, binaries_for(place.account))

    def start(self) -> int:
        """Bring the server up and return its process id; adopts one that runs already.

        Clears what a crash left. Raises Refused: postgres.initdb_failed, postgres.start_failed,
        postgres.other_version, postgres.nameless_account.
        """
        self._initialise()
        pid = self.running_pid()
        if pid is None:
            self._clear_crash()
            self._configure()
            log = self.place.server_log
            if log.exists() and log.stat().st_size > LARGEST_LOG_BYTES:
                log.unlink()
            self._run(
                "start_failed",
                "pg_ctl",
                "start",
                "--pgdata=data",
                f"--log={log.name}",
                f"--timeout={START_SECONDS}",
                "--silent",
            )
            pid = self.running_pid()
        if pid is None:
            raise refused("start_failed", "数据库启动后随即退出", "the server ended at once")
        self._create_database()
        return pid

    def stop(self) -> None:
        """End every session and stop the server; a stop that hangs becomes immediate."""
        if self.running_pid() is None:
            return
        for mode in ("fast", "immediate"):
            try:
                self._run("stop_failed", "pg_ctl", "stop", "--pgdata=data", f"--mode={mode}", "-s")
            except Exception:
                if self.running_pid() is None:
                    return
                if mode == "immediate":
                    raise
            else:
                return

    def running_pid(self) -> int | None:
        """Return the process id of the live postmaster of this data folder, if there is one."""
        try:
            first, *_ = (self.place.data / "postmaster.pid").read_text().splitlines()
            pid = int(first)
        except (FileNotFoundError, ValueError):
            return None
        return pid if self._serves_here(pid) else None

    def _serves_here(self, pid: int) -> bool:
        """Whether `pid` is a PostgreSQL process of this data folder, not a recycled number."""
        try:
            process = psutil.Process(pid)
            return (
                process.status() != psutil.STATUS_ZOMBIE
                and process.name().startswith("postgres")
                and Path(process.cwd()).samefile(self.place.data)
            )
        except (psutil.Error, OSError):
            return False

    def _initialise(self) -> None:
        """Make the data folder; built aside and renamed, so that half of one never counts."""
        data = self.place.data
        if data.exists():
            self._check_version()
            return
        uid = self.place.account.uid
        if not has_name(uid):
            raise refused(
                "nameless_account",
                f"用户编号 {uid} 在系统中没有用户名，PostgreSQL 因此拒绝创建数据",
                f"user {uid} has no name on this machine, so PostgreSQL refuses to make its data",
                cure_zh="在 /etc/passwd 中加入该用户",
                cure_en="add the user to /etc/passwd",
            )
        making = data.with_name("data.new")
        shutil.rmtree(making, ignore_errors=True)
        self._run(
            "initdb_failed",
            "initdb",
            f"--pgdata={making.name}",
            f"--username={ROLE}",
            "--auth=trust",  # the socket's folder is private to the account
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
            "--no-instructions",
        )
        making.rename(data)

    def _check_version(self) -> None:
        kept = (self.place.data / "PG_VERSION").read_text().strip()
        shipped = self.binaries.parent.name.removeprefix("pginstall")
        if kept != shipped:
            raise refused(
                "other_version",
                f"数据目录来自 PostgreSQL {kept}，而程序自带 {shipped}",
                f"the data folder is PostgreSQL {kept}'s, the program ships {shipped}",
                cure_zh="用旧版本 pg_dump 导出后再导入",
                cure_en="dump it with the version that wrote it and load it again",
            )

    def _configure(self) -> None:
        folder = str(self.place.sockets).replace('"', '""').replace("'", "''")
        text = CONFIGURATION.format(port=PORT, sockets=f'"{folder}"')
        path = self.place.data / "postgresql.conf"
        path.write_text(text, encoding="utf-8")
        self.place.account.give(path)

    def _clear_crash(self) -> None:
        """After a killed postmaster: let its orphans end, then forget its lock files."""
        deadline = time.monotonic() + ORPHANS_SECONDS
        while orphans := self._orphans():
            if time.monotonic() > deadline:
                for orphan in orphans:
                    orphan.kill()
            time.sleep(0.05)
        (self.place.data / "postmaster.pid").unlink(missing_ok=True)
        for name in (f".s.PGSQL.{PORT}", f".s.PGSQL.{PORT}.lock"):
            (self.place.sockets / name).unlink(missing_ok=True)

    def _orphans(self) -> list[psutil.Process]:
        if not (self.place.data / "postmaster.pid").exists():
            return []
        return [p for p in psutil.process_iter() if self._serves_here(p.pid)]

    def _create_database(self) -> None:
        where = make_conninfo(host=str(self.place.sockets), port=PORT, user=ROLE, dbname="postgres")
        with psycopg.connect(where, autocommit=True) as connection:
            found = connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE])
            if found.fetchone() is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))

    def _run(self, code: str, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs as the server's account, in the server's folder.

        Paths are given relative to that folder: spaces, Chinese and quotes above it never reach
        the shell that pg_ctl uses.
        """
        done = subprocess.run(
            [self.binaries / program, *arguments],
            cwd=self.place.home,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            umask=0o077,
            check=False,
            **self.place.account.identity,
        )
        if done.returncode:
            said = done.stderr.decode(errors="replace").strip()
            raise refused(
                code,
                f"{program} 失败：{said}（日志 {self.place.server_log}）",
                f"{program} failed: {said} (log {self.place.server_log})",
            )
