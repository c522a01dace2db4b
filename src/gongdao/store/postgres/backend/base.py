"""`ENGINE = "gongdao.store.postgres.backend"`: Django's own backend, joined to our server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.backends.postgresql import base
from psycopg import OperationalError

from gongdao.store.postgres.membership import connect_info, ensure_running

if TYPE_CHECKING:
    from psycopg import Connection


class DatabaseWrapper(base.DatabaseWrapper):
    """Joins at the first connection, so that importing the settings starts nothing."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Connection[Any]:
        """Connect; when the server has just died, wait until it is back and connect once more."""
        connect_info()
        try:
            connection: Connection[Any] = super().get_new_connection(conn_params)
        except OperationalError:
            ensure_running()
            connection = super().get_new_connection(conn_params)
        return connection
