"""Fixtures for every test. Databases are real: a throw-away one for each test process.

* `database` (session): the address of this process's own migrated database; Django uses it.
* `db`: the same, empty at the start of the test; every commit is real, so other processes see it.
* `folder`: an empty folder for an embedded server of the test's own.

The server is the embedded one under `var/test` (another by GONGDAO_TEST_VAR), shared with other
runs on this machine; GONGDAO_TEST_DATABASE_URL tests against an external server instead.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

REPOSITORY = Path(__file__).parents[1]


def _choose_environment() -> None:
    """Before anything reads the settings: a test must never see an operator's own database."""
    for name in [n for n in os.environ if n.startswith("GONGDAO_") and "_TEST_" not in n]:
        del os.environ[name]
    os.environ.pop("DATABASE_URL", None)
    os.environ["GONGDAO_VAR"] = os.environ.get("GONGDAO_TEST_VAR") or str(
        REPOSITORY / "var" / "test"
    )
    if url := os.environ.get("GONGDAO_TEST_DATABASE_URL"):
        os.environ["DATABASE_URL"] = url
    os.environ["DJANGO_SETTINGS_MODULE"] = "gongdao.web.settings"


_choose_environment()

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gongdao.store.postgres import Address


@pytest.fixture(scope="session")
def database() -> Iterator[Address]:
    """Yield the address of a migrated database of this test process's own; dropped at the end."""
    from tests.throwaway import throwaway_database

    with throwaway_database() as address:
        yield address


@pytest.fixture
def db(database: Address) -> Iterator[Address]:
    """Yield the database with every table empty; what the test commits is really committed."""
    from tests.throwaway import empty

    empty(database)
    yield database
    from django.db import connections

    connections.close_all()


@pytest.fixture
def folder() -> Iterator[Path]:
    """Yield an empty folder that every account may enter, unlike pytest's own; removed after."""
    made = Path(tempfile.mkdtemp(prefix="gongdao-test-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)
