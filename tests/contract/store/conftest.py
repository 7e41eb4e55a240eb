"""The stores that the contract is run against: SQLite in a file, and PostgreSQL where one answers."""

from __future__ import annotations

import os
import secrets
from collections.abc import Generator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from app.keys import Keys
from app.store import Store


def postgresql_url() -> str | None:
    """The server to test on: CPO_TEST_DATABASE_URL, else 127.0.0.1:5432 database test."""
    configured = os.environ.get("CPO_TEST_DATABASE_URL")  # noqa: TID251 - names the test server
    for url in [configured] if configured else ["postgresql+psycopg://postgres@127.0.0.1:5432/test"]:
        engine = create_engine(url, connect_args={"connect_timeout": 2})
        try:
            with engine.connect():
                return url
        except OperationalError:
            continue
        finally:
            engine.dispose()
    return None


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[str]:
    """The URL of an empty database; one PostgreSQL schema a test."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'store.sqlite'}"
        return
    url = postgresql_url()
    if url is None:
        pytest.skip("no PostgreSQL on CPO_TEST_DATABASE_URL or 127.0.0.1:5432/test")
    schema = f"cpo_{secrets.token_hex(6)}"
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    yield make_url(url).update_query_dict({"options": f"-csearch_path={schema}"}).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    admin.dispose()


@pytest.fixture
def store(store_url: str, tmp_path: Path) -> Generator[Store]:
    """A migrated store."""
    made = Store(store_url, Keys(b"k" * 32), tmp_path / "checkpoints.txt")
    made.upgrade()
    yield made
    made.engine.dispose()
