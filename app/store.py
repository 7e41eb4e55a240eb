"""The store: what was said, made, decided and done, in SQLite (WAL) or PostgreSQL.

One class, synchronous; a transaction is a ``with store.writing() as connection`` block that commits at its good end and
leaves nothing behind otherwise. Domain values are kept as canonical JSON under (kind, id).
"""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Generator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, Row, create_engine, delete, event, func, insert, or_, select, tuple_, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.pool import StaticPool

from app import audit as audit_log
from app.domain.campaign import Campaign
from app.domain.conversation import Turn
from app.domain.entities import Entity, canonical_json
from app.domain.errors import Unavailable, UserFixable
from app.keys import Keys
from app.tables import (
    approvals,
    assignments,
    campaigns,
    conversations,
    effects,
    esp_drafts,
    notices,
    outcomes,
    records,
    turns,
)

MIGRATIONS = Path(__file__).parent / "migrations"
CHECKPOINT_EVERY = 500
E = TypeVar("E", bound=Entity)


def sqlite_url(home: Path) -> str:
    """Return the URL of the embedded database of an installation."""
    return f"sqlite:///{home / 'cpo.sqlite'}"


@dataclass
class _Decisions:
    """Audit rows that wait to be written, and what became of them."""

    bodies: Sequence[Mapping[str, Any]]
    at: datetime
    ids: list[str] = field(default_factory=list[str])
    failure: Exception | None = None
    finished: bool = False


