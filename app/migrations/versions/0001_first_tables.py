"""The first tables, with the triggers that guard effects and the audit.

Frozen: the tables are written out here as they were, so that a later change of ``app/tables.py`` is a migration of its
own and an upgrade from here is a real one.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import (
    BigInteger,
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
)

revision = "0001"
down_revision = None

metadata = MetaData()
ROW_NUMBER = BigInteger().with_variant(Integer, "sqlite")

Table(
    "conversations",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("owner", String(200), nullable=False),
    Column("created_at", String(40), nullable=False),
    Column("title", Text, nullable=False),
    Column("campaign_id", String(80)),
    Column("notes", Text, nullable=False),
)

Table(
    "turns",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("conversation_id", String(80), ForeignKey("conversations.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("at", String(40), nullable=False),
    Column("body", Text, nullable=False),
    UniqueConstraint("conversation_id", "number"),
)

Table(
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

Table(
    "campaigns",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("state", String(20), nullable=False),
    Column("owner", String(200), nullable=False),
    Column("at", String(40), nullable=False),
    Column("body", Text, nullable=False),
)

Table(
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

Table(
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

Table(
    "assignments",
    metadata,
    Column("experiment_id", String(80), primary_key=True),
    Column("customer_id", String(200), primary_key=True),
    Column("arm", String(80), nullable=False),
    Column("stratum", String(200), nullable=False),
    Column("u", Float, nullable=False),
)

Table(
    "outcomes",
    metadata,
    Column("experiment_id", String(80), primary_key=True),
    Column("customer_id", String(200), primary_key=True),
    Column("body", Text, nullable=False),
    Column("at", String(40), nullable=False),
)

Table(
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

# An approval that was not given, or was given for other content, can start nothing; an audit row never changes.
SQLITE_TRIGGERS = (
    """CREATE TRIGGER effect_needs_approval BEFORE INSERT ON effects
       WHEN NOT EXISTS (SELECT 1 FROM approvals a WHERE a.id = NEW.approval_id AND a.status = 'approved'
                        AND a.digest = NEW.digest AND a.kind = NEW.kind AND a.campaign_id = NEW.campaign_id)
       BEGIN SELECT RAISE(ABORT, 'no matching approval'); END""",
    """CREATE TRIGGER effect_is_final BEFORE UPDATE ON effects
       BEGIN SELECT RAISE(ABORT, 'effects are final'); END""",
    """CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
       BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END""",
    """CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
       BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END""",
    """CREATE TRIGGER audit_in_order BEFORE INSERT ON audit
       WHEN NEW.seq <> (SELECT COALESCE(MAX(seq), 0) + 1 FROM audit)
         OR NEW.prev <> COALESCE((SELECT hash FROM audit ORDER BY seq DESC LIMIT 1), '')
       BEGIN SELECT RAISE(ABORT, 'the audit grows at its end'); END""",
)

POSTGRESQL_TRIGGERS = (
    """CREATE FUNCTION cpo_effect_needs_approval() RETURNS trigger AS $$ BEGIN
         IF NOT EXISTS (SELECT 1 FROM approvals a WHERE a.id = NEW.approval_id AND a.status = 'approved'
                        AND a.digest = NEW.digest AND a.kind = NEW.kind AND a.campaign_id = NEW.campaign_id)
         THEN RAISE EXCEPTION 'no matching approval'; END IF; RETURN NEW; END $$ LANGUAGE plpgsql""",
    """CREATE TRIGGER effect_needs_approval BEFORE INSERT ON effects
       FOR EACH ROW EXECUTE FUNCTION cpo_effect_needs_approval()""",
    """CREATE FUNCTION cpo_append_only() RETURNS trigger AS $$ BEGIN
         RAISE EXCEPTION 'this table is append-only'; END $$ LANGUAGE plpgsql""",
    """CREATE TRIGGER effect_is_final BEFORE UPDATE ON effects
       FOR EACH ROW EXECUTE FUNCTION cpo_append_only()""",
    """CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit
       FOR EACH ROW EXECUTE FUNCTION cpo_append_only()""",
    """CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit
       FOR EACH STATEMENT EXECUTE FUNCTION cpo_append_only()""",
    """CREATE FUNCTION cpo_audit_in_order() RETURNS trigger AS $$ BEGIN
         IF NEW.seq <> (SELECT COALESCE(MAX(seq), 0) + 1 FROM audit)
            OR NEW.prev <> COALESCE((SELECT hash FROM audit ORDER BY seq DESC LIMIT 1), '')
         THEN RAISE EXCEPTION 'the audit grows at its end'; END IF; RETURN NEW; END $$ LANGUAGE plpgsql""",
    """CREATE TRIGGER audit_in_order BEFORE INSERT ON audit
       FOR EACH ROW EXECUTE FUNCTION cpo_audit_in_order()""",
)


def upgrade() -> None:
    """Create every table of the first version."""
    connection = op.get_bind()
    metadata.create_all(connection)
    triggers = POSTGRESQL_TRIGGERS if connection.dialect.name == "postgresql" else SQLITE_TRIGGERS
    for trigger in triggers:
        connection.exec_driver_sql(trigger)
