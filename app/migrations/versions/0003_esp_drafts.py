"""Drafts made in an e-mail service: one for each package, message and service."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table of drafts."""
    op.create_table(
        "esp_drafts",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("approval_id", sa.String(80), sa.ForeignKey("approvals.id"), nullable=False),
        sa.Column("service", sa.String(20), nullable=False),
        sa.Column("variant", sa.String(80), nullable=False),
        sa.Column("content_sha256", sa.String(64), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("remote_id", sa.String(200), nullable=True),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
    )
