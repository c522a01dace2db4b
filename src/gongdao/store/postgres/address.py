"""Where the database is, for psycopg, Django and people."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text
from gongdao.store.postgres.place import PORT, place_for

if TYPE_CHECKING:
    from gongdao.store.config import Settings

ROLE = "gongdao"
DATABASE = "gongdao"


@dataclass(frozen=True, slots=True)
class Address:
    """How to reach one database. `host` may be the folder of a Unix socket."""

    host: str
    port: int
    dbname: str
    user: str
    password: str = field(default="", repr=False)
    options: tuple[tuple[str, str], ...] = ()
    """Further libpq parameters of DATABASE_URL, such as sslmode."""

    @property
    def dsn(self) -> str:
        """A libpq connection string, right for `psycopg.connect`."""
        return make_conninfo(
            host=self.host,
            port=self.port,
            dbname=self.dbname,
            user=self.user,
            password=self.password or None,
            **dict(self.options),
        )

    @property
    def url(self) -> str:
        """The same as a URL, right for `psql` and other programs."""
        login = quote(self.user, safe="") + (
            f":{quote(self.password, safe='')}" if self.password else ""
        )
        query = "&".join(f"{key}={quote(value, safe='')}" for key, value in self.options)
        return (
            f"postgresql://{login}@{quote(self.host, safe='')}:{self.port}/{quote(self.dbname)}"
            + (f"?{query}" if query else "")
        )

    def named(self, dbname: str) -> Address:
        """Return the address of another database on the same server."""
        return replace(self, dbname=dbname)


def address(settings: Settings) -> Address:
    """Return where the database of `settings` is. Starts nothing.

    Raises BadInput (postgres.bad_url) for a DATABASE_URL that libpq cannot read.
    """
    if settings.database_url is None:
        return Address(str(place_for(settings.var).sockets), PORT, DATABASE, ROLE)
    try:
        parts = {k: str(v) for k, v in conninfo_to_dict(settings.database_url).items()}
    except Exception as error:
        raise BadInput(
            Finding(
                code="postgres.bad_url",
                field="DATABASE_URL",
                message=Text(f"DATABASE_URL 无法解析：{error}", f"unreadable: {error}".strip()),
                cure=Text(
                    "写成 postgresql://用户:密码@主机:端口/库名",
                    "write postgresql://user:password@host:port/database",
                ),
            )
        ) from None
    return Address(
        host=parts.pop("host", "localhost"),
        port=int(parts.pop("port", PORT)),
        dbname=parts.pop("dbname", DATABASE),
        user=parts.pop("user", ROLE),
        password=parts.pop("password", ""),
        options=tuple(sorted(parts.items())),
    )
