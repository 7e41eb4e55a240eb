"""Conversations that can be browsed and shared, and what was said in a chat outside of its turns."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add when a conversation last changed and whether it is shared; make the table of notices."""
    op.add_column("conversations", sa.Column("changed_at", sa.String(40), nullable=False, server_default=""))
    op.add_column("conversations", sa.Column("shared", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(
        "UPDATE conversations SET changed_at = COALESCE((SELECT MAX(turns.at) FROM turns "
        "WHERE turns.conversation_id = conversations.id), conversations.created_at)"
    )
    op.create_index("conversations_by_owner", "conversations", ["owner", "changed_at"])
    op.create_table(
        "notices",
        sa.Column("row", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("conversation_id", sa.String(80), sa.ForeignKey("conversations.id"), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
    )
    op.create_index("ix_notices_conversation_id", "notices", ["conversation_id"])
