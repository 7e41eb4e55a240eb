"""The tables of the store, for SQLite and PostgreSQL alike. Changes, and the triggers, are in ``app/migrations``."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

metadata = MetaData()

ROW_NUMBER = BigInteger().with_variant(Integer, "sqlite")

conversations = Table(
    "conversations",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("owner", String(200), nullable=False),
    Column("created_at", String(40), nullable=False),
    Column("title", Text, nullable=False),
    Column("campaign_id", String(80)),
    Column("notes", Text, nullable=False),
    Column("changed_at", String(40), nullable=False, server_default=""),
    Column("shared", Boolean, nullable=False, server_default=false()),
    Index("conversations_by_owner", "owner", "changed_at"),
)

turns = Table(
    "turns",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("conversation_id", String(80), ForeignKey("conversations.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("at", String(40), nullable=False),
    Column("body", Text, nullable=False),
    UniqueConstraint("conversation_id", "number"),
)

notices = Table(
    "notices",
    metadata,
    Column("row", ROW_NUMBER, primary_key=True, autoincrement=True),
    Column("conversation_id", String(80), ForeignKey("conversations.id"), nullable=False, index=True),
    Column("at", String(40), nullable=False),
    Column("words", Text, nullable=False),
)

records = Table(
    "records",
    metadata,
    Column("row", ROW_NUMBER, primary_key=True, autoincrement=True),
    Column("kind", String(40), nullable=False),
    Column("id", String(80), nullable=False),
    Column("campaign_id", String(80)),
    Column("at", String(40), nullable=False),
    Column("body", Text, nullable=False),
    UniqueConstraint("kind", "id"),
    Index("records_by_campaign", "kind", "campaign_id"),
)

campaigns = Table(
    "campaigns",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("state", String(20), nullable=False),
    Column("owner", String(200), nullable=False),
    Column("at", String(40), nullable=False),
    Column("body", Text, nullable=False),
)

approvals = Table(
    "approvals",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("campaign_id", String(80), nullable=False),
    Column("conversation_id", String(80), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("summary", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("policy_hash", String(64), nullable=False),
    Column("screened_by", String(40), nullable=False),
    Column("requested_by", String(200), nullable=False),
    Column("requested_at", String(40), nullable=False),
    Column("expires_at", String(40), nullable=False),
    Column("status", String(20), nullable=False),
    Column("decided_by", String(200)),
    Column("decided_at", String(40)),
    Column("mac", String(64)),
    CheckConstraint("status IN ('pending', 'approved', 'rejected', 'void', 'used')", name="approval_status"),
    CheckConstraint(
        "status NOT IN ('approved', 'used') OR (decided_by IS NOT NULL AND mac IS NOT NULL)", name="person"
    ),
)

effects = Table(
    "effects",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("campaign_id", String(80), nullable=False),
    Column("approval_id", String(80), ForeignKey("approvals.id"), nullable=False, unique=True),
    Column("digest", String(64), nullable=False),
    Column("at", String(40), nullable=False),
    Column("by", String(200), nullable=False),
    Column("body", Text, nullable=False),
    Index("one_launch", "campaign_id", unique=True, sqlite_where=Column("kind") == "launch",
          postgresql_where=Column("kind") == "launch"),
)  # fmt: skip

esp_drafts = Table(
    "esp_drafts",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("approval_id", String(80), ForeignKey("approvals.id"), nullable=False),
    Column("service", String(20), nullable=False),
    Column("variant", String(80), nullable=False),
    Column("content_sha256", String(64), nullable=False),
    Column("status", String(10), nullable=False),
    Column("remote_id", String(200)),
    Column("at", String(40), nullable=False),
    Column("by", String(200), nullable=False),
)

assignments = Table(
    "assignments",
    metadata,
    Column("experiment_id", String(80), primary_key=True),
    Column("customer_id", String(200), primary_key=True),
    Column("arm", String(80), nullable=False),
    Column("stratum", String(200), nullable=False),
    Column("u", Float, nullable=False),
)

outcomes = Table(
    "outcomes",
    metadata,
    Column("experiment_id", String(80), primary_key=True),
    Column("customer_id", String(200), primary_key=True),
    Column("body", Text, nullable=False),
    Column("at", String(40), nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("seq", ROW_NUMBER, primary_key=True, autoincrement=False),
    Column("decision_id", String(80), nullable=False, unique=True),
    Column("at", String(40), nullable=False),
    Column("body", Text, nullable=False),
    Column("prev", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Column("mac", String(64), nullable=False),
)
