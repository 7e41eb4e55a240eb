"""The first tables, with the triggers that guard effects and the audit."""

from __future__ import annotations

from alembic import op

from app import tables

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create every table of the first version."""
    connection = op.get_bind()
    tables.metadata.create_all(connection)
    triggers = tables.POSTGRESQL_TRIGGERS if connection.dialect.name == "postgresql" else tables.SQLITE_TRIGGERS
    for trigger in triggers:
        connection.exec_driver_sql(trigger)
