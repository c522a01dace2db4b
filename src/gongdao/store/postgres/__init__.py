"""The embedded PostgreSQL (内置数据库): there when somebody needs it, gone when nobody does.

    from gongdao.store.postgres import connect_info, database

    with database() as address:                 # a user of the server while inside
        psycopg.connect(address.dsn)
    psycopg.connect(connect_info().dsn)         # a user of the server until the process ends

Both start the server when it does not run, wait until it answers, and return where it is. With
`DATABASE_URL` set they start nothing and return that server's address. Django connects through
`gongdao.store.postgres.backend`, which does the same at its first connection.

How it holds together: every user holds a shared lock on `users.lock`; one keeper process a folder
holds `keeper.lock`, starts the server, restarts it when it dies, and stops it as soon as it can
take `users.lock` for itself, which the operating system grants only when no user is left, however
the users ended.
"""

from gongdao.store.postgres.address import Address, address
from gongdao.store.postgres.membership import connect_info, database, ensure_running

__all__ = ["Address", "address", "connect_info", "database", "ensure_running"]