class Store:
    """Reads and transactions over one database. ``checkpoints`` is the audit's file outside the database."""

    def __init__(self, url: str, keys: Keys, checkpoints: Path | None = None) -> None:
        self.url = url
        self.keys = keys
        self.checkpoints = checkpoints
        self.engine = _engine(url)
        shared = isinstance(self.engine.pool, StaticPool)  # one connection for all threads: they take turns
        self._turns: AbstractContextManager[Any] = threading.RLock() if shared else nullcontext()
        # SQLite has one writer: waiting here is fair and at once, its own waiting sleeps up to a tenth of a second
        one_writer = self.engine.dialect.name == "sqlite"
        self._writers: AbstractContextManager[Any] = threading.RLock() if one_writer else nullcontext()
        self._audit_turn = threading.Lock()
        self._waiting: deque[_Decisions] = deque()

    # --- schema
    def upgrade(self, version: str = "head") -> None:
        """Bring the schema to a version, the newest when none is named; safe to repeat."""
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        with self.writing() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, version)

    def close(self) -> None:
        """Write a last checkpoint and give the connections back."""
        self.checkpoint()
        self.engine.dispose()

    # --- transactions
    @contextmanager
    def writing(self) -> Generator[Connection]:
        """Open a transaction that holds the write lock; commit at a good end, roll back otherwise."""
        try:
            with self._turns, self._writers, self.engine.connect() as connection:
                _begin_immediately(connection)
                yield connection
                connection.commit()
        except IntegrityError:
            raise
        except DBAPIError as error:
            raise Unavailable("store", "the database did not take the change", retryable=True) from error

    @contextmanager
    def reading(self) -> Generator[Connection]:
        """Open a connection for reading."""
        try:
            with self._turns, self.engine.connect() as connection:
                yield connection
        except DBAPIError as error:
            raise Unavailable("store", "the database did not answer", retryable=True) from error

    # --- audit
    def record_decisions(self, bodies: Sequence[Mapping[str, Any]], at: datetime) -> list[str]:
        """Append audit rows and return their decision ids; they are on disk then. Raises ``Unavailable`` otherwise.

        Rows that several threads bring at once share a transaction: the first in line writes for all that wait.
        """
        mine = _Decisions(bodies, at)
        self._waiting.append(mine)
        with self._audit_turn:
            if not mine.finished:
                self._record_together([self._waiting.popleft() for _ in range(len(self._waiting))])
        if isinstance(mine.failure, DBAPIError):
            raise Unavailable("audit", "the database did not take the entry", retryable=True) from mine.failure
        if mine.failure is not None:
            raise mine.failure
        return mine.ids

    def _record_together(self, group: Sequence[_Decisions]) -> None:
        try:
            with self.writing() as connection:
                found = [self.record_decisions_in(connection, each.bodies, each.at) for each in group]
        except Exception as failure:
            if len(group) > 1:  # what one brought may not take the others down
                for each in group:
                    self._record_together([each])
            else:
                group[0].failure, group[0].finished = failure, True
            return
        for each, ids in zip(group, found, strict=True):
            each.ids, each.finished = ids, True

    def record_decisions_in(
        self, connection: Connection, bodies: Sequence[Mapping[str, Any]], at: datetime
    ) -> list[str]:
        """Append audit rows within the caller's transaction."""
        decision_ids, head = audit_log.append(connection, self.keys, bodies, at)
        if self.checkpoints is not None and head // CHECKPOINT_EVERY != (head - len(bodies)) // CHECKPOINT_EVERY:
            audit_log.write_checkpoint(connection, self.keys, self.checkpoints)
        return decision_ids

    def checkpoint(self) -> int:
        """Sign the newest audit row into the checkpoint file; return its sequence number."""
        if self.checkpoints is None:
            return 0
        with self.reading() as connection:
            return audit_log.write_checkpoint(connection, self.keys, self.checkpoints)

    def verify_audit(self) -> tuple[int, audit_log.AuditProblem | None]:
        """Check the whole audit; return (rows, first problem or None)."""
        with self.reading() as connection:
            return audit_log.verify(connection, self.keys, self.checkpoints)

    def audit_rows(self, after: int, limit: int) -> list[dict[str, Any]]:
        """Return at most ``limit`` audited decisions that follow the row numbered ``after``, oldest first."""
        with self.reading() as connection:
            return audit_log.page(connection, after, limit)

    def decision(self, decision_id: str) -> dict[str, Any] | None:
        """Return one audited decision, or None."""
        with self.reading() as connection:
            return audit_log.find(connection, decision_id)

    # --- records
    def get(self, cls: type[E], entity_id: str) -> E | None:
        """Return the entity of this kind and id, or None."""
        statement = select(records.c.body).where(records.c.kind == cls.kind, records.c.id == entity_id)
        with self.reading() as connection:
            body = connection.execute(statement).scalar_one_or_none()
        return None if body is None else cls.model_validate_json(body)

    def find(self, cls: type[E], campaign_id: str | None = None, *, before: datetime | None = None) -> list[E]:
        """Return the entities of a kind, newest first, of one campaign or of all, stored before a moment if given."""
        statement = select(records.c.body).where(records.c.kind == cls.kind).order_by(records.c.row.desc())
        if campaign_id is not None:
            statement = statement.where(records.c.campaign_id == campaign_id)
        if before is not None:
            statement = statement.where(records.c.at < before.isoformat())
        with self.reading() as connection:
            return [cls.model_validate_json(body) for body in connection.execute(statement).scalars()]

    def save_records(self, connection: Connection, entities: Sequence[Entity], at: datetime) -> None:
        """Insert entities that are not there yet; an id that stands keeps its first body."""
        for entity in entities:
            known = select(records.c.row).where(records.c.kind == entity.kind, records.c.id == entity.id)
            if connection.execute(known).first() is None:
                row = {
                    "kind": entity.kind,
                    "id": entity.id,
                    "campaign_id": entity.campaign_id,
                    "at": at.isoformat(),
                    "body": canonical_json(entity.model_dump(mode="json")),
                }
                connection.execute(insert(records), row)

    # --- campaigns
    def campaign(self, campaign_id: str) -> Campaign | None:
        """Return the newest version of a campaign, or None."""
        found = self.campaign_versions(campaign_id)
        return found[-1] if found else None

    def campaign_owner(self, campaign_id: str) -> str:
        """Return who owns a campaign."""
        statement = select(campaigns.c.owner).where(campaigns.c.id == campaign_id).limit(1)
        with self.reading() as connection:
            return str(connection.execute(statement).scalar_one())

    def campaign_versions(self, campaign_id: str) -> list[Campaign]:
        """Return every version of a campaign, oldest first."""
        statement = select(campaigns.c.body).where(campaigns.c.id == campaign_id).order_by(campaigns.c.version)
        with self.reading() as connection:
            return [Campaign.model_validate_json(body) for body in connection.execute(statement).scalars()]

    def all_campaigns(self, owner: str | None = None) -> list[Campaign]:
        """Return the newest version of each campaign, latest change first; of one owner or of everybody."""
        newest = select(campaigns.c.id, func.max(campaigns.c.version).label("version")).group_by(campaigns.c.id)
        latest = newest.subquery()
        statement = select(campaigns.c.body).join(
            latest, (campaigns.c.id == latest.c.id) & (campaigns.c.version == latest.c.version)
        )
        if owner is not None:
            statement = statement.where(campaigns.c.owner.in_([owner, SHARED_OWNER]))
        statement = statement.order_by(campaigns.c.at.desc(), campaigns.c.id)
        with self.reading() as connection:
            return [Campaign.model_validate_json(body) for body in connection.execute(statement).scalars()]

    def save_campaigns(self, connection: Connection, versions: Sequence[Campaign], owner: str) -> None:
        """Insert new versions; a version that stands already is a conflict and raises ``IntegrityError``."""
        for campaign in versions:
            row = {
                "id": campaign.id,
                "version": campaign.version,
                "state": campaign.state.value,
                "owner": owner,
                "at": campaign.changed_at.isoformat(),
                "body": canonical_json(campaign.model_dump(mode="json")),
            }
            connection.execute(insert(campaigns), row)

    # --- conversations and turns
    def conversation(self, conversation_id: str) -> dict[str, Any] | None:
        """Return a conversation's row (``notes`` as a mapping), or None."""
        with self.reading() as connection:
            row = connection.execute(select(conversations).where(conversations.c.id == conversation_id)).first()
        return None if row is None else {**_mapping(row), "notes": json.loads(row.notes)}

    def save_conversation(self, connection: Connection, row: Mapping[str, Any]) -> None:
        """Insert or update a conversation row (``notes`` as a mapping)."""
        values = {**row, "notes": canonical_json(row["notes"])}
        known = select(conversations.c.id).where(conversations.c.id == row["id"])
        if connection.execute(known).first() is None:
            connection.execute(insert(conversations), values)
        else:
            connection.execute(update(conversations).where(conversations.c.id == row["id"]).values(**values))

    def conversations_of(
        self, owner: str, *, search: str = "", before: tuple[str, str] | None = None, limit: int = 20
    ) -> list[dict[str, Any]]:
        """Return a person's conversations, latest change first; after the one with (changed_at, id) ``before``.

        ``search`` finds words of the title or of what was said, in any case.
        """
        mine = select(conversations).where(conversations.c.owner == owner)
        if search:
            said = select(turns.c.id).where(
                turns.c.conversation_id == conversations.c.id, turns.c.body.icontains(search, autoescape=True)
            )
            mine = mine.where(or_(conversations.c.title.icontains(search, autoescape=True), said.exists()))
        if before is not None:
            mine = mine.where(tuple_(conversations.c.changed_at, conversations.c.id) < tuple_(*before))
        mine = mine.order_by(conversations.c.changed_at.desc(), conversations.c.id.desc()).limit(limit)
        with self.reading() as connection:
            return [_mapping(row) for row in connection.execute(mine)]

    def change_conversation(self, conversation_id: str, **values: Any) -> None:
        """Change the ``title`` of a conversation, or whether it is ``shared``."""
        mine = conversations.c.id == conversation_id
        with self.writing() as connection:
            connection.execute(update(conversations).where(mine).values(**values))

    def delete_conversation(self, conversation_id: str) -> None:
        """Remove a conversation with its turns and notices; campaigns, approvals and the audit stay."""
        with self.writing() as connection:
            for table in (turns, notices):
                connection.execute(delete(table).where(table.c.conversation_id == conversation_id))
            connection.execute(delete(conversations).where(conversations.c.id == conversation_id))

    def save_notice(self, conversation_id: str, words: str, at: datetime) -> None:
        """Keep what was said outside of a turn (a decision, a loaded file); nothing where there is no conversation."""
        known = select(conversations.c.id).where(conversations.c.id == conversation_id)
        with self.writing() as connection:
            if connection.execute(known).first() is not None:
                row = {"conversation_id": conversation_id, "at": at.isoformat(), "words": words}
                connection.execute(insert(notices), row)

    def notices(self, conversation_id: str) -> list[tuple[str, str]]:
        """Return (at, words) of what was said outside of the turns, oldest first."""
        mine = select(notices.c.at, notices.c.words).where(notices.c.conversation_id == conversation_id)
        with self.reading() as connection:
            return [(row.at, row.words) for row in connection.execute(mine.order_by(notices.c.row))]

    def turns(self, conversation_id: str, last: int | None = None) -> list[Turn]:
        """Return the turns of a conversation, oldest first; only the ``last`` ones when given."""
        statement = select(turns.c.body).where(turns.c.conversation_id == conversation_id)
        statement = statement.order_by(turns.c.number.desc())
        if last is not None:
            statement = statement.limit(last)
        with self.reading() as connection:
            bodies = list(connection.execute(statement).scalars())
        return [Turn.model_validate_json(body) for body in reversed(bodies)]

    def turn(self, turn_id: str) -> Turn | None:
        """Return one turn by id, or None."""
        with self.reading() as connection:
            body = connection.execute(select(turns.c.body).where(turns.c.id == turn_id)).scalar_one_or_none()
        return None if body is None else Turn.model_validate_json(body)

    def save_turn(self, connection: Connection, turn: Turn) -> None:
        """Insert a turn; its conversation must stand."""
        row = {
            "id": turn.id,
            "conversation_id": turn.conversation_id,
            "number": turn.number,
            "at": turn.started_at.isoformat(),
            "body": canonical_json(turn.model_dump(mode="json")),
        }
        connection.execute(insert(turns), row)

    # --- approvals and effects
    def approval(self, approval_id: str) -> dict[str, Any] | None:
        """Return one approval with its content as a mapping, or None."""
        with self.reading() as connection:
            row = connection.execute(select(approvals).where(approvals.c.id == approval_id)).first()
        return None if row is None else {**_mapping(row), "content": json.loads(row.content)}

    def approvals_of(self, campaign_id: str | None = None, status: str | None = None) -> list[dict[str, Any]]:
        """Return approvals, newest first, filtered by campaign and status."""
        statement = select(approvals).order_by(approvals.c.requested_at.desc())
        if campaign_id is not None:
            statement = statement.where(approvals.c.campaign_id == campaign_id)
        if status is not None:
            statement = statement.where(approvals.c.status == status)
        with self.reading() as connection:
            return [{**_mapping(row), "content": json.loads(row.content)} for row in connection.execute(statement)]

    def save_approvals(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert pending approvals and void older pending ones of the same campaign and kind."""
        for row in rows:
            older = (approvals.c.campaign_id == row["campaign_id"]) & (approvals.c.kind == row["kind"])
            connection.execute(update(approvals).where(older, approvals.c.status == "pending").values(status="void"))
            connection.execute(insert(approvals), {**row, "content": canonical_json(row["content"])})

    def change_approval(
        self, connection: Connection, approval_id: str, expected: str, values: Mapping[str, Any]
    ) -> bool:
        """Change an approval that is still in the expected status; return whether it was."""
        mine = (approvals.c.id == approval_id) & (approvals.c.status == expected)
        return connection.execute(update(approvals).where(mine).values(**values)).rowcount == 1

    def save_effect(self, connection: Connection, row: Mapping[str, Any]) -> None:
        """Insert a launch or an export; the database refuses it without a matching approval, or a second time."""
        connection.execute(insert(effects), {**row, "body": canonical_json(row["body"])})

    def effects_of(self, campaign_id: str) -> list[dict[str, Any]]:
        """Return the launches and exports of a campaign, oldest first."""
        statement = select(effects).where(effects.c.campaign_id == campaign_id).order_by(effects.c.at)
        with self.reading() as connection:
            return [{**_mapping(row), "body": json.loads(row.body)} for row in connection.execute(statement)]

    def draft(self, connection: Connection, key: str) -> dict[str, Any] | None:
        """Return what is known of a draft in an e-mail service, or None."""
        row = connection.execute(select(esp_drafts).where(esp_drafts.c.key == key)).first()
        return None if row is None else _mapping(row)

    def save_draft(self, connection: Connection, row: Mapping[str, Any]) -> None:
        """Keep what is known of a draft in an e-mail service, in the place of what was known."""
        connection.execute(delete(esp_drafts).where(esp_drafts.c.key == row["key"]))
        connection.execute(insert(esp_drafts), dict(row))

    # --- assignments and outcomes
    def save_assignments(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert assignment rows (experiment_id, customer_id, arm, stratum, u)."""
        if rows:
            connection.execute(insert(assignments), [dict(row) for row in rows])

    def assignments(self, experiment_id: str) -> dict[str, str]:
        """Return customer id -> arm of an experiment."""
        statement = select(assignments.c.customer_id, assignments.c.arm)
        with self.reading() as connection:
            found = connection.execute(statement.where(assignments.c.experiment_id == experiment_id))
            return {row.customer_id: row.arm for row in found}

    def forget(self, connection: Connection, customer_id: str) -> int:
        """Remove a customer's assignments and outcomes; return how many rows."""
        removed = 0
        for table in (assignments, outcomes):
            removed += connection.execute(delete(table).where(table.c.customer_id == customer_id)).rowcount
        return removed

    def save_outcomes(
        self, connection: Connection, experiment_id: str, rows: Mapping[str, Mapping[str, Any]], at: datetime
    ) -> None:
        """Replace the outcomes of the named customers: loading the same file twice changes nothing."""
        for customer_id in rows:
            mine = (outcomes.c.experiment_id == experiment_id) & (outcomes.c.customer_id == customer_id)
            connection.execute(delete(outcomes).where(mine))
        values = [
            {
                "experiment_id": experiment_id,
                "customer_id": key,
                "body": canonical_json(dict(row)),
                "at": at.isoformat(),
            }
            for key, row in rows.items()
        ]
        if values:
            connection.execute(insert(outcomes), values)

    def outcomes(self, experiment_id: str) -> dict[str, dict[str, Any]]:
        """Return customer id -> outcome of an experiment."""
        statement = select(outcomes.c.customer_id, outcomes.c.body).where(outcomes.c.experiment_id == experiment_id)
        with self.reading() as connection:
            return {row.customer_id: json.loads(row.body) for row in connection.execute(statement)}


SHARED_OWNER = "everybody"
"""Owner of the campaigns that came with the sample shop."""


def _mapping(row: Row[Any]) -> dict[str, Any]:
    return dict(row._mapping)  # pyright: ignore[reportPrivateUsage] - SQLAlchemy's public name for it


def _engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite_engine(url, parsed.database)
    if parsed.get_backend_name() == "postgresql":
        return create_engine(parsed.set(drivername="postgresql+psycopg"), pool_pre_ping=True)
    raise UserFixable(
        f"DATABASE_URL names {parsed.get_backend_name()}.", hint="Use postgresql://... or leave it out for SQLite."
    )


def _sqlite_engine(url: str, database: str | None) -> Engine:
    in_memory = not database or database == ":memory:"
    if database and not in_memory:
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    arguments: dict[str, Any] = {"connect_args": {"check_same_thread": False, "timeout": 30}}
    if in_memory:
        arguments["poolclass"] = StaticPool
    engine = create_engine(url, **arguments)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # transactions are begun by us, at once with the write lock
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    del _prepare
    return engine


def _begin_immediately(connection: Connection) -> None:
    connection.begin()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
